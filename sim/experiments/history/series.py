"""What is counted of days by runs: who acted next, how often two acts came together, how two series go together.

Series are (days, runs). Whatever is no whole number is counted in 65536ths, so that counts add up in any order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Classes = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]
FRACTION = 65536


def next_day(classes: Classes) -> Whole:
    """The first day from each day on, that day included, on which there is an act; far beyond the last if none."""
    days, runs = classes.shape
    found = np.full((days + 1, runs), 10 * days + 10, np.int64)
    for day in range(days - 1, -1, -1):
        found[day] = np.where(classes[day] > 0, day, found[day + 1])
    return found


def following(classes: Classes, most: int) -> tuple[Whole, Whole]:
    """The class and the lag, 1 to ``most`` days, of the first act after each day; both 0 if there is none so soon."""
    days, _ = classes.shape
    after = next_day(classes)[1:]
    lag = after - np.arange(days)[:, None]
    soon = lag <= most
    there = np.take_along_axis(classes, np.minimum(after, days - 1), axis=0)
    return np.where(soon, there, 0).astype(np.int64), np.where(soon, lag, 0)


def counted_replies(
    triggers: Classes, replies: Classes, counted: Mask, width: tuple[int, int], most: int
) -> Whole:
    """How often an act of each class was followed first by one of each class at each lag: (triggers, replies, most + 1).

    Lag 0 is that of no reply within ``most`` days; only days that are ``counted``.
    """
    reply, lag = following(replies, most)
    places = (triggers.astype(np.int64) * width[1] + reply) * (most + 1) + lag
    size = width[0] * width[1] * (most + 1)
    return np.bincount(places[counted], minlength=size).reshape(*width, most + 1)


def together(ours: Classes, theirs: Classes, width: int) -> tuple[Whole, Whole]:
    """Pairs of our act and theirs of the same or the next day, and how many to expect by each run's own rates.

    Both (width, width); what is expected in 65536ths. A run's expectation: the product of the numbers of both acts,
    over its days, for as many pairs of days as there are.
    """
    days, runs = ours.shape
    observed = np.zeros(width * width, np.int64)
    for lag in (0, 1):
        places = ours[: days - lag].astype(np.int64) * width + theirs[lag:]
        observed += np.bincount(places.ravel(), minlength=width * width)
    n = [np.stack([(series == i).sum(axis=0) for i in range(width)], axis=1) for series in (ours, theirs)]
    product = np.einsum("ri,rj->ij", *n) if runs else np.zeros((width, width), np.int64)
    expected = product * FRACTION * (2 * days - 1) // (days * days)
    return observed.reshape(width, width), expected.astype(np.int64)


def standardised(series: Floats, alive: Mask) -> Floats:
    """Each run's series less its mean, over its standard deviation; 0 where it has ended or never varies."""
    days = np.maximum(alive.sum(axis=0), 1)
    centred = np.where(alive, series - np.where(alive, series, 0.0).sum(axis=0) / days, 0.0)
    deviation = np.sqrt((centred**2).sum(axis=0) / days)
    return np.asarray(centred / np.where(deviation > 0, deviation, 1.0), dtype=np.float64)


def products(ours: Floats, theirs: Floats, alive: Mask, lags: Sequence[int]) -> Whole:
    """(lags, 2) The sum, in 65536ths, of products of standardised series so many days apart, and their number."""
    found = []
    for lag in lags:
        end = max(len(ours) - lag, 0)
        product = ours[:end] * theirs[lag:]
        found.append([int(np.rint(product * FRACTION).sum()), int(alive[lag:].sum())])
    return np.array(found, np.int64).reshape(len(lags), 2)


def histogram(values: Any, most: int) -> Whole:
    """How often each whole number from 0 to ``most`` comes; what is larger counts as ``most``."""
    return np.bincount(np.minimum(np.asarray(values, np.int64), most), minlength=most + 1)
