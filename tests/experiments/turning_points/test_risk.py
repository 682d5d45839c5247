"""Risk day by day: known at the end, by hand where it can be solved, and over many runs the rate of war.

False alarms: each comparison by chance with probability 1e-8 at most (Bonferroni over its cells).
"""

from __future__ import annotations

import pickle
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from sim.compute.experiment import merged
from sim.engines.batch.engine import Program
from sim.engines.branches import MOST_BRANCHES, Plays
from sim.errors import StudyError
from sim.experiments.runner import Answer
from sim.experiments.turning_points.closest.question import closest_call
from sim.experiments.turning_points.ends import ENDS
from sim.experiments.turning_points.figures import acts
from sim.experiments.turning_points.risk.counts import BEFORE, Continuations
from sim.experiments.turning_points.risk.question import Risk, risk
from sim.experiments.turning_points.risk.report import told
from sim.experiments.turning_points.risk.tables import NO_RETURN, chances, changes, no_return, turning_days
from sim.experiments.turning_points.tables import interval
from sim.results.course import Course
from sim.scenario.files import load
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import WARS, Outcome
from sim.statistics.proportions import proportion
from tests.engines.test_exact_crisis import FALSE_ALARM, constant_hazard, least_tail
from tests.support.planted import stormy, with_bystanders
from tests.support.random_scenarios import SCENARIOS

DAYS = 20
WAR_CODES = [int(outcome) for outcome in WARS]


@cache
def crisis(days: int = DAYS) -> Scenario:
    """A crisis in which much happens within days, of 2,000 runs."""
    planned = {"study.days": days, "study.seed": 1, "study.runs": 2000}
    return with_bystanders(stormy(12, 1).scenario).replace(planned)


@cache
def first(*outcomes: Outcome) -> int:
    """The first run that comes to one of these."""
    rows = Program.of(crisis()).simulate(1, 0, 2000, DAYS).rows
    return int(np.flatnonzero(np.isin(rows["outcome"], outcomes) & (rows["end_day"] != 0))[0])


@cache
def traced(*outcomes: Outcome) -> Answer:
    return risk(crisis(), first(*outcomes), 100, save=False)


def course(found: Answer) -> Course:
    assert isinstance(found.question, Risk)
    return found.question.course


# What is known ----------------------------------------------------------------------------------


def test_on_the_evening_of_the_war_its_chance_is_1_and_all_others_are_0() -> None:
    found = traced(*WARS)
    last = {end: list(chances(found.table(), end).items())[-1] for end in ENDS}
    assert {day for day, _ in last.values()} == {course(found).end_day}
    assert {end: (each.rate, each.low, each.high) for end, (_, each) in last.items()} == {
        "war": (1.0, 1.0, 1.0),
        "deescalation": (0.0, 0.0, 0.0),
        "exit": (0.0, 0.0, 0.0),
        "settlement": (0.0, 0.0, 0.0),
    }


def test_on_the_last_evening_before_the_horizon_nothing_can_come_any_more() -> None:
    table = traced(Outcome.standoff).table()
    assert table["day"].max() == DAYS - 1
    assert (table[table["day"] == DAYS - 1][["value", "high"]] == 0.0).all(axis=None)


def test_there_is_an_evening_for_each_day_and_one_before_them() -> None:
    for found in (traced(*WARS), traced(Outcome.standoff)):
        table = found.table()
        assert list(chances(table)) == list(range(-1, len(course(found).days)))
        assert table[table["day"] == BEFORE]["change"].isna().all()


def test_what_a_day_changed_is_what_lies_between_its_evenings() -> None:
    table = traced(*WARS).table()
    for _, here in table.groupby("quantity"):
        for before, evening in pairwise(here.to_dict("records")):
            assert evening["change"] == pytest.approx(evening["value"] - before["value"], abs=1e-12)
            assert evening["n"] == 100


# Numbers that are right ---------------------------------------------------------------------------


def test_with_a_constant_hazard_the_risk_falls_as_the_days_run_out() -> None:
    # P(war | peace until the evening of day d) = 1 - (1-p)^(T-1-d), T days in all, whatever run it is.
    scenario, p = constant_hazard()
    days, times = 10, 20_000
    planned = scenario.replace({"study.days": days, "study.seed": 9})
    outcomes = Program.of(planned).simulate(9, 0, 50, days).rows["outcome"]
    run = int(np.flatnonzero(outcomes != Outcome.raid)[0])
    found = risk(planned, run, times, save=False)
    wars = np.array([each.count for each in chances(found.table()).values()])
    law = 1 - (1 - p) ** np.arange(days, -1, -1)
    assert law[0] > 0.2
    assert least_tail(wars, times, law) > FALSE_ALARM
    assert least_tail(wars[:-1], times, law[1:]) < FALSE_ALARM  # planted: a day too late
    assert least_tail(wars[1:], times, law[:-1]) < FALSE_ALARM  # planted: a day too early


