"""Rare wars: from daily chances they are what exact solutions say, at a fraction of counting's work.

False alarms: an estimate may lie 5.8 standard errors off, by chance 1e-8; seeds are fixed.
"""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from math import inf, isclose
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import chi2

from sim.compute.experiment import Piece, fingerprint, merged
from sim.experiments.rare.counts import Hazards, hazard_counts
from sim.experiments.rare.question import RareWar
from sim.experiments.rare.report import odds
from sim.experiments.rare.tables import (
    COUNTED,
    GAMMA,
    Probability,
    gamma_interval,
    probability_of,
    rows,
    runs_for,
)
from sim.scenario.files import load
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import WARS, Outcome
from sim.statistics.proportions import RARE, clopper_pearson
from tests.engines.test_exact_crisis import FALSE_ALARM, clocks_crisis, least_tail
from tests.support.exact import solve

Reals = NDArray[np.float64]
FAR = 5.8  # standard errors: a normal number lies further off with 7e-9

RELUCTANT = {
    "signals.raid.reluctance": 2.4,
    "signals.invade.reluctance": 2.5,
    "signals.attack.reluctance": 2.05,
}
LOOSE = {"decisive.temperature": 0.2}
"""Principals whose decisive choices follow utility loosely: the chance of war is spread over days and runs."""


def reluctant(more: float = 0.0, changes: dict[str, Any] | None = None) -> Scenario:
    """The standoff in which war has to be chosen, by principals that hardly ever do."""
    taste = {key: value + more for key, value in RELUCTANT.items()}
    return load("scenarios/standoff.toml").replace(
        taste | LOOSE | {"world.loss_of_control": 0.0} | (changes or {})
    )


def played(scenario: Scenario, runs: int, days: int, seed: int = 1) -> Piece:
    planned = scenario.replace({"study.runs": runs, "study.days": days, "study.seed": seed})
    return Hazards(planned).compute(0, runs)


def made_up(hazard: Reals, wars: int = 0) -> Piece:
    outcome = np.where(np.arange(len(hazard)) < wars, int(Outcome.raid), int(Outcome.standoff))
    return hazard_counts({"hazard": hazard, "outcome": outcome})


# It is the probability --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "control", "about"),
    [
        pytest.param(0.0, 0.03, 0.131, marks=pytest.mark.deep),
        pytest.param(0.6, 0.0, 1.68e-4, marks=pytest.mark.deep),
        (0.9, 1e-4, 2.48e-5),
        (1.35, 0.0, 6.4e-10),
    ],
)
def test_it_is_what_the_exact_solution_says_down_to_one_in_a_billion(
    more: float, control: float, about: float
) -> None:
    changes = {"signals.raid.reluctance": 0.0 + more, "signals.attack.reluctance": -0.8 + more}
    crisis = clocks_crisis(changes | {"world.loss_of_control": control})
    exact = float(sum(solve(crisis, 6).outcome[int(war)] for war in WARS))
    assert 0.5 < exact / about < 2
    found = probability_of(played(crisis, 200_000, 6))
    se = found.relative_error * found.value
    assert abs(found.value - exact) < FAR * se
    for bias in (0.9, 1.1):  # planted bugs
        assert abs(bias * found.value - exact) > FAR * se


def test_it_agrees_with_counting_where_both_can_be_had() -> None:
    # Wars of one in 400: counted in 40,000 runs, estimated in 40,000 others, whose error is a quarter of the count's.
    scenario = reluctant(-1.2)
    count = int(played(scenario, 40_000, 90, seed=2)["rare.runs"][1])
    found = probability_of(played(scenario, 40_000, 90, seed=3))
    assert 1e-3 < found.value < 1e-2
    assert least_tail(np.array([count]), 40_000, np.array([found.value])) > FALSE_ALARM
    for bias in (0.5, 2):  # planted bugs: half the days, twice the chances
        assert least_tail(np.array([count]), 40_000, np.array([bias * found.value])) < FALSE_ALARM


