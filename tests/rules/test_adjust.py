"""Adjust: who an actor is in a run, and its resolve overnight."""

from __future__ import annotations

import pytest

from sim.rules import adjust
from sim.schema.actors import Principal
from sim.schema.coefficients import Adjustment

K = Adjustment()


def principal(**traits: float) -> Principal:
    return Principal.model_validate({"role": "target", **traits})


def test_a_night_by_hand() -> None:
    # .6 + .05(.5 - .6) + .02·1.5 = .6 - .005 + .03
    me = principal(recovery=0.05, volatility=0.02)
    assert adjust.adjusted(K, me, 0.6, 0.5, 1.5) == pytest.approx(0.625, rel=1e-13)


def test_resolve_stays_within_its_bounds() -> None:
    me = principal(recovery=0, volatility=0.5)
    assert adjust.adjusted(K, me, 0.6, 0.6, 5.0) == 0.98
    assert adjust.adjusted(K, me, 0.6, 0.6, -5.0) == 0.02


def test_the_first_resolve_is_the_average_and_its_spread_within_bounds() -> None:
    me = principal(resolve=0.6, resolve_spread=0.12)
    assert adjust.first_resolve(K, me, 0.0) == 0.6
    assert adjust.first_resolve(K, me, 1.5) == pytest.approx(0.78, rel=1e-13)
    assert [adjust.first_resolve(K, me, z) for z in (-9.0, 9.0)] == [0.02, 0.98]


def test_appetite_is_the_average_and_its_spread() -> None:
    me = principal(appetite=0.02, appetite_spread=0.08)
    assert adjust.own_appetite(me, 0.0) == 0.02
    assert adjust.own_appetite(me, -1.5) == pytest.approx(-0.1, rel=1e-13)


def test_without_luck_resolve_returns_to_its_own_level_geometrically() -> None:
    # θ_t - θ̄ = (1 - recovery)^t (θ_0 - θ̄)
    me, resolve = principal(recovery=0.05, volatility=0), 0.9
    for t in range(1, 60):
        resolve = adjust.adjusted(K, me, resolve, 0.5, 0.0)
        assert resolve - 0.5 == pytest.approx(0.4 * 0.95**t, rel=1e-10)
