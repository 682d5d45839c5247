"""What each lever does from one end of its range to the other: a tornado, the largest on top."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.figures.checks import checked, heading, named, once, only
from sim.figures.interval_axes import ROW, column_room, numbers, places, points_axis, reach, rows, signed
from sim.figures.lettering import room, shortened
from sim.figures.style import INK, inches, sheet, short, styled
from sim.reports.words import plural
from sim.schema.claims import COMPARED

COLUMNS = ("lever", "label", "end", "quantity", "value", "low", "high")
ENDS = {"low": ("#a9a1c4", -0.19), "high": ("#4a3f75", 0.19)}  # colour, and how far off the row's middle
MOST = 25
LONGEST = 2.3  # inches of a lever's name
NAMED = 12  # dead levers named in the note


@styled
def levers(
    table: pd.DataFrame,
    title: str = "",
    note: str = "",
    about: str = "",
) -> Figure:
    """The change at both ends of each lever's range, with intervals: the 25 that do most to war, largest first.

    Columns: lever, label, end (low, high), quantity, value, low, high. Levers whose every value is exactly 0
    are dead, and named in the note. Raises ValueError for a missing column or another end or quantity.
    """
    table = checked(table, "levers", COLUMNS)
    only(table, "levers", "end", tuple(ENDS))
    only(table, "levers", "quantity", COMPARED)
    once(table, "levers", ("lever", "end", "quantity"))
    quantities = [quantity for quantity in COMPARED if quantity in set(table["quantity"])]
    named_as = {
        lever: shortened(str(label), LONGEST, 8.5)
        for lever, label in zip(table["lever"], table["label"], strict=True)
    }
    size = (
        table[table["quantity"] == quantities[0]]
        .groupby("lever")["value"]
        .apply(lambda values: values.abs().max())
    )
    moves = table.groupby("lever")["value"].apply(lambda values: bool((values != 0).any()))
    alive = [lever for lever in named_as if moves[lever]]
    dead = [lever for lever in named_as if not moves[lever]]
    order = sorted(alive, key=lambda lever: -size.get(lever, 0.0))[:MOST] or dead[:MOST]
    labels = [named_as[lever] for lever in order]
    shown = table[table["lever"].isin(order)]
    digits, ends = places(shown), reach(shown)
    wide = 2 * column_room([signed(value, digits) for value in shown["value"]] + ["high"])
    figure, panels = sheet(
        title or _finding(shown, order, named_as, quantities[0], digits),
        heading(about, plural(len(named_as), "lever")),
        [
            each
            for each in (
                note,
                _left_out(len(alive), [short(named_as[lever], 28) for lever in dead]),
                _reading(),
            )
            if each
        ],
        (1.25 * ROW * (len(order) + 0.4),),
        columns=len(quantities),
        margins=(room(labels, 8.5), 0.15 + wide),
        column_gap=0.35 + wide,
        over=0.9,
        under=0.6,
    )
    for i, (panel, quantity) in enumerate(zip(panels, quantities, strict=True)):
        points_axis(panel, ends)
        rows(panel, range(len(order)), labels if i == 0 else [""] * len(order), -0.7, len(order) - 0.3)
        _bars(panel, shown[shown["quantity"] == quantity], order, digits)
        panel.set_title(named(quantity).capitalize(), pad=15)  # over the heads of the numbers
    panels[0].legend(
        handles=[Patch(color=colour, label=f"{end} end of its range") for end, (colour, _) in ENDS.items()],
        loc="lower left",
        bbox_to_anchor=(0, 1 + 0.38 / inches(panels[0])[1]),
        ncols=2,
        borderaxespad=0,
        handlelength=1.3,
    )
    return figure


def _finding(
    shown: pd.DataFrame, order: list[str], named_as: Mapping[str, str], quantity: str, digits: int
) -> str:
    """The headline: the lever that moves the first quantity most, from end to end."""
    here = shown[(shown["quantity"] == quantity) & (shown["lever"] == order[0])].set_index("end")["value"]
    if not here.abs().max() > 0:
        return f"No lever moves {named(quantity)}"
    told = " to ".join(signed(float(here[end]), digits) for end in ENDS if end in here.index)
    return f"What moves {named(quantity)} most: {named_as[order[0]]}, {told} points"


def _reading() -> str:
    return (
        "Percentage points, against the lever as it is, all luck shared. Thin lines: 95 % intervals, sampling "
        "error only."
    )


def _left_out(alive: int, dead: list[str]) -> str:
    """Which levers are not drawn, and which do nothing at all."""
    left = f"The {MOST} largest of {alive} that do something. " if alive > MOST else ""
    if not dead:
        return left.strip()
    more = f" and {len(dead) - NAMED} more" if len(dead) > NAMED else ""
    return f"{left}Dead, not a single run changes: {', '.join(dead[:NAMED])}{more}."


def _bars(axes: Axes, here: pd.DataFrame, order: list[str], digits: int) -> None:
    columns = []
    for end, (colour, off) in ENDS.items():
        table = here[here["end"] == end].set_index("lever").reindex(order)
        values, low, high = (table[name].to_numpy(float) for name in ("value", "low", "high"))
        at = np.arange(len(order)) + off
        axes.barh(at, np.nan_to_num(values), 0.36, color=colour, linewidth=0, zorder=1)
        axes.hlines(at, low, high, color=INK, linewidth=0.9, zorder=2)
        columns.append([signed(value, digits) for value in values])
    numbers(axes, columns, range(len(order)), list(ENDS))
