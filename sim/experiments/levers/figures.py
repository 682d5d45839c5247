"""TODO."""

from __future__ import annotations

import pandas as pd

from sim.experiments.levers.tables import DEAD, TOLD
from sim.scenario.scenario import Scenario

DRAWN = TOLD[:4]


def _figure(scenario: Scenario, table: pd.DataFrame) -> dict[str, bytes]:
    from sim import figures as plots

    study = scenario.study
    about = f"{scenario.title}, {study.days} days, seed {study.seed}"
    return {"levers.png": plots.encoded(plots.levers(drawn(table), about=about), "png")}


def drawn(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of a figure, which calls dead what is 0 throughout: without levers that only do something else."""
    here = table[table["quantity"].isin(DRAWN)]
    moves = (here["value"] != 0).groupby(here["lever"]).transform("any")
    return here[moves | (here["mark"] == DEAD)]
