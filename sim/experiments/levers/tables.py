"""The table of the levers, made from their counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

import pandas as pd

from sim.compute.experiment import Piece
from sim.experiments.design_experiment import BesideBase
from sim.experiments.levers.counts import Lever
from sim.experiments.levers.no_effect import reason
from sim.scenario.scenario import Scenario
from sim.schema.claims import COMPARED, Observable
from sim.statistics.differences import Difference, in_columns

TOLD: tuple[Observable, ...] = (*COMPARED, "peak_level")
DEAD = "no effect on anything"
ONE_END = "at one end only"
BENT = "both ends move war the same way"


def table_of(
    experiment: BesideBase, scenario: Scenario, pulled: Sequence[Lever], piece: Piece
) -> pd.DataFrame:
    """The table of :class:`sim.experiments.levers.question.Levers`."""
    table = pd.DataFrame(_rows(experiment, scenario, pulled, piece))
    war = table[table["quantity"] == "war"].groupby("lever")["value"].agg(lambda values: values.abs().max())
    order = table["lever"].map(war).to_numpy()
    changed = table.groupby("lever")["changed"].transform("max").to_numpy()
    keys = pd.DataFrame({"war": -order, "changed": -changed}).sort_values(["war", "changed"], kind="stable")
    return table.loc[keys.index].reset_index(drop=True)


def _rows(
    experiment: BesideBase, scenario: Scenario, pulled: Sequence[Lever], piece: Piece
) -> Iterator[dict[str, Any]]:
    points = count()
    for lever in pulled:
        ends = [(end, at, next(points)) for end, at in lever.ends()]
        changed = [int(piece["row.changed"][point]) for _, _, point in ends]
        said = mark(changed, [experiment.difference(piece, point, "war") for _, _, point in ends])
        why = reason(scenario, lever.key) if said == DEAD else ""
        for (end, at, point), runs in zip(ends, changed, strict=True):
            for name in TOLD:
                yield {
                    "lever": lever.key,
                    "label": lever.label,
                    "end": end,
                    "at": float(at),
                    "base": float(lever.value),
                    "registered": lever.registered,
                    "quantity": name,
                    **in_columns(experiment.difference(piece, point, name)),
                    "changed": runs,
                    "mark": said,
                    "reason": why,
                }


def mark(changed: list[int], war: list[Difference]) -> str:
    """What is odd about a lever, from how many runs each end changes and what it does to war; "" if nothing is."""
    if not any(changed):
        return DEAD
    if len(changed) == 2 and not all(changed):
        return ONE_END
    if len(war) == 2 and all(each.distinguishable for each in war) and war[0].value * war[1].value > 0:
        return BENT
    return ""
