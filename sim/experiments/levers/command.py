"""``brink levers``: what every number of a scenario does."""

from __future__ import annotations

from typing import Any

import click

from sim.experiments.asking import ask, question_options, taken
from sim.terminal.inputs import plan_option, settings
from sim.terminal.options import one_scenario

QUICK = 500


@click.command()
@one_scenario
@plan_option("runs", "Runs at each end of each number; 4,000 by default.")
@plan_option("days", "How long to follow each of them.")
@plan_option("seed", "The seed of all luck, which all ends share.")
@settings
@click.option("--signals", is_flag=True, help="Signals' numbers and habits too; several times as long.")
@click.option("--quick", is_flag=True, help="500 runs at each end.")
@question_options
def command(
    scenario: str,
    runs: int | None,
    days: int | None,
    seed: int | None,
    settings: tuple[str, ...],
    signals: bool,
    quick: bool,
    **options: Any,
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
    from sim.experiments.levers.question import asked
    from sim.terminal.inputs import loaded

    [played] = loaded([scenario], settings)
    ask(asked(played, signals, QUICK if quick and runs is None else runs, days, seed), taken(options))
