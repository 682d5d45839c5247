"""What-ifs: the days before stay bit for bit, the signal that was sent changes nothing, and what is solved by hand is found.

False alarms: each comparison by chance with probability 1e-8 at most.
"""

from __future__ import annotations

import pickle
from functools import cache

import numpy as np
import pandas as pd
import pytest

from sim.compute.experiment import merged
from sim.engines.batch.engine import Program
from sim.engines.branches import Plays
from sim.errors import StudyError
from sim.experiments.turning_points.ends import COMPARED, compared
from sim.experiments.turning_points.forced import forced
from sim.experiments.turning_points.tables import estimate_in
from sim.experiments.turning_points.what_if.counts import Alternatives
from sim.experiments.turning_points.what_if.question import could_send, what_if
from sim.scenario.counterfactual import clear_sighted
from sim.scenario.files import load
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import WARS, Outcome
from sim.statistics.proportions import Estimate
from tests.engines.test_exact_crisis import FALSE_ALARM, constant_hazard, least_tail
from tests.support.planted import stormy, with_bystanders
from tests.support.random_scenarios import SCENARIOS

DAYS, RUN, DAY = 30, 3, 9


@cache
def standoff() -> Scenario:
    return load(SCENARIOS / "standoff.toml").replace({"study.days": DAYS})


@cache
def asked(actor: str = "washington", times: int = 200) -> pd.DataFrame:
    return what_if(standoff(), RUN, DAY, actor, times, save=False).table()


def sent(table: pd.DataFrame) -> str:
    """The signal that was sent."""
    [signal] = set(table[table["sent"]]["signal"])
    return str(signal)


def chance(table: pd.DataFrame, signal: str, quantity: str) -> Estimate:
    [row] = table[(table["signal"] == signal) & (table["quantity"] == quantity)].to_dict("records")
    return estimate_in(row, "chance")


@pytest.mark.parametrize("actor", ["washington", "caracas", "brasilia"])
def test_the_signal_that_was_sent_changes_exactly_nothing(actor: str) -> None:
    own = asked(actor)[asked(actor)["sent"]]
    assert list(own["quantity"]) == ["war", "miscalculated", "exit", "settlement"]
    assert (own["value"] == 0).all() and (own["low"] == -own["high"]).all()
    experiment = Alternatives(standoff(), RUN, DAY, actor, (sent(asked(actor)), "hold"), 50)
    counts = experiment.compute(0, 50)
    assert not counts["gained"][0].any() and not counts["lost"][0].any()


def test_forcing_what_was_sent_leaves_the_run_bit_for_bit_as_it_was() -> None:
    # But for the chance that it would be sent, which a script makes certain, where it is decisive.
    plays = Plays.continuations(RUN, [DAY + 1], 60)
    own, pushed = (Program.of(s).play(plays, 1, DAYS) for s in (
        standoff(), forced(standoff(), DAY, "washington", sent(asked()))))  # fmt: skip
    for name in own.rows:
        if name != "hazard":
            assert np.array_equal(own.rows[name], pushed.rows[name], equal_nan=True), name


def test_another_signal_leaves_the_days_before_and_what_others_send_that_day_bit_for_bit() -> None:
    plays = Plays.continuations(RUN, [DAY + 1], 20)
    own = Program.of(standoff()).states(plays, 1, DAYS)
    for signal in ("ultimatum", "buildup", "call"):
        pushed = Program.of(forced(standoff(), DAY, "washington", signal)).states(plays, 1, DAYS)
        for name, values in own.items():
            assert np.array_equal(values[:DAY], pushed[name][:DAY]), name
            if name.startswith("signal.") and name != "signal.washington":
                assert np.array_equal(values[DAY], pushed[name][DAY]), name
        assert not np.array_equal(own["belief.target"][DAY:], pushed["belief.target"][DAY:])


def test_what_could_be_sent_is_what_the_other_engine_finds_possible() -> None:
    evening = {name: values[DAY - 1, 0] for name, values in
               Program.of(standoff()).states(Plays.of(RUN, 1), 1, DAYS).items()}  # fmt: skip
    role = {"washington": "coercer", "caracas": "target"}
    for actor in ("washington", "caracas", "brasilia"):
        own, others, impossible = could_send(standoff(), RUN, DAY, actor)
        would = standoff().repertoire(actor) + standoff().repertoire(actor, decisive=True)
        assert {own, *others, *impossible} == set(would)
        for name in would:
            needs = standoff().signals[name].needs
            held = {q: evening[q if q in evening else f"{q}.{role[actor]}"] for q in needs}
            if "contact" in held:
                held["contact"] = max(held["contact"], evening["mediation"])
            possible = all(held[q] > least for q, least in needs.items())
            assert possible == (name in (own, *others)), name
            assert possible != (name in impossible), name


def test_a_decisive_act_is_war_for_certain_and_was_meant() -> None:
    war = chance(asked(), "raid", "war")
    assert war.rate == war.low == 1.0
    assert chance(asked(), "raid", "miscalculated").rate == 0.0
    [change] = asked().query("signal == 'raid' and quantity == 'war'")["value"]
    assert change == pytest.approx(1 - chance(asked(), sent(asked()), "war").rate)


def test_signals_come_in_order_of_what_they_do_to_war() -> None:
    values = list(asked()[asked()["quantity"] == "war"]["value"])
    assert values == sorted(values, reverse=True)


