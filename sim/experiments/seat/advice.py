"""An adviser who knows what the seat knows, and no more: what each signal of today would do to war, exit and settlement.

The adviser imagines many crises in which all was done that the seat saw done, with a rival drawn from what the seat
believes of it today, and lets the model play on from each signal. So the advice is as good as the beliefs: where these
are wrong, it is wrong with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.engines.batch.engine import Program
from sim.experiments.seat.view import View
from sim.experiments.turning_points.ends import ENDS, ended
from sim.experiments.turning_points.forced import forced
from sim.scenario.scenario import Scenario
from sim.statistics.differences import Difference, paired_proportions
from sim.statistics.proportions import Estimate, proportion

TIMES = 500
"""Crises that are imagined for each signal."""

WIDEST = 0.5  # spread of a type that a scenario can have


@dataclass(frozen=True)
class Advice:
    """What a signal would come to in the imagined crises: by end, its chance, and the change against ``baseline``."""

    signal: str
    baseline: str
    chances: Mapping[str, Estimate]
    changes: Mapping[str, Difference]


def advise(scenario: Scenario, view: View, times: int = TIMES) -> tuple[Advice, ...]:
    """What each signal that the seat may send would come to, in the order of ``view.may``; all meet the same luck.

    It depends on the scenario and the view alone. Empty where no imagined crisis lasts until today.
    """
    if view.over:
        return ()
    own = scenario.study
    crisis = imagined(scenario, view)
    batches = {
        signal: Program.of(forced(crisis, view.day, view.seat, signal, if_possible=True)).simulate(
            own.seed, 0, times, own.days
        )
        for signal in view.may
    }
    baseline = "hold" if "hold" in batches else view.may[0]
    last = batches[baseline].rows["end_day"].astype(np.int64)
    there = (last < 0) | (last >= view.day)  # the same for all: until today all is the same
    n = int(np.count_nonzero(there))
    if n == 0:
        return ()
    found = {
        signal: dict(zip(ENDS, ended(batch)[:, there], strict=True)) for signal, batch in batches.items()
    }
    return tuple(
        Advice(
            signal,
            baseline,
            {end: proportion(int(flags.sum()), n) for end, flags in ends.items()},
            {
                end: paired_proportions(
                    int((flags & ~found[baseline][end]).sum()), int((found[baseline][end] & ~flags).sum()), n
                )
                for end, flags in ends.items()
            },
        )
        for signal, ends in found.items()
    )


def imagined(scenario: Scenario, view: View) -> Scenario:
    """The crisis as the seat knows it: what it saw is scripted, and nothing else; types are those that it believes."""
    sent = {(day.number, act.actor): act.signal for day in view.past for act in day.acts}
    script = [
        {
            "day": day.number,
            "actor": actor,
            "signal": sent.get((day.number, actor), "hold"),
            "if_possible": True,
        }
        for day in view.past
        for actor in scenario.seats
    ]
    later = [entry.model_dump() for entry in scenario.script if entry.day >= view.day]
    return scenario.replace({"script": [*script, *later], **_types(view)})


def _types(view: View) -> dict[str, Any]:
    """The seat's own resolve as it is, its rival's, and how sincere that is, as believed; of a third party, nothing."""
    held = view.belief
    if held is None:
        return {}
    believed = {
        "resolve": min(1.0, max(0.0, held.resolve)),
        "resolve_spread": min(WIDEST, held.resolve_doubt),
        "appetite": held.appetite,
        "appetite_spread": min(WIDEST, held.appetite_doubt),
    }
    known = {"resolve": view.own["resolve"], "resolve_spread": 0.0}
    sincere = {} if view.sincerity is None else {"world.outreach": min(1.0, max(0.0, view.sincerity))}
    return {
        **sincere,
        **{f"actors.{held.rival}.{name}": value for name, value in believed.items()},
        **{f"actors.{view.seat}.{name}": value for name, value in known.items()},
    }
