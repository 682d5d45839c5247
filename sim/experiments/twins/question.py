"""The part "twins" of a study: ``brink run SCENARIO --twins``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.compute.experiment import Piece
from sim.experiments.twins.counts import CELLS, Pairs
from sim.experiments.twins.report import sections
from sim.experiments.twins.tables import tables
from sim.scenario.scenario import Scenario

Tables = Mapping[str, pd.DataFrame]


class Twins:
    """Miscalculated war and its kin; what :class:`sim.experiments.question.Part` asks for."""

    name = "twins"

    def experiment(self, planned: Scenario) -> Pairs:
        """Every run of the plan beside its twins."""
        return Pairs(planned)

    def tables(self, planned: Scenario, piece: Piece) -> dict[str, pd.DataFrame]:
        """The tables twins, parting, parting_acts and regret."""
        return tables(planned, piece)

    def to_json(self, tables: Tables) -> dict[str, Any]:
        """The four cells with their intervals, ``bounds`` and ``net``, and all else by quantity and item."""
        found: dict[str, dict[str, Any]] = {}
        for row in tables["twins"].to_dict("records"):
            found.setdefault(str(row["quantity"]), {})[str(row["item"])] = row
        cells = {name: _share(found["cell"][name]) for name in CELLS}
        return cells | {
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

    def sections(self, planned: Scenario, tables: Tables) -> list[str]:
        """Twins and regret, for the report."""
        return sections(planned, tables)

    def figures(self) -> tuple[str, ...]:
        """The cells and where pairs part; the distribution of regret."""
        return ("twins", "regret")


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


def _interval(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _number(row[key]) for key in ("value", "low", "high")}


PART = Twins()