def test_a_day_on_which_north_holds_saves_one_draw_of_a_constant_hazard() -> None:
    # P(war | hold on day D) = 1 - (1-p)^(T-1-D) for whoever is still at peace; clear sight changes nothing here.
    scenario, p = constant_hazard()
    days, day, times = 12, 4, 20_000
    planned = scenario.replace({"study.days": days})
    outcomes = Program.of(planned).simulate(1, 0, 40, days).rows["outcome"]
    run = int(np.flatnonzero(outcomes != Outcome.raid)[0])
    found = what_if(planned, run, day, "north", times, save=False).table()
    assert set(found["signal"]) == {"hold", "raid"} and sent(found) == "hold"
    wars, law = np.array([chance(found, "hold", "war").count]), 1 - (1 - p) ** (days - 1 - day)
    assert least_tail(wars, times, np.array([law])) > FALSE_ALARM
    assert (
        least_tail(wars, times, np.array([1 - (1 - p) ** (days - day)])) < FALSE_ALARM
    )  # planted: a day more
    assert chance(found, "hold", "miscalculated").count == 0


def test_wars_are_miscalculated_where_they_do_not_come_once_fog_has_lifted() -> None:
    scenario = with_bystanders(stormy(12, 1).scenario).replace({"study.days": 12})
    found = what_if(scenario, 0, 1, scenario.coercer, 300, save=False).table()
    plays = Plays.continuations(0, [2], 300)
    program = Program.of(forced(scenario, 1, scenario.coercer, sent(found)))
    war, seeing = (
        np.isin(program.play(plays, 1, 12, lifted).rows["outcome"], [int(code) for code in WARS]) for lifted in (None, 1)
    )  # fmt: skip
    assert chance(found, sent(found), "miscalculated").count == int((war & ~seeing).sum()) > 0


def test_each_end_is_counted_under_its_own_name() -> None:
    scenario = with_bystanders(stormy(12, 1).scenario)
    played = Program.of(scenario).simulate(1, 0, 400, 12)
    seeing = Program.of(clear_sighted(scenario)).simulate(1, 0, 400, 12)
    found = dict(zip(COMPARED, compared(played, seeing), strict=True))
    outcome, clear = played.rows["outcome"], seeing.rows["outcome"]
    wars = [int(code) for code in WARS]
    wanted = {
        "war": np.isin(outcome, wars),
        "miscalculated": np.isin(outcome, wars) & ~np.isin(clear, wars),
        "exit": outcome == Outcome.exit,
        "settlement": outcome == Outcome.settlement,
    }
    assert list(found) == list(wanted)
    for name, flags in wanted.items():
        assert flags.any(), "each end is met, or nothing would be tested"
        assert np.array_equal(found[name], flags), name
        assert not any(np.array_equal(flags, other) for end, other in wanted.items() if end != name)


def test_counts_do_not_depend_on_how_branches_are_cut() -> None:
    experiment = pickle.loads(
        pickle.dumps(Alternatives(standoff(), RUN, DAY, "washington", ("hold", "call"), 90))
    )
    assert experiment.programs  # made, and not pickled
    experiment = pickle.loads(pickle.dumps(experiment))
    parts = merged(experiment.compute(at, count) for at, count in ((0, 7), (7, 50), (57, 33)))
    for name, array in experiment.compute(0, 90).items():
        assert np.array_equal(parts[name], array), name


def test_an_act_of_the_script_can_be_taken_away() -> None:
    scripted = standoff().replace({"script": [{"day": DAY, "actor": "washington", "signal": "ultimatum"}]})
    found = what_if(scripted, RUN, DAY, "washington", 40, save=False).table()
    assert sent(found) == "ultimatum"
    assert "hold" in set(found["signal"])


@pytest.mark.parametrize(
    ("day", "actor", "words"),
    [
        (DAYS, "washington", "--day is 30; the days are 0 to 29."),
        (-1, "washington", "--day is -1; the days are 0 to 29."),
        (3, "washingtn", '--actor is "washingtn", who is not in standoff; did you mean "washington"?'),
        (3, "x", '--actor is "x", who is not in standoff; known: washington, caracas, '),
    ],
)
def test_mistakes_are_told_in_plain_words(day: int, actor: str, words: str) -> None:
    with pytest.raises(StudyError) as told:
        what_if(standoff(), RUN, day, actor, 10)
    assert str(told.value).startswith(words)


def test_a_run_that_had_ended_has_no_such_day() -> None:
    scenario, _ = constant_hazard()
    planned = scenario.replace({"script": [{"day": 2, "actor": "north", "signal": "raid"}], "study.days": 9})
    rows = Program.of(planned.replace({"script": []})).simulate(1, 0, 40, 9).rows
    run = int(np.flatnonzero(rows["outcome"] != Outcome.raid)[0])
    with pytest.raises(
        StudyError, match=rf"--day is 3, and run {run} ended on day 2 \(raid\); ask for day 2 or before"
    ):
        what_if(planned, run, 3, "north", 10)


def test_the_table_has_the_columns_that_the_figure_asks_for() -> None:
    table = asked()
    assert {"signal", "label", "quantity", "value", "low", "high", "n", "sent"} <= set(table.columns)
    assert (table[table["sent"]]["value"] == 0).all() and table[table["sent"]]["signal"].nunique() == 1
