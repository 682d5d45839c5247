"""How every figure looks: colours, fonts, the sheet with its heading and notes, the axis of days, and saving.

Figures are made without pyplot: no backend and no global state is touched. A notebook shows them all the
same.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter

from sim.errors import StudyError
from sim.figures.lettering import families, make_legible, wrapped
from sim.reports.words import one_line, plural
from sim.results.store import whole
from sim.scenario.changes import changed_from
from sim.schema import outcomes
from sim.schema.stands import STAND_COLOURS

if TYPE_CHECKING:
    from sim.results.study import StudyData
    from sim.scenario.scenario import Scenario


P = ParamSpec("P")
R = TypeVar("R")
INK = "#1f2328"
FAINT = "#5f6670"

COLOURS = {
    **outcomes.COLOURS,
    **STAND_COLOURS,
    "ongoing": "#e9eaec",
    "miscalculated": "#d55e00",
    "structural": "#7a2504",
    "prevented": "#0072b2",
    "peace": "#dfe1e5",
}

PAGE = 6.9  # inches that a figure may be wide, its blank edges excepted, so that its text is as large on a page as here
LEAST_PANEL = 1.0
EDGE = 0.2
TITLE_SIZE = 12.0
NOTE_SIZE = 7.5
GRID = "#d5d7db"
BANDS = (("q05", "q95", "#e6e3ee"), ("q20", "q80", "#c3bdd6"), ("q35", "q65", "#948bb3"))
MEDIAN = "#2d2547"
FORMATS = ("png", "svg", "pdf")

METADATA: dict[str, dict[str, str | None]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
}

STYLE: dict[str, Any] = {
    "font.family": families(),
    "font.size": 8.5,
    "text.color": INK,
    "text.parse_math": False,  # a "$" in somebody's title is a dollar
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 9,
    "axes.titley": 1.0,
    "axes.titleweight": "bold",
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "savefig.dpi": 160,
    "savefig.bbox": "tight",
    "savefig.pad_inches": 0.15,
    "svg.hashsalt": "brink",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
}

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
STEPS = (1, 2, 5, 10, 15, 30, 60, 90, 180, 365, 730)  # days between ticks
TICK_ROOM = 0.68  # inches that a date under a tick needs
COLUMN_GAP = 0.6  # inches between panels side by side


class Panel(Axes):
    """Axes that a notebook shows as their whole figure."""

    def _repr_png_(self) -> bytes:
        return encoded(self.get_figure(root=True), "png")


class Sheet(Figure):
    """A figure that a notebook shows without pyplot."""

    def _repr_png_(self) -> bytes:
        return encoded(self, "png")


def styled(draws: Callable[P, R]) -> Callable[P, R]:
    """The function, run under the style of this module, whatever the user's own settings are."""

    @wraps(draws)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        with matplotlib.style.context(["default", STYLE]):
            return draws(*args, **kwargs)

    return inside


@styled
def encoded(figure: Figure | None, form: str) -> bytes:
    """The figure as the bytes of a png, svg or pdf file: the same figure, the same bytes."""
    assert figure is not None
    make_legible(figure)
    stream = io.BytesIO()
    figure.savefig(stream, format=form, metadata=METADATA[form])
    return stream.getvalue()


def save(figure: Figure, path: str | Path) -> Path:
    """Write the figure in the format that the suffix of ``path`` names; all of it or nothing.

    Raises StudyError for a suffix other than .png, .svg or .pdf.
    """
    path = Path(path)
    form = path.suffix.lower().lstrip(".")
    if form not in FORMATS:
        raise StudyError(f'{path}: no figure format "{form}"; allowed: {", ".join(FORMATS)}')
    return whole(path, lambda part: part.write_bytes(encoded(figure, form)))


