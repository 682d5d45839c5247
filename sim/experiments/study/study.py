"""Run a scenario many times, keep what came of it, and find it again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import cache, partial
from itertools import dropwhile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.compute import executors
from sim.compute.experiment import Piece
from sim.compute.journal import packed
from sim.compute.scheduler import to_stderr
from sim.errors import Interrupted, StoreError, StudyError
from sim.experiments import runner
from sim.experiments.kept import folder_of_kept
from sim.experiments.question import plan
from sim.experiments.runner import Drawing, Means, to_draw
from sim.experiments.study import parts as partlist
from sim.experiments.study.answer import Study as Study
from sim.experiments.study.build import StudyBuilder, StudyContents
from sim.experiments.study.precision import parse_targets
from sim.experiments.study.question import StudyQuestion, counted, counted_in, summary_of, tables_of
from sim.experiments.study.verify import EVENTS_FILE, ROWS_FILE
from sim.results import store
from sim.results.events import EVENTS
from sim.results.folder import COUNTS as COUNTS_FILE
from sim.results.folder import Kept, LazyTables, digest_of, kept_in, list_kept, read
from sim.results.study import COUNTS, ROWS, TABLES
from sim.scenario.files import AnyScenario, scenario_from
from sim.scenario.scenario import Scenario
from sim.statistics.sequential import looks, reached, schedule

if TYPE_CHECKING:
    from sim.compute.scheduler import Announce, Progress
    from sim.engines.mesa.own_actors import OwnActors
    from sim.experiments.question import Stage
    from sim.experiments.study.simulation import Engine


# Running --------------------------------------------------------------------------------------


def run(
    scenario: AnyScenario,
    runs: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    *,
    actors: OwnActors | None = None,
    engine: Engine = "batch",
    parts: tuple[str, ...] = (),
    rows: bool = True,
    events: int = 0,
    precision: str | Sequence[str] = (),
    executor: Executor | str | None = None,
    out: str | Path = "results",
    name: str | None = None,
    save: bool = True,
    replace: bool = False,
    figures: Drawing = True,
    progress: Progress | None = None,
    announce: Announce | None = None,
    begin: Callable[[Stage], None] | None = None,
    found: Callable[[Study], None] | None = None,
) -> Study:
    """Run a scenario many times and keep what came of it in a folder under ``out``.

    ``scenario`` is one, or its file or name. ``actors`` are classes of your own by the names of the actors that they
    play, as :class:`sim.CrisisModel` takes them: then the Mesa engine plays, some hundred times slower, on all cores.

    ``runs``, ``days`` and ``seed`` are the scenario's own unless given. ``parts`` are asked beside the plain
    runs: "rare", "twins", "attribution" (and "arms", always if the scenario has any). ``rows=False`` keeps no row a
    run. ``events`` is of how many runs, the first, an event log is kept: a row a run, day and actor
    (:mod:`sim.results.events`). ``precision``, such as "war=0.005", in place of ``runs``: they are added until the 95 % interval of that
    share lies within ± 0.005 (:mod:`sim.experiments.study.precision`). ``executor`` is who computes: "threads",
    "processes", "dask" and what :mod:`sim.compute.executors` says, or any ``concurrent.futures.Executor``; results do
    not depend on it. ``save=False`` keeps all in memory only.

    What is there already is not computed again: the same study is read, more runs of it are added, a part that
    is missing is carried out, and a study that was stopped goes on. One whose tables, page or figures this program
    makes otherwise is made again from its counts. Parts once there stay and grow with it. A study with more runs than
    the scenario's own plan has is left as it is; fewer than are there are answered from the first of them, and nothing is
    written. ``replace=True`` lets the study take the place of another result of that name. ``figures="all"`` draws those
    too that are else drawn when one asks for them, ``False`` none.

    ``progress`` is told units done and units in all, ``announce`` what takes a while, ``begin`` each stage as it
    begins, and ``found`` the study as soon as its numbers are there, before figures are drawn and files written.
    Raises StudyError, StoreError or ScenarioError for a mistake of the caller's, Interrupted if stopped from the
    keyboard, Unfinished if some units failed again and again; nothing half-written is left.
    """
    question = asked(scenario_from(scenario), runs, days, seed, parts, precision, name)
    _refuse_events(events, actors)
    if actors:
        question, engine, announce = _played_by(question, actors, parts), "mesa", announce or to_stderr
    if not (executor is None or isinstance(executor, Executor)):
        executors.checked(executor)
    folder = runner.folder_of(question, out, name) if save else None
    builder = StudyBuilder(
        question,
        Means(executor, progress, announce, begin),
        engine=engine,
        rows=rows,
        events=events,
        actors=actors,
    )
    try:
        if folder is None:
            return _in_memory(builder)
        with store.locked(folder):
            assumes = question.identity()
            kept = kept_in(folder, question.kind, digest_of(assumes), assumes, replace)
            return _kept(builder, kept, runs, figures, found)
    except KeyboardInterrupt:
        raise Interrupted from None


def _refuse_events(events: int, actors: OwnActors | None) -> None:
    """Raise StudyError for a number of runs that is none, and for events of actors of a user's own."""
    if events < 0:
        raise StudyError(f"--events is {events}; it must be a number of runs, 0 or more.")
    if events and actors:
        raise StudyError(
            "an event log is kept of standard actors only; leave out --events, or step sim.CrisisModel"
        )


