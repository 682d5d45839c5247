"""Does a difference between arms survive when the numbers that nobody knows are moved within their ranges?

Two kinds of uncertainty are kept apart: what other runs would change (sampling), and what other honest values of
the parameters would change. The second is a spread over draws, with the noise of finite runs taken out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from sim.schema.claims import Expect
from sim.statistics.random_effects import RandomEffects, Range, deconvolved, random_effects


@dataclass(frozen=True)
class Survival:
    """How one contrast fares over ``draws`` of the parameters, with ``runs`` of each arm in each.

    effects: in the unit of the observable; their signs are told against the claim's expectation, if it has one
    middle:  5 and 95 % quantiles over draws, the noise of finite runs taken out
    unchanged: whether no run differed in any draw
    """

    draws: int
    runs: int
    expects: bool
    effects: RandomEffects
    middle: tuple[float, float]
    unchanged: bool

    @property
    def share(self) -> Range:
        """The share of draws whose true effect has the expected sign, with its interval.

        Counted, without a shape assumed, where draws surely differ; else (the interval of τ holds 0, and a
        count would be all or nothing) that of normal effects, whose interval knows how badly the mean is known.
        """
        counted = self.effects.counted
        sure = self.effects.tau.low > 0
        return Range(counted.rate, counted.low, counted.high) if sure else self.effects.share


def survival(table: pd.DataFrame, runs: int, expect: Expect) -> Survival:
    """How one contrast fares, from its rows of the table "effects"."""
    return _survival(tuple(table["value"].tolist()), tuple(table["variance"].tolist()), runs, expect)


@cache  # a page, a table and a figure ask for the same
def _survival(values: tuple[float, ...], variances: tuple[float, ...], runs: int, expect: Expect) -> Survival:
    found = random_effects(values, variances, -1 if expect == "lower" else 1)
    low, high = np.quantile(deconvolved(values, variances), [0.05, 0.95])
    return Survival(len(values), runs, expect != "none", found, (float(low), float(high)), not any(values))


def robustness(survived: Survival) -> dict[str, Any]:
    """A contrast's robustness as plain numbers: mean effect (sampling interval), tau (between draws), share."""
    found, share = survived.effects, survived.share
    shares = {
        "share": share.value,
        "share_low": share.low,
        "share_high": share.high,
        "share_counted": found.counted.rate,
        "share_if_normal": found.share.value,
    }
    return {
        "draws": survived.draws,
        "runs": survived.runs,
        "mean": found.mean.value,
        "mean_low": found.mean.low,
        "mean_high": found.mean.high,
        "tau": found.tau.value,
        "tau_low": found.tau.low,
        "tau_high": found.tau.high,
        "q05": survived.middle[0],
        "q95": survived.middle[1],
        "inner": found.inner,
        **(shares if survived.expects else dict.fromkeys(shares)),
    }