def sheet(
    title: str,
    subtitle: str,
    notes: Sequence[str],
    heights: Sequence[float],
    width: Sequence[float] = (),
    columns: int = 1,
    margins: tuple[float, float] = (0.7, 1.2),
    gaps: Sequence[float] = (0.45,),
    over: float = 0.5,
    column_gap: float = COLUMN_GAP,
    under: float = 0.65,
) -> tuple[Sheet, list[Axes]]:
    """A figure as wide as a page, with its heading and notes, and its panels row by row; all sizes in inches.

    ``heights`` are those of the rows, ``gaps`` the room under each but the last (the last gap repeats),
    ``width`` those of the columns, which else share what the page leaves them, ``margins`` the room left and right,
    ``over`` that between heading and panels, ``under`` that between panels and notes. What is larger than its room
    widens the saved figure, so nothing is ever cut off.
    """
    between = [gaps[min(i, len(gaps) - 1)] for i in range(len(heights) - 1)] + [under]
    left_over = PAGE - sum(margins) - column_gap * (columns - 1)
    widths = list(width) or [max(LEAST_PANEL, left_over / columns)] * columns
    lefts = [margins[0] + sum(widths[:i]) + i * column_gap for i in range(len(widths))]
    wide = lefts[-1] + widths[-1] + margins[1]
    heading = wrapped(title, wide - EDGE, TITLE_SIZE, bold=True)
    below = wrapped(subtitle, wide - EDGE, STYLE["font.size"])
    foot = [line for note in notes for line in wrapped(note, wide - EDGE, NOTE_SIZE)]
    top = over + 0.2 * len(heading) + 0.16 * len(below)
    tall = top + sum(heights) + sum(between) + 0.15 * len(foot)
    figure = Sheet(figsize=(wide, tall))

    def write(text: list[str], inches_up: float, **kwargs: Any) -> None:
        figure.text(EDGE / 2 / wide, inches_up / tall, "\n".join(text), **kwargs)

    write(heading, tall - 0.05, fontsize=TITLE_SIZE, weight="bold", va="top", linespacing=1.15)
    write(below, tall - 0.1 - 0.2 * len(heading), color=FAINT, va="top")
    write(foot, 0.05, fontsize=NOTE_SIZE, color=FAINT, va="bottom", linespacing=1.3)
    panels: list[Axes] = []
    up = tall - top
    for height, gap in zip(heights, between, strict=True):
        for left, across in zip(lefts, widths, strict=True):
            place = (left / wide, (up - height) / tall, across / wide, height / tall)
            panels.append(figure.add_axes(place, axes_class=Panel))
        up -= height + gap
    return figure, panels


def assumed(*names: str) -> str:
    """'Conditional on the assumptions in standoff.toml, not a forecast.'"""
    files = [f"{name}.toml" for name in dict.fromkeys(names)]
    told = ", ".join(files[:3]) + (f" and {len(files) - 3} more" if len(files) > 3 else "")
    return f"Conditional on the assumptions in {told}, not a forecast."


def conditions(runs: int, days: int, seed: int, *names: str) -> str:
    """The footer: '10,000 runs of 90 days, seed 1 · conditional on the assumptions in standoff.toml, not a forecast'."""
    told = assumed(*names)
    ran = f"{plural(runs, 'run')} of {plural(days, 'day')}, seed {seed}"
    return f"{ran} · {told[0].lower()}{told[1:].rstrip('.')}"


def ran(*studies: StudyData) -> str:
    """:func:`conditions` of studies; those that were run alike share a sentence."""
    alike: dict[tuple[int, int, int], list[str]] = {}
    for each in studies:
        alike.setdefault((each.runs, each.days, each.seed), []).append(each.scenario.name)
    return "; ".join(conditions(*plan, *names) for plan, names in alike.items())


def entitled(scenario: Scenario, name: str) -> str:
    """What is studied, in a line: the scenario's title, or its name if it has none; and what was changed in it."""
    return " · ".join(each for each in (titled(scenario, name), changed_from(scenario)) if each)


def titled(scenario: Scenario, name: str) -> str:
    """The scenario's title, or its name if it has none, cut where it would fill the page."""
    return textwrap.shorten(one_line(scenario.title) or name, 160, placeholder=" …")


def played(study: StudyData) -> str:
    """'Washington and Caracas, 30 November 2025 · 10,000 runs of 90 days'."""
    return _heading(study.scenario, study.name, study.runs, study.days)


