"""The two plain Mesa versions are one model: fed the same luck they go through the same states."""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from sim.scenario.files import load
from sim.scenario.scenario import Scenario
from tests.bench import idiomatic, tuned
from tests.bench.contest import Turns, difference, disagreements
from tests.bench.entrants import SCENARIO
from tests.bench.growth import crowded, fitted

SWITCHES = ("framework", "rhetoric", "strikes", "opacity", "suspicion")


class SameLuck:
    """Stands in for both kinds of generator; hands out one fixed series of normals."""

    def __init__(self, seed: int) -> None:
        self._normals = random.Random(seed)
        self._uniforms = random.Random(seed + 1)
        self.bit_generator = np.random.default_rng(0).bit_generator  # Mesa notes its state

    def normal(self) -> float:
        return self._normals.gauss(0.0, 1.0)

    def gauss(self, mean: float, spread: float) -> float:
        return mean + spread * self._normals.gauss(0.0, 1.0)

    def random(self) -> float:
        return self._uniforms.random()

    def choice(self, count: int, p: Any) -> int:
        return 0


def pair(scenario: Scenario, seed: int) -> tuple[Any, Any]:
    """One crisis in each version, with normals from equal series and deaths that are not drawn."""
    luck = [SameLuck(seed), SameLuck(seed)]

    class First(idiomatic.Crisis):
        def __init__(self) -> None:
            super().__init__(scenario, days=10_000, rng=0)

        def killed(self, act: Any) -> float:
            return float(act.deaths)

        rng: Any = property(lambda self: luck[0], lambda self, value: None)

    class Second(tuned.Crisis):
        def __init__(self) -> None:
            super().__init__(tuned.Tables(scenario), days=10_000, seed=0)

        def killed(self, act: Any) -> Any:
            return act.deaths

        random: Any = property(lambda self: luck[1], lambda self, value: None)

    return First(), Second()


def actors(model: Any) -> list[Any]:
    """Principals first, then third parties."""
    return [model.coercer, model.target, *model.third_parties]


def play_together(scenario: Scenario, seed: int, days: int) -> Iterator[tuple[Any, Any]]:
    """Both versions after each day, with acts and chance forced to be the same in both.

    Signals are drawn evenly from those whose needs are met, so that rare states are visited too.
    """
    first, second = pair(scenario, seed)
    choices = random.Random(seed)
    for _ in range(days):
        for one, other in zip(actors(first), actors(second), strict=True):
            force(one, other, choices)
        first.act()
        second.apply()
        first.incident = second.incident = choices.random() < 0.2
        for step in ("perceive", "dread", "adjust"):
            for model in (first, second):
                getattr(model.coercer, step)()
                getattr(model.target, step)()
        yield first, second


def force(one: Any, other: Any, choices: random.Random) -> None:
    """Let two forms of an actor send the same signal, after comparing all that they weighed."""
    drawn = [weighed(one), weighed(other)]
    assert drawn[0] == pytest.approx(drawn[1], abs=1e-12)
    index = choices.choice([i for i, u in enumerate(drawn[1]) if u > -math.inf])
    one.sent, one.act = index, one.signals[index]
    other.sent, other.act = index, other.acts[index]
    if isinstance(one, idiomatic.Principal):
        assert one.told.tolist() == pytest.approx(other.told, abs=1e-12)
        assert np.ravel(one.wars).tolist() == pytest.approx(np.ravel(other.wars).tolist(), abs=1e-12)
        for signal, act in zip(one.decisive, other.decisive, strict=True):
            assert one.worth(signal)[0] == pytest.approx(other.worth(act)[0], abs=1e-12)
        assert one.going_on() == pytest.approx(other.going_on(), abs=1e-12)


def weighed(actor: Any) -> list[float]:
    """Utilities as an actor weighs them this morning; what it then draws is not carried out."""
    actor.choose()
    return [float(u) for u in actor.utility]


