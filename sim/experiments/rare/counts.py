"""Rare wars: their probability reckoned from the chance of war on each day of each run, not counted.

A run's hazard is the sum of the exact one-day chances of war (36) over the days that it was played. Its mean over
runs is P(war), without bias: war less hazard is a martingale, day by day (the compensator of Doob & Meyer;
averaging out the last draw is conditional Monte Carlo). A run in which no war came still says how near it was,
so a war of one in 100,000 runs is known to 10 % from some thousand runs, where counting takes ten million. The
rarer, the more is gained; where war is common, a sum of chances can vary more than a count. Where even the sum hangs
on few runs, those that come near war are split (:mod:`sim.experiments.rare.splitting`), and a run's hazard is that of all its branches.

The interval is that of Fay & Feuer (1997) for sums of unequal weights: gamma distributions with the mean and the
variance of the sample, for the upper end after one more run with the largest weight there was (rounded up to a
power of two). Weights that are all equal make it the exact interval of a Poisson count. Where all depends on a
handful of runs nobody knows what the next would bring, and no interval made of them can be trusted: if the sum is
worth fewer than 20 equal runs, wars are counted instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, inf, ldexp, sqrt
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.compute.experiment import Piece
from sim.engines.branches import Plays
from sim.experiments.planned_runs import PlannedRuns
from sim.schema.outcomes import FIRST_WAR
from sim.statistics.proportions import RARE, clopper_pearson, effective_size

if TYPE_CHECKING:
    import pandas as pd


OUTCOMES = ("war",)
"""What can be reckoned: the outcomes whose chances of a day are summed in a run's row."""


GAMMA, COUNTED = "gamma", "Clopper-Pearson of the count"
FINEST = 60
"""A hazard is summed as a whole number of 2^-60, its square of 2^-120: below 10^-9 to nine digits."""


LIMB, LIMBS = 31, 6
"""Sums are kept in six limbs of 31 bits, which add up in any order for as many as 2^32 pieces."""


LEAST_POWER, MOST_POWER = -FINEST, 16
"""Powers of two between which hazards are sorted by size; a hazard is at most the number of days."""


# What is summed ---------------------------------------------------------------------------------


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
    whole = [int(x) for x in np.ldexp(hazard, FINEST)]  # exact: only the power of two changes
    powers = np.clip(np.frexp(hazard)[1], LEAST_POWER, MOST_POWER) - LEAST_POWER + 1
    sizes = np.bincount(np.where(hazard > 0, powers, 0), minlength=MOST_POWER - LEAST_POWER + 2)
    sums = [_limbs(sum(whole)), _limbs(sum(x * x for x in whole))]
    return {
        "rare.runs": np.array([len(hazard), wars, len(hazard) if plays is None else plays], np.int64),
        "rare.sums": np.array(sums, np.int64),
        "rare.sizes": sizes.astype(np.int64),
    }


def _limbs(total: int) -> list[int]:
    """A whole number, lowest limb first."""
    return [total >> LIMB * place & (1 << LIMB) - 1 for place in range(LIMBS)]


def _whole(limbs: NDArray[np.int64]) -> int:
    """The whole number of limbs, which may have grown beyond 31 bits by being added."""
    return sum(int(limb) << LIMB * place for place, limb in enumerate(limbs))


# What is reckoned -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reckoned:
    """The probability of an outcome: ``value`` with its 95 % interval ``low``..``high``, over ``n`` runs.

    relative_error: standard error over value; inf if there is nothing to go by
    plays:          what that took: runs, and the branches of those that were split
    variance_ratio: how many times as many plays it would take to count for that standard error
    effective:      of how many equal hazards the sum is worth (Kish 1965): (Σh)²/Σh²
    count:          runs with the outcome, for comparison
    method:         "gamma", or "Clopper-Pearson of the count" if the sum is worth fewer than 20
    """

    outcome: str
    n: int
    plays: int
    value: float
    low: float
    high: float
    relative_error: float
    variance_ratio: float
    effective: float
    count: int
    method: str


def reckoned(piece: Piece, confidence: float = 0.95) -> Reckoned:
    """P(war) from the merged counts of :func:`hazard_counts`."""
    n, count, plays = (int(x) for x in piece["rare.runs"])
    total, squares = (_whole(limbs) for limbs in piece["rare.sums"])
    effective = effective_size(total, squares)
    if effective < RARE:
        low, high = clopper_pearson(count, n, confidence)
        rate = count / n
        error = sqrt((1 - rate) / count) if count else inf
        return Reckoned("war", n, plays, rate, low, high, error, 1.0, effective, count, COUNTED)
    value = ldexp(total / n, -FINEST)
    spread = (n * squares - total * total) / n / max(n - 1, 1)  # the sample variance, exact until divided
    variance = ldexp(spread / n, -2 * FINEST)
    largest = ldexp(1.0, int(np.flatnonzero(piece["rare.sizes"])[-1]) - 1 + LEAST_POWER)
    low, high = gamma_interval(value, variance, largest / n, confidence)
    counting = value * (1 - value) / n
    return Reckoned(
        "war",
        n,
        plays,
        value,
        low,
        min(1.0, high),
        sqrt(variance) / value,
        counting / variance * n / plays if variance else inf,
        effective,
        count,
        GAMMA,
    )


def gamma_interval(
    value: float, variance: float, largest: float, confidence: float = 0.95
) -> tuple[float, float]:
    """Low and high of a sum of unequal weights after Fay & Feuer (1997).

    Quantiles of gamma distributions with mean ``value`` and ``variance``, for the upper end with one more weight
    of size ``largest``. All weights 1 and n of them: the exact interval of a Poisson count n.
    """
    from scipy.special import gammaincinv  # here, since it takes 0.2 s to import

    def quantile(mean: float, spread: float, chance: float) -> float:
        return float(gammaincinv(mean * mean / spread, chance)) * spread / mean if spread else mean

    tail = (1 - confidence) / 2
    return quantile(value, variance, tail), quantile(value + largest, variance + largest**2, 1 - tail)


def runs_for(relative_error: float, found: Reckoned) -> tuple[int, int]:
    """Runs that a relative error (standard error over value, such as 0.1) takes: reckoning, and counting.

    Raises ValueError if not even one run with the outcome was seen and nothing could be reckoned.
    """
    if not found.value:
        raise ValueError(f"nothing is known of {found.outcome}; there is no saying how many runs it takes")
    reckoning = found.n * (found.relative_error / relative_error) ** 2
    return max(1, ceil(reckoning)), ceil((1 - found.value) / found.value / relative_error**2)


def rows(table: pd.DataFrame) -> list[Reckoned]:
    """The rows of the table."""
    kinds = {"n": int, "plays": int, "count": int, "outcome": str, "method": str}
    return [
        Reckoned(**{str(key): kinds.get(str(key), float)(value) for key, value in row.items()})
        for row in table.to_dict("records")
    ]
