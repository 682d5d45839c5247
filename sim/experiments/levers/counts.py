"""Levers: the numbers of a scenario, and the two ends that each is moved to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, Literal

from sim.errors import ScenarioError
from sim.experiments.design import label
from sim.experiments.design_experiment import Row
from sim.scenario.lookup import SCENARIO, Declared
from sim.scenario.scenario import Scenario
from sim.scenario.values import NOT_VARIED

End = Literal["low", "high"]
SHARE = 0.2  # by which a number without a range is moved up and down
STEP, WHOLE_STEP = 0.1, 1  # by which 0 is moved, and a whole number at least
LOST = 0.01  # by which a share kept a day is moved if nothing is lost


@dataclass(frozen=True)
class Lever:
    """A number of the scenario, and the ends that it is moved to; None where it is at that end already."""

    key: str
    label: str
    value: float
    low: float | None
    high: float | None
    registered: bool

    def ends(self) -> Iterator[tuple[End, float]]:
        """The ends there are."""
        if self.low is not None:
            yield "low", self.low
        if self.high is not None:
            yield "high", self.high


def rows_of(pulled: tuple[Lever, ...]) -> tuple[Row, ...]:
    """A point for each end of each lever, in order."""
    return tuple(Row((lever.key,), ((value,),)) for lever in pulled for _, value in lever.ends())


def lever_keys(scenario: Scenario, signals: bool = False) -> tuple[str, ...]:
    """Dotted keys of the levers, in the order of the scenario's document; ``signals``: those of signals and habits too."""

    def is_lever(key: str) -> bool:
        habit = key.startswith("signals.") or ".inclination." in key
        return not key.endswith(".seat") and (signals or not habit or key in scenario.assumptions)

    return tuple(key for key, _, _ in numbers(scenario.document()) if is_lever(key))


def levers_at(scenario: Scenario, keys: Sequence[str]) -> Iterator[Lever]:
    """The levers of these keys, in their order, of a scenario without a plan of a sweep."""
    found = {key: (declared, value) for key, declared, value in numbers(scenario.document())}
    for key in keys:
        declared, value = found[key]
        low, high = _ends(scenario, key, declared, value)
        yield Lever(key, label(scenario, key), value, low, high, key in scenario.assumptions)


def numbers(
    tree: Mapping[str, Any], declared: Declared = SCENARIO, before: str = ""
) -> Iterator[tuple[str, Declared, float]]:
    """Every number of a scenario's document that may be varied: dotted key, what is declared of it, value."""
    for name, value in tree.items():
        inside, key = declared.inside(name, tree), f"{before}{name}"
        if isinstance(value, dict):
            if before or name not in NOT_VARIED:
                yield from numbers(value, inside, f"{key}.")
        elif inside.is_number and not isinstance(value, bool):
            yield key, inside, value


def _ends(
    scenario: Scenario, key: str, declared: Declared, value: float
) -> tuple[float | None, float | None]:
    entry = scenario.assumptions.get(key)
    if entry is not None and entry.low < entry.high:
        low, high = entry.low, entry.high
    else:
        step = SHARE * (1 - value) or LOST if key.startswith("kept.") else SHARE * abs(value) or STEP
        step = max(round(step), WHOLE_STEP) if declared.kind is int else step
        low = max(value - step, -inf if declared.low is None else declared.low)
        high = min(value + step, inf if declared.high is None else declared.high)
    ends = (int(low), int(high)) if declared.kind is int else (float(low), float(high))
    bounded = declared.low is not None and declared.high is not None and not key.endswith(".deaths")
    below, above = (
        end if end != value and (bounded or _allowed(scenario, key, end)) else None for end in ends
    )
    return below, above


def _allowed(scenario: Scenario, key: str, value: float) -> bool:
    """Whether a scenario may have that value; most deaths depend on what else a signal is."""
    try:
        scenario.replace({key: value})
    except ScenarioError:
        return False
    return True
