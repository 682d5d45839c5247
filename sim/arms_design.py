"""Points of a design: the same arms, with the numbers around them moved, compared under common luck at each point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.arms import Pair, apart_in_pairs, beside_twin
from sim.claim import NAMES, Observable
from sim.design import latin_shares
from sim.experiment import Piece
from sim.observed import OBSERVED
from sim.paired import Difference
from sim.scenario import Scenario
from sim.sources import sources_digest
from sim.sums import difference_of

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class DesignExperiment:
    """Paired differences of one observable at every point of a design; a unit is a point.

    arms:   the scenarios that are compared; no arm may differ from another in a key of the design
    pairs:  which of them, from and to
    keys:   dotted keys of the numbers that are moved
    points: a row of values for each point
    runs:   how many runs each arm has at each point
    fresh:  whether each point has runs of its own, so that points are independent; else all share the same
    """

    arms: Mapping[str, Scenario]
    pairs: tuple[Pair, ...]
    observable: Observable
    keys: tuple[str, ...]
    points: tuple[tuple[float, ...], ...]
    runs: int
    days: int
    seed: int
    fresh: bool

    noun: ClassVar[str] = "points"

    @property
    def units(self) -> int:
        """How many points."""
        return len(self.points)

    @property
    def weight(self) -> float:
        """Plain runs a point takes as long as."""
        return float(self.runs * len(self.arms) * (2 if OBSERVED[self.observable].twin else 1))

    def identity(self) -> dict[str, Any]:
        """All that results depend on: the points too, as their number decides where they lie."""
        return {
            "what": "design",
            "arms": {name: arm.digest() for name, arm in self.arms.items()},
            "pairs": [list(pair) for pair in self.pairs],
            "observable": self.observable,
            "keys": list(self.keys),
            "points": [list(point) for point in self.points],
            "runs": self.runs,
            "days": self.days,
            "seed": self.seed,
            "sources": sources_digest(),
            "fresh": self.fresh,
        }

    def compute(self, first: int, count: int) -> Piece:
        """Of each point and pair, (points, pairs): sum and sum of squares of the difference, runs gained and lost."""
        points = [self._point(place) for place in range(first, first + count)]
        return {f"row.{name}": np.stack([point[name] for point in points]) for name in points[0]}

    def _point(self, place: int) -> dict[str, NDArray[np.int64]]:
        overrides = dict(zip(self.keys, self.points[place], strict=True))
        start = place * self.runs if self.fresh else 0
        twin, row = OBSERVED[self.observable].twin, NAMES.index(self.observable)
        values = {
            name: beside_twin(arm.replace(overrides), self.seed, start, self.runs, self.days, twin)[0][row]
            for name, arm in self.arms.items()
        }
        return apart_in_pairs(values, self.pairs)

    def difference(self, piece: Piece, point: int, pair: int) -> Difference:
        """The paired difference at a point, in the observable's unit."""
        counts = {name.removeprefix("row."): int(array[point, pair]) for name, array in piece.items()}
        return difference_of(self.observable, counts, self.runs)


def latin_hypercube(
    ranges: Sequence[tuple[float, float]], points: int, seed: int
) -> tuple[tuple[float, ...], ...]:
    """``points`` rows of one value for each range, each range cut in ``points`` strata that are hit once each.

    McKay, Beckman & Conover (1979). The same seed gives the same rows.
    """
    unit = latin_shares(len(ranges), points, seed)
    low, high = np.array(ranges).T
    return tuple(tuple(float(x) for x in row) for row in low + unit * (high - low))
