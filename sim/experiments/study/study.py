"""A study: many runs of one scenario, what came of them, and where it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from hashlib import sha256
from io import BytesIO
from itertools import dropwhile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.compute import executors
from sim.compute.experiment import Piece
from sim.compute.journal import packed
from sim.errors import Interrupted, StoreError, StudyError
from sim.experiments.question import plan
from sim.experiments.study import parts as partlist
from sim.experiments.study import simulation
from sim.experiments.study.build import Made, Maker, There
from sim.experiments.study.precision import Stopped, parse_targets
from sim.results import curves, store
from sim.results import outcomes as harm
from sim.results.folder import named_folder
from sim.results.rows import COMPRESSION, ROW_GROUP, arrow
from sim.results.study import COUNTED, COUNTS, FILES, RUNS, TABLES
from sim.results.tallies import tally_of
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import WARS
from sim.statistics.proportions import proportion
from sim.statistics.sequential import Target, looks, reached, schedule

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.compute.scheduler import Announce, Progress
    from sim.experiments.study.simulation import Engine


FIGURES = ("escalation", "timing", "signals", "beliefs")


@dataclass(frozen=True)
class Study:
    """The results of a study. Its tables are pandas DataFrames, read when they are first asked for.

    rows:    a row a run: run, outcome, end_day, ended_by, limited_force, counts, peak_level, deaths, …
    curves:  tidy: day, quantity, statistic, value, n
    signals: who sent what when: day, actor, signal, count
    samples: the first few runs: run, day, level, state
    harm:    a row an outcome: outcome, runs, deaths_mean, deaths_q05, deaths_q95, hardship_mean

    ``parts`` names what else was asked of the scenario, and the tables of each; ``targets`` what was to be known
    how well, if that decided how many runs there are.
    """

    scenario: Scenario
    name: str
    runs: int
    days: int
    seed: int
    folder: Path | None
    counts: Mapping[str, int]
    table: Callable[[str], pd.DataFrame]
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    has_rows: bool = True
    targets: tuple[Target, ...] = ()

    @property
    def stopped(self) -> Stopped | None:
        """How well is known what was asked to be known; None if runs were asked for by number."""
        return Stopped(self.targets, self.counts, self.runs) if self.targets else None

    @property
    def rows(self) -> pd.DataFrame:
        """A row a run. Raises StudyError if none were kept."""
        if not self.has_rows:
            raise StudyError(f"{self.name}: no row a run was kept; run it again, without --no-rows")
        return self.table("rows")

    @property
    def curves(self) -> pd.DataFrame:
        """Day, quantity, statistic, value, n."""
        return self.table("curves")

    @property
    def signals(self) -> pd.DataFrame:
        """Day, actor, signal, count."""
        return self.table("signals")

    @property
    def samples(self) -> pd.DataFrame:
        """Run, day, level, state of the first runs."""
        return self.table("samples")

    @property
    def harm(self) -> pd.DataFrame:
        """Outcome, runs, deaths_mean, deaths_q05, deaths_q95, hardship_mean."""
        return self.table("harm")

    def part(self, name: str) -> dict[str, pd.DataFrame]:
        """The tables of a part, by name. Raises StudyError if the study has no such part."""
        if name not in self.parts:
            raise StudyError(f'{self.name}: has no part "{name}"; it has: {", ".join(self.parts) or "none"}')
        return {table: self.table(table) for table in self.parts[name]}

    def summary(self) -> pd.DataFrame:
        """Count, n, rate and 95 % interval of war, limited force and each outcome, a row each."""
        estimates = {name: proportion(count, self.runs) for name, count in self.counts.items()}
        return pd.DataFrame([vars(e) for e in estimates.values()], index=pd.Index(estimates, name="outcome"))

    def plot(self, name: str = "escalation", axes: Any = None) -> Axes:
        """One of the figures: escalation, timing, signals or beliefs. Returns its main axes."""
        from sim.experiments.study.figures import plot

        return plot(self, name, axes)

    def to_json(self) -> dict[str, Any]:
        """The study as plain lists and numbers, as ``brink run --json`` prints it."""
        level = self.curves[self.curves["quantity"] == "level"]
        by_day = level.pivot(index="day", columns="statistic", values="value")
        plain = {
            "scenario": self.scenario.name,
            "name": self.name,
            "runs": self.runs,
            "days": self.days,
            "seed": self.seed,
            "folder": str(self.folder) if self.folder else None,
            "outcomes": {
                name: {"count": int(row["count"])} | {key: float(row[key]) for key in ("rate", "low", "high")}
                for name, row in self.summary().iterrows()
            },
            "level": {"day": [int(day) for day in by_day.index]}
            | {str(name): [float(x) for x in by_day[name]] for name in by_day.columns},
        }
        if self.stopped:
            plain["precision"] = self.stopped.to_json()
        return plain | {name: partlist.part(name).to_json(self.part(name)) for name in self.parts}


# Running --------------------------------------------------------------------------------------


def run(
    scenario: Scenario,
    runs: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    *,
    engine: Engine = "batch",
    parts: tuple[str, ...] = (),
    rows: bool = True,
    precision: str | Sequence[str] = (),
    executor: Executor | str | None = None,
    out: str | Path = "results",
    name: str | None = None,
    save: bool = True,
    figures: bool = True,
    progress: Progress | None = None,
    announce: Announce | None = None,
    found: Callable[[Study], None] | None = None,
) -> Study:
    """Run a scenario many times and keep what came of it in a folder under ``out``.

    ``runs``, ``days`` and ``seed`` are the scenario's own unless given. ``parts`` are asked beside the plain
    runs: "rare", "twins", "attribution" (and "arms", always if the scenario has any). ``rows=False`` keeps no row a
    run. ``precision``, such as "war=0.005", in place of ``runs``: they are added until the 95 % interval of that
    share lies within ± 0.005 (:mod:`sim.experiments.study.precision`). ``executor`` is who computes: "threads", "processes", "dask" and what :mod:`sim.compute.executors` says, or any
    ``concurrent.futures.Executor``; results do not depend on it. ``save=False`` keeps all in memory only.

    What is there already is not computed again: the same study is read, more runs of it are added, a part that
    is missing is carried out, and a study that was stopped goes on. Parts once there stay and grow with it. A study
    with more runs than the scenario's own plan has is left as it is; to ask for fewer than are there is an error.

    ``progress`` is told units done and units in all, ``announce`` what takes a while, and ``found`` the study as
    soon as its numbers are there, before figures are drawn and files written. Raises StudyError, StoreError or
    ScenarioError for a mistake of the caller's, Interrupted if stopped from the keyboard, Unfinished if some
    units failed again and again; nothing half-written is left.
    """
    targets = parse_targets((precision,) if isinstance(precision, str) else precision)
    if targets and runs is not None:
        raise StudyError("--precision decides how many runs there are; leave out --runs, or it")
    planned = plan(scenario, runs, days, seed)
    wanted = partlist.asked(planned, parts)
    if not (executor is None or isinstance(executor, Executor)):
        executors.checked(executor)
    folder = folder_of(planned, out=out, name=name) if save else None
    maker = Maker(planned, folder, engine, rows, executor, progress, announce)
    try:
        if folder is None:
            return _in_memory(maker, name, wanted, targets)
        with store.locked(folder):
            return _kept(maker, folder, name, runs, wanted, targets, figures, found)
    except KeyboardInterrupt:
        raise Interrupted from None


def _grown(maker: Maker, there: There, asked: int | None) -> Maker:
    """With as many runs as are there already, if they are more than the scenario's own plan has.

    Raises StoreError if fewer were ``asked`` for: what was computed is not thrown away.
    """
    if there.runs <= maker.planned.study.runs:
        return maker
    if asked is not None:
        raise StoreError(
            f"{there.folder}: holds {there.runs:,} runs of this study, and {asked:,} would take their place; "
            "leave out --runs, or give the smaller study a --name"
        )
    return replace(maker, planned=maker.planned.replace({"study.runs": there.runs}))


def _in_memory(maker: Maker, name: str | None, wanted: tuple[str, ...], targets: tuple[Target, ...]) -> Study:
    """The study, of which nothing is kept."""
    with TemporaryDirectory() if targets else nullcontext() as scratch:
        if scratch:
            maker = _reaching(replace(maker, scratch=Path(scratch)), None, targets)
        return study_of(maker.planned, name, None, maker.make(None, wanted), targets)


def _reaching(maker: Maker, there: There | None, targets: tuple[Target, ...]) -> Maker:
    """Who makes the study with as many runs as its targets take: runs that are there stay, and are looked at first."""
    least = schedule(targets)[0]
    begun = max(least, there.runs if there else 0)

    def enough(counts: Piece, n: int) -> bool:
        return reached(_counts(counts), n, targets)

    return maker.enough(there, dropwhile(lambda n: n < begun, looks()), enough)


def _targets(manifest: Mapping[str, Any]) -> tuple[Target, ...]:
    """What a study that is there was to know, and how well."""
    return tuple(Target(name, half_width) for name, half_width in manifest.get("precision", ()))


def _kept(
    maker: Maker,
    folder: Path,
    name: str | None,
    asked: int | None,
    wanted: tuple[str, ...],
    targets: tuple[Target, ...],
    figures: bool,
    found: Callable[[Study], None] | None,
) -> Study:
    """The study in its folder, made as far as it is not there."""
    identity = simulation.identity(maker.planned)
    try:
        there = There.of(folder, store.check_place(folder, identity))
        maker = _grown(maker, there, asked)
        if targets:
            maker = _reaching(maker, there, targets)
        planned = maker.planned
        if there.runs == planned.study.runs:
            targets = targets or _targets(there.manifest)
        whole = bool(there.manifest) and _is_whole(there, maker, wanted, targets, figures)
        if there.runs == planned.study.runs and there.has(RUNS):
            maker = replace(maker, rows=True)
        names = partlist.asked(planned, (*wanted, *there.parts))
        made = None if whole else maker.make(there, names)
    except OSError as error:
        raise StoreError(
            f"{error.filename or folder}: cannot be written or read ({error.strerror or error}); what is done is kept"
        ) from None
    study = study_of(planned, name, folder, made, targets) if made else _opened(folder, there.manifest)
    if found:
        found(study)
    if made:
        files = files_of(study, made, figures, maker.announce)
        study = _opened(folder, store.write(folder, files, _manifest(study, made, identity)))
    store.tidy(folder)
    return study


def _is_whole(
    there: There, maker: Maker, wanted: tuple[str, ...], targets: tuple[Target, ...], figures: bool
) -> bool:
    """Whether a study that is there already has all that is asked for, undamaged."""
    files = there.manifest["files"].keys()
    drawn = not figures or {f"{name}.png" for name in _figures(there.parts)} <= files
    asked = drawn and set(wanted) <= set(there.parts) and (RUNS in files or not maker.rows)
    asked = asked and targets == _targets(there.manifest)
    return asked and there.runs == maker.planned.study.runs and not there.damaged


def _figures(names: Iterable[str]) -> tuple[str, ...]:
    """Figures of a study with these parts."""
    return (*FIGURES, *(figure for name in names for figure in partlist.part(name).figures()))


def weight_of_parts(scenario: Scenario, parts: tuple[str, ...], runs: int, days: int) -> float:
    """How many plain runs the parts of a study take as long as."""
    planned = plan(scenario, runs, days, None)
    experiments = (partlist.part(name).experiment(planned) for name in partlist.asked(planned, parts))
    return sum(experiment.units * experiment.weight for experiment in experiments)


def folder_of(
    scenario: Scenario,
    days: int | None = None,
    seed: int | None = None,
    out: str | Path = "results",
    name: str | None = None,
) -> Path:
    """Where a study is kept: under its scenario's name and a hash of all that it assumes, or under ``name``."""
    if name is not None:
        return named_folder(out, name)
    identity = simulation.identity(plan(scenario, None, days, seed))
    digest = sha256(repr(sorted(identity.items())).encode()).hexdigest()
    return Path(out) / f"{scenario.name}-{digest[:8]}"


