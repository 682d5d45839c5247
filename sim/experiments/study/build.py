"""Make what a study is made of: take what is there already, compute what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd

from sim.compute.experiment import ROW, Experiment, Piece, fingerprint, merged
from sim.compute.journal import Journal, unpacked
from sim.compute.scheduler import Announce, Progress, carried_out
from sim.experiments.study.parts import part
from sim.experiments.study.simulation import Engine, Simulation, workers
from sim.results import store
from sim.results.folder import pieces_of
from sim.results.rows import RowsFile, rows_of, rows_table
from sim.results.study import COUNTS, RUNS
from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Done:
    """A part that has been carried out: how many units, of which experiment, and what they came to."""

    units: int
    identity: str
    piece: Piece

    def note(self) -> dict[str, Any]:
        """What the manifest says of it."""
        return {"units": self.units, "identity": self.identity}


@dataclass(frozen=True)
class Made:
    """All that a study's files are made from. ``rows``: the table, the file that it lies in, or None."""

    counts: Piece
    samples: pd.DataFrame
    rows: pd.DataFrame | Path | None
    parts: dict[str, Done]


@dataclass(frozen=True)
class There:
    """What a study folder has already that can be built upon."""

    folder: Path
    manifest: store.Manifest = field(default_factory=dict)
    damaged: frozenset[str] = frozenset()

    @classmethod
    def of(cls, folder: Path, manifest: store.Manifest | None) -> There:
        """What the folder has, of which ``manifest`` is the manifest."""
        return cls(folder, manifest, frozenset(store.damaged(folder, manifest))) if manifest else cls(folder)

    def has(self, file: str) -> bool:
        """Whether a file is there and whole."""
        return file in self.manifest.get("files", {}) and file not in self.damaged

    def read(self, file: str) -> Piece | None:
        """The counts in a file, if it is there and whole."""
        return unpacked((self.folder / file).read_bytes()) if self.has(file) else None

    @property
    def runs(self) -> int:
        """Runs of the study that is there."""
        return int(self.manifest.get("runs", 0))

    @property
    def parts(self) -> tuple[str, ...]:
        """Parts of the study that is there."""
        return tuple(self.manifest.get("parts", ()))

    def part(self, name: str, identity: str, units: int) -> Done | None:
        """A part of that identity with no more than so many units."""
        note = self.manifest.get("parts", {}).get(name)
        piece = self.read(f"{name}.npz") if note and note["identity"] == identity else None
        return Done(note["units"], identity, piece) if piece is not None and note["units"] <= units else None


@dataclass(frozen=True)
class Maker:
    """Who computes what is missing of a study, and who is told. Without a folder, all is held in memory."""

    planned: Scenario
    folder: Path | None
    engine: Engine = "batch"
    rows: bool = True
    executor: Executor | str | None = None
    progress: Progress | None = None
    announce: Announce | None = None
    scratch: Path | None = None  # where a study without a folder keeps its pieces, if anywhere

    def enough(
        self, there: There | None, looks: Iterable[int], enough: Callable[[Piece, int], bool]
    ) -> Maker:
        """Who makes the study with as many runs as are enough: the first of ``looks`` at which its counts say so.

        ``looks`` ascend from the runs that are there on. What is computed on the way is kept in the journal.
        """
        simulation = Simulation(self.planned, self.engine, self.rows)
        simulation.prepare(self.announce)
        counts = there.read(COUNTS) if there else None
        done = there.runs if there and counts is not None else 0
        for n in looks:
            planned = self.planned.replace({"study.runs": n})
            if n > done:
                pieces = map(_without_rows, self._pieces("runs", replace(simulation, scenario=planned), done))
                counts, done = merged(chain([counts] if counts else [], pieces)), n
            if counts is not None and enough(counts, n):
                return replace(self, planned=planned)
        raise ValueError("no look was enough")

    def make(self, there: There | None, parts: Sequence[str]) -> Made:
        """The study: its plain runs, then each part.

        More runs than are there are added to them.
        """
        simulation = Simulation(self.planned, self.engine, self.rows)
        simulation.prepare(self.announce)
        counts, rows = self._runs(simulation, there)
        return Made(counts, simulation.samples(), rows, {name: self._part(name, there) for name in parts})

    def _runs(self, simulation: Simulation, there: There | None) -> tuple[Piece, pd.DataFrame | Path | None]:
        base, first = None, 0
        if there and 0 < there.runs <= simulation.units and (there.has(RUNS) or not self.rows):
            base = there.read(COUNTS)
            first = there.runs if base is not None else 0
        if self.folder is None:
            piece = merged(self._pieces("runs", simulation, 0))
            return _without_rows(piece), rows_table(rows_of(piece), self.planned) if self.rows else None
        if base is not None and first == simulation.units:
            return base, self.folder / RUNS if self.rows else None
        pieces = self._pieces("runs", simulation, first)
        if not self.rows:
            return merged(chain([base] if base else [], pieces)), None
        path = pieces_of(self.folder) / RUNS
        with RowsFile(path, self.planned) as file:
            if base is not None:
                file.copy(self.folder / RUNS)
            return merged(chain([base] if base else [], map(file.take, pieces))), path

    def _part(self, name: str, there: There | None) -> Done:
        experiment = part(name).experiment(self.planned)
        identity, units = fingerprint(experiment), experiment.units
        base = there.part(name, identity, units) if there else None
        pieces = self._pieces(name, experiment, base.units if base else 0)
        return Done(units, identity, merged(chain([base.piece] if base else [], pieces)))

    def _pieces(self, name: str, experiment: Experiment, first: int) -> Iterator[Piece]:
        identity = fingerprint(experiment)
        home = pieces_of(self.folder) if self.folder else self.scratch
        journal = Journal(home / f"{name}-{identity[:8]}", identity) if home else None
        return carried_out(
            experiment,
            executor=workers(self.engine, self.executor) if name == "runs" else self.executor,
            journal=journal,
            progress=self.progress,
            announce=self.announce,
            first=first,
        )


def _without_rows(piece: Piece) -> Piece:
    """The counts of a piece only."""
    return {name: array for name, array in piece.items() if not name.startswith(ROW)}
