"""The figure of a signal's windows, made from its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sim.experiments.question import Figures
from sim.reports.words import one_line
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def figures_of(scenario: Scenario, actor: str, signal: str, table: pd.DataFrame) -> Figures:
    """The change in each outcome by day, among the runs in which the signal could be sent; none if there are none."""
    possible = table[table["runs"] == "possible"]

    def draw() -> Figure:
        from sim.figures.windows import windows  # matplotlib takes half a second to import

        name = one_line(scenario.title) or scenario.name
        return windows(
            possible,
            note="Among the runs in which it could be sent that day.",
            about=f"{scenario.label(actor)}: {scenario.label(signal)} · {name}",
            start=scenario.start,
            days=scenario.study.days,
        )

    return {} if possible.empty else {"windows": draw}