def study_of(
    planned: Scenario, name: str | None, folder: Path | None, made: Made, targets: tuple[Target, ...] = ()
) -> Study:
    """The study whose numbers have been made; its tables are in memory, but for rows that lie in a file."""
    own, counts = planned.study, made.counts
    tally = tally_of(counts)
    tables = {
        "curves": curves.curves(tally, own.runs),
        "signals": curves.signals(tally, planned),
        "samples": made.samples,
        "harm": harm.harm_table(counts, planned),
    }
    of_parts = {n: partlist.part(n).tables(planned, done.piece) for n, done in made.parts.items()}
    for more in of_parts.values():
        tables |= more
    rows = made.rows

    def table(name: str) -> pd.DataFrame:
        if name == "rows":
            assert rows is not None
            return _rows(rows) if isinstance(rows, Path) else rows
        return tables[name]

    named = {name: tuple(of_parts[name]) for name in partlist.ordered(of_parts)}
    return Study(
        planned,
        name or planned.name,
        own.runs,
        own.days,
        own.seed,
        folder,
        _counts(counts),
        table,
        named,
        rows is not None,
        targets,
    )


def _counts(counts: Piece) -> dict[str, int]:
    """How many runs were a war, saw limited force, and had each outcome."""
    found = harm.counted(counts)
    return {name: sum(found[war.name] for war in WARS) if name == "war" else found[name] for name in COUNTED}


