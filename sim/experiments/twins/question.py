"""Every run in three sights: how much of the risk is structural, private information, misperception; whose; where runs part.

The twin is the same run, with common random numbers, in which all see each other truly
(:func:`sim.scenario.counterfactual.clear_sighted`). War in the run and none in its twin is miscalculated war.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from sim.experiments.question import Counts, Figures, Question, Stage, Stages, Tables
from sim.experiments.twins.counts import CELLS, Pairs
from sim.experiments.twins.figures import figures_of
from sim.experiments.twins.report import brief, by_quantity, page
from sim.experiments.twins.tables import tables_of

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Twins(Question):
    """Miscalculated war and its kin, over the runs of a scenario's study plan."""

    kind: ClassVar[str] = "twins"

    def stages(self) -> Stages:
        """One: every run beside its twins."""
        yield Stage(self.kind, Pairs(self.scenario))

    def tables(self, counts: Counts) -> dict[str, pd.DataFrame]:
        """The tables twins, split, errors, parting, parting_acts and regret."""
        return tables_of(self.scenario, counts[self.kind])

    def page(self, tables: Tables) -> str:
        """The split by sight, the cells, whose misreading, where pairs part, and error on the day."""
        return page(self.scenario, tables)

    def brief(self, tables: Tables) -> str:
        """The split by sight, the four cells, and what seeing truly would change."""
        return brief(tables)

    def figures(self, tables: Tables) -> Figures:
        """The cells and where pairs part; the distribution of regret."""
        return figures_of(self.scenario, tables)

    def to_json(self, tables: Tables) -> dict[str, Any]:
        """The ``split``, the four cells with their intervals, ``bounds`` and ``net``, and all else by quantity and item."""
        found = by_quantity(tables)
        cells = {name: _share(found["cell"][name]) for name in CELLS}
        return cells | {
            "split": _nested(tables["split"], "end"),
            "errors": _nested(tables["errors"], "role"),
            "by_fog": {name: _share(row) for name, row in found["fog_cell"].items()},
            "by_fog_bounds": {name: _number(row["value"]) for name, row in found["fog_bound"].items()},
            "patterns": {name: _share(row) for name, row in found["pattern"].items()},
            "reroll": _share(found["reroll"]["no war"]),
            "miscalculated_of_wars": _share(found["of_wars"]["no war"]),
            "bounds": {name: _number(found["bound"][name]["value"]) for name in ("low", "high")},
            "net": {name: _interval(row) for name, row in found["net"].items()},
            "structural_by": {name: _share(row) for name, row in found["structural"].items()},
            "exits": {name: _share(row) for name, row in found["exit"].items()},
            "one_sided": {name: _interval(row) for name, row in found["one_sided"].items()},
            "variance_saved": {name: _number(row["value"]) for name, row in found["saved"].items()},
            "regret": {
                name: _interval(row) | {"count": int(row["count"])}
                for name, row in found.get("regret", {}).items()
            },
            "n": int(found["cell"]["peace"]["n"]),
        }


QUESTION = Twins


def _number(value: Any) -> float | None:
    """A number as JSON has it: none where there is none, and no infinity."""
    number = float(value)
    return number if abs(number) < float("inf") else None


def _share(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "count": int(row["count"]),
        "rate": _number(row["value"]),
        "low": _number(row["low"]),
        "high": _number(row["high"]),
    }


def _nested(table: pd.DataFrame, outer: str) -> dict[str, dict[str, Any]]:
    """Value, low and high of each part, within each ``outer``."""
    found: dict[str, dict[str, Any]] = {}
    for row in table.to_dict("records"):
        found.setdefault(str(row[outer]), {})[str(row["part"])] = _interval(
            {str(name): value for name, value in row.items()}
        )
    return found


def _interval(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _number(row[key]) for key in ("value", "low", "high")}
