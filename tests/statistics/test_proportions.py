"""Intervals: they cover what they promise, and are said as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import isclose

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import gammaln

from sim.reports.numbers import words
from sim.statistics.proportions import Estimate, clopper_pearson, proportion, wilson

Interval = Callable[[int, int], tuple[float, float]]
SIZES = (1, 2, 5, 10, 20, 39, 40, 41, 50, 75, 100, 200, 500, 1000, 4000)
PROMISED = 0.93  # at nominal 95 %: what a discrete count can keep without being wasteful


def chosen(count: int, n: int) -> tuple[float, float]:
    estimate = proportion(count, n)
    return estimate.low, estimate.high


def plain_wilson(count: int, n: int) -> tuple[float, float]:
    return wilson(count, n, 0.95)


def worst_coverage(interval: Interval, n: int) -> float:
    """The least probability, over a grid of true shares, that the interval holds the true one.

    Exact: the binomial probabilities of the counts whose interval holds it are summed. Coverage is least just
    beside an end of some interval, so those are on the grid.
    """
    low, high = np.array([interval(count, n) for count in range(n + 1)]).T
    return min(_coverages(low, high, n))


def _coverages(low: NDArray[np.float64], high: NDArray[np.float64], n: int) -> Iterator[float]:
    counts = np.arange(n + 1)
    ways = gammaln(n + 1) - gammaln(counts + 1) - gammaln(n - counts + 1)
    ends = np.concatenate([low[:80], high[:80]])
    grid = np.concatenate(
        [np.linspace(0.002, 0.998, 499), np.geomspace(0.01 / n, 0.1, 60), ends - 1e-9, ends + 1e-9]
    )
    for share in grid[(grid > 0) & (grid < 1)]:
        chance = np.exp(ways + counts * np.log(share) + (n - counts) * np.log1p(-share))
        yield float(chance[(low <= share) & (share <= high)].sum())


@pytest.mark.parametrize("n", SIZES)
def test_intervals_cover_at_least_93_percent_at_nominal_95(n: int) -> None:
    assert worst_coverage(chosen, n) >= PROMISED


@pytest.mark.parametrize("n", SIZES)
def test_the_same_check_catches_plain_wilson(n: int) -> None:
    # Planted bug. Brown, Cai & DasGupta (2001): near p = 0.1765/n its coverage tends to 0.838.
    assert worst_coverage(plain_wilson, n) < 0.85


@pytest.mark.parametrize("n", [1, 10, 10_000])
def test_clopper_pearson_of_none_or_all_has_a_closed_form(n: int) -> None:
    # 0 of n is not rejected by shares p with (1-p)^n >= α/2.
    bound = 1 - 0.025 ** (1 / n)
    assert list(clopper_pearson(0, n, 0.95)) == [0, pytest.approx(bound, rel=1e-9)]
    assert list(clopper_pearson(n, n, 0.95)) == [pytest.approx(1 - bound, rel=1e-9), 1]


def test_clopper_pearson_ends_leave_half_the_doubt_in_each_tail() -> None:
    # By definition P(X >= 3) = 2.5 % at the low end, P(X <= 3) = 2.5 % at the high end; summed by hand.
    low, high = clopper_pearson(3, 12, 0.95)

    def at_most_two(p: float) -> float:
        return (1 - p) ** 12 + 12 * p * (1 - p) ** 11 + 66 * p**2 * (1 - p) ** 10

    assert isclose(1 - at_most_two(low), 0.025, rel_tol=1e-9)
    assert isclose(at_most_two(high) + 220 * high**3 * (1 - high) ** 9, 0.025, rel_tol=1e-9)


def test_wilson_ends_are_where_the_score_test_just_rejects() -> None:
    # Wilson (1927): the ends solve (p̂-p)² = z² p(1-p)/n; z is the normal quantile 1.959963984540054.
    for end in wilson(205, 1000, 0.95):
        assert isclose((0.205 - end) ** 2, 1.959963984540054**2 * end * (1 - end) / 1000, rel_tol=1e-9)


def test_twenty_events_and_twenty_others_make_it_wilson() -> None:
    assert proportion(20, 40).method == "Wilson"
    assert proportion(19, 1000).method == "Clopper-Pearson"
    assert proportion(981, 1000).method == "Clopper-Pearson"


def test_the_other_outcome_has_the_mirrored_interval() -> None:
    for count in (0, 7, 30, 500):
        one, other = proportion(count, 1000), proportion(1000 - count, 1000)
        assert [one.low, one.high] == [pytest.approx(1 - other.high), pytest.approx(1 - other.low)]


def test_more_confidence_is_wider() -> None:
    for count in (3, 300):
        narrow, wide = proportion(count, 1000, 0.8), proportion(count, 1000, 0.99)
        assert wide.low < narrow.low < narrow.rate < narrow.high < wide.high


def test_a_trillion_runs_are_no_trouble() -> None:
    # Poisson limit: 0 of n is below -ln(0.025)/n = 3.6889/n.
    assert proportion(0, 10**12).high == pytest.approx(3.688879454113936e-12, rel=1e-6)
    assert proportion(2 * 10**11, 10**12).rate == 0.2


@pytest.mark.parametrize(
    ("count", "n", "confidence"), [(-1, 10, 0.95), (11, 10, 0.95), (0, 0, 0.95), (1, 10, 1.0)]
)
def test_what_is_no_proportion_is_refused(count: int, n: int, confidence: float) -> None:
    with pytest.raises(ValueError, match=r"proportion|confidence"):
        proportion(count, n, confidence)


def test_none_and_all_are_said_as_bounds_never_as_zero() -> None:
    assert words(proportion(0, 10_000)) == "below 0.04 %"  # 0.0369 %, rounded up
    assert words(proportion(10_000, 10_000)) == "above 99.96 %"  # 99.9631 %, rounded down
    assert words(proportion(0, 1)) == "below 98 %"  # 97.5 %
    assert words(proportion(1, 1)) == "above 2 %"


def test_a_share_is_said_with_the_decimals_that_its_interval_bears() -> None:
    # Wilson by hand for 2050 of 10,000: 0.2051 ± 0.0079.
    assert words(proportion(2050, 10_000)) == "20.5 % (19.7 to 21.3)"
    assert words(Estimate(10, 50, 0.2, 0.112, 0.330, "")) == "20 % (11 to 33)"
    assert words(Estimate(34, 10_000, 0.0034, 0.00243, 0.00475, "")) == "0.34 % (0.24 to 0.47)"
