"""Many points of a design under common luck, each beside the scenario as it is: an experiment.

All points have the same seed and run numbers, so that run 17 of one is run 17 of any other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.compute.experiment import Piece
from sim.compute.fingerprints import counts_digest
from sim.engines.tally import Rows
from sim.experiments.arms.counts import Pair, apart_in_pairs, beside_twin
from sim.experiments.design import Point, laid
from sim.results.observables import OBSERVED, observed
from sim.results.sums import DIFFERING, apart, difference_of, summed, value_of
from sim.scenario.scenario import Scenario
from sim.schema.claims import NAMES, Observable
from sim.statistics.differences import Difference

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
            "sources": counts_digest(),
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


Whole = NDArray[np.int64]
Summary = Callable[[Whole], dict[str, Whole]]


@dataclass(frozen=True)
class DesignRows:
    """DesignRows of points over ``keys``; a unit is a row. Row j plays runs j n to (j + 1) n - 1, n a point.

    ``summary`` makes a row's sums of its (points, quantities, runs) whole numbers; a piece has them as
    "row.NAME", one entry a row.
    """

    scenario: Scenario
    keys: tuple[str, ...]
    rows: tuple[tuple[Point, ...], ...]
    wanted: tuple[Observable, ...]
    summary: Summary
    runs: int
    days: int
    seed: int

    noun: ClassVar[str] = "rows"

    @property
    def units(self) -> int:
        """DesignRows."""
        return len(self.rows)

    @property
    def weight(self) -> float:
        """Plain runs a unit takes as long as."""
        return 2.0 * self.runs * max((len(row) for row in self.rows), default=1)

    def identity(self) -> dict[str, Any]:
        """All that results depend on, the number of rows excepted."""
        return {
            "what": self.summary.__name__,
            "scenario": self.scenario.digest(),
            "keys": list(self.keys),
            "rows": hashlib.sha256(repr(self.rows).encode()).hexdigest(),
            "wanted": list(self.wanted),
            "runs": self.runs,
            "days": self.days,
            "seed": self.seed,
            "sources": counts_digest(),
        }

    def compute(self, first: int, count: int) -> Piece:
        """The sums of rows ``first`` to ``first + count - 1``."""
        found = [self.summary(self.values(row)) for row in range(first, first + count)]
        return {f"row.{name}": np.stack([each[name] for each in found]) for name in found[0]}

    def values(self, row: int) -> Whole:
        """What the runs of a row came to: (points, quantities, runs), measures in 256ths."""
        places = [quantities(True).index(name) for name in self.wanted]
        every = []
        for point in self.rows[row]:
            scenario = laid(self.scenario, dict(zip(self.keys, point, strict=True)))
            found, _ = played(scenario, self.seed, row * self.runs, self.runs, self.days, twins=True)
            every.append(found[places])
        return np.stack(every)


MOST_RUNS = 1_000_000
"""Runs a point: those of the scenario as it is are held in memory."""


def quantities(twins: bool) -> tuple[Observable, ...]:
    """What is observed of each point: without twins, nothing that rests on them."""
    return tuple(name for name in NAMES if twins or not OBSERVED[name].twin)


def played(
    scenario: Scenario, seed: int, first: int, count: int, days: int, twins: bool
) -> tuple[Whole, Rows]:
    """All quantities of some runs, (quantities, runs), and the rows of the runs and of their twins."""
    from sim.engines.batch.engine import Program

    program = Program.of(scenario)
    sighted = (program, program.seeing_clearly()) if twins else (program,)
    batches = [each.simulate(seed, first, count, days) for each in sighted]
    found = observed(scenario, batches[0], batches[1] if twins else None)
    rows = {f"{at}.{name}": row for at, batch in enumerate(batches) for name, row in batch.rows.items()}
    return np.stack([found[name] for name in quantities(twins)]), rows


@dataclass(frozen=True)
class Points:
    """Points, each laid over ``scenario``; a unit is a point with all its runs.

    A piece has, a row a point: "row.sum", "row.squares" (points, quantities) over runs; "row.difference",
    "row.difference_squares", "row.gained", "row.lost" the same of what differs, run by run, from the scenario
    as it is; "row.changed" (points,) runs in which anything in the row differs, of the run or of its twin.
    """

    scenario: Scenario
    points: tuple[Mapping[str, float], ...]
    runs: int
    days: int
    seed: int
    twins: bool = False

    noun: ClassVar[str] = "points"

    @property
    def units(self) -> int:
        """Points."""
        return len(self.points)

    @property
    def weight(self) -> float:
        """Plain runs a unit takes as long as."""
        return self.runs * (2.0 if self.twins else 1.0)

    def identity(self) -> dict[str, Any]:
        """All that results depend on, the number of points excepted."""
        return {
            "what": "points",
            "scenario": self.scenario.digest(),
            "points": [dict(point) for point in self.points],
            "runs": self.runs,
            "days": self.days,
            "seed": self.seed,
            "twins": self.twins,
            "sources": counts_digest(),
        }

    def compute(self, first: int, count: int) -> Piece:
        """Sums over the runs of points ``first`` to ``first + count - 1``."""
        found = [self._beside(point) for point in self.points[first : first + count]]
        return {f"row.{name}": np.stack([each[name] for each in found]) for name in found[0]}

    def _beside(self, point: Mapping[str, float]) -> dict[str, Any]:
        base, base_rows = self._base
        values, rows = played(laid(self.scenario, point), self.seed, 0, self.runs, self.days, self.twins)
        changed = np.zeros(self.runs, bool)
        for name, row in rows.items():
            changed |= row != base_rows[name]
        found = summed(values) | apart(values, base)
        return found | {"changed": np.int64(np.count_nonzero(changed))}

    @cached_property
    def _base(self) -> tuple[Whole, Rows]:
        return played(self.scenario, self.seed, 0, self.runs, self.days, self.twins)

    def __getstate__(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


# What it comes to -----------------------------------------------------------------------------


def value_at(name: Observable, piece: Piece, row: int, place: int, n: int) -> tuple[float, float, float]:
    """A quantity at a point with its interval: value, low, high."""
    return value_of(name, int(piece["row.sum"][row, place]), int(piece["row.squares"][row, place]), n)


def difference_at(name: Observable, piece: Piece, row: int, place: int, n: int) -> Difference:
    """What a point changes, run by run, against the scenario as it is."""
    return difference_of(name, {key: int(piece[f"row.{key}"][row, place]) for key in DIFFERING}, n)
