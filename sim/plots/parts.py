"""The figures of a study's parts, by name: each drawn from the tables of its part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.figure import Figure

from sim.plots.arms_compared import arm_curves
from sim.plots.channels_of_fog import attribution
from sim.plots.clear_sighted import twins
from sim.plots.escalation_fan import rung_labels
from sim.plots.forest_plot import forest
from sim.plots.overlaid import ARMS
from sim.plots.regret_by_act import regret
from sim.plots.style import played

if TYPE_CHECKING:
    from sim.scenario import Scenario


def _tables(study: Any, part: str) -> Mapping[str, pd.DataFrame]:
    tables: Mapping[str, pd.DataFrame] = study.part(part)
    return tables


def _twins(study: Any) -> Figure:
    scenario = study.scenario
    names = {role: scenario.label(getattr(scenario, role)) for role in ("coercer", "target")}
    return twins(_tables(study, "twins"), names, about=played(study), days=study.days, start=scenario.start)


def _regret(study: Any) -> Figure:
    table = _tables(study, "twins")["regret"]
    if table.empty:  # nobody chose a war: the panel of raids says so
        table = pd.DataFrame({"act": ["raid"], "low_edge": [-1.0], "high_edge": [1.0], "count": [0]})
    return regret(table, about=played(study))


def _attribution(study: Any) -> Figure:
    return attribution(_tables(study, "attribution")["attribution"], about=played(study))


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


OF_PARTS: dict[str, Callable[[Any], Figure]] = {
    "twins": _twins,
    "regret": _regret,
    "attribution": _attribution,
    "arms": _arms,
    "differences": _differences,
}
"""Figures by name, for a study that has the part: twins, attribution, or arms for the last two."""
