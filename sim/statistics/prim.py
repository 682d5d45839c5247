"""Scenario discovery: the box of parameters in which what matters happens (Bryant & Lempert 2010).

PRIM, the patient rule induction method of Friedman & Fisher (1999): from a box that holds all points, peel off
one slice after another, the one that leaves the highest share of interesting points; then paste back what was
peeled too much. A box found in noise looks good too, hence two guards: each restriction has a quasi-p-value,
and the whole box must beat those found after the outcomes were shuffled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
BETA = 0.5
PEEL = 0.05  # share of the box that a slice has
PASTE = 0.01
LEAST = 0.05  # share of all points that a box keeps
SURE = 0.01  # a restriction with a larger quasi-p-value is dropped
SHUFFLES = 99
BELIEVED = 0.05  # a box is believed if no larger a share of shuffles has as good a one


@dataclass(frozen=True)
class Restriction:
    """One side or both sides of a box in one parameter: the limits, both included, and its quasi-p-value."""

    low: float
    high: float
    quasi_p: float


@dataclass(frozen=True)
class Box:
    """A box and how good it is.

    coverage: share of the interesting points that it holds; density: share of its points that are interesting;
    mass: share of all points in it; base: share of all points that are interesting; p: share of shuffles with
    as good a box, the observed one counted
    """

    restrictions: Mapping[int, Restriction]
    coverage: float
    density: float
    mass: float
    base: float
    p: float

    @property
    def believed(self) -> bool:
        """Whether it is better than what noise gives."""
        return bool(self.restrictions) and self.p <= BELIEVED


def discovered(x: Floats, interesting: Bools, seed: int = 1, shuffles: int = SHUFFLES) -> Box:
    """The best box of points ``x`` (points, parameters), restrictions that are not sure dropped.

    The best on the way from all points to few has the highest F-measure. Without
    interesting points, or with nothing else, the box has no restriction. Raises ValueError for no points.
    """
    if x.ndim != 2 or len(x) != len(interesting) or not len(x):
        raise ValueError("one outcome for each point, and at least one point")
    low, high = best(x, interesting)
    score = quality(inside(x, low, high), interesting)
    generator = np.random.default_rng(seed)
    beaten = 0
    for _ in range(shuffles if 0 < interesting.sum() < len(x) else 0):
        shuffled = generator.permutation(interesting)
        beaten += quality(inside(x, *best(x, shuffled)), shuffled) >= score
    low, high = _simplified(x, interesting, low, high)
    held = inside(x, low, high)
    hits = int((held & interesting).sum())
    return Box(
        {
            int(i): Restriction(float(low[i]), float(high[i]), quasi_p(x, interesting, low, high, i))
            for i in restricted(low, high)
        },
        coverage=hits / max(1, int(interesting.sum())),
        density=hits / max(1, int(held.sum())),
        mass=float(held.mean()),
        base=float(interesting.mean()),
        p=(beaten + 1) / (shuffles + 1),
    )


def best(x: Floats, interesting: Bools) -> tuple[Floats, Floats]:
    """Limits of the best box on the way: low and high of each parameter, infinite where there is none."""
    boxes = list(_peeled(x, interesting))
    low, high = max(boxes, key=lambda box: quality(inside(x, *box), interesting))
    return _pasted(x, interesting, low, high)


def inside(x: Floats, low: Floats, high: Floats) -> Bools:
    """Which points lie in a box."""
    return np.asarray(((x >= low) & (x <= high)).all(axis=1))


def quality(held: Bools, interesting: Bools) -> float:
    """The F-measure with β = ½ (van Rijsbergen 1979), in which density counts twice as much as coverage.

    (1 + β²) hits / (points held + β² interesting points).
    """
    weighed = int(held.sum()) + BETA**2 * int(interesting.sum())
    return (1 + BETA**2) * int((held & interesting).sum()) / weighed if weighed else 0.0


def restricted(low: Floats, high: Floats) -> list[int]:
    """Parameters that a box restricts."""
    return [int(i) for i in np.flatnonzero(np.isfinite(low) | np.isfinite(high))]


def quasi_p(x: Floats, interesting: Bools, low: Floats, high: Floats, parameter: int) -> float:
    """How likely the box would hold as many interesting points by chance if this restriction were of no use.

    The upper tail of a binomial with the density of the box without the restriction (Bryant & Lempert 2010).
    """
    from scipy.stats import binom

    held = inside(x, low, high)
    wider = inside(x, *_without(low, high, parameter))
    share = (wider & interesting).sum() / max(1, wider.sum())
    return float(binom.sf((held & interesting).sum() - 1, held.sum(), share))


def _peeled(x: Floats, interesting: Bools) -> Iterator[tuple[Floats, Floats]]:
    """Boxes from that of all points down: each is the one before without the slice whose loss raises the density most."""
    low, high = np.full(x.shape[1], -np.inf), np.full(x.shape[1], np.inf)
    least = max(2, round(LEAST * len(x)))
    while True:
        yield low, high
        held = inside(x, low, high)
        here, hits = x[held], interesting[held]
        if hits.all() or not hits.any():
            return
        step = _slice(here, hits, least)
        if step is None:
            return
        parameter, is_low, limit = step
        low, high = low.copy(), high.copy()
        (low if is_low else high)[parameter] = limit


def _slice(here: Floats, hits: Bools, least: int) -> tuple[int, bool, float] | None:
    """The best slice to peel: parameter, whether from below, and the new limit; None if too few would be left."""
    ordered = np.sort(here, axis=0)
    cut = max(1, int(PEEL * len(here)))
    found: list[tuple[float, int, int, bool, float]] = []
    for is_low, limits in ((True, ordered[cut]), (False, ordered[-cut - 1])):
        kept = here >= limits if is_low else here <= limits
        counts = kept.sum(axis=0)
        density = (kept & hits[:, None]).sum(axis=0) / np.maximum(1, counts)
        for i in np.flatnonzero((counts >= least) & (counts < len(here))):
            found.append((float(density[i]), int(counts[i]), -int(i), is_low, float(limits[i])))
    if not found:
        return None
    _, _, parameter, is_low, limit = max(found)
    return -parameter, is_low, limit


def _pasted(x: Floats, interesting: Bools, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """The box with slices put back, as long as one makes it better."""
    score = quality(inside(x, low, high), interesting)
    while True:
        wider = [
            (quality(inside(x, *each), interesting), -at, each)
            for at, each in enumerate(_wider(x, low, high))
        ]
        if not wider:
            return low, high
        better, _, box = max(wider, key=lambda each: each[:2])
        if better <= score:
            return low, high
        score, (low, high) = better, box


def _wider(x: Floats, low: Floats, high: Floats) -> Iterator[tuple[Floats, Floats]]:
    """The boxes with one limit moved outward past a few of the points beyond it, or away."""
    few = max(1, round(PASTE * len(x)))
    for i in restricted(low, high):
        others = inside(x, *_without(low, high, i))
        column = np.sort(x[others, i])
        if np.isfinite(low[i]):
            beyond = column[column < low[i]]
            moved = low.copy()
            moved[i] = beyond[-few] if len(beyond) >= few else -np.inf
            yield moved, high
        if np.isfinite(high[i]):
            beyond = column[column > high[i]]
            moved = high.copy()
            moved[i] = beyond[few - 1] if len(beyond) >= few else np.inf
            yield low, moved


def _without(low: Floats, high: Floats, parameter: int) -> tuple[Floats, Floats]:
    """The box without its restriction of one parameter."""
    low, high = low.copy(), high.copy()
    low[parameter], high[parameter] = -np.inf, np.inf
    return low, high


def _simplified(x: Floats, interesting: Bools, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """The box without restrictions that are not sure, the least sure dropped first."""
    while True:
        found = {i: quasi_p(x, interesting, low, high, i) for i in restricted(low, high)}
        worst = max(found, key=lambda i: (found[i], i), default=None)
        if worst is None or found[worst] <= SURE:
            return low, high
        low, high = _without(low, high, worst)
