"""TODO."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure

from sim.errors import StudyError
from sim.experiments.arms.figures import _arms, _differences
from sim.experiments.attribution.figures import _attribution
from sim.experiments.twins.figures import _regret, _twins
from sim.figures.beliefs import beliefs
from sim.figures.escalation_fan import escalation
from sim.figures.incidence import timing
from sim.figures.signal_strips import signals

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.experiments.study.study import Study


FIGURES: dict[str, Callable[..., Axes]] = {
    "escalation": escalation,
    "timing": timing,
    "signals": signals,
    "beliefs": beliefs,
}
"""The figures of one study, by name; those of its parts are in OF_PARTS."""


def plot(study: Study, name: str, axes: Any = None) -> Axes:
    """Draw the figure of that name, into ``axes`` if given; returns its main axes.

    A figure of a part has a sheet of its own. Raises StudyError for a name that is in neither FIGURES nor
    OF_PARTS, and for a figure of a part that is to be drawn into axes.
    """
    if name in FIGURES:
        return FIGURES[name](study, axes)
    if name not in OF_PARTS:
        known = f"{', '.join(FIGURES)}; of parts: {', '.join(OF_PARTS)}"
        raise StudyError(f'there is no figure "{name}"; known: {known}')
    if axes is not None:
        raise StudyError(f'the figure "{name}" has a sheet of its own and cannot be drawn into axes')
    return OF_PARTS[name](study).axes[0]


def draw(study: Study, name: str) -> Figure:
    """The figure of that name, on a sheet of its own."""
    figure = plot(study, name).get_figure(root=True)
    assert figure is not None
    return figure


OF_PARTS: dict[str, Callable[[Any], Figure]] = {
    "twins": _twins,
    "regret": _regret,
    "attribution": _attribution,
    "arms": _arms,
    "differences": _differences,
}
"""Figures by name, for a study that has the part: twins, attribution, or arms for the last two."""
