"""What if another signal had been sent: the change in war, miscalculated war and exit, for each that could be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
    signed,
    value_columns,
)
from sim.figures.lettering import room, shortened
from sim.figures.style import COLOURS, INK, sheet, styled
from sim.schema.claims import COMPARED

COLUMNS = ("signal", "label", "quantity", "value", "low", "high", "n", "sent")
AS_IT_WAS = "0"  # what the signal that was sent changes
LONGEST = 1.75  # inches of a signal's name
SENT = "#e8e6ef"  # behind the row of the signal that was sent


@styled
def whatif(
    table: pd.DataFrame,
    title: str = "",
    note: str = "",
    about: str = "",
) -> Figure:
    """What each signal would change against the one sent, a panel for each of war, miscalculated war and exit.

    Columns: signal, label, quantity, value, low, high, n, sent. Signals come in order of what they do to war,
    the worst on top. Raises ValueError for a missing column, unless one signal was sent, and unless that one
    changes nothing.
    """
    table = checked(table.assign(known=_known(table)), "what-ifs", (*COLUMNS, "known"))
    only(table, "what-ifs", "quantity", COMPARED)
    once(table, "what-ifs", ("signal", "quantity"))
    sent = table[table["sent"].to_numpy(bool)]
    if sent["signal"].nunique() != 1 or (sent["value"] != 0).any():
        raise ValueError("the figure of what-ifs needs one signal that was sent, and it changes nothing (0)")
    outcomes = [outcome for outcome in COMPARED if outcome in set(table["quantity"])]
    order = _ordered(table, outcomes[0])
    named_as = dict(zip(table["signal"], table["label"], strict=True))
    own = str(sent["signal"].iloc[0])
    labels = [
        shortened(str(named_as[signal]), LONGEST, 8.5) + (" (sent)" if signal == own else "")
        for signal in order
    ]
    others = table[~table["sent"].to_numpy(bool)]
    open_ended = others[~others["known"].to_numpy(bool)]  # an act of war is one, and sets no scale
    digits, ends = places(others), reach(open_ended if len(open_ended) else others)
    rooms = [column_room([*value_columns(table, digits)[0], AS_IT_WAS])]
    wide = sum(rooms)
    notes = [
        note,
        "Each row: the chance if that signal had been sent instead, less the chance with the one that was, in "
        "percentage points, the history before and all luck after it shared. Bars: 95 % intervals, sampling "
        "error only. Hollow and grey: not distinguishable from 0. Triangles: beyond the scale, for the act ends the crisis.",
    ]
    figure, panels = sheet(
        title or _finding(table, named_as, outcomes[0], digits),
        heading(about, counted(table["n"], "runs for each signal")),
        [each for each in notes if each],
        (ROW * (len(order) + 0.5),),
        columns=len(outcomes),
        margins=(room(labels, 8.5), 0.15 + wide),
        column_gap=0.15 + wide,
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
        panel.set_title(named(outcome).capitalize())
    for label, signal in zip(panels[0].get_yticklabels(), order, strict=True):
        label.set_fontweight("bold" if signal == own else "normal")
    return figure


def _known(table: pd.DataFrame) -> list[bool]:
    """Which signals have a known outcome: those that end the run on the day."""
    if not {"signal", "chance_low", "chance_high"} <= set(table.columns):
        return [False] * len(table)
    ends = set(table.loc[table["chance_low"] == table["chance_high"], "signal"])
    return [signal in ends for signal in table["signal"]]


def _finding(table: pd.DataFrame, named_as: Mapping[Any, Any], outcome: str, digits: int) -> str:
    """The headline: the signal that would have lowered the chance of war most, acts that end the run left out."""
    here = table[(table["quantity"] == outcome) & ~table["known"].to_numpy(bool)]
    lower = here[(here["high"] < 0)]
    if lower.empty:
        return f"No other signal would have made {named(outcome)} less likely"
    best = lower.iloc[int(lower["value"].to_numpy().argmin())]
    return f"What if? {str(named_as[best['signal']]).capitalize()}: {signed(float(best['value']), digits)} points of {named(outcome)}"


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
    low, high = axes.get_xlim()
    within = (table["value"] >= low).to_numpy() & (table["value"] <= high).to_numpy()
    inside = [height for height, is_in in zip(at, within, strict=True) if is_in]
    intervals(axes, table[within], inside, distinguishable(table[within]), colour)
    for height, value in zip(at, table["value"], strict=True):
        if not low <= value <= high:
            axes.plot(
                high if value > high else low,
                height,
                ">" if value > high else "<",
                color=colour,
                clip_on=False,
            )
    axes.plot(0, order.index(own), "D", color=INK, markersize=4.6, zorder=3)
    numbers(axes, [[*value_columns(table, digits)[0], AS_IT_WAS]], [*at, order.index(own)], rooms=rooms)
