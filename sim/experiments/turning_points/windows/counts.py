"""Runs with a signal forced on each of some days, against the same runs as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compute.experiment import Piece
from sim.engines.batch.engine import Program
from sim.engines.branches import Plays
from sim.experiments.planned_runs import PlannedRuns
from sim.experiments.turning_points.ends import compared
from sim.experiments.turning_points.forced import forced
from sim.scenario.counterfactual import clear_sighted


@dataclass(frozen=True)
class OnDays(PlannedRuns):
    """Units are runs: each as it is, and with a signal forced where it can be on each of some days (an Experiment)."""

    actor: str
    signal: str
    on: tuple[int, ...]

    @property
    def weight(self) -> float:
        """Plain runs that a unit takes: without the signal, with it on each day, and a twin of each."""
        return 2 * (1 + len(self.on))

    def identity(self) -> dict[str, Any]:
        """All that the counts depend on but the number of runs."""
        return super().identity() | {"actor": self.actor, "signal": self.signal, "on": list(self.on)}

    @property
    def programs(self) -> tuple[tuple[Program, Program], ...]:
        """The crisis as it is and with the signal on each day, and the clear-sighted twin of each."""
        pushed = [forced(self.planned, day, self.actor, self.signal, if_possible=True) for day in self.on]
        return tuple((Program.of(each), Program.of(clear_sighted(each))) for each in (self.planned, *pushed))

    def compute(self, first: int, count: int) -> Piece:
        """``base``: (COMPARED,) without; by day, ``possible``: (days,); ``gained``, ``lost``: (days, COMPARED)."""
        own, plays = self.planned.study, Plays.of(first, count)
        (plain, seeing), *pushed = self.programs
        twin = seeing.play(plays, own.seed, own.days)
        played = plain.play(plays, own.seed, own.days)
        base = compared(played, twin)
        changes, possible = [], []
        for day, (program, clear) in zip(self.on, pushed, strict=True):
            record = program.record(plays, own.seed, own.days)
            # One that gave way to the rival's decisive act is not recorded, and shows only in another outcome.
            sent = self._sent(record.signals[day]) | (record.batch.rows["outcome"] != played.rows["outcome"])
            found = np.where(sent, compared(record.batch, clear.play(plays, own.seed, own.days)), base)
            changes.append(((found & ~base).sum(1), (base & ~found).sum(1)))
            possible.append(int(sent.sum()))
        gained, lost = np.array(changes).transpose(1, 0, 2)
        return {
            "base": base.sum(1),
            "possible": np.array(possible),
            "gained": gained,
            "lost": lost,
        }

    def _sent(self, signals: NDArray[np.uint8]) -> NDArray[np.bool_]:
        """Whether the actor sent the signal in each run, of what all (coercer, target, others by seat) sent."""
        scenario = self.planned
        place = (scenario.coercer, scenario.target, *scenario.third_parties).index(self.actor)
        sent: NDArray[np.bool_] = signals[place] == scenario.ladder.index(self.signal)
        return sent
