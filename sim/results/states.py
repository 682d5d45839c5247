"""Where runs are at the end of each day, each in exactly one state, from the counts by day alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engines.tally import Tally
from sim.rules.end import LEVEL_OF_PEACE, LEVEL_OF_WAR
from sim.rules.measure import level_bin
from sim.schema.outcomes import ENDS, KINDS, WAR_NAMES, WARS, Outcome
from sim.schema.stands import STAND_NAMES, STANDS

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

PEACE = tuple(kind.name for kind in KINDS if kind.code in ENDS and not kind.is_war)
STATES = (*PEACE, *STAND_NAMES, *WAR_NAMES)
"""Every state, in the order of a stack: ends without war, runs still going from quiet to grave, wars by kind."""


def states(tally: Tally) -> Counts:
    """(days, states) How many runs are in each of STATES at the end of each day; every row adds up to all runs."""
    ended = tally.ended.cumsum(axis=0)
    edges = [level_bin(stand.most) + 1 for stand in STANDS]
    below = still_going(tally).cumsum(axis=1)[:, np.array(edges) - 1]
    by_name = {name: ended[:, Outcome[name]] for name in (*PEACE, *WAR_NAMES)}
    by_name |= dict(zip(STAND_NAMES, np.diff(below, axis=1, prepend=0).T, strict=True))
    return np.stack([by_name[name] for name in STATES], axis=1)


def still_going(tally: Tally) -> Counts:
    """(days, level bins) Of the runs still going at the end of each day, how many are at each level."""
    wars = [int(outcome) for outcome in WARS]
    peace = [int(outcome) for outcome in ENDS if outcome not in WARS]
    going = tally.level.copy()  # which has the runs that ended on the day, too
    going[:, level_bin(LEVEL_OF_WAR)] -= tally.ended[:, wars].sum(axis=1)
    going[:, level_bin(LEVEL_OF_PEACE)] -= tally.ended[:, peace].sum(axis=1)
    return going


def quantile(counts: Counts, values: Floats, share: float) -> Floats:
    """(days,) Of histograms (days, bins) over ``values``: the least value that enough do not exceed; NaN where none is."""
    n = counts.sum(axis=1)
    enough = np.maximum(1, np.ceil(share * n - 1e-9))
    place = (counts.cumsum(axis=1) >= enough[:, None]).argmax(axis=1)
    return np.where(n > 0, values[place], np.nan)
