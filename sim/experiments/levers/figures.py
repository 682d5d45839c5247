"""The figure of the levers, made from their table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sim.experiments.levers.tables import DEAD, TOLD
from sim.experiments.question import Figures
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DRAWN = TOLD[:2]  # what a page is wide enough for; the table has the others


def figures_of(scenario: Scenario, table: pd.DataFrame) -> Figures:
    """What each lever does at its ends, as a tornado."""

    def draw() -> Figure:
        # matplotlib takes half a second to import
        from sim.figures.style import conditions, entitled
        from sim.figures.tornado import levers

        own = scenario.study
        note = conditions(own.runs, own.days, own.seed, scenario.name)
        return levers(drawn(table), note=note, about=entitled(scenario, scenario.name))

    return {"levers": draw}


def drawn(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of a figure, which calls dead what is 0 throughout: without levers that only do something else."""
    here = table[table["quantity"].isin(DRAWN)]
    moves = (here["value"] != 0).groupby(here["lever"]).transform("any")
    return here[moves | (here["mark"] == DEAD)]
