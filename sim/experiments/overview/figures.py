"""The figure of studies side by side: a panel an outcome, a row a scenario."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from sim.experiments.overview.report import HEADS, MISCALCULATED, plans
from sim.experiments.overview.tables import Counted

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DRAWN = ("war", MISCALCULATED, "exit")


def drawn(table: pd.DataFrame, studies: Sequence[Counted]) -> Figure:
    """Shares of war, miscalculated war and exit, with their intervals."""
    from sim.figures.shares import shares

    note = "Conditional on the assumptions in the scenarios that are named, not a forecast."
    return shares(table[table["outcome"].isin(DRAWN)], HEADS, note=note, about=plans(studies))
