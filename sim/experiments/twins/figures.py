"""TODO."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from sim.figures.regret import regret
from sim.figures.style import played
from sim.figures.twin_cells import twins
from sim.results.study import _tables


def _twins(study: Any) -> Figure:
    scenario = study.scenario
    names = {role: scenario.label(getattr(scenario, role)) for role in ("coercer", "target")}
    return twins(_tables(study, "twins"), names, about=played(study), days=study.days, start=scenario.start)


def _regret(study: Any) -> Figure:
    table = _tables(study, "twins")["regret"]
    if table.empty:  # nobody chose a war: the panel of raids says so
        table = pd.DataFrame({"act": ["raid"], "low_edge": [-1.0], "high_edge": [1.0], "count": [0]})
    return regret(table, about=played(study))
