"""The figures of a study's parts, by name: each drawn from the tables of its part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.figure import Figure

from sim.figures.arms import arm_curves
from sim.figures.escalation_fan import rung_labels
from sim.figures.forest import forest
from sim.figures.studies_overlaid import ARMS
from sim.figures.style import played
from sim.results.study import _tables

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def _arms(study: Any) -> Figure:
    table = _tables(study, "arms")["arm_curves"]
    labels = {arm: arm for arm in dict.fromkeys(table["arm"])}
    return curves_together(table, labels, study.scenario, played(study))


def curves_together(
    table: pd.DataFrame, labels: Mapping[str, str], scenario: Scenario, about: str = ""
) -> Figure:
    """Curves of the first arms of a table "arm_curves", as many as can be told apart; the ladder is the scenario's."""
    table = table[table["quantity"].isin(("level", "war_share"))]
    drawn = dict(list(labels.items())[: len(ARMS)])
    note = f"The first {len(ARMS)} of {len(labels)} arms are drawn." if len(labels) > len(ARMS) else ""
    return arm_curves(table, drawn, note=note, about=about, start=scenario.start, rungs=rung_labels(scenario))


def _differences(study: Any) -> Figure:
    return shares_apart(_tables(study, "arms")["differences"], played(study))


def shares_apart(table: pd.DataFrame, about: str = "", title: str = "What each arm changes") -> Figure:
    """What arms change, as far as it is a share of runs: from a table "differences"."""
    shares = table[table["share"]] if "share" in table.columns else table
    return forest(shares, title, about=about)
