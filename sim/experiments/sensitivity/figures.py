"""The figures of a sensitivity analysis, made from its tables."""

from __future__ import annotations

from functools import partial

from sim.experiments.question import Figures, Tables
from sim.experiments.sensitivity.counts import QUANTITIES
from sim.scenario.scenario import Scenario

INDICES, SCREENED = QUANTITIES[:3], QUANTITIES[:2]


def figures_of(scenario: Scenario, tables: Tables) -> Figures:
    """Indices of three quantities beside each other, and the screening of two, one by one."""
    from sim.figures.morris import morris
    from sim.figures.sobol import sensitivity

    about = f"{scenario.title}, {scenario.study.days} days, seed {scenario.study.seed}"
    found = tables["indices"][tables["indices"]["quantity"].isin(INDICES)]
    chance = dict(zip(found["quantity"], found["chance"].astype(float), strict=True))
    screening = {
        f"screening-{name}": partial(morris, tables["screening"], name, about=about) for name in SCREENED
    }
    return {"sensitivity": partial(sensitivity, found, chance, about=about), **screening}
