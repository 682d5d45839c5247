"""Adjust: resolve overnight, and the arms race of two fears (Richardson 1960) on both sides of its threshold."""

from __future__ import annotations

from math import sqrt

import pytest

from sim.rules import adjust
from sim.schema.actors import Principal
from sim.schema.coefficients import Adjustment

K = Adjustment()
FREE = Adjustment(resolve_low=0, resolve_high=1, talks_softening=0)


def principal(**traits: float) -> Principal:
    return Principal.model_validate({"role": "target", **traits})


def test_a_night_by_hand() -> None:
    # .6 + .05(.5 - .6) + .03(.75 - .55) + .02·1.5 - .01·.4 = .6 - .005 + .006 + .03 - .004
    me = principal(recovery=0.05, reactivity=0.03, volatility=0.02)
    assert adjust.adjusted(K, me, 0.6, 0.5, 0.75, 0.4, 1.5) == pytest.approx(0.627, rel=1e-13)


def test_resolve_stays_within_its_bounds() -> None:
    me = principal(recovery=0, reactivity=0, volatility=0.5)
    assert adjust.adjusted(K, me, 0.6, 0.6, 0.55, 0.0, 5.0) == 0.98
    assert adjust.adjusted(K, me, 0.6, 0.6, 0.55, 0.0, -5.0) == 0.02


def test_the_first_resolve_is_the_average_and_its_spread_within_bounds() -> None:
    me = principal(resolve=0.6, resolve_spread=0.12)
    assert adjust.first_resolve(K, me, 0.0) == 0.6
    assert adjust.first_resolve(K, me, 1.5) == pytest.approx(0.78, rel=1e-13)
    assert [adjust.first_resolve(K, me, z) for z in (-9.0, 9.0)] == [0.02, 0.98]


def test_fear_of_the_rival_hardens_contempt_softens_and_talks_soften() -> None:
    me = principal(recovery=0, reactivity=0.03, volatility=0)
    night = [adjust.adjusted(K, me, 0.6, 0.6, belief, 0.0, 0.0) for belief in (0.4, 0.55, 0.9)]
    assert night[0] < night[1] == 0.6 < night[2]
    assert adjust.adjusted(K, me, 0.6, 0.6, 0.55, 1.0, 0.0) == pytest.approx(0.59, rel=1e-13)


def test_without_fear_or_luck_resolve_returns_to_its_own_level_geometrically() -> None:
    # θ_t - θ̄ = (1 - recovery)^t (θ_0 - θ̄)
    me, resolve = principal(recovery=0.05, reactivity=0, volatility=0), 0.9
    for t in range(1, 60):
        resolve = adjust.adjusted(K, me, resolve, 0.5, 0.3, 0.0, 0.0)
        assert resolve - 0.5 == pytest.approx(0.4 * 0.95**t, rel=1e-10)


def spiral(a: float, b: float, k: float, m: float, days: int) -> tuple[float, float]:
    """Distances from the common rest of .55 of two that fear each other with reactivity a, b and recover with k, m."""
    one, other = (principal(reactivity=r, recovery=s, volatility=0) for r, s in ((a, k), (b, m)))
    x, y = 0.55 + 1e-4, 0.55 + 1e-4
    for _ in range(days):
        x, y = (
            adjust.adjusted(FREE, one, x, 0.55, y, 0.0, 0.0),
            adjust.adjusted(FREE, other, y, 0.55, x, 0.0, 0.0),
        )
    return x - 0.55, y - 0.55


CASES = [
    (0.03, 0.03, 0.05, 0.05),
    (0.10, 0.02, 0.05, 0.05),
    (0.2, 0.1, 0.3, 0.08),
    (0.06, 0.06, 0.05, 0.05),
    (0.2, 0.03, 0.05, 0.1),
]


@pytest.mark.parametrize(("a", "b", "k", "m"), CASES)
def test_a_spiral_grows_or_dies_at_the_rate_of_its_eigenvalue(a: float, b: float, k: float, m: float) -> None:
    # (x, y) ← M (x, y) with M = [[1-k, a], [b, 1-m]]; the larger eigenvalue is 1 - (k+m)/2 + √(((k-m)/2)² + ab).
    rate = 1 - (k + m) / 2 + sqrt(((k - m) / 2) ** 2 + a * b)
    before, after = spiral(a, b, k, m, 100), spiral(a, b, k, m, 110)
    assert after[0] / before[0] == pytest.approx(rate**10, rel=1e-4)
    assert after[1] / before[1] == pytest.approx(rate**10, rel=1e-4)


@pytest.mark.parametrize(("a", "b", "k", "m"), CASES)
def test_a_spiral_dies_out_if_and_only_if_ab_is_below_km(a: float, b: float, k: float, m: float) -> None:
    early, late = sum(spiral(a, b, k, m, 100)), sum(spiral(a, b, k, m, 200))
    assert (late < early) == (a * b < k * m)


@pytest.mark.parametrize("k", [0.05, 0.2])
def test_the_threshold_lies_at_ab_equal_to_km(k: float) -> None:
    # One percent to either side of it, where the eigenvalue is 1 ∓ .01k.
    assert sum(spiral(0.99 * k, 0.99 * k, k, k, 300)) < sum(spiral(0.99 * k, 0.99 * k, k, k, 100))
    assert sum(spiral(1.01 * k, 1.01 * k, k, k, 300)) > sum(spiral(1.01 * k, 1.01 * k, k, k, 100))
    assert sum(spiral(k, k, k, k, 300)) == pytest.approx(2e-4, rel=1e-9)
