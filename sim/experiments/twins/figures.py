"""The figures of twins, made from their tables."""

from __future__ import annotations

from functools import partial

import pandas as pd

from sim.experiments.question import Figures, Tables
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import Outcome


def figures_of(scenario: Scenario, tables: Tables) -> Figures:
    """What war, exit and settlement are built up of; the four cells and where pairs part; the distribution of regret."""
    from sim.figures.regret import regret
    from sim.figures.split import split
    from sim.figures.style import assumed, planned
    from sim.figures.twin_cells import twins

    about, own, note = planned(scenario), scenario.study, assumed(scenario.name)
    names = {role: scenario.label(getattr(scenario, role)) for role in ("coercer", "target")}
    acts = tables["regret"]
    if acts.empty:  # nobody chose a war: the panel of raids says so
        acts = pd.DataFrame(
            {"act": [Outcome.raid.name], "low_edge": [-1.0], "high_edge": [1.0], "count": [0]}
        )
    return {
        "split": partial(split, tables["split"], about=about, days=own.days, seed=own.seed),
        "twins": partial(twins, tables, names, note=note, about=about, days=own.days, start=scenario.start),
        "regret": partial(regret, acts, note=note, about=about),
    }
