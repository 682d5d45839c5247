"""The table of rare wars, made from counts: their probability with its interval.

The interval is that of Fay & Feuer (1997) for sums of unequal weights: gamma distributions with the mean and the
variance of the sample, for the upper end after one more run with the largest weight there was (rounded up to a
power of two). Weights that are all equal make it the exact interval of a Poisson count. Where all depends on a
handful of runs nobody knows what the next would bring, and no interval made of them can be trusted: if the sum is
worth fewer than 20 equal runs, wars are counted instead.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import ceil, inf, ldexp, sqrt

import numpy as np
import pandas as pd

from sim.compute.experiment import Piece
from sim.experiments.rare.counts import FINEST, LEAST_POWER, whole
from sim.statistics.proportions import RARE, clopper_pearson, effective_size

GAMMA, COUNTED = "gamma", "Clopper-Pearson of the count"


def table_of(piece: Piece) -> pd.DataFrame:
    """A row an outcome, of which war is the only one; columns are the fields of :class:`Probability`."""
    return pd.DataFrame([asdict(probability_of(piece))])


@dataclass(frozen=True)
class Probability:
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


def probability_of(piece: Piece, confidence: float = 0.95) -> Probability:
    """P(war) from the merged counts of :func:`hazard_counts`."""
    n, count, plays = (int(x) for x in piece["rare.runs"])
    total, squares = (whole(limbs) for limbs in piece["rare.sums"])
    effective = effective_size(total, squares)
    if effective < RARE:
        low, high = clopper_pearson(count, n, confidence)
        rate = count / n
        error = sqrt((1 - rate) / count) if count else inf
        return Probability("war", n, plays, rate, low, high, error, 1.0, effective, count, COUNTED)
    value = ldexp(total / n, -FINEST)
    spread = (n * squares - total * total) / n / max(n - 1, 1)  # the sample variance, exact until divided
    variance = ldexp(spread / n, -2 * FINEST)
    largest = ldexp(1.0, int(np.flatnonzero(piece["rare.sizes"])[-1]) - 1 + LEAST_POWER)
    low, high = gamma_interval(value, variance, largest / n, confidence)
    counting = value * (1 - value) / n
    return Probability(
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


def runs_for(relative_error: float, found: Probability) -> tuple[int, int]:
    """Runs that a relative error (standard error over value, such as 0.1) takes: summing, and counting.

    Raises ValueError if not even one run with the outcome was seen and nothing could be summed.
    """
    if not found.value:
        raise ValueError(f"nothing is known of {found.outcome}; there is no saying how many runs it takes")
    summing = found.n * (found.relative_error / relative_error) ** 2
    return max(1, ceil(summing)), ceil((1 - found.value) / found.value / relative_error**2)


def rows(table: pd.DataFrame) -> list[Probability]:
    """The rows of the table."""
    kinds = {"n": int, "plays": int, "count": int, "outcome": str, "method": str}
    return [
        Probability(**{str(key): kinds.get(str(key), float)(value) for key, value in row.items()})
        for row in table.to_dict("records")
    ]
