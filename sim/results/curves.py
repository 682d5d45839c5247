"""Curves by day, from a tally: tidy tables of day, quantity, statistic, value and n."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.engines.tally import QUANTITIES, Tally
from sim.results.states import STATES, quantile, states, still_going
from sim.rules.end import LEVEL_OF_PEACE, LEVEL_OF_WAR
from sim.rules.measure import ERROR_BINS, ERROR_MOST, FIXED_POINT, LEVEL_BINS, level_bin
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import ENDS, WARS
from sim.schema.stands import STAND_NAMES
from sim.statistics.differences import Difference, independent, paired_proportions
from sim.statistics.proportions import Estimate, proportion

LEVELS = np.arange(LEVEL_BINS, dtype=np.float64) / 100.0
QUANTILES = {"q05": 0.05, "q20": 0.2, "q35": 0.35, "q50": 0.5, "q65": 0.65, "q80": 0.8, "q95": 0.95}
Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


Curve = tuple[str, str, Floats, Counts]
"""Quantity, statistic, and an element a day: values, and how many runs they are of."""


def curves(tally: Tally, runs: int) -> pd.DataFrame:
    """All curves of a study.

    ``level``, ``state`` and ``stand`` are over all runs (a run that has ended reads level 10 after a war, else 0),
    ``level_going`` over the runs still going at the end of the day, the others over those going at its start: n is
    their number. Levels and errors are counted in steps of 0.01, so their means and quantiles are exact to that.
    """
    ended, going = tally.ended.cumsum(axis=0), tally.ongoing
    found = [*_levels(tally, ended, runs), *_states(ended, runs), *_stands(tally, runs)]
    for place, role in enumerate(("coercer", "target")):
        found += _errors(tally.error[place], going, f"belief_error.{role}")
    for place, quantity in enumerate(QUANTITIES):
        found.append((quantity, "mean", tally.sums[:, place] / FIXED_POINT / np.maximum(going, 1), going))
    return in_rows(found)


def in_rows(found: list[Curve]) -> pd.DataFrame:
    """Curves as a tidy table, without the days on which they are of no run."""
    quantities, statistics, values, n = zip(*found, strict=True)
    days = len(n[0])
    table = pd.DataFrame(
        {
            "day": np.tile(np.arange(days, dtype=np.int16), len(found)),
            "quantity": np.repeat(np.array(quantities, dtype=object), days),
            "statistic": np.repeat(np.array(statistics, dtype=object), days),
            "value": np.concatenate(values).astype(np.float64),
            "n": np.concatenate(n).astype(np.int64),
        }
    )
    return table[table["n"] > 0].reset_index(drop=True)


def war_share(wars: Counts, runs: int) -> list[Curve]:
    """The share of runs that have come to war by the end of each day, with its interval; ``wars`` is how many have."""
    return _intervals("war_share", [proportion(int(count), runs) for count in wars], runs)


def war_difference(gained: Counts, lost: Counts, runs: int) -> list[Curve]:
    """How much more of the same runs have come to war by the end of each day, from those gained and lost, with its interval."""
    each = [paired_proportions(int(more), int(fewer), runs) for more, fewer in zip(gained, lost, strict=True)]
    return _intervals("war_difference", each, runs)


def independent_difference(wars: Counts, base: Counts, runs: int, base_runs: int) -> list[Curve]:
    """As :func:`war_difference`, of runs that share no luck, from how many of each have come to war by day."""
    each = [independent(int(a), runs, int(b), base_runs) for a, b in zip(wars, base, strict=True)]
    return _intervals("war_difference", each, min(runs, base_runs))


def _intervals(quantity: str, each: Sequence[Estimate | Difference], runs: int) -> list[Curve]:
    n = np.full(len(each), runs, dtype=np.int64)
    named = {"mean": "rate" if isinstance(each[0], Estimate) else "value", "low": "low", "high": "high"}
    return [
        (quantity, statistic, np.array([getattr(one, field) for one in each]), n)
        for statistic, field in named.items()
    ]


def signals(tally: Tally, scenario: Scenario) -> pd.DataFrame:
    """Who sent what when: day, actor, signal and count over all runs, where the count is not 0."""
    day, actor, signal = np.nonzero(tally.signals)
    return pd.DataFrame(
        {
            "day": day.astype(np.int16),
            "actor": np.array(scenario.seats, dtype=object)[actor],
            "signal": np.array(scenario.ladder, dtype=object)[signal],
            "count": tally.signals[day, actor, signal],
        }
    )


def _levels(tally: Tally, ended: Counts, runs: int) -> list[Curve]:
    before = ended - tally.ended
    wars = [int(outcome) for outcome in WARS]
    peace = [int(outcome) for outcome in ENDS if outcome not in WARS]
    counts = tally.level.copy()
    counts[:, level_bin(LEVEL_OF_WAR)] += before[:, wars].sum(axis=1)
    counts[:, level_bin(LEVEL_OF_PEACE)] += before[:, peace].sum(axis=1)
    n = np.full(len(counts), runs, dtype=np.int64)
    return _spread("level", counts, LEVELS, n)


def _states(ended: Counts, runs: int) -> list[Curve]:
    n = np.full(len(ended), runs, dtype=np.int64)
    ongoing = (runs - ended.sum(axis=1)) / runs
    return [("state", "ongoing", ongoing, n)] + [
        ("state", outcome.name, ended[:, int(outcome)] / runs, n) for outcome in ENDS
    ]


def _stands(tally: Tally, runs: int) -> list[Curve]:
    """Shares of all runs that are still going, by where they stand, and the level of those."""
    where, going = states(tally) / runs, still_going(tally)
    n = np.full(len(where), runs, dtype=np.int64)
    shares = [("stand", name, where[:, STATES.index(name)], n) for name in STAND_NAMES]
    return [*shares, *_spread("level_going", going, LEVELS, going.sum(axis=1))]


def _errors(counts: Counts, going: Counts, quantity: str) -> list[Curve]:
    values = (np.arange(ERROR_BINS, dtype=np.float64) - ERROR_MOST * 100.0) / 100.0
    absolute = counts @ np.abs(values) / np.maximum(going, 1)
    return [*_spread(quantity, counts, values, going), (quantity, "absolute", absolute, going)]


def _spread(quantity: str, counts: Counts, values: Floats, n: Counts) -> list[Curve]:
    """Mean and quantiles of a histogram a day. A quantile is the least value that enough runs do not exceed."""
    mean = counts @ values / np.maximum(n, 1)
    quantiles = [(quantity, name, quantile(counts, values, share), n) for name, share in QUANTILES.items()]
    return [(quantity, "mean", mean, n), *quantiles]
