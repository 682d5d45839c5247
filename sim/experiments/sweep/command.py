"""``brink sweep``: numbers of a scenario moved through values."""

from __future__ import annotations

from typing import Literal

import click

from sim.terminal.inputs import plan_option, settings
from sim.terminal.options import kept_options, one_scenario, say, watched


@click.command()
@one_scenario
@click.option(
    "--vary",
    multiple=True,
    metavar="KEY=VALUES",
    help="Values of a number: from:to:number or a,b,c; may be repeated, for all combinations.",
)
@click.option(
    "--design", type=click.Choice(["latin", "sobol"]), help="Spread points over the ranges of the register."
)
@click.option("--points", type=int, metavar="N", help="Number of points of such a design; 64 by default.")
@click.option("--over", multiple=True, metavar="KEY", help="Spread over this number only; may be repeated.")
@plan_option("runs", "Runs at each point; 2,000 by default.")
@plan_option("days", "How long to follow each of them.")
@plan_option("seed", "The seed of all luck, which all points share.")
@settings
@click.option(
    "--twins", is_flag=True, help="Count miscalculated wars too: each run beside its clear-sighted twin."
)
@kept_options
def command(
    scenario: str,
    vary: tuple[str, ...],
    design: Literal["latin", "sobol"] | None,
    points: int | None,
    over: tuple[str, ...],
    runs: int | None,
    days: int | None,
    seed: int | None,
    settings: tuple[str, ...],
    twins: bool,
    figures: bool,
    out: str,
    name: str | None,
    executor: str,
    as_json: bool,
    quiet: bool,
) -> None:
    """Move numbers of a scenario through values: odds at every point, and what differs from the scenario.

    All points share their luck run by run. Without --vary and --design, what the scenario's own [sweep] says.

    \b
    Examples:
      brink sweep scenarios/standoff.toml --vary world.framework=0:1:11
      brink sweep scenarios/standoff.toml --vary world.framework=0.1,0.5,0.9 --vary actors.caracas.resolve=0.3:0.8:6 --twins
      brink sweep scenarios/standoff.toml --design latin --points 200 --runs 1000
    """
    from sim.experiments.sweep.sweep import RUNS, design_asked, sweep
    from sim.terminal.inputs import loaded

    [played] = loaded([scenario], settings)
    chosen = design_asked(played, vary, design, points, over, seed)
    count = (RUNS if runs is None else runs) * len(chosen.points) * (2 if twins else 1)
    with watched(f"{played.name}, sweep", played, count, days, out, executor, quiet) as means:
        found = sweep(
            played,
            design=chosen,
            runs=runs,
            days=days,
            seed=seed,
            twins=twins,
            out=out,
            name=name,
            figures=figures,
            means=means,
        )
    say(found.text, found.folder, {"sweep": found.table}, as_json, quiet)
