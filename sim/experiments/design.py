"""Designs: at which points, over which numbers of a scenario, it is simulated.

No check of a scenario looks at two numbers at once (seats apart, which are never moved), so that values which
are allowed one by one are allowed together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any, Literal

import numpy as np

from sim.errors import ScenarioError, StudyError
from sim.scenario.lookup import declared_at
from sim.scenario.scenario import Scenario
from sim.scenario.values import NOT_VARIED, checked, not_over, unswept
from sim.schema.plans import MOST_POINTS
from sim.statistics.sampling import Floats, latin_shares
from sim.text import shown

Spread = Literal["latin", "sobol"]
Point = tuple[float, ...]


@dataclass(frozen=True)
class Factor:
    """A registered number that a design moves from ``low`` to ``high``; whole ones stay whole."""

    key: str
    label: str
    value: float
    low: float
    high: float
    whole: bool = False

    def at(self, share: float) -> float:
        """The value at a share of the range, 0 to 1."""
        value = self.low + (self.high - self.low) * share
        return int(np.rint(value)) if self.whole else float(min(max(value, self.low), self.high))


@dataclass(frozen=True)
class Design:
    """Points over dotted keys: each has a value for each key, whole numbers as int."""

    kind: str
    keys: tuple[str, ...]
    points: tuple[Point, ...]

    def overrides(self, point: int) -> dict[str, float]:
        """What a point sets, by dotted key."""
        return dict(zip(self.keys, self.points[point], strict=True))


def grid(scenario: Scenario, vary: Mapping[str, Any], set_by: str = "") -> Design:
    """Every combination of the values, the last key fastest. Values as :func:`sim.scenario.values.values_of` takes them.

    Raises ScenarioError with all mistakes, StudyError for none or too many points.
    """
    found = checked(scenario, vary, set_by)
    count = prod(len(values) for values in found.values())
    if not found:
        raise StudyError(
            f"{scenario.name}: nothing is varied; give --vary KEY=VALUES, or a table [sweep.vary]"
        )
    if count > MOST_POINTS:
        raise StudyError(
            f"{scenario.name}: the grid has {count:,} points; at most {MOST_POINTS:,} are allowed"
        )
    for key, values in found.items():
        for value in values:
            unswept(scenario).replace({key: value})
    return Design("grid", tuple(found), tuple(product(*found.values())))


def spread(scenario: Scenario, kind: Spread, points: int, over: Sequence[str] = (), seed: int = 1) -> Design:
    """Points spread over the ranges of the register: a Latin hypercube, or a scrambled Sobol' sequence.

    ``over`` names the keys (by default all with a range). The same seed gives the same points. A Sobol'
    sequence is balanced if ``points`` is a power of two. Raises ScenarioError for a key without a range,
    StudyError for a number of points not in 2..10,000.
    """
    from scipy.stats import qmc  # here, since it takes a second to import

    if not 2 <= points <= MOST_POINTS:
        raise StudyError(f"{points:,} points are not between 2 and {MOST_POINTS:,}")
    moved = factors(scenario, over)
    width = len(moved)
    if kind == "latin":
        shares = latin_shares(width, points, seed)
    else:
        power = (points - 1).bit_length()
        shares = qmc.Sobol(width, scramble=True, rng=seed).random_base2(power)[:points]
    return Design(kind, tuple(each.key for each in moved), scaled(moved, shares))


def scaled(moved: Sequence[Factor], shares: Floats) -> tuple[Point, ...]:
    """Points, from shares of the ranges: (points, factors), 0 to 1."""
    return tuple(
        tuple(each.at(float(share)) for each, share in zip(moved, row, strict=True)) for row in shares
    )


def factors(scenario: Scenario, over: Sequence[str] = ()) -> tuple[Factor, ...]:
    """The registered numbers with a range, in the order of the register; or those named.

    Raises ScenarioError for a key that has none, StudyError if there is no number with a range.
    """
    if lines := [f"--over {shown(key)}: {words}" for key in over if (words := not_over(scenario, key))]:
        raise ScenarioError(lines)
    tree = scenario.document()
    found = []
    for key, entry in scenario.assumptions.items():
        if (key in over or not over) and entry.low < entry.high and key.split(".")[0] not in NOT_VARIED:
            whole = declared_at(tuple(key.split(".")), tree).kind is int
            found.append(Factor(key, label(scenario, key), entry.value, entry.low, entry.high, whole))
    if not found:
        raise StudyError(f"{scenario.name}: no number of the scenario has a range {{ value, low, high }}")
    return tuple(found)


def label(scenario: Scenario, key: str) -> str:
    """A number's name for people: 'Caracas: resolve', 'world: framework', 'raid: reluctance'."""
    first, *rest = key.split(".")
    if first in ("actors", "signals") and len(rest) > 1:
        first, rest = scenario.label(rest[0]), rest[1:]
    return f"{first}: {' '.join(rest).replace('_', ' ')}"


def laid(scenario: Scenario, overrides: Mapping[str, float]) -> Scenario:
    """As :meth:`Scenario.replace`, for values that were found to be allowed: nothing is checked, in no time."""
    gone = {key: entry for key, entry in scenario.assumptions.items() if key not in overrides}
    scenario = unswept(scenario).model_copy(update={"assumptions": gone})
    for key, value in overrides.items():
        scenario = _with(scenario, key.split("."), value)
    return scenario


def _with(at: Any, parts: Sequence[str], value: float) -> Any:
    if not parts:
        return value
    first, *rest = parts
    if isinstance(at, dict):
        return {**at, first: _with(at.get(first), rest, value)}
    return at.model_copy(update={first: _with(getattr(at, first), rest, value)})
