"""The figures of a sweep, made from its table."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.experiments.design import Design, label
from sim.experiments.question import Figures
from sim.reports.words import one_line
from sim.scenario.lookup import declared_at, meaning_at
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def in_words(scenario: Scenario, key: str) -> str:
    """A number for an axis: 'working diplomatic channels, 0 to 1', or 'Caracas: resolve, 0.02 to 0.98'."""
    parts, tree = tuple(key.split(".")), scenario.document()
    here, meaning = declared_at(parts, tree), meaning_at(parts, tree)
    whose = label(scenario, key)
    said = f"{whose.partition(':')[0]}: {meaning}" if parts[0] in ("actors", "signals") else meaning
    between = f", {here.low:g} to {here.high:g}" if here.low is not None and here.high is not None else ""
    return f"{one_line(said) if meaning else whose}{between}"


def base_of(scenario: Scenario, key: str) -> float | None:
    """The scenario's own value of a number; None where it has none."""
    at: Any = scenario.document()
    for part in key.split("."):
        at = at.get(part) if isinstance(at, dict) else None
    at = at.get("value") if isinstance(at, dict) else at
    return float(at) if isinstance(at, int | float) and not isinstance(at, bool) else None


DRAWN = ("war", "miscalculated")


def figures_of(scenario: Scenario, design: Design, table: pd.DataFrame) -> Figures:
    """A line with its band for one parameter, a heat map for two on a grid, one a value of the third for three; nothing for more."""
    if design.kind != "grid" or len(design.keys) > 3 or len(design.points) < 2:
        return {}

    def draw(quantity: str) -> Figure:
        # matplotlib takes half a second to import
        from sim.figures.style import conditions, entitled
        from sim.figures.sweeps import sweep_heat, sweep_line

        own = scenario.study
        told: dict[str, Any] = {
            "names": {key: in_words(scenario, key) for key in design.keys},
            "about": entitled(scenario, scenario.name),
            "note": conditions(own.runs, own.days, own.seed, scenario.name),
        }
        x, *more = design.keys
        if more:
            return sweep_heat(table, x, more[0], quantity, z="".join(more[1:]), **told)
        return sweep_line(table, x, quantity, base=base_of(scenario, x), **told)

    drawn = [name for name in DRAWN if name in set(table["quantity"])]
    return {"sweep" if name == "war" else f"sweep-{name}": partial(draw, name) for name in drawn}
