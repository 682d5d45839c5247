"""Random effects: the spread of what is true is told from the luck in measuring it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from statistics import NormalDist

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import chi2, t

from sim.statistics.differences import paired_proportions
from sim.statistics.random_effects import RandomEffects, deconvolved, inner_variance, random_effects

Reals = NDArray[np.float64]

# Colditz and others (1994), 13 trials of the BCG vaccine: diseased and healthy, vaccinated and not.
BCG = np.array(
    [
        (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619), (33, 5036, 47, 5761),
        (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232),
        (17, 1699, 65, 1600), (186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825),
    ]
)  # fmt: skip


def bcg() -> tuple[Reals, Reals]:
    """Log relative risks and their variances."""
    a, b, c, d = BCG.T
    return np.log((a / (a + b)) / (c / (c + d))), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)


def measured(seed: int, draws: int, mean: float, tau: float, inner: float) -> tuple[Reals, Reals]:
    """Effects measured with luck, normal around true ones that are normal, and their inner variances."""
    rng = np.random.default_rng(seed)
    s = inner * rng.uniform(0.6, 1.4, draws)
    return mean + tau * rng.standard_normal(draws) + s * rng.standard_normal(draws), s**2


def share_of(mean: float, tau: float) -> float:
    return NormalDist().cdf(mean / tau)


@cache
def luck_twice_the_spread() -> tuple[Reals, Reals]:
    return measured(1, 2_000, 0.02, 0.02, 0.04)


# Known answers ----------------------------------------------------------------------------------


def test_the_vaccine_trials_have_the_published_spread() -> None:
    # metafor (Viechtbauer 2010), dat.bcg: Paule-Mandel τ² 0.3181, Q-profile interval 0.1197 to 1.1115.
    found = random_effects(*bcg())
    assert found.tau.value**2 == pytest.approx(0.3181, abs=5e-5)
    assert [found.tau.low**2, found.tau.high**2] == [
        pytest.approx(0.1197, abs=5e-5),
        pytest.approx(1.1115, abs=5e-5),
    ]


def test_with_equal_inner_variances_everything_has_a_closed_form() -> None:
    # τ² is the sample variance less s²; the mean is plain, with Student's interval; Q is SS/(s² + τ²).
    d, s2 = np.array([0.01, 0.05, 0.04, -0.02, 0.07, 0.03]), 1e-4
    found = random_effects(list(d), [s2] * 6)
    total = d.var(ddof=1)
    assert found.tau.value == pytest.approx(np.sqrt(total - s2))
    assert found.mean.value == pytest.approx(d.mean())
    assert found.mean.high - found.mean.value == pytest.approx(t.ppf(0.975, 5) * np.sqrt(total / 6))
    ends = 5 * total / chi2.ppf([0.975, 0.025], 5) - s2
    assert [found.tau.low, found.tau.high] == [pytest.approx(x) for x in np.sqrt(np.maximum(ends, 0))]
    assert found.share.value == pytest.approx(share_of(d.mean(), np.sqrt(total - s2)))
    assert found.middle[1] - found.middle[0] == pytest.approx(2 * 1.959964 * np.sqrt(total - s2))
    assert found.inner == pytest.approx(0.01)


def test_deconvolved_effects_have_the_mean_and_the_spread_of_true_ones() -> None:
    d, s2 = measured(2, 500, 0.05, 0.03, 0.02)
    equal = np.full(500, 0.02**2)
    drawn_in = deconvolved(list(d), list(equal))
    assert drawn_in.mean() == pytest.approx(d.mean())
    assert drawn_in.var(ddof=1) == pytest.approx(d.var(ddof=1) - 0.02**2)
    assert deconvolved(list(d), list(s2)).std() < d.std()


def test_effects_that_differ_by_no_more_than_luck_have_one_true_effect() -> None:
    found = random_effects([0.03, 0.031, 0.029, 0.030], [1e-4] * 4)
    assert (found.tau.value, found.tau.low) == (0, 0)
    assert found.share.value == found.counted.rate == 1
    assert found.mean.se == pytest.approx(
        0.01 / 2
    )  # luck in four of them, not the little that they differ by


def test_no_effect_and_no_spread_is_a_share_that_could_be_anything() -> None:
    found = random_effects(*measured(3, 100, 0.0, 0.0, 0.03))
    assert found.naive.rate == pytest.approx(0.5, abs=0.2)
    assert found.share.low < 0.05
    assert found.share.high > 0.95


def test_the_other_sign_has_the_other_share() -> None:
    d, v = measured(4, 40, 0.02, 0.03, 0.02)
    up, down = random_effects(d, v), random_effects(d, v, sign=-1)
    assert up.share.value + down.share.value == pytest.approx(1)
    assert up.share.low + down.share.high == pytest.approx(1, abs=0.02)
    assert up.counted.count + down.counted.count == 40
    assert replace(up, share=down.share, counted=down.counted, naive=down.naive) == down


# Recovery ---------------------------------------------------------------------------------------


def test_the_true_share_is_found_where_luck_is_twice_the_spread() -> None:
    truth = share_of(0.02, 0.02)  # 84 %
    found = random_effects(*luck_twice_the_spread())
    assert found.share.value == pytest.approx(truth, abs=0.05)
    assert found.counted.rate == pytest.approx(truth, abs=0.05)
    assert found.share.low < truth < found.share.high
    assert found.tau.low < 0.02 < found.tau.high
    assert found.mean.low < 0.02 < found.mean.high


def test_the_same_check_catches_who_forgets_the_luck() -> None:
    # Planted bug: inner variance left out. Φ(0.02/√(0.02² + 0.04²·1.053)) = 68 %, and τ more than doubled.
    d, v = luck_twice_the_spread()
    forgetful = random_effects(d, 1e-9 * v)
    assert forgetful.share.high < 0.75
    assert forgetful.naive.rate == pytest.approx(0.68, abs=0.05)
    assert forgetful.tau.low > 0.04


def test_where_all_true_effects_are_one_all_have_its_sign_though_measured_ones_do_not() -> None:
    found = random_effects(*measured(5, 1_000, 0.01, 0.0, 0.03))
    assert found.naive.rate < 0.7
    assert found.counted.rate > 0.85  # not 1, since by luck τ is found a little above 0
    assert found.share.high == 1


def test_a_count_needs_no_normal_effects() -> None:
    # 70 of 100 true effects are +1, the others -1; the normal share would be Φ(0.4/0.917) = 67 %.
    rng = np.random.default_rng(6)
    true = np.where(rng.random(2_000) < 0.7, 1.0, -1.0)
    found = random_effects(true + 0.5 * rng.standard_normal(2_000), np.full(2_000, 0.25))
    assert found.counted.rate == pytest.approx((true > 0).mean(), abs=0.02)
    assert found.share.value == pytest.approx(0.669, abs=0.03)


@pytest.mark.parametrize(
    ("mean", "tau", "inner"), [(0.02, 0.03, 0.03), (0.05, 0.03, 0.01), (0.03, 0.0, 0.03)]
)
def test_intervals_cover_95_percent(mean: float, tau: float, inner: float) -> None:
    # Of 100 data sets, fewer than 82 covered has a probability below 1e-6 if 95 % are.
    truth = share_of(mean, tau) if tau else 1.0
    covered = np.zeros(3, int)
    for seed in range(100):
        found = random_effects(*measured(1_000 + seed, 25, mean, tau, inner))
        covered += (
            found.mean.low <= mean <= found.mean.high,
            found.tau.low <= tau <= found.tau.high,
            found.share.low <= truth <= found.share.high,
        )
    assert covered.min() >= 82


def test_more_draws_sharpen_the_mean_and_leave_the_spread() -> None:
    few, many = (random_effects(*measured(7, draws, 0.05, 0.03, 0.02)) for draws in (50, 1_000))
    assert many.mean.se < few.mean.se / 3
    assert many.tau.value == pytest.approx(0.03, rel=0.15)


# What is given ----------------------------------------------------------------------------------


def test_the_inner_variance_of_a_paired_difference_is_that_of_its_runs_and_never_0() -> None:
    found = paired_proportions(400, 100, 10_000)
    assert inner_variance(found) == pytest.approx(found.se**2, rel=0.01)
    assert inner_variance(paired_proportions(0, 0, 1_000)) == pytest.approx(2 / 1002**2)


@pytest.mark.parametrize(
    ("effects", "variances", "sign"),
    [
        ([1, 2], [1, 1], 1),
        ([1, 2, 3], [1, 1], 1),
        ([1, 2, 3], [1, 0, 1], 1),
        ([1, float("nan"), 3], [1, 1, 1], 1),
        ([1, 2, 3], [1, 1, 1], 0),
    ],
)
def test_what_is_no_effect_is_refused(effects: list[float], variances: list[float], sign: int) -> None:
    with pytest.raises(ValueError, match=r"effect|sign"):
        random_effects(effects, variances, sign)


def test_the_same_numbers_give_the_same_answer() -> None:
    def found() -> RandomEffects:
        return random_effects(*bcg(), sign=-1)

    assert found() == found()


def test_three_effects_are_enough_and_two_are_not() -> None:
    assert random_effects([0.1, 0.2, 0.3], [0.01] * 3).mean.value == pytest.approx(0.2)
    with pytest.raises(ValueError, match="at least 3"):
        random_effects([0.1, 0.2], [0.01] * 2)
