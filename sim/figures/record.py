"""The model beside the historical record: all figures at a glance by group, and figures one by one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter

from sim.figures.checks import checked
from sim.figures.interval_axes import rows
from sim.figures.lettering import room
from sim.figures.style import FAINT, INK, sheet, short, styled

COLUMNS = (
    "sample",
    "group",
    "label",
    "unit",
    "value",
    "low",
    "high",
    "record",
    "record_low",
    "record_high",
    "verdict",
)
SAMPLES = {"scenario": ("#0072b2", "o"), "population": ("#d55e00", "D")}
RECORD_COLOUR = "#c9ccd1"
FAR = 30.0  # half intervals; what is further off is drawn here
LEAST = {"days": 0.5, "count": 0.5}  # half of an interval that is a point: the rounding of the record
FINE = 0.005
WIDE = 3.6  # inches of a panel
LONGEST = 56  # letters of a label
LOG = ("days", "ratio")


def apart(table: pd.DataFrame) -> pd.Series[float]:
    """How far the model lies from the record's value, in half intervals of its side: -1 to 1 is inside."""
    least = table["unit"].map(LEAST).fillna(FINE)
    above = table["value"] >= table["record"]
    half = np.where(above, table["record_high"] - table["record"], table["record"] - table["record_low"])
    return ((table["value"] - table["record"]) / np.maximum(half, least)).clip(-FAR, FAR)


@styled
def glance(table: pd.DataFrame, about: str) -> Figure:
    """A strip a group: a mark a figure of the record, placed by how many half intervals the model is off.

    Columns as COLUMNS; rows that can be compared. Raises ValueError if a column or all rows are missing.
    """
    table = checked(table, "history", COLUMNS)
    groups = list(table["group"].unique())
    off = apart(table)
    labels = [f"{short(group, 44)}" for group in groups]
    figure, (axes,) = sheet(
        "The model beside the historical record",
        about,
        [
            "A mark is a figure of the record: where the model's value lies, in half 95 % intervals of the record. Grey: inside. "
            f"Linear to 1, then logarithmic; at the edges {FAR:g} or more. {_key(table)}"
        ],
        (0.3 * len(groups) + 0.2,),
        margins=(room(labels, 8.5), 0.9),
        over=0.4,
        under=0.6,
    )
    axes.set_xscale("symlog", linthresh=1, linscale=0.8)
    axes.set_xlim(-1.15 * FAR, 1.15 * FAR)
    axes.axvspan(-1, 1, color="#e6e8eb", zorder=0)
    heights = list(range(len(groups)))
    rows(axes, heights, labels, -0.7, len(groups) - 0.3)
    present = _present(table)
    for at, group in zip(heights, groups, strict=True):
        for place, sample in enumerate(present):
            here = (table["group"] == group) & (table["sample"] == sample)
            level = at + 0.2 * (2 * place - len(present) + 1)
            colour, mark = SAMPLES[sample]
            axes.plot(
                off[here],
                [level] * int(here.sum()),
                mark,
                color=colour,
                markersize=3,
                alpha=0.55,
                clip_on=False,
            )
            inside = int((table["verdict"][here] == "inside").sum())
            axes.annotate(
                f"{inside} of {int(here.sum())}",
                xy=(1, level),
                xycoords=axes.get_yaxis_transform(),
                xytext=(8, 0),
                textcoords="offset points",
                fontsize=7,
                va="center",
                color=colour,
                annotation_clip=False,
            )
    axes.xaxis.set_major_locator(FixedLocator([-30, -10, -3, -1, 0, 1, 3, 10, 30]))
    axes.xaxis.set_minor_locator(FixedLocator([]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}".replace("-", "−")))
    axes.set_xlabel("model too low  ←  half intervals of the record  →  model too high")
    return figure


@styled
def beside(table: pd.DataFrame, title: str, about: str) -> Figure:
    """Figures of one group, a row each: the record's interval as a bar, and the model's value with its own on it.

    Columns as COLUMNS. Raises ValueError if a column or all rows are missing.
    """
    table = checked(table, "history", COLUMNS)
    names = list(dict.fromkeys(table["label"]))
    labels = [short(name, LONGEST) for name in names]
    present = _present(table)
    figure, (axes,) = sheet(
        f"{title[:1].upper()}{title[1:]}: the model beside the record",
        about,
        [
            f"Grey bars: 95 % intervals of the record, white line its value. {_key(table)} Bars of the model: sampling error only."
        ],
        (0.24 * len(names) + 0.2,),
        margins=(room(labels, 8), 0.25),
        over=0.4,
        under=0.6,
    )
    unit = str(table["unit"].iloc[0])
    _scale(axes, table, unit)
    heights = list(range(len(names)))
    rows(axes, heights, labels, -0.7, len(names) - 0.3)
    axes.tick_params(axis="y", labelsize=8)
    low, high = axes.get_xlim()
    for row in table.drop_duplicates("label").to_dict("records"):
        at = names.index(row["label"])
        ends = np.clip([row["record_low"], row["record_high"]], low, high)
        axes.plot(ends, [at, at], color=RECORD_COLOUR, linewidth=7, solid_capstyle="butt", zorder=1)
        axes.plot(
            np.clip(row["record"], low, high),
            at,
            "|",
            color="white",
            markersize=7,
            markeredgewidth=1.5,
            zorder=2,
        )
    for place, sample in enumerate(present):
        colour, mark = SAMPLES[sample]
        for row in table[table["sample"] == sample].to_dict("records"):
            level = names.index(row["label"]) + 0.18 * (2 * place - len(present) + 1)
            if np.isfinite([row["value"], row["low"], row["high"]]).all():
                axes.plot(
                    np.clip([row["low"], row["high"]], low, high),
                    [level] * 2,
                    color=colour,
                    linewidth=1.2,
                    zorder=3,
                )
                axes.plot(
                    np.clip(row["value"], low, high),
                    level,
                    mark,
                    color=colour,
                    markersize=3.6,
                    zorder=4,
                    clip_on=False,
                )
    axes.set_xlabel({"days": "days (logarithmic)", "share": "share"}.get(unit, unit))
    return figure


def _scale(axes: Axes, table: pd.DataFrame, unit: str) -> None:
    """An axis that holds all that is finite, logarithmic for days and ratios."""
    found = table[["value", "low", "high", "record", "record_low", "record_high"]].to_numpy(float)
    found = found[np.isfinite(found)]
    if unit in LOG:
        axes.set_xscale("log")
        axes.set_xlim(max(0.5, 0.8 * float(found.min())), 1.3 * float(found.max()))
        ticks = [x for x in (1, 3, 10, 30, 100, 300, 1000) if axes.get_xlim()[0] <= x <= axes.get_xlim()[1]]
        axes.xaxis.set_major_locator(FixedLocator(ticks))
        axes.xaxis.set_minor_locator(FixedLocator([]))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
    else:
        room_ = 0.04 * float(found.max() - min(0.0, found.min()))
        axes.set_xlim(min(0.0, float(found.min())) - room_, float(found.max()) + room_)
        axes.axvline(0, color=INK, linewidth=0.6, zorder=0.6)
    axes.tick_params(axis="x", colors=FAINT)


def _present(table: pd.DataFrame) -> Sequence[str]:
    """The samples that there are, in our order."""
    return [name for name in SAMPLES if (table["sample"] == name).any()]


def _key(table: pd.DataFrame) -> str:
    """Which mark is which sample."""
    words = {
        "scenario": "Blue dots: the scenario.",
        "population": "Orange diamonds: the population drawn around it.",
    }
    return " ".join(words[name] for name in _present(table))
