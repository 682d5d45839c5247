"""Differences with their intervals, a row each: a forest plot."""

from __future__ import annotations

import pandas as pd
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
LONGEST = 64  # letters of a label


@styled
def forest(table: pd.DataFrame, title: str, note: str = "", about: str = "", noun: str = "runs") -> Figure:
    """Differences of shares as a forest plot, in the order given, under the heads of their groups.

    Columns: label, group (may be empty), value, low, high (shares, -1 to 1), n, distinguishable. ``about``
    says what was run, ``noun`` what n counts. Raises ValueError if a column or all rows are missing.
    """
    table = checked(table, "differences", COLUMNS)
    labels, heights, heads = _lines(table)
    digits = places(table)
    columns = [*value_columns(table, digits)]
    heads_right = ["points", "95 % interval"]
    if table["n"].nunique() > 1:
        columns.append([f"{n:,}" for n in table["n"]])
        heads_right.append("n")
    bottom = max(heights) + 0.7
    sure = table["distinguishable"].to_numpy(bool)
    hollow = "" if sure.all() else "Hollow and grey: not distinguishable from 0. "
    notes = (note, f"{hollow}Bars: 95 % intervals, sampling error only.")
    left = max(room(labels, 8.5), room(heads.values(), 8.5))
    figure, (axes,) = sheet(
        title,
        heading(about, counted(table["n"], noun)),
        [each for each in notes if each],
        (ROW * (bottom + 0.7),),
        margins=(left, numbers_room(columns, heads_right)),
        over=0.4,
        under=0.6,
    )
    points_axis(axes, reach(table))
    rows(axes, heights, labels, -0.7, bottom)
    intervals(axes, table, heights, sure)
    numbers(axes, columns, heights, heads_right)
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
    return figure


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
