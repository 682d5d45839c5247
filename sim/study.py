"""A study: many runs of one scenario, what came of them, and where it is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim import store
from sim.errors import Interrupted, StudyError
from sim.estimate import proportion
from sim.rules.end import WARS, Outcome
from sim.scenario import MOST_DAYS, MOST_RUNS, Scenario
from sim.sources import sources_digest

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.simulation import Announce, Engine, Progress

TABLES = ("rows", "curves", "signals", "samples")
FILES = {
    "rows": "runs.parquet",
    "curves": "curves.parquet",
    "signals": "signals.parquet",
    "samples": "samples.parquet",
}
ROW_GROUP = 65_536
COUNTED = ("war", "limited_force", *(outcome.name for outcome in Outcome))
FIGURES = ("escalation", "timing", "signals", "beliefs")


@dataclass(frozen=True)
class Study:
    """The results of a study. Its tables are pandas DataFrames, read when they are first asked for.

    rows:    a row a run: run, outcome, end_day, ended_by, limited_force, counts, peak_level, deaths, …
    curves:  tidy: day, quantity, statistic, value, n
    signals: who sent what when: day, actor, signal, count
    samples: level of the first few runs: run, day, level
    """

    scenario: Scenario
    name: str
    runs: int
    days: int
    seed: int
    folder: Path | None
    counts: Mapping[str, int]
    table: Callable[[str], pd.DataFrame]

    @property
    def rows(self) -> pd.DataFrame:
        """A row a run."""
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
        """Run, day, level of the first runs."""
        return self.table("samples")

    def summary(self) -> pd.DataFrame:
        """Count, n, rate and 95 % interval of war, limited force and each outcome, a row each."""
        estimates = {name: proportion(count, self.runs) for name, count in self.counts.items()}
        return pd.DataFrame([vars(e) for e in estimates.values()], index=pd.Index(estimates, name="outcome"))

    def plot(self, name: str = "escalation", axes: Any = None) -> Axes:
        """One of the figures: escalation, timing, signals or beliefs. Returns its main axes."""
        from sim import plots

        return plots.plot(self, name, axes)

    def to_json(self) -> dict[str, Any]:
        """The study as plain lists and numbers, as ``brink run --json`` prints it."""
        level = self.curves[self.curves["quantity"] == "level"]
        by_day = level.pivot(index="day", columns="statistic", values="value")
        return {
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


# Running --------------------------------------------------------------------------------------


def run(
    scenario: Scenario,
    runs: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    *,
    engine: Engine = "batch",
    out: str | Path = "results",
    name: str | None = None,
    save: bool = True,
    figures: bool = True,
    progress: Progress | None = None,
    announce: Announce | None = None,
    found: Callable[[Study], None] | None = None,
) -> Study:
    """Run a scenario many times and keep what came of it in a folder under ``out``.

    ``runs``, ``days`` and ``seed`` are the scenario's own unless given. The same study again is read, not
    run. ``save=False`` keeps it in memory only. ``progress`` is told runs done and runs in all, ``announce``
    what takes a while, and ``found`` the study as soon as its numbers are there, before figures are drawn
    and files written. Raises StudyError, StoreError or ScenarioError for a mistake
    of the caller's, Interrupted if stopped from the keyboard; either way nothing half-written is left.
    """
    planned = plan(scenario, runs, days, seed)
    if not save:
        return _simulated(planned, name, None, engine, progress, announce)
    folder = folder_of(planned, out=out, name=name)
    identity = _identity(planned)
    try:
        with store.locked(folder):
            manifest = store.check_place(folder, identity)
            if manifest and _is_whole(folder, manifest, planned.study.runs, figures):
                study = _opened(folder, manifest)
                if found:
                    found(study)
                return study
            study = _simulated(planned, name, folder, engine, progress, announce)
            if found:
                found(study)
            store.write(folder, _files(study, figures, announce), _manifest(study, identity))
    except KeyboardInterrupt:
        raise Interrupted from None
    return open_study(folder)


def _is_whole(folder: Path, manifest: store.Manifest, runs: int, figures: bool) -> bool:
    """Whether a study that is there already has all that is asked for, undamaged."""
    drawn = not figures or {f"{name}.png" for name in FIGURES} <= manifest["files"].keys()
    return drawn and manifest["runs"] == runs and not store.damaged(folder, manifest)


def plan(scenario: Scenario, runs: int | None, days: int | None, seed: int | None) -> Scenario:
    """The scenario with the number of runs, the horizon and the seed that are really used."""
    given = {"study.runs": runs, "study.days": days, "study.seed": seed}
    for key, value, least, most in (
        ("runs", runs, 1, MOST_RUNS),
        ("days", days, 1, MOST_DAYS),
        ("seed", seed, 0, 2**63 - 1),
    ):
        if value is not None and not (isinstance(value, int) and least <= value <= most):
            raise StudyError(f"{key} is {value}; it must be a whole number between {least} and {most}")
    changed = {key: value for key, value in given.items() if value is not None}
    return scenario.replace(changed) if changed else scenario


def _identity(planned: Scenario) -> dict[str, Any]:
    """What two studies must have in common to be the same but for the number of runs."""
    own = planned.study
    return {"scenario": planned.digest(), "days": own.days, "seed": own.seed, "sources": sources_digest()}


def folder_of(
    scenario: Scenario,
    days: int | None = None,
    seed: int | None = None,
    out: str | Path = "results",
    name: str | None = None,
) -> Path:
    """Where a study is kept: under its scenario's name and a hash of all that it assumes, or under ``name``."""
    if name is not None:
        if (
            not name
            or name.startswith(".")
            or len(name) > 100
            or not all(c.isalnum() or c in "-_." for c in name)
        ):
            raise StudyError(f'--name "{name}": use letters, digits, - and _, at most 100')
        return Path(out) / name
    identity = _identity(plan(scenario, None, days, seed))
    digest = sha256(repr(sorted(identity.items())).encode()).hexdigest()
    return Path(out) / f"{scenario.name}-{digest[:8]}"


