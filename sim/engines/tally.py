"""What a batch of runs leaves behind: a row a run, and whole-number counts by day that add up in any order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.rules.measure import ERROR_BINS, LEVEL_BINS
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import Outcome

if TYPE_CHECKING:
    import pandas as pd

Counts = NDArray[np.int64]

SHARED = (
    "contact",
    "framework",
    "sanctions",
    "opposition",
    "backing",
    "support",
    "access",
    "mediation",
    "guarantee",
    "asylum",
    "hardship",
    "deaths",
    "tempo",
    "tension",
    "demand",
    "tender",
)
OWN = ("resolve", "posture", "commitment", "credibility", "mood", "fatigue", "fear", "belief")
QUANTITIES = (*SHARED, *(f"{name}.{role}" for role in ("coercer", "target") for name in OWN))
"""Quantities whose mean is kept for every day, in the order of :attr:`Tally.sums`."""

ROW_TYPES = {
    "outcome": np.int8,
    "end_day": np.int16,
    "ended_by": np.int8,
    "limited_force": np.bool_,
    "calls": np.int16,
    "offers": np.int16,
    "ultimatums": np.int16,
    "strikes": np.int16,
    "incidents": np.int16,
    "peak_level": np.float64,
    "deaths": np.float64,
    "hardship": np.float64,
    "resolve_coercer": np.float64,
    "resolve_target": np.float64,
    "error_coercer": np.float64,
    "error_target": np.float64,
    "hazard": np.float64,
    "share": np.float64,
}
"""Columns of the row a run; outcome is a code, end_day -1 at the horizon, ended_by a place in seat order or -1.

hazard is the sum of the exact one-day chances of war over the days played: its mean over runs is P(war).
share is what the coercer gets of what was at stake, by a settlement; 0 without one.
"""

Rows = dict[str, NDArray[np.generic]]


@dataclass(frozen=True)
class Tally:
    """Counts by day over all runs of a batch.

    ongoing: (days,) runs that were still going at the start of the day
    level:   (days, 1001) of those, how many read each level at the end of the day
    error:   (2, days, 301) of those, how many coercers and targets were how far off about their rival
    ended:   (days, 8) runs that ended on the day, by outcome (a standoff is no end)
    signals: (days, actors in seat order, signals in ladder order) sent
    sums:    (days, quantities) sums in 65536ths over the runs still going
    """

    ongoing: Counts
    level: Counts
    error: Counts
    ended: Counts
    signals: Counts
    sums: Counts

    @classmethod
    def empty(cls, scenario: Scenario, days: int) -> Tally:
        """A tally of no runs."""
        shapes = {
            "ongoing": (days,),
            "level": (days, LEVEL_BINS),
            "error": (2, days, ERROR_BINS),
            "ended": (days, len(Outcome)),
            "signals": (days, len(scenario.actors), len(scenario.signals)),
            "sums": (days, len(QUANTITIES)),
        }
        return cls(**{name: np.zeros(shape, np.int64) for name, shape in shapes.items()})

    def plus(self, other: Tally) -> Tally:
        """The counts of both."""
        return Tally(**{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)})


@dataclass(frozen=True)
class Batch:
    """Runs ``first`` to ``first + count - 1`` of a study."""

    first: int
    count: int
    rows: Rows
    tally: Tally


def empty_rows(count: int) -> Rows:
    """Rows of ``count`` runs, to be filled in."""
    return {name: np.zeros(count, kind) for name, kind in ROW_TYPES.items()}


def joined(batches: Iterable[Batch]) -> Batch:
    """Consecutive batches as one. Each tally is added and let go, so memory grows with the rows only."""
    tally: Tally | None = None
    rows: list[Rows] = []
    first = count = 0
    for batch in batches:
        first = batch.first if tally is None else first
        count += batch.count
        rows.append(batch.rows)
        tally = batch.tally if tally is None else tally.plus(batch.tally)
    assert tally is not None
    return Batch(
        first, count, {name: np.concatenate([part[name] for part in rows]) for name in ROW_TYPES}, tally
    )


def sampled(levels: NDArray[np.float64]) -> pd.DataFrame:
    """Levels (runs, days) as a table of run, day and level."""
    import pandas as pd  # here, since workers do without

    runs, days = levels.shape
    return pd.DataFrame(
        {
            "run": np.repeat(np.arange(runs, dtype=np.int64), days),
            "day": np.tile(np.arange(days, dtype=np.int16), runs),
            "level": levels.ravel(),
        }
    )
