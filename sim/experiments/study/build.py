"""Make a study's contents: take what its folder has already, compute what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.compute.experiment import ROW, Piece, fingerprint, merged
from sim.experiments.question import Stage
from sim.experiments.runner import Means, computed, pieces_from
from sim.experiments.study.question import StudyQuestion
from sim.experiments.study.simulation import SAMPLED, Engine, Simulation, workers
from sim.experiments.study.verify import EVENTS_FILE, ROWS_FILE, SAMPLES_FILE
from sim.results.events import EVENTS, events_table, write_events
from sim.results.folder import TABLE, Kept, pieces_of
from sim.results.rows import RowsFile, rows_of, rows_table
from sim.results.study import COUNTS

if TYPE_CHECKING:
    from sim.engines.mesa.own_actors import OwnActors


@dataclass(frozen=True)
class StudyContents:
    """All that a study's files are made from.

    counts: what each stage came to, by its name
    notes:  units and identity of each stage, as the manifest says them
    rows:   the table of a row a run, the file that it lies in, or None
    events: the same of the events of the first runs
    logged: how many runs these are
    """

    counts: dict[str, Piece]
    notes: Mapping[str, Any]
    samples: pd.DataFrame
    rows: pd.DataFrame | Path | None
    events: pd.DataFrame | Path | None = None
    logged: int = 0


@dataclass(frozen=True)
class StudyBuilder:
    """Who makes a study's contents. Without ``kept``, all is held in memory.

    kept:    what its folder has already
    rows:    whether a row a run is wanted
    events:  of how many runs, the first, the event log is wanted; of all if there are fewer
    scratch: where the pieces of plain runs lie if nothing is kept, if anywhere
    actors:  classes of a user's own, which the Mesa engine plays
    """

    question: StudyQuestion
    means: Means
    kept: Kept | None = None
    engine: Engine = "batch"
    rows: bool = True
    events: int = 0
    scratch: Path | None = None
    actors: OwnActors | None = None

    @property
    def simulation(self) -> Simulation:
        """The plain runs, ready to be computed."""
        own = self.question
        found = Simulation(own.scenario, self.engine, self.rows, own.players, self.actors)
        found.prepare(self.means.announce)
        return found

    def reaching(self, looks: Iterable[int], enough: Callable[[Piece, int], bool]) -> StudyQuestion:
        """The study with as many runs as are enough: the first of ``looks`` at which its counts say so.

        ``looks`` ascend from the runs that are there on. What is computed on the way is kept in the journal.
        """
        simulation, counts, done = self.simulation, None, 0
        for n in looks:
            question = self.question.of(n)
            if counts is None:
                done, counts = self._there(replace(simulation, scenario=question.scenario)) or (0, None)
            if n > done:
                pieces = self._pieces(replace(simulation, scenario=question.scenario), done)
                counts, done = merged(chain([counts] if counts else [], map(_without_rows, pieces))), n
            if counts is not None and enough(counts, n):
                return question
        raise ValueError("no look was enough")

    def build(self) -> StudyContents:
        """The study's contents: its plain runs, then each part. More runs than are there are added to them."""
        simulation = self.simulation
        runs, rows = self._runs(simulation)
        counts, notes = computed(self.question, self.means, self.kept, {COUNTS: runs})
        logged = min(self.events, simulation.units)
        return StudyContents(
            counts, notes, self._samples(simulation), rows, self._events(simulation, logged), logged
        )

    def _events(self, simulation: Simulation, logged: int) -> pd.DataFrame | Path | None:
        """The events of the first runs; those that lie there are taken as far as they go."""
        kept = self.kept
        if not logged:
            return None
        if self.means.announce:
            self.means.announce(f"Keeping the events of {logged:,} runs.")
        if kept is None:
            return events_table(simulation.scenario, logged)
        usable = kept.has(EVENTS_FILE) and self._there(simulation) is not None
        old, there = (kept.folder / EVENTS_FILE, int(kept.manifest[EVENTS])) if usable else (None, 0)
        if old and there == logged:
            return old
        return write_events(pieces_of(kept.folder) / EVENTS_FILE, simulation.scenario, logged, old, there)

    def _there(self, simulation: Simulation) -> tuple[int, Piece] | None:
        """How many plain runs are there, and their counts, if they can be built upon."""
        if self.kept is None:
            return None
        return self.kept.counts(COUNTS, fingerprint(replace(simulation, rows=False)), simulation.units)

    def _runs(self, simulation: Simulation) -> tuple[Piece, pd.DataFrame | Path | None]:
        kept, scenario = self.kept, simulation.scenario
        if kept is None:
            piece = merged(self._pieces(simulation, 0))
            return _without_rows(piece), rows_table(rows_of(piece), scenario) if self.rows else None
        usable = kept.has(ROWS_FILE) or not self.rows
        first, counts = (self._there(simulation) if usable else None) or (0, None)
        if counts is not None and first == simulation.units:
            return counts, kept.folder / ROWS_FILE if self.rows else None
        begun, pieces = [] if counts is None else [counts], self._pieces(simulation, first)
        if not self.rows:
            return merged(chain(begun, pieces)), None
        path = pieces_of(kept.folder) / ROWS_FILE
        with RowsFile(path, scenario) as file:
            if begun:
                file.copy(kept.folder / ROWS_FILE)
            return merged(chain(begun, map(file.take, pieces))), path

    def _samples(self, simulation: Simulation) -> pd.DataFrame:
        """The first few runs day by day, as they lie there if they are as many."""
        kept = self.kept
        there = min(SAMPLED, kept.manifest.get("runs", 0)) if kept else 0
        if kept and there == min(SAMPLED, simulation.units) and kept.has(SAMPLES_FILE):
            return kept.table(SAMPLES_FILE.removesuffix(TABLE))
        return simulation.samples()

    def _pieces(self, simulation: Simulation, first: int) -> Iterator[Piece]:
        means = replace(self.means, executor=workers(self.engine, self.means.executor, self.actors))
        if means.begin:
            means.begin(Stage(COUNTS, simulation))
        folder = self.kept.folder if self.kept else self.scratch
        pieces: Iterator[Piece] = pieces_from(simulation, COUNTS, folder, means, first)
        return self._timed(pieces, simulation.units - first) if self.actors else pieces

    def _timed(self, pieces: Iterator[Piece], runs: int) -> Iterator[Piece]:
        """The pieces; after the last, it is announced how fast they came."""
        began = monotonic()
        yield from pieces
        seconds = max(monotonic() - began, 1e-9)
        if self.means.announce:
            self.means.announce(
                f"{runs:,} runs by the Mesa model in {seconds:,.0f} s: {runs / seconds:,.0f} a second."
            )


def _without_rows(piece: Piece) -> Piece:
    """The counts of a piece only."""
    return {name: array for name, array in piece.items() if not name.startswith(ROW)}
