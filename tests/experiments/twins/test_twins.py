"""Runs beside their clear-sighted twins: cells, parting and regret, against crises that can be solved by hand."""

from __future__ import annotations

import json
from functools import cache
from math import exp
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.compute.experiment import Piece, merged
from sim.engines.batch.engine import Program
from sim.engines.branches import Plays
from sim.experiments.study.study import run
from sim.experiments.twins.counts import CELLS, Pairs, cells, parted_on, parting_acts, regret, structural
from sim.experiments.twins.question import Twins
from sim.scenario.counterfactual import CHANNELS, clear_sighted, without
from sim.scenario.files import load
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import Outcome
from sim.statistics.proportions import proportion
from tests.engines.test_exact_crisis import FALSE_ALARM, duel, least_tail
from tests.support.random_scenarios import SCENARIOS

DAYS, RUNS = 10, 30_000
THETA, NOISE = 0.55, 0.3


def constant_hazard(noise: float = NOISE) -> Scenario:
    """North holds or raids, and nothing changes but luck; it misjudges South by the same error every day.

    Without doubt (v = 0) nobody learns, so the error of the first guess, noise · z, stays.
    """
    changes: dict[str, Any] = {
        "actors.north.posture": 0.6,
        "world.tempo": 0.0,
        "world.framework": 0.0,
        "signals.raid.reluctance": 0.1,
        "actors.north.prior_error": noise,
        "belief.variance": 0.0,
        "belief.drift": 0.0,
        "study.runs": RUNS,
        "study.days": DAYS,
    }
    changes |= {f"kept.{quantity}": 1.0 for quantity in ("opposition", "backing", "support")}
    return duel(("raid",), (), changes).replace({"fog.framework": 1.0, "study.seed": 20260411})


def sigma(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-x))


def hazard(scenario: Scenario, belief: Any) -> NDArray[np.float64]:
    """By hand: the chance a day that North raids, believing that South's resolve is ``belief``."""
    world, b = scenario.world, np.clip(np.asarray(belief, dtype=np.float64), 0.0, 1.0)
    dread = (1 - THETA) * 1.6
    gain = sigma(6 * (0.55 * 0.6 + 0.4 * 0.3 - 0.3 * world.support - b - 0.15))
    risk = sigma(6 * (0.5 * b + 0.25 * 0.9 - 1))
    hold = THETA * gain - dread * risk * (1 + 0.6 * world.opposition - 0.3 * world.backing)
    winning = sigma(5 * (0.6 - b - 0.3 * world.support + 0.15))
    burden = (0.20 + 0.45 * b) * (1 + 0.5 * world.opposition - 0.3 * world.backing)
    raid = THETA * 1.1 * winning - dread * burden - 0.1
    return 0.1 * sigma((raid - hold) / 0.05)


@cache
def exact_cells() -> NDArray[np.float64]:
    """The law of the four cells, by quadrature over the error: day by day the same uniform decides for both.

    Whichever of the two chances is higher, its war has come wherever the other's has, so with survival
    s = (1-p)^T, miscalculated = E max(0, s_twin - s_run), prevented = E max(0, s_run - s_twin), structural =
    E min(1 - s_run, 1 - s_twin).
    """
    z = np.linspace(-9, 9, 200_001)
    weight = np.exp(-z * z / 2)
    weight /= weight.sum()
    scenario = constant_hazard()
    run = (1 - hazard(scenario, THETA + NOISE * z)) ** DAYS
    twin = (1 - hazard(scenario, THETA)) ** DAYS
    miscalculated, prevented = np.maximum(0, twin - run) @ weight, np.maximum(0, run - twin) @ weight
    both = np.minimum(1 - run, 1 - twin) @ weight
    return np.array([miscalculated, both, prevented, 1 - miscalculated - both - prevented])


@cache
def counted() -> Piece:
    return Pairs(constant_hazard()).compute(0, RUNS)


def cell_counts(piece: Piece) -> NDArray[np.int64]:
    return np.asarray(piece["parting_day"].sum(axis=1))


def test_the_four_cells_have_their_exact_probabilities() -> None:
    law = exact_cells()
    assert (law > 0.02).all()  # the test says something
    assert least_tail(cell_counts(counted()), RUNS, law) > FALSE_ALARM


def test_twins_with_luck_of_their_own_would_be_noticed() -> None:
    # Planted bug: the twin is played with another seed.
    scenario = constant_hazard()
    run = Program.of(scenario).simulate(1, 0, RUNS, DAYS).rows["outcome"]
    twin = Program.of(clear_sighted(scenario)).simulate(2, 0, RUNS, DAYS).rows["outcome"]
    counts = np.bincount(cells(run, twin), minlength=4)
    assert least_tail(counts, RUNS, exact_cells()) < FALSE_ALARM


