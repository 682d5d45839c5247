"""Runs beside their clear-sighted twins: cells, parting and regret, against crises that can be solved by hand."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Literal

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from sim.compute.experiment import Piece, merged
from sim.engines.batch.engine import Program
from sim.engines.branches import Plays
from sim.engines.mesa.model import CrisisModel
from sim.experiments.study.study import run
from sim.experiments.twins.counts import (
    CELLS,
    WAR_CODES,
    Pairs,
    cells,
    chosen,
    parted_on,
    parting_acts,
    regret,
    structural,
)
from sim.experiments.twins.question import Twins
from sim.experiments.twins.report import _quantile
from sim.scenario.counterfactual import SWITCHES, clear_sighted, without
from sim.scenario.files import load
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import Outcome
from sim.statistics.proportions import proportion
from tests.engines.test_exact_crisis import FALSE_ALARM, NO_LUCK, duel, least_tail
from tests.support.random_scenarios import SCENARIOS

DAYS, RUNS = 10, 30_000
THETA, NOISE, RELUCTANCE = 0.55, 0.3, -0.4


def constant_hazard(noise: float = NOISE) -> Scenario:
    """North holds or raids, and nothing changes but luck; it misjudges South by the same error every day.

    South can only hold, which says nothing, so the error of the first guess, noise · z, stays.
    """
    changes: dict[str, Any] = {
        "actors.north.posture": 0.6,
        "world.tempo": 0.0,
        "world.framework": 0.0,
        "signals.raid.reluctance": RELUCTANCE,
        "actors.north.prior_error": noise,
        "belief": {"drift": 0.0, "appetite_drift": 0.0, "variance_cap": 0.25},
        "study.runs": RUNS,
        "study.days": DAYS,
    }
    changes |= {f"kept.{quantity}": 1.0 for quantity in ("opposition", "backing", "support")}
    sights = {"fog.framework": 1.0, "fog.uncertainty": 1.0, "study.seed": 20260411}
    return duel(("raid",), (), changes | NO_LUCK).replace(sights)


def hazard(scenario: Scenario, beliefs: Any) -> NDArray[np.float64]:
    """(days, beliefs) the chance a day that North raids, believing that South's resolve is so: one model, asked by agents.

    The rules are those of the Mesa engine; that runs and twins are paired as said is what is tested here.
    """
    days = scenario.study.days
    still = next(
        run
        for run in range(100)
        if Program.of(scenario).simulate(scenario.study.seed, run, 1, days).rows["end_day"][0] < 0
    )
    model = CrisisModel(scenario, seed=scenario.study.seed, run=still, days=days, observed=False)
    found = np.zeros((days, np.size(beliefs)))
    for day in range(days):
        own = model.coercer.belief
        for place, belief in enumerate(np.ravel(beliefs)):
            model.coercer.belief = float(belief)
            found[day, place] = model.coercer.war_chance()
        model.coercer.belief = own
        model.step()
    return found


@cache
def exact_cells() -> NDArray[np.float64]:
    """The law of the four cells, by quadrature over the error: day by day the same uniform decides for both.

    Whichever of the two chances is higher, its war has come wherever the other's has, so with survival
    s = (1-p)^T, miscalculated = E max(0, s_twin - s_run), prevented = E max(0, s_run - s_twin), structural =
    E min(1 - s_run, 1 - s_twin).
    """
    z = np.linspace(-7, 7, 1_401)
    weight = np.exp(-z * z / 2)
    weight /= weight.sum()
    scenario = constant_hazard()
    run = np.prod(1 - hazard(scenario, THETA + NOISE * z), axis=0)
    twin = np.prod(1 - hazard(clear_sighted(scenario), THETA), axis=0)
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
    belief = Program.of(scenario).history(1, 0, 500, 1)["belief.coercer"][0]
    war = np.flatnonzero(found.batch.rows["outcome"] == Outcome.raid)
    assert 50 < len(war) < 450
    day = found.batch.rows["end_day"].astype(int)[war]
    assert found.chances[0][war] == pytest.approx(hazard(scenario, belief[war])[day, np.arange(len(war))])
    assert found.chances[1][war] == pytest.approx(hazard(clear_sighted(scenario), THETA)[day, 0])
    peace = np.setdiff1d(np.arange(500), war)
    assert np.isnan(found.chances[:, peace]).all()


def test_the_attributable_fraction_by_hand() -> None:
    # A chance of .2 as it saw its rival and of .05 in truth: .75 of it was error. Of .1 and .15: -.5.
    chances = np.array([[0.2, 0.1, 0.4], [0.05, 0.15, 0.0]])
    share = chosen(constant_hazard(), {"end_day": np.array([3, 4, 5])}, chances)
    assert share == pytest.approx([0.75, -0.5, 1.0], abs=1e-12)


def test_errors_on_the_day_are_those_that_agents_reckon() -> None:
    scenario = standoff()
    found = Program.of(scenario).record(Plays.of(0, 6), 1, 30).errors
    for number in range(6):
        model, sums = CrisisModel(scenario, seed=1, run=number, days=30, observed=False), np.zeros((2, 3))
        while model.running:
            for place, each in enumerate(model.principals):
                seen, true = each.war_chance(), each.war_chance(truly=True)
                sums[place] += (seen, max(seen - true, 0.0), max(true - seen, 0.0))
            model.step()
        assert np.array_equal(sums, found[:, :, number])
    assert (found[0].sum(axis=1) > 0).all()


def test_the_split_adds_up_in_every_run_and_every_end() -> None:
    sights = Pairs(standoff()).compute(0, 300)["sights"]
    assert sights.sum() == 300
    split = Twins(standoff()).tables({"twins": Pairs(standoff()).compute(0, 300)})["split"]
    for _, here in split.groupby("end"):
        value = here.set_index("part")["value"]
        parts = value["structural"] + value["private"] + value["misperception"]
        assert parts == pytest.approx(value["fogged"], abs=1e-12)
    assert (split["value"] != 0).any()


def test_in_clear_sight_nothing_is_left_to_split() -> None:
    clear = without(standoff(), SWITCHES)
    split = Twins(clear).tables({"twins": Pairs(clear).compute(0, 200)})["split"]
    apart = split[split["part"].isin(["private", "misperception"])]
    assert (apart["value"] == 0).all()


def test_a_reroll_has_the_people_of_day_0_and_other_luck() -> None:
    piece = Pairs(standoff()).compute(0, 300)
    wars = beside(piece)[list(WAR_CODES)].sum()
    assert piece["reroll"].sum() == wars > 0
    assert 0 < piece["reroll"][:, list(WAR_CODES)].sum() < wars
    own = standoff().study
    runs = np.arange(40)
    again = Plays.of(0, 40).forked(runs, np.ones_like(runs), np.zeros_like(runs))
    first, other = (Program.of(standoff()).states(each, own.seed, 2) for each in (Plays.of(0, 40), again))
    assert np.array_equal(first["appetite.coercer"][0], other["appetite.coercer"][0])
    assert not np.array_equal(first["resolve.coercer"][1], other["resolve.coercer"][1])


def test_where_one_side_cannot_act_only_the_others_sight_matters() -> None:
    joint = beside(counted())
    assert np.array_equal(counted()["coercer"], joint)  # North sees clearly: as if all did
    unmoved = np.diag(joint.sum(axis=1))
    assert np.array_equal(counted()["target"], unmoved)  # South's misreading changes nothing


def beside(piece: Piece) -> NDArray[np.int64]:
    """(8, 8) runs by outcome in the run and in its clear-sighted twin."""
    return np.asarray(piece["sights"].sum(axis=1))


# Identities --------------------------------------------------------------------------------------


def standoff(runs: int = 300) -> Scenario:
    return load(SCENARIOS / "standoff.toml").replace({"study.runs": runs, "study.days": 60})


def test_without_fog_run_and_twin_are_identical() -> None:
    clear = without(standoff(), SWITCHES)
    piece = Pairs(clear).compute(0, 200)
    joint = beside(piece)
    assert np.array_equal(joint, np.diag(np.diag(joint)))
    assert np.array_equal(piece["target"], joint)
    assert np.array_equal(piece["coercer"], joint)
    assert piece["parting_day"][:, :-1].sum() == 0
    assert piece["parting_act"].sum() == 0
    found = told(clear.replace({"study.runs": 200}), piece)[0]
    assert found["net"]["war"]["value"] == 0.0
    assert found["miscalculated"]["count"] == found["prevented"]["count"] == 0


def off(scenario: Scenario, role: Literal["coercer", "target"]) -> bool:
    """Whether all six switches of sight are off for a principal."""
    fog = scenario.fog_of(role).model_dump()
    return {fog[switch] for switch in SWITCHES} == {0.0}


@pytest.mark.parametrize("fog", [{"fog.framework": 1.0}, {"actors.caracas.fog.rhetoric": 0.5}])
def test_a_twin_is_free_of_every_fog_however_it_was_set(fog: dict[str, float]) -> None:
    clear = clear_sighted(standoff().replace(fog))
    assert all(off(clear, role) for role in ("coercer", "target"))
    some = clear_sighted(standoff().replace(fog), ["caracas"])
    assert off(some, "target")
    assert some.fog_of("coercer") == standoff().replace(fog).fog_of("coercer")


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
    # Each case as often as none other is, so that none can take another's place.
    often = np.array([4, 3, 2, 1, 7, 8])
    rows, twin = ({name: np.repeat(each, often) for name, each in table.items()} for table in (rows, twin))
    same, hastened, delayed, another = structural(rows, twin).tolist()
    assert (same, hastened, delayed, another) == (4, 3, 2, 1)


def test_half_have_parted_on_the_first_day_by_which_that_many_have_whatever_their_cell() -> None:
    table = pd.DataFrame(
        {"day": [9, 2, 5, 2, 9], "count": [1, 1, 3, 1, 4], "cell": ["a", "b", "a", "a", "b"]}
    )
    assert [_quantile(table, share) for share in (0.2, 0.21, 0.5, 0.51, 1.0)] == [2, 5, 5, 9, 9]


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
    assert beside(piece)[Outcome.raid, Outcome.raid] == 200


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
