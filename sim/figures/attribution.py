"""Which channel of fog brings how much war: Shapley values with their intervals, at each height of suspicion."""

from __future__ import annotations

from collections.abc import Mapping

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
from sim.figures.lettering import room
from sim.figures.style import COLOURS, FAINT, INK, sheet, short, styled
from sim.scenario.counterfactual import CHANNEL_TITLES

COLUMNS = ("suspicion", "game", "channel", "n", "value", "low", "high")

SUSPICION = {
    "low": "Suspicion low: complacent",
    "zero": "Suspicion at zero",
    "as is": "Suspicion as in the scenario",
    "high": "Suspicion high: hostile",
}

HEIGHTS = {"low": "if complacent", "zero": "without suspicion", "as is": "as it is", "high": "if hostile"}
GAMES = ("war", "made", "exit")  # the first that a table has is drawn; tables tell the others
NAMES = {"made": "war made by fog"}
COLOUR_OF = {"made": COLOURS["miscalculated"]}
TOTAL = "total"
"""In place of a channel: all of them together."""


@styled
def attribution(
    table: pd.DataFrame,
    names: Mapping[str, str] = CHANNEL_TITLES,
    title: str = "",
    note: str = "",
    about: str = "",
) -> Figure:
    """Bars of what each channel adds to war, a panel for each height of suspicion; the headline says what all of them add.

    Columns: suspicion (low, zero, as is, high), game (war, made, exit), channel, n, value, low, high;
    the channel "total" is the sum, and is added up, without interval, where it is missing. Channels come in
    order of their size for war, suspicion as is. Raises ValueError for a missing column or another suspicion
    or game.
    """
    table = checked(table, "attribution", COLUMNS)
    only(table, "attribution", "suspicion", tuple(SUSPICION))
    only(table, "attribution", "game", GAMES)
    once(table, "attribution", ("suspicion", "game", "channel"))
    heights = [each for each in SUSPICION if each in set(table["suspicion"])]
    game = next(each for each in GAMES if each in set(table["game"]))
    table = table[table["game"] == game]
    channels = _ordered(table)
    labels = [short(names.get(each, each), 34) for each in channels]
    shown = pd.concat([table, _totals(table)], ignore_index=True)
    digits, ends = places(table), reach(shown)
    rooms = [column_room(column) for column in value_columns(shown, digits)]
    wide = sum(rooms)
    notes = [
        note,
        "Bars: Shapley values of the channels, averaged over all orders of switching them on; they add up to "
        "the diamond, the difference between fogged and unfogged sight. Thin lines: 95 % intervals, sampling error "
        "only; pale: not distinguishable from 0.",
    ]
    figure, panels = sheet(
        title or finding(shown, NAMES.get(game) or named(game)),
        heading(about, counted(table["n"])),
        [each for each in notes if each],
        (ROW * (len(channels) + 1.8),) * len(heights),
        margins=(room(labels, 8.5), 0.15 + wide),
        gaps=(0.42,),
        over=0.5,
        under=0.6,
    )
    for panel, suspicion in zip(panels, heights, strict=True):
        here = shown[shown["suspicion"] == suspicion].set_index("channel")
        points_axis(panel, ends, label=panel is panels[-1])
        panel.tick_params(labelbottom=panel is panels[-1])
        _bars(panel, here, channels, labels, game, digits, rooms)
        panel.set_title(SUSPICION[suspicion])
    return figure


def finding(shown: pd.DataFrame, what: str) -> str:
    """The headline: what all channels together add at each height of suspicion, in points."""
    totals = shown[shown["channel"] == TOTAL].set_index("suspicion")
    told = [
        f"{signed(float(str(totals.at[each, 'value'])), 1)} {said}"
        for each, said in HEIGHTS.items()
        if each in totals.index
    ]
    return f"What fog adds to {what}, in points: {', '.join(told)}"


def _ordered(table: pd.DataFrame) -> list[str]:
    """Channels by what they add to war with suspicion as it is, or to what the table has first."""
    channels = list(dict.fromkeys(table.loc[table["channel"] != TOTAL, "channel"]))
    first = table.iloc[0]
    suspicion = "as is" if "as is" in set(table["suspicion"]) else first["suspicion"]
    game = "war" if "war" in set(table["game"]) else first["game"]
    here = table[(table["suspicion"] == suspicion) & (table["game"] == game)]
    value = dict(zip(here["channel"], here["value"], strict=True))
    return sorted(channels, key=lambda name: -value.get(name, -np.inf))


def _totals(table: pd.DataFrame) -> pd.DataFrame:
    """Sums over the channels where the table has no total; their intervals are unknown."""
    sums = table.groupby(["suspicion", "game"], as_index=False, sort=False).agg(
        n=("n", "max"), value=("value", "sum")
    )
    has = set(
        zip(*(table.loc[table["channel"] == TOTAL, name] for name in ("suspicion", "game")), strict=True)
    )
    lacking = [pair not in has for pair in zip(sums["suspicion"], sums["game"], strict=True)]
    return sums[lacking].assign(channel=TOTAL, low=np.nan, high=np.nan)


def _bars(
    axes: Axes,
    here: pd.DataFrame,
    channels: list[str],
    labels: list[str],
    game: str,
    digits: int,
    rooms: list[float],
) -> None:
    at = [float(i) for i, name in enumerate(channels) if name in here.index]
    table = here.loc[[name for name in channels if name in here.index]]
    total = here.loc[[TOTAL]]
    under = len(channels) + 0.25
    for height, (_, row), sure in zip(at, table.iterrows(), distinguishable(table), strict=True):
        axes.barh(
            height,
            row["value"],
            0.62,
            color=COLOUR_OF.get(game) or COLOURS[game],
            alpha=0.75 if sure else 0.25,
            linewidth=0,
        )
        axes.plot([row["low"], row["high"]], [height, height], color=INK, linewidth=1, solid_capstyle="butt")
    rows(
        axes,
        [*range(len(channels)), under],
        [*labels, "together"],
        -0.7,
        under + 0.6,
    )
    axes.axhline(len(channels) - 0.37, color=FAINT, linewidth=0.5)
    intervals(axes, total, [under], [True], INK, "D")
    values, bounds = value_columns(pd.concat([table, total]), digits)
    if not np.isfinite(total["low"]).all():
        bounds[-1] = ""
    numbers(axes, (values, bounds), [*at, under], rooms=rooms)
