"""What a crisis came to, as yes or no for each play."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engines.tally import Batch
from sim.schema.outcomes import WARS, Outcome

Flags = NDArray[np.bool_]

ENDS = {
    "war": [int(outcome) for outcome in WARS],
    "exit": [int(Outcome.exit)],
    "settlement": [int(Outcome.settlement)],
}
"""Ends before the horizon, and the outcomes that count as each."""

WAR = list(ENDS).index("war")

COMPARED = {"war": "war", "miscalculated": "miscalculated war", "exit": "exit", "settlement": "settlement"}
"""What is compared between plays, in words; miscalculated is a war that does not come where all see clearly."""


def ended(batch: Batch) -> Flags:
    """Whether each play came to each of ENDS: (ends, plays)."""
    outcome = batch.rows["outcome"]
    return np.array([np.isin(outcome, codes) for codes in ENDS.values()])


def compared(batch: Batch, twin: Batch) -> Flags:
    """Whether each play came to each of COMPARED: (4, plays); ``twin`` is the same plays seeing clearly."""
    (war, *others), twin_war = ended(batch), ended(twin)[WAR]
    return np.array([war, war & ~twin_war, *others])


def end_of(outcome: Outcome) -> str | None:
    """Which of ENDS an outcome counts as; None for those of the horizon."""
    return next((name for name, codes in ENDS.items() if outcome in codes), None)
