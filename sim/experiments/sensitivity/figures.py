"""TODO."""

from __future__ import annotations

import pandas as pd

from sim.experiments.sensitivity.tables import QUANTITIES, _Plan

# Figures --------------------------------------------------------------------------------------


def _figures(plan: _Plan, tables: dict[str, pd.DataFrame]) -> dict[str, bytes]:
    from sim import figures as plots

    study = plan.scenario.study
    about = f"{plan.scenario.title}, {study.days} days, seed {study.seed}"
    once = tables["indices"].drop_duplicates("quantity").set_index("quantity")["chance"]
    shown = QUANTITIES[:3]
    found = tables["indices"][tables["indices"]["quantity"].isin(shown)]
    chance = {str(name): float(once[name]) for name in shown}
    drawn = {
        "sensitivity.png": plots.sensitivity(found, chance, about=about),
        "screening-war.png": plots.morris(tables["screening"], "war", about=about),
        "screening-miscalculated.png": plots.morris(tables["screening"], "miscalculated", about=about),
    }
    return {file: plots.encoded(figure, "png") for file, figure in drawn.items()}
