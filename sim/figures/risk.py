"""The risk of one crisis as it went: the chance of war and of each other end, given its history so far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.checks import checked, counted, heading, named, once, only
from sim.figures.incidence import LINES
from sim.figures.interval_axes import signed
from sim.figures.style import (
    COLOURS,
    FAINT,
    GRID,
    INK,
    beside,
    day_axis,
    inches,
    percent,
    percent_axis,
    sheet,
    short,
    styled,
)
from sim.schema.outcomes import HEADLINES

COLUMNS = ("day", "quantity", "value", "low", "high", "n")
LINE = 0.17  # inches between the lines of what happened
MOST_ACTS = 8


LATE = 0.55  # of the horizon, from where words stand left of their line


@styled
def risk(
    table: pd.DataFrame,
    acts: pd.DataFrame,
    no_return: int | None = None,
    end: tuple[int, str] | None = None,
    title: str = "",
    note: str = "",
    about: str = "",
    start: date | None = None,
) -> Figure:
    """P(war | history to the end of the day), and that of each other end, by day, with the acts that moved them most.

    ``table``: day, quantity (of HEADLINES), value, low, high, n. ``acts``: day, label, jump (a
    difference of P(war)); the eight largest are named. ``no_return``: the point of no return, if it has one;
    ``end``: last day and how the crisis ended. Raises ValueError if a column is missing.
    """
    table = checked(table, "risk", COLUMNS)
    only(table, "risk", "quantity", HEADLINES)
    once(table, "risk", ("day", "quantity"))
    happened = _happened(acts, no_return, end)
    strip = LINE * len(happened) + (0.1 if happened else 0)
    days = max([int(table["day"].max()) + 1, *(day for day, _, _ in happened)])
    notes = [
        note,
        "Each day's chance: the share of runs that go that way, from that day's end on, when the history so far "
        "is kept and luck is drawn anew. Bands: pointwise 95 % intervals, sampling error only. "
        + (
            "Points: by how much the act changed the chance of war; those that did most are named."
            if len(acts)
            else ""
        ),
    ]
    figure, (axes,) = sheet(
        title or _peak(table),
        heading(about, counted(table["n"], "runs from each day")),
        [each.rstrip() for each in notes if each],
        (2.7,),
        margins=(0.7, 1.3),
        over=0.4 + strip,
    )
    marks, highest = [], 0.02
    for quantity in [outcome for outcome in HEADLINES if outcome in set(table["quantity"])]:
        here = table[table["quantity"] == quantity].sort_values("day")
        elapsed = here["day"].to_numpy(float) + 1
        colour = COLOURS[quantity]
        axes.fill_between(elapsed, here["low"], here["high"], color=colour, alpha=0.22, linewidth=0)
        marker = "o" if len(here) == 1 else None  # a line needs two ends
        axes.plot(
            elapsed, here["value"], color=colour, linestyle=LINES[quantity], linewidth=1.8, marker=marker
        )
        last = float(here["value"].iloc[-1])
        marks.append((last, f"{named(quantity)} {percent(last)}", colour))
        highest = max(highest, float(here["high"].max()))
    percent_axis(axes, min(1, 1.05 * highest))
    axes.locator_params(axis="y", nbins=6)
    axes.grid(axis="y", color=GRID, linewidth=0.5)
    day_axis(axes, days, start)
    beside(axes, float(table["day"].max()) + 1, marks, 0.07)
    axes.set_title("")
    _tell(axes, happened)
    return figure


def _peak(table: pd.DataFrame) -> str:
    """The headline: the day on which war was likeliest."""
    wars = table[table["quantity"] == "war"]
    if wars.empty or not wars["value"].max():
        return "War was never near"
    top = wars.iloc[int(wars["value"].to_numpy().argmax())]
    return f"War was likeliest on day {int(top['day'])}: {percent(float(top['value']))}"


def _happened(
    acts: pd.DataFrame, no_return: int | None, end: tuple[int, str] | None
) -> list[tuple[int, str, bool]]:
    """What is told over the curves, in order of days: day, text, and whether it is a turning point."""
    found = []
    if len(acts):
        acts = checked(acts, "risk's acts", ("day", "label", "jump"))
        largest = acts.loc[acts["jump"].abs().sort_values(ascending=False, kind="stable").index[:MOST_ACTS]]
        found = [
            (int(day), f"{short(str(label), 44)} {signed(jump, 1)} points", False)
            for day, label, jump in zip(largest["day"], largest["label"], largest["jump"], strict=True)
        ]
    if no_return is not None:
        found.append((no_return, "point of no return", True))
    if end is not None:
        found.append((end[0], f"end: {short(end[1], 40)}", True))
    return sorted(found, key=lambda each: (each[0], each[2]))


def _tell(axes: Axes, happened: Sequence[tuple[int, str, bool]]) -> None:
    """Steps down from the left: what came first stands highest, so no line runs through another's words."""
    for i, (day, text, turning) in enumerate(happened):
        up = 72 * (LINE * (len(happened) - i) - 0.02)
        late = day + 1 > LATE * axes.get_xlim()[1]
        axes.annotate(
            f"day {day}: {text}",
            xy=(day + 1, 0),
            xycoords=axes.get_xaxis_transform(),
            xytext=(-3 if late else 3, up + 72 * inches(axes)[1]),
            textcoords="offset points",
            ha="right" if late else "left",
            fontsize=7.5,
            weight="bold" if turning else "normal",
            va="center",
            color=INK,
            annotation_clip=False,
        )
        axes.annotate(
            "",
            xy=(day + 1, 0),
            xycoords=axes.get_xaxis_transform(),
            xytext=(0, up + 3 + 72 * inches(axes)[1]),
            textcoords="offset points",
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": INK if turning else FAINT,
                "linewidth": 1.1 if turning else 0.6,
                "linestyle": (0, (4, 2)) if turning else "-",
                "shrinkA": 0,
                "shrinkB": 0,
            },
        )
