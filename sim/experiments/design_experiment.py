"""Scenarios simulated at the points of a design: an experiment, and what is counted of each point."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compute.experiment import ROW, Piece
from sim.compute.fingerprints import counts_digest
from sim.engines.tally import Rows
from sim.experiments.arms.counts import Pair, apart_in_pairs
from sim.experiments.design import Point, laid
from sim.results.observables import OBSERVED, observed
from sim.results.sums import DIFFERING, apart, difference_of, summed, value_of
from sim.scenario.scenario import Scenario
from sim.schema.claims import NAMES, Observable
from sim.statistics.differences import Difference

Whole = NDArray[np.int64]


def quantities(twins: bool) -> tuple[Observable, ...]:
    """What is observed of each point: without twins, nothing that rests on them."""
    return tuple(name for name in NAMES if twins or not OBSERVED[name].twin)


class Row(NamedTuple):
    """Points that share their random numbers: values of numbers, by dotted key."""

    keys: tuple[str, ...]
    points: tuple[Point, ...]


def singles(keys: tuple[str, ...], points: Iterable[Point]) -> tuple[Row, ...]:
    """Rows of one point each."""
    return tuple(Row(keys, (point,)) for point in points)


@dataclass(frozen=True)
class DesignExperiment(ABC):
    """Scenarios simulated at rows of points; a unit is a row. All points of a row share their random numbers.

    scenarios:   what is simulated at each point, by name; none may differ from another in a key of the rows
    rows:        which numbers are moved to which values
    observables: what is observed of each run; clear-sighted twins are simulated if any of these rests on them
    runs:        how many runs each scenario has at each point
    fresh:       whether row j has runs j n to (j + 1) n - 1 of its own; else all rows have runs 0 to n - 1
    """

    scenarios: Mapping[str, Scenario]
    rows: tuple[Row, ...]
    observables: tuple[Observable, ...]
    runs: int
    days: int
    seed: int
    fresh: bool

    noun: ClassVar[str] = "points"

    @property
    def units(self) -> int:
        """How many rows."""
        return len(self.rows)

    @property
    def twins(self) -> bool:
        """Whether each run has its clear-sighted twin."""
        return any(OBSERVED[name].twin for name in self.observables)

    @property
    def weight(self) -> float:
        """Plain runs a row takes as long as."""
        longest = max((len(row.points) for row in self.rows), default=1)
        return float(self.runs * longest * len(self.scenarios) * (2 if self.twins else 1))

    def identity(self) -> dict[str, Any]:
        """All that results depend on, with all rows, as their number decides where they lie."""
        return {
            "what": type(self).__name__,
            "scenarios": {name: scenario.digest() for name, scenario in self.scenarios.items()},
            "rows": hashlib.sha256(repr(self.rows).encode()).hexdigest(),
            "observables": list(self.observables),
            "runs": self.runs,
            "days": self.days,
            "seed": self.seed,
            "fresh": self.fresh,
            "sources": counts_digest(),
        }

    def compute(self, first: int, count: int) -> Piece:
        """The sums of rows ``first`` to ``first + count - 1``: "row.NAME", one entry a row."""
        found = [self.sums(row) for row in range(first, first + count)]
        return {f"{ROW}{name}": np.stack([each[name] for each in found]) for name in found[0]}

    @abstractmethod
    def sums(self, row: int) -> Mapping[str, NDArray[Any]]:
        """Whole numbers of a row, added up over its runs."""

    def values(self, row: int) -> Whole:
        """What the runs of a row came to: (points x scenarios, observables, runs), measures in 256ths."""
        return np.stack([self.simulated(each, row)[0] for each in self.at(row)])

    def at(self, row: int) -> list[Scenario]:
        """All scenarios at the first point of a row, then at the next."""
        keys, points = self.rows[row]
        overrides = [dict(zip(keys, point, strict=True)) for point in points]
        return [self.moved(scenario, each) for each in overrides for scenario in self.scenarios.values()]

    def moved(self, scenario: Scenario, values: Mapping[str, float]) -> Scenario:
        """The scenario with other values of its numbers."""
        return laid(scenario, values)

    def simulated(self, scenario: Scenario, row: int) -> tuple[Whole, Rows]:
        """The observables of a row's runs of a scenario, (observables, runs), and the rows of runs and twins."""
        from sim.engines.batch.engine import Program

        first, program = row * self.runs if self.fresh else 0, Program.of(scenario)
        programs = (program, program.seeing_clearly()) if self.twins else (program,)
        batches = [each.simulate(self.seed, first, self.runs, self.days) for each in programs]
        found = observed(scenario, *batches)
        rows = {f"{at}.{name}": row for at, batch in enumerate(batches) for name, row in batch.rows.items()}
        return np.stack([found[name] for name in self.observables]), rows


