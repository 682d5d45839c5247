"""The figures of attribution, made from its tables."""

from __future__ import annotations

from functools import partial

from sim.experiments.attribution.counts import SIDES
from sim.experiments.question import Figures, Tables
from sim.scenario.scenario import Scenario


def figures_of(scenario: Scenario, tables: Tables) -> Figures:
    """Bars of what each channel adds; dots of what each route of each side adds."""
    from sim.figures.attribution import attribution
    from sim.figures.routes import routes
    from sim.figures.style import assumed, planned

    about, own, note = planned(scenario), scenario.study, assumed(scenario.name)
    names: dict[str, str] = {role: scenario.label(getattr(scenario, role)) for role in SIDES}
    return {
        "attribution": partial(attribution, tables["attribution"], note=note, about=about),
        "routes": partial(routes, tables["routes"], names, about=about, days=own.days, seed=own.seed),
    }
