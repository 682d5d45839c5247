"""``brink levers``: what every number of a scenario does."""

from __future__ import annotations

import click

from sim.terminal.inputs import plan_option, settings
from sim.terminal.options import kept_options, one_scenario, say, watched

QUICK = 500


@click.command()
@one_scenario
@plan_option("runs", "Runs at each end of each number; 4,000 by default.")
@plan_option("days", "How long to follow each of them.")
@plan_option("seed", "The seed of all luck, which all ends share.")
@settings
@click.option("--signals", is_flag=True, help="Signals' numbers and habits too; several times as long.")
@click.option("--quick", is_flag=True, help="500 runs at each end.")
@kept_options
def command(
    scenario: str,
    runs: int | None,
    days: int | None,
    seed: int | None,
    settings: tuple[str, ...],
    signals: bool,
    quick: bool,
    figures: bool,
    out: str,
    name: str | None,
    executor: str,
    as_json: bool,
    quiet: bool,
) -> None:
    """Move every number of a scenario to both ends of its range, one at a time: what does it do?

    What differs run by run from the scenario as it is, on war, miscalculated war, exit and settlement, largest
    first; and which numbers do nothing at all.

    \b
    Examples:
      brink levers scenarios/standoff.toml
      brink levers scenarios/standoff.toml --quick
      brink levers scenarios/duel.toml --signals --runs 1000
    """
    from sim.experiments.levers.levers import RUNS, levers, levers_of, points_of
    from sim.terminal.inputs import loaded

    [played] = loaded([scenario], settings)
    if runs is None:
        runs = QUICK if quick else RUNS
    count = 2 * runs * len(points_of(tuple(levers_of(played, signals))))
    with watched(f"{played.name}, levers", played, count, days, out, executor, quiet) as means:
        found = levers(
            played,
            signals=signals,
            runs=runs,
            days=days,
            seed=seed,
            out=out,
            name=name,
            figures=figures,
            means=means,
        )
    say(found.text, found.folder, {"levers": found.table}, as_json, quiet)
