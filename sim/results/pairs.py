"""The same runs twice, with the same luck: how many have come to war in one and not in the other, by day."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compute.experiment import Piece
from sim.schema.outcomes import WARS

Whole = NDArray[np.int64]
BY_DAY = ("gained_by_day", "lost_by_day")


def war_days(outcome: NDArray[np.integer], end_day: NDArray[np.integer], days: int) -> Whole:
    """(runs,) The day on which each run came to war; ``days`` if it did not. Outcomes are codes."""
    wars = np.isin(outcome, [int(war) for war in WARS])
    return np.where(wars, end_day, days).astype(np.int64)


def apart_by_day(days_of_war: Whole, base: Whole, days: int) -> Piece:
    """Of two times (runs,) :func:`war_days`: how many runs are at war at the end of each day here alone, and in ``base`` alone."""
    here, there = np.minimum(days_of_war, days), np.minimum(base, days)
    sooner, later = here < there, here > there
    return dict(
        zip(
            BY_DAY,
            (
                _between(here[sooner], there[sooner], days),
                _between(there[later], here[later], days),
            ),
            strict=True,
        )
    )


def _between(first: Whole, last: Whole, days: int) -> Whole:
    """(days,) How many spans hold each day; a span is from its first day to before its last."""
    begun, over = (np.bincount(at, minlength=days + 1).cumsum() for at in (first, last))
    return np.asarray(begun - over, np.int64)[:days]
