"""Robustness: what is moved, how draws are spread, and that the noise of finite runs is taken out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import sim
from sim.compute.experiment import merged
from sim.experiments.claims.counts import design, moved
from sim.experiments.claims.robustness import robustness, survival
from sim.experiments.claims.tables import effects
from sim.experiments.design_experiment import singles
from sim.statistics.sampling import latin_hypercube

ARMS = [{"name": "a"}, {"name": "b", "set": {"world": {"framework": 0.8}, "decisive": {"rate": 0.2}}}]
CLAIM = {"says": "x", "mark": "emergent", "primary": "war", "expect": "lower"}


def scenario() -> sim.Scenario:
    plan = {"study.runs": 40, "study.days": 20}
    return sim.load("scenarios/standoff.toml").replace({"arms": ARMS, "claim": CLAIM} | plan)


def table(values: np.ndarray, error: float) -> pd.DataFrame:
    return pd.DataFrame({"value": values, "variance": error**2})


def test_a_latin_hypercube_hits_each_stratum_of_each_range_once() -> None:
    points = np.array(latin_hypercube([(0.0, 1.0), (-2.0, 6.0)], 50, 1))
    for column, (low, high) in zip(points.T, [(0.0, 1.0), (-2.0, 6.0)], strict=True):
        strata = np.floor((column - low) / (high - low) * 50).astype(int)
        assert sorted(strata) == list(range(50))
    assert (
        latin_hypercube([(0, 1)], 5, 1) == latin_hypercube([(0, 1)], 5, 1) != latin_hypercube([(0, 1)], 5, 2)
    )


def test_what_sets_the_level_of_war_is_always_moved_unless_an_arm_sets_it() -> None:
    keys = moved(scenario())
    assert {"decisive.temperature", "signals.raid.reluctance", "signals.invade.reluctance"} <= keys.keys()
    assert {
        "signals.attack.reluctance",
        "actors.washington.suspicion",
        "actors.caracas.suspicion",
    } <= keys.keys()
    assert "decisive.rate" not in keys
    assert "world.framework" not in keys
    assert keys["actors.caracas.suspicion"] == (-0.15, 0.3)


def test_a_number_without_a_range_is_moved_within_what_is_allowed() -> None:
    duel = sim.load("scenarios/duel.toml").replace(
        {"arms": ARMS, "claim": CLAIM, "decisive.temperature": 0.005}
    )
    keys = moved(duel)
    assert keys["decisive.temperature"] == (0.005, 0.0075)
    assert keys["actors.north.suspicion"] == pytest.approx((0.05, 0.15))


def test_draws_have_runs_of_their_own_and_sweeps_share_theirs() -> None:
    fresh = design(scenario(), 4, 30)
    assert fresh.fresh
    alike = replace(fresh, rows=singles((), [(), ()]), observables=("war",), runs=200, days=90)
    same = replace(alike, fresh=False).compute(0, 2)
    assert np.array_equal(same["row.gained"][0], same["row.gained"][1])
    apart = alike.compute(0, 2)
    assert not np.array_equal(apart["row.gained"][0], apart["row.gained"][1])


def test_points_do_not_depend_on_how_they_are_cut() -> None:
    each = design(scenario(), 5, 30)
    whole, cut = each.compute(0, 5), merged([each.compute(0, 2), each.compute(2, 3)])
    assert all(np.array_equal(whole[name], cut[name]) for name in whole)
    assert len(effects(each, whole)) == 5


@pytest.mark.parametrize(("expect", "sign"), [("higher", 1), ("lower", -1)])
def test_the_share_of_draws_is_that_of_true_effects_not_of_noisy_ones(expect: str, sign: int) -> None:
    """True effects N(2, 1) are above 0 in 97.7 % of draws; seen with noise 2, in 81.4 %.

    τ² is known to ±0.11 (one standard error), so at 5 of them the share lies within 94.6 and 99.9 %.
    """
    luck = np.random.default_rng(11)
    seen = sign * (2 + luck.standard_normal(4000) + 2 * luck.standard_normal(4000))
    found = robustness(survival(table(seen, 2.0), 100, expect))  # type: ignore[arg-type]
    assert 0.946 < found["share"] < 0.999
    assert found["share_low"] < found["share"] < found["share_high"]
    assert found["tau"] == pytest.approx(1, abs=0.3)
    assert found["inner"] == pytest.approx(2)
    assert np.mean(sign * seen > 0) < 0.87  # what the planted bug, to count the noisy ones, would give


def test_where_draws_do_not_differ_the_share_is_as_unsure_as_the_mean() -> None:
    found = survival(table(0.05 + np.linspace(-1, 1, 40), 1.0), 100, "higher")
    assert found.effects.counted.rate == 1  # what a mere count of the true effects would make of it
    assert found.share.low < 0.5 < found.share.high


def test_a_difference_that_never_is_there_has_no_effect_in_any_draw() -> None:
    found = survival(table(np.zeros(20), 0.01), 100, "higher")
    assert found.unchanged


def test_without_an_expectation_there_is_no_share() -> None:
    found = robustness(survival(table(np.linspace(-1, 1, 20), 0.1), 100, "none"))
    assert found["share"] is None
