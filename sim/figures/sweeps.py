"""What comes out as one parameter is swept (a line with its band), or two (a heat map)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from sim.figures.checks import checked, counted, heading, named, once
from sim.figures.interval_axes import reach, signed, tick, vertical_points_axis
from sim.figures.lettering import room, shortened, wrapped
from sim.figures.style import COLOURS, GRID, INK, MEDIAN, inches, percent, percent_axis, sheet, short, styled

MISSING = "#c9ccd1"  # of a cell that was not run
PRINTED = 12  # rows and columns of a heat map in which the values are printed
SEQUENTIAL = "Purples"
DIVERGING = "PuOr_r"  # ColorBrewer's, safe for the colour-blind: orange more, purple less


@styled
def sweep_line(
    table: pd.DataFrame,
    x: str,
    quantity: str,
    difference: bool = False,
    names: Mapping[str, str] | None = None,
    title: str = "",
    note: str = "",
    about: str = "",
    base: float | None = None,
) -> Figure:
    """A quantity as the parameter in column ``x`` goes through its values, with its 95 % band.

    Columns: x, quantity, value, low, high, n. ``difference``: values are differences of shares, else shares.
    Values of x that are no numbers are set side by side; ``base`` is the value that the scenario has. Raises ValueError for a missing column or quantity.
    """
    here = _of(table, (x, "quantity", "value", "low", "high", "n"), quantity, (x,))
    said, what = _named(x, names), named(quantity)
    figure, (axes,) = sheet(
        title or _ends(here, x, what, difference),
        heading(about, counted(here["n"], "runs at each value")),
        [each for each in (note, "Pointwise 95 % intervals, sampling error only.") if each],
        (2.8,),
        margins=(0.75, 0.4),
        over=0.6,
    )
    colour = COLOURS.get(quantity, MEDIAN)
    numeric = pd.api.types.is_numeric_dtype(here[x])
    here = here.sort_values(x) if numeric else here
    at = here[x].to_numpy(float) if numeric else np.arange(len(here), dtype=float)
    if numeric and len(here) > 1:
        axes.fill_between(at, here["low"], here["high"], color=colour, alpha=0.22, linewidth=0)
        axes.plot(at, here["value"], color=colour, linewidth=1.8)
    else:
        axes.vlines(at, here["low"], here["high"], color=colour, linewidth=1.4)
        axes.set_xticks(at, [short(f"{value}", 18) for value in here[x]])
        axes.set_xlim(-0.6 + at[0], at[-1] + 0.6)
    axes.plot(at, here["value"], "o", color=colour, markersize=4, linestyle="", clip_on=False)
    if difference:
        vertical_points_axis(axes, reach(here))
    else:
        percent_axis(axes, min(1, 1.06 * max(0.02, float(here["high"].max()))))
    axes.grid(axis="y", color=GRID, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.set_xlabel(said)
    if numeric and base is not None and at.min() <= base <= at.max():
        axes.axvline(base, color=INK, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1.5)
        near_left = base < (at.min() + at.max()) / 2
        axes.annotate(
            f"the scenario: {_number(base)}",
            xy=(base, 1),
            xycoords=axes.get_xaxis_transform(),
            xytext=(3 if near_left else -3, 2),
            textcoords="offset points",
            ha="left" if near_left else "right",
            va="bottom",
            fontsize=7.5,
            annotation_clip=False,
        )
        axes.set_title("")
        axes.set_title(_panel_title(what, difference), y=1.06)
        return figure
    axes.set_title(_panel_title(what, difference))
    return figure


def _panel_title(what: str, difference: bool) -> str:
    return f"Change in {what}, percentage points" if difference else f"{what.capitalize()}, share of runs"


def _ends(here: pd.DataFrame, x: str, what: str, difference: bool) -> str:
    """The headline: the quantity at the first and at the last value."""
    first, last = here.iloc[0], here.iloc[-1]
    if len(here) < 2:
        return f"{what.capitalize()} at {first[x]}"
    low, high = (
        f"{signed(float(row['value']), 1)} points" if difference else percent(float(row["value"]))
        for row in (first, last)
    )
    return f"{what.capitalize()}: {low} at {_number(first[x])}, {high} at {_number(last[x])}"


@styled
def sweep_heat(
    table: pd.DataFrame,
    x: str,
    y: str,
    quantity: str,
    difference: bool = False,
    names: Mapping[str, str] | None = None,
    title: str = "",
    note: str = "",
    about: str = "",
    z: str = "",
) -> Figure:
    """A quantity over two parameters, in columns ``x`` and ``y``, as a heat map; up to 12 x 12 with its numbers.

    With a third parameter ``z``, a map for each of its values, up to nine, on one scale. Columns: x, y, z, quantity, value, n.
    ``difference``: values are differences of shares, coloured from 0 both ways; else shares, the darker the more. Raises
    ValueError for a missing column or quantity.
    """
    keys = (x, y, z) if z else (x, y)
    here = _of(table, (*keys, "quantity", "value", "n"), quantity, keys)
    across, up = _values(here[x]), _values(here[y])
    third = _values(here[z])[:MOST_MAPS] if z else [None]
    grids = [_grid(here if value is None else here[here[z] == value], x, y, across, up) for value in third]
    said, most = named(quantity), np.concatenate([grid.ravel() for grid in grids])
    columns = min(MAPS_ACROSS, len(grids))
    lines = -(-len(grids) // columns)
    labels = [shortened(_number(value), 1.1, 8.5) for value in up]
    wide = float(np.clip(0.5 * len(across), 2.4 if columns == 1 else 1.2, 4.6 if columns == 1 else 1.6))
    tall = float(np.clip(0.34 * len(up), 1.2, 4.6 if lines == 1 else 1.6))
    said_of = "Sampling error is not shown." + (" Grey: not run." if np.isnan(most).any() else "")
    left = 0.3 + room(labels, 8.5)
    figure, panels = sheet(
        title or _range(most, said, difference),
        heading(about, counted(here["n"], "runs in each cell")),
        [each for each in (note, said_of) if each],
        (tall,) * lines,
        (wide,) * columns,
        columns=columns,
        margins=(left, 0.9),
        over=0.45 if not z else 0.75,
        gaps=(0.45,),
        column_gap=0.25,
    )
    scale = _scale(most[None], difference)
    for place, (axes, value) in enumerate(zip(panels, third, strict=False)):
        grid, first = grids[place], place % columns == 0
        axes.imshow(_shade(grid, *scale), aspect="auto", interpolation="nearest", origin="lower")
        _edges(axes.set_xticks, axes.set_xlim, [_number(each) for each in across], int(wide / 0.4))
        _edges(axes.set_yticks, axes.set_ylim, labels, int(tall / 0.2))
        axes.tick_params(length=0, labelleft=first, labelbottom=place + columns >= len(grids))
        axes.spines[:].set_visible(False)
        axes.set_title(_map_title(said, difference) if value is None else _number(value))
        if max(len(across), len(up)) <= (PRINTED if columns == 1 else MAPS_ACROSS + 1):
            _print(axes, grid, scale, difference)
    for axes in panels[len(grids) :]:
        axes.set_axis_off()
    _names(figure, panels, columns, [_named(key, names) for key in keys])
    _key(panels[min(columns, len(grids)) - 1], scale, difference)
    return figure


MAPS_ACROSS = 3
MOST_MAPS = 9


def _map_title(said: str, difference: bool) -> str:
    return f"Change in {said}, points" if difference else f"{said.capitalize()}, % of runs"


def _range(values: np.ndarray, said: str, difference: bool) -> str:
    """The headline: from the least to the most."""
    known = values[np.isfinite(values)]
    low, high = (
        f"{signed(float(end), 1)} points" if difference else percent(float(end))
        for end in (known.min(), known.max())
    )
    return f"{said.capitalize()}: from {low} to {high}"


def _names(figure: Figure, panels: Sequence[Axes], columns: int, names: Sequence[str]) -> None:
    """Name the axes: the first under the maps, the second left of them, the third over them."""
    last = panels[-columns]
    last.set_xlabel("\n".join(wrapped(names[0], 5.5, 8.5)), loc="left")
    up = inches(panels[0])[1]
    panels[0].set_ylabel("\n".join(wrapped(names[1], max(1.4, up), 8.5)))
    if len(names) > 2:
        wide, tall = figure.get_size_inches()
        box = panels[0].get_position()
        figure.text(
            box.x0,
            box.y1 + 0.3 / tall,
            shortened(names[2], wide - box.x0 * wide, 8.5, bold=True),
            weight="bold",
        )


def _grid(here: pd.DataFrame, x: str, y: str, across: list[Any], up: list[Any]) -> np.ndarray:
    """(up, across) The values; NaN where there is none."""
    grid = np.full((len(up), len(across)), np.nan)
    grid[[up.index(value) for value in here[y]], [across.index(value) for value in here[x]]] = here["value"]
    return grid


def _of(table: pd.DataFrame, columns: tuple[str, ...], quantity: str, key: tuple[str, ...]) -> pd.DataFrame:
    table = checked(table, "sweeps", columns)
    here = table[table["quantity"] == quantity].reset_index(drop=True)
    if here.empty:
        raise ValueError(f'the table of sweeps has no quantity "{quantity}"')
    once(here, "sweeps", key)
    return here


def _named(column: str, names: Mapping[str, str] | None) -> str:
    return (names or {}).get(column, column)


def _values(column: pd.Series[Any]) -> list[Any]:
    """Values of a parameter: numbers ascending, others in the order of the table."""
    found = list(dict.fromkeys(column))
    return sorted(found) if pd.api.types.is_numeric_dtype(column) else found


def _number(value: Any) -> str:
    return f"{value:.3g}".replace("-", "−") if isinstance(value, int | float | np.number) else str(value)


def _scale(grid: np.ndarray, difference: bool) -> tuple[Colormap, Normalize]:
    """Colours centred on 0 for differences, from 0 up for shares."""
    most = max(0.005, float(np.nanmax(np.abs(grid)))) if np.isfinite(grid).any() else 1.0
    colours = matplotlib.colormaps[DIVERGING if difference else SEQUENTIAL].with_extremes(bad=MISSING)
    return colours, Normalize(-most if difference else 0, most)


def _shade(grid: np.ndarray, colours: Colormap, norm: Normalize) -> np.ndarray:
    """Colours of shares, the darkest a little short of the scale's end: red, green, blue in a new last axis."""
    at = 0.5 + 0.86 * (norm(grid) - 0.5) if norm.vmin else 0.04 + 0.82 * norm(grid)
    return np.asarray(colours(np.ma.masked_invalid(at)))[..., :3]


