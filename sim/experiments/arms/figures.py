"""The figures of arms, made from their tables: their curves together, and what differs between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from sim.experiments.arms.report import TOLD
from sim.experiments.question import Figures, Tables
from sim.reports.words import plural

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from sim.scenario.scenario import Scenario


def figures_of(scenario: Scenario, labels: Mapping[str, str], tables: Tables) -> Figures:
    """The figures of scenarios that are compared, of which ``scenario`` is the first."""
    own, differences = scenario.study, tables["differences"]
    about = f"{plural(own.runs, 'run')} of {plural(own.days, 'day')} each, seed {own.seed}"
    told = differences[differences["observable"].isin(TOLD)]
    return {
        "differences": partial(shares_apart, told, about, names=tuple(labels)),
        "arms": partial(curves_together, tables["arm_curves"], labels, scenario, about),
    }


def curves_together(
    table: pd.DataFrame, labels: Mapping[str, str], scenario: Scenario, about: str = ""
) -> Figure:
    """Curves of the first arms of a table "arm_curves", as many as can be told apart; the ladder is the scenario's."""
    from sim.figures.arms import ARMS, PANELS, arm_curves
    from sim.figures.escalation_fan import rung_labels
    from sim.figures.style import conditions

    own = scenario.study
    table = table[table["quantity"].isin(PANELS)]
    drawn = dict(list(labels.items())[: len(ARMS)])
    note = f"The first {len(ARMS)} of {len(labels)} arms are drawn." if len(labels) > len(ARMS) else ""
    return arm_curves(
        table,
        drawn,
        note=note,
        about=about,
        start=scenario.start,
        rungs=rung_labels(scenario),
        footer=conditions(own.runs, own.days, own.seed, scenario.name),
    )


def shares_apart(table: pd.DataFrame, about: str = "", title: str = "", names: Sequence[str] = ()) -> Figure:
    """What arms change, as far as it is a share of runs: from a table "differences"; ``names`` are those of the scenarios."""
    from sim.figures.forest import forest
    from sim.figures.style import assumed

    shares = table[table["share"]] if "share" in table.columns else table
    return forest(shares, title or largest(shares), note=assumed(*names) if names else "", about=about)


def largest(table: pd.DataFrame) -> str:
    """The headline: the largest difference that can be told from 0, in points."""
    sure = table[table["distinguishable"]]
    if sure.empty:
        return "No difference can be told from 0"
    most = sure.iloc[int(sure["value"].abs().to_numpy().argmax())]
    points = f"{100 * most['value']:+.1f}".replace("-", "−")
    return f"What differs most: {most['label']}, {points} points in {most['group']}"
