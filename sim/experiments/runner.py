"""What asks many scenarios at once (a sweep, levers, sensitivity): its folder, written whole or not at all.

Such a folder lies beside those of studies and is none: its manifest says ``what`` it is, and has no odds.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from sim.compute.experiment import Experiment, Piece, fingerprint, merged
from sim.compute.journal import Journal
from sim.compute.scheduler import Announce, Progress, carried_out
from sim.engines.warm_up import ready
from sim.errors import Interrupted, StoreError, StudyError
from sim.results import store
from sim.results.folder import Findings, Place, findings_in, manifest_of, pieces_of
from sim.scenario.scenario import Scenario
from sim.schema.plans import StudyPlan, SweepPlan


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
            return findings_in(folder, manifest)
    return None


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


def refuse_too_many(runs: int, most: int) -> None:
    """Raise StudyError if a point would have more runs than are held."""
    if runs > most:
        raise StudyError(f"{runs:,} runs a point; at most {most:,} are allowed")
