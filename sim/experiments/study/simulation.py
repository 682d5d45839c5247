"""The plain study as an experiment: all runs of a scenario, by either engine."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from sim.compute.experiment import ROW, RUNS, Piece, merged
from sim.compute.scheduler import Announce, Progress, carried_out
from sim.engines.tally import Batch, Tally
from sim.engines.warm_up import ready
from sim.experiments.planned_runs import identity as identity
from sim.results.outcomes import harm_counts
from sim.results.tallies import TALLY, tally_of
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import Outcome

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import pandas as pd

    from sim.engines.batch.engine import Program
    from sim.engines.mesa.own_actors import OwnActors


Engine = Literal["batch", "mesa"]
Players = tuple[tuple[str, str, str], ...]
"""Actors of a user's own: the actor, its class, and the digest of the class's source."""

SAMPLED = 5  # runs whose own level is kept, to be drawn as single lines
A_MESA_RUN = 64.0  # plain runs that a run of the Mesa model counts as, so that its pieces take seconds


@dataclass(frozen=True)
class Simulation:
    """All runs of a scenario's own study plan.

    A piece has "row.<column>" for each column of ROW_TYPES if ``rows``, "tally.<field>" for each field of
    :class:`Tally`, and the counts of :func:`sim.results.outcomes.harm_counts`. Units are runs.

    ``players`` say which actors are of a user's own, and ``actors`` are their classes, which only the Mesa engine plays.
    """

    scenario: Scenario
    engine: Engine = "batch"
    rows: bool = True
    players: Players = ()
    actors: OwnActors | None = None

    noun: ClassVar[str] = RUNS

    @property
    def units(self) -> int:
        """Runs."""
        return self.scenario.study.runs

    @property
    def weight(self) -> float:
        """Plain runs of the batch engine that a unit counts as."""
        return A_MESA_RUN if self.engine == "mesa" else 1.0

    def identity(self) -> dict[str, Any]:
        """What pieces depend on: not the engine, for both give the same."""
        return identity(self.scenario) | {"rows": self.rows} | identity_of_players(self.players)

    def compute(self, first: int, count: int) -> Piece:
        """What runs ``first`` to ``first + count - 1`` came to. Raises ScenarioError if a script cannot be followed."""
        batch = self._batch(first, count)
        rows = {f"{ROW}{name}": column for name, column in batch.rows.items()} if self.rows else {}
        tally = {f"{TALLY}{f.name}": getattr(batch.tally, f.name) for f in fields(Tally)}
        return rows | tally | harm_counts(batch.rows, self.scenario)

    def samples(self) -> pd.DataFrame:
        """The first few runs day by day: run, day, level, and state: "ongoing" or what the run has ended in."""
        own = self.scenario.study
        count = min(SAMPLED, own.runs)
        if self.engine == "mesa":
            from sim.engines.mesa.many import levels

            table = levels(self.scenario, own.seed, count, own.days, self.actors)
        else:
            table = self._program.levels(own.seed, count, own.days)
        ends = self._batch(0, count).rows
        names = np.array([outcome.name for outcome in Outcome], dtype=object)
        last = np.repeat(ends["end_day"].astype(np.int64), own.days)
        over = (last >= 0) & (table["day"].to_numpy() >= last)
        return table.assign(state=np.where(over, np.repeat(names[ends["outcome"]], own.days), "ongoing"))

    def prepare(self, announce: Announce | None = None) -> None:
        """Compile the model if that is to be done, in this thread, which Ctrl-C can stop."""
        if self.engine == "batch":
            ready(self.scenario, announce)

    def _batch(self, first: int, count: int) -> Batch:
        own = self.scenario.study
        if self.engine == "mesa":
            from sim.engines.mesa.many import simulate

            return simulate(self.scenario, own.seed, first, count, own.days, self.actors)
        return self._program.simulate(own.seed, first, count, own.days)

    @property
    def _program(self) -> Program:
        from sim.engines.batch.engine import Program

        return Program.of(self.scenario)


def identity_of_players(players: Players) -> dict[str, Any]:
    """What runs depend on besides their scenario if actors of a user's own play; nothing if none do."""
    return {"players": [list(each) for each in players]} if players else {}


def workers(
    engine: Engine, executor: Executor | str | None, actors: OwnActors | None = None
) -> Executor | str | None:
    """Who computes: a Python thread at a time can run, so more than one would only wait for Mesa.

    A user's own actors are played by processes, unless their classes cannot be imported there.
    """
    if engine != "mesa" or executor not in (None, "threads"):
        return executor
    if actors:
        from sim.engines.mesa.own_actors import travel

        return "processes" if travel(actors) else "threads:1"
    return "threads:1"


def tally(planned: Scenario, progress: Progress | None = None) -> Tally:
    """Only the counts by day of a scenario's own study plan."""
    simulation = Simulation(planned, rows=False)
    simulation.prepare()
    return tally_of(merged(carried_out(simulation, progress=progress)))
