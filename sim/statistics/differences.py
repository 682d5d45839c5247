"""How sure a difference is: intervals for what changes between runs that share their luck, and how to say them.

As in :mod:`sim.statistics.proportions`, the only error covered is that of having run a finite number of runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from sim.statistics.proportions import wilson

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Difference:
    """A difference or a mean over ``n`` runs: ``value``, its interval ``low``..``high``, standard error ``se``.

    All four in the unit of what was measured; a difference of shares lies in -1..1. ``se`` is that of the
    runs as they came out; the interval, by ``method``, may be more careful.
    """

    n: int
    value: float
    low: float
    high: float
    se: float
    method: str

    @property
    def distinguishable(self) -> bool:
        """Whether the interval leaves 0 out."""
        return self.low > 0 or self.high < 0

    @property
    def unchanged(self) -> bool:
        """Whether not a single run differs."""
        return self.value == 0 and self.se == 0


def in_row(row: Mapping[Any, Any] | pd.Series[Any]) -> Difference:
    """The difference that a row of a table holds: n, value, low, high, and se if there is one, else from the interval."""
    value, low, high = (float(row[name]) for name in ("value", "low", "high"))
    se = float(row["se"]) if "se" in row else (high - low) / (2 * _z(0.95))
    return Difference(int(row["n"]), value, low, high, se, "")


def in_columns(difference: Difference) -> dict[str, Any]:
    """A difference as columns of a table of effects: n, value, low, high, se, distinguishable."""
    ends = {name: getattr(difference, name) for name in ("n", "value", "low", "high", "se")}
    return ends | {"distinguishable": difference.distinguishable}


def paired_proportions(gained: int, lost: int, n: int, confidence: float = 0.95) -> Difference:
    """p₁ - p₀, two shares of the same ``n`` runs, after Bonett & Price (2012).

    ``gained`` runs count in 1 and not in 0, ``lost`` runs the other way round. Wald's interval after one run
    of each kind was added; the value is the plain (gained - lost)/n. At 95 % it covers at least 92 % from 20
    runs on and 88 % before. Raises ValueError unless both are 0 or more, their sum is ``n`` at most, and n >= 1.
    """
    gained, lost, n = int(gained), int(lost), int(n)
    if min(gained, lost) < 0 or gained + lost > n:
        raise ValueError(f"{gained} gained and {lost} lost of {n} are no two shares of the same runs")
    low, value, high, se = _adjusted_wald(gained - lost, gained + lost, n, 1, confidence)
    return Difference(n, value, low, high, se, "Bonett-Price")


def mean(
    total: int,
    squares: int,
    n: int,
    scale: float = 1.0,
    bound: int | None = None,
    confidence: float = 0.95,
) -> Difference:
    """``scale`` times the mean of ``n`` whole numbers, from their sum and the sum of their squares.

    Where no number can lie beyond ±``bound``, Bonett & Price's idea: Wald's interval after one number at each
    bound was added, so that what was never seen is not held to be impossible. Else Student's t; it is
    boundless for n = 1, and a point if all numbers are equal. Raises ValueError if no n numbers have such sums.
    """
    total, squares, n = int(total), int(squares), int(n)
    if n < 1 or n * squares < total * total or (bound is not None and squares > n * bound * bound):
        raise ValueError(f"no {n} numbers have the sum {total} and the sum of squares {squares}")
    if bound is None:
        low, value, high, se = _student(total, squares, n, confidence)
    else:
        low, value, high, se = _adjusted_wald(total, squares, n, bound, confidence)
    method = "Student" if bound is None else "adjusted Wald"
    low, high = sorted((scale * low, scale * high))
    return Difference(n, scale * value, low, high, abs(scale) * se, method)


def independent(count1: int, n1: int, count0: int, n0: int, confidence: float = 0.95) -> Difference:
    """p₁ - p₀ of runs that share no luck, after Newcombe (1998, method 10); its ``n`` is the smaller one.

    Raises ValueError unless 0 <= count <= n and n >= 1 for both.
    """
    for count, n in ((count1, n1), (count0, n0)):
        if not 0 <= count <= n or n < 1:
            raise ValueError(f"{count} of {n} is no proportion")
    p1, p0 = count1 / n1, count0 / n0
    (low1, high1), (low0, high0) = wilson(count1, n1, confidence), wilson(count0, n0, confidence)
    return Difference(
        min(n1, n0),
        p1 - p0,
        p1 - p0 - sqrt((p1 - low1) ** 2 + (high0 - p0) ** 2),
        p1 - p0 + sqrt((high1 - p1) ** 2 + (p0 - low0) ** 2),
        sqrt(p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0),
        "Newcombe",
    )


def variance_saved(gained: int, lost: int, count1: int, count0: int, n: int) -> float | None:
    """How many times as many runs independent seeds would need for the same precision of p₁ - p₀.

    Var(independent)/Var(paired), (p₁q₁ + p₀q₀) / ((gained + lost)/n - (p₁ - p₀)²): 1 if common luck saves
    nothing, inf if every run differs alike (or none does), None where nothing ever varies.
    """
    if gained - lost != count1 - count0:
        raise ValueError(f"{gained} gained and {lost} lost do not lead from {count0} to {count1}")
    apart = count1 * (n - count1) + count0 * (n - count0)
    together = n * (gained + lost) - (gained - lost) ** 2
    if together:
        return apart / together
    return inf if apart else None


def cell_bounds(wars: int, twin_wars: int, n: int) -> tuple[float, float]:
    """Between which shares the miscalculated cell must lie, however luck were shared with the twins.

    max(0, p₁ - p₀) and min(p₁, 1 - p₀), the bounds of Fréchet (1951).
    """
    return max(0, wars - twin_wars) / n, min(wars, n - twin_wars) / n


def _adjusted_wald(
    total: int, squares: int, n: int, bound: int, confidence: float
) -> tuple[float, float, float, float]:
    """Low, plain mean, high and plain standard error of numbers in -bound..bound; one more at each bound."""
    if n < 1:
        raise ValueError("no runs, no difference")
    more = n + 2
    middle = total / more
    half = _z(confidence) * sqrt((more * (squares + 2 * bound * bound) - total * total) / more) / more
    se = sqrt((n * squares - total * total) / n) / n
    return max(-bound, middle - half), total / n, min(bound, middle + half), se


def _student(total: int, squares: int, n: int, confidence: float) -> tuple[float, float, float, float]:
    """Low, mean, high and standard error by Student's t."""
    from scipy.special import stdtrit  # here, since it takes 0.2 s to import

    if n == 1:
        return -inf, float(total), inf, inf
    value = total / n
    se = sqrt((n * squares - total * total) / (n - 1)) / n
    half = float(stdtrit(n - 1, (1 + confidence) / 2)) * se
    return value - half, value, value + half, se


def _z(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; it must lie between 0 and 1")
    return NormalDist().inv_cdf((1 + confidence) / 2)
