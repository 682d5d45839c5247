"""Many points of a design under common luck, each beside the scenario as it is: an experiment.

All points have the same seed and run numbers, so that run 17 of one is run 17 of any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.claim import NAMES, Observable
from sim.design import laid
from sim.experiment import Piece
from sim.observed import OBSERVED, observed
from sim.paired import Difference
from sim.scenario import Scenario
from sim.sources import sources_digest
from sim.sums import DIFFERING, apart, difference_of, summed, value_of
from sim.tally import Rows

Whole = NDArray[np.int64]
MOST_RUNS = 1_000_000
"""Runs a point: those of the scenario as it is are held in memory."""


def quantities(twins: bool) -> tuple[Observable, ...]:
    """What is observed of each point: without twins, nothing that rests on them."""
    return tuple(name for name in NAMES if twins or not OBSERVED[name].twin)


def played(
    scenario: Scenario, seed: int, first: int, count: int, days: int, twins: bool
) -> tuple[Whole, Rows]:
    """All quantities of some runs, (quantities, runs), and the rows of the runs and of their twins."""
    from sim.batch.engine import Program

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
            "sources": sources_digest(),
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
