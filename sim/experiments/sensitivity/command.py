"""``brink sensitivity``: which assumptions the results of a scenario rest on."""

from __future__ import annotations

from typing import Any

import click

from sim.experiments.asking import ask, question_options, taken
from sim.terminal.inputs import plan_option, settings
from sim.terminal.options import one_scenario


@click.command()
@one_scenario
@click.option("--over", multiple=True, metavar="KEY", help="Move this number only; may be repeated.")
@click.option("--quick", is_flag=True, help="A first look, in a fraction of the time.")
@click.option(
    "--keep", type=int, metavar="N", help="How many numbers get an index of their own; 15 by default."
)
@click.option("--rows", type=int, metavar="N", help="Rows of the design, a power of two; 1024 by default.")
@click.option("--runs", type=int, metavar="N", help="Runs at each point of it; 64 by default.")
@click.option(
    "--discover",
    default="miscalculated",
    show_default=True,
    metavar="WHAT",
    help="Find where this is high: war, miscalculated, exit, peak_level, or none.",
)
@plan_option("days", "How long to follow each run.")
@plan_option("seed", "The seed of the design and of all luck.")
@settings
@question_options
def command(
    scenario: str,
    over: tuple[str, ...],
    quick: bool,
    keep: int | None,
    rows: int | None,
    runs: int | None,
    discover: str,
    days: int | None,
    seed: int | None,
    settings: tuple[str, ...],
    **options: Any,
) -> None:
    """Say which assumptions the results of a scenario rest on, every one moved over its declared range.

    Screening of all registered numbers (Morris), then Sobol' indices of those that do most, chance taken out;
    and the box of numbers in which miscalculated war is high. Needs SALib: pip install "brink[sensitivity]".

    \b
    Examples:
      brink sensitivity scenarios/standoff.toml
      brink sensitivity scenarios/standoff.toml --quick
      brink sensitivity scenarios/standoff.toml --over world.framework --over actors.caracas.suspicion
    """
    from dataclasses import replace

    from sim.experiments.sensitivity.counts import QUICK, THOROUGH
    from sim.experiments.sensitivity.question import asked, quantity_named
    from sim.terminal.inputs import loaded

    [played] = loaded([scenario], settings)
    given = {"keep": keep, "rows": rows, "runs": runs}
    chosen = {name: number for name, number in given.items() if number is not None}
    effort = replace(QUICK if quick else THOROUGH, **chosen)
    ask(asked(played, over, effort, quantity_named(discover), days, seed), taken(options))
