"""``brink sweep``: numbers of a scenario moved through values."""

from __future__ import annotations

from typing import Any, Literal

import click

from sim.experiments.asking import ask, question_options, taken
from sim.terminal.inputs import plan_option, settings
from sim.terminal.options import one_scenario


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
@question_options
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
    **options: Any,
) -> None:
    """Move numbers of a scenario through values: what comes out at every point, and what differs from the scenario.

    All points share their luck run by run. Without --vary and --design, what the scenario's own [sweep] says.

    \b
    Examples:
      brink sweep scenarios/standoff.toml --vary world.framework=0:1:11
      brink sweep scenarios/standoff.toml --vary world.framework=0.1,0.5,0.9 --vary actors.caracas.resolve=0.3:0.8:6 --twins
      brink sweep scenarios/standoff.toml --design latin --points 200 --runs 1000
    """
    from sim.experiments.sweep.question import asked, design_asked
    from sim.terminal.inputs import loaded

    [played] = loaded([scenario], settings)
    chosen = design_asked(played, vary, design, points, over, seed)
    ask(asked(played, chosen, runs, days, seed, twins), taken(options))
