"""``brink whatif``: what each other signal of one day would have changed."""

from __future__ import annotations

from typing import Any

import click

from sim.experiments.asking import ask, beside, copied, question_options, taken
from sim.terminal.inputs import figure_file, results_folder, times_option


@click.command()
@click.argument("study", metavar="STUDY")
@click.option("--run", type=int, required=True, metavar="N", help="Which run, from 0.")
@click.option("--day", type=int, required=True, metavar="D", help="Which day of it, from 0.")
@click.option("--actor", required=True, metavar="ACTOR", help="Whose signal, by its name in the scenario.")
@times_option("each signal", 2_000)
@figure_file
@results_folder
@question_options
def command(
    study: str,
    run: int,
    day: int,
    actor: str,
    times: int | None,
    figure: str | None,
    results: str,
    **options: Any,
) -> None:
    """What if another signal had been sent: what each that was possible would have changed.

    One actor on one day of one run: all that happened before stays, and so does what the others sent that
    day; from the next day on the run is continued with fresh luck, the same for every signal. What changes is
    the chance of war, of war by miscalculation, of an exit and of a settlement. The answer is kept beside the
    study unless --out says otherwise.

    \b
    Examples:
      brink whatif standoff --run 7 --day 12 --actor washington
      brink whatif standoff --run 7 --day 12 --actor caracas --times 10000 --figure whatif.png
    """
    from sim.experiments.question import plan
    from sim.experiments.study.study import open_study
    from sim.experiments.turning_points.what_if.question import asked
    from sim.results.course import refuse_other_runs

    found = open_study(study, results)
    refuse_other_runs(found.name, found.runs, run)
    planned = plan(found.scenario, found.runs, found.days, found.seed)
    question = asked(planned, run, day, actor, times)
    copied(ask(question, beside(results, taken(options))), figure)
