"""What asks many scenarios at once (a sweep, levers, sensitivity): its folder, written whole or not at all.

Such a folder lies beside those of studies and is none: its manifest says ``what`` it is, and has no odds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from sim import store
from sim.compiling import ready
from sim.errors import Interrupted, StoreError, StudyError
from sim.experiment import Experiment, Piece, fingerprint, merged
from sim.journal import Journal
from sim.making import pieces_of
from sim.rows import COMPRESSION, arrow
from sim.scenario import Scenario, StudyPlan
from sim.sweep_plan import SweepPlan
from sim.work import Announce, Progress, carried_out

Tables = dict[str, pd.DataFrame]
KINDS = ("sweep", "levers", "sensitivity", "comparison", "batch")
SUFFIX = ".parquet"


@dataclass(frozen=True)
class Findings:
    """What an analysis came to: tables by name, a page of text, and figures as the bytes of PNG files."""

    what: str
    name: str
    tables: Tables
    text: str = ""
    figures: Mapping[str, bytes] = field(default_factory=dict)
    folder: Path | None = None


@dataclass(frozen=True)
class Place:
    """Where an analysis is kept, and all that its results depend on."""

    folder: Path
    what: str
    name: str
    identity: Mapping[str, Any]

    @classmethod
    def of(
        cls, what: str, scenario: Scenario, identity: Mapping[str, Any], out: str | Path, name: str | None
    ) -> Place:
        """``out``/NAME-WHAT-HASH8, or ``out``/``name``; StudyError for a name that is none for a folder."""
        from sim.study import folder_of

        if name is None:
            name = f"{scenario.name}-{what}-{digest_of(identity)[:8]}"
        return cls(folder_of(scenario, out=out, name=name), what, name, identity)

    def read(self) -> Findings | None:
        """What is kept there, if it is this analysis and whole; None if the place is free, or some of it damaged.

        Raises StoreError if anything else is there.
        """
        folder, manifest = self.folder, manifest_of(self.folder)
        if manifest is None:
            if folder.is_symlink() or (
                folder.exists() and not (folder.is_dir() and not any(folder.iterdir()))
            ):
                raise StoreError(
                    f"{folder}: exists and is no {self.what} of Brink's; move it away or choose another --name"
                )
            return None
        if manifest["what"] != self.what or manifest["identity"] != digest_of(self.identity):
            raise StoreError(f"{folder}: holds another {manifest['what']}; choose another --name")
        return None if store.damaged(folder, manifest) else _findings(folder, manifest)

    def write(self, found: Findings, scenario: Scenario) -> Findings:
        """Keep it; raises StoreError, and leaves what was there."""
        files = {f"{name}{SUFFIX}": parquet(table) for name, table in found.tables.items()}
        files |= {"report.md": found.text.encode(), **found.figures}
        manifest = {
            "what": self.what,
            "about": f"a {self.what} of the scenario, not a study: no odds of one scenario are kept here",
            "name": self.name,
            "scenario": scenario.name,
            "title": scenario.title,
            "identity": digest_of(self.identity),
            "asked": json.loads(json.dumps(self.identity)),
            "document": scenario.document(),
            "tables": list(found.tables),
        }
        store.write(self.folder, files, manifest)
        return replace(found, folder=self.folder)


def manifest_of(folder: Path) -> dict[str, Any] | None:
    """The manifest of an analysis; None if the folder holds none, or its manifest is not whole."""
    try:
        manifest = json.loads((folder / store.MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    whole = isinstance(manifest, dict) and manifest.keys() >= {"what", "identity", "files", "tables"}
    return manifest if whole and manifest["what"] in KINDS else None


def open_analysis(name: str | Path, results: str | Path = "results") -> Findings | None:
    """The analysis that was kept in a folder, or under that name in the results folder; None if there is none.

    Raises StoreError if a file of it is not as it was written.
    """
    for folder in (Path(name), Path(results) / name):
        manifest = manifest_of(folder)
        if manifest:
            for file in store.damaged(folder, manifest):
                raise StoreError(
                    f"{folder / file}: is not as it was written; run the same {manifest['what']} again"
                )
            return _findings(folder, manifest)
    return None


def _findings(folder: Path, manifest: Mapping[str, Any]) -> Findings:
    tables = {name: pd.read_parquet(folder / f"{name}{SUFFIX}") for name in manifest["tables"]}
    pictures = {file: (folder / file).read_bytes() for file in manifest["files"] if file.endswith(".png")}
    text = (folder / "report.md").read_text(encoding="utf-8")
    return Findings(manifest["what"], manifest["name"], tables, text, pictures, folder)


def list_analyses(results: str | Path = "results") -> list[dict[str, Any]]:
    """Manifests of the sweeps, levers, … in a results folder, by folder name, each with its ``folder``."""
    found = ((folder, manifest_of(folder)) for folder in store.folders(results))
    return [manifest | {"folder": str(folder)} for folder, manifest in found if manifest]


def kept(place: Place | None, scenario: Scenario, make: Callable[[], Findings]) -> Findings:
    """The findings that are there already, or else those that are made now and kept; without a place, made only."""
    try:
        if place is None:
            return make()
        with store.locked(place.folder):
            found = place.read() or place.write(make(), scenario)
            store.tidy(place.folder)
            return found
    except KeyboardInterrupt:
        raise Interrupted from None


def planned(scenario: Scenario, runs: int | None, days: int | None, seed: int | None) -> Scenario:
    """The scenario without a plan of a sweep, with the runs, days and seed that are used."""
    own = scenario.study
    plan = StudyPlan(
        runs=own.runs if runs is None else runs,
        days=own.days if days is None else days,
        seed=own.seed if seed is None else seed,
    )
    return scenario.model_copy(update={"study": plan, "sweep": SweepPlan()})


@dataclass(frozen=True)
class Means:
    """Who computes, and who is told: ``executor`` as for :func:`sim.run`, progress in units done and in all."""

    executor: Executor | str | None = None
    progress: Progress | None = None
    announce: Announce | None = None

    def carry(self, name: str, experiment: Experiment, scenario: Scenario, place: Place | None) -> Piece:
        """All pieces of an experiment as one. With a place, pieces are kept beside it until it is whole."""
        ready(scenario, self.announce)
        identity = fingerprint(experiment)
        journal = Journal(pieces_of(place.folder) / f"{name}-{identity[:8]}", identity) if place else None
        pieces = carried_out(
            experiment,
            executor=self.executor,
            journal=journal,
            progress=self.progress,
            announce=self.announce,
        )
        return merged(pieces)


THREADS = Means()
"""Threads of this process, and nobody is told."""


def digest_of(identity: Mapping[str, Any]) -> str:
    """SHA-256 of plain JSON with sorted keys."""
    return hashlib.sha256(json.dumps(identity, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def parquet(table: pd.DataFrame) -> bytes:
    """A table as the bytes of a Parquet file, the same for the same table."""
    import pyarrow.parquet as pq

    buffer = BytesIO()
    pq.write_table(arrow(table), buffer, compression=COMPRESSION)
    return buffer.getvalue()


def markdown(rows: Iterable[tuple[str, ...]], heads: tuple[str, ...], right: bool = False) -> list[str]:
    """A Markdown table that is as easily read as plain text: its lines. ``right``: all but the first flush right."""
    cells = [[cell.replace("|", "\\|") for cell in line] for line in (heads, *rows)]
    widths = [max(3, *(len(line[i]) for line in cells)) for i in range(len(heads))]
    told = [
        [c.rjust(w) if right and i else c.ljust(w) for i, (c, w) in enumerate(zip(line, widths, strict=True))]
        for line in cells
    ]
    rule = ["-" * (w - 1) + ":" if right and i else "-" * w for i, w in enumerate(widths)]
    return [f"| {' | '.join(line)} |" for line in (told[0], rule, *told[1:])]


def refuse_too_many(runs: int, most: int) -> None:
    """Raise StudyError if a point would have more runs than are held."""
    if runs > most:
        raise StudyError(f"{runs:,} runs a point; at most {most:,} are allowed")
