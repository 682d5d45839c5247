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

WORLD = tuned.WORLD[: tuned.OFFER]


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
    for day in range(days):
        for one, other in zip(actors(first), actors(second), strict=True):
            force(one, other, choices)
        for model in (first, second):
            model.day = day
        first.act()
        second.apply()
        incident, leaked = choices.random() < 0.2, choices.random() < 0.5
        for model, sent in (
            (first, first.coercer.act.class_),
            (second, tuned.CLASSES[second.coercer.act.channel]),
        ):
            model.incident, model.leaked = incident, leaked and sent == "private"
        first.agents.do("perceive")
        second.coercer.read(second.target.act.channel, second.target.act.hostility, True)
        second.target.read(second.coercer.act.channel, second.coercer.act.hostility, True)
        second.overhear()
        for model in (first, second):
            model.coercer.adjust()
            model.target.adjust()
        yield first, second


def force(one: Any, other: Any, choices: random.Random) -> None:
    """Let two forms of an actor send the same signal, after comparing all their utilities."""
    ours = one.allowed_utilities()
    theirs = weighed(other)
    assert ours.tolist() == pytest.approx(theirs, abs=1e-12)
    index = choices.choice([i for i, u in enumerate(theirs) if u > -math.inf])
    one.take(one.signals[index], index)
    if isinstance(one, idiomatic.Principal):
        one.conceded = bool(one.conciliatory[index])
        for signal, act in zip(one.decisive, other.decisive, strict=True):
            assert one.worth(signal) == pytest.approx(other.worth(act), abs=1e-12)
    other.act = other.acts[index]


def weighed(actor: Any) -> list[float]:
    """Utilities as the tuned version sees them just before it draws."""
    seen: list[float] = []

    def first(utility: list[float]) -> int:
        seen.extend(utility)
        return 0

    drawn, decisive = actor.drawn, getattr(actor, "decisive", ())
    actor.drawn, actor.decisive = first, ()
    actor.choose()
    actor.drawn, actor.decisive = drawn, decisive
    return seen


ODD = {
    "world.outreach": 0.8,
    "fog.rhetoric": 0.5,
    "actors.bogota.fog.framework": 0.0,
    "actors.caracas.forbid": ["concede"],
    "actors.moscow.suspicion": -0.2,
    "signals.sanction.framework": -0.05,
    "signals.appeal.support": 0.1,
    "kept.sanctions": 0.95,
    "clocks.ultimatum": 2,
    "clocks.called": 3,
    "clocks.offer": 5,
    "clocks.concession": 3,
}
CLEAR = {f"fog.{switch}": 0.0 for switch in idiomatic.SWITCHES}
OPEN = {"world.framework": 1.0, "kept.framework": 1.0}


@pytest.mark.parametrize("changes", [{}, ODD, CLEAR, OPEN], ids=["as it is", "odd", "clear", "open"])
def test_both_plain_versions_go_through_the_same_states(changes: dict[str, Any]) -> None:
    scenario = load(SCENARIO).replace(changes)
    bluffs = calls = 0
    for first, second in play_together(scenario, seed=3, days=400):
        assert [first.world[q] for q in WORLD] == pytest.approx(second.world[: tuned.OFFER], abs=1e-9)
        assert list(first.clocks.values()) == second.world[tuned.OFFER :]
        assert first.bluffed == second.bluffed
        for one, other in zip(actors(first), actors(second), strict=True):
            assert (one.belief, one.variance) == pytest.approx((other.belief, other.variance), abs=1e-9)
        for one, other in zip(actors(first)[:2], actors(second)[:2], strict=True):
            own = (one.posture, one.commitment, one.resolve, one.inconsistency, one.tone)
            assert own == pytest.approx(
                (*other.own, other.resolve, other.inconsistency, other.tone), abs=1e-9
            )
        bluffs += first.bluffed
        calls += first.clocks["called"] > 0
    assert bluffs > 0
    assert calls > 0


def test_a_run_ends_at_its_horizon_or_before() -> None:
    versions: tuple[Any, ...] = (idiomatic.IdiomaticCrisis, tuned.TunedCrisis)
    for version, seed in itertools.product(versions, range(5)):
        crisis = version(SCENARIO, 30, seed)
        crisis.run_model()
        assert crisis.outcome
        assert crisis.steps <= 30
        assert (crisis.outcome in ("standoff", "deescalation")) <= (crisis.steps == 30)


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
