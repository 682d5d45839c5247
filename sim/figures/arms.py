"""A curve of each arm, together: how far they escalate, and how soon there is war."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.checks import checked, counted, heading, named, once
from sim.figures.incidence import LOWEST_TOP
from sim.figures.lettering import room
from sim.figures.studies_overlaid import ARMS
from sim.figures.style import (
    GRID,
    beside,
    day_axis,
    inches,
    percent,
    percent_axis,
    sheet,
    short,
    styled,
)
from sim.reports.words import plural
from sim.schema.stands import STANDS

if TYPE_CHECKING:
    from numpy.typing import NDArray


COLUMNS = ("arm", "day", "quantity", "statistic", "value", "n")
WAR = "war_share"
LADDER = {stand.rungs[0]: f"{stand.title}  {stand.rungs[0]:>2}" for stand in STANDS}
STATISTICS = {"mean": "mean", "q50": "median"}
LETTERS = 30  # of a line of an arm's label


@styled
def arm_curves(
    table: pd.DataFrame,
    labels: Mapping[str, str],
    quantity: str = "level",
    statistic: str = "mean",
    title: str = "",
    note: str = "",
    about: str = "",
    start: date | None = None,
    rungs: Mapping[int, str] = LADDER,
) -> Figure:
    """One line an arm of a quantity's mean or median by day, named at its end; below, the share at war.

    Columns: arm, day, quantity, statistic, value, n. ``labels``: arms in order of drawing, six at most, and
    their names. ``statistic``: mean or q50. The share at war is drawn if the table has the quantity
    "war_share" (statistic mean; low and high, if there are, as a band). Raises ValueError if a column, an
    arm or the quantity is missing, and for more than six arms.
    """
    table = checked(table, "arms", COLUMNS)
    once(table, "arms", ("arm", "day", "quantity", "statistic"))
    _drawable(table, labels, quantity, statistic)
    days = int(table["day"].max()) + 1
    wars = WAR in set(table["quantity"]) and quantity != WAR
    measured = STATISTICS.get(statistic, statistic)
    ladder = quantity == "level"
    names = {
        arm: textwrap.wrap(label, LETTERS, max_lines=2, placeholder=" …") for arm, label in labels.items()
    }
    notes = [note] if note else []
    if ladder:
        notes.append(f"Level: {measured} over all runs; a run that has ended reads 10 after a war, else 0.")
    if wars:
        notes.append("War: raid, invasion, attack or loss of control. Bands: pointwise 95 % intervals.")
    margins = (
        room(rungs.values(), 8.5) if ladder else 0.8,
        0.3 + room([x for n in names.values() for x in n], 8),
    )
    figure, panels = sheet(
        title or ("Escalation and war by arm" if wars else f"{named(quantity).capitalize()} by arm"),
        heading(
            about, f"{counted(table['n'])} of {plural(days, 'day')} in each of {plural(len(labels), 'arm')}"
        ),
        notes,
        (2.8, 2.2) if wars else (3.0,),
        margins=margins,
    )
    upper = panels[0]
    upper.set_title(f"{named(quantity).capitalize()}, {measured}")
    curves = {arm: _by_day(table, arm, quantity, statistic, days) for arm in labels}
    _scale(upper, quantity, np.concatenate(list(curves.values())), rungs)
    _lines(upper, curves, {arm: "\n".join(names[arm]) for arm in labels})
    if wars:
        _wars(panels[1], table, {arm: short(label, LETTERS) for arm, label in labels.items()}, days)
    for i, panel in enumerate(panels):
        panel.grid(axis="y", color=GRID, linewidth=0.5)
        panel.set_axisbelow(True)
        day_axis(panel, days, start, label=i == len(panels) - 1)
    return figure


def _drawable(table: pd.DataFrame, labels: Mapping[str, str], quantity: str, statistic: str) -> None:
    if not 1 <= len(labels) <= len(ARMS):
        raise ValueError(f"the figure of arms can tell 1 to {len(ARMS)} arms apart, not {len(labels)}")
    here = table[(table["quantity"] == quantity) & (table["statistic"] == statistic)]
    absent = [arm for arm in labels if arm not in set(here["arm"])]
    if absent:
        raise ValueError(f'the table of arms has no {statistic} of {quantity} for the arm "{absent[0]}"')


def _by_day(table: pd.DataFrame, arm: str, quantity: str, statistic: str, days: int) -> NDArray[np.float64]:
    """A curve with an element a day, NaN where the table has none."""
    here = table[(table["arm"] == arm) & (table["quantity"] == quantity) & (table["statistic"] == statistic)]
    values = np.full(days, np.nan)
    values[here["day"].to_numpy(int)] = here["value"].to_numpy(float)
    return values


def _scale(axes: Axes, quantity: str, values: NDArray[np.float64], rungs: Mapping[int, str]) -> None:
    if quantity == "level":
        axes.set_ylim(-0.25, 10.35)
        axes.set_yticks(list(rungs), list(rungs.values()))
        return
    if quantity == WAR:
        percent_axis(axes, min(1, 1.06 * max(LOWEST_TOP, np.nanmax(values))))
        return
    low, high = min(0.0, np.nanmin(values)), max(0.0, np.nanmax(values))
    margin = 0.06 * (high - low) or 0.1
    axes.set_ylim(low - margin, high + margin)


def _lines(axes: Axes, curves: Mapping[str, NDArray[np.float64]], names: Mapping[str, str]) -> None:
    """The curves, each with its name where it ends; day d ends when d + 1 days have elapsed."""
    marks = []
    for (arm, values), (colour, line) in zip(curves.items(), ARMS, strict=False):
        elapsed = np.arange(1, len(values) + 1)
        axes.plot(elapsed, values, color=colour, linestyle=line, linewidth=1.8)
        if len(values) == 1:  # a line needs two ends
            axes.plot(elapsed, values, "o", color=colour, markersize=4, clip_on=False)
        last = np.flatnonzero(np.isfinite(values))[-1]
        marks.append((float(values[last]), names[arm], colour))
    deep = max(name.count("\n") for name in names.values()) + 1
    beside(axes, len(next(iter(curves.values()))), marks, (0.06 + 0.115 * deep) / inches(axes)[1])


def _wars(axes: Axes, table: pd.DataFrame, names: Mapping[str, str], days: int) -> None:
    """The share of runs that have come to war, by arm."""
    axes.set_title("Share of runs that have come to war")
    marks, highest = [], LOWEST_TOP
    for (arm, name), (colour, line) in zip(names.items(), ARMS, strict=False):
        share, low, high = (
            np.concatenate([[0.0], _by_day(table, arm, WAR, which, days)])
            for which in ("mean", "low", "high")
        )
        elapsed = np.arange(days + 1)
        axes.fill_between(elapsed, low, high, color=colour, alpha=0.18, linewidth=0)
        axes.plot(elapsed, share, color=colour, linestyle=line, linewidth=1.8)
        highest = max([highest, *share[np.isfinite(share)], *high[np.isfinite(high)]])
        if np.isfinite(share[-1]):
            marks.append((float(share[-1]), f"{percent(share[-1])}  {name}", colour))
    percent_axis(axes, min(1, 1.06 * highest))
    beside(axes, days, marks, 0.175 / inches(axes)[1])
