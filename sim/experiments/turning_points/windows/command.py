"""``brink windows``: when a signal matters, by the day on which it comes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.errors import BrinkError
from sim.experiments.asking import ask, copied, question_options, taken
from sim.terminal.inputs import WholeNumber, figure_file, loaded, plan_option, settings
from sim.terminal.options import one_scenario


@click.command()
@one_scenario
@click.option("--actor", required=True, metavar="ACTOR", help="Who sends it, by its name in the scenario.")
@click.option("--signal", required=True, metavar="SIGNAL", help="Which signal, by its name in the scenario.")
@click.option(
    "--every",
    type=WholeNumber(1, 3650),
    default=7,
    show_default=True,
    metavar="N",
    help="Days from one day looked at to the next.",
)
@plan_option("runs", "How many crises to run; by default what the scenario says, and at most 10,000.")
@plan_option("days", "How long to follow each of them.")
@plan_option("seed", "The seed of all luck: the same seed gives the same results.")
@settings
@figure_file
@question_options
def command(
    scenario: str,
    actor: str,
    signal: str,
    every: int,
    runs: int | None,
    days: int | None,
    seed: int | None,
    settings: tuple[str, ...],
    figure: str | None,
    **options: Any,
) -> None:
    """When a signal matters: what it changes, by the day on which it comes.

    For each day looked at, all runs with the signal sent on that day wherever it can be, against the same
    runs as they are: the change in war, war by miscalculation, exit and settlement, over all runs and among
    those in which it could be sent.

    \b
    Examples:
      brink windows scenarios/standoff.toml --actor washington --signal offer_exit
      brink windows scenarios/standoff.toml --actor brasilia --signal mediate --every 14 --figure mediate.png
    """
    from sim.experiments.turning_points.windows.question import asked

    given = taken(options)
    if Path(given.out).suffix in (".csv", ".parquet"):
        raise BrinkError(
            f"--out is {given.out}; it names a folder of results, and `brink export` writes tables."
        )
    [played] = loaded([scenario], settings)
    copied(ask(asked(played, actor, signal, every, runs, days, seed), given), figure)
