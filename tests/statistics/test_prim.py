"""Scenario discovery: PRIM finds the box that was planted, and none in noise."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.statistics.prim import Box, Restriction, discovered, inside, quality, quasi_p

Bools = NDArray[np.bool_]


def cloud(points: int = 600, parameters: int = 6, seed: int = 3) -> NDArray[np.float64]:
    return np.random.default_rng(seed).random((points, parameters))


def planted(x: NDArray[np.float64], within: float = 0.9, without: float = 0.05, seed: int = 4) -> Bools:
    """Interesting with that probability where parameter 1 is above 0.6 and parameter 4 below 0.5."""
    box = (x[:, 1] > 0.6) & (x[:, 4] < 0.5)
    return np.asarray(np.random.default_rng(seed).random(len(x)) < np.where(box, within, without))


def test_a_planted_box_is_found_with_its_limits() -> None:
    x = cloud()
    found = discovered(x, planted(x), shuffles=39)
    assert set(found.restrictions) == {1, 4}
    assert found.restrictions[1].low == pytest.approx(0.6, abs=0.04)
    assert found.restrictions[1].high == np.inf
    assert found.restrictions[4].high == pytest.approx(0.5, abs=0.04)
    assert found.restrictions[4].low == -np.inf
    assert found.believed
    assert max(each.quasi_p for each in found.restrictions.values()) < 1e-6


def test_a_box_tells_what_it_holds() -> None:
    x = cloud()
    interesting = planted(x)
    found = discovered(x, interesting, shuffles=19)
    held = (x[:, 1] >= found.restrictions[1].low) & (x[:, 4] <= found.restrictions[4].high)
    assert found.density == pytest.approx(interesting[held].mean())
    assert found.coverage == pytest.approx((held & interesting).sum() / interesting.sum())
    assert found.mass == pytest.approx(held.mean())
    assert found.base == pytest.approx(interesting.mean())


def test_a_box_closed_on_both_sides_is_found() -> None:
    x = cloud(800, 3)
    found = discovered(x, (x[:, 0] > 0.3) & (x[:, 0] < 0.6), shuffles=19)
    assert set(found.restrictions) == {0}
    assert isinstance(found.restrictions[0], Restriction)
    assert found.restrictions[0].low == pytest.approx(0.3, abs=0.02)
    assert found.restrictions[0].high == pytest.approx(0.6, abs=0.02)
    assert found.density > 0.95
    assert found.coverage > 0.95


@pytest.mark.parametrize("seed", range(6))
def test_in_noise_no_box_is_believed(seed: int) -> None:
    x = cloud(300, 6, seed)
    found = discovered(x, np.random.default_rng(100 + seed).random(300) < 0.25, shuffles=39)
    assert not found.believed


def test_where_all_or_nothing_is_interesting_there_is_no_box() -> None:
    x = cloud(50, 2)
    for outcome in (np.zeros(50, bool), np.ones(50, bool)):
        found = discovered(x, outcome, shuffles=5)
        assert found.restrictions == {}
        assert not found.believed


def test_a_quasi_p_value_is_the_tail_of_a_binomial_by_hand() -> None:
    """Eight points, four in the box, all of those interesting, and half of all: 0.5 to the fourth."""
    x = np.arange(8.0)[:, None]
    interesting = x[:, 0] >= 4
    low, high = np.array([4.0]), np.array([np.inf])
    assert quasi_p(x, interesting, low, high, 0) == pytest.approx(0.5**4)


def test_the_quality_of_a_box_is_by_hand_that_of_its_coverage_and_its_density() -> None:
    """With β = ½: 1.25 x 3 hits / (4 held + 4 interesting / 4), and 1.25 x 4 / (10 + 1) of the box of all."""
    x = np.arange(10.0)[:, None]
    interesting = x[:, 0] >= 6  # four of them
    held = inside(x, np.array([5.0]), np.array([8.0]))  # four points, three of them interesting
    assert quality(held, interesting) == pytest.approx(0.75)
    assert quality(np.ones(10, bool), interesting) == pytest.approx(5 / 11)


def test_no_points_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one point"):
        discovered(np.empty((0, 2)), np.empty(0, bool))


def test_the_same_seed_finds_the_same() -> None:
    x = cloud(300)
    assert discovered(x, planted(x), seed=2, shuffles=9) == discovered(x, planted(x), seed=2, shuffles=9)


@pytest.mark.parametrize(("limits", "p", "believed"), [(1, 0.05, True), (1, 0.06, False), (0, 0.01, False)])
def test_a_box_is_believed_if_it_is_one_and_noise_seldom_gives_as_good_a_one(
    limits: int, p: float, believed: bool
) -> None:
    found = {place: Restriction(0.0, 1.0, 0.001) for place in range(limits)}
    assert Box(found, 0.5, 0.5, 0.5, 0.2, p).believed is believed
