"""Sensitivity: how much is simulated, of what, and what is counted of each row of points."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from numpy.typing import NDArray

from sim.experiments.design_experiment import DesignExperiment, Whole
from sim.schema.claims import Observable

QUANTITIES: tuple[Observable, ...] = ("war", "miscalculated", "exit", "peak_level")
Summary = Callable[[Whole], Mapping[str, NDArray[Any]]]


@dataclass(frozen=True)
class Effort:
    """How much is simulated. ``keep``: parameters that get indices of their own; ``rows`` of the design of their
    indices, a power of two; ``points`` of the Latin hypercube in which a box is looked for; runs a point of each.
    """

    trajectories: int = 40
    screen_runs: int = 64
    rows: int = 1024
    runs: int = 64
    keep: int = 15
    points: int = 1000
    point_runs: int = 256

    def plain_runs(self, width: int, discover: bool = True) -> int:
        """Plain runs in all, twins counted, for so many parameters."""
        screen = self.trajectories * (width + 1) * self.screen_runs
        rows = self.rows * (min(width, self.keep + 1) + 2) * self.runs
        return 2 * (screen + rows + (self.points * self.point_runs if discover else 0))


THOROUGH = Effort()
QUICK = Effort(trajectories=10, rows=128, points=200, point_runs=128)


@dataclass(frozen=True)
class SummedRows(DesignExperiment):
    """Rows of points, each with runs of its own.

    ``summary`` makes a row's sums of its (points, observables, runs) whole numbers.
    """

    summary: Summary

    noun: ClassVar[str] = "rows"

    def identity(self) -> dict[str, Any]:
        """As any design has it, with the name of the summary."""
        return super().identity() | {"summary": self.summary.__name__}

    def sums(self, row: int) -> Mapping[str, NDArray[Any]]:
        """What the summary makes of a row."""
        return self.summary(self.values(row))


def point_sums(values: Whole) -> Mapping[str, NDArray[Any]]:
    """Sums over the runs of a row: sum (points, quantities)."""
    return {"sum": values.sum(axis=-1)}
