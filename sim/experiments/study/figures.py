"""The figures of a study: what each is called, what it shows, how to read it, and who draws it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.results.study import StudyData


@dataclass(frozen=True)
class StudyFigure:
    """A figure of a study. ``draw``: "module:function" of sim.figures, imported when it is first drawn.

    on_demand: whether it is drawn only where all figures are asked for, or this one
    """

    draw: str
    title: str
    reading: str
    on_demand: bool = False

    def into(self, study: StudyData, axes: Axes | None = None) -> Axes:
        """Draw it, into ``axes`` if given, else on a sheet of its own; gives its main axes."""
        module, _, function = self.draw.partition(":")
        drawn: Axes = getattr(import_module(f"sim.figures.{module}"), function)(study, axes)
        return drawn

    def of(self, study: StudyData) -> Callable[[], Figure]:
        """A function that draws it on a sheet of its own."""
        return partial(self._sheet, study)

    def _sheet(self, study: StudyData) -> Figure:
        figure = self.into(study).get_figure(root=True)
        assert figure is not None
        return figure


FIGURES = {
    "escalation": StudyFigure(
        "escalation_fan:escalation",
        "Escalation",
        "The upper panel shows where all crises are at the end of each day, of 100, each in exactly one state: over "
        "without war (blue and green), still going (violet, darker the graver), at war (warm colours). A crisis still "
        "going stands where the gravest act of either capital has put it, today's or an earlier one as it fades. The "
        "lower panel shows the level of those still going, on a ladder from 0 (quiet) up: the darker band holds the middle 60 "
        "of 100, both bands 90; the thick line is the median. Coloured lines are single crises of the study, which stop "
        "where they end: a disc is a war, a square an end without war.",
    ),
    "timing": StudyFigure(
        "incidence:timing",
        "Time to war, exit and settlement",
        "Each line is the share of all runs that have ended by that cause by that time. A run that ends by "
        "one cause can no longer end by another: the causes compete. Every run is followed to the horizon, "
        "so nothing is censored and this share is the Aalen-Johansen estimate. Bands are 95 % intervals, "
        "one point at a time.",
    ),
    "signals": StudyFigure(
        "signal_strips:signals",
        "Who signals what, and when",
        "Each strip is one signal; the darker, the larger the share of runs playing in which it is "
        "sent that day. On the right, how often it is sent in one run on average. Third parties are shown "
        "together, and apart below.",
        on_demand=True,
    ),
    "beliefs": StudyFigure(
        "beliefs:beliefs",
        "How far each side misjudges the other",
        "What each principal believes of the other's resolve, less the truth. Zero is seeing truly; above "
        "zero the rival is thought more resolved than it is. Bands as for escalation. Only runs that are "
        "still going are counted.",
        on_demand=True,
    ),
}
"""By name, the main one first."""
