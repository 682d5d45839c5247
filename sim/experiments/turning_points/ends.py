"""What a crisis came to, as yes or no for each play."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engines.tally import Batch
from sim.results.observables import OBSERVED
from sim.results.study import ends_of
from sim.schema import claims
from sim.schema.outcomes import HEADLINES, Outcome

Flags = NDArray[np.bool_]

ENDS = {name: [int(Outcome[end]) for end in ends_of(name)] for name in HEADLINES}
"""Ends before the horizon, and the outcomes that count as each."""

WAR = list(ENDS).index("war")

COMPARED = {name: OBSERVED[name].title for name in claims.COMPARED}
"""What is compared between plays, in words; miscalculated is a war that does not come where all see clearly."""


def ended(batch: Batch) -> Flags:
    """Whether each play came to each of ENDS: (ends, plays)."""
    outcome = batch.rows["outcome"]
    return np.array([np.isin(outcome, codes) for codes in ENDS.values()])


def compared(batch: Batch, twin: Batch) -> Flags:
    """Whether each play came to each of COMPARED: (COMPARED, plays); ``twin`` is the same plays seeing clearly."""
    found = dict(zip(ENDS, ended(batch), strict=True))
    found["miscalculated"] = found["war"] & ~ended(twin)[WAR]
    return np.array([found[name] for name in COMPARED])


def end_of(outcome: Outcome) -> str | None:
    """Which of ENDS an outcome counts as; None for those of the horizon."""
    return next((name for name, codes in ENDS.items() if outcome in codes), None)