def planned(scenario: Scenario) -> str:
    """As :func:`played`, of a scenario with the runs and days of its own study plan."""
    return _heading(scenario, scenario.name, scenario.study.runs, scenario.study.days)


def _heading(scenario: Scenario, name: str, runs: int, days: int) -> str:
    return f"{entitled(scenario, name)} · {plural(runs, 'run')} of {plural(days, 'day')}"


def percent(share: float, whole: int | None = None) -> str:
    """'12 %', or '0.3 %' for what would round to less than one.

    ``whole``: the number that it is rounded to where it stands beside shares with which it adds up to 100.
    """
    if whole is not None and (whole or share >= 0.0095):
        return f"{whole} %" if whole else "below 1 %"
    return f"{100 * share:.0f} %" if share >= 0.0095 or not share else f"{100 * share:.1g} %"


def short(name: str, most: int = 24) -> str:
    """A name that fits where there is little room."""
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


def day_axis(axes: Axes, days: int, start: date | None = None, label: bool = True) -> None:
    """Mark days elapsed from 0 to the horizon; with the calendar's dates under them if day 0 has one."""
    most = max(2, int(inches(axes)[0] / TICK_ROOM))
    step = next((step for step in STEPS if days / step <= most - 1), -(-days // (most - 1)))
    axes.set_xlim(0, days)
    axes.xaxis.set_major_locator(FixedLocator(list(range(0, days + 1, step))))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: _day(round(x), start) if label else ""))
    if label:
        began = f" (day 0 began on {start.day} {MONTHS[start.month - 1]} {start.year})" if start else ""
        axes.set_xlabel(f"days elapsed{began}")


def inches(axes: Axes) -> tuple[float, float]:
    """Width and height of the axes in inches."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    extent = axes.get_window_extent()
    return float(extent.width / figure.dpi), float(extent.height / figure.dpi)


def _day(elapsed: int, start: date | None) -> str:
    if start is None:
        return f"{elapsed}"
    try:
        at = start + timedelta(days=elapsed)
    except OverflowError:  # a horizon past the year 9999
        return f"{elapsed}"
    return f"{elapsed}\n{at.day} {MONTHS[at.month - 1]}"


def percent_axis(axes: Axes, high: float) -> None:
    """A vertical axis of shares from 0 to ``high``, marked in per cent."""
    axes.set_ylim(0, high)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{100 * y:.4g} %"))


def beside(
    axes: Axes,
    x: float | Sequence[float],
    marks: Sequence[tuple[float, str, str]],
    gap: float,
    width: float = 1.2,
) -> None:
    """Write labels right of the axes: (height, text, colour), at least ``gap`` apart, a share of the axes.

    A line of that colour, ``width`` points wide, leads each back to its height at ``x``, the same or one each. A label
    without a colour is a heading: bold, with no line.
    """
    low, high = axes.get_ylim()
    across = [float(x)] * len(marks) if isinstance(x, int | float) else list(x)
    ordered = sorted(zip(marks, across, strict=True), key=lambda each: each[0][0])
    wanted = [(height - low) / (high - low) for (height, _, _), _ in ordered]
    for ((height, text, colour), start), at in zip(ordered, _spread(wanted, gap), strict=True):
        leader = {
            "arrowstyle": "-",
            "color": colour,
            "linewidth": width,
            "relpos": (0, 0.5),
            "shrinkA": 2,
            "shrinkB": 0,
        }
        axes.annotate(
            text,
            xy=(start, height),
            xytext=(1.035, at),
            xycoords="data",
            textcoords="axes fraction",
            fontsize=8,
            va="center",
            color=INK,
            weight="normal" if colour else "bold",
            annotation_clip=False,
            arrowprops=leader if colour else None,
        )


def _spread(wanted: Sequence[float], gap: float) -> list[float]:
    """The wanted places, ascending, moved by a pass up and a pass down to leave ``gap`` between them."""
    places = list(wanted)
    for i in range(1, len(places)):
        places[i] = max(places[i], places[i - 1] + gap)
    ceiling = 1.0
    for i in reversed(range(len(places))):
        places[i] = min(places[i], ceiling)
        ceiling = places[i] - gap
    return places
