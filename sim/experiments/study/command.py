"""``brink run``: scenario files in, the shares of outcomes and a folder a study out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import click

from sim.errors import BrinkError
from sim.experiments.asking import ask, lies, opened, page_of, question_options, taken
from sim.terminal.inputs import files_in, group_of, loaded, plan_option, scenario_files, settings
from sim.terminal.plain import plain

if TYPE_CHECKING:
    from sim.experiments.question import Stage
    from sim.experiments.study.planning import Planned
    from sim.experiments.study.study import Study


@click.command()
@scenario_files
@plan_option("runs", "How many crises to run; by default what the scenario says.")
@plan_option("days", "How long to follow each of them.")
@plan_option("seed", "The seed of all luck: the same seed gives the same results.")
@settings
@click.option(
    "--engine",
    type=click.Choice(["batch", "mesa"]),
    default="batch",
    show_default=True,
    help="batch is compiled; mesa steps a Mesa model, slowly, to the very same results.",
)
@click.option(
    "--twins", is_flag=True, help="Run each crisis again with nobody misreading anything, and compare."
)
@click.option(
    "--attribute", is_flag=True, help="Say how much of the risk each kind of misreading accounts for."
)
@click.option(
    "--rare",
    type=click.Choice(["war"]),
    help="Say how likely war is from its chance on each day; for wars too rare to be counted.",
)
@click.option(
    "--precision",
    multiple=True,
    metavar="SHARE=HALF",
    help="Run until a share is known to ± HALF, as in war=0.005 (half a point); may be repeated.",
)
@click.option(
    "--compare", is_flag=True, help="Compare the scenarios with the first, run by run, with common luck."
)
@click.option("--no-rows", is_flag=True, help="Keep no row a run: any number of runs takes the same disk.")
@click.option(
    "--events",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Keep the event log of the first N runs: what each actor sent, believed and felt on each day.",
)
@question_options
def command(
    scenarios: tuple[str, ...],
    runs: int | None,
    days: int | None,
    seed: int | None,
    settings: tuple[str, ...],
    engine: Literal["batch", "mesa"],
    twins: bool,
    attribute: bool,
    rare: str | None,
    precision: tuple[str, ...],
    compare: bool,
    no_rows: bool,
    events: int,
    **given: Any,
) -> None:
    """Run scenarios many times: shares of outcomes with 95 % intervals, curves by day and figures.

    Every SCENARIO becomes a study, a folder of its own under results/; of a folder, every .toml file in it.
    Several end with one table of them all, kept beside them. All files are checked before anything runs. The
    same study again changes nothing; after Ctrl-C, or whatever stopped it, the same command goes on. More --runs
    of a study that is there are added to it; fewer are answered from the first of them.

    \b
    Examples:
      brink run scenarios/standoff.toml
      brink run scenarios/standoff.toml --set actors.caracas.resolve=0.7 --name firm
      brink run scenarios/calm.toml scenarios/tense.toml --compare
      brink run scenarios/standoff.toml --twins --attribute
      brink run scenarios/calm.toml --rare war
      brink run scenarios/standoff.toml --precision war=0.005 --precision exit=0.002
      brink run scenarios/standoff.toml --events 200
      brink run scenarios/ --runs 100000 --dry-run
      brink run scenarios/standoff.toml --json | jq .studies[0].outcomes.war
    """
    options = taken(given)
    played = loaded(files_in(scenarios), settings)
    if compare:
        _refuse_with_compare(
            engine=engine == "mesa",
            attribute=attribute,
            rare=rare is not None,
            precision=bool(precision),
            events=bool(events),
        )
        from sim.experiments.arms.question import asked_of_files

        ask(asked_of_files(played, runs, days, seed), options)
        return
    from sim.experiments.study.planning import How, guessed, in_json, in_words, plan

    asked = {"rare": rare is not None, "twins": twins, "attribution": attribute}
    parts = tuple(part for part, wanted in asked.items() if wanted)
    planned = plan(played, runs, days, seed, How(engine, parts, not no_rows, precision, options, events))
    if options.dry_run:
        told = [guessed(each) for each in planned]
        if options.as_json:
            _echo_json({"studies": in_json(told)})
        elif not options.quiet:
            click.echo("\n".join(in_words(told)))
        return
    studies, failed = _run_all(planned, runs_given=runs is not None)
    batch = _side_by_side(studies, group_of(scenarios), planned[0], whole=not failed)
    if options.as_json:
        _echo_json({"studies": [study.to_json() for study in studies], **batch})
    if failed:
        from sim.errors import Unfinished

        raise Unfinished("; ".join(failed))


def _echo_json(told: dict[str, Any]) -> None:
    import json

    click.echo(json.dumps(told))


def _run_all(planned: Sequence[Planned], runs_given: bool) -> tuple[list[Study], list[str]]:
    """The studies, one after the other, and what is to be said of those of which some could not be computed."""
    from sim.errors import Unfinished

    studies: list[Study] = []
    failed: list[str] = []
    for number, each in enumerate(planned):
        if number and _tells(each):
            click.echo()
        try:
            studies.append(_run(each, runs_given))
        except Unfinished as trouble:
            failed.append(f"{each.folder}: {trouble}" if len(planned) > 1 else str(trouble))
    return studies, failed


def _tells(planned: Planned) -> bool:
    options = planned.how.options
    return not (options.as_json or options.quiet)


def _refuse_with_compare(**given: bool) -> None:
    """BrinkError for an option that a comparison has no use for."""
    for option, wanted in given.items():
        if wanted:
            raise BrinkError(f"--compare and --{option} cannot go together; leave one of them out.")


def _side_by_side(studies: Sequence[Study], group: str, planned: Planned, whole: bool) -> dict[str, Any]:
    """Several studies in one table, printed, and kept if none is missing; what is said of it in JSON."""
    if len(studies) < 2:
        return {}
    from sim.experiments.overview.question import overview

    options = planned.how.options
    found = overview(studies, group, out=options.out, save=whole, figures=options.figures)
    if _tells(planned):
        click.echo(f"\n{plain(found.brief())}")
        if found.folder:
            click.echo(f"\nSide by side: {found.folder}/")
    return {"batch": found.to_json()}


def _run(planned: Planned, runs_given: bool) -> Study:
    """Run one study; its shares are told as soon as they are known, where it lies once it is written."""
    from sim.experiments.study.study import run
    from sim.results.study import COUNTS
    from sim.terminal.progress import live

    own, how, options = planned.scenario.study, planned.how, planned.how.options
    title = planned.question.called or planned.scenario.name
    with live(title, own.runs, options.quiet) as shown:

        def begin(stage: Stage) -> None:
            part = "runs" if stage.name == COUNTS else stage.name
            shown.rename(f"{title}: {part}" if planned.question.parts else title)

        def found(study: Study) -> None:
            shown.clear()
            if _tells(planned):
                click.echo(plain(study.brief()))

        study = run(
            planned.scenario,
            own.runs if runs_given else None,
            precision=how.precision,
            engine=how.engine,
            parts=how.parts,
            rows=how.rows,
            events=how.events,
            executor=options.executor,
            out=options.out,
            name=options.name,
            replace=options.replace,
            figures=options.figures,
            progress=shown.progress,
            announce=shown.announce,
            begin=begin,
            found=found,
        )
    if _tells(planned):
        click.echo(f"\n{_where(study, planned)}")
    page = page_of(study, options) if options.html else None
    if page and _tells(planned):
        click.echo(f"To be mailed: {page}")
    if options.opens:
        opened(study, page)
    return study


def _where(study: Study, planned: Planned) -> str:
    """Where a study lies, or of which it is a part."""
    if study.folder:
        return lies(study)
    return f"These are the first {study.runs:,} runs of those in {planned.folder}/, which stays as it is."