def test_regret_is_what_the_error_adds_to_the_chance_of_war() -> None:
    scenario = constant_hazard()
    found = Program.of(scenario).record(Plays.of(0, 500), 1, DAYS)
    belief = Program.of(scenario).history(1, 0, 500, 1)["belief.north"][0]
    war = found.batch.rows["outcome"] == Outcome.raid
    assert 50 < war.sum() < 450
    assert found.chances[0][war] == pytest.approx(hazard(scenario, belief)[war])
    assert found.chances[1][war] == pytest.approx(hazard(scenario, THETA))
    assert np.isnan(found.chances[:, ~war]).all()


def test_where_one_side_cannot_act_only_the_others_sight_matters() -> None:
    joint = counted()["outcomes"]
    assert np.array_equal(counted()["coercer"], joint)  # North sees clearly: as if all did
    unmoved = np.diag(joint.sum(axis=1))
    assert np.array_equal(counted()["target"], unmoved)  # South's misreading changes nothing


# Identities --------------------------------------------------------------------------------------


def standoff(runs: int = 300) -> Scenario:
    return load(SCENARIOS / "standoff.toml").replace({"study.runs": runs, "study.days": 60})


def test_without_fog_run_and_twin_are_identical() -> None:
    clear = without(standoff(), CHANNELS)
    piece = Pairs(clear).compute(0, 200)
    joint = piece["outcomes"]
    assert np.array_equal(joint, np.diag(np.diag(joint)))
    assert np.array_equal(piece["target"], joint)
    assert np.array_equal(piece["coercer"], joint)
    assert piece["parting_day"][:, :-1].sum() == 0
    assert piece["parting_act"].sum() == 0
    found = told(clear.replace({"study.runs": 200}), piece)[0]
    assert found["net"]["war"]["value"] == 0.0
    assert found["miscalculated"]["count"] == found["prevented"]["count"] == 0


@pytest.mark.parametrize("fog", [{"fog.framework": 1.0}, {"actors.caracas.fog.rhetoric": 0.5}])
def test_a_twin_is_free_of_every_fog_however_it_was_set(fog: dict[str, float]) -> None:
    clear = clear_sighted(standoff().replace(fog))
    assert all(set(clear.fog_of(name).model_dump().values()) == {0.0} for name in clear.actors)
    some = clear_sighted(standoff().replace(fog), ["caracas"])
    assert set(some.fog_of("caracas").model_dump().values()) == {0.0}
    assert some.fog_of("washington") == standoff().replace(fog).fog_of("washington")


def test_counts_do_not_depend_on_how_runs_are_cut() -> None:
    pairs = Pairs(standoff())
    whole = pairs.compute(0, 300)
    cut = merged([pairs.compute(0, 1), pairs.compute(1, 128), pairs.compute(129, 171)])
    assert whole.keys() == cut.keys()
    assert all(np.array_equal(whole[name], cut[name]) for name in whole)


def test_cells_are_the_runs_of_two_studies_crossed_by_number() -> None:
    scenario = standoff()
    own = scenario.study
    rows = [
        Program.of(each).simulate(own.seed, 0, 300, own.days).rows["outcome"]
        for each in (scenario, clear_sighted(scenario))
    ]
    war, true_war = (np.array([Outcome(code) >= Outcome.raid for code in each]) for each in rows)
    by_hand = [war & ~true_war, war & true_war, ~war & true_war, ~war & ~true_war]
    assert cell_counts(Pairs(scenario).compute(0, 300)).tolist() == [int(each.sum()) for each in by_hand]


# Small cases by hand -----------------------------------------------------------------------------


def test_wars_in_both_are_told_apart_by_act_and_day() -> None:
    raid, invasion, exit_ = Outcome.raid, Outcome.invasion, Outcome.exit
    rows = {
        "outcome": np.array([raid, raid, raid, raid, raid, exit_]),
        "end_day": np.array([10, 10, 10, 10, 10, 3]),
    }
    twin = {
        "outcome": np.array([raid, raid, raid, invasion, exit_, raid]),
        "end_day": np.array([17, 18, 2, 10, 4, 9]),
    }
    assert structural(rows, twin).tolist() == [
        1,
        1,
        1,
        1,
    ]  # same within 7 days, hastened, delayed, another act


def test_pairs_part_on_the_first_day_on_which_anything_differs() -> None:
    sent = np.array([[[1, 1, 1], [2, 2, 2]], [[1, 1, 255], [2, 2, 255]]], np.uint8)  # days, actors, runs
    twin = np.array([[[1, 1, 1], [2, 3, 2]], [[1, 1, 0], [2, 2, 2]]], np.uint8)
    day = parted_on(sent, twin)
    assert day.tolist() == [2, 0, 1]
    acts = parting_acts(sent, twin, day, np.array([3, 0, 1]), signals=4)
    assert acts[0, 1, 2, 3] == 1  # the second actor sent 2, and 3 in the twin
    assert acts[1, 0, 4, 0] == acts[1, 1, 4, 2] == 1  # the run has ended, the twin goes on
    assert acts.sum() == 3


