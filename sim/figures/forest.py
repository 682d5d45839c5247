"""Differences with their intervals, a row each: a forest plot."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.checks import checked, counted, heading
from sim.figures.interval_axes import (
    ROW,
    intervals,
    numbers,
    numbers_room,
    places,
    points_axis,
    reach,
    rows,
    value_columns,
)
from sim.figures.lettering import room
from sim.figures.style import INK, sheet, short, styled

COLUMNS = ("label", "group", "value", "low", "high", "n", "distinguishable")
UNIT, POINTS = "unit", "points"
LONGEST = 64  # letters of a label


@styled
def forest(table: pd.DataFrame, title: str, note: str = "", about: str = "", noun: str = "runs") -> Figure:
    """Differences as a forest plot, in the order given, under the heads of their groups; a panel a unit.

    Columns: label, group (may be empty), value, low, high, n, distinguishable; and unit, of what is no difference of
    shares (-1 to 1). ``about`` says what was run, ``noun`` what n counts. Raises ValueError if a column or all rows are missing.
    """
    units = table.get(UNIT, pd.Series(POINTS, index=table.index)).to_numpy()
    table = checked(table, "differences", COLUMNS)
    panels = [_Panel(unit, table[units == unit]) for unit in dict.fromkeys(units)]
    sure = table["distinguishable"].to_numpy(bool)
    hollow = "" if sure.all() else "Hollow and grey: not distinguishable from 0. "
    notes = (note, f"{hollow}Bars: 95 % intervals, sampling error only.")
    left = max(room([*each.labels, *each.heads.values()], 8.5) for each in panels)
    figure, axes = sheet(
        title,
        heading(about, counted(table["n"], noun)),
        [each for each in notes if each],
        [ROW * (each.bottom + 0.7) for each in panels],
        margins=(left, max(numbers_room(*each.columns) for each in panels)),
        gaps=(0.75,),
        over=0.4,
        under=0.6,
    )
    for each, place in zip(panels, axes, strict=True):
        each.draw(place, left)
    return figure


class _Panel:
    """The rows of one unit: their labels and heights, the groups' heads by height, and the numbers beside them."""

    def __init__(self, unit: str, table: pd.DataFrame) -> None:
        self.unit, self.table = unit, table.copy()
        if unit != POINTS:
            self.table[["value", "low", "high"]] /= 100  # what is drawn is in hundredths, as points are
        self.labels, self.heights, self.heads = _lines(table)
        self.bottom = max(self.heights) + 0.7
        columns, heads = [*value_columns(self.table, places(self.table))], [unit, "95 % interval"]
        if table["n"].nunique() > 1:
            columns.append([f"{n:,}" for n in table["n"]])
            heads.append("n")
        self.columns = columns, heads

    def draw(self, axes: Axes, left: float) -> None:
        """Draw them; ``left``: inches that the labels have."""
        columns, heads_right = self.columns
        points_axis(axes, reach(self.table))
        if self.unit != POINTS:
            axes.set_xlabel(self.unit)
        rows(axes, self.heights, self.labels, -0.7, self.bottom)
        intervals(axes, self.table, self.heights, self.table["distinguishable"].to_numpy(bool))
        numbers(axes, columns, self.heights, heads_right)
        _head(axes, self.heads, left)


def _head(axes: Axes, heads: dict[float, str], left: float) -> None:
    """Write the heads of groups at the left edge."""
    for height, head in heads.items():
        axes.annotate(
            head,
            xy=(0, height),
            xycoords=axes.get_yaxis_transform(),
            xytext=(-72 * (left - 0.1), 0),
            textcoords="offset points",
            va="center_baseline",
            weight="bold",
            color=INK,
            annotation_clip=False,
        )


def _lines(table: pd.DataFrame) -> tuple[list[str], list[float], dict[float, str]]:
    """The rows' labels and heights, and the groups' heads by height; a group that comes again is headed again."""
    heights: list[float] = []
    heads: dict[float, str] = {}
    at, last = 0.0, ""
    for group in table["group"]:
        if group != last:
            at += 0.4 if heights else 0
            if group:
                heads[at] = short(str(group), LONGEST)
                at += 1
            last = group
        heights.append(at)
        at += 1
    return [short(str(label), LONGEST) for label in table["label"]], heights, heads
