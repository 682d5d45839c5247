"""The figures of a sweep, made from its table."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.experiments.design import Design, label
from sim.experiments.question import Figures
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DRAWN = ("war", "miscalculated")


def figures_of(scenario: Scenario, design: Design, table: pd.DataFrame) -> Figures:
    """A line with its band for one parameter, a heat map for two on a grid; nothing for more."""
    if design.kind != "grid" or len(design.keys) > 2 or len(design.points) < 2:
        return {}
    about = f"{scenario.title}, {scenario.study.days} days, seed {scenario.study.seed}"
    told: dict[str, Any] = {"names": {key: label(scenario, key) for key in design.keys}, "about": about}

    def draw(quantity: str) -> Figure:
        from sim.figures.sweeps import sweep_heat, sweep_line  # matplotlib takes half a second to import

        x, *y = design.keys
        return sweep_heat(table, x, y[0], quantity, **told) if y else sweep_line(table, x, quantity, **told)

    drawn = [name for name in DRAWN if name in set(table["quantity"])]
    return {"sweep" if name == "war" else f"sweep-{name}": partial(draw, name) for name in drawn}