def test_over_many_runs_the_risk_on_any_evening_has_the_rate_of_war_as_its_mean() -> None:
    # The law of total probability. One run's own risk before day 0 is not that rate: its people are drawn already.
    runs, program = 20_000, Program.of(crisis(12))
    rate = program.simulate(1, runs, runs, 12).rows["hazard"].astype(np.float64).mean()
    own = Plays.of(0, runs)
    for evening in (BEFORE, 0, 6):  # between, runs that go on are as warlike as all
        ones = np.ones((runs, 1), np.int64)
        rows = program.play(replace(own, branches=ones, since=(evening + 1) * ones), 1, 12).rows
        war = np.isin(rows["outcome"], WAR_CODES)
        counted = np.array([war.sum()])
        assert least_tail(counted, runs, np.array([rate])) > FALSE_ALARM
        assert least_tail(counted, runs, np.array([0.9 * rate])) < FALSE_ALARM  # planted bias
        if evening > BEFORE:  # planted: runs that are over are left out
            end_day = rows["end_day"].astype(np.int64)
            going = (end_day < 0) | (end_day > evening)
            left = least_tail(np.array([war[going].sum()]), int(going.sum()), np.array([rate]))
            assert left < FALSE_ALARM


def test_before_day_0_the_risk_of_one_run_is_that_of_its_people_and_not_the_rate() -> None:
    before = [
        Continuations(crisis(), run, (BEFORE,), 500).compute(0, 500)["count"][0, 0] for run in range(12)
    ]
    assert least_tail(np.array(before), 500, np.full(12, np.mean(before) / 500)) < FALSE_ALARM


def test_continuations_are_counted_as_the_engine_plays_them() -> None:
    asked = Continuations(crisis(), 5, (BEFORE, 2, 6), 90)
    counts = asked.compute(0, 90)
    for place, evening in enumerate(asked.evenings):
        plays = Plays.continuations(5, [evening + 1], 90)
        outcome = Program.of(crisis()).play(plays, 1, DAYS).rows["outcome"]
        assert counts["count"][0, place] == np.isin(outcome, WAR_CODES).sum()
        for end in ("deescalation", "exit", "settlement"):
            assert counts["count"][list(ENDS).index(end), place] == (outcome == Outcome[end]).sum()


def test_counts_do_not_depend_on_how_branches_are_cut() -> None:
    asked = pickle.loads(pickle.dumps(Continuations(crisis(), 5, (BEFORE, 2, 6), 90)))
    parts = merged(asked.compute(at, count) for at, count in ((0, 7), (7, 50), (57, 33)))
    for name, array in asked.compute(0, 90).items():
        assert np.array_equal(parts[name], array), name


def test_branches_beyond_their_addresses_are_refused() -> None:
    with pytest.raises(ValueError, match="2 branches from 65535 on"):
        Plays.continuations(1, [0], 2, MOST_BRANCHES)
    assert Plays.continuations(1, [0], 1, MOST_BRANCHES).branches.tolist() == [[MOST_BRANCHES]]


# No return, and close calls -----------------------------------------------------------------------


def drawn(rates: list[float]) -> pd.DataFrame:
    """The table of a war whose chance went so, evening by evening."""
    before = [proportion(round(400 * rate), 400) for rate in rates]
    cells = [interval(each) for each in before[:-1]] + [{"value": rates[-1], "low": rates[-1], "high": 1.0}]
    return pd.DataFrame(
        {"day": day, "quantity": "war", **each, "n": 400} for day, each in enumerate(cells, BEFORE)
    )


@pytest.mark.parametrize(
    ("rates", "day"),
    [
        ([0.2, 0.6, 1.0], 0),
        ([0.2, 0.6, 0.4, 1.0], 2),  # it fell below again
        ([0.2, 0.52, 1.0], 1),  # 0.52 of 400 is 0.47 to 0.57: not surely above
        ([0.9, 0.8, 1.0], BEFORE),
        ([0.1, 0.1, 1.0], 1),
    ],
)
def test_the_point_of_no_return_is_where_war_is_surely_likely_until_it_comes(
    rates: list[float], day: int
) -> None:
    assert NO_RETURN == 0.5
    assert no_return(drawn(rates), "war") == day


