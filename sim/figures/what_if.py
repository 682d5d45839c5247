"""What if another signal had been sent: the change in war, miscalculated war and exit, for each that could be."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.checks import checked, counted, heading, named, once, only
from sim.figures.interval_axes import (
    ROW,
    column_room,
    distinguishable,
    intervals,
    numbers,
    places,
    points_axis,
    reach,
    rows,
    value_columns,
)
from sim.figures.lettering import room
from sim.figures.style import COLOURS, INK, sheet, short, styled
from sim.schema.claims import COMPARED

COLUMNS = ("signal", "label", "quantity", "value", "low", "high", "n", "sent")
AS_IT_WAS = ("0", "as it was")  # the numbers of the signal that was sent
SENT = "#e8e6ef"  # behind the row of the signal that was sent


@styled
def whatif(
    table: pd.DataFrame,
    title: str = "What if another signal had been sent that day",
    note: str = "",
    about: str = "",
) -> Figure:
    """What each signal would change against the one sent, a panel for each of war, miscalculated war and exit.

    Columns: signal, label, quantity, value, low, high, n, sent. Signals come in order of what they do to war,
    the worst on top. Raises ValueError for a missing column, unless one signal was sent, and unless that one
    changes nothing.
    """
    table = checked(table, "what-ifs", COLUMNS)
    only(table, "what-ifs", "quantity", COMPARED)
    once(table, "what-ifs", ("signal", "quantity"))
    sent = table[table["sent"].to_numpy(bool)]
    if sent["signal"].nunique() != 1 or (sent["value"] != 0).any():
        raise ValueError("the figure of what-ifs needs one signal that was sent, and it changes nothing (0)")
    outcomes = [outcome for outcome in COMPARED if outcome in set(table["quantity"])]
    order = _ordered(table, outcomes[0])
    named_as = dict(zip(table["signal"], table["label"], strict=True))
    own = str(sent["signal"].iloc[0])
    labels = [short(str(named_as[signal]), 36) + (" (sent)" if signal == own else "") for signal in order]
    digits, ends = places(table[~table["sent"].to_numpy(bool)]), reach(table)
    columns = [[*column, text] for column, text in zip(value_columns(table, digits), AS_IT_WAS, strict=True)]
    rooms = [column_room(column) for column in columns]
    wide = sum(rooms)
    notes = [
        note,
        "Each row: the chance if that signal had been sent instead, less the chance with the one that was, in "
        "percentage points, the history before and all luck after it shared. Bars: 95 % intervals, sampling "
        "error only. Hollow and grey: not distinguishable from 0.",
    ]
    figure, panels = sheet(
        title,
        heading(about, counted(table["n"], "runs for each signal")),
        [each for each in notes if each],
        (ROW * (len(order) + 0.5),),
        columns=len(outcomes),
        margins=(room(labels, 8.5), 0.15 + wide),
        column_gap=0.35 + wide,
        over=0.55,
        under=0.6,
    )
    for i, (panel, outcome) in enumerate(zip(panels, outcomes, strict=True)):
        points_axis(panel, ends)
        _panel(
            panel,
            table[table["quantity"] == outcome].set_index("signal"),
            order,
            own,
            COLOURS[outcome],
            digits,
            rooms,
        )
        panel.set_yticks(range(len(order)), labels if i == 0 else [""] * len(order))
        panel.set_title(f"Change in {named(outcome)}")
    for label, signal in zip(panels[0].get_yticklabels(), order, strict=True):
        label.set_fontweight("bold" if signal == own else "normal")
    return figure


def _ordered(table: pd.DataFrame, outcome: str) -> list[str]:
    """Signals by what they do to the first quantity, the largest rise first."""
    here = table[table["quantity"] == outcome]
    value = dict(zip(here["signal"], here["value"], strict=True))
    return sorted(dict.fromkeys(table["signal"]), key=lambda name: -value.get(name, -np.inf))


def _panel(
    axes: Axes, here: pd.DataFrame, order: list[str], own: str, colour: str, digits: int, rooms: list[float]
) -> None:
    rows(axes, range(len(order)), [""] * len(order), -0.7, len(order) - 0.3)
    axes.axhspan(order.index(own) - 0.5, order.index(own) + 0.5, color=SENT, linewidth=0, zorder=0)
    others = [signal for signal in order if signal in here.index and signal != own]
    table, at = here.loc[others], [order.index(signal) for signal in others]
    intervals(axes, table, at, distinguishable(table), colour)
    axes.plot(0, order.index(own), "D", color=INK, markersize=4.6, zorder=3)
    values, bounds = value_columns(table, digits)
    columns = [[*column, text] for column, text in zip((values, bounds), AS_IT_WAS, strict=True)]
    numbers(axes, columns, [*at, order.index(own)], rooms=rooms)
