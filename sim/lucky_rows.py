"""Rows of points, each row with luck of its own that all its points share: an experiment.

What is compared lies in one row, and is compared under common luck; rows are what is averaged over, and their
errors are independent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.claim import Observable
from sim.design import Point, laid
from sim.experiment import Piece
from sim.points import played, quantities
from sim.scenario import Scenario
from sim.sources import sources_digest

Whole = NDArray[np.int64]
Summary = Callable[[Whole], dict[str, Whole]]


@dataclass(frozen=True)
class Rows:
    """Rows of points over ``keys``; a unit is a row. Row j plays runs j n to (j + 1) n - 1, n a point.

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
        """Rows."""
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
            "sources": sources_digest(),
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
