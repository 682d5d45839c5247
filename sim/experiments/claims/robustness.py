"""Does a difference between arms survive when the numbers that nobody knows are moved within their ranges?

Two kinds of uncertainty are kept apart: what other runs would change (sampling), and what other honest values of
the parameters would change. The second is a spread over draws, with the noise of finite runs taken out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.compute.experiment import Piece
from sim.experiments.design_points import DesignExperiment
from sim.results.observables import SCALE
from sim.scenario.arm_validation import sets
from sim.scenario.lookup import declared_at
from sim.scenario.scenario import Scenario
from sim.schema.claims import Expect
from sim.statistics.random_effects import RandomEffects, Range, deconvolved, inner_variance, random_effects
from sim.statistics.sampling import latin_hypercube

ALWAYS = ("decisive.rate", "decisive.temperature")
"""Moved in every check, with the reluctance of every act of war and the principals' suspicion: they set the level."""


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


def moved(scenario: Scenario) -> dict[str, tuple[float, float]]:
    """Parameters that robustness draws move, each with its low and high, in order of their names.

    All assumptions of the register with a range, but those that an arm sets. Those that set the level of the
    war rate must be among them unless an arm sets them; without a range of its own, such a number is moved by
    half of its value either way.
    """
    ranges = {
        key: (entry.low, entry.high) for key, entry in scenario.assumptions.items() if entry.low < entry.high
    }
    for key in _always(scenario):
        if key not in ranges:
            ranges[key] = _around(scenario, key)
    free = (key for key in sorted(ranges) if not any(sets(arm.set, key) for arm in scenario.arms))
    return {key: ranges[key] for key in free}


def _always(scenario: Scenario) -> Iterator[str]:
    yield from ALWAYS
    yield from (f"signals.{name}.reluctance" for name, signal in scenario.signals.items() if signal.war)
    yield from (f"actors.{name}.suspicion" for name in (scenario.coercer, scenario.target))


def _around(scenario: Scenario, key: str) -> tuple[float, float]:
    """Half of a number's value either way, as far as the schema allows."""
    value, allowed = float(_value(scenario, key)), declared_at(tuple(key.split(".")), scenario.document())
    low, high = value - abs(value) / 2, value + abs(value) / 2
    least = low if allowed.low is None else allowed.low
    most = high if allowed.high is None else allowed.high
    return max(low, least), min(high, most)


def _value(scenario: Scenario, key: str) -> Any:
    at: Any = scenario
    for part in key.split("."):
        at = at[part] if isinstance(at, dict) else getattr(at, part)
    return at


def design(scenario: Scenario, draws: int, runs: int) -> DesignExperiment:
    """The draws of a claim's parameters, each with runs of its own, at which its contrasts are compared."""
    assert scenario.claim
    own, ranges, pairs = scenario.study, moved(scenario), scenario.contrasts
    names = dict.fromkeys(name for pair in pairs for name in pair)
    return DesignExperiment(
        {name: scenario.arm(name) for name in names},
        pairs,
        scenario.claim.primary,
        tuple(ranges),
        latin_hypercube(list(ranges.values()), draws, own.seed),
        runs,
        own.days,
        own.seed,
        fresh=True,
    )


def effects(experiment: DesignExperiment, piece: Piece) -> pd.DataFrame:
    """Every draw's difference and its sampling variance: draw, against, arm, value, variance."""
    return pd.DataFrame(list(_effects(experiment, piece)))


def _effects(experiment: DesignExperiment, piece: Piece) -> Iterator[dict[str, Any]]:
    rounding = 1 / (6 * SCALE**2 * experiment.runs)  # two measures, each rounded to a 256th, in every run
    for draw in range(experiment.units):
        for place, (from_, to) in enumerate(experiment.pairs):
            found = experiment.difference(piece, draw, place)
            yield {
                "draw": draw,
                "against": from_,
                "arm": to,
                "value": found.value,
                "variance": max(inner_variance(found), rounding),
            }


def survival(table: pd.DataFrame, runs: int, expect: Expect) -> Survival:
    """How one contrast fares, from its rows of :func:`effects`."""
    values, variances = table["value"].tolist(), table["variance"].tolist()
    found = random_effects(values, variances, -1 if expect == "lower" else 1)
    low, high = np.quantile(deconvolved(values, variances), [0.05, 0.95])
    return Survival(len(table), runs, expect != "none", found, (float(low), float(high)), not any(values))


def robustness(survived: Survival) -> dict[str, Any]:
    """A contrast's robustness as plain numbers: mean effect (sampling interval), tau (between draws), share."""
    found, share = survived.effects, survived.share
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
        "share": share.value if survived.expects else None,
        "share_low": share.low if survived.expects else None,
        "share_high": share.high if survived.expects else None,
        "share_counted": found.counted.rate if survived.expects else None,
        "share_if_normal": found.share.value if survived.expects else None,
    }