class BesideBase(DesignExperiment):
    """Single points of one scenario, each beside the scenario as it is, run by run.

    A piece has, a row a point: "row.sum", "row.squares" (points, observables) over runs; "row.difference",
    "row.difference_squares", "row.gained", "row.lost" the same of what differs, run by run, from the scenario
    as it is; "row.changed" (points,) runs in which anything in the row differs, of the run or of its twin.
    """

    @classmethod
    def of(cls, scenario: Scenario, rows: tuple[Row, ...], twins: bool) -> BesideBase:
        """The experiment with the runs, days and seed of the scenario's study plan, which all points share."""
        own, seen = scenario.study, quantities(twins)
        return cls({scenario.name: scenario}, rows, seen, own.runs, own.days, own.seed, fresh=False)

    def sums(self, row: int) -> Mapping[str, NDArray[Any]]:
        """Of the point, and of what differs from the scenario as it is."""
        base, base_rows = self._base
        [point] = self.at(row)
        values, rows = self.simulated(point, row)
        changed = np.logical_or.reduce([found != base_rows[name] for name, found in rows.items()])
        return summed(values) | apart(values, base) | {"changed": np.asarray(np.count_nonzero(changed))}

    @cached_property
    def _base(self) -> tuple[Whole, Rows]:
        [scenario] = self.scenarios.values()
        return self.simulated(scenario, 0)

    def __getstate__(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def value(self, piece: Piece, point: int, name: Observable) -> tuple[float, float, float]:
        """An observable at a point with its interval: value, low, high."""
        at = point, self.observables.index(name)
        return value_of(name, int(piece["row.sum"][at]), int(piece["row.squares"][at]), self.runs)

    def difference(self, piece: Piece, point: int, name: Observable) -> Difference:
        """What a point changes, run by run, against the scenario as it is."""
        at = point, self.observables.index(name)
        return difference_of(name, {key: int(piece[f"{ROW}{key}"][at]) for key in DIFFERING}, self.runs)


@dataclass(frozen=True)
class PairedScenarios(DesignExperiment):
    """Scenarios compared in pairs, from and to, at single points, on one observable.

    A piece has "row.difference", "row.difference_squares", "row.gained", "row.lost": (points, pairs).
    """

    pairs: tuple[Pair, ...]

    def identity(self) -> dict[str, Any]:
        """As any design has it, with the pairs."""
        return super().identity() | {"pairs": [list(pair) for pair in self.pairs]}

    def moved(self, scenario: Scenario, values: Mapping[str, float]) -> Scenario:
        """The scenario with other values of its numbers. Raises ScenarioError for values that are not allowed."""
        return scenario.replace(values)

    def sums(self, row: int) -> Mapping[str, NDArray[Any]]:
        """Of what differs between the scenarios of each pair, run by run."""
        values = self.values(row)[:, 0]
        return apart_in_pairs(dict(zip(self.scenarios, values, strict=True)), self.pairs)

    def difference(self, piece: Piece, point: int, pair: int) -> Difference:
        """The paired difference at a point, in the observable's unit."""
        counts = {key: int(piece[f"{ROW}{key}"][point, pair]) for key in DIFFERING}
        return difference_of(self.observables[0], counts, self.runs)
