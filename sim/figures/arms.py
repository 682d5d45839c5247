"""Arms by day, together: how many have come to war, how many more than in the first, and how far those still going escalate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.checks import checked, counted, heading, once
from sim.figures.interval_axes import vertical_points_axis
from sim.figures.lettering import wrapped
from sim.figures.style import (
    FAINT,
    GRID,
    beside,
    day_axis,
    inches,
    percent_axis,
    sheet,
    styled,
)
from sim.reports.numbers import difference_words, words
from sim.reports.words import plural
from sim.schema.stands import STANDS
from sim.statistics.differences import Difference
from sim.statistics.proportions import proportion

if TYPE_CHECKING:
    from numpy.typing import NDArray

COLUMNS = ("arm", "day", "quantity", "statistic", "value", "n")
WAR, DIFFERENCE, LEVEL = "war_share", "war_difference", "level_going"
LADDER = {stand.rungs[0]: f"{stand.rungs[0]:>2}  {stand.title}" for stand in STANDS}
BESIDE = 2.1  # inches right of the panels, for names
LOWEST_TOP = 0.02  # of the axis of shares, so that a bound near 0 is not blown up
LEAST_REACH = 0.01
MOST_BANDS = 3  # arms whose bands can still be told apart
LINES = 3  # of a label beside a line

# Okabe & Ito's, in the order of falling contrast with each other; line styles tell them apart in grey.
ARMS = (
    ("#1a1a1a", "-"),
    ("#0072b2", "--"),
    ("#d55e00", (0, (1, 1.2))),
    ("#009e73", (0, (6, 1.5, 1, 1.5))),
    ("#cc79a7", (0, (8, 2))),
    ("#e69f00", (0, (3, 1, 1, 1, 1, 1))),
)


@dataclass(frozen=True)
class Drawn:
    """What the panels are drawn from: arms and what they are called, their curves, and the days of the longest."""

    table: pd.DataFrame
    labels: Mapping[str, str]
    days: int

    def curve(self, arm: str, quantity: str, statistic: str) -> NDArray[np.float64]:
        """An element a day, NaN where the table has none."""
        at = self.table
        here = at[(at["arm"] == arm) & (at["quantity"] == quantity) & (at["statistic"] == statistic)]
        values = np.full(self.days, np.nan)
        values[here["day"].to_numpy(int)] = here["value"].to_numpy(float)
        return values

    def last(self, arm: str, quantity: str) -> tuple[int, float, float, float, int] | None:
        """The last day of a curve with an interval: day, mean, low, high and n; None if the arm has none."""
        mean = self.curve(arm, quantity, "mean")
        known = np.flatnonzero(np.isfinite(mean))
        if not len(known):
            return None
        day = int(known[-1])
        low, high = (float(self.curve(arm, quantity, name)[day]) for name in ("low", "high"))
        here = self.table[(self.table["arm"] == arm) & (self.table["quantity"] == quantity)]
        return day, float(mean[day]), low, high, int(here["n"].max())

    def more(self, arm: str) -> Difference | None:
        """How much more of an arm's runs than of the first's have come to war by the end."""
        found = self.last(arm, DIFFERENCE)
        if found is None:
            return None
        _, value, low, high, n = found
        return Difference(n, value, low, high, (high - low) / 3.92, "")


@styled
def arm_curves(
    table: pd.DataFrame,
    labels: Mapping[str, str],
    title: str = "",
    note: str = "",
    about: str = "",
    start: date | None = None,
    rungs: Mapping[int, str] = LADDER,
    footer: str = "",
) -> Figure:
    """A line an arm: the share at war by day, the difference from the first arm, and the median level of those still going.

    Columns: arm, day, quantity, statistic, value, n. ``labels``: arms in order of drawing, six at most, and
    their names. Quantities: "war_share" and "war_difference" (statistics mean, low, high), "level_going" (q50, q20, q80); a
    panel is drawn for each that the table has. Raises ValueError if a column, an arm or all three quantities are missing, and
    for more than six arms.
    """
    table = checked(table, "arms", COLUMNS)
    once(table, "arms", ("arm", "day", "quantity", "statistic"))
    _drawable(table, labels)
    drawn = Drawn(table, labels, int(table["day"].max()) + 1)
    panels = {name: draw for name, draw in PANELS.items() if (table["quantity"] == name).any()}
    bands = "95 % intervals, one day at a time"
    notes = [
        note,
        footer,
        f"War: raid, invasion, attack or loss of control. Bands: {bands}, sampling error only.",
    ]
    figure, axes = sheet(
        title or finding(drawn),
        about
        or heading(
            "",
            f"{counted(_runs(table))} of {plural(drawn.days, 'day')} in each of {plural(len(labels), 'arm')}",
        ),
        [each for each in notes if each],
        [HEIGHTS[name] for name in panels],
        margins=(0.65, BESIDE),
        gaps=(0.4,),
    )
    for panel, draw in zip(axes, panels.values(), strict=True):
        draw(panel, drawn, rungs)
        panel.grid(axis="y", color=GRID, linewidth=0.5)
        panel.set_axisbelow(True)
        day_axis(panel, drawn.days, start, label=panel is axes[-1])
    return figure


def _runs(table: pd.DataFrame) -> pd.Series[int]:
    """How many runs there are in each arm; those still going are no measure of it."""
    return table.loc[table["quantity"] != LEVEL, "n"] if (table["quantity"] != LEVEL).any() else table["n"]


def finding(drawn: Drawn) -> str:
    """The headline: how much more war there is than in the first arm, or how far the shares range."""
    others = [arm for arm in list(drawn.labels)[1:] if drawn.more(arm) is not None]
    if not others:
        return "War and escalation, arm by arm"
    first = drawn.labels[next(iter(drawn.labels))]
    by = f"by day {drawn.days}"
    if len(others) == 1:
        more = drawn.more(others[0])
        assert more is not None
        if not more.distinguishable:
            return f"{_line(drawn.labels[others[0]])}: war {by} cannot be told from that in {_line(first)}"
        return f"{_line(drawn.labels[others[0]])}: war {by} {_signed(more)} against {_line(first)}"
    ends = {arm: each[1] for arm in drawn.labels if (each := drawn.last(arm, WAR)) is not None}
    low, high = min(ends, key=ends.__getitem__), max(ends, key=ends.__getitem__)
    return (
        f"War {by}: from {100 * ends[low]:.0f} % in {_line(drawn.labels[low])} "
        f"to {100 * ends[high]:.0f} % in {_line(drawn.labels[high])}"
    )


def _signed(difference: Difference) -> str:
    """A difference in words, with a true minus."""
    return difference_words(difference).replace("-", "−")


def _line(label: str) -> str:
    return " ".join(label.split())


def _drawable(table: pd.DataFrame, labels: Mapping[str, str]) -> None:
    if not 1 <= len(labels) <= len(ARMS):
        raise ValueError(f"the figure of arms can tell 1 to {len(ARMS)} arms apart, not {len(labels)}")
    here = table[table["quantity"].isin(PANELS)]
    absent = [arm for arm in labels if arm not in set(here["arm"])]
    if absent:
        raise ValueError(f'the table of arms has no {", ".join(PANELS)} for the arm "{absent[0]}"')


def _lines(
    axes: Axes, drawn: Drawn, quantity: str, middle: str, ends: tuple[str, str], start: float | None
) -> None:
    """The curves of all arms that have the quantity, with bands if they are few; day d ends when d + 1 days have elapsed."""
    few = len(drawn.labels) <= MOST_BANDS
    for arm, (colour, line) in zip(drawn.labels, ARMS, strict=False):
        low, mean, high = (drawn.curve(arm, quantity, name) for name in (ends[0], middle, ends[1]))
        elapsed = np.arange(1, drawn.days + 1)
        if start is not None:
            elapsed = np.arange(drawn.days + 1)
            low, mean, high = (np.concatenate([[start], values]) for values in (low, mean, high))
        if (few and quantity == WAR) or quantity == DIFFERENCE:
            axes.fill_between(elapsed, low, high, color=colour, alpha=0.16, linewidth=0)
        axes.plot(elapsed, mean, color=colour, linestyle=line, linewidth=1.8)
        if len(elapsed) == 1:  # a line needs two ends
            axes.plot(elapsed, mean, "o", color=colour, markersize=4, clip_on=False)


def _named(drawn: Drawn, arm: str, said: str = "") -> str:
    """What stands beside a line: its name, and its number."""
    lines = wrapped(drawn.labels[arm], BESIDE - 0.3, 8)
    if len(lines) > LINES - 1:
        lines = [*lines[: LINES - 2], f"{lines[LINES - 2]} …"]
    return "\n".join([*lines, said] if said else lines)


def _beside(axes: Axes, drawn: Drawn, marks: Mapping[str, tuple[float, str]]) -> None:
    """Labels of arms at the heights of their ends."""
    colours = {arm: colour for arm, (colour, _) in zip(drawn.labels, ARMS, strict=False)}
    deep = max((text.count("\n") for _, text in marks.values()), default=0) + 1
    gap = (0.05 + 0.125 * deep) / inches(axes)[1]
    beside(axes, drawn.days, [(at, text, colours[arm]) for arm, (at, text) in marks.items()], gap)


def _wars(axes: Axes, drawn: Drawn, _: Mapping[int, str]) -> None:
    axes.set_title("Share of crises that have come to war")
    _lines(axes, drawn, WAR, "mean", ("low", "high"), 0.0)
    marks, highest = {}, LOWEST_TOP
    for arm in drawn.labels:
        found = drawn.last(arm, WAR)
        if found is not None:
            day, mean, _low, high, n = found
            by = f" by day {day + 1}" if day + 1 < drawn.days else ""
            marks[arm] = (mean, _named(drawn, arm, words(proportion(round(mean * n), n)) + by))
            highest = max(highest, mean, high if np.isfinite(high) else 0.0)
    percent_axis(axes, min(1, 1.06 * highest))
    _beside(axes, drawn, marks)


def _differences(axes: Axes, drawn: Drawn, _: Mapping[int, str]) -> None:
    first = next(iter(drawn.labels))
    axes.set_title("Difference in war from the first, in percentage points")
    _lines(axes, drawn, DIFFERENCE, "mean", ("low", "high"), 0.0)
    ends = [drawn.curve(arm, DIFFERENCE, name) for arm in drawn.labels for name in ("low", "high")]
    known = np.concatenate([each[np.isfinite(each)] for each in ends])
    low, high = min(-LEAST_REACH, known.min()), max(LEAST_REACH, known.max())
    margin = 0.06 * (high - low)
    vertical_points_axis(axes, (low - margin, high + margin))
    axes.spines["left"].set_color(FAINT)
    marks = {first: (0.0, _named(drawn, first))}
    for arm in list(drawn.labels)[1:]:
        more = drawn.more(arm)
        if more is not None:
            marks[arm] = (
                more.value,
                _signed(more).replace(", not", ",\nnot").replace(" at n", "\nat n"),
            )
    _beside(axes, drawn, marks)


def _levels(axes: Axes, drawn: Drawn, rungs: Mapping[int, str]) -> None:
    axes.set_title("Level of those still going, median")
    _lines(axes, drawn, LEVEL, "q50", ("q20", "q80"), None)
    axes.set_ylim(-0.25, 9)
    axes.yaxis.tick_right()
    axes.spines["left"].set_visible(False)
    axes.set_yticks(list(rungs), [wrapped(label, BESIDE - 0.2, 8)[0] for label in rungs.values()])
    axes.tick_params(axis="y", length=0, labelsize=8)


PANELS = {WAR: _wars, DIFFERENCE: _differences, LEVEL: _levels}
HEIGHTS = {WAR: 2.1, DIFFERENCE: 1.5, LEVEL: 1.7}