ODD = {
    "world.outreach": 0.8,
    "fog.rhetoric": 0.5,
    "fog.uncertainty": 0.6,
    "actors.washington.fog.framework": 0.0,
    "actors.caracas.suspicion": -0.2,
    "actors.caracas.forbid": ["concede"],
    "actors.caracas.capability": 1.3,
    "actors.bogota.stance": 0.5,
    "signals.sanction.framework": -0.05,
    "signals.appeal.support": 0.1,
    "signals.condemn.backing": 0.1,
    "signals.threaten.sided": True,
    "kept.sanctions": 0.95,
    "clocks.offer": 5,
    "coefficients.coercer.felt_force": 0.4,
    "coefficients.coercer.risk_ultimatum": 0.2,
    "coefficients.target.scrutiny": 0.1,
    "coefficients.target.lock_in": 0.5,
    "coefficients.target.called_cost": 0.1,
}
CLEAR = {f"fog.{switch}": 0.0 for switch in (*SWITCHES, "uncertainty")}
UNFOGGED = {f"fog.{switch}": 0.0 for switch in SWITCHES}
SHORT = {"clocks.ultimatum": 2, "clocks.called": 3}  # so that they lapse at times
CHANGES = {"as it is": {}, "odd": ODD, "clear": CLEAR, "unfogged": UNFOGGED}
PRINCIPAL = (
    "resolve", "appetite", "belief", "variance", "appetite_belief", "appetite_variance", "mood", "fear", "fatigue",
    "credibility", "precedent", "inconsistency", "tone",
)  # fmt: skip


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_both_plain_versions_go_through_the_same_states(changes: dict[str, Any]) -> None:
    scenario = load(SCENARIO).replace(SHORT | changes)
    lapses = calls = 0
    for first, second in play_together(scenario, seed=3, days=400):
        assert [first.world[q] for q in tuned.WORLD] == pytest.approx(second.world, abs=1e-9)
        assert (first.lapsed, first.spoke) == (second.lapsed, second.spoke)
        for one, other in zip(actors(first)[:2], actors(second)[:2], strict=True):
            for name in PRINCIPAL:
                assert getattr(one, name) == pytest.approx(getattr(other, name), abs=1e-9), name
            assert (one.posture, one.commitment) == pytest.approx(tuple(other.own), abs=1e-9)
        for one, other in zip(first.third_parties, second.third_parties, strict=True):
            assert one.stance == pytest.approx(other.stance, abs=1e-9)
        lapses += first.lapsed
        calls += first.world["called"] > 0
    assert lapses > 0
    assert calls > 0


def test_a_run_ends_at_its_horizon_or_before() -> None:
    versions: tuple[Any, ...] = (idiomatic.IdiomaticCrisis, tuned.TunedCrisis)
    for version, seed in itertools.product(versions, range(5)):
        crisis = version(SCENARIO, 30, seed)
        crisis.run_model()
        assert crisis.outcome
        assert crisis.steps <= 30
        assert (crisis.outcome == "standoff") <= (crisis.steps == 30)


def test_sixty_of_a_hundred_differ_from_forty_by_the_textbook_z() -> None:
    # z = 0.2 / sqrt(0.5 · 0.5 · 2/100) = 2.828
    assert difference(60, 100, 40, 100) == pytest.approx(2.8284271)


def test_versions_with_other_rates_are_no_comparison() -> None:
    def turns(wars: int) -> Turns:
        return Turns(1000, Counter(war=wars, raid=wars, standoff=1000 - wars), 1.0, 1.0)

    assert disagreements({"batch": turns(200), "tuned": turns(210)}) == []
    found = disagreements({"batch": turns(200), "tuned": turns(300)})
    assert [line.partition(":")[0] for line in found] == ["war", "raid", "standoff"]


def test_a_power_law_is_fitted_exactly() -> None:
    assert fitted((1, 2, 4, 8), (3.0, 6.0, 12.0, 24.0)) == pytest.approx(1.0)


def test_a_crowd_has_as_many_actors_as_asked() -> None:
    scenario = load(SCENARIO)
    assert [len(crowded(scenario, n).seats) for n in (2, 5, 16)] == [2, 5, 16]