def test_a_crisis_that_nothing_ended_has_no_point_of_no_return() -> None:
    found = traced(Outcome.standoff)
    assert found.to_json()["no_return"] == {"threshold": NO_RETURN, "day": None}
    assert no_return(found.table(), None) is None


def test_the_closest_call_is_at_peace_and_was_nearer_to_war_than_others() -> None:
    scenario = crisis().replace({"study.runs": 300})
    call = closest_call(scenario, times=100, save=False)
    [found] = call.to_json()["closest"]
    rows = Program.of(scenario).simulate(1, 0, 300, DAYS).rows
    peace = np.flatnonzero(~np.isin(rows["outcome"], WAR_CODES))
    assert (found["looked_at"], found["peaceful"]) == (300, len(peace))
    assert found["run"] in peace
    # The sieves leave out nothing of what the run's own risk is.
    alone = risk(scenario, found["run"], 100, save=False)
    pd.testing.assert_frame_equal(call.table("risk"), alone.table())
    # Runs taken blindly are closer one time in ten at most.
    others = [_highest(risk(scenario, int(run), 100, save=False)) for run in peace[:40]]
    assert np.mean(np.array(others) >= _highest(call)) < 0.1


def _highest(found: Answer) -> float:
    """P(war) on the evening on which it was likeliest."""
    return chances(found.table("risk"))[found.to_json()["highest"]].rate


def test_where_every_run_is_a_war_there_is_no_close_call() -> None:
    scenario, _ = constant_hazard()
    raid = {"day": 0, "actor": "north", "signal": "raid"}
    with pytest.raises(StudyError, match="all of the first 10 runs are wars"):
        closest_call(scenario.replace({"script": [raid], "study.runs": 10}), save=False)


# Telling ------------------------------------------------------------------------------------------


def test_the_risk_is_told_from_before_day_0_to_the_end() -> None:
    found = traced(*WARS)
    text = " ".join(found.brief().split())
    assert f"Before day 0: war {100 * chances(found.table())[BEFORE].rate:.0f} %" in text
    assert f"Day {course(found).end_day}" in text and "war 100 %" in text
    assert "Point of no return" in text
    quiet = " ".join(traced(Outcome.standoff).brief().split())
    assert "and did not come" in quiet and "nothing ended the crisis" in quiet


def test_days_on_which_nothing_changes_do_not_stand_out() -> None:
    # North holds or raids by the same chance every day: but for the days that run out, nothing changes.
    scenario, _ = constant_hazard()
    settings = {"study.days": 60, "world.tempo": 0.0, "decisive.rate": 1e-4}
    assert not turning_days(risk(scenario.replace(settings), 0, 50, save=False).table())


def test_a_day_that_ends_it_all_stands_out_and_is_named_in_the_figure_with_its_jump() -> None:
    table, played = traced(*WARS).table(), course(traced(*WARS))
    named = acts(played, table)
    assert list(named["day"]) == turning_days(table) and played.end_day in set(named["day"])
    assert list(named["jump"]) == [changes(table)[day].value for day in named["day"]]
    assert named["label"].str.len().all()


def test_tables_have_the_columns_that_figures_ask_for() -> None:
    table = traced(*WARS).table()
    assert {"day", "quantity", "value", "low", "high", "n"} <= set(table.columns)
    assert set(table["quantity"]) == {"war", "deescalation", "exit", "settlement"}
    assert list(acts(course(traced(*WARS)), table).columns) == ["day", "label", "jump"]


@pytest.mark.parametrize("name", ["standoff", "calm", "cuba1962", "duel"])
def test_every_shipped_scenario_can_be_traced(name: str) -> None:
    planned = load(SCENARIOS / f"{name}.toml").replace({"study.days": 15})
    found = risk(planned, 0, 10, save=False)
    assert told(course(found), found.table())


@pytest.mark.parametrize(
    ("run", "times", "words"),
    [(2000, 10, "--run is 2000; "), (-1, 10, "--run is -1; "), (0, 0, "--times is 0; "), (0, 65_536, "--times is 65536; ")],
)  # fmt: skip
def test_mistakes_are_told_in_plain_words(run: int, times: int, words: str) -> None:
    with pytest.raises(StudyError) as caught:
        risk(crisis(), run, times)
    assert str(caught.value).startswith(words)
