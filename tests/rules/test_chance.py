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


def test_talks_settle_with_the_square_of_their_progress() -> None:
    # .05·1, .05·¼, nothing without progress
    assert [chance.settlement_chance(0.05, p) for p in (1.0, 0.5, 0.0)] == [0.05, 0.0125, 0.0]


def test_incidents_need_both_forces_or_strikes() -> None:
    # .01(4·.5·.3 + .25) = .0085
    assert chance.incident_chance(K, 0.01, 0.5, 0.3, 0.25) == pytest.approx(0.0085, rel=1e-14)
    assert (
        chance.incident_chance(K, 0.01, 0.5, 0.0, 0.0)
        == chance.incident_chance(K, 0.01, 0.0, 0.3, 0.0)
        == 0.0
    )
    assert chance.incident_chance(K, 0.01, 0.0, 0.0, 2.0) == 0.02


def test_control_can_be_lost_above_rung_5_only() -> None:
    # .002·(7 - 5)
    assert [chance.control_chance(K, 0.002, level) for level in (0.0, 5.0, 7.0, 10.0)] == [
        0.0,
        0.0,
        0.004,
        0.01,
    ]


def test_every_chance_is_a_probability_wherever_the_schema_lets_the_world_be() -> None:
    for posture, rival, tempo in product((0.0, 0.5, 1.0), (0.0, 0.5, 1.0), (0.0, 1.0, 2.0)):
        assert 0 <= chance.incident_chance(K, 0.1, posture, rival, tempo) <= 1
    for level in range(11):
        assert 0 <= chance.control_chance(K, highest("loss_of_control"), float(level)) <= 1
    for progress in (0.0, 0.5, 1.0):
        assert 0 <= chance.settlement_chance(highest("settlement_rate"), progress) <= 1


def test_more_force_closer_together_collides_more() -> None:
    chances = [chance.incident_chance(K, 0.01, p, p, 0.25) for p in (0.1, 0.4, 0.9)]
    assert chances == sorted(set(chances))
