"""Observables added up over runs as whole numbers, and what the sums say: a value, or a paired difference."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.compute.experiment import Piece
from sim.results.observables import OBSERVED, SCALE
from sim.schema.claims import Observable
from sim.statistics.differences import Difference, mean, paired_proportions
from sim.statistics.proportions import proportion

Whole = NDArray[np.int64]
DIFFERING = ("difference", "difference_squares", "gained", "lost")
"""What is counted of a difference, run by run."""


def summed(values: Whole) -> Piece:
    """Of (…, runs): ``sum`` and ``squares``, the sum of squares, over runs."""
    return {"sum": values.sum(axis=-1), "squares": (values * values).sum(axis=-1)}


def apart(values: Whole, base: Whole) -> Piece:
    """Of two times (…, runs), what differs run by run: its sum and that of its squares, runs with more and with fewer."""
    difference = values - base
    return {
        "difference": difference.sum(axis=-1),
        "difference_squares": (difference * difference).sum(axis=-1),
        "gained": (difference > 0).sum(axis=-1),
        "lost": (difference < 0).sum(axis=-1),
    }


def value_of(name: Observable, total: int, squares: int, n: int) -> tuple[float, float, float]:
    """An observable over n runs in its unit, with its interval: value, low, high."""
    if OBSERVED[name].share:
        share = proportion(total, n)
        return share.rate, share.low, share.high
    found = mean(total, squares, n, 1 / SCALE)
    return found.value, found.low, found.high


def difference_of(name: Observable, sums: Mapping[str, int], n: int) -> Difference:
    """A paired difference over n runs in the observable's unit, from what :func:`apart` gives of one."""
    if OBSERVED[name].share:
        return paired_proportions(sums["gained"], sums["lost"], n)
    return mean(sums["difference"], sums["difference_squares"], n, 1 / SCALE)
