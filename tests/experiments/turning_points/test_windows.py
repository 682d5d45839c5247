"""Windows: a signal that cannot come changes exactly nothing, and what is solved by hand is found day by day.

False alarms: each comparison by chance with probability 1e-8 at most (Bonferroni over its cells).
"""

from __future__ import annotations

import pickle
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.compute.experiment import merged
from sim.engines.batch.engine import Program
from sim.engines.branches import Plays
from sim.errors import StudyError
from sim.experiments.runner import Answer
from sim.experiments.turning_points.forced import forced
from sim.experiments.turning_points.tables import estimate_in
from sim.experiments.turning_points.windows.counts import OnDays
from sim.experiments.turning_points.windows.question import asked, windows
from sim.scenario.counterfactual import clear_sighted
from sim.scenario.files import load
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import WARS
from tests.engines.test_exact_crisis import FALSE_ALARM, constant_hazard, least_tail
from tests.support.random_scenarios import SCENARIOS

DAYS, RUNS = 30, 400


@cache
def standoff() -> Scenario:
    return load(SCENARIOS / "standoff.toml").replace({"study.days": DAYS, "study.runs": RUNS})


@cache
def offers() -> Answer:
    return windows(standoff(), "washington", "offer_exit", every=10, save=False)


def possible(found: Answer) -> dict[int, int]:
    """In how many runs the signal could be sent, by day."""
    return {row["day"]: estimate_in(row).count for row in found.table("possible").to_dict("records")}


def changes(found: Answer, runs: str) -> pd.DataFrame:
    """Value and n by day and outcome, of all runs or of those in which it was possible."""
    table = found.table()
    return table[table["runs"] == runs].set_index(["day", "quantity"])


def test_a_signal_that_can_never_be_sent_has_exactly_no_effect() -> None:
    never = standoff().replace({"signals.offer_exit.needs": {"contact": 0.999}})
    found = windows(never, "washington", "offer_exit", every=10, save=False)
    assert possible(found) == {0: 0, 10: 0, 20: 0} and changes(found, "possible").empty
    assert (changes(found, "all")["value"] == 0).all()
    counts = OnDays(never, "washington", "offer_exit", (0, 10, 20)).compute(0, RUNS)
    assert not counts["gained"].any() and not counts["lost"].any()
    assert not found.figures and " - " in found.brief().replace("\n", " ")  # nothing to draw, and it is said


def test_other_runs_than_those_in_which_it_could_be_sent_are_left_exactly_as_they_are() -> None:
    # So the change over all runs is the change among those times their share.
    assert 0 < possible(offers())[10] < RUNS
    overall = changes(offers(), "all")
    among = changes(offers(), "possible")
    for where in among.index:
        change, every = among.loc[where], overall.loc[where]
        assert change["value"] * change["n"] == pytest.approx(every["value"] * every["n"], abs=1e-9)
        assert (change["n"], every["n"]) == (possible(offers())[where[0]], RUNS)


def test_what_a_window_changes_is_what_the_engine_plays_with_the_act_and_without() -> None:
    plays, day = Plays.of(0, RUNS), 10
    pushed = forced(standoff(), day, "washington", "offer_exit", if_possible=True)
    codes = [int(code) for code in WARS]
    war, clear, war_with, clear_with = (
        np.isin(Program.of(each).play(plays, 1, DAYS).rows["outcome"], codes)
        for each in (standoff(), clear_sighted(standoff()), pushed, clear_sighted(pushed))
    )
    contact = Program.of(standoff()).history(1, 0, RUNS, DAYS)["contact"][day - 1]
    end = Program.of(standoff()).play(plays, 1, DAYS).rows["end_day"].astype(np.int64)
    could = (contact > standoff().signals["offer_exit"].needs["contact"]) & ((end < 0) | (end >= day))
    overall, base = changes(offers(), "all")["value"], offers().table("as_it_is").to_dict("records")
    assert possible(offers())[day] == could.sum()
    assert overall[day, "war"] == pytest.approx((war_with.sum() - war.sum()) / RUNS)
    mistaken, mistaken_with = war & ~clear, np.where(could, war_with & ~clear_with, war & ~clear)
    change = (int(mistaken_with.sum()) - int(mistaken.sum())) / RUNS
    assert overall[day, "miscalculated"] == pytest.approx(change)
    assert {row["quantity"]: estimate_in(row).count for row in base}["miscalculated"] == mistaken.sum()


