"""Regret by act of war: how much of the act's hazard was owed to the actor's own error."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.checks import checked, heading, named
from sim.figures.style import COLOURS, FAINT, GRID, INK, percent_axis, sheet, styled
from sim.reports.words import plural
from sim.schema.outcomes import WAR_NAMES as WARS
from sim.statistics.histograms import binned_median

COLUMNS = ("act", "low_edge", "high_edge", "count")


@styled
def regret(
    table: pd.DataFrame,
    title: str = "Regret: how far error led to each act of war",
    note: str = "",
    about: str = "",
) -> Figure:
    """The distribution of regret, 1 - p_truth/p_belief, a panel an act, with the median.

    Columns: act, low_edge, high_edge (-1 to 1; what lies lower is in the lowest bin), count. Raises ValueError
    if a column is missing, or a bin has no width or lies beyond ±1.
    """
    table = checked(table, "regret", COLUMNS)
    if (table["high_edge"] <= table["low_edge"]).any():
        raise ValueError("the figure of regret needs bins with high_edge above low_edge")
    if (table["low_edge"] < -1).any() or (table["high_edge"] > 1).any():
        raise ValueError("the figure of regret needs bins between -1 and 1; what lies below is in the lowest")
    present = list(dict.fromkeys(table["act"]))
    acts = [act for act in WARS if act in present] + [act for act in present if act not in WARS]
    notes = [
        note,
        "Regret is 1 − p(truth)/p(belief), p the chance that day that the actor goes to war: 0 if seeing truly "
        "would have made it just as likely, 1 if it would have ruled it out, below 0 if error held it back. "
        "Below −1 is shown at −1. It counts the actor's own error alone, not what fog did through the rival.",
    ]
    figure, panels = sheet(
        title,
        heading(about, plural(int(table["count"].sum()), "act") + " of war"),
        [each for each in notes if each],
        (1.05,) * len(acts),
        margins=(0.75, 0.3),
        gaps=(0.5,),
        over=0.5,
    )
    for panel, act in zip(panels, acts, strict=True):
        _distribution(panel, table[table["act"] == act], act)
    highest = max(panel.get_ylim()[1] for panel in panels)
    for panel in panels:
        percent_axis(panel, highest)
        panel.locator_params(axis="y", nbins=3)
        panel.tick_params(labelbottom=panel is panels[-1])
    panels[-1].set_xlabel("regret")
    panels[-1].set_xticks([-1, -0.5, 0, 0.5, 1], ["−1 or less", "−0.5", "0", "0.5", "1"])
    write: dict[str, Any] = {"fontsize": 7.5, "color": FAINT, "va": "bottom"}
    panels[0].text(
        -0.02, 1.01, "← error held it back", ha="right", transform=panels[0].get_xaxis_transform(), **write
    )
    panels[0].text(0.02, 1.01, "error made it likelier →", transform=panels[0].get_xaxis_transform(), **write)
    return figure


def _distribution(axes: Axes, bins: pd.DataFrame, act: str) -> None:
    bins = bins.sort_values("low_edge")
    count, n = bins["count"].to_numpy(float), int(bins["count"].sum())
    low, high = bins["low_edge"].to_numpy(float), bins["high_edge"].to_numpy(float)
    shares = count / max(1, n)
    colour = COLOURS.get(act, COLOURS["war"])
    axes.bar(low, shares, high - low, align="edge", color=colour, edgecolor="white", linewidth=0.4)
    axes.set_xlim(-1.02, 1.02)
    axes.set_xticks([-1, -0.5, 0, 0.5, 1])
    axes.set_ylim(0, 1.12 * max([0.02, *shares]))
    axes.grid(axis="y", color=GRID, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_title(f"{named(act)} ({n:,})")
    if not n:
        axes.text(-0.98, 0.5, "none", transform=axes.get_xaxis_transform(), va="center", color=FAINT)
        return
    middle = binned_median(low, high, count)
    axes.axvline(middle, color=INK, linewidth=1.4, linestyle=(0, (3, 1.5)))
    right = middle < 0.6
    axes.text(
        middle + (0.02 if right else -0.02),
        0.97,
        f"median {middle:.2f}".replace("-", "−"),
        transform=axes.get_xaxis_transform(),
        ha="left" if right else "right",
        va="top",
        fontsize=8,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1},
    )
