"""Shares of runs by scenario, with their intervals: a panel an outcome, a row a scenario."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from sim.figures.checks import checked, counted, heading
from sim.figures.interval_axes import ROW, intervals, numbers, numbers_room, rows
from sim.figures.lettering import room
from sim.figures.style import sheet, short, styled
from sim.reports.numbers import percent

COLUMNS = ("scenario", "outcome", "share", "low", "high", "runs")
LEAST = 0.02  # of an axis of shares
LONGEST = 40  # letters of a scenario's name
BETWEEN = 0.65  # inches under a panel


@styled
def shares(
    table: pd.DataFrame,
    titles: Mapping[str, str],
    title: str = "What comes of each scenario",
    note: str = "",
    about: str = "",
) -> Figure:
    """Shares with their intervals, in the order given; all panels have one axis.

    Columns: scenario, outcome, share, low, high (0..1), runs. ``titles`` of outcomes. Raises ValueError if a column
    or all rows are missing.
    """
    table = checked(table, "shares", COLUMNS)
    outcomes = list(dict.fromkeys(table["outcome"]))
    names = list(dict.fromkeys(table["scenario"]))
    labels = [short(str(name), LONGEST) for name in names]
    told = [[_percent(row) for row in table.to_dict("records")]]
    heads = ["%, 95 % interval"]
    figure, panels = sheet(
        title,
        heading(about, counted(table["runs"])),
        [each for each in (note, "Bars: 95 % intervals, sampling error only.") if each],
        (ROW * (len(names) + 0.4),) * len(outcomes),
        margins=(room(labels, 8.5), numbers_room(told, heads)),
        gaps=(BETWEEN,),
    )
    most = max(LEAST, float(table["high"].max()))
    for axes, outcome in zip(panels, outcomes, strict=True):
        here = table[table["outcome"] == outcome].rename(columns={"share": "value"})
        heights = [float(names.index(name)) for name in here["scenario"]]
        axes.set_title(titles.get(outcome, outcome).capitalize())
        axes.set_xlim(0, min(1.0, 1.04 * most))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{100 * x:.4g} %"))
        rows(axes, [float(i) for i in range(len(names))], labels, -0.7, len(names) - 0.3)
        intervals(axes, here, heights, [True] * len(here))
        found = [_percent(row) for row in table[table["outcome"] == outcome].to_dict("records")]
        numbers(axes, [found], heights, heads)
    panels[-1].set_xlabel("share of runs")
    return figure


def _percent(row: Mapping[object, float]) -> str:
    """'20.5 (19.7 to 21.3)'."""
    return percent(float(row["share"]), float(row["low"]), float(row["high"]))
