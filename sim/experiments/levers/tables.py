"""TODO."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from sim.compute.experiment import Piece
from sim.experiments.design_points import Points, difference_at, quantities
from sim.experiments.levers.no_effect import reason
from sim.schema.claims import Observable
from sim.statistics.differences import Difference

End = Literal["low", "high"]
TOLD: tuple[Observable, ...] = ("war", "miscalculated", "exit", "settlement", "peak_level")
SHARE = 0.2  # by which a number without a range is moved up and down
DEAD = "no effect on anything"
ONE_END = "at one end only"
BENT = "both ends move war the same way"


@dataclass(frozen=True)
class Lever:
    """A number of the scenario, and the ends that it is moved to; None where it is at that end already."""

    key: str
    label: str
    value: float
    low: float | None
    high: float | None
    registered: bool

    def ends(self) -> Iterator[tuple[End, float]]:
        """The ends there are."""
        if self.low is not None:
            yield "low", self.low
        if self.high is not None:
            yield "high", self.high


# What they do ---------------------------------------------------------------------------------


def table_of(experiment: Points, pulled: tuple[Lever, ...], piece: Piece) -> pd.DataFrame:
    """The table of :class:`Levers`."""
    table = pd.DataFrame(_rows(experiment, pulled, piece))
    war = table[table["quantity"] == "war"].groupby("lever")["value"].agg(lambda values: values.abs().max())
    order = table["lever"].map(war).to_numpy()
    changed = table.groupby("lever")["changed"].transform("max").to_numpy()
    keys = pd.DataFrame({"war": -order, "changed": -changed}).sort_values(["war", "changed"], kind="stable")
    return table.loc[keys.index].reset_index(drop=True)


def _rows(experiment: Points, pulled: tuple[Lever, ...], piece: Piece) -> Iterator[dict[str, Any]]:
    observables, n = quantities(True), experiment.runs
    point = 0
    for lever in pulled:
        ends = list(lever.ends())
        changed = [int(piece["row.changed"][point + at]) for at in range(len(ends))]
        apart = [
            {name: difference_at(name, piece, point + at, observables.index(name), n) for name in TOLD}
            for at in range(len(ends))
        ]
        said = mark(changed, [each["war"] for each in apart])
        why = reason(experiment.scenario, lever.key) if said == DEAD else ""
        for (end, at), runs, found in zip(ends, changed, apart, strict=True):
            for name, each in found.items():
                yield {
                    "lever": lever.key,
                    "label": lever.label,
                    "end": end,
                    "at": float(at),
                    "base": float(lever.value),
                    "registered": lever.registered,
                    "quantity": name,
                    "n": n,
                    "value": each.value,
                    "low": each.low,
                    "high": each.high,
                    "se": each.se,
                    "distinguishable": each.distinguishable,
                    "changed": runs,
                    "mark": said,
                    "reason": why,
                }
        point += len(ends)


def mark(changed: list[int], war: list[Difference]) -> str:
    """What is odd about a lever, from how many runs each end changes and what it does to war; "" if nothing is."""
    if not any(changed):
        return DEAD
    if len(changed) == 2 and not all(changed):
        return ONE_END
    if len(war) == 2 and all(each.distinguishable for each in war) and war[0].value * war[1].value > 0:
        return BENT
    return ""