# Keeping --------------------------------------------------------------------------------------


def files_of(
    study: Study, made: Made, figures: bool, announce: Announce | None = None
) -> dict[str, bytes | Path]:
    """All files of a study but its manifest, by name: their bytes, or where they lie already."""
    from sim.experiments.study import report

    names = [name for name in TABLES if name != "rows"]
    names += [table for tables in study.parts.values() for table in tables]
    files: dict[str, bytes | Path] = {_file(name): _parquet(study.table(name)) for name in names}
    if isinstance(made.rows, Path):
        files[RUNS] = made.rows
    files[COUNTS] = packed(made.counts)
    files |= {f"{name}.npz": packed(done.piece) for name, done in made.parts.items()}
    files["report.md"] = report.markdown(study).encode()
    if figures:
        from sim.experiments.study.figures import draw
        from sim.figures import encoded

        if announce:
            announce("Drawing the figures.")
        drawn = _figures(study.parts)
        files |= {f"{name}.png": encoded(draw(study, name), "png") for name in drawn}
    return files


def _file(table: str) -> str:
    """The file of a table: of a part's too."""
    return FILES.get(table, f"{table}.parquet")


def _parquet(table: pd.DataFrame) -> bytes:
    import pyarrow.parquet as pq

    buffer = BytesIO()
    pq.write_table(arrow(table), buffer, compression=COMPRESSION, row_group_size=ROW_GROUP)
    return buffer.getvalue()


