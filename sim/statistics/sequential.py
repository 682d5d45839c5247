"""Precision by design: runs until shares are known to within a half-width that was asked for.

The study is looked at when it has ⌈2^(j/2)⌉ runs, j = 0, 1, 2, …: 1,024, 1,449, 2,048, … At a look a target is
reached if the interval of Clopper & Pearson (1934) at 97 % lies within ± its half-width of the share seen; then
that share, ± the half-width, is its interval.

Why it holds although the runs decide when to stop. An interval that is wrong at a look where its target is
reached has its true share p outside Clopper-Pearson's, which has a chance of 3 % at any one look. At the next looks
the same half-width is worth ever more standard errors, so by Boole's inequality the chance that it is wrong at
*any* look where the target is reached is at most 2 Σᵢ (1 - Φ(2.17 · 2^(i/4))) = 4.2 % in the limit of small
half-widths, and less than 5 % for every p and half-width (``tests/statistics/test_sequential.py`` sums the binomial tails). It
therefore holds at whichever such look one stops, for whatever reason: this target, others, or patience.

What it costs: 23 % more runs than a fixed number would take for one who knew p, for 97 in place of 95 %, and
up to 41 % more for waiting until the next look. An interval that holds at every single run, such as Robbins' (1970)
mixture, costs 140 %.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count as counting
from itertools import takewhile
from math import ceil, sqrt

from sim.statistics.proportions import Estimate, clopper_pearson

PER_LOOK = 0.97
"""Confidence of the interval that decides at a single look; all looks together have more than 95 %."""


@dataclass(frozen=True, order=True)
class Target:
    """A share of runs that is to be known to ± ``half_width``, 0.00001 to 0.2 (0.005 is half a point)."""

    observable: str
    half_width: float


# When it is reached -----------------------------------------------------------------------------


def enough(count: int, n: int, target: Target) -> bool:
    """Whether the share ``count`` of ``n`` is known as well as is asked for. Ask at looks only."""
    low, high = clopper_pearson(count, n, PER_LOOK)
    rate = count / n
    return max(high - rate, rate - low) <= target.half_width


def reached(counts: Mapping[str, int], n: int, targets: Sequence[Target]) -> bool:
    """Whether all targets are reached with these counts of ``n`` runs; the place to stop, at a look."""
    return all(enough(counts[target.observable], n, target) for target in targets)


def interval(count: int, n: int, target: Target) -> Estimate:
    """The share with its 95 % interval, ± the half-width, cut off at 0 and 1.

    Valid at whichever look with the target reached one stops. Raises ValueError if it is not reached.
    """
    if not enough(count, n, target):
        raise ValueError(f"{count} of {n} is not known to ± {target.half_width}")
    rate, half = count / n, target.half_width
    return Estimate(count, n, rate, max(0.0, rate - half), min(1.0, rate + half), "fixed width")


# How many runs ----------------------------------------------------------------------------------


def looks() -> Iterator[int]:
    """The numbers of runs at which studies are looked at: ⌈2^(j/2)⌉ from 1 on, without end."""
    last = 0
    for j in counting():
        n = ceil(sqrt(2**j))
        if n > last:
            yield n
        last = n


def schedule(targets: Sequence[Target]) -> tuple[int, ...]:
    """Numbers of runs to look at: from where the targets can all be reached to where they must be.

    It depends on the targets alone, so the same study stops at the same look, however often interrupted.
    """
    if not targets:
        raise ValueError("no targets, no looks")
    first = max(planned_runs(target, 0.0) for target in targets)
    last = max(most_runs(target) for target in targets)
    return tuple(n for n in takewhile(lambda n: n <= last, looks()) if n >= first)


def planned_runs(target: Target, guess: float) -> int:
    """Where it will stop if a share ``guess`` of the runs counts; the earliest is where none of them does."""
    if not 0 <= guess <= 1:
        raise ValueError(f"the guess is {guess}; it must be a share between 0 and 1")
    return next(n for n in looks() if enough(round(guess * n), n, target))


def most_runs(target: Target) -> int:
    """Where it will have stopped whatever is counted."""
    return next(n for n in looks() if enough(_hardest(n), n, target))


def _hardest(n: int) -> int:
    """The count of ``n`` whose interval reaches furthest: a little less than half; the distance has one summit."""

    def reach(count: int) -> float:
        return clopper_pearson(count, n, PER_LOOK)[1] - count / n

    low, high = 0, n // 2
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if reach(middle) < reach(middle + 1) else (low, middle)
    return low