def _edges(ticks: Any, limits: Any, labels: list[str], most: int) -> None:
    step = max(1, -(-len(labels) // max(1, most)))
    ticks(range(0, len(labels), step), labels[::step])
    limits(-0.5, len(labels) - 0.5)


def _print(axes: Axes, grid: np.ndarray, scale: tuple[Colormap, Normalize], difference: bool) -> None:
    shades = _shade(grid, *scale)
    digits = 1 if np.nanmax(np.abs(grid), initial=0) < 0.0995 else 0
    for (row, column), value in np.ndenumerate(grid):
        if np.isfinite(value):
            light = float(np.dot(shades[row, column], (0.299, 0.587, 0.114)))
            text = signed(value, digits) if difference else f"{100 * value:.{digits}f}"
            axes.text(
                column,
                row,
                text,
                ha="center",
                va="center",
                fontsize=7.5,
                color="white" if light < 0.5 else "black",
            )


def _key(axes: Axes, scale: tuple[Colormap, Normalize], difference: bool) -> None:
    """A slim scale of colours at the right."""
    norm = scale[1]
    key = axes.inset_axes((1.04, 0.0, 0.12 / inches(axes)[0], 1.0))
    low, high = float(norm.vmin or 0), float(norm.vmax or 1)
    key.imshow(
        _shade(np.linspace(low, high, 64)[:, None], *scale),
        aspect="auto",
        origin="lower",
        extent=(0, 1, low, high),
    )
    key.set_xticks([])
    key.yaxis.tick_right()
    key.spines[:].set_visible(False)
    key.locator_params(axis="y", nbins=4)
    key.yaxis.set_major_formatter(FuncFormatter(lambda y, _: tick(y) if difference else f"{100 * y:.3g} %"))
