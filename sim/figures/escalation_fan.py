"""The escalation fan by day, over the share of runs in each state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.figures.style import (
    BANDS,
    COLOURS,
    INK,
    MEDIAN,
    beside,
    day_axis,
    percent,
    percent_axis,
    played,
    room,
    sheet,
    short,
    styled,
)
from sim.reports.words import STILL_GOING, in_counts, wholes_at_the_end
from sim.schema.outcomes import PEACE_NAMES, TITLES
from sim.schema.outcomes import WAR_NAMES as WARS
from sim.schema.signals import shipped_vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.results.study import StudyData
    from sim.scenario.scenario import Scenario


RUNGS = {
    0: "quiet, talks",
    1: "condemnation",
    3: "threats, sanctions",
    4: "buildup",
    5: "strikes at sea, ultimatum",
    7: "land strikes",
}
"""Names of the rungs below war, as the signals that ship reach them."""


STACK = (*PEACE_NAMES, STILL_GOING, *WARS)


@styled
def escalation(study: StudyData, axes: Axes | Sequence[Axes] | None = None) -> Axes:
    """Draw level by day, and states by day under it; returns the fan's axes.

    Into ``axes``: one for the fan alone, or two for both; else into a figure of its own.
    """
    if axes is None:
        notes = (
            in_counts(study),
            "Bands hold the middle 30, 60 and 90 of 100 runs on that day. A run that has ended reads 10 "
            "after a war, 0 after any other end; single runs stop where they end.",
        )
        margins = (room(rung_labels(study.scenario).values(), 8.5), 1.35)
        _, axes = sheet(
            "Escalation, and how the crisis ends", played(study), notes, (3.4, 1.5), margins=margins
        )
    panels = [axes] if isinstance(axes, Axes) else list(axes)
    fan(study, panels[0])
    if len(panels) > 1:
        panels[0].tick_params(labelbottom=False)
        panels[0].set_xlabel("")
        states(study, panels[1])
    return panels[0]


def by_day(study: StudyData, quantity: str, statistic: str) -> NDArray[np.float64]:
    """One curve as an array with an element a day; NaN where the study has no value."""
    found = study.curves[(study.curves["quantity"] == quantity) & (study.curves["statistic"] == statistic)]
    values = np.full(study.days, np.nan)
    values[found["day"].to_numpy()] = found["value"].to_numpy()
    return values


def from_start(first: float, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values at the ends of days, with the one before day 0 put first: days + 1 points."""
    return np.concatenate([[first], values])


def rung_names(scenario: Scenario) -> dict[int, str]:
    """What each rung of the ladder stands for, by its number; a scenario's own titles go before ours."""
    reached: dict[int, list[str]] = {}
    can = {*scenario.repertoire(scenario.coercer), *scenario.repertoire(scenario.target)}
    for name in scenario.ladder:
        if name in can:
            reached.setdefault(scenario.signals[name].rung, []).append(name)
    shipped = shipped_vocabulary()
    names = {}
    for rung, signals in sorted(reached.items()):
        own = [name for name in signals if scenario.label(name) != shipped.get(name, {}).get("title")]
        titles = [scenario.label(name) for name in own or signals][-2:]
        names[rung] = RUNGS[rung] if rung in RUNGS and not own else ", ".join(titles)
    return {**names, 0: RUNGS[0], 10: "war"}


def rung_labels(scenario: Scenario) -> dict[int, str]:
    """Labels of the ladder's axis, by rung."""
    return {rung: f"{short(name, 34)}  {rung:>2}" for rung, name in rung_names(scenario).items()}


def ladder_axis(axes: Axes, scenario: Scenario) -> None:
    """Name the rungs of escalation on the vertical axis."""
    labels = rung_labels(scenario)
    axes.set_ylim(-0.25, 10.35)
    axes.set_yticks(list(labels), list(labels.values()))
    axes.grid(axis="y", color="#d5d7db", linewidth=0.5)
    axes.set_axisbelow(True)


def fan(study: StudyData, axes: Axes) -> None:
    """Bands of the middle 30, 60 and 90 of 100 runs, the median, and up to five single runs."""
    elapsed, start = np.arange(study.days + 1), study.scenario.world.level
    for low, high, colour in BANDS:
        lower, upper = (from_start(start, by_day(study, "level", q)) for q in (low, high))
        axes.fill_between(elapsed, lower, upper, color=colour, linewidth=0)
    axes.plot(elapsed, from_start(start, by_day(study, "level", "q50")), color=MEDIAN, linewidth=2)
    _single_runs(study, axes, start)
    ladder_axis(axes, study.scenario)
    day_axis(axes, study.days, study.scenario.start)
    axes.set_title("Level of escalation")
    axes.legend(
        handles=[
            *(
                Patch(color=c, label=f"{n} %")
                for (_, _, c), n in zip(reversed(BANDS), (30, 60, 90), strict=True)
            ),
            Line2D([], [], color=MEDIAN, linewidth=2, label="median"),
            Line2D([], [], color=INK, linewidth=0.6, label="single runs"),
        ],
        loc="lower right",
        bbox_to_anchor=(1.0, 0.995),
        ncols=5,
        handlelength=1.3,
        columnspacing=1.1,
        borderaxespad=0.2,
    )


def _single_runs(study: StudyData, axes: Axes, start: float) -> None:
    """The sampled runs as thin lines; where one ends, a dot stands for war and a square for peace."""
    for _, run in study.samples.groupby("run"):
        state = run["state"].to_numpy()
        (over,) = np.nonzero(state != "ongoing")
        lasted = int(over[0]) + 1 if len(over) else study.days
        level = from_start(start, run["level"].to_numpy()[:lasted])
        axes.plot(np.arange(len(level)), level, color=INK, linewidth=0.6)
        if len(over):
            colour, mark = (COLOURS["war"], "o") if state[-1] in WARS else (COLOURS["exit"], "s")
            (end,) = axes.plot(lasted, level[-1], mark, color=colour, markersize=4.5, clip_on=False)
            end.set_markeredgecolor("white")


def states(study: StudyData, axes: Axes) -> None:
    """Share of runs in each state at the end of each day, stacked: ends without war below, wars on top."""
    elapsed, floor = np.arange(study.days + 1), np.zeros(study.days + 1)
    marks, wholes = [], wholes_at_the_end(study)
    for name in STACK:
        share = from_start(float(name == STILL_GOING), np.nan_to_num(by_day(study, "state", name)))
        if not share.any():
            continue
        axes.fill_between(elapsed, floor, floor + share, color=COLOURS[name], linewidth=0)
        if share[-1]:
            leader = "#b9bdc4" if name == STILL_GOING else COLOURS[name]
            said = f"{TITLES.get(name, 'still going')} {percent(share[-1], wholes[name])}"
            marks.append((floor[-1] + share[-1] / 2, said, leader))
        floor = floor + share
    percent_axis(axes, 1)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
    day_axis(axes, study.days, study.scenario.start)
    beside(axes, study.days, marks, 0.125)
    axes.set_title("Share of runs in each state")
