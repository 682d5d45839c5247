"""Which parameters matter at all, and which of them bend or interact: Morris's elementary effects."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.checks import checked, heading, named, once
from sim.figures.interval_axes import LEAST_REACH, tick
from sim.figures.lettering import room
from sim.figures.style import COLOURS, FAINT, GRID, MEDIAN, beside, inches, sheet, short, styled
from sim.reports.words import plural

COLUMNS = ("parameter", "label", "quantity", "mu_star", "sigma")
MOST = 12  # parameters named


@styled
def morris(
    table: pd.DataFrame,
    quantity: str = "war",
    title: str = "",
    note: str = "",
    about: str = "",
) -> Figure:
    """The mean size of each parameter's effects against their spread, the twelve largest named.

    Columns: parameter, label, quantity, mu_star, sigma (differences of shares over the parameter's range).
    Raises ValueError for a missing column or quantity, or a negative number.
    """
    table = checked(table, "elementary effects", COLUMNS)
    here = table[table["quantity"] == quantity].reset_index(drop=True)
    if here.empty:
        raise ValueError(f'the table of elementary effects has no quantity "{quantity}"')
    once(here, "elementary effects", ("parameter",))
    if (here[["mu_star", "sigma"]] < 0).any(axis=None):
        raise ValueError("mu_star and sigma are sizes, and cannot be negative")
    largest = here.sort_values("mu_star", ascending=False, kind="stable").head(MOST)
    labels = [short(str(label), 44) for label in largest["label"]]
    said = named(quantity)
    notes = [
        note,
        "Right: matters more. High above the lines: the effect depends on the other parameters, or bends. "
        + (f"The {MOST} largest are named. " if len(here) > MOST else "")
        + "Percentage points over the whole range of a parameter.",
    ]
    figure, (axes,) = sheet(
        title or f"Which parameters move {said}, and which depend on others",
        heading(about, plural(len(here), "parameter")),
        [each for each in notes if each],
        (3.2,),
        margins=(0.75, 0.3 + room(labels, 8)),
        over=0.35,
    )
    high = 1.06 * max(2 * LEAST_REACH, float(here["mu_star"].max()))
    tall = 1.06 * max(2 * LEAST_REACH, float(here["sigma"].max()))
    axes.set_xlim(0, high)
    axes.set_ylim(0, tall)
    _guides(axes, high, tall)
    colour = COLOURS.get(quantity, MEDIAN)
    named_here = here["parameter"].isin(largest["parameter"]).to_numpy()
    for mask, shade in ((~named_here, "#b9bdc4"), (named_here, colour)):
        axes.plot(
            here["mu_star"][mask],
            here["sigma"][mask],
            "o",
            color=shade,
            markersize=5,
            linestyle="",
            clip_on=False,
        )
    axes.grid(color=GRID, linewidth=0.4)
    axes.set_axisbelow(True)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda share, _: tick(share).removeprefix("+"))
    axes.set_xlabel("mean size of the effect (μ*)")
    axes.set_ylabel("its spread (σ)")
    _name(axes, largest, labels)
    return figure


def _guides(axes: Axes, high: float, tall: float) -> None:
    """Where the spread is as large as the effect, and half of it."""
    for slope, text in ((1.0, "σ = μ*"), (0.5, "σ = ½ μ*")):
        end = min(high, tall / slope)
        axes.plot([0, end], [0, slope * end], color=FAINT, linewidth=0.7, linestyle=(0, (3, 2)))
        axes.text(0.97 * end, 0.97 * slope * end, text, fontsize=7, color=FAINT, ha="right", va="bottom")


def _name(axes: Axes, largest: pd.DataFrame, labels: list[str]) -> None:
    """Names at the right in the order of height, each led to its point."""
    heights = largest["sigma"].to_list()
    marks = [(height, label, "#b9bdc4") for height, label in zip(heights, labels, strict=True)]
    beside(axes, largest["mu_star"].to_list(), marks, 0.165 / inches(axes)[1], width=0.6)
