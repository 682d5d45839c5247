"""Every number that a scenario can be changed in: its key, value, range, unit, meaning and source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sim.scenario.lookup import numbers_in, plain
from sim.scenario.tables import ScenarioTables
from sim.schema.fields import ASSUMPTION

LATER = ("signals",)  # told last, for it is the longest


@dataclass(frozen=True)
class Number:
    """A number of a scenario. ``value`` is None where something else holds if it is left out; ``assumed`` the range in
    which the scenario itself says that it lies, or None.
    """

    key: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    meaning: str
    source: str
    assumed: tuple[float, float] | None

    @property
    def allowed(self) -> str:
        """'0 to 1'; "any" where the schema has no range."""
        return "any" if self.low is None or self.high is None else f"{plain(self.low)} to {plain(self.high)}"

    def fits(self, words: str) -> bool:
        """Whether all words are in its key, meaning, unit or source, whatever their case."""
        told = f"{self.key} {self.key.replace('_', ' ')} {self.meaning} {self.unit} {self.source}".casefold()
        return all(word in told for word in words.casefold().split())


def numbers_of(scenario: ScenarioTables) -> list[Number]:
    """All of them, table by table, signals last."""
    return sorted(_numbers(scenario), key=lambda each: each.key.partition(".")[0] in LATER)


def _numbers(scenario: ScenarioTables) -> Iterator[Number]:
    tree = scenario.document()
    for parts, declared, field in numbers_in(tree):
        key = ".".join(map(str, parts))
        known = scenario.assumptions.get(key)
        extra: Any = field.json_schema_extra or {}
        source = known.source if known else extra.get("source", ASSUMPTION)
        yield Number(
            key,
            _at(tree, parts),
            declared.low,
            declared.high,
            extra.get("unit", ""),
            field.description or "",
            source,
            (known.low, known.high) if known else None,
        )


def _at(tree: Any, parts: tuple[str | int, ...]) -> float | None:
    for part in parts:
        tree = tree.get(part) if isinstance(tree, Mapping) else None
    return tree if isinstance(tree, int | float) else None
