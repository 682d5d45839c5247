"""The main figure of a study: where 100 crises stand day by day, and the level of those still going."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.figures.lettering import shortened
from sim.figures.stack import stack, stand_titles
from sim.figures.style import BANDS, COLOURS, GRID, MEDIAN, day_axis, entitled, ran, sheet, styled
from sim.reports.words import finding
from sim.results.study import by_day
from sim.scenario.outcome_words import outcome_titles
from sim.schema.outcomes import WAR_NAMES as WARS
from sim.schema.stands import STANDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.results.study import StudyData
    from sim.scenario.scenario import Scenario

SINGLE = ("#0b7a75", "#c2185b", "#8a5a00")
"""Colours of single runs, which nothing else in the figure has."""

KEY: dict[str, Any] = {
    "handlelength": 1.2,
    "handletextpad": 0.5,
    "columnspacing": 0.9,
    "borderaxespad": 0.1,
    "fontsize": 7.5,
}
BESIDE = 2.1  # inches right of the panels, for names
TOP = 9.0  # of the ladder's axis: higher acts end a crisis


@styled
def escalation(study: StudyData, axes: Axes | Sequence[Axes] | None = None) -> Axes:
    """Draw where all runs stand by day, and under it the level of those still going; returns the upper axes.

    Into ``axes``: one for the stack alone, or two for both; else into a figure of its own.
    """
    if axes is None:
        kept = study.scenario.kept.level
        notes = (
            ran(study),
            "A crisis still going stands where the gravest act of either capital has put it: today's, or an earlier one, which "
            f"fades by {100 * (1 - kept):.3g} % a day. Bands hold the middle 60 and 90 of 100 crises still going on that day.",
        )
        _, axes = sheet(
            finding(study),
            entitled(study.scenario, study.name),
            notes,
            (3.3, 1.9),
            margins=(0.45, BESIDE),
            gaps=(0.35,),
            over=0.45,
        )
    panels = [axes] if isinstance(axes, Axes) else list(axes)
    stack(study, panels[0])
    if len(panels) > 1:
        panels[0].tick_params(labelbottom=False)
        panels[0].set_xlabel("")
        fan(study, panels[1])
    return panels[0]


def from_start(first: float, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values at the ends of days, with the one before day 0 put first: days + 1 points."""
    return np.concatenate([[first], values])


def rung_labels(scenario: Scenario) -> dict[int, str]:
    """Labels of the ladder's axis, by the rung at which each begins."""
    titles = stand_titles(scenario)
    return {stand.rungs[0]: f"{stand.rungs[0]:>2}  {titles[stand.name]}" for stand in STANDS}


def ladder_axis(axes: Axes, scenario: Scenario) -> None:
    """Name the rungs of escalation right of the axes."""
    labels = rung_labels(scenario)
    axes.set_ylim(-0.25, TOP)
    axes.yaxis.tick_right()
    axes.spines["left"].set_visible(False)
    axes.set_yticks(list(labels), [shortened(label, BESIDE - 0.15, 8) for label in labels.values()])
    axes.tick_params(axis="y", length=0, labelsize=8)
    axes.grid(axis="y", color=GRID, linewidth=0.5)
    axes.set_axisbelow(True)


def fan(study: StudyData, axes: Axes) -> None:
    """Bands of the middle 60 and 90 of 100 runs still going, their median, and up to three single runs."""
    elapsed, start = np.arange(study.days + 1), study.scenario.world.level
    keys: list[Artist] = []
    for (low, high, colour), held in zip(BANDS[:2], ("90 of 100", "60"), strict=True):
        lower, upper = (from_start(start, by_day(study, "level_going", q)) for q in (low, high))
        axes.fill_between(elapsed, lower, upper, color=colour, linewidth=0)
        keys.append(Patch(color=colour, label=held))
    axes.plot(elapsed, from_start(start, by_day(study, "level_going", "q50")), color=MEDIAN, linewidth=2)
    keys.append(Line2D([], [], color=MEDIAN, linewidth=2, label="median"))
    ladder_axis(axes, study.scenario)
    day_axis(axes, study.days, study.scenario.start)
    axes.set_title("Level of those still going")
    first = axes.legend(handles=keys[::-1], ncols=3, loc="lower right", bbox_to_anchor=(1, 0.99), **KEY)
    axes.add_artist(first)
    axes.legend(
        handles=_single_runs(study, axes, start), ncols=3, loc="upper left", bbox_to_anchor=(0, 1.01), **KEY
    )


def _single_runs(study: StudyData, axes: Axes, start: float) -> list[Line2D]:
    """Draw the runs of :func:`told_apart`; each stops where it ends, with a mark in the colour of its end."""
    drawn, titles = [], outcome_titles(study.scenario)
    for (number, run), colour in zip(_of_each_kind(study.samples), SINGLE, strict=False):
        state = run["state"].to_numpy()
        (over,) = np.nonzero(state != "ongoing")
        lasted = int(over[0]) if len(over) else study.days
        level = from_start(start, run["level"].to_numpy()[:lasted])
        axes.plot(np.arange(len(level)), level, color=colour, linewidth=1.1)
        if len(over):
            axes.plot(
                lasted,
                level[-1],
                "o" if state[-1] in WARS else "s",
                color=COLOURS[state[-1]],
                markersize=5.5,
                markeredgecolor="white",
                clip_on=False,
                zorder=4,
            )
        end = f"{titles[state[-1]]}, day {lasted}" if len(over) else "still going"
        drawn.append(Line2D([], [], color=colour, linewidth=1.1, label=f"run {number}: {end}"))
    return drawn


def _of_each_kind(samples: pd.DataFrame) -> list[tuple[int, pd.DataFrame]]:
    """Three of the sampled runs: the first that came to war, the first over without, the first still going; else the first."""
    runs = [(int(str(number)), run) for number, run in samples.groupby("run")]
    kinds: dict[str, int] = {}
    for place, (_, run) in enumerate(runs):
        last = run["state"].iloc[-1]
        kinds.setdefault("war" if last in WARS else "going" if last == "ongoing" else "peace", place)
    chosen = [*kinds.values(), *(place for place in range(len(runs)) if place not in kinds.values())]
    return [runs[place] for place in sorted(chosen[: len(SINGLE)])]
