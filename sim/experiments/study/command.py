"""``brink run``: scenario files in, odds and a folder a study out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from sim.errors import BrinkError
from sim.experiments.asking import Options, ask
from sim.terminal.inputs import files_in, group_of, loaded, plan_option, scenario_files, settings
from sim.terminal.options import executor_option, figures_option, json_option, quiet_option

if TYPE_CHECKING:
    from sim.experiments.study.study import Study
    from sim.scenario.scenario import Scenario
    from sim.terminal.cost import Cost


Engine = Literal["batch", "mesa"]
PILOT = 1_024  # runs from which it is guessed how many a precision takes


@dataclass(frozen=True)
class How:
    """How studies are to be run, other than how often and how long."""

    engine: Engine
    parts: tuple[str, ...]
    rows: bool
    executor: str
    precision: tuple[str, ...] = ()
    runs_given: bool = False
    figures: bool = True


@dataclass(frozen=True)
class Planned:
    """One study that is about to be run, checked as far as it can be without running it."""

    scenario: Scenario
    runs: int
    days: int
    seed: int
    how: How
    folder: Path
    need: Cost


@click.command()
@scenario_files
@plan_option("runs", "How many crises to run; by default what the scenario says.")
@plan_option("days", "How long to follow each of them.")
@plan_option("seed", "The seed of all luck: the same seed gives the same results.")
@settings
@click.option("--out", default="results", show_default=True, metavar="DIR", help="Where to write studies.")
@click.option("--name", metavar="NAME", help="Name the study; by default it is named after its scenario.")
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
    help="Reckon how likely war is, from its chance on each day; for wars too rare to be counted.",
)
@click.option(
    "--precision",
    multiple=True,
    metavar="SHARE=HALF",
    help="Run until a share is known to ± HALF, as in war=0.005 (half a point); may be repeated.",
)
@click.option(
    "--compare", is_flag=True, help="Compare the scenarios with the first, run by run under common luck."
)
@click.option("--no-rows", is_flag=True, help="Keep no row a run: any number of runs takes the same disk.")
@figures_option
@executor_option
@json_option
@click.option("--dry-run", is_flag=True, help="Say what would be run and what it would cost; write nothing.")
@quiet_option
def command(
    scenarios: tuple[str, ...],
    runs: int | None,
    days: int | None,
    seed: int | None,
    settings: tuple[str, ...],
    out: str,
    name: str | None,
    engine: Engine,
    twins: bool,
    attribute: bool,
    rare: str | None,
    precision: tuple[str, ...],
    compare: bool,
    no_rows: bool,
    figures: bool,
    executor: str,
    as_json: bool,
    dry_run: bool,
    quiet: bool,
) -> None:
    """Run scenarios many times: odds with 95 % intervals, curves by day and figures.

    Every SCENARIO becomes a study, a folder of its own under results/; of a folder, every .toml file in it.
    Several end with one table of them all, kept beside them. All files are checked before anything runs. The
    same study again changes nothing; after Ctrl-C, or whatever stopped it, the same command goes on. More --runs
    of a study that is there are added to it; fewer would throw runs away, and are refused.

    \b
    Examples:
      brink run scenarios/standoff.toml
      brink run scenarios/standoff.toml --set actors.caracas.resolve=0.7 --name firm
      brink run scenarios/calm.toml scenarios/tense.toml --compare
      brink run scenarios/standoff.toml --twins --attribute
      brink run scenarios/calm.toml --rare war
      brink run scenarios/standoff.toml --precision war=0.005 --precision exit=0.002
      brink run scenarios/ --runs 100000 --dry-run
      brink run scenarios/standoff.toml --json | jq .studies[0].outcomes.war
    """
    asked = {"rare": rare is not None, "twins": twins, "attribution": attribute}
    parts = tuple(part for part, wanted in asked.items() if wanted)
    given = loaded(files_in(scenarios), settings)
    if compare:
        _refuse_with_compare(
            engine=engine == "mesa", attribute=attribute, rare=rare is not None, precision=bool(precision)
        )
        from sim.experiments.arms.question import asked_of_files

        options = Options(figures, out, name, executor, as_json, dry_run, quiet)
        ask(asked_of_files(given, runs, days, seed), options)
        return
    how = How(engine, parts, not no_rows, executor, precision, runs is not None, figures)
    planned = plan(given, runs, days, seed, how, Path(out), name)
    if dry_run:
        _say_plan(planned, as_json, quiet)
        return
    tell = not as_json and not quiet
    studies, failed = _run_all(planned, out, name, quiet, tell)
    batch = _side_by_side(studies, group_of(scenarios), out, figures, tell, whole=not failed)
    if as_json:
        import json

        click.echo(json.dumps({"studies": [study.to_json() for study in studies], **batch}))
    if failed:
        from sim.errors import Unfinished

        raise Unfinished("; ".join(failed))


def _run_all(
    planned: Sequence[Planned], out: str, name: str | None, quiet: bool, tell: bool
) -> tuple[list[Study], list[str]]:
    """The studies, one after the other, and what is to be said of those of which some could not be computed."""
    from sim.errors import Unfinished

    studies: list[Study] = []
    failed: list[str] = []
    for number, each in enumerate(planned):
        if number and tell:
            click.echo()
        try:
            studies.append(_run(each, out, name, quiet, tell))
        except Unfinished as trouble:
            failed.append(f"{each.folder}: {trouble}" if len(planned) > 1 else str(trouble))
    return studies, failed


def _refuse_with_compare(**given: bool) -> None:
    """BrinkError for an option that a comparison has no use for."""
    for option, wanted in given.items():
        if wanted:
            raise BrinkError(f"--compare and --{option} cannot go together; leave one of them out.")


def _side_by_side(
    studies: Sequence[Study], group: str, out: str, figures: bool, tell: bool, whole: bool
) -> dict[str, Any]:
    """Several studies in one table, printed, and kept if none is missing; what is said of it in JSON."""
    if len(studies) < 2:
        return {}
    from sim.experiments.overview.question import overview

    found = overview(studies, group, out=out, save=whole, figures=figures)
    if tell:
        click.echo(f"\n{found.brief()}")
        if found.folder:
            click.echo(f"\nSide by side: {found.folder}/")
    return {"batch": found.to_json()}


def plan(
    scenarios: Sequence[Scenario],
    runs: int | None,
    days: int | None,
    seed: int | None,
    how: How,
    out: Path,
    name: str | None,
) -> list[Planned]:
    """What will be run; BrinkError if two studies would share a folder or one is too large."""
    from sim.compute.executors import checked
    from sim.experiments.study.precision import parse_targets
    from sim.experiments.study.study import folder_of, weight_of_parts
    from sim.statistics.sequential import schedule
    from sim.terminal.cost import cost, refuse_the_impossible

    checked(how.executor)
    if how.precision:
        if runs is not None:
            raise BrinkError("--precision decides how many runs there are; leave out --runs, or it.")
        runs = schedule(parse_targets(how.precision))[0]

    if name is not None and len(scenarios) > 1:
        raise BrinkError(
            f"--name names one study, and {len(scenarios)} scenarios were given; run them one by one."
        )
    planned: list[Planned] = []
    for scenario in scenarios:
        own = scenario.study
        length, luck = own.days if days is None else days, own.seed if seed is None else seed
        count = own.runs if runs is None else runs
        more = weight_of_parts(scenario, how.parts, count, length)
        need = cost(scenario, count, length, how.engine, more, how.rows)
        refuse_the_impossible(scenario.name, count, length, need, out)
        folder = folder_of(scenario, length, luck, out, name)
        planned.append(Planned(scenario, count, length, luck, how, folder, need))
    folders = [each.folder for each in planned]
    for folder in folders:
        if folders.count(folder) > 1:
            raise BrinkError(f"{folder}: two of the scenarios given would be written here; give each once.")
    return planned


def _run(planned: Planned, out: str, name: str | None, quiet: bool, tell: bool) -> Study:
    """Run one study; its odds are told as soon as they are known, where it lies once it is written."""
    from sim.experiments.study.brief import findings, where
    from sim.experiments.study.study import run
    from sim.terminal.progress import live

    with live(name or planned.scenario.name, planned.runs, quiet) as shown:

        def found(study: Study) -> None:
            shown.clear()
            if tell:
                click.echo(findings(study))

        study = run(
            planned.scenario,
            planned.runs if planned.how.runs_given else None,
            planned.days,
            planned.seed,
            precision=planned.how.precision,
            engine=planned.how.engine,
            parts=planned.how.parts,
            rows=planned.how.rows,
            executor=planned.how.executor,
            out=out,
            name=name,
            figures=planned.how.figures,
            progress=shown.progress,
            announce=shown.announce,
            found=found,
        )
    if tell:
        click.echo(f"\n{where(study)}")
    return study


def _say_plan(planned: Sequence[Planned], as_json: bool, quiet: bool) -> None:
    from sim.terminal.cost import duration, size

    told = [(each, *_guessed(each)) for each in planned]
    if as_json:
        import json

        studies = [
            {
                "scenario": each.scenario.name,
                "runs": each.runs,
                "days": each.days,
                "seed": each.seed,
                "actors": len(each.scenario.actors),
                "folder": str(each.folder),
                "seconds": round(each.need.seconds, 1),
                "bytes": each.need.disk,
                **({"precision": _most(most)} if most else {}),
            }
            for _, each, most in told
        ]
        click.echo(json.dumps({"studies": studies}))
    elif not quiet:
        for _, each, most in told:
            about = "about " if most else ""
            click.echo(
                f"{each.scenario.name}: {about}{each.runs:,} runs of {each.days} days, {len(each.scenario.actors)} actors, "
                f"seed {each.seed}; about {duration(each.need.seconds)} and {size(each.need.disk)}, to {each.folder}/"
            )
            if most:
                click.echo(
                    f"  guessed from {PILOT:,} runs; at most {most.runs:,}, {duration(most.need.seconds)} and "
                    f"{size(most.need.disk)}"
                )
        click.echo(
            "Nothing was run or written." if not any(most for *_, most in told) else "Nothing was written."
        )


def _guessed(planned: Planned) -> tuple[Planned, Planned | None]:
    """As many runs as a precision will take, by what a few runs show, and as many as it can take at most."""
    if not planned.how.precision:
        return planned, None
    from sim.experiments.study.precision import parse_targets
    from sim.experiments.study.study import run
    from sim.statistics.sequential import most_runs, planned_runs

    targets = parse_targets(planned.how.precision)
    pilot = run(planned.scenario, PILOT, planned.days, planned.seed, rows=False, save=False)
    likely = max(planned_runs(target, pilot.counts[target.observable] / PILOT) for target in targets)
    most = max(most_runs(target) for target in targets)
    return _with_runs(planned, likely), _with_runs(planned, most)


def _with_runs(planned: Planned, runs: int) -> Planned:
    from sim.experiments.study.study import weight_of_parts
    from sim.terminal.cost import cost

    how = planned.how
    more = weight_of_parts(planned.scenario, how.parts, runs, planned.days)
    need = cost(planned.scenario, runs, planned.days, how.engine, more, how.rows)
    return replace(planned, runs=runs, need=need)


def _most(most: Planned) -> dict[str, Any]:
    return {
        "pilot_runs": PILOT,
        "most_runs": most.runs,
        "most_seconds": round(most.need.seconds, 1),
        "most_bytes": most.need.disk,
    }
