"""Differences under common luck: their intervals cover what they promise, and are said as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from math import inf, isclose, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import gammaln, xlog1py, xlogy

from sim.reports.numbers import difference_words as words
from sim.statistics.differences import (
    Difference,
    cell_bounds,
    independent,
    mean,
    paired_proportions,
    variance_saved,
)

Reals = NDArray[np.float64]
Interval = Callable[[int, int, int], tuple[float, float]]
Z = 1.959963984540054

# At nominal 95 %. Found: 92.6 % at n = 20, 93.0 % at n = 100, where all change goes one way; 88.7 % at n = 1.
PROMISED = {1: 0.88, 2: 0.88, 4: 0.88, 10: 0.88, 20: 0.92, 50: 0.92, 100: 0.92}


def chosen(gained: int, lost: int, n: int) -> tuple[float, float]:
    difference = paired_proportions(gained, lost, n)
    return difference.low, difference.high


def plain_wald(gained: int, lost: int, n: int) -> tuple[float, float]:
    """The textbook interval, with nothing added."""
    value = (gained - lost) / n
    half = Z * sqrt(((gained + lost) / n - value**2) / n)
    return value - half, value + half


def coverage(interval: Interval, n: int, most: int, shares: list[tuple[float, float]]) -> Iterator[float]:
    """The probability that the interval holds the true difference, for each pair of true shares (gained, lost).

    Exact: the trinomial probabilities of all counts whose interval holds it are summed; counts that add up to
    more than ``most`` are held never to be covered, which can only lower it.
    """
    gained, lost = np.array([(up, down) for up in range(most + 1) for down in range(most + 1 - up)]).T
    low, high = np.array([interval(int(up), int(down), n) for up, down in zip(gained, lost, strict=True)]).T
    same = n - gained - lost
    ways = gammaln(n + 1) - gammaln(gained + 1) - gammaln(lost + 1) - gammaln(same + 1)
    for up, down in shares:
        chance = np.exp(ways + xlogy(gained, up) + xlogy(lost, down) + xlog1py(same, -(up + down)))
        yield float(chance[(low <= up - down) & (up - down <= high)].sum())


def grid(n: int) -> list[tuple[float, float]]:
    """True shares of runs gained and lost: even, rare, one-sided, and just beside the ends of intervals."""
    ends = np.array([chosen(g, 0, n) for g in range(min(n, 30) + 1)]).ravel()
    even = np.concatenate([[0], np.geomspace(0.01 / n, 0.3, 12), np.linspace(0.02, 0.98, 13)])
    ups = np.concatenate([even, ends - 1e-9, ends + 1e-9])
    return [(float(up), float(down)) for up in ups for down in even if up >= 0 and up + down < 1]


@pytest.mark.parametrize("n", PROMISED)
def test_paired_intervals_cover_at_least_92_percent_from_20_runs_on_and_88_before(n: int) -> None:
    assert min(coverage(chosen, n, n, grid(n))) >= PROMISED[n]


@pytest.mark.parametrize("n", [1_000, 100_000])
def test_they_cover_93_percent_of_rare_changes_in_many_runs(n: int) -> None:
    ends = [n * end for g in range(20) for end in chosen(g, 0, n)]
    ups = [*np.linspace(0, 12, 25), *(end - 1e-6 for end in ends), *(end + 1e-6 for end in ends)]
    shares = [(up / n, down / n) for up in ups for down in (0, 0.1, 0.5, 2) if down <= up <= 12]
    assert min(coverage(chosen, n, 45, shares)) >= 0.93


def test_on_average_over_shares_they_cover_95_percent() -> None:
    shares = [(p + d / 2, p - d / 2) for p in np.linspace(0.1, 0.4, 13) for d in np.linspace(-0.15, 0.15, 13)]
    assert np.mean(list(coverage(chosen, 100, 100, shares))) == pytest.approx(0.95, abs=0.003)


@pytest.mark.parametrize("n", [10, 50, 100])
def test_the_same_check_catches_the_interval_of_the_textbook(n: int) -> None:
    assert min(coverage(plain_wald, n, n, grid(n))) < 0.5  # planted bug: of width 0 where nothing was seen


def test_the_same_check_catches_one_half_in_place_of_one() -> None:
    def too_little(gained: int, lost: int, n: int) -> tuple[float, float]:
        more, spread = n + 1, gained + lost + 1
        middle = (gained - lost) / more
        half = Z * sqrt((spread / more - middle**2) / more)
        return middle - half, middle + half

    assert min(coverage(too_little, 50, 50, grid(50))) < 0.92


def test_the_interval_is_bonett_and_prices_by_hand() -> None:
    # 40 gained and 10 lost of 998: p̃12 = 41/1000, p̃21 = 11/1000; 0.030 ± z √((0.052 - 0.0009)/1000).
    found = paired_proportions(40, 10, 998)
    half = Z * sqrt(0.0511 / 1000)
    assert found.value == 30 / 998
    assert [found.low, found.high] == [pytest.approx(0.030 - half), pytest.approx(0.030 + half)]
    assert found.se == pytest.approx(sqrt((50 / 998 - (30 / 998) ** 2) / 998))
    assert found.method == "Bonett-Price"


def test_runs_that_never_differ_differ_by_exactly_0_and_are_said_to() -> None:
    found = paired_proportions(0, 0, 10_000)
    assert (found.value, found.se, found.unchanged, found.distinguishable) == (0, 0, True, False)
    # ± z √2/(n + 2) = 0.0277 points.
    assert words(found) == "no difference at n = 10,000 (-0.03 to 0.03 points)"
    assert not paired_proportions(5, 5, 10_000).unchanged


def test_the_other_way_round_everything_is_mirrored() -> None:
    one, other = paired_proportions(30, 4, 200), paired_proportions(4, 30, 200)
    assert [one.value, one.low, one.high] == [-other.value, -other.high, -other.low]


def test_an_interval_stays_within_what_a_difference_can_be() -> None:
    assert paired_proportions(10, 0, 10).high == 1
    assert paired_proportions(0, 10, 10).low == -1


def test_a_bounded_mean_of_ones_is_the_paired_difference() -> None:
    # Gained and lost runs are +1 and -1: their sum is the difference, their squares the discordant runs.
    one, other = mean(26, 34, 200, bound=1), paired_proportions(30, 4, 200)
    assert [one.value, one.low, one.high, one.se] == [other.value, other.low, other.high, other.se]


def test_a_bounded_mean_that_never_varied_is_still_not_certain() -> None:
    found = mean(0, 0, 100, scale=1 / 120, bound=120)
    assert found.value == found.se == 0
    assert found.high == pytest.approx(Z * sqrt(2) / 102)


@pytest.mark.parametrize(("n", "most"), [(60, 1.0), (5_000, 0.97)])
def test_a_bounded_mean_covers_95_percent_and_more_if_there_are_few_numbers(n: int, most: float) -> None:
    # 4,000 samples in -120..120: fewer than 93 % or more than 97 % covered has p < 1e-6 if 95 % are.
    values, chances = np.array([-120, -20, 0, 6, 30, 120]), np.array([0.02, 0.2, 0.4, 0.2, 0.15, 0.03])
    drawn = np.random.default_rng(1).multinomial(n, chances, 4_000)
    found = [mean(int(x @ values), int(x @ values**2), n, bound=120) for x in drawn]
    assert 0.93 < np.mean([d.low <= values @ chances <= d.high for d in found]) <= most


def test_an_unbounded_mean_has_students_interval() -> None:
    # 1, 2, 3, 4: mean 2.5, s² = 5/3; t of 97.5 % with 3 degrees of freedom is 3.182446 (tables). In 256ths.
    numbers = [256 * x for x in (1, 2, 3, 4)]
    found = mean(sum(numbers), sum(x * x for x in numbers), 4, scale=1 / 256)
    half = 3.182446305284263 * sqrt(5 / 3 / 4)
    assert [found.value, found.low, found.high] == [2.5, pytest.approx(2.5 - half), pytest.approx(2.5 + half)]


def test_of_many_numbers_students_interval_is_the_normal_one() -> None:
    found = mean(500_000, 500_000, 1_000_000)
    assert found.high - found.value == pytest.approx(Z * 0.0005, rel=1e-5)


def test_numbers_that_are_all_equal_are_a_point_and_one_number_says_nothing_of_its_error() -> None:
    same = mean(300, 900, 100)
    assert (same.low, same.value, same.high, same.distinguishable) == (3, 3, 3, True)
    single = mean(3, 9, 1)
    assert (single.low, single.value, single.high, single.distinguishable) == (-inf, 3, inf, False)
    assert words(single, "days") == "+3 days at n = 1, which says nothing of how sure that is"


def test_sums_beyond_all_machine_numbers_lose_nothing() -> None:
    n = 10**12
    found = mean(120 * n // 2, 120 * 120 * n // 2, n, scale=1 / 120)
    assert found.value == 0.5
    assert found.se == pytest.approx(0.5 / 1e6)


def test_a_negative_scale_turns_the_interval_round() -> None:
    assert mean(30, 100, 50, scale=-1).low == -mean(30, 100, 50).high


def test_newcombes_interval_is_his_own_example() -> None:
    # Newcombe (1998), table II, method 10: 56/70 - 48/80 has 0.0524 to 0.3339.
    found = independent(56, 70, 48, 80)
    assert isclose(found.value, 0.2)
    assert [round(found.low, 4), round(found.high, 4)] == [0.0524, 0.3339]


def test_common_luck_saves_nothing_when_runs_share_none() -> None:
    # Independent halves: 1/4 of the runs in each cell, so gained = lost = 1/4.
    assert variance_saved(25, 25, 50, 50, 100) == 1
    # By hand: (p₁q₁ + p₀q₀) = 0.16 + 0.09, discordant 0.1, difference 0.1: 0.25/(0.1 - 0.01).
    assert variance_saved(10, 0, 20, 10, 100) == pytest.approx(0.25 / 0.09)


def test_variance_saved_is_boundless_if_no_run_differs_and_undefined_if_nothing_varies() -> None:
    assert variance_saved(0, 0, 30, 30, 100) == inf
    assert variance_saved(0, 0, 0, 0, 100) is None
    assert variance_saved(100, 0, 100, 0, 100) is None


def test_the_miscalculated_cell_lies_between_frechets_bounds() -> None:
    assert cell_bounds(20, 14, 100) == (0.06, 0.2)
    assert cell_bounds(14, 20, 100) == (0, 0.14)
    assert cell_bounds(80, 60, 100) == (0.2, 0.4)


def test_any_way_of_sharing_luck_lies_within_them_and_both_are_reached() -> None:
    n, wars, twins = 12, 7, 4
    cells = [wars - both for both in range(min(wars, twins) + 1) if wars + twins - both <= n]
    low, high = cell_bounds(wars, twins, n)
    assert [min(cells) / n, max(cells) / n] == [low, high]


@pytest.mark.parametrize(
    "refused",
    [
        partial(paired_proportions, -1, 0, 10),
        partial(paired_proportions, 6, 5, 10),
        partial(paired_proportions, 0, 0, 0),
        partial(paired_proportions, 1, 0, 10, 1.0),
        partial(mean, 10, 1, 10),
        partial(mean, 0, 0, 0),
        partial(mean, 0, 1_000, 10, bound=5),
        partial(independent, 3, 2, 0, 2),
        partial(variance_saved, 3, 1, 5, 5, 10),
    ],
)
def test_what_cannot_be_is_refused(refused: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"runs|numbers|proportion|confidence|lead"):
        refused()


def test_a_difference_is_said_with_the_decimals_that_its_interval_bears() -> None:
    assert words(Difference(10_000, 0.031, 0.027, 0.035, 0.002, "")) == "+3.1 points (2.7 to 3.5)"
    assert words(Difference(10_000, -0.031, -0.035, -0.027, 0.002, "")) == "-3.1 points (-3.5 to -2.7)"
    assert words(Difference(100, 0.2, 0.11, 0.33, 0.05, "")) == "+20 points (11 to 33)"
    assert (
        words(Difference(9, 1234.0, 1000.0, 1500.0, 90.0, ""), "deaths") == "+1,234 deaths (1,000 to 1,500)"
    )


def test_what_may_be_0_is_said_to_be_and_0_has_no_sign_before_it_but_plus() -> None:
    found = Difference(10_000, -0.0001, -0.004, 0.004, 0.002, "")
    assert words(found) == "+0.0 points (-0.4 to 0.4), not distinguishable from 0 at n = 10,000"


def test_what_is_not_0_does_not_look_as_if_it_might_be() -> None:
    assert words(Difference(10_000, 0.003, 0.0002, 0.0058, 0.0014, "")) == "+0.30 points (0.02 to 0.58)"
