"""Rare wars: their probability from the chance of war on each day of each run, which is summed rather than counted.

A run's hazard is the sum of the exact one-day chances of war (36) over the days that it was played. Its mean over
runs is P(war), without bias: war less hazard is a martingale, day by day (the compensator of Doob & Meyer;
averaging out the last draw is conditional Monte Carlo). A run in which no war came still says how near it was.
The rarer, the more is gained; where war is common, a sum of chances can vary more than a count. Where even the sum
hangs on few runs, those that come near war are split (:mod:`sim.experiments.rare.splitting`), and a run's hazard is
that of all its branches.

How much is gained hangs on how loosely principals choose. In the standoff with war made dear, at a
``decisive.temperature`` of 0.2, one war in 100,000 is known to 10 % from 8,000 runs, where counting takes ten million.
At the standoff's own 0.06, 8,000 runs, split into 43,000 plays, know one in 300 to 8 %, one in 3,700 to 14 % and one
in 74,000 to 22 %; a play then does the work of 1.3, 4 and 37 that are counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.compute.experiment import Piece
from sim.engines.branches import Plays
from sim.experiments.planned_runs import PlannedRuns
from sim.schema.outcomes import FIRST_WAR

FINEST = 60
"""A hazard is summed as a whole number of 2^-60, its square of 2^-120: below 10^-9 to nine digits."""


LIMB, LIMBS = 31, 6
"""Sums are kept in six limbs of 31 bits, which add up in any order for as many as 2^32 pieces."""


LEAST_POWER, MOST_POWER = -FINEST, 16
"""Powers of two between which hazards are sorted by size; a hazard is at most the number of days."""


@dataclass(frozen=True)
class Hazards(PlannedRuns):
    """The hazards of a scenario's own study plan, as an experiment whose units are runs."""

    weight: ClassVar[float] = 1.0

    def compute(self, first: int, count: int) -> Piece:
        """:func:`hazard_counts` of runs ``first`` to ``first + count - 1``."""
        from sim.engines.batch.engine import Program
        from sim.experiments.rare.splitting import grown, levels_for

        own, program, levels = self.planned.study, Program.of(self.planned), levels_for(self.planned)
        if not levels:  # no need to keep the chances of each day
            return hazard_counts(program.simulate(own.seed, first, count, own.days).rows)
        trees = grown(program, Plays.of(first, count), own.seed, own.days, levels)
        return hazard_counts({**trees.rows, "hazard": trees.hazards}, trees.plays)


def hazard_counts(rows: Mapping[str, NDArray[Any]], plays: int | None = None) -> Piece:
    """Whole numbers of some runs, from their columns ``hazard`` and ``outcome``, that add up to any study's.

    rare.runs:  (3,) how many there were, how many of them were a war, and how many plays it took (as many)
    rare.sums:  (2, 6) sum of the hazards in 2^-60, and of their squares in 2^-120, in limbs of 31 bits
    rare.sizes: (78,) how many hazards were of which size: 0, then up to 2^-60, 2^-59, …
    """
    hazard = np.asarray(rows["hazard"], dtype=np.float64)
    wars = np.count_nonzero(np.asarray(rows["outcome"]) >= FIRST_WAR)
    exact = [int(x) for x in np.ldexp(hazard, FINEST)]  # exact: only the power of two changes
    powers = np.clip(np.frexp(hazard)[1], LEAST_POWER, MOST_POWER) - LEAST_POWER + 1
    sizes = np.bincount(np.where(hazard > 0, powers, 0), minlength=MOST_POWER - LEAST_POWER + 2)
    sums = [_limbs(sum(exact)), _limbs(sum(x * x for x in exact))]
    return {
        "rare.runs": np.array([len(hazard), wars, len(hazard) if plays is None else plays], np.int64),
        "rare.sums": np.array(sums, np.int64),
        "rare.sizes": sizes.astype(np.int64),
    }


def _limbs(total: int) -> list[int]:
    """A whole number, lowest limb first."""
    return [total >> LIMB * place & (1 << LIMB) - 1 for place in range(LIMBS)]


def whole(limbs: NDArray[np.int64]) -> int:
    """The whole number of limbs, which may have grown beyond 31 bits by being added."""
    return sum(int(limb) << LIMB * place for place, limb in enumerate(limbs))
