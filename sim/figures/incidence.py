"""Time to war, exit and settlement, as cumulative incidence with competing risks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.style import (
    COLOURS,
    GRID,
    beside,
    day_axis,
    entitled,
    inches,
    percent,
    percent_axis,
    ran,
    sheet,
    styled,
)
from sim.reports.numbers import words
from sim.reports.words import plural
from sim.results.study import StudyData, ended, ends_of
from sim.scenario.outcome_words import outcome_words
from sim.schema.outcomes import HEADLINES, TITLES
from sim.statistics.proportions import Estimate, proportion

LINES = dict(zip(HEADLINES, ("-", ":", "--", (0, (5, 1.5, 1, 1.5))), strict=True))
KEY = 0.165  # inches of a line of a legend
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
def overlaid_timing(
    studies: Sequence[StudyData], lines: Sequence[tuple[str, str, Any]], about: str
) -> Figure:
    """Draw the share of each study's runs ended by war, exit, settlement and fading by each day, a panel an end.

    ``lines``: what each study is called, its colour and its line.
    """
    days = max(study.days for study in studies)
    notes = [
        ran(*studies),
        "War: raid, invasion, attack or loss of control. Bands: pointwise 95 % intervals, sampling error only.",
    ]
    figure, panels = sheet(
        "How soon crises end, and how",
        about,
        notes,
        (1.6, 1.6),
        columns=2,
        margins=(0.6, 0.6),
        gaps=(0.4,),
        over=0.6 + KEY * len(lines),
        column_gap=1.15,
    )
    for panel, end in zip(panels, LINES, strict=True):
        marks, highest = [], LOWEST_TOP
        for study, (name, colour, line) in zip(studies, lines, strict=True):
            estimates = incidence(study, ends_of(end))
            curve(panel, estimates, colour, line, " ".join(name.split()))
            marks.append((estimates[-1].rate, percent(estimates[-1].rate), colour))
            highest = max(highest, *(estimate.high for estimate in estimates))
        panel.set_title(TITLES[end].capitalize())
        percent_axis(panel, min(1, 1.06 * highest))
        panel.grid(axis="y", color=GRID, linewidth=0.5)
        day_axis(panel, days, None, label=panel in panels[2:])
        beside(panel, days, marks, 0.15 / inches(panel)[1])
    high = inches(panels[0])[1]
    place = (-0.02, 1 + 0.25 / high)
    panels[0].legend(loc="lower left", bbox_to_anchor=place, handlelength=2.6, borderaxespad=0)
    return figure


@styled
def timing(study: StudyData, axes: Axes | None = None) -> Axes:
    """Draw the share of runs ended by war, exit and settlement by each day; returns the axes."""
    said = outcome_words(study.scenario)
    if axes is None:
        notes = (
            ran(study),
            "Each line: share of all runs ended by that cause by that time. The causes compete: a run ends "
            "once. Every run is followed to the horizon, so nothing is censored and this is the "
            "Aalen-Johansen estimate.",
            f"War: {said['war'].definition}. Bands: pointwise 95 % intervals, sampling error only.",
        )
        _, (axes,) = sheet(
            soonest(study), entitled(study.scenario, study.name), notes, (3,), margins=(0.65, 2.1)
        )
    marks, highest = [], LOWEST_TOP
    for name, line in LINES.items():
        estimates = incidence(study, ends_of(name))
        curve(axes, estimates, COLOURS[name], line, name)
        marks.append((estimates[-1].rate, f"{said[name].title} {words(estimates[-1])}", COLOURS[name]))
        highest = max(highest, *(estimate.high for estimate in estimates))
    percent_axis(axes, min(1, 1.06 * highest))
    axes.grid(axis="y", color="#d5d7db", linewidth=0.5)
    day_axis(axes, study.days, study.scenario.start)
    beside(axes, study.days, marks, 0.07)
    axes.set_title("Share of runs ended so far")
    return axes


def soonest(study: StudyData) -> str:
    """The headline: by which day half of the wars and half of the settlements that come have come."""
    told = []
    for name in ("war", "settlement"):
        so_far = ended(study, ends_of(name))
        if so_far[-1]:
            told.append(
                f"half of {'wars' if name == 'war' else 'settlements'} by day {int((2 * so_far >= so_far[-1]).argmax())}"
            )
    return (
        f"When crises end: {', '.join(told)}"
        if told
        else f"No war and no settlement in {plural(study.days, 'day')}"
    )
