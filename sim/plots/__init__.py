"""Figures of a study, as an analyst would put them in a paper. Only this package imports matplotlib."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sim.errors import StudyError
from sim.plots.arms_compared import arm_curves
from sim.plots.belief_error import beliefs
from sim.plots.channels_of_fog import attribution
from sim.plots.clear_sighted import twins
from sim.plots.crisis_risk import risk
from sim.plots.cumulative_incidence import timing
from sim.plots.elementary_effects import morris
from sim.plots.escalation_fan import escalation
from sim.plots.forest_plot import forest
from sim.plots.other_signals import whatif
from sim.plots.overlaid import overlay
from sim.plots.parts import OF_PARTS, curves_together, shares_apart
from sim.plots.regret_by_act import regret
from sim.plots.shares_by_scenario import shares
from sim.plots.signal_strips import signals
from sim.plots.sobol_indices import sensitivity
from sim.plots.style import FORMATS, encoded, save
from sim.plots.sweeps import sweep_heat, sweep_line
from sim.plots.tornado import levers
from sim.plots.windows_by_day import windows

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.study import Study

__all__ = [
    "FIGURES",
    "FORMATS",
    "OF_PARTS",
    "arm_curves",
    "attribution",
    "beliefs",
    "curves_together",
    "draw",
    "encoded",
    "escalation",
    "forest",
    "levers",
    "morris",
    "overlay",
    "plot",
    "regret",
    "risk",
    "save",
    "sensitivity",
    "shares",
    "shares_apart",
    "signals",
    "sweep_heat",
    "sweep_line",
    "timing",
    "twins",
    "whatif",
    "windows",
]

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
