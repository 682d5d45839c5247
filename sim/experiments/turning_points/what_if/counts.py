"""One run continued after each of several signals of one day: what the continuations come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim.compute.experiment import Piece
from sim.engines.batch.engine import Program
from sim.engines.branches import Plays
from sim.experiments.planned_runs import identity
from sim.experiments.turning_points.ends import compared
from sim.experiments.turning_points.forced import forced
from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Alternatives:
    """Units are branches of luck: one run continued with each after each of some signals (an Experiment)."""

    scenario: Scenario
    run: int
    day: int
    actor: str
    signals: tuple[str, ...]  # the first is the one that was sent
    times: int

    noun: ClassVar[str] = "continuations"

    @property
    def units(self) -> int:
        """How many branches of luck."""
        return self.times

    @property
    def weight(self) -> float:
        """Plain runs that a unit takes: each signal, and its clear-sighted twin."""
        return 2 * len(self.signals)

    def identity(self) -> dict[str, Any]:
        """All that the counts depend on but the number of branches."""
        return identity(self.scenario) | {
            "run": self.run,
            "day": self.day,
            "actor": self.actor,
            "signals": list(self.signals),
        }

    @property
    def programs(self) -> tuple[Program, ...]:
        """The crisis with each signal forced."""
        each = (forced(self.scenario, self.day, self.actor, signal) for signal in self.signals)
        return tuple(Program.of(scenario) for scenario in each)

    def compute(self, first: int, count: int) -> Piece:
        """(signals, COMPARED): ``count`` came to each; ``gained``, ``lost``: against the first signal.

        ``over``: (signals,) how many were over on the day itself.
        """
        own = self.scenario.study
        plays = Plays.continuations(self.run, [self.day + 1], count, first + 1)
        flags, over = [], []
        for program in self.programs:
            batch = program.play(plays, own.seed, own.days)
            flags.append(compared(batch, program.play(plays, own.seed, own.days, lifted=self.day)))
            over.append(np.count_nonzero(batch.rows["end_day"] == self.day))
        found = np.array(flags)
        return {
            "count": found.sum(2),
            "gained": (found & ~found[0]).sum(2),
            "lost": (found[0] & ~found).sum(2),
            "over": np.array(over),
        }
