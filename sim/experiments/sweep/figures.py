"""TODO."""

from __future__ import annotations

import pandas as pd

from sim.experiments.design import Design, label
from sim.scenario.scenario import Scenario

# Figures --------------------------------------------------------------------------------------


def _figures(scenario: Scenario, design: Design, table: pd.DataFrame) -> dict[str, bytes]:
    """A line with its band for one parameter, a heat map for two on a grid; nothing for more."""
    if design.kind != "grid" or len(design.keys) > 2 or len(design.points) < 2:
        return {}
    from sim import figures as plots

    names = {key: label(scenario, key) for key in design.keys}
    about = f"{scenario.title}, {scenario.study.days} days, seed {scenario.study.seed}"
    drawn = {}
    for name in [each for each in ("war", "miscalculated") if each in set(table["quantity"])]:
        file = "sweep.png" if name == "war" else f"sweep-{name}.png"
        if len(design.keys) == 1:
            figure = plots.sweep_line(table, design.keys[0], name, names=names, about=about)
        else:
            figure = plots.sweep_heat(table, design.keys[0], design.keys[1], name, names=names, about=about)
        drawn[file] = plots.encoded(figure, "png")
    return drawn
