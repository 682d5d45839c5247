"""What is computed of a claim: its arms, their contrast along a sweep, and all contrasts at draws of uncertain numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.errors import ScenarioError
from sim.experiments.arms.counts import Pair
from sim.experiments.design_experiment import PairedScenarios, singles
from sim.scenario.arm_validation import sets
from sim.scenario.lookup import declared_at
from sim.scenario.scenario import Scenario
from sim.schema.claims import Claim
from sim.statistics.sampling import latin_hypercube

ALWAYS = ("decisive.rate", "decisive.temperature")
"""Moved in every check, with the reluctance of every act of war and the principals' suspicion: they set the level."""


def claim_of(scenario: Scenario) -> Claim:
    """The claim of a scenario. Raises ScenarioError if it makes none."""
    if scenario.claim is None:
        raise ScenarioError([f"{scenario.name}: makes no claim; give it a table [claim], and [[arms]]"])
    return scenario.claim


def swept(scenario: Scenario) -> PairedScenarios | None:
    """The first contrast at the values of the claim's sweep, all with the same runs; None without a sweep."""
    sweep = claim_of(scenario).sweep
    if sweep is None:
        return None
    points = tuple((value,) * len(sweep.keys) for value in sweep.values)
    pairs, runs = scenario.contrasts[:1], scenario.study.runs
    return contrasts_at(scenario, pairs, sweep.keys, points, runs, fresh=False)


def design(scenario: Scenario, draws: int, runs: int) -> PairedScenarios:
    """The draws of a claim's parameters, each with runs of its own, at which its contrasts are compared."""
    ranges = moved(scenario)
    points = latin_hypercube(list(ranges.values()), draws, scenario.study.seed)
    return contrasts_at(scenario, scenario.contrasts, tuple(ranges), points, runs, fresh=True)


def contrasts_at(
    scenario: Scenario,
    pairs: tuple[Pair, ...],
    keys: tuple[str, ...],
    points: tuple[tuple[float, ...], ...],
    runs: int,
    fresh: bool,
) -> PairedScenarios:
    """Contrasts of a claim at points over some numbers; ``fresh``: each point has runs of its own."""
    own, names = scenario.study, dict.fromkeys(name for pair in pairs for name in pair)
    arms = {name: scenario.arm(name) for name in names}
    primary = (claim_of(scenario).primary,)
    return PairedScenarios(arms, singles(keys, points), primary, runs, own.days, own.seed, fresh, pairs)


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