def _played_by(question: StudyQuestion, actors: OwnActors, parts: tuple[str, ...]) -> StudyQuestion:
    """The study with actors of a user's own, without the parts that its scenario asks for.

    Raises StudyError for what cannot play, and for ``parts``, which only standard actors play.
    """
    from sim.engines.mesa.own_actors import check, identity  # Mesa takes a second to import

    check(question.scenario, actors)
    if parts:
        raise StudyError(f"parts {', '.join(parts)} are played by standard actors only; leave out either")
    return replace(question, parts=(), players=identity(actors))


def asked(
    scenario: Scenario,
    runs: int | None,
    days: int | None,
    seed: int | None,
    parts: tuple[str, ...] = (),
    precision: str | Sequence[str] = (),
    name: str | None = None,
) -> StudyQuestion:
    """The study that is asked for. Raises StudyError for a plan, a part or a precision that cannot be."""
    targets = parse_targets((precision,) if isinstance(precision, str) else precision)
    if targets and runs is not None:
        raise StudyError("--precision decides how many runs there are; leave out --runs, or it.")
    planned = plan(scenario, runs, days, seed)
    pairs = tuple((target.observable, target.half_width) for target in targets)
    return StudyQuestion(planned, partlist.asked(planned, parts), pairs, name or "")


def folder_of(
    scenario: Scenario,
    days: int | None = None,
    seed: int | None = None,
    out: str | Path = "results",
    name: str | None = None,
) -> Path:
    """Where a study is kept: under its scenario's name and a hash of all that it assumes, or under ``name``."""
    return runner.folder_of(StudyQuestion(plan(scenario, None, days, seed)), out, name)


def _in_memory(builder: StudyBuilder) -> Study:
    """The study, of which nothing is kept."""
    with TemporaryDirectory() as scratch:
        if builder.question.precision:
            builder = _reaching(replace(builder, scratch=Path(scratch) / "study"), None)
        return study_of(builder.question, builder.build())


def _reaching(builder: StudyBuilder, kept: Kept | None) -> StudyBuilder:
    """Who makes the study with as many runs as its targets take: runs that are there stay, and are looked at first."""
    targets = builder.question.targets
    begun = max(schedule(targets)[0], _runs(kept) if kept else 0)

    def enough(counts: Piece, n: int) -> bool:
        return reached(counted(counts), n, targets)

    return replace(builder, question=builder.reaching(dropwhile(lambda n: n < begun, looks()), enough))


def _runs(kept: Kept) -> int:
    return int(kept.manifest.get("runs", 0))


def _kept(
    builder: StudyBuilder,
    kept: Kept,
    asked_runs: int | None,
    figures: Drawing,
    found: Callable[[Study], None] | None,
) -> Study:
    """The study in its folder, made as far as it is not there."""
    try:
        if asked_runs is not None and _runs(kept) > asked_runs:
            return _first_of(builder, kept, found)
        builder = _grown(replace(builder, kept=kept), kept)
        question = builder.question
        if _is_whole(kept, builder, figures):
            study = Study.opened(question, kept)
            if found:
                found(study)
        else:
            contents = builder.build()
            study = study_of(question, contents, kept.folder)
            if found:
                found(study)
            files = files_of(study, contents, figures, builder.means.announce)
            manifest = store.write(kept.folder, files, manifest_of(study, contents))
            study = Study.opened(question, Kept(kept.folder, manifest))
        store.tidy(kept.folder)
    except OSError as error:
        raise StoreError(
            f"{error.filename or kept.folder}: cannot be written or read ({error.strerror or error}); what is done is kept"
        ) from None
    return study


def _first_of(builder: StudyBuilder, kept: Kept, found: Callable[[Study], None] | None) -> Study:
    """The study of fewer runs than are there, the first of them: nothing is written.

    Its summary is read from their rows; what rows do not say is computed when it is first asked for.
    """
    question = builder.question
    if question.parts or not (builder.rows and kept.has(ROWS_FILE)):
        study = _in_memory(builder)
    else:
        rows = kept.table(ROWS).head(question.runs)
        whole = cache(partial(_in_memory, builder))
        read_now = {"summary": summary_of(counted_in(rows), question.runs), ROWS: rows}
        names = ("summary", *TABLES, *((EVENTS,) if builder.events else ()))
        makers = {
            name: partial(read_now.__getitem__, name)
            if name in read_now
            else partial(lambda each: whole().tables[each], name)
            for name in names
        }
        study = Study(question, LazyTables(makers))
    if found:
        found(study)
    return study