def test_one_war_in_100_000_is_known_to_10_percent_for_a_thousandth_of_the_work_of_counting() -> None:
    found = probability_of(played(reluctant(), 8_000, 90))
    assert 0.5e-5 < found.value < 2e-5
    assert found.relative_error <= 0.1
    assert (found.high - found.low) / found.value < 0.5
    summing, counting = runs_for(0.1, found)
    assert summing <= 8_000
    assert counting > 1_000 * summing
    assert found.variance_ratio == pytest.approx(counting / summing, rel=0.01)


@pytest.mark.parametrize("more", [0.3, 0.6, 0.9])
def test_the_rarer_the_more_is_gained_and_the_runs_needed_stay_the_same(more: float) -> None:
    rare, rarer = (probability_of(played(reluctant(each), 6_000, 90)) for each in (0.0, more))
    assert rarer.value < rare.value * 10 ** (-2 * more)
    assert rarer.variance_ratio > rare.variance_ratio * 10 ** (2 * more)
    assert runs_for(0.1, rarer)[0] < 1.2 * runs_for(0.1, rare)[0]


# It adds up -------------------------------------------------------------------------------------


@pytest.mark.parametrize("changes", [{}, RELUCTANT])
def test_it_does_not_matter_how_runs_are_cut(changes: dict[str, float]) -> None:
    planned = load("scenarios/duel.toml").replace(
        {key: value for key, value in changes.items() if "invade" not in key} | {"study.runs": 3_000}
    )
    experiment = pickle.loads(pickle.dumps(Hazards(planned)))
    whole = experiment.compute(0, 3_000)
    for cuts in ([1, 2_999], [1_024, 1_024, 952], [1_500, 7, 1_493]):
        starts = np.cumsum([0, *cuts[:-1]])
        pieces = [experiment.compute(int(first), count) for first, count in zip(starts, cuts, strict=True)]
        assert probability_of(merged(reversed(pieces))) == probability_of(whole)


def test_sums_are_exact_whatever_the_sizes() -> None:
    hazard = np.array([0.0, 2.0**-60, 3e-9, 0.1, 0.75, 40.0, 1_000.0])
    sums = made_up(hazard)["rare.sums"]
    total, squares = (sum(int(limb) << 31 * i for i, limb in enumerate(limbs)) for limbs in sums)
    whole = [int(x * 2**60) for x in hazard.tolist()]  # Python's own whole numbers
    assert total == sum(whole)
    assert squares == sum(x * x for x in whole)
    many = {key: array * 2**31 for key, array in made_up(hazard).items()}  # as many pieces do not overflow
    assert (many["rare.sums"] >= 0).all()
    assert isclose(probability_of(many).value, hazard.mean(), rel_tol=1e-9)


def test_a_hazard_of_one_in_a_billion_keeps_nine_digits() -> None:
    hazard = np.random.default_rng(1).gamma(1.0, 1e-9, 5_000)
    found = probability_of(made_up(hazard))
    assert isclose(found.value, hazard.mean(), rel_tol=1e-9)
    assert isclose(found.relative_error, hazard.std(ddof=1) / np.sqrt(5_000) / hazard.mean(), rel_tol=1e-9)
    assert isclose(found.effective, hazard.sum() ** 2 / (hazard**2).sum(), rel_tol=1e-9)


def test_each_size_has_its_place() -> None:
    sizes = made_up(np.array([0.0, 0.0, 1.0, 0.99, 0.5, 1e-30, 90.0]))["rare.sizes"]
    assert sizes.sum() == 7
    # 0; then up to 2^-60 (with all below it), 2^-59, ...: 0.5 and 0.99 lie below 1 = 2^0, 1 below 2, 90 below 128.
    assert [sizes[0], sizes[1], sizes[61], sizes[62], sizes[68]] == [2, 1, 2, 1, 1]


def test_the_same_runs_of_another_scenario_or_seed_are_another_experiment() -> None:
    planned = load("scenarios/duel.toml")
    own = fingerprint(Hazards(planned))
    assert own == fingerprint(Hazards(planned.replace({"study.runs": 5})))
    for changes in ({"study.seed": 2}, {"study.days": 9}, {"world.tempo": 0.2}):
        assert fingerprint(Hazards(planned.replace(changes))) != own


