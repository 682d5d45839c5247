"""Windows: a signal that cannot come changes exactly nothing, and what is solved by hand is found day by day.

False alarms: each comparison by chance with probability 1e-8 at most (Bonferroni over its cells).
"""

from __future__ import annotations

import pickle
from functools import cache

import numpy as np
import pytest

from sim.compute.experiment import merged
from sim.engines.batch.engine import Program
from sim.engines.branches import Plays
from sim.errors import StudyError
from sim.experiments.turning_points.forced import forced
from sim.experiments.turning_points.windows import OnDays, Windows, windows
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
def offers() -> Windows:
    return windows(standoff(), "washington", "offer_exit", every=10)


def test_a_signal_that_can_never_be_sent_has_exactly_no_effect() -> None:
    never = standoff().replace({"signals.offer_exit.needs": {"contact": 0.999}})
    for window in windows(never, "washington", "offer_exit", every=10).days:
        assert window.possible.count == 0 and not window.among
        assert all(change.unchanged for change in window.overall.values())


def test_other_runs_than_those_in_which_it_could_be_sent_are_left_exactly_as_they_are() -> None:
    # So the change over all runs is the change among those times their share.
    assert {window.day: 0 < window.possible.count < RUNS for window in offers().days}[10]
    for window in offers().days:
        for name, change in window.among.items():
            overall = window.overall[name]
            assert change.value * change.n == pytest.approx(overall.value * overall.n, abs=1e-9)
            assert (change.n, overall.n) == (window.possible.count, RUNS)


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
    possible = (contact > standoff().signals["offer_exit"].needs["contact"]) & ((end < 0) | (end >= day))
    window = next(each for each in offers().days if each.day == day)
    assert window.possible.count == possible.sum()
    assert window.overall["war"].value == pytest.approx((war_with.sum() - war.sum()) / RUNS)
    mistaken, mistaken_with = war & ~clear, np.where(possible, war_with & ~clear_with, war & ~clear)
    change = (int(mistaken_with.sum()) - int(mistaken.sum())) / RUNS
    assert window.overall["miscalculated"].value == pytest.approx(change)
    assert offers().base["miscalculated"].count == mistaken.sum()


def test_a_day_of_holding_saves_the_wars_of_that_day_that_would_not_have_come_later() -> None:
    # North holds or raids with chance p a day, and is made to hold on day d: it can be made to in (1-p)^d of all
    # runs, and p(1-p)^(T-1) of all runs are at war with the raid of that day and would not be otherwise.
    scenario, p = constant_hazard()
    days, runs = 8, 40_000
    planned = scenario.replace({"study.days": days, "study.runs": runs})
    found = OnDays(planned, "north", "hold", tuple(range(days))).compute(0, runs)
    lost, possible = found["lost"][:, 0], found["possible"]
    law, share = np.full(days, p * (1 - p) ** (days - 1)), (1 - p) ** np.arange(days)
    assert least_tail(lost, runs, law) > FALSE_ALARM
    assert least_tail(lost, runs, 1.2 * law) < FALSE_ALARM  # planted bias
    assert least_tail(possible, runs, share) > FALSE_ALARM
    assert least_tail(possible[1:], runs, share[:-1]) < FALSE_ALARM  # planted: a day off
    assert not found["gained"].any() and not found["lost"][:, 1:].any()


def test_a_raid_that_is_forced_is_a_war_in_every_run_still_going() -> None:
    scenario, _ = constant_hazard()
    planned = scenario.replace({"study.days": 8, "study.runs": 500})
    found = windows(planned, "north", "raid", every=4)
    first = found.days[0]
    assert first.possible.count == 500
    assert first.overall["war"].value == pytest.approx(1 - found.base["war"].rate)


def test_days_of_the_script_are_left_out() -> None:
    scripted = standoff().replace({"script": [{"day": 10, "actor": "washington", "signal": "hold"}]})
    found = windows(scripted.replace({"study.runs": 20}), "washington", "call", every=10)
    assert [window.day for window in found.days] == [0, 20]
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
        windows(standoff(), actor, signal)
    assert str(told.value).startswith(words)


def test_the_table_has_the_columns_that_the_figure_asks_for() -> None:
    table = offers().table()
    assert {"day", "quantity", "value", "low", "high", "n", "possible", "runs"} <= set(table.columns)
    assert not table[table["runs"] == "all"].duplicated(["day", "quantity"]).any()
