"""The figures of history, made from its table."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from sim.experiments.history.report import label
from sim.experiments.history.tables import INSIDE, OUTSIDE
from sim.experiments.question import Figures
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DRAWN = {
    "violence": "most violence",
    "duration": "duration",
    "ends": "ends",
    "threats": "giving in",
    "responses": "major response (ICB)",
    "incidents": "reply to an incident (MIDIP)",
    "reciprocity": "reciprocity",
    "tone": "persistence of tone",
}
"""Groups that have a figure of their own, by its name."""


def figures_of(scenario: Scenario, about: Mapping[str, str], table: pd.DataFrame) -> Figures:
    """All groups at a glance; and of some, each figure of the record beside the model's."""
    told = table.assign(label=[label(name) for name in table["statistic"]])
    known = told[told["verdict"].isin([INSIDE, OUTSIDE])]
    run = f"{scenario.title} · " + "; ".join(f"{name}: {words}" for name, words in about.items())

    def glance() -> Figure:
        from sim.figures.record import glance as draw  # matplotlib takes half a second to import

        return draw(known, run)

    def beside(group: str) -> Figure:
        from sim.figures.record import beside as draw

        return draw(told[told["group"] == group], group, run)

    own = {f"history-{name}": partial(beside, group) for name, group in DRAWN.items()}
    return {"history": glance, **own}
