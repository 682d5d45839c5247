"""The figure of attribution, made from its table."""

from __future__ import annotations

from functools import partial

from sim.experiments.question import Figures, Tables
from sim.scenario.scenario import Scenario


def figures_of(scenario: Scenario, tables: Tables) -> Figures:
    """Bars of what each channel adds."""
    from sim.figures.attribution import attribution
    from sim.figures.style import planned

    return {"attribution": partial(attribution, tables["attribution"], about=planned(scenario))}
