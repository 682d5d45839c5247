"""Time to war, exit and settlement, as cumulative incidence with competing risks."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from sim.figures.style import COLOURS, beside, day_axis, percent_axis, played, sheet, styled
from sim.reports.numbers import words
from sim.results.study import StudyData, ended, ends_of
from sim.schema.outcomes import HEADLINES
from sim.statistics.proportions import Estimate, proportion

LINES = dict(zip(HEADLINES, ("-", ":", "--", (0, (5, 1.5, 1, 1.5))), strict=True))
LOWEST_TOP = 0.02  # of the axis of shares, so that a bound near 0 is not blown up


def incidence(study: StudyData, ends: tuple[str, ...]) -> list[Estimate]:
    """Share of all runs ended by one of ``ends`` on each day or before: an estimate a day.

    The Aalen-Johansen estimator of the cumulative incidence, which is this share where every run is followed
    to the horizon.
    """
    return [proportion(int(count), study.runs) for count in ended(study, ends)]


def curve(axes: Axes, estimates: list[Estimate], colour: str, line: Any, name: str = "") -> None:
    """One cumulative incidence from day 0, with its pointwise 95 % intervals as a band."""
    elapsed = np.arange(len(estimates) + 1)
    axes.fill_between(
        elapsed,
        [0, *(e.low for e in estimates)],
        [0, *(e.high for e in estimates)],
        color=colour,
        alpha=0.22,
        linewidth=0,
    )
    shares = [0.0, *(e.rate for e in estimates)]
    axes.plot(elapsed, shares, color=colour, linestyle=line, linewidth=1.8, label=name)


@styled
def timing(study: StudyData, axes: Axes | None = None) -> Axes:
    """Draw the share of runs ended by war, exit and settlement by each day; returns the axes."""
    if axes is None:
        notes = (
            "Each line: share of all runs ended by that cause by that time. The causes compete: a run ends "
            "once. Every run is followed to the horizon, so nothing is censored and this is the "
            "Aalen-Johansen estimate.",
            "War: raid, invasion, attack or loss of control. Bands: pointwise 95 % intervals, sampling "
            "error only.",
        )
        _, (axes,) = sheet(
            "Time to war, exit and settlement", played(study), notes, (3,), margins=(0.75, 2.2)
        )
    marks, highest = [], LOWEST_TOP
    for name, line in LINES.items():
        estimates = incidence(study, ends_of(name))
        curve(axes, estimates, COLOURS[name], line, name)
        marks.append((estimates[-1].rate, f"{name} {words(estimates[-1])}", COLOURS[name]))
        highest = max(highest, *(estimate.high for estimate in estimates))
    percent_axis(axes, min(1, 1.06 * highest))
    axes.grid(axis="y", color="#d5d7db", linewidth=0.5)
    day_axis(axes, study.days, study.scenario.start)
    beside(axes, study.days, marks, 0.07)
    axes.set_title("Share of runs ended so far")
    return axes
