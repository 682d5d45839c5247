"""Figures of a study, as an analyst would put them in a paper. Only this package imports matplotlib."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sim.errors import StudyError
from sim.plots.belief_error import beliefs
from sim.plots.cumulative_incidence import timing
from sim.plots.escalation_fan import escalation
from sim.plots.overlaid import overlay
from sim.plots.signal_strips import signals
from sim.plots.style import FORMATS, encoded, save

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.study import Study

__all__ = [
    "FIGURES",
    "FORMATS",
    "beliefs",
    "draw",
    "encoded",
    "escalation",
    "overlay",
    "plot",
    "save",
    "signals",
    "timing",
]

FIGURES: dict[str, Callable[..., Axes]] = {
    "escalation": escalation,
    "timing": timing,
    "signals": signals,
    "beliefs": beliefs,
}
"""The figures of one study, by name."""


def plot(study: Study, name: str, axes: Any = None) -> Axes:
    """Draw the figure of that name, into ``axes`` if given; returns its main axes.

    Raises StudyError for a name that is not in FIGURES.
    """
    if name not in FIGURES:
        raise StudyError(f'there is no figure "{name}"; known: {", ".join(FIGURES)}')
    return FIGURES[name](study, axes)


def draw(study: Study, name: str) -> Figure:
    """The figure of that name, on a sheet of its own."""
    figure = plot(study, name).get_figure(root=True)
    assert figure is not None
    return figure
