"""Attribution: what all fog changes is divided among its channels without remainder, run by run."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from itertools import permutations
from math import factorial

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from sim.compute.experiment import Piece, merged
from sim.engines.batch.engine import Program
from sim.engines.mesa.many import simulate
from sim.experiments.attribution.counts import (
    COALITIONS,
    GAMES,
    PLAYERS,
    SUSPICIONS,
    TOTAL,
    Attribution,
    on,
    suspicions,
)
from sim.experiments.attribution.question import WhichChannel
from sim.scenario.counterfactual import CHANNEL_TITLES, CHANNELS, unfogged, without
from sim.scenario.files import load
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import WARS, Outcome
from sim.statistics.shapley import pairs
from tests.support.planted import stormy, with_bystanders
from tests.support.random_scenarios import SCENARIOS

RUNS, DAYS = 300, 14
ALL_OFF = {f"fog.{channel}": 0.0 for channel in CHANNELS}


@cache
def planned() -> Scenario:
    """A crisis in which much happens in a fortnight, with a third party and fog of every strength."""
    scenario = with_bystanders(stormy(1, 1).scenario)
    return scenario.replace(
        {
            "study.runs": RUNS, "study.days": DAYS, "study.seed": 3, "world.loss_of_control": 0.002, "decisive.rate": 0.3,
            "fog.rhetoric": 0.6, "actors.south.fog.strikes": 0.4, "actors.south.resolve": 0.45,
            "actors.north.suspicion": {"value": 0.2, "low": -0.1, "high": 0.25, "source": "assumption"},
        }
    )  # fmt: skip


@cache
def piece() -> Piece:
    return Attribution.of(planned()).compute(0, RUNS)


@cache
def tables() -> dict[str, pd.DataFrame]:
    return WhichChannel(planned()).tables({"attribution": piece()})


def outcomes(scenario: Scenario) -> NDArray[np.int64]:
    own = scenario.study
    return Program.of(scenario).simulate(own.seed, 0, own.runs, own.days).rows["outcome"].astype(np.int64)


def with_suspicion(scenario: Scenario, setting: str) -> Scenario:
    found = suspicions(scenario, setting)
    return scenario.replace({f"actors.{name}.suspicion": value for name, value in found.items()})


@cache
def plainly(setting: str) -> dict[str, NDArray[np.int64]]:
    """Games (32, runs) from 32 scenarios that are each made and run by themselves."""
    scenario = with_suspicion(planned(), setting)
    found = np.array([outcomes(without(scenario, set(CHANNELS) - set(on(c)))) for c in COALITIONS])
    war = np.isin(found, sorted(WARS))
    return {
        "war": war.astype(int),
        "made": (war & ~war[0]).astype(int),
        "exit": (found == Outcome.exit).astype(int),
    }


# Arms -------------------------------------------------------------------------------------------


def test_the_full_coalition_is_the_scenario_and_the_empty_one_its_unfogged_twin() -> None:
    experiment = Attribution.of(planned())
    as_is = experiment.numbers[list(SUSPICIONS).index("as is")]
    assert np.array_equal(outcomes(experiment.arms[as_is[-1]]), outcomes(planned()))
    assert np.array_equal(outcomes(experiment.arms[as_is[0]]), outcomes(unfogged(planned())))
    assert not np.array_equal(outcomes(planned()), outcomes(unfogged(planned())))


@pytest.mark.parametrize("setting", SUSPICIONS)
def test_counts_are_those_of_32_scenarios_each_run_by_itself(setting: str) -> None:
    s = list(SUSPICIONS).index(setting)
    for game, happened in plainly(setting).items():
        assert np.array_equal(piece()[game][s], happened.sum(axis=1))


@pytest.mark.parametrize("setting", SUSPICIONS)
def test_values_are_what_channels_add_in_all_orders_of_switching_them_on(setting: str) -> None:
    s = list(SUSPICIONS).index(setting)
    for g, game in enumerate(GAMES):
        happened = plainly(setting)[game]
        added = np.zeros((len(CHANNELS), RUNS), np.int64)
        for order in permutations(range(len(CHANNELS))):
            coalition = 0
            for channel in order:
                added[channel] += happened[coalition | 1 << channel] - happened[coalition]
                coalition |= 1 << channel
        assert np.array_equal(piece()["values"][s, g], added.sum(axis=1))
        assert np.array_equal(piece()["value_squares"][s, g], (added**2).sum(axis=1))


@pytest.mark.parametrize("setting", SUSPICIONS)
def test_interactions_are_second_differences_weighed_by_their_size(setting: str) -> None:
    s = list(SUSPICIONS).index(setting)
    for g, game in enumerate(GAMES):
        happened = plainly(setting)[game]
        for p, (i, j) in enumerate(pairs(len(CHANNELS))):
            i, j = 1 << i, 1 << j
            index = sum(
                factorial(c.bit_count())
                * factorial(3 - c.bit_count())
                * (happened[c | i | j] - happened[c | i] - happened[c | j] + happened[c])
                for c in COALITIONS
                if not c & (i | j)
            )
            assert piece()["pairs"][s, g, p] == np.sum(index)
            assert piece()["pair_squares"][s, g, p] == np.sum(np.square(index))


def test_an_arm_is_the_same_in_the_mesa_engine() -> None:
    arm, own = Attribution.of(planned()).arms[7], planned().study
    stepped = simulate(arm, own.seed, 0, 10, own.days).rows["outcome"]
    assert np.array_equal(stepped, outcomes(arm)[:10])


def test_arms_that_are_the_same_are_played_once() -> None:
    # Without suspicion 16 subsets of the other four; with it 15 more (alone it does nothing), three times over.
    experiment = Attribution.of(load(SCENARIOS / "standoff.toml"))
    assert len(experiment.arms) == len({arm.digest() for arm in experiment.arms}) == 16 + 3 * 15
    assert experiment.weight == len(experiment.arms) + 64


def test_suspicion_is_put_to_the_ends_of_the_register_or_where_it_has_none_to_those_of_the_rest() -> None:
    assert suspicions(planned(), "low") == {"north": -0.1, "south": -0.15}
    assert suspicions(planned(), "high") == {"north": 0.25, "south": 0.3}
    assert suspicions(planned(), "as is") == {"north": 0.2, "south": -0.1}
    assert set(suspicions(planned(), "zero").values()) == {0.0}


# What must come out -----------------------------------------------------------------------------


def test_values_add_up_to_what_all_fog_changes_to_the_last_run() -> None:
    for g, game in enumerate(GAMES):
        changed = piece()[game][:, -1] - piece()[game][:, 0]
        assert np.array_equal(piece()["values"][:, g].sum(axis=1), 120 * changed)
        assert np.array_equal(piece()["gained"][:, g] - piece()["lost"][:, g], changed)
    assert piece()["war"].any() and piece()["exit"].any() and piece()["values"].any()


def test_where_suspicion_is_none_its_channel_does_nothing_in_any_run() -> None:
    s, channel = list(SUSPICIONS).index("zero"), CHANNELS.index("suspicion")
    assert not piece()["value_squares"][s, :, channel].any()
    assert not piece()["pair_squares"][s][:, [channel in pair for pair in pairs(len(CHANNELS))]].any()


def test_without_any_fog_there_is_one_arm_and_nothing_to_divide() -> None:
    experiment = Attribution.of(planned().replace(ALL_OFF | {"actors.south.fog.strikes": 0.0}))
    found = experiment.compute(0, RUNS)
    assert len(experiment.arms) == 1
    assert found["war"].any()
    for name in (
        "values",
        "value_squares",
        "pairs",
        "pair_squares",
        "gained",
        "lost",
        "made",
        "route_value_squares",
    ):
        assert not found[name].any()


@pytest.mark.parametrize("only", ["framework", "strikes"])
def test_a_channel_that_alone_is_on_is_given_everything(only: str) -> None:
    scenario = planned().replace(ALL_OFF | {"actors.south.fog.strikes": 0.0} | {f"fog.{only}": 1.0})
    if only == "strikes":
        scenario = scenario.replace({"actors.south.fog.strikes": 1.0})
    found = Attribution.of(scenario).compute(0, RUNS)
    others = [channel for channel in range(len(CHANNELS)) if CHANNELS[channel] != only]
    assert not found["value_squares"][:, :, others].any()
    assert found["value_squares"][:, :, CHANNELS.index(only)].any()
    for g, game in enumerate(GAMES):
        changed = found[game][:, -1] - found[game][:, 0]
        assert np.array_equal(found["values"][:, g, CHANNELS.index(only)], 120 * changed)


def test_however_runs_are_cut_the_counts_are_the_same() -> None:
    experiment = Attribution.of(planned())
    cut = merged(experiment.compute(first, count) for first, count in ((0, 1), (1, 130), (131, RUNS - 131)))
    assert cut.keys() == piece().keys()
    assert all(np.array_equal(cut[name], piece()[name]) and cut[name].dtype == np.int64 for name in cut)


def test_the_experiment_travels_and_says_what_it_depends_on() -> None:
    experiment = Attribution.of(planned())
    assert pickle.loads(pickle.dumps(experiment)) == experiment
    assert (experiment.units, experiment.noun) == (RUNS, "runs")

    def identity(other: Mapping[str, float]) -> str:
        return json.dumps(replace(experiment, planned=planned().replace(other)).identity())

    for other in ({"study.seed": 4}, {"study.days": 15}, {"world.contact": 0.7}):
        assert identity(other) != identity({})
    assert identity({"study.runs": 9}) == identity({})


# Routes -----------------------------------------------------------------------------------------


def test_routes_add_up_to_what_they_change_together_in_all_runs() -> None:
    found = piece()
    for g, game in enumerate(GAMES):
        counts = found[f"route_{game}"]
        assert found["route_values"][g].sum() == 720 * (counts[-1] - counts[0])
    assert found["route_values"][0].any()
    as_is = list(SUSPICIONS).index("as is")
    assert found["route_war"][-1] == found["war"][as_is][-1]


def test_fog_that_is_kept_from_every_route_is_no_fog() -> None:
    # Bit for bit: the empty coalition of routes is the empty coalition of channels.
    arms = Attribution.of(planned()).by_route
    assert np.array_equal(outcomes(arms[0]), outcomes(unfogged(planned())))
    assert np.array_equal(outcomes(arms[-1]), outcomes(planned()))


def test_each_route_of_each_side_does_something_and_is_the_same_in_the_mesa_engine() -> None:
    arms, own = Attribution.of(planned()).by_route, planned().study
    for i, (_, route) in enumerate(PLAYERS):
        arm = arms[2 ** len(PLAYERS) - 1 - (1 << i)]
        stepped = simulate(arm, own.seed, 0, 6, own.days).rows
        compiled = Program.of(arm).simulate(own.seed, 0, 6, own.days).rows
        assert all(np.array_equal(stepped[name], compiled[name], equal_nan=True) for name in stepped)
        if route == "acts":
            assert not np.array_equal(outcomes(arm), outcomes(planned()))


def test_where_no_exit_is_weighed_by_the_coercer_its_sincerity_route_does_nothing() -> None:
    # An exit is offered to the target: only the target asks whether it is meant.
    player = PLAYERS.index(("coercer", "sincerity"))
    assert not piece()["route_value_squares"][:, player].any()


# What is said -----------------------------------------------------------------------------------


def test_tables_hold_every_channel_pair_and_coalition_of_each_setting_and_game() -> None:
    found = tables()
    assert len(found["attribution"]) == 4 * 3 * 6
    assert len(found["interactions"]) == 4 * 3 * 10
    assert len(found["coalitions"]) == 4 * 32
    assert list(found["attribution"]) == ["suspicion", "game", "channel", "n", "value", "low", "high", "se"]
    assert list(found["coalitions"]) == ["suspicion", "channels", "n", *GAMES]
    assert not any(table.isna().any(axis=None) for table in found.values())


def test_the_total_of_a_table_is_the_sum_of_its_channels_and_the_difference_of_its_coalitions() -> None:
    attribution, coalitions = tables()["attribution"], tables()["coalitions"]
    for (setting, game), here in attribution.groupby(["suspicion", "game"]):
        total = here.loc[here["channel"] == TOTAL, "value"].item()
        assert here.loc[here["channel"] != TOTAL, "value"].sum() == pytest.approx(total, abs=1e-12)
        count = coalitions[coalitions["suspicion"] == setting].set_index("channels")[game]
        assert total == pytest.approx((count["+".join(CHANNELS)] - count["none"]) / RUNS)


def test_each_value_lies_in_its_interval_which_with_many_runs_is_as_wide_as_its_standard_error_says() -> None:
    many = {name: 100_000 * counts for name, counts in piece().items()}
    large = WhichChannel(planned().replace({"study.runs": 100_000 * RUNS})).tables({"attribution": many})
    for name in ("attribution", "interactions"):
        for table in (tables()[name], large[name]):
            assert ((table["low"] <= table["value"]) & (table["value"] <= table["high"])).all()
        known = large[name][large[name]["se"] > 0]
        assert (known["high"] - known["low"]).to_numpy() == pytest.approx(2 * 1.96 * known["se"], rel=0.01)


def test_json_is_plain_and_holds_the_tables() -> None:
    found = json.loads(json.dumps(WhichChannel(planned()).to_json(tables()), allow_nan=False))
    assert found["attribution"] == tables()["attribution"].to_dict("records")


def test_the_report_orders_channels_by_size_and_says_n_and_horizon() -> None:
    text = WhichChannel(planned()).page(tables())
    lines = text.splitlines()
    assert lines[0].startswith("## ")
    assert "n = 300 runs, horizon 14 days" in text
    first = lines[: lines.index("### What is misread, by whom")]
    said = [line[2:].split(": ")[0] for line in first if line.startswith("- ")]
    table = tables()["attribution"]
    here = table[(table["suspicion"] == "as is") & (table["game"] == "war") & (table["channel"] != TOTAL)]
    by_size = here.reindex(here["value"].abs().sort_values(ascending=False, kind="stable").index)
    assert said == [CHANNEL_TITLES[channel] for channel in by_size["channel"]]
    assert sum(line.startswith("| no working channels ") for line in lines) == len(GAMES)


def test_the_report_says_where_nothing_can_be_told_from_0() -> None:
    scenario = planned().replace(ALL_OFF | {"actors.south.fog.strikes": 0.0})
    question = WhichChannel(scenario)
    text = question.page(question.tables({"attribution": Attribution.of(scenario).compute(0, RUNS)}))
    assert "- suspicion: no difference at n = 300" in text
    assert "none that can be told from 0" in text
    assert "not distinguishable from 0 at n = 300" in WhichChannel(planned()).page(tables())


def test_all_channels_have_a_name_for_people() -> None:
    assert tuple(CHANNEL_TITLES) == CHANNELS
