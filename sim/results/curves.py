"""Curves by day, from a tally: tidy tables of day, quantity, statistic, value and n."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.engines.tally import QUANTITIES, Tally
from sim.rules.end import LEVEL_OF_PEACE, LEVEL_OF_WAR
from sim.rules.measure import ERROR_BINS, ERROR_MOST, FIXED_POINT, LEVEL_BINS, level_bin
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import ENDS, WARS

QUANTILES = {"q05": 0.05, "q20": 0.2, "q35": 0.35, "q50": 0.5, "q65": 0.65, "q80": 0.8, "q95": 0.95}
Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


def curves(tally: Tally, runs: int) -> pd.DataFrame:
    """All curves of a study.

    ``level`` and ``state`` are over all runs (a run that has ended reads 10 after a war, else 0); the others
    over the runs still going on the day, whose number is n. Levels and errors are counted in steps of 0.01,
    so their means and quantiles are exact to that.
    """
    ended = tally.ended.cumsum(axis=0)
    going = tally.ongoing
    tables = [*_levels(tally, ended, runs), *_states(ended, runs)]
    for place, role in enumerate(("coercer", "target")):
        tables += _errors(tally.error[place], going, f"belief_error.{role}")
    for place, quantity in enumerate(QUANTITIES):
        mean = tally.sums[:, place] / FIXED_POINT / np.maximum(going, 1)
        tables.append(_table(quantity, "mean", mean, going))
    found = pd.concat(tables, ignore_index=True)
    return found[found["n"] > 0].reset_index(drop=True)


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


def _table(quantity: str, statistic: str, values: Floats, n: Counts) -> pd.DataFrame:
    day = np.arange(len(values), dtype=np.int16)
    return pd.DataFrame({"day": day, "quantity": quantity, "statistic": statistic, "value": values, "n": n})


def _levels(tally: Tally, ended: Counts, runs: int) -> list[pd.DataFrame]:
    before = ended - tally.ended
    wars = [int(outcome) for outcome in WARS]
    peace = [int(outcome) for outcome in ENDS if outcome not in WARS]
    counts = tally.level.copy()
    counts[:, level_bin(LEVEL_OF_WAR)] += before[:, wars].sum(axis=1)
    counts[:, level_bin(LEVEL_OF_PEACE)] += before[:, peace].sum(axis=1)
    n = np.full(len(counts), runs, dtype=np.int64)
    return _spread("level", counts, np.arange(LEVEL_BINS, dtype=np.float64) / 100.0, n)


def _states(ended: Counts, runs: int) -> list[pd.DataFrame]:
    n = np.full(len(ended), runs, dtype=np.int64)
    ongoing = (runs - ended.sum(axis=1)) / runs
    return [_table("state", "ongoing", ongoing, n)] + [
        _table("state", outcome.name, ended[:, int(outcome)] / runs, n) for outcome in ENDS
    ]


def _errors(counts: Counts, going: Counts, quantity: str) -> list[pd.DataFrame]:
    values = (np.arange(ERROR_BINS, dtype=np.float64) - ERROR_MOST * 100.0) / 100.0
    absolute = counts @ np.abs(values) / np.maximum(going, 1)
    return [*_spread(quantity, counts, values, going), _table(quantity, "absolute", absolute, going)]


def _spread(quantity: str, counts: Counts, values: Floats, n: Counts) -> list[pd.DataFrame]:
    """Mean and quantiles of a histogram a day. A quantile is the least value that enough runs do not exceed."""
    mean = counts @ values / np.maximum(n, 1)
    below = counts.cumsum(axis=1)
    tables = [_table(quantity, "mean", mean, n)]
    for name, share in QUANTILES.items():
        place = (below >= np.maximum(1, np.ceil(share * n - 1e-9))[:, None]).argmax(axis=1)
        tables.append(_table(quantity, name, values[place], n))
    return tables
