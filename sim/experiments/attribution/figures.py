"""TODO."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from sim.figures.attribution import attribution
from sim.figures.style import played
from sim.results.study import _tables


def _attribution(study: Any) -> Figure:
    return attribution(_tables(study, "attribution")["attribution"], about=played(study))
