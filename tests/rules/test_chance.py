"""Chance: probabilities of a day, by hand, and what they are never."""

from __future__ import annotations

from itertools import product

import pytest

from sim.rules import chance
from sim.schema.coefficients import Chance
from sim.schema.world import World

K = Chance()


def highest(name: str) -> float:
    """The largest value that the schema allows a number of the world."""
    return float(next(m.le for m in World.model_fields[name].metadata if hasattr(m, "le")))


def test_incidents_need_both_forces_or_strikes() -> None:
    # .01(4·.5·.3 + .25) = .0085
    assert chance.incident_chance(K, 0.01, 0.5, 0.3, 0.25) == pytest.approx(0.0085, rel=1e-14)
    assert chance.incident_chance(K, 0.01, 0.5, 0.0, 0.0) == 0.0
    assert chance.incident_chance(K, 0.01, 0.0, 0.3, 0.0) == 0.0
    assert chance.incident_chance(K, 0.01, 0.0, 0.0, 2.0) == 0.02


def test_control_is_lost_in_tension_where_both_have_forces() -> None:
    # .002·.5²·4·.5·.4 = .0004; twice the tension, four times the chance
    assert chance.control_chance(K, 0.002, 0.5, 0.5, 0.4) == pytest.approx(0.0004, rel=1e-14)
    assert chance.control_chance(K, 0.002, 1.0, 0.5, 0.4) == pytest.approx(0.0016, rel=1e-14)
    assert (
        chance.control_chance(K, 0.002, 1.0, 0.0, 0.4)
        == chance.control_chance(K, 0.002, 0.0, 1.0, 1.0)
        == 0.0
    )


def test_a_crisis_fades_only_below_a_tension_and_soonest_without_any() -> None:
    # .016(1 - .18/.36)² = .004
    found = [chance.fade_chance(K, 0.016, tension) for tension in (0.0, 0.18, 0.36, 0.9)]
    assert found == pytest.approx([0.016, 0.004, 0.0, 0.0], abs=1e-16)


def test_every_chance_is_a_probability_wherever_forces_and_the_world_may_be() -> None:
    for force, rival, tempo in product((0.0, 0.5, 1.0), (0.0, 0.5, 1.0), (0.0, 1.0, 2.0)):
        assert 0 <= chance.incident_chance(K, 0.1, force, rival, tempo) <= 1
        assert 0 <= chance.control_chance(K, highest("loss_of_control"), 1.0, force, rival) <= 1
    for tension in (0.0, 0.2, 0.5, 1.0):
        assert 0 <= chance.fade_chance(K, highest("fade_rate"), tension) <= 1


def test_more_force_closer_together_collides_more() -> None:
    chances = [chance.incident_chance(K, 0.01, p, p, 0.25) for p in (0.1, 0.4, 0.9)]
    assert chances == sorted(set(chances))
