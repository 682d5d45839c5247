"""Continuations and interventions: the days before are the run's own bit for bit, the days after have other luck."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.engines.batch.engine import Program
from sim.engines.branches import MOST_BRANCHES, Plays
from sim.engines.mesa.model import CrisisModel
from sim.errors import ScenarioError
from sim.scenario.counterfactual import clear_sighted
from sim.scenario.files import load
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import WARS, Outcome
from tests.engines.test_exact_crisis import FALSE_ALARM, least_tail
from tests.support.planted import disagreements, stormy, with_bystanders
from tests.support.random_scenarios import SCENARIOS, Draw

DAYS = 30
WAR_CODES = [int(outcome) for outcome in WARS]


def standoff(changes: dict[str, Any] | None = None) -> Scenario:
    return load(SCENARIOS / "standoff.toml").replace(changes or {})


def stormy_crisis() -> Scenario:
    return with_bystanders(stormy(12, 1).scenario)


@pytest.mark.parametrize("since", [0, 1, 7, 29, 30])
def test_before_a_continuation_the_days_are_those_of_the_run(since: int) -> None:
    program = Program.of(standoff())
    plays = Plays.continuations(3, [since], 70)
    states, own = program.states(plays, 5, DAYS), program.history(5, 3, 1, DAYS)
    for name, values in states.items():
        assert np.array_equal(values[:since], np.repeat(own[name][:since], 70, axis=1)), name
    if since < DAYS:
        assert (states["belief.target"][since] != own["belief.target"][since]).all()


def debated(states: dict[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """(days, plays) what the coercer's own debate adds to its resolve overnight: the day's luck, whatever else happens.

    Read off the resolve of neighbouring evenings, whose pull is known; 0 on day 0, which has none before it, and where
    resolve is held inside its limits.
    """
    me = standoff().principal("coercer")
    resolve, own = states["resolve.coercer"], states["own_level.coercer"]
    before = np.vstack([own[:1], resolve[:-1]])
    inside = (resolve > 0.02) & (resolve < 0.98)
    return np.where(inside, resolve - before - me.recovery * (own - before), 0.0)


def test_a_branch_is_the_same_luck_from_whatever_day_it_is_entered() -> None:
    program = Program.of(standoff())
    early, late = (debated(program.states(Plays.continuations(3, [since], 20), 5, DAYS)) for since in (0, 9))
    assert not np.allclose(early[:9], late[:9], atol=1e-12)
    assert np.allclose(early[9:], late[9:], atol=1e-12)


def test_plays_do_not_depend_on_their_company() -> None:
    program = Program.of(stormy_crisis())
    days = [0, 3, 5, 8]
    together = program.play(Plays.continuations(11, days, 40), 2, 12).rows
    apart = [program.play(Plays.continuations(11, [day], 40), 2, 12).rows for day in days]
    for name, values in together.items():
        assert np.array_equal(values, np.concatenate([rows[name] for rows in apart])), name


@pytest.mark.parametrize("branch", [0, 1, MOST_BRANCHES])
@pytest.mark.parametrize("lifted", [None, 0, 4])
def test_the_engines_agree_on_continuations(branch: int, lifted: int | None) -> None:
    assert not disagreements(Draw(stormy_crisis(), 4, 10, 5, 12, ((3, branch), (3, 8), (7, branch)), lifted))


def test_branch_0_is_the_run_itself() -> None:
    program = Program.of(standoff())
    plays = replace(Plays.of(20, 50), since=np.arange(50)[:, None])
    own, branch = program.simulate(1, 20, 50, DAYS), program.play(plays, 1, DAYS)
    assert all(np.array_equal(own.rows[name], branch.rows[name], equal_nan=True) for name in own.rows)


def test_a_branch_of_a_branch_is_the_branch_until_it_parts() -> None:
    program, days = Program.of(standoff()), np.arange(40) % 20 + 5
    first = Plays.continuations(3, [4], 40)
    second = first.forked(np.arange(40), first.branches[:, 0] + 100, days)
    once, twice = (program.states(plays, 5, DAYS) for plays in (first, second))
    before = np.arange(DAYS)[:, None] < days
    for name, values in once.items():
        assert np.array_equal(values[before], twice[name][before]), name
    assert all(
        once["belief.target"][day, at] != twice["belief.target"][day, at] for at, day in enumerate(days)
    )
    only = Plays.continuations(
        3, [days[0]], 1, 101
    )  # the same luck from the same day on, after another history
    late, own = (debated(each)[days[0] :, 0] for each in (program.states(only, 5, DAYS), twice))
    assert np.allclose(late, own, atol=1e-12)


def test_of_two_forks_on_a_day_the_later_counts() -> None:
    program = Program.of(standoff())
    plays = Plays.continuations(3, [6], 30)
    again = plays.forked(np.arange(30), np.full(30, 9), np.full(30, 6))
    nine = program.play(Plays.continuations(3, [6], 1, 9), 5, DAYS).rows
    for name, column in program.play(again, 5, DAYS).rows.items():
        assert np.array_equal(column, np.repeat(nine[name], 30), equal_nan=True), name


def test_more_branches_than_there_are_addresses_for_are_refused() -> None:
    with pytest.raises(ValueError, match="65536 branches"):
        Plays.continuations(1, [0], MOST_BRANCHES + 1)


# Fog that lifts ---------------------------------------------------------------------------------


def test_when_fog_lifts_all_see_truly_from_that_evening_on() -> None:
    lifted = 6
    found = Program.of(standoff()).states(Plays.of(0, 40), 1, 12, lifted)
    for observer, rival in (("coercer", "target"), ("target", "coercer")):
        belief, variance = found[f"belief.{observer}"], found[f"variance.{observer}"]
        assert (variance[lifted:] == 0.0).all()
        assert (variance[:lifted] > 0.0).all()
        # Beliefs are formed before resolve moves overnight: they are yesterday evening's resolve.
        assert np.array_equal(belief[lifted + 1 :], found[f"resolve.{rival}"][lifted:-1])
        appetite = found[f"appetite_belief.{observer}"]
        assert np.array_equal(appetite[lifted:], found[f"appetite.{rival}"][lifted:])


def test_fog_that_never_lifts_and_fog_that_was_never_there() -> None:
    scenario = standoff()
    program, clear = Program.of(scenario), Program.of(clear_sighted(scenario))
    own, late = program.simulate(1, 0, 60, DAYS), program.play(Plays.of(0, 60), 1, DAYS, lifted=DAYS)
    assert all(np.array_equal(own.rows[n], late.rows[n], equal_nan=True) for n in own.rows)
    seeing, lifted = clear.simulate(1, 0, 60, DAYS), clear.play(Plays.of(0, 60), 1, DAYS, lifted=3)
    assert all(np.array_equal(seeing.rows[n], lifted.rows[n], equal_nan=True) for n in own.rows)


# Acts forced where they can be -------------------------------------------------------------------


def test_an_act_forced_where_possible_is_sent_there_and_nowhere_else() -> None:
    day, act = 5, {"day": 5, "actor": "washington", "signal": "offer_exit", "if_possible": True}
    base, forced = standoff(), standoff({"script": [act]})
    own, pushed = (Program.of(s).record(Plays.of(0, 400), 1, DAYS) for s in (base, forced))
    contact = Program.of(base).history(1, 0, 400, DAYS)["contact"][day - 1]
    needed = base.signals["offer_exit"].needs["contact"]
    possible = (contact > needed) & (own.signals[day, 0] != 255)
    place = base.ladder.index("offer_exit")
    assert 0 < int(possible.sum()) < 400
    assert (pushed.signals[day, 0, possible] == place).all()
    assert np.array_equal(pushed.signals[:day], own.signals[:day])
    elsewhere = [name for name in own.batch.rows if not np.array_equal(
        own.batch.rows[name][~possible], pushed.batch.rows[name][~possible], equal_nan=True)]  # fmt: skip
    assert not elsewhere


def test_an_act_that_must_be_sent_and_cannot_be_is_refused_in_any_list_of_plays() -> None:
    act = {"day": 29, "actor": "washington", "signal": "offer_exit"}
    program = Program.of(standoff({"script": [act]}))
    with pytest.raises(ScenarioError, match=r"on day 29, washington cannot send offer_exit: .* \(run 7\)"):
        program.play(Plays.continuations(7, [0], 100), 1, DAYS)


# What is recorded --------------------------------------------------------------------------------


def test_what_is_recorded_is_what_was_sent_until_the_end() -> None:
    scenario = stormy_crisis()
    found = Program.of(scenario).record(Plays.of(0, 90), 1, 12)
    history = Program.of(scenario).history(1, 0, 90, 12)
    end_day = found.batch.rows["end_day"].astype(np.int64)
    last = np.where(end_day < 0, 11, end_day)
    played = np.arange(12)[:, None] <= last
    for place, name in enumerate((scenario.coercer, scenario.target, *scenario.third_parties)):
        sent = np.where(played, history[f"signal.{name}"], 255)
        assert np.array_equal(found.signals[:, place], sent.astype(np.uint8)), name


def test_recording_changes_nothing() -> None:
    program = Program.of(stormy_crisis())
    plain, recorded = program.simulate(1, 0, 200, 12), program.record(Plays.of(0, 200), 1, 12).batch
    assert all(np.array_equal(plain.rows[n], recorded.rows[n], equal_nan=True) for n in plain.rows)


def chances_by_mesa(scenario: Scenario, run: int, days: int) -> tuple[float, float]:
    """Chance of the war that a principal chose on the last day, as it saw its rival and had it seen truly."""
    model = CrisisModel(scenario, seed=1, run=run, days=days, observed=False)
    while model.running:
        before = [(each.war_chance(), each.war_chance(truly=True)) for each in model.principals]
        model.step()
    fought = [place for place, each in enumerate(model.principals) if each.sent.war]
    return before[fought[0]] if fought else (np.nan, np.nan)


def test_chances_of_war_as_seen_and_in_truth_are_those_that_agents_reckon() -> None:
    scenario = stormy_crisis().replace({"signals.attack.reluctance": -1.0})
    found = Program.of(scenario).record(Plays.of(0, 80), 1, 12)
    expected = np.array([chances_by_mesa(scenario, run, 12) for run in range(80)]).T
    assert np.array_equal(found.chances, expected, equal_nan=True)
    outcomes = found.batch.rows["outcome"]
    assert {Outcome.raid, Outcome.attack} <= set(outcomes.tolist())
    chosen = np.isin(outcomes, [Outcome.raid, Outcome.invasion, Outcome.attack])
    assert np.array_equal(np.isfinite(found.chances[0]), chosen)
    assert (found.chances[0][chosen] != found.chances[1][chosen]).any()


def test_to_someone_who_sees_truly_both_chances_are_the_same() -> None:
    # Beliefs are a day old when acts are chosen; where resolve does not move they are the truth. Fear is a day old
    # too, so it is left out.
    still = {f"actors.{n}.{t}": 0.0 for n in ("north", "south") for t in ("recovery", "volatility")}
    scenario = clear_sighted(stormy_crisis()).replace(still | {"coefficients.feeling.fear_days": 0.0})
    chances = Program.of(scenario).record(Plays.of(0, 200), 1, 12).chances
    assert np.isfinite(chances).any()
    assert np.array_equal(chances[0], chances[1], equal_nan=True)


# Exact one-day chances of war ----------------------------------------------------------------------


def test_summed_chances_of_war_have_the_frequency_of_war_as_their_mean() -> None:
    # War is counted in one half of 40,000 runs and reckoned in the other; the reckoning's error is a fifth of the count's.
    program = Program.of(stormy_crisis())
    counted = np.isin(program.simulate(1, 0, 20_000, 12).rows["outcome"], WAR_CODES)
    hazard = program.simulate(1, 20_000, 20_000, 12).rows["hazard"].astype(np.float64)
    assert 0.2 < counted.mean() < 0.8
    assert least_tail(np.array([counted.sum()]), 20_000, np.array([hazard.mean()])) > FALSE_ALARM
    for bias in (0.9, 1.1):  # planted bugs
        assert least_tail(np.array([counted.sum()]), 20_000, np.array([bias * hazard.mean()])) < FALSE_ALARM


def test_where_war_is_rare_its_summed_chances_vary_far_less_than_its_count() -> None:
    rare = standoff({"signals.raid.reluctance": 1.12, "signals.invade.reluctance": 1.2, "signals.attack.reluctance": 0.75,
                     "world.loss_of_control": 1e-5})  # fmt: skip
    hazard = Program.of(rare).simulate(1, 0, 2000, 90).rows["hazard"].astype(np.float64)
    share = hazard.mean()
    assert 1e-7 < share < 1e-3
    assert hazard.var() < 0.05 * share * (1 - share)
