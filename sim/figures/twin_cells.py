"""Runs beside their clear-sighted twins: how much war is miscalculation, who would have to see, and when paths part."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.figures.checks import checked, counted, heading, named, once
from sim.figures.interval_axes import (
    ROW,
    distinguishable,
    intervals,
    numbers,
    places,
    points_axis,
    reach,
    rows,
    value_columns,
)
from sim.figures.style import COLOURS, FAINT, GRID, INK, day_axis, percent, sheet, short, styled
from sim.reports.numbers import words
from sim.statistics.proportions import Estimate

COLUMNS = ("quantity", "item", "count", "n", "value", "low", "high")
QUANTITIES = ("cell", "net", "bound", "one_sided", "structural", "exit")

CELLS = {
    "structural": ("structural war", "war in the run and in its twin", -1, 1),
    "miscalculated": ("miscalculated war", "war in the run, none in its twin", 1, 1),
    "prevented": ("war that fog prevented", "no war in the run, war in its twin", -1, -1),
    "peace": ("peace in both", "war in neither", 1, -1),
}
"""The four cells: title, what it is, and the quarter that it lies in (right +, up +)."""


TAKEN_APART = {
    ("structural", "same"): "same act, much as soon",
    ("structural", "hastened"): "hastened by fog",
    ("structural", "delayed"): "delayed by fog",
    ("structural", "another"): "by another act",
    ("exit", "kept"): "in run and twin",
    ("exit", "missed"): "missed: in the twin only",
    ("exit", "false"): "false: in the run only",
}

HEADS = {"structural": "Of structural wars", "exit": "Of all pairs, exits"}
SQUARE = 2.6  # inches
PARTINGS = 1.3


@styled
def twins(
    tables: Mapping[str, pd.DataFrame],
    names: Mapping[str, str] | None = None,
    title: str = "",
    note: str = "",
    about: str = "",
    days: int | None = None,
    start: date | None = None,
) -> Figure:
    """The four cells of run and twin as areas, differences beside them, and the day on which run and twin part.

    ``tables``: "twins" with quantity (cell, net, bound, one_sided, structural, exit), item, count, n, value,
    low, high; "parting" with day (-1: never) and count. ``names``: what the coercer and the target are called.
    Raises ValueError if a table, a column or one of the four cells is missing.
    """
    for need in ("twins", "parting"):
        if need not in tables:
            raise ValueError(f'the figure of twins needs the tables twins and parting; missing: "{need}"')
    table = checked(tables["twins"], "twins", COLUMNS)
    table = table[table["quantity"].isin(QUANTITIES)]
    once(table, "twins", ("quantity", "item"))
    cells = table[table["quantity"] == "cell"].set_index("item")
    absent = [item for item in CELLS if item not in cells.index]
    if absent:
        raise ValueError(f'the figure of twins needs all four cells; missing: "{absent[0]}"')
    parting = checked(tables["parting"], "partings", ("day", "count"))
    parting = parting.groupby("day")["count"].sum().reset_index()
    said = {"coercer": "the coercer", "target": "the target", **(names or {})}
    taken = _taken_apart(table)
    bound = table[table["quantity"] == "bound"].set_index("item")["value"]
    notes = [
        note,
        "A twin has all the luck of its run, and all in it see through the fog. Areas are shares of all runs.",
        f"However luck were shared, miscalculated war would lie between {100 * bound['low']:.1f} and "
        f"{100 * bound['high']:.1f} % of runs."
        if {"low", "high"} <= set(bound.index)
        else "",
        "Intervals: 95 %, sampling error only. Hollow and grey: not distinguishable from 0.",
    ]
    heads = len(taken["quantity"].unique())
    changes = table["quantity"].isin(("net", "one_sided")).sum()
    lines = [changes + 2.5, *([len(taken) + heads + 0.4] if len(taken) else [])]
    figure, panels = sheet(
        title or finding(cells),
        heading(about, counted(cells["n"], "pairs of run and twin")),
        [each for each in notes if each],
        [SQUARE, *(ROW * (rows + 0.5) for rows in lines), PARTINGS],
        margins=(1.85, 1.6),
        gaps=(0.2, *(0.7 for _ in lines)),
        over=0.35,
    )
    _areas(panels[0], cells)
    _differences(panels[1], table, said)
    if len(taken):
        _shares(panels[2], taken)
    _partings(panels[-1], parting, days, start)
    return figure


def finding(cells: pd.DataFrame) -> str:
    """The headline: how many wars fog made, and how many come in clear sight too."""
    share = {item: percent(float(str(cells.at[item, "value"]))) for item in ("miscalculated", "structural")}
    return f"{share['miscalculated']} of runs are wars by miscalculation; {share['structural']} come in clear sight too"


def _areas(axes: Axes, cells: pd.DataFrame) -> None:
    """Four squares about a corner, each with the area of its share, and what it says outside."""
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.set_xlim(-1.04, 1.04)
    axes.set_ylim(-1.04, 1.04)
    axes.plot([-1.02, 1.02], [0, 0], color=FAINT, linewidth=0.7)
    axes.plot([0, 0], [-1.02, 1.02], color=FAINT, linewidth=0.7)
    found = cells.to_dict("index")
    for item, (title, meaning, right, up) in CELLS.items():
        side = float(np.sqrt(found[item]["value"]))
        corner = (min(0, right * side), min(0, up * side))
        axes.add_patch(Rectangle(corner, side, side, facecolor=COLOURS[item], edgecolor="white", linewidth=1))
        _say(axes, right, up, title, _in_words(found[item]), meaning)


def _in_words(row: Mapping[Any, Any]) -> str:
    """The share of runs in a row of the table, with its interval; none of no runs at all."""
    if not row["n"]:
        return "none"
    return words(Estimate(row["count"], row["n"], row["value"], row["low"], row["high"], ""))


def _say(axes: Axes, right: int, up: int, title: str, share: str, meaning: str) -> None:
    first, second = meaning.split(", ") if ", " in meaning else (meaning, "")
    place: dict[str, Any] = {"ha": "left" if right > 0 else "right", "va": "center", "clip_on": False}
    lines = [(title, 8.5, INK, "bold"), (share, 8.5, INK, "normal"), (first, 7, FAINT, "normal")]
    if second:
        lines.append((second, 7, FAINT, "normal"))
    for i, (text, size, colour, weight) in enumerate(lines):
        axes.text(
            1.08 * right,
            up * 0.55 + 0.2 - 0.135 * i,
            text,
            fontsize=size,
            color=colour,
            weight=weight,
            **place,
        )


def _differences(axes: Axes, table: pd.DataFrame, said: Mapping[str, str]) -> None:
    """What fog adds, and what it would change if only one side saw clearly."""
    net = table[table["quantity"] == "net"]
    one = table[table["quantity"] == "one_sided"]
    shown = table.loc[[*net.index, *one.index]]
    labels = [named(str(item)) for item in net["item"]]
    labels += [
        "all" if item == "both" else f"{short(said.get(item, item), 18)} alone" for item in one["item"]
    ]
    heads = {0.0: "What fog adds: run less twin"} if len(net) else {}
    heights = [1.0 + i for i in range(len(net))]
    at = heights[-1] + 1.5 if heights else 0.0
    if len(one):
        heads[at] = "Change in war if all fog lifts for…"
    heights += [at + 1 + i for i in range(len(one))]
    digits = places(shown)
    points_axis(axes, reach(shown) if len(shown) else (-0.01, 0.01))
    rows(axes, heights, labels, -0.6, max(heights, default=1) + 0.7)
    intervals(axes, shown, heights, distinguishable(shown))
    numbers(axes, value_columns(shown, digits), heights)
    _heads(axes, heads)


def _heads(axes: Axes, heads: Mapping[float, str]) -> None:
    for at, text in heads.items():
        axes.annotate(
            text,
            xy=(0, at),
            xycoords=axes.get_yaxis_transform(),
            xytext=(-108, 0),
            textcoords="offset points",
            va="center_baseline",
            weight="bold",
            annotation_clip=False,
        )


def _taken_apart(table: pd.DataFrame) -> pd.DataFrame:
    """The rows that take structural wars and exits apart, in the order of TAKEN_APART."""
    at = {
        (quantity, item): i
        for i, (quantity, item) in zip(table.index, table[["quantity", "item"]].to_numpy(), strict=True)
    }
    return table.loc[[at[key] for key in TAKEN_APART if key in at]]


def _shares(axes: Axes, taken: pd.DataFrame) -> None:
    """Structural wars and exits, taken apart, as shares of all runs."""
    labels, heights, heads, at, last = [], [], {}, 0.0, ""
    for quantity, item in taken[["quantity", "item"]].to_numpy():
        if quantity != last:
            at += 0.4 if last else 0
            heads[at], last = HEADS[quantity], quantity
            at += 1
        labels.append(TAKEN_APART[quantity, item])
        heights.append(at)
        at += 1
    most = 1.05 * max(0.01, float(taken["high"].max()))
    axes.set_xlim(-0.025 * most, most)
    axes.xaxis.set_major_formatter(lambda x, _: f"{100 * x:.3g} %")
    axes.locator_params(axis="x", nbins=4)
    rows(axes, heights, labels, -0.6, at - 0.3)
    intervals(axes, taken, heights, [True] * len(taken))
    estimates = [_in_words(row) for row in taken.to_dict("records")]
    numbers(axes, [estimates], heights)
    axes.set_xlabel("share")
    _heads(axes, heads)


def _partings(axes: Axes, parting: pd.DataFrame, days: int | None, start: date | None) -> None:
    """On which day the histories of run and twin first differ."""
    by_day = parting[parting["day"] >= 0]
    total = max(1, int(parting["count"].sum()))
    never = int(parting.loc[parting["day"] < 0, "count"].sum())
    horizon = days or (int(by_day["day"].max()) + 1 if len(by_day) else 1)
    shares = by_day["count"].to_numpy(float) / total
    axes.bar(by_day["day"].to_numpy(float) + 0.5, shares, width=1, color="#948bb3", linewidth=0)
    axes.set_ylim(0, 1.08 * max([0.01, *shares]))
    axes.yaxis.set_major_formatter(lambda y, _: f"{100 * y:.3g} %")
    axes.locator_params(axis="y", nbins=4)
    axes.grid(axis="y", color=GRID, linewidth=0.5)
    axes.set_axisbelow(True)
    day_axis(axes, horizon, start)
    axes.set_title("Day on which run and twin first differ")
    axes.text(
        0.99,
        0.97,
        f"never: {percent(never / total)} of pairs ({never:,})",
        transform=axes.transAxes,
        ha="right",
        va="top",
        color=FAINT,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 2},
    )