# Its interval -----------------------------------------------------------------------------------


def test_with_equal_weights_it_is_the_exact_interval_of_a_poisson_count() -> None:
    # Garwood (1936): half the 2.5 % quantile of χ² with 2n degrees of freedom, and the 97.5 % one with 2n + 2.
    for n in (1, 7, 40):
        low, high = gamma_interval(n, n, 1)
        assert low == pytest.approx(chi2.ppf(0.025, 2 * n) / 2)
        assert high == pytest.approx(chi2.ppf(0.975, 2 * n + 2) / 2)


@pytest.mark.parametrize("shape", [0.02, 0.2, 2.0])
def test_of_hazards_however_unequal_it_covers_95_percent_where_enough_runs_carry_the_sum(
    shape: float,
) -> None:
    # 2,000 samples of gamma weights, each worth some 100 equal ones: (1 + shape)/shape weights make one. Where 95 %
    # are covered, fewer than 92.5 % are with p < 1e-6.
    n = round(100 * (1 + shape) / shape)
    drawn = np.random.default_rng(1).gamma(shape, 1e-6, (2_000, n))
    found = [probability_of(made_up(hazard)) for hazard in drawn]
    assert {each.method for each in found} == {GAMMA}
    assert np.mean([each.low <= shape * 1e-6 <= each.high for each in found]) > 0.925


def test_where_a_few_runs_carry_the_sum_wars_are_counted_instead() -> None:
    hazard = np.full(10_000, 1e-12)
    hazard[:3] = 0.1
    found = probability_of(made_up(hazard, wars=2))
    assert found.method == COUNTED
    assert (found.low, found.high) == clopper_pearson(2, 10_000, 0.95)
    assert found.value == 2e-4
    assert found.effective == pytest.approx(3, rel=1e-3)


def test_where_nothing_was_seen_nothing_is_known() -> None:
    found = probability_of(made_up(np.zeros(1_000)))
    assert (found.value, found.relative_error, found.method) == (0, inf, COUNTED)
    assert odds(found) == "below 0.4 %"
    with pytest.raises(ValueError, match="nothing is known of war"):
        runs_for(0.1, found)


def test_principals_that_choose_coldly_are_told_not_to_be_known() -> None:
    # Chances that are next to 0 but for a moment: the sum says little, and does not pretend to say more.
    found = probability_of(played(reluctant(-1.5, {"decisive.temperature": 0.005}), 4_000, 90))
    assert 0 < found.effective < RARE
    assert found.method == COUNTED
    assert found.high > 5e-4


# What is told -----------------------------------------------------------------------------------


def test_odds_are_said_in_percent_or_as_one_in_so_many() -> None:
    found = Probability("war", 10_000, 10_000, 5.93e-5, 5.35e-5, 6.77e-5, 0.051, 650, 371, 0, GAMMA)
    assert odds(found) == "1 in 16,900 (1 in 14,800 to 1 in 18,700)"
    assert odds(replace(found, value=0.0027, low=0.0025, high=0.0029)) == "0.27 % (0.25 to 0.29)"


def test_the_part_has_a_table_a_paragraph_and_plain_json() -> None:
    planned = reluctant().replace({"study.runs": 4_000})
    question = RareWar(planned)
    tables = question.tables({"rare": Hazards(planned).compute(0, 4_000)})
    [found] = rows(tables["rare"])
    assert found.n == 4_000
    text = question.page(tables)
    assert text.startswith("## Rare wars\n\n**War: 1 in ")
    assert odds(found) in text
    assert json.loads(json.dumps(question.to_json(tables)))["war"]["value"] == found.value
    empty = question.tables({"rare": made_up(np.zeros(100))})
    assert "only more runs help" in question.page(empty)
    assert question.to_json(empty)["war"]["relative_error"] is None
    assert not question.figures(empty)
