"""What can be moved on the page: every number of a scenario as a slider, from the schema and the register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import floor, log10
from typing import Any

from sim.experiments.levers.counts import numbers
from sim.scenario.lookup import Declared, plain
from sim.scenario.scenario import Scenario

MOST_STEPS = 1000
WIDE = 6  # times the honest range: a slider over all that is allowed would hide what is likely
BESIDE = 2  # honest ranges to each side, where all that is allowed is too wide
FIRST_OF_PRINCIPALS = ("resolve", "audience_cost", "suspicion")
FIRST_OF_WORLD = ("framework", "readout_share", "outreach", "immunity", "loss_of_control")
TABLES = {
    "world": "World",
    "fog": "Fog",
    "decisive": "Decisions",
    "belief": "Beliefs",
    "clocks": "Clocks",
    "kept": "What lasts",
}
"""Tables of a scenario whose numbers can be moved, and the actors': what each group is called."""

NOT_MOVED = ("seat", "inclination")


@dataclass(frozen=True)
class Lever:
    """A number that can be moved: its dotted key as ``--set`` takes it, and what a slider of it shows.

    value:       what the scenario has
    low, high:   the honest range, of the register; both equal ``value`` where the register has none
    least, most: the ends of the slider, within what the schema allows
    allowed:     what the schema allows, lowest and highest
    """

    key: str
    group: str
    title: str
    unit: str
    meaning: str
    source: str
    value: float
    low: float
    high: float
    least: float
    most: float
    allowed: tuple[float, float]
    whole: bool

    @cached_property
    def step(self) -> float:
        """The step of the slider: about a hundredth of it, finer if the scenario's own value lies between steps."""
        step = 10.0 ** floor(log10((self.most - self.least) / 50))
        if self.whole:
            return max(1.0, step)
        while (self.most - self.least) / step < MOST_STEPS and not _on(self.value - self.least, step):
            step /= 10
        return step

    @property
    def has_range(self) -> bool:
        """Whether the register says within what range it may honestly lie."""
        return self.low < self.high

    def number(self, value: float) -> float:
        """The value as the scenario takes it: within what is allowed, whole where it must be, without float dust."""
        least, most = self.allowed
        within = min(most, max(least, value))
        return round(within) if self.whole else float(f"{within:.9g}")

    @cached_property
    def places(self) -> int:
        """Decimals that the value is shown with: those of a step, two at least where there are any."""
        return 0 if self.whole or self.step >= 1 else max(2, round(-log10(self.step)))

    def words(self, value: float) -> str:
        """The value, with its decimals and a true minus."""
        return f"{value:.{self.places}f}".replace("-", "−")


def levers(scenario: Scenario) -> dict[str, Lever]:
    """All numbers of a scenario that can be moved, by key: the principals', the world's, the third parties', the rest."""
    tree = scenario.document()
    every = (_lever(scenario, key, declared, value) for key, declared, value in numbers(tree))
    found = {lever.key: lever for lever in every if lever}
    order = [scenario.label(scenario.coercer), scenario.label(scenario.target), "World"]
    return dict(sorted(found.items(), key=lambda item: _place(item[1].group, order)))


def first_shown(scenario: Scenario) -> tuple[str, ...]:
    """Keys of the levers that are shown before any is added."""
    principals = [
        f"actors.{name}.{field}"
        for name in (scenario.coercer, scenario.target)
        for field in FIRST_OF_PRINCIPALS
    ]
    return (*principals, *(f"world.{field}" for field in FIRST_OF_WORLD))


def _place(group: str, order: list[str]) -> int:
    return order.index(group) if group in order else len(order) + (group in TABLES.values())


def _lever(scenario: Scenario, key: str, declared: Declared, value: float) -> Lever | None:
    parts = tuple(key.split("."))
    if (
        parts[0] not in ("actors", *TABLES)
        or {*parts} & {*NOT_MOVED}
        or declared.low is None
        or declared.high is None
    ):
        return None
    entry = scenario.assumptions.get(key)
    low, high = (entry.low, entry.high) if entry else (value, value)
    least, most = _ends(declared.low, declared.high, low, high, value)
    owner = scenario.label(parts[1]) if parts[0] == "actors" else TABLES[parts[0]]
    about = _field(scenario, parts)
    return Lever(
        key,
        owner,
        _title(parts),
        str(about["unit"]),
        str(about["meaning"]),
        entry.source if entry else str(about["source"]),
        value,
        low,
        high,
        least,
        most,
        (declared.low, declared.high),
        declared.kind is int,
    )


def _ends(
    allowed_low: float, allowed_high: float, low: float, high: float, value: float
) -> tuple[float, float]:
    """The ends of a slider: all that is allowed, or the neighbourhood of what is likely if that is far less."""
    width = high - low or abs(value)
    if not width or allowed_high - allowed_low <= WIDE * width:
        return allowed_low, allowed_high
    return max(allowed_low, low - BESIDE * width), min(allowed_high, high + BESIDE * width)


def _title(parts: tuple[str, ...]) -> str:
    words = " ".join(parts[2:] if parts[0] == "actors" else parts[1:]).replace("_", " ")
    return words[:1].upper() + words[1:]


def _field(scenario: Scenario, parts: tuple[str, ...]) -> dict[str, Any]:
    """Unit, meaning and source of a number, as the schema declares them."""
    at: Any = scenario
    for part in parts[:-1]:
        at = at[part] if isinstance(at, Mapping) else getattr(at, part)
    field = type(at).model_fields[parts[-1]]
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    return {
        "unit": extra.get("unit", ""),
        "meaning": field.description or "",
        "source": extra.get("source", ""),
    }


def _on(distance: float, step: float) -> bool:
    """Whether a distance is a whole number of steps."""
    return abs(distance / step - round(distance / step)) < 1e-6


def range_words(lever: Lever) -> str:
    """'0.45 to 0.75', or what is allowed where there is no honest range."""
    low, high = (lever.low, lever.high) if lever.has_range else lever.allowed
    return f"{plain(low)} to {plain(high)}"
