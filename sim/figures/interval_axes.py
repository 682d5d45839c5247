"""Differences of shares in percentage points: how a figure writes them, and draws them with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.figures.style import FAINT, GRID, INK, MEDIAN, inches
from sim.reports.numbers import decimals

if TYPE_CHECKING:
    from numpy.typing import NDArray


ROW = 0.2  # height of a row, in inches
LEAST_REACH = 0.005  # of an axis of differences, so that a trace of one is not blown up
MOST_PLACES = 4
SIZE = 7.5  # of the numbers beside the rows, in points
BLANK = 0.14  # inches before a column of numbers


def distinguishable(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Which rows' intervals leave 0 out."""
    return np.asarray((table["low"] > 0) | (table["high"] < 0))


def places(table: pd.DataFrame) -> int:
    """Decimals in which all rows are written: what the middle interval bears; one more if a fine one needs it."""
    widths = 100 * (table["high"] - table["low"]).to_numpy(float)
    widths = widths[np.isfinite(widths) & (widths > 0)]
    if not len(widths):
        return 1
    usual, finest = decimals(float(np.median(widths)) / 4), decimals(float(widths.min()))
    return min(MOST_PLACES, max(usual, min(usual + 1, finest)))


def signed(share: float, digits: int) -> str:
    """A difference of shares in points: '+3.1', '−0.4', '0.0'."""
    if not np.isfinite(share):
        return "–" if np.isnan(share) else ("∞" if share > 0 else "−∞")
    size = f"{abs(100 * share):.{digits}f}"
    sign = "" if not float(size) else "+" if share > 0 else "−"
    return f"{sign}{size}"


def between(low: float, high: float, digits: int) -> str:
    """Its interval: '(2.7 to 3.5)'."""
    return f"({signed(low, digits).removeprefix('+')} to {signed(high, digits).removeprefix('+')})"


def reach(table: pd.DataFrame) -> tuple[float, float]:
    """Ends of an axis that holds 0 and all intervals, with a little room."""
    found = table[["value", "low", "high"]].to_numpy(float)
    found = found[np.isfinite(found)]
    low, high = min([-LEAST_REACH, *found]), max([LEAST_REACH, *found])
    return low - 0.04 * (high - low), high + 0.04 * (high - low)


def points_axis(axes: Axes, ends: tuple[float, float], label: bool = True) -> None:
    """A horizontal axis of differences, marked in points, with a line at 0."""
    axes.set_xlim(*ends)
    axes.xaxis.set_major_locator(_Points(nbins=max(2, int(inches(axes)[0] / 0.5)), steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: tick(x)))
    axes.axvline(0, color=INK, linewidth=0.8, zorder=1.5)
    if label:
        axes.set_xlabel("percentage points")


def vertical_points_axis(axes: Axes, ends: tuple[float, float]) -> None:
    """A vertical axis of differences, marked in points, with a line at 0."""
    axes.set_ylim(*ends)
    axes.yaxis.set_major_locator(_Points(nbins=max(3, int(inches(axes)[1] / 0.4)), steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: tick(y)))
    axes.axhline(0, color=INK, linewidth=0.8, zorder=1.5)


def tick(share: float) -> str:
    """A mark of an axis of points: '+5', '0', '−0.5'."""
    size = f"{abs(100 * share):.4g}"
    return size if size == "0" or size == "0.0" else f"{'+' if share > 0 else '−'}{size}"


class _Points(MaxNLocator):
    """Round numbers of points, not of shares."""

    def tick_values(self, vmin: float, vmax: float) -> list[float]:
        return [at / 100 for at in super().tick_values(100 * vmin, 100 * vmax)]


def rows(axes: Axes, heights: Sequence[float], labels: Sequence[str], top: float, bottom: float) -> None:
    """Name the rows of a panel at the left; rows count downward."""
    axes.set_ylim(bottom, top)
    axes.set_yticks(list(heights), list(labels))
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.hlines(list(heights), *axes.get_xlim(), color=GRID, linewidth=0.4, zorder=0.5)


def intervals(
    axes: Axes,
    table: pd.DataFrame,
    heights: Sequence[float],
    sure: Sequence[bool] | NDArray[np.bool_],
    colour: str = MEDIAN,
    mark: str = "o",
) -> None:
    """A mark with its interval a row; hollow and grey what cannot be told from 0."""
    values = table[["value", "low", "high"]].to_numpy(float)
    for (value, low, high), at, certain in zip(values, heights, sure, strict=True):
        shade = colour if certain else FAINT
        ends = np.clip([low, high], *axes.get_xlim())
        if np.isfinite(ends).all():
            axes.plot(ends, [at, at], color=shade, linewidth=1.4, solid_capstyle="butt", zorder=2)
        if np.isfinite(value):
            axes.plot(
                value,
                at,
                mark,
                color=shade,
                markersize=4.6,
                markerfacecolor=shade if certain else "white",
                markeredgewidth=1,
                clip_on=False,
                zorder=3,
            )


def numbers(
    axes: Axes,
    columns: Sequence[Sequence[str]],
    heights: Sequence[float],
    heads: Sequence[str] = (),
    rooms: Sequence[float] = (),
) -> None:
    """Columns of numbers right of the axes, flush right each, so that digits stand under digits.

    ``rooms``: what each column takes, where it shall be as in other panels.
    """
    edge = 0.0
    for i, column in enumerate(columns):
        head = heads[i] if i < len(heads) else ""
        edge += rooms[i] if i < len(rooms) else column_room([*column, head])
        for text, at in zip(column, heights, strict=True):
            axes.annotate(
                text,
                xy=(1, at),
                xycoords=axes.get_yaxis_transform(),
                xytext=(72 * edge, 0),
                textcoords="offset points",
                ha="right",
                va="center_baseline",
                fontsize=SIZE,
                annotation_clip=False,
            )
        if head:
            axes.annotate(
                head,
                xy=(1, 1),
                xycoords="axes fraction",
                xytext=(72 * edge, 1),
                textcoords="offset points",
                ha="right",
                va="bottom",
                fontsize=7,
                color=FAINT,
                annotation_clip=False,
            )


def column_room(column: Sequence[str]) -> float:
    """Inches that a column of numbers takes, with the blank before it."""
    return BLANK + SIZE / 72 * max((sum(map(_advance, text)) for text in column), default=0.0)


@cache
def _advance(letter: str) -> float:
    """Width of a letter of the figures' font, in em."""
    font = FontProperties(family="DejaVu Sans", size=100)
    return float(text_to_path.get_text_width_height_descent(letter, font, ismath=False)[0]) / 100


def value_columns(table: pd.DataFrame, digits: int) -> tuple[list[str], list[str]]:
    """The values, and their intervals, as columns of text."""
    ends = zip(table["low"].to_numpy(float), table["high"].to_numpy(float), strict=True)
    return (
        [signed(value, digits) for value in table["value"].to_numpy(float)],
        [between(low, high, digits) for low, high in ends],
    )


def numbers_room(columns: Sequence[Sequence[str]], heads: Sequence[str] = ()) -> float:
    """Inches that columns of numbers need right of the axes."""
    return 0.05 + sum(
        column_room([*column, heads[i] if i < len(heads) else ""]) for i, column in enumerate(columns)
    )