def _manifest(study: Study, made: Made, identity: Mapping[str, Any]) -> store.Manifest:
    import numpy

    return {
        "name": study.name,
        "scenario": study.scenario.name,
        "title": study.scenario.title,
        "runs": study.runs,
        "days": study.days,
        "seed": study.seed,
        "counts": dict(study.counts),
        "identity": dict(identity),
        "document": study.scenario.document(),
        "parts": {
            name: done.note() | {"tables": list(study.parts[name])} for name, done in made.parts.items()
        },
        "versions": {"numpy": numpy.__version__, "pandas": pd.__version__},
        "precision": [[target.observable, target.half_width] for target in study.targets],
    }


def _opened(folder: Path, manifest: store.Manifest) -> Study:
    from sim.scenario.files import rebuilt

    scenario = rebuilt(manifest["document"], manifest["scenario"])
    parts = manifest.get("parts", {})
    return Study(
        scenario,
        manifest["name"],
        manifest["runs"],
        manifest["days"],
        manifest["seed"],
        folder,
        {name: manifest["counts"][name] for name in COUNTED},
        _reader(folder),
        {name: tuple(parts[name]["tables"]) for name in partlist.ordered(parts)},
        RUNS in manifest["files"],
        _targets(manifest),
    )


def _reader(folder: Path) -> Callable[[str], pd.DataFrame]:
    """A function from the name of a table to the table, which reads each file once."""
    read: dict[str, pd.DataFrame] = {}

    def table(name: str) -> pd.DataFrame:
        if name not in read:
            path = folder / _file(name)
            try:
                read[name] = _rows(path) if name == "rows" else pd.read_parquet(path)
            except (OSError, ValueError) as error:
                raise StudyError(f"{path}: cannot be read ({error}); run the study again") from None
        return read[name]

    return table


def _rows(path: Path) -> pd.DataFrame:
    """Rows from their file; the end day is the only column that may be empty, which pandas reads as a float."""
    rows = pd.read_parquet(path)
    return rows.assign(end_day=rows["end_day"].astype("Int16"))


def open_study(name: str | Path, results: str | Path = "results") -> Study:
    """A study that was kept: by its folder, its full name, or its scenario's name (then the newest of these).

    Raises StudyError if there is none.
    """
    folder = Path(name)
    manifest = store.read_manifest(folder) if folder.is_dir() else None
    if manifest is None:
        folder = Path(results) / str(name)
        manifest = store.read_manifest(folder)
    if manifest is None:
        folders = [f for f, found in _studies(results) if found["name"] == str(name)]
        if not folders:
            known = ", ".join(f.name for f, _ in _studies(results)) or "none yet"
            raise StudyError(f"{name}: there is no such study in {results}/; there are: {known}")
        folder = max(folders, key=lambda f: ((f / store.MANIFEST).stat().st_mtime_ns, f.name))
        manifest = store.read_manifest(folder)
    assert manifest is not None
    return _opened(folder, manifest)


def list_studies(results: str | Path = "results") -> list[store.Manifest]:
    """Manifests of the studies in a results folder, by folder name, each with its ``folder``."""
    return [manifest | {"folder": str(folder)} for folder, manifest in _studies(results)]


def _studies(results: str | Path) -> list[tuple[Path, store.Manifest]]:
    found = ((folder, store.read_manifest(folder)) for folder in store.folders(results))
    return [(folder, manifest) for folder, manifest in found if manifest]
