"""``brink diff``: which values differ between two scenarios or results, and what follows."""

from __future__ import annotations

from typing import Any

import click

from sim.experiments.asking import ask, question_options, taken
from sim.terminal import completing
from sim.terminal.inputs import WholeNumber, plan_option, results_folder, settings


@click.command()
@click.argument("one", metavar="A", shell_complete=completing.scenarios)
@click.argument("other", metavar="[B]", required=False, shell_complete=completing.scenarios)
@settings
@click.option(
    "--runs",
    type=WholeNumber(0, 1_000_000_000),
    metavar="N",
    help="Runs of each; 0 compares the values only.  [default: 2,000 for scenarios, 0 for results]",
)
@plan_option("days", "How long to follow each of them.")
@plan_option("seed", "The seed of all luck, which both share.")
@results_folder
@question_options
def command(
    one: str,
    other: str | None,
    settings: tuple[str, ...],
    runs: int | None,
    days: int | None,
    seed: int | None,
    results: str,
    **options: Any,
) -> None:
    """Say which values differ between A and B, and what follows if both are run with common random numbers.

    A and B are scenarios, by file or name, or results in a folder: then the scenarios that they were made of.
    --set changes B; without B, it is A changed.

    \b
    Examples:
      brink diff standoff calm
      brink diff standoff --set world.framework=0.9
      brink diff standoff-1a2b3c4d firm
      brink diff standoff calm --runs 0 --json | jq .numbers
    """
    from sim.errors import StudyError
    from sim.experiments.diff.question import RUNS, asked
    from sim.experiments.kept import scenario_of
    from sim.terminal.inputs import overrides_of

    if other is None and not settings:
        raise StudyError("give two scenarios or results, or one and what --set changes in it")
    a, first_ran = scenario_of(one, results)
    b, second_ran = scenario_of(one if other is None else other, results)
    if settings:
        b = b.replace(overrides_of(settings))
    chosen = (0 if first_ran or second_ran else RUNS) if runs is None else runs
    ask(asked(a, b, chosen, days, seed), taken(options))
