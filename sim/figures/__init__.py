"""Figures of a study, as an analyst would put them in a paper. Only this package imports matplotlib."""

from __future__ import annotations

from sim.figures.arms import arm_curves
from sim.figures.attribution import attribution
from sim.figures.beliefs import beliefs
from sim.figures.escalation_fan import escalation
from sim.figures.forest import forest
from sim.figures.incidence import timing
from sim.figures.morris import morris
from sim.figures.regret import regret
from sim.figures.risk import risk
from sim.figures.routes import routes
from sim.figures.shares import shares
from sim.figures.signal_strips import signals
from sim.figures.sobol import sensitivity
from sim.figures.split import split
from sim.figures.studies_overlaid import overlay
from sim.figures.style import FORMATS, encoded, save
from sim.figures.sweeps import sweep_heat, sweep_line
from sim.figures.tornado import levers
from sim.figures.twin_cells import twins
from sim.figures.what_if import whatif
from sim.figures.windows import windows

__all__ = [
    "FORMATS",
    "arm_curves",
    "attribution",
    "beliefs",
    "encoded",
    "escalation",
    "forest",
    "levers",
    "morris",
    "overlay",
    "regret",
    "risk",
    "routes",
    "save",
    "sensitivity",
    "shares",
    "signals",
    "split",
    "sweep_heat",
    "sweep_line",
    "timing",
    "twins",
    "whatif",
    "windows",
]
