"""One run continued from many of its evenings: what the continuations come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from sim.compute.experiment import Piece
from sim.engines.batch.engine import Program
from sim.engines.branches import Plays
from sim.experiments.planned_runs import identity
from sim.experiments.turning_points.ends import ENDS, ended
from sim.scenario.scenario import Scenario

BEFORE = -1
"""The evening before day 0: the people and the world as they start, and all luck fresh."""


@dataclass(frozen=True)
class Continuations:
    """Units are branches of luck: one run continued with each, from each of some evenings (an Experiment)."""

    scenario: Scenario  # with the seed and the horizon that are used
    run: int
    evenings: tuple[int, ...]
    times: int
    first: int = 1  # branch

    noun: ClassVar[str] = "continuations"

    @property
    def units(self) -> int:
        """How many branches of luck."""
        return self.times

    @property
    def weight(self) -> float:
        """Plain runs that a unit takes."""
        return len(self.evenings)

    def identity(self) -> dict[str, Any]:
        """All that the counts depend on but the number of branches."""
        return identity(self.scenario) | {
            "run": self.run,
            "evenings": list(self.evenings),
            "first": self.first,
        }

    def compute(self, first: int, count: int) -> Piece:
        """``count``: (ends, evenings) that came to each; ``gained``, ``lost``: against the evening before."""
        own = self.scenario.study
        since = [evening + 1 for evening in self.evenings]
        plays = Plays.continuations(self.run, since, count, self.first + first)
        batch = Program.of(self.scenario).play(plays, own.seed, own.days)
        found = ended(batch).reshape(len(ENDS), len(since), count)
        before, after = found[:, :-1], found[:, 1:]
        return {
            "count": found.sum(2),
            "gained": (after & ~before).sum(2),
            "lost": (before & ~after).sum(2),
        }
