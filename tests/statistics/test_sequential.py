"""Precision by design: intervals hold at every look where a target is reached, and looks depend on targets alone.

Coverage is exact, by sums of binomial probabilities; nothing is drawn but the runs of one small study.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache, partial
from itertools import takewhile
from math import ceil, log, sqrt
from statistics import NormalDist

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import bdtr
from scipy.stats import binom

from sim.engines.batch.engine import Program
from sim.errors import StudyError
from sim.experiments.study.precision import Stopped, parse_target, parse_targets, unknown_with
from sim.experiments.study.report import _precision
from sim.scenario.files import load
from sim.schema.outcomes import FIRST_WAR
from sim.statistics import sequential
from sim.statistics.proportions import clopper_pearson, wilson
from sim.statistics.sequential import (
    PER_LOOK,
    Target,
    enough,
    interval,
    looks,
    most_runs,
    planned_runs,
    reached,
    schedule,
)

Reals = NDArray[np.float64]
Look = Callable[
    [int], tuple[NDArray[np.bool_], Reals, Reals]
]  # of n runs: where to stop, low, high, by count

HALF_WIDTHS = (0.2, 0.15, 0.1, 0.07, 0.05, 0.03, 0.02, 0.014, 0.01, 0.007, 0.005)
SHARES = (0.01, 0.02, 0.03, 0.05, 0.08, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)


# Intervals hold ---------------------------------------------------------------------------------


def most_reached(n: int, target: Target) -> int:
    """The largest count up to n/2 with which the target is reached, -1 if none is: half-widths grow up to there."""
    if not enough(0, n, target) or enough(n // 2, n, target):
        return n // 2 if enough(n // 2, n, target) else -1
    low, high = 0, n // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if enough(middle, n, target) else (low, middle)
    return low


def chance_of_a_miss(target: Target, cells: int) -> float:
    """The most that the chances can add up to, over all looks, that the target is reached and p lies outside.

    For every p: it lies in one of ``cells`` cells a half-width, and each binomial tail is bounded over its cell
    (counts that miss at its upper end, at the chances of its lower end). p above and below are mirrored. Eight
    looks after the last needed are summed; by Hoeffding all later ones add less than 2 exp(-2 · 2⁴ · 2.17²/4).
    """
    h = target.half_width
    edges = np.append(np.arange(0, 1, h / cells), 1.0)
    lower, upper = edges[:-1], edges[1:]
    above, late = np.zeros(len(lower)), 0
    for n in looks():
        most = most_reached(n, target)
        late += most == n // 2
        if late > 8:
            return float((above + above[::-1]).max())
        missing = np.ceil(n * (upper - h)) - 1  # the largest count with count/n + h < p
        inner = (missing > most) & (missing < n - most)
        counts = np.where(inner, most, missing)
        above += np.where((counts >= 0) & (most >= 0), bdtr(np.maximum(counts, 0), n, lower), 0.0)
    raise AssertionError("looks have no end")


@pytest.mark.parametrize("half_width", HALF_WIDTHS)
def test_whatever_p_is_no_interval_at_any_look_is_wrong_with_95_percent(half_width: float) -> None:
    assert chance_of_a_miss(Target("war", half_width), 100) <= 0.05


def test_in_the_limit_of_small_half_widths_too() -> None:
    z = NormalDist().inv_cdf((1 + PER_LOOK) / 2)
    assert z == pytest.approx(2.17, abs=0.001)
    assert sum(2 * NormalDist().cdf(-z * 2 ** (i / 4)) for i in range(40)) == pytest.approx(0.042, abs=0.0005)


def test_the_same_sum_catches_plain_95_percent_at_each_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequential, "PER_LOOK", 0.95)  # planted bug
    assert chance_of_a_miss(Target("war", 0.01), 100) > 0.06


def played_out(look: Look, totals: Iterable[int], p: float, through: bool = False) -> tuple[float, float]:
    """(Chance that the interval holds p where one stops, expected n), by all paths of a count through the looks.

    ``through``: nobody stops, and the chance is that the interval holds p at every look.
    """
    going, before, held, runs = np.ones(1), 0, 0.0, 0.0
    for n in totals:
        going = np.convolve(going, binom.pmf(np.arange(n - before + 1), n - before, p))
        stop, low, high = look(n)
        holds = (low <= p) & (p <= high)
        held += 0.0 if through else going[stop & holds].sum()
        runs += n * going[stop].sum()
        going = np.where(holds if through else ~stop, going, 0.0)
        before = n
    return (float(going.sum()), before) if through else (float(held), float(runs))


def of_target(target: Target, n: int) -> tuple[NDArray[np.bool_], Reals, Reals]:
    counts = np.arange(n + 1)
    stop = np.array([enough(int(count), n, target) for count in counts])
    return stop, counts / n - target.half_width, counts / n + target.half_width


def of_width(bounds: Callable[[int, int], tuple[float, float]], half_width: float, n: int) -> tuple[
    NDArray[np.bool_], Reals, Reals
]:  # fmt: skip
    low, high = np.array([bounds(count, n) for count in range(n + 1)]).T
    return (high - low) / 2 <= half_width, low, high


def wald(count: int, n: int) -> tuple[float, float]:
    rate = count / n
    half = 1.96 * sqrt(rate * (1 - rate) / n)
    return rate - half, rate + half


@pytest.mark.parametrize("half_width", [0.1, 0.05])
def test_played_out_exactly_it_covers_95_percent_at_twice_the_ideal_n_at_most(half_width: float) -> None:
    target = Target("war", half_width)
    found = [played_out(cache(partial(of_target, target)), schedule([target]), p) for p in SHARES]
    assert min(held for held, _ in found) >= 0.95
    ratios = [runs / ideal(p, half_width) for p, (_, runs) in zip(SHARES, found, strict=True)]
    assert max(ratios) < 2
    assert np.mean(ratios) < 1.5


def ideal(p: float, half_width: float) -> int:
    """Runs of someone who knows p and fixes them: the plain 95 % interval of the expected count is no wider."""
    n = 1
    while True:
        low, high = clopper_pearson(round(p * n), n, 0.95)
        if max(high - p, p - low) <= half_width:
            return n
        n += 1


def test_stopping_whenever_a_textbook_interval_is_narrow_covers_next_to_nothing() -> None:
    # Planted bug: of width 0 after the first run.
    look = cache(partial(of_width, wald, 0.05))
    assert max(played_out(look, range(1, 385), p)[0] for p in (0.02, 0.1, 0.3)) < 0.1


def test_a_plain_interval_looked_at_again_and_again_is_wrong_sometime_in_more_than_1_study_of_5() -> None:
    plain = cache(partial(of_width, lambda count, n: wilson(count, n, 0.95), 0.05))
    totals = [n for n in takewhile(lambda n: n <= 2048, looks()) if n >= 32]
    assert played_out(plain, totals, 0.2, through=True)[0] < 0.8


# When to look -----------------------------------------------------------------------------------


def test_looks_are_powers_of_the_square_root_of_two_rounded_up() -> None:
    first = [n for n, _ in zip(looks(), range(12), strict=False)]
    assert first == [1, 2, 3, 4, 6, 8, 12, 16, 23, 32, 46, 64]


def test_the_first_look_is_where_none_of_n_runs_would_do_and_the_last_where_half_of_them_must() -> None:
    # 0 of n: Clopper-Pearson's upper end at 97 % is 1 - 0.015^(1/n) <= h.
    target = Target("war", 0.005)
    least = log(0.015) / log(1 - 0.005)
    found = schedule([target])
    assert found[0] / sqrt(2) < least <= found[0] == 1024
    # Half of n: z²/4h² with z = 2.17 is 47,092 by the normal law.
    assert found[-1] / sqrt(2) < 47_092 <= found[-1] == 65_536
    assert list(found) == [ceil(2 ** (j / 2)) for j in range(20, 33)]


def test_a_better_guess_plans_fewer_runs() -> None:
    # z² p(1-p)/h² = 30,139 for a fifth, and 1,884 for a hundredth, by the normal law.
    target = Target("war", 0.005)
    assert planned_runs(target, 0.5) == most_runs(target) == 65_536
    assert planned_runs(target, 0.2) == planned_runs(target, 0.8) == 32_768
    assert planned_runs(target, 0.01) == 2_897
    with pytest.raises(ValueError, match="guess"):
        planned_runs(target, 1.5)


def test_several_targets_stop_where_all_are_reached() -> None:
    targets = parse_targets(["war=0.05", "exit=0.02"])
    counts = {"war": 100, "exit": 30}
    assert enough(100, 512, targets[0])
    assert not reached(counts, 512, targets)
    assert reached({"war": 400, "exit": 60}, 2048, targets)
    both = schedule(targets)
    assert both[0] == schedule(targets[1:])[0]
    assert both[-1] == schedule(targets[1:])[-1]


def test_it_is_reached_at_the_last_look_whatever_was_counted() -> None:
    for half_width in HALF_WIDTHS:
        target = Target("war", half_width)
        last = schedule([target])[-1]
        step = max(1, last // 4_000)
        assert all(enough(count, last, target) for count in range(0, last + 1, step))
        before = list(takewhile(lambda n: n < last, looks()))[-1]  # noqa: B023
        assert not all(enough(count, before, target) for count in range(0, before + 1, step))


def test_both_ends_are_as_far_as_was_asked_for_within_0_and_1() -> None:
    target = Target("war", 0.05)
    found = interval(100, 512, target)
    assert (found.low, found.high) == (100 / 512 - 0.05, 100 / 512 + 0.05)
    assert interval(0, 512, target).low == 0
    assert interval(512, 512, target).high == 1
    with pytest.raises(ValueError, match="not known"):
        interval(128, 256, Target("war", 0.01))


def test_a_study_goes_on_from_look_to_look_and_is_that_of_so_many_runs() -> None:
    scenario, target = load("scenarios/duel.toml"), Target("war", 0.05)
    program = Program.of(scenario)
    outcomes: list[int] = []
    for n in schedule([target]):
        outcomes += program.simulate(1, len(outcomes), n - len(outcomes), 90).rows["outcome"].tolist()
        count = sum(outcome >= FIRST_WAR for outcome in outcomes)
        if enough(count, n, target):
            break
    again = program.simulate(1, 0, n, 90).rows["outcome"]
    assert sum(outcome >= FIRST_WAR for outcome in again.tolist()) == count
    assert n == planned_runs(target, count / n) < 512


# What is asked and told -------------------------------------------------------------------------


def test_a_target_is_read() -> None:
    assert parse_target(" loss_of_control = 5e-3 ") == Target("loss_of_control", 0.005)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("war", "such as war=0.005"),
        ("wra=0.005", 'did you mean "war"'),
        ("peace=0.005", "there are: war, limited_force, standoff"),
        ("war=half a point", "as a share of runs: 0.005 is half a point"),
        ("war=nan", "must be a half-width between 0.00001 and 0.2"),
        ("war=0", "must be a half-width"),
        ("war=0.5", "must be a half-width"),
    ],
)
def test_what_is_no_target_is_refused_in_plain_words(text: str, said: str) -> None:
    with pytest.raises(StudyError) as caught:
        parse_target(text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_one_share_cannot_be_asked_for_twice() -> None:
    with pytest.raises(StudyError, match='"war" is asked for twice'):
        parse_targets(["war=0.005", "war=0.01"])


def test_what_can_be_asked_for_is_what_a_study_counts() -> None:
    import sim

    counted = sim.run(load("scenarios/duel.toml"), runs=2, days=2, save=False).counts
    assert [parse_target(f"{name}=0.01").observable for name in counted] == list(counted)
    with pytest.raises(StudyError, match=f"there are: {', '.join(counted)}$"):
        parse_target("peace=0.01")


def test_fewer_runs_leave_more_unknown_by_the_root_of_how_many() -> None:
    found = unknown_with(8_000, 40_000)
    assert [n for n, _ in found] == [400, 4_000, 40_000]
    low, high = wilson(8_000, 40_000, 0.95)
    assert found[-1][1] == (high - low) / 2
    assert found[0][1] / found[2][1] == pytest.approx(10, rel=0.01)
    assert [n for n, _ in unknown_with(1, 5)] == [5]


def test_the_report_says_what_was_asked_what_came_of_it_and_what_less_would_have_left() -> None:
    stopped = Stopped(parse_targets(["war=0.005"]), {"war": 6_600}, 32_768)
    text = "\n".join(_precision(stopped))
    assert text.startswith("## As precise as was asked for\n")
    [row] = [line.strip("| ").split("|") for line in text.splitlines() if line.startswith("| war ")]
    told = ["war", "± 0.5 points", "20.1 % (19.6 to 20.6)", "± 4.3 points", "± 1.4 points"]
    assert [cell.strip() for cell in row][:5] == told
    assert "with 1,024, 1,449, … 32,768 runs and stopped at n = 32,768" in text
    found = json.loads(json.dumps(stopped.to_json()))
    assert found["looks"][-1] == found["runs"] == 32_768
    assert found["targets"]["war"]["unknown_with"][0]["runs"] == 327