def _grown(builder: StudyBuilder, kept: Kept) -> StudyBuilder:
    """Who makes what is asked for and all that is there: its runs, if they are more than the plan has, rows and parts."""
    question, there = builder.question, _runs(kept)
    if there > question.runs:
        question = question.of(there)
    if question.precision:
        question = _reaching(replace(builder, question=question), kept).question
    same = there == question.runs
    if same and not question.precision:
        known = tuple((name, half_width) for name, half_width in kept.manifest["precision"])
        question = replace(question, precision=known)
    carried = (*question.parts, *kept.manifest.get("parts", ()))
    carried = () if question.players else partlist.asked(question.scenario, carried)
    rows = builder.rows or (same and kept.has(ROWS_FILE))
    events = max(builder.events, int(kept.manifest.get(EVENTS, 0)))
    return replace(builder, question=replace(question, parts=carried), rows=rows, events=events)


def _is_whole(kept: Kept, builder: StudyBuilder, figures: Drawing) -> bool:
    """Whether a study that is there has all that is asked for, undamaged, and as this program shows it."""
    question, there = builder.question, kept.manifest
    return (
        bool(there)
        and there["runs"] == question.runs
        and there["asked"] == question.asked()
        and (ROWS_FILE in there["files"] or not builder.rows)
        and there.get(EVENTS, 0) == min(builder.events, question.runs)
        and kept.is_whole(question.scenario.changed, partial(to_draw, question, figures))
    )


def study_of(question: StudyQuestion, contents: StudyContents, folder: Path | None = None) -> Study:
    """The study of these contents; its tables are in memory, but for rows that lie in a file."""
    parts = {each.kind: each.tables(contents.counts) for each in question.carried}
    made = tables_of(question.scenario, contents.counts[COUNTS]) | {"samples": contents.samples}
    for each in parts.values():
        made |= each
    tables: dict[str, Callable[[], pd.DataFrame]] = {name: partial(made.__getitem__, name) for name in made}
    for name, lies in ((ROWS, contents.rows), (EVENTS, contents.events)):
        if lies is not None:
            tables[name] = partial(_lying, lies)
    ordered = {name: tables[name] for name in ("summary", *TABLES, EVENTS, *made) if name in tables}
    return Study(question, LazyTables(ordered), folder, {name: tuple(each) for name, each in parts.items()})


def _lying(table: pd.DataFrame | Path) -> pd.DataFrame:
    """A table that is in memory, or in a file."""
    return read(table) if isinstance(table, Path) else table


# Keeping --------------------------------------------------------------------------------------


def files_of(
    study: Study, contents: StudyContents, figures: Drawing, announce: Announce | None = None
) -> dict[str, bytes | Path]:
    """All files of a study but its manifest, by name: their bytes, or where they lie already."""
    shown = {name: study.tables[name] for name in study.tables if name not in (ROWS, EVENTS)}
    files = runner.files_of(replace(study, tables=shown), figures, announce)
    files |= {f"{name}{COUNTS_FILE}": packed(piece) for name, piece in contents.counts.items()}
    lying = {ROWS_FILE: contents.rows, EVENTS_FILE: contents.events}
    return files | {name: path for name, path in lying.items() if isinstance(path, Path)}


def manifest_of(study: Study, contents: StudyContents) -> dict[str, Any]:
    """What the folder of a study says of itself."""
    assumes = study.question.identity()
    return runner.manifest_for(study, digest_of(assumes), contents.notes) | {
        "name": study.name,
        "runs": study.runs,
        "days": study.days,
        "seed": study.seed,
        "counts": dict(study.counts),
        "assumes": assumes,
        "parts": {name: list(tables) for name, tables in study.parts.items()},
        "precision": [list(each) for each in study.question.precision],
        **({EVENTS: contents.logged} if contents.logged else {}),
        "versions": {"numpy": np.__version__, "pandas": pd.__version__},
    }


# Finding --------------------------------------------------------------------------------------


def open_study(name: str | Path, results: str | Path = "results") -> Study:
    """A study that was kept: by its folder, its full name, or its scenario's name (then the newest of these).

    Raises StudyError if there is none.
    """
    folder = folder_of_kept(name, results)
    found = runner.opened(Kept(folder, store.read_manifest(folder) or {}))
    if not isinstance(found, Study):
        raise StudyError(f"{folder}: is no study, but the answer to another question: {found.kind}")
    return found


def list_studies(results: str | Path = "results") -> list[store.Manifest]:
    """Manifests of the studies in a results folder, by folder name, each with its ``folder``."""
    return [each for each in list_kept(results) if each["what"] == StudyQuestion.kind]
