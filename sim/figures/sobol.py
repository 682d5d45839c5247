"""Which parameters the spread of results comes from: Sobol indices with their intervals."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.figures.checks import checked, heading, named, once
from sim.figures.interval_axes import ROW, column_room, numbers, rows
from sim.figures.lettering import room
from sim.figures.style import COLOURS, INK, MEDIAN, inches, percent, sheet, short, styled
from sim.reports.words import plural

COLUMNS = (
    "parameter",
    "label",
    "quantity",
    "first",
    "first_low",
    "first_high",
    "total",
    "total_low",
    "total_high",
)

MOST = 25
KINDS = {"first": (-0.16, "o"), "total": (0.16, "D")}


@styled
def sensitivity(
    table: pd.DataFrame,
    chance: Mapping[str, float] | None = None,
    title: str = "Which parameters the spread of results comes from",
    note: str = "",
    about: str = "",
) -> Figure:
    """First-order and total Sobol indices, a panel a quantity; parameters by their total for the first quantity.

    Columns: parameter, label, quantity, first, first_low, first_high, total, total_low, total_high. ``chance``:
    by quantity, the share of the variance of estimates that was luck's and has been taken out, told in the
    note. The 25 largest are drawn. Raises ValueError if a column is missing.
    """
    table = checked(table, "sensitivity", COLUMNS)
    once(table, "sensitivity", ("parameter", "quantity"))
    quantities = list(dict.fromkeys(table["quantity"]))
    first = table[table["quantity"] == quantities[0]].set_index("parameter")["total"]
    named_as = dict(zip(table["parameter"], table["label"], strict=True))
    order = sorted(named_as, key=lambda name: -first.get(name, -np.inf))[:MOST]
    labels = [short(str(named_as[name]), 48) for name in order]
    left = f"The {MOST} largest of {len(named_as)} are shown. " if len(named_as) > MOST else ""
    notes = [
        note,
        _chance(chance or {}),
        f"{left}First order: the share of the variance that would go if the parameter alone were known. Total: "
        "that which would be left if all others were; more than first order is interaction. Bars: 95 % intervals.",
    ]
    wide = 2 * column_room(["−0.00", "total"])
    figure, panels = sheet(
        title,
        heading(about, plural(len(named_as), "parameter")),
        [each for each in notes if each],
        (1.2 * ROW * (len(order) + 0.4),),
        columns=len(quantities),
        margins=(room(labels, 8.5), 0.15 + wide),
        column_gap=0.2 + wide,
        over=0.9,
        under=0.6,
    )
    ends = _reach(table)
    for i, (panel, quantity) in enumerate(zip(panels, quantities, strict=True)):
        here = table[table["quantity"] == quantity].set_index("parameter").reindex(order)
        panel.set_xlim(*ends)
        panel.axvline(0, color=INK, linewidth=0.8, zorder=1.5)
        panel.set_xlabel("share of the variance")
        rows(panel, range(len(order)), labels if i == 0 else [""] * len(order), -0.7, len(order) - 0.3)
        _indices(panel, here, COLOURS.get(quantity, MEDIAN))
        panel.set_title(named(quantity).capitalize(), pad=15)  # over the heads of the numbers
    _legend(panels[0])
    return figure


def _chance(chance: Mapping[str, float]) -> str:
    if not chance:
        return ""
    said = ", ".join(f"{percent(share)} for {named(quantity)}" for quantity, share in chance.items())
    return f"Chance removed: {said} of the variance between points was luck, and is in no index."


def _reach(table: pd.DataFrame) -> tuple[float, float]:
    """Ends of the axis: 0 to 1 at most needed, and below 0 where an estimate or its interval goes there."""
    found = table[[name for name in COLUMNS if name.startswith(("first", "total"))]].to_numpy(float)
    found = np.clip(found[np.isfinite(found)], -0.5, 1.5)
    low, high = min([0.0, *found]), max([0.1, *found])
    return low - 0.03 * (high - low), high + 0.03 * (high - low)


def _indices(axes: Axes, here: pd.DataFrame, colour: str) -> None:
    columns = []
    for kind, (off, mark) in KINDS.items():
        values, low, high = (here[name].to_numpy(float) for name in (kind, f"{kind}_low", f"{kind}_high"))
        at = np.arange(len(here)) + off
        low, high = (np.clip(each, *axes.get_xlim()) for each in (low, high))
        axes.hlines(at, low, high, color=colour, linewidth=1.2, zorder=2)
        face = colour if kind == "first" else "white"
        axes.plot(
            values,
            at,
            mark,
            color=colour,
            markersize=4,
            markerfacecolor=face,
            linestyle="",
            zorder=3,
            clip_on=True,
        )
        columns.append(
            [
                f"{round(value, 2) + 0.0:.2f}".replace("-", "−") if np.isfinite(value) else "–"
                for value in values
            ]
        )
    numbers(axes, columns, range(len(here)), list(KINDS))


def _legend(axes: Axes) -> None:
    axes.legend(
        handles=[
            Line2D(
                [], [], color=INK, marker=mark, markerfacecolor=face, markersize=4, linewidth=1.2, label=label
            )
            for mark, face, label in (("o", INK, "first order"), ("D", "white", "total, with interactions"))
        ],
        loc="lower left",
        bbox_to_anchor=(0, 1 + 0.38 / inches(axes)[1]),
        ncols=2,
        borderaxespad=0,
    )