def test_regret_is_counted_by_act_and_never_beyond_its_floor() -> None:
    outcome = np.array([Outcome.raid, Outcome.raid, Outcome.attack, Outcome.exit])
    found = regret(outcome, np.array([0.5, -1e9, 1.0, np.nan]))
    assert found["regret"].sum(axis=1).tolist() == [2, 0, 1]
    assert found["regret"][0, 0] == 1  # far below -1: in the lowest bin
    assert found["regret"][0, 30] == 1  # 0.5 begins the bin 0.5 to 0.55
    assert found["regret"][2, -1] == 1
    assert found["regret_sum"].tolist() == [128 - 2_560_000, 0, 256]


def test_a_war_that_the_script_orders_is_regretted_by_nobody() -> None:
    raid = {"day": 4, "actor": "north", "signal": "raid"}
    ordered = constant_hazard().replace({"script": [raid], "study.runs": 200})
    piece = Pairs(ordered).compute(0, 200)
    rows = Program.of(ordered).simulate(ordered.study.seed, 0, 200, DAYS).rows
    assert piece["regret"].sum() == np.count_nonzero(rows["end_day"].astype(int) < 4)
    assert piece["outcomes"][Outcome.raid, Outcome.raid] == 200


# What is told --------------------------------------------------------------------------------------


def told(scenario: Scenario, piece: Piece) -> tuple[dict[str, Any], str]:
    """The JSON and the page of some pairs."""
    question = Twins(scenario)
    found = question.tables({"twins": piece})
    return question.to_json(found), question.page(found)


@cache
def of_standoff() -> tuple[dict[str, Any], str]:
    return told(standoff(), Pairs(standoff()).compute(0, 300))


def test_the_json_has_the_cells_with_intervals_bounds_and_net() -> None:
    found, _ = of_standoff()
    json.dumps(found, allow_nan=False)
    assert sum(found[name]["count"] for name in CELLS) == found["n"] == 300
    for name in CELLS:
        estimate = proportion(found[name]["count"], 300)
        assert found[name] == {
            "count": estimate.count,
            "rate": estimate.rate,
            "low": estimate.low,
            "high": estimate.high,
        }
    war, twin_war = (
        found["miscalculated"]["count"] + found["structural"]["count"],
        found["prevented"]["count"] + found["structural"]["count"],
    )
    assert found["net"]["war"]["value"] == pytest.approx((war - twin_war) / 300)
    assert found["bounds"] == pytest.approx(
        {"low": max(0, war - twin_war) / 300, "high": min(war, 300 - twin_war) / 300}
    )
    assert found["one_sided"]["both"]["value"] == pytest.approx(-found["net"]["war"]["value"])


def test_the_report_states_the_numbers_of_the_json_with_n_and_horizon() -> None:
    found, text = of_standoff()
    assert "n = 300 pairs, horizon 60 days" in text
    assert f"structural: {100 * found['structural']['rate']:.0f} % (" in text
    assert "not distinguishable from 0 at n = 300" in text
    assert "only Caracas sees clearly" in text


def test_a_scenario_may_ask_for_twins_itself() -> None:
    small = standoff().replace({"study.kind": "twins", "study.runs": 20, "study.days": 5})
    study = run(small, save=False)
    assert set(study.to_json()["twins"]) >= {*CELLS, "bounds", "net"}
    assert "twins" not in run(small.replace({"study.kind": "plain"}), save=False).to_json()


def test_without_wars_nothing_is_told_of_how_they_differ() -> None:
    peaceful = constant_hazard().replace({"decisive.rate": 0.0, "study.runs": 100})
    piece = Pairs(peaceful).compute(0, 100)
    found, text = told(peaceful, piece)
    assert "No principal chose a war" in text
    assert "below" in text
    json.dumps(found, allow_nan=False)


def test_hand_arithmetic_of_the_hazard_is_that_of_the_other_test() -> None:
    # The closed form above, once in plain arithmetic: θ = b = .55.
    assert float(hazard(constant_hazard(), 0.55)) == pytest.approx(0.1 / (1 + exp(-_advantage() / 0.05)))


def _advantage() -> float:
    """Utility of a raid less that of holding, by plain arithmetic, at opposition .1, backing .05, support .1."""
    world = constant_hazard().world
    assert (world.opposition, world.backing, world.support) == (0.1, 0.05, 0.1)
    gain = 1 / (1 + exp(-6 * (0.33 + 0.12 - 0.03 - 0.55 - 0.15)))
    risk = 1 / (1 + exp(-6 * (0.275 + 0.225 - 1)))
    winning = 1 / (1 + exp(-5 * (0.6 - 0.55 - 0.03 + 0.15)))
    hold = 0.55 * gain - 0.72 * risk * (1 + 0.06 - 0.015)
    return 0.605 * winning - 0.72 * 0.4475 * (1 + 0.05 - 0.015) - 0.1 - hold
