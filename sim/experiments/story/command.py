"""``brink story``: one run of a study, told day by day, and how its risk went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from sim.errors import BrinkError
from sim.experiments.asking import ask, beside, copied, question_options, taken
from sim.terminal.inputs import figure_file, results_folder, times_option

if TYPE_CHECKING:
    from sim.experiments.question import Question
    from sim.experiments.study.study import Study

OF_THE_STORY = ("study", "run", "results", "as_json")


@click.command()
@click.argument("study", metavar="STUDY")
@click.option("--run", type=int, metavar="N", help="Which run, from 0.  [default: 0]")
@click.option("--risk", is_flag=True, help="Say how likely war was each evening, and what turned it.")
@click.option(
    "--closest", is_flag=True, help="Find the run at peace that came closest to war; with its risk."
)
@times_option("each evening", 400)
@figure_file
@results_folder
@question_options
def command(
    study: str,
    run: int | None,
    risk: bool,
    closest: bool,
    times: int | None,
    figure: str | None,
    results: str,
    **options: Any,
) -> None:
    """Tell one run of a study day by day: what was done, what was meant, and how it was read.

    The run is not stored; it is played again from its seed, and comes out the same. With --risk it is also
    continued from every evening with fresh luck, many times over: the share that ends in war is how likely
    war was, given all that had happened until then. Risk is kept beside the study unless --out says otherwise; the
    options from --times on, but for --json, are for --risk and --closest.

    \b
    Examples:
      brink story standoff
      brink story standoff --run 7
      brink story standoff --run 7 --risk --figure risk.png
      brink story standoff --closest
    """
    from sim.experiments.study.study import open_study

    if closest and run is not None:
        raise BrinkError("--closest finds a run by itself; leave --run out.")
    if not risk and not closest:
        _refuse_options_of_risk()
        _tell(open_study(study, results), run or 0, options["as_json"])
        return
    question = _question(open_study(study, results), None if closest else run or 0, times)
    copied(ask(question, beside(results, taken(options))), figure)


def _refuse_options_of_risk() -> None:
    """Raise BrinkError if an option was typed that a story alone does not have."""
    context = click.get_current_context()
    for each in context.command.params:
        typed = each.name and context.get_parameter_source(each.name) is ParameterSource.COMMANDLINE
        if typed and each.name not in OF_THE_STORY:
            raise BrinkError(f"{each.opts[-1]} goes with --risk or --closest.")


def _tell(study: Study, run: int, as_json: bool) -> None:
    from sim.experiments.story.telling import course_of, told

    course = course_of(study, run)
    if as_json:
        import json
        from dataclasses import asdict

        from sim.experiments.story.story import story_of

        told_too = {"story": asdict(story_of(course))}
        click.echo(json.dumps(course.to_json() | told_too, ensure_ascii=False))
    else:
        click.echo(told(course))


def _question(study: Study, run: int | None, times: int | None) -> Question:
    """The risk of a run of a study; of the closest call among its runs if none is named."""
    from sim.experiments.question import plan
    from sim.experiments.turning_points.closest import question as closest
    from sim.experiments.turning_points.risk import question as risk
    from sim.results.course import refuse_other_runs

    planned = plan(study.scenario, study.runs, study.days, study.seed)
    if run is None:
        return closest.asked(planned, times)
    refuse_other_runs(study.name, study.runs, run)
    return risk.asked(planned, run, times)
