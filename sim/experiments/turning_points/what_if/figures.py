"""The figure of what other signals would have changed, made from its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sim.experiments.turning_points.what_if.counts import Alternatives
from sim.reports.words import one_line

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def figure_of(asked: Alternatives, table: pd.DataFrame) -> Figure:
    """The change in each outcome, a row a signal."""
    from sim.figures.what_if import whatif  # matplotlib takes half a second to import

    scenario = asked.scenario
    name = one_line(scenario.title) or scenario.name
    about = f"{name}, run {asked.run:,}, day {asked.day}, {scenario.label(asked.actor)}"
    return whatif(table, about=about)
