"""What is observed of a run and of its clear-sighted twin, as whole numbers that add up in any order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.tally import Batch
from sim.scenario.outcome_words import outcome_words
from sim.scenario.scenario import Scenario
from sim.schema.claims import NAMES, Observable
from sim.schema.outcomes import WARS, Outcome

SCALE = 256
"""A measure x is counted as the whole number nearest to 256 x."""


Observed = dict[Observable, NDArray[np.int64]]


@dataclass(frozen=True)
class About:
    """An observable for people. A share is 0 or 1 of each run; a measure is counted in 256ths of its unit."""

    title: str
    definition: str
    unit: str = ""
    share: bool = True
    twin: bool = False

    @property
    def scale(self) -> int:
        """What a count is divided by to give the quantity."""
        return 1 if self.share else SCALE


FROM_TWINS: Mapping[Observable, About] = {
    "miscalculated": About("miscalculated war", "war in the run, none in its clear-sighted twin", twin=True),
    "prevented": About("war prevented by fog", "war in the clear-sighted twin, none in the run", twin=True),
    "missed_exit": About("missed exit", "exit in the clear-sighted twin, none in the run", twin=True),
    "false_exit": About("false exit", "exit in the run, none in its clear-sighted twin", twin=True),
    "wrong_exit": About("missed or false exit", "exit in the run or in its twin, not in both", twin=True),
}

MEASURES: Mapping[Observable, About] = {
    "deaths": About("deaths", "killed from day 0 to the end of the run", "deaths", share=False),
    "hardship": About("hardship", "added to civilians' hardship from day 0 to the end", "index", share=False),
    "days": About("days at risk", "days played until the end or the horizon", "days", share=False),
    "peak_level": About("peak level", "highest level that was read", "rungs", share=False),
    "belief_error": About(
        "belief error",
        "size of the error about the rival's resolve at the end, mean of both principals",
        "resolve",
        share=False,
    ),
}


def abouts(scenario: Scenario | None = None) -> dict[Observable, About]:
    """All observables by name; in the words of a scenario, if one is given."""
    words = outcome_words(scenario)
    ends: dict[Observable, About] = {
        name: About(words[name].title, words[name].definition) for name in NAMES if name in words
    }
    found = ends | dict(FROM_TWINS) | dict(MEASURES)
    return {name: found[name] for name in NAMES}


OBSERVED: Mapping[Observable, About] = abouts()


def observed(scenario: Scenario, batch: Batch, twin: Batch | None = None) -> Observed:
    """Every observable of the runs of a batch: by name, a whole number a run (int64).

    Shares are 0 or 1, measures in 256ths. ``twin`` is the batch of the same runs of the clear-sighted twin
    (:func:`sim.scenario.counterfactual.clear_sighted`); without it, what rests on twins is left out.
    Raises ValueError if the two are not of the same runs.
    """
    rows: dict[str, NDArray[Any]] = dict(batch.rows)
    days = len(batch.tally.ongoing)
    outcome = rows["outcome"]
    shares: dict[Observable, NDArray[Any]] = {"war": _war(batch), "limited_force": rows["limited_force"]}
    for each in Outcome:
        shares[each.name] = outcome == each  # type: ignore[index]
    if twin is not None:
        if (twin.first, twin.count) != (batch.first, batch.count):
            raise ValueError("a batch and its twin must be of the same runs")
        shares |= _beside(batch, twin)
    end_day = rows["end_day"].astype(np.int64)
    errors = np.abs(rows["error_coercer"]) + np.abs(rows["error_target"])
    measures: dict[Observable, NDArray[Any]] = {
        "deaths": rows["deaths"] - scenario.world.deaths,
        "hardship": rows["hardship"] - scenario.world.hardship,
        "days": np.where(end_day < 0, days, end_day + 1),
        "peak_level": rows["peak_level"],
        "belief_error": errors / 2,
    }
    found = {name: values.astype(np.int64) for name, values in shares.items()}
    found |= {name: np.rint(SCALE * values).astype(np.int64) for name, values in measures.items()}
    return {name: found[name] for name in NAMES if name in found}


def _beside(batch: Batch, twin: Batch) -> dict[Observable, NDArray[np.bool_]]:
    war, true_war = _war(batch), _war(twin)
    exited, true_exit = (each.rows["outcome"] == Outcome.exit for each in (batch, twin))
    return {
        "miscalculated": war & ~true_war,
        "prevented": ~war & true_war,
        "missed_exit": ~exited & true_exit,
        "false_exit": exited & ~true_exit,
        "wrong_exit": exited != true_exit,
    }


def _war(batch: Batch) -> NDArray[np.bool_]:
    return np.isin(batch.rows["outcome"], [int(each) for each in WARS])
