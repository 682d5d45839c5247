"""How sure a share of runs is: intervals for a binomial proportion, and how to say them.

The only error covered is that of having run a finite number of runs. Whether the rules are right is another
question.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

RARE = 20
"""With fewer events or non-events, Clopper-Pearson's interval: Wilson's covers as little as 84 % there."""


@dataclass(frozen=True)
class Estimate:
    """A share of runs: ``count`` of ``n``, ``rate`` = count/n, its interval ``low``..``high``, in 0..1."""

    count: int
    n: int
    rate: float
    low: float
    high: float
    method: str


def proportion(count: int, n: int, confidence: float = 0.95) -> Estimate:
    """The share ``count`` of ``n`` with its two-sided interval, after Brown, Cai & DasGupta (2001).

    Clopper-Pearson if there are fewer than 20 events or non-events, else Wilson. Raises ValueError unless
    0 <= count <= n, n >= 1 and 0 < confidence < 1.
    """
    count, n = int(count), int(n)
    if not 0 <= count <= n or n < 1:
        raise ValueError(f"{count} of {n} is no proportion")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; it must lie between 0 and 1")
    rare = min(count, n - count) < RARE
    low, high = (clopper_pearson if rare else wilson)(count, n, confidence)
    return Estimate(count, n, count / n, low, high, "Clopper-Pearson" if rare else "Wilson")


def clopper_pearson(count: int, n: int, confidence: float) -> tuple[float, float]:
    """Low and high in 0..1: the shares that an exact binomial test of ``count`` in ``n`` does not reject.

    low = B⁻¹(α/2; k, n-k+1), high = B⁻¹(1-α/2; k+1, n-k), B the regularised incomplete beta function
    (Clopper & Pearson 1934).
    """
    from scipy.special import betaincinv  # here, since it takes 0.2 s to import

    tail = (1 - confidence) / 2
    low = float(betaincinv(count, n - count + 1, tail)) if count > 0 else 0.0
    high = float(betaincinv(count + 1, n - count, 1 - tail)) if count < n else 1.0
    return low, high


def wilson(count: int, n: int, confidence: float) -> tuple[float, float]:
    """Low and high in 0..1: (p̂ + z²/2n ± z √(p̂(1-p̂)/n + z²/4n²)) / (1 + z²/n) (Wilson 1927)."""
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    rate = count / n
    middle = rate + z * z / (2 * n)
    half = z * sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
    return max(0.0, (middle - half) / (1 + z * z / n)), min(1.0, (middle + half) / (1 + z * z / n))


def effective_size(total: float, squares: float) -> float:
    """Of how many equal weights a sum is worth (Kish 1965), from it and the sum of squares: (Σw)²/Σw²; 0 if all are 0."""
    return total * total / squares if squares else 0.0
