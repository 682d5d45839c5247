"""When a signal would matter: what it changes, by the day on which it comes."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.checks import checked, counted, heading, named, once, only
from sim.figures.interval_axes import reach, vertical_points_axis
from sim.figures.style import COLOURS, GRID, day_axis, percent_axis, sheet, styled
from sim.schema.claims import COMPARED

COLUMNS = ("day", "quantity", "value", "low", "high", "n")
POSSIBLE = "possible"
FEW = 45  # days that are also marked one by one


@styled
def windows(
    table: pd.DataFrame,
    title: str = "When it would matter: what the signal changes, by the day on which it comes",
    note: str = "",
    about: str = "",
    start: date | None = None,
    days: int | None = None,
) -> Figure:
    """The change in war, miscalculated war, exit and settlement by day of the signal, a panel each.

    Columns: day, quantity, value, low, high, n; optional: possible, the share of runs in which the signal
    could be sent that day, drawn as a strip below. Days may come at any regular step; one that is missing
    leaves a gap. Raises ValueError if a column is missing.
    """
    possible = POSSIBLE in table.columns
    table = checked(table, "windows", (*COLUMNS, POSSIBLE) if possible else COLUMNS)
    only(table, "windows", "quantity", COMPARED)
    once(table, "windows", ("day", "quantity"))
    outcomes = [outcome for outcome in COMPARED if outcome in set(table["quantity"])]
    horizon = days or int(table["day"].max()) + 1
    notes = [
        note,
        "Percentage points, against the same runs without the signal. Bands: pointwise 95 % intervals, sampling "
        "error only; where one holds 0 the effect that day cannot be told from none.",
    ]
    figure, panels = sheet(
        title,
        heading(about, counted(table["n"], "runs for each day")),
        [each for each in notes if each],
        [0.95] * len(outcomes) + [0.4] * possible,
        margins=(0.75, 0.3),
        gaps=(0.38,),
        over=0.45,
    )
    ends = reach(table)
    for panel, outcome in zip(panels, outcomes, strict=False):
        _effect(panel, table[table["quantity"] == outcome], _step(table), COLOURS[outcome])
        vertical_points_axis(panel, ends)
        panel.set_title(f"Change in {named(outcome)}")
    if possible:
        here = table.drop_duplicates("day")
        panels[-1].bar(here["day"] + 0.5, here[POSSIBLE], _step(table), color="#948bb3", linewidth=0)
        percent_axis(panels[-1], 1)
        panels[-1].set_yticks([0, 1])
        panels[-1].set_title("Share of runs in which it could be sent")
    for panel in panels:
        day_axis(panel, horizon, start, label=panel is panels[-1])
    return figure


def _step(table: pd.DataFrame) -> int:
    """Days from one of the table to the next, where they lie closest."""
    days = np.unique(table["day"].to_numpy(int))
    return int(np.diff(days).min()) if len(days) > 1 else 1


def _effect(axes: Axes, here: pd.DataFrame, step: int, colour: str) -> None:
    """Line and band over the middles of the days; few days, and those alone between gaps, as marks too."""
    here = here.sort_values("day")
    day = here["day"].to_numpy(float)
    gaps = np.flatnonzero(np.diff(day) > step) + 1
    middle, value, low, high = (
        np.insert(values, gaps, np.nan)
        for values in (day + 0.5, *(here[name].to_numpy(float) for name in ("value", "low", "high")))
    )
    axes.fill_between(middle, low, high, color=colour, alpha=0.22, linewidth=0)
    axes.plot(middle, value, color=colour, linewidth=1.8)
    there = np.isfinite(value)
    alone = there & (np.convolve(there, [1, 0, 1])[1:-1] == 0)
    marked = there if there.sum() <= FEW else alone
    axes.vlines(middle[alone], low[alone], high[alone], color=colour, linewidth=1.2, alpha=0.6)
    axes.plot(middle[marked], value[marked], "o", color=colour, markersize=3, linestyle="")
    axes.grid(axis="y", color=GRID, linewidth=0.5)
    axes.set_axisbelow(True)
