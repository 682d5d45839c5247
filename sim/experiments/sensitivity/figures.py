"""The figures of a sensitivity analysis, made from its tables."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sim.experiments.question import Figures, Tables
from sim.experiments.sensitivity.counts import QUANTITIES
from sim.scenario.scenario import Scenario
from sim.schema.claims import Observable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INDICES, SCREENED = QUANTITIES[:3], QUANTITIES[:2]


def figures_of(scenario: Scenario, tables: Tables) -> Figures:
    """Indices of three quantities beside each other, and the screening of two, one by one."""
    about = f"{scenario.title}, {scenario.study.days} days, seed {scenario.study.seed}"

    def draw_indices() -> Figure:
        from sim.figures.sobol import sensitivity  # matplotlib takes half a second to import
        from sim.figures.style import assumed

        found = tables["indices"][tables["indices"]["quantity"].isin(INDICES)]
        chance = dict(zip(found["quantity"], found["chance"].astype(float), strict=True))
        return sensitivity(found, chance, note=assumed(scenario.name), about=about)

    def draw_screening(name: Observable) -> Figure:
        from sim.figures.morris import morris
        from sim.figures.style import assumed

        return morris(tables["screening"], name, note=assumed(scenario.name), about=about)

    screened = {f"screening-{name}": partial(draw_screening, name) for name in SCREENED}
    return {"sensitivity": draw_indices, **screened}