def _simulated(
    planned: Scenario,
    name: str | None,
    folder: Path | None,
    engine: Engine,
    progress: Progress | None,
    announce: Announce | None,
) -> Study:
    from sim import curves
    from sim.simulation import simulated

    own = planned.study
    batch, samples = simulated(planned, engine, progress, announce)
    rows = curves.rows_table(batch.rows, planned)
    tables = {
        "rows": rows,
        "curves": curves.curves(batch.tally, own.runs),
        "signals": curves.signals(batch.tally, planned),
        "samples": samples,
    }
    return Study(
        planned, name or planned.name, own.runs, own.days, own.seed, folder, _counts(rows), tables.__getitem__
    )


def _counts(rows: pd.DataFrame) -> dict[str, int]:
    """How many runs were a war, saw limited force, and had each outcome."""
    outcomes = rows["outcome"].value_counts()
    found = {outcome.name: int(outcomes.get(outcome.name, 0)) for outcome in Outcome}
    war = sum(found[outcome.name] for outcome in WARS)
    found |= {"war": war, "limited_force": int(rows["limited_force"].sum())}
    return {name: found[name] for name in COUNTED}


# Keeping --------------------------------------------------------------------------------------


def _files(study: Study, figures: bool, announce: Announce | None) -> dict[str, bytes]:
    from sim import report

    files = {FILES[name]: _parquet(study.table(name)) for name in TABLES}
    files["report.md"] = report.markdown(study).encode()
    if figures:
        from sim import plots

        if announce:
            announce("Drawing the figures.")
        files |= {f"{name}.png": plots.encoded(plots.draw(study, name), "png") for name in FIGURES}
    return files


def _parquet(table: pd.DataFrame) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    buffer = BytesIO()
    arrow = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(arrow, buffer, compression="zstd", row_group_size=ROW_GROUP)
    return buffer.getvalue()


def _manifest(study: Study, identity: Mapping[str, Any]) -> store.Manifest:
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
        "versions": {"numpy": numpy.__version__, "pandas": pd.__version__},
    }


def _opened(folder: Path, manifest: store.Manifest) -> Study:
    from sim.scenario_file import rebuilt

    scenario = rebuilt(manifest["document"], manifest["scenario"])
    return Study(
        scenario,
        manifest["name"],
        manifest["runs"],
        manifest["days"],
        manifest["seed"],
        folder,
        {name: manifest["counts"][name] for name in COUNTED},
        _reader(folder),
    )


def _reader(folder: Path) -> Callable[[str], pd.DataFrame]:
    """A function from the name of a table to the table, which reads each file once."""
    read: dict[str, pd.DataFrame] = {}

    def table(name: str) -> pd.DataFrame:
        if name not in read:
            try:
                read[name] = pd.read_parquet(folder / FILES[name])
                if name == "rows":  # the only column that may be empty, which pandas reads as a float
                    read[name]["end_day"] = read[name]["end_day"].astype("Int16")
            except (OSError, ValueError) as error:
                raise StudyError(
                    f"{folder / FILES[name]}: cannot be read ({error}); run the study again"
                ) from None
        return read[name]

    return table


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
    folders = sorted(Path(results).glob("[!.]*")) if Path(results).is_dir() else []
    found = ((folder, store.read_manifest(folder)) for folder in folders if folder.is_dir())
    return [(folder, manifest) for folder, manifest in found if manifest]