def test_a_day_of_holding_saves_the_wars_of_that_day_that_would_not_have_come_later() -> None:
    # North holds or raids with chance p a day, and is made to hold on day d: it can be made to in (1-p)^d of all
    # runs, and p(1-p)^(T-1) of all runs are at war with the raid of that day and would not be otherwise.
    scenario, p = constant_hazard()
    days, runs = 8, 40_000
    planned = scenario.replace({"study.days": days, "study.runs": runs})
    found = OnDays(planned, "north", "hold", tuple(range(days))).compute(0, runs)
    lost, could = found["lost"][:, 0], found["possible"]
    law, share = np.full(days, p * (1 - p) ** (days - 1)), (1 - p) ** np.arange(days)
    assert least_tail(lost, runs, law) > FALSE_ALARM
    assert least_tail(lost, runs, 1.2 * law) < FALSE_ALARM  # planted bias
    assert least_tail(could, runs, share) > FALSE_ALARM
    assert least_tail(could[1:], runs, share[:-1]) < FALSE_ALARM  # planted: a day off
    assert not found["gained"].any() and not found["lost"][:, 1:].any()


def test_a_raid_that_is_forced_is_a_war_in_every_run_still_going() -> None:
    scenario, _ = constant_hazard()
    planned = scenario.replace({"study.days": 8, "study.runs": 500})
    found = windows(planned, "north", "raid", every=4, save=False)
    assert possible(found)[0] == 500
    base = found.table("as_it_is").set_index("quantity")["value"]
    assert changes(found, "all")["value"][0, "war"] == pytest.approx(1 - base["war"])


def test_days_of_the_script_are_left_out() -> None:
    scripted = standoff().replace({"script": [{"day": 10, "actor": "washington", "signal": "hold"}]})
    found = windows(scripted.replace({"study.runs": 20}), "washington", "call", every=10, save=False)
    assert list(possible(found)) == [0, 20]
    always = [{"day": day, "actor": "washington", "signal": "hold"} for day in (0, 10, 20)]
    with pytest.raises(
        StudyError, match="the script of standoff says what washington sends on every day looked at"
    ):
        windows(standoff().replace({"script": always}), "washington", "call", every=10)


def test_counts_do_not_depend_on_how_runs_are_cut() -> None:
    experiment = pickle.loads(pickle.dumps(OnDays(standoff(), "caracas", "concede", (0, 8))))
    parts = merged(experiment.compute(at, count) for at, count in ((0, 7), (7, 50), (57, 33)))
    for name, array in experiment.compute(0, 90).items():
        assert np.array_equal(parts[name], array), name


@pytest.mark.parametrize(
    ("actor", "signal", "words"),
    [
        ("carcas", "call", '--actor is "carcas", who is not in standoff; did you mean "caracas"?'),
        ("caracas", "cal", '--signal is "cal", which caracas cannot send; did you mean "call"?'),
        ("brasilia", "raid", '--signal is "raid", which brasilia cannot send; it can send '),
    ],
)
def test_mistakes_are_told_in_plain_words(actor: str, signal: str, words: str) -> None:
    with pytest.raises(StudyError) as told:
        windows(standoff(), actor, signal, save=False)
    assert str(told.value).startswith(words)


@pytest.mark.parametrize("more", [{"every": 0}, {"runs": 0}, {"days": 0}])
def test_numbers_out_of_range_are_told_in_plain_words(more: dict[str, Any]) -> None:
    [name] = more
    with pytest.raises(StudyError, match=f"{name} is 0; it must be a whole number between 1 and"):
        windows(standoff(), "caracas", "call", save=False, **more)


def test_no_more_runs_are_played_than_that_unless_more_are_asked_for() -> None:
    many = standoff().replace({"study.runs": 20_000})
    assert asked(many, "caracas", "call").scenario.study.runs == 10_000
    assert asked(many, "caracas", "call", runs=15_000).scenario.study.runs == 15_000


def test_the_table_has_the_columns_that_the_figure_asks_for() -> None:
    table = offers().table("windows")
    assert {"day", "quantity", "value", "low", "high", "n", "possible", "runs"} <= set(table.columns)
    assert not table[table["runs"] == "all"].duplicated(["day", "quantity"]).any()
