"""What the model must show of escalation, as sentences; the numbers are those that were asked of it.

Each statistical test has a fixed seed and refutes a true claim in less than one seed in a million. Beside the claims
stand planted bugs: a mechanism switched off, which the same question must notice.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from sim.scenario.counterfactual import unfogged
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import WARS, Outcome
from tests.model.measured import (
    DAYS,
    HOLD,
    Drawn,
    Estimate,
    Habits,
    against_hold,
    apart,
    belief_errors,
    changed,
    concedes_within,
    dice_of_principals,
    dice_of_third_parties,
    ends,
    fixed_by_types,
    habits,
    mean,
    mean_on,
    median_tension,
    paired,
    population,
    share,
    shipped,
    times,
    war_by_fifth,
    wars_by,
    wars_on_called_days,
)

SOME, MANY = 3_000, 10_000
OF_WAR = tuple(WARS)


def standoff() -> Scenario:
    return shipped("standoff")


@cache
def found_habits() -> Habits:
    return habits(standoff(), SOME)


# Curves and answers -----------------------------------------------------------------------------


def test_crises_differ_from_each_other_and_not_only_from_day_to_day() -> None:
    assert not found_habits().between.refutes_above(0.45)
    assert habits(changed(standoff(), {"coefficients.choice.spiral": 0.0}), SOME).between.refutes_above(0.45)


def test_a_capital_goes_on_for_a_day_or_two_and_not_for_a_week() -> None:
    day, week = found_habits().own
    assert not day.refutes_above(0.15) and not day.refutes_below(0.30)
    assert not week.refutes_below(0.10)
    assert habits(changed(standoff(), {"coefficients.choice.inertia": 0.0}), SOME).own[0].refutes_above(0.15)


def test_hostility_is_answered_on_the_morrow_and_is_over_after_three_days() -> None:
    """Measured: 0.235 ± 0.003 on the morrow, 0.072 ± 0.003 after three days (asked: 0.08 at most)."""
    morrow, later = found_habits().cross
    assert not morrow.refutes_above(0.10) and not morrow.refutes_below(0.28)
    assert not later.refutes_below(0.08)
    deaf = changed(
        standoff(), {f"actors.{name}.reciprocity": 0.0 for name in (standoff().coercer, standoff().target)}
    )
    assert habits(deaf, SOME).cross[0].refutes_above(0.10)


def test_threats_bring_threats_and_strikes_bring_blows() -> None:
    """Measured: 1.48 ± 0.05 and 2.29 ± 0.05 times as often as on any day (asked: 1.25)."""
    assert not found_habits().threat.refutes_above(1.25)
    assert not found_habits().hits.refutes_above(1.25)


def test_a_standoff_is_more_tense_than_a_calm_crisis_all_along_and_a_tense_one_at_first() -> None:
    """Asked were calm < standoff < tense on 70 days of 90. The tense crisis cools, for fear of its larger forces."""
    calm, middle, tense = (median_tension(shipped(name), 2_000) for name in ("calm", "standoff", "tense"))
    assert (calm < middle).sum() >= 70
    assert (middle < tense)[:14].all()


def test_war_is_likelier_in_a_standoff_than_in_a_calm_crisis_and_in_a_tense_one_than_in_a_standoff() -> None:
    calm, middle, tense = (
        share(ends(shipped(name), SOME), *OF_WAR) for name in ("calm", "standoff", "tense")
    )
    for less, more in ((calm, middle), (middle, tense)):
        assert Estimate(more.value - less.value, float(np.hypot(more.error, less.error))).shows_above(0.0)


# What acts do -----------------------------------------------------------------------------------


def test_an_ultimatum_makes_the_target_concede() -> None:
    held, warned = (concedes_within(standoff(), signal, SOME) for signal in (HOLD, "ultimatum"))
    assert not paired(held, warned).refutes_above(0.10)
    unalarmed = changed(standoff(), {"coefficients.target.risk_ultimatum": 0.0})
    held, warned = (concedes_within(unalarmed, signal, SOME) for signal in (HOLD, "ultimatum"))
    assert paired(held, warned).refutes_above(0.10)


def test_few_wars_begin_under_a_called_ultimatum() -> None:
    assert not wars_on_called_days(standoff(), SOME).refutes_below(0.25)


def test_a_land_strike_brings_war_within_a_fortnight_and_a_call_holds_it_off() -> None:
    """Measured: +6.9 ± 0.3 points for a strike (asked: 4 or more); -0.52 ± 0.10 for a call, which is just sure."""
    found = wars_by(standoff(), (HOLD, "land_strike", "call"), MANY, 25)
    assert not against_hold(found, "land_strike").refutes_above(0.04)
    assert against_hold(found, "call").shows_below(0.0)


@pytest.mark.deep
def test_threats_closures_and_strikes_bring_war_near_and_words_taken_back_put_it_off() -> None:
    found = wars_by(
        standoff(), (HOLD, "threaten", "close_airspace", "boat_strike", "walk_back", "call"), 200_000, 25
    )
    for signal in ("threaten", "close_airspace", "boat_strike"):
        assert against_hold(found, signal).shows_above(0.0), signal
    for signal in ("walk_back", "call"):
        assert against_hold(found, signal).shows_below(0.0), signal


# Beliefs ----------------------------------------------------------------------------------------


def test_without_fog_a_rival_is_soon_known_better_and_in_fog_it_is_underrated() -> None:
    clear, fogged = (belief_errors(each, SOME, 30) for each in (unfogged(standoff()), standoff()))
    for role in ("coercer", "target"):
        assert not clear[role].later.refutes_below(0.03) and not clear[role].later.refutes_above(-0.03)
        assert clear[role].later_spread < clear[role].start_spread
        assert fogged[role].later_spread > clear[role].later_spread
        assert fogged[role].later.shows_below(-0.01)


@pytest.mark.parametrize("role", ["coercer", "target"])
def test_who_underrates_its_rival_at_first_is_likelier_to_end_in_war(role: str) -> None:
    """Measured: 1.47 ± 0.08 times as likely for the coercer, which just meets the 1.4 asked; 2.73 ± 0.18 for the target."""
    low, high = war_by_fifth(standoff(), MANY, role)
    assert not times(low, high).refutes_above(1.4)


# Signs ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"coefficients.coercer.scrutiny": 0.16},
        {"actors.washington.forbid": ["boat_strike"]},
        {"actors.washington.forbid": ["boat_strike", "land_strike"]},
    ],
    ids=["scrutiny", "no boat strikes", "no strikes"],
)
def test_scrutiny_and_fewer_strikes_do_not_raise_war(change: dict[str, object]) -> None:
    assert not apart(standoff(), changed(standoff(), change), SOME, *OF_WAR).refutes_below(0.0)


def test_easing_sanctions_does_not_raise_war() -> None:
    found = wars_by(standoff(), (HOLD, "ease_sanctions"), MANY, DAYS + 1)
    assert not against_hold(found, "ease_sanctions").refutes_below(0.0)


def test_a_stronger_target_is_raided_less() -> None:
    weak, strong = (changed(standoff(), {"actors.caracas.capability": value}) for value in (0.2, 0.8))
    assert apart(weak, strong, MANY, Outcome.raid).shows_below(0.0)
    provoked = {
        "coefficients.coercer.felt_force": 0.65
    }  # were the coercer's mood to feel forces as the target's does
    weak, strong = (changed(each, provoked) for each in (weak, strong))
    assert not apart(weak, strong, MANY, Outcome.raid).shows_below(0.0)


def test_more_force_makes_coercion_succeed_more_often() -> None:
    """Success: an exit, or a settlement that gives four fifths of what was demanded, after an ultimatum was sent."""

    def success(posture: float) -> Estimate:
        rows = ends(changed(standoff(), {"actors.washington.posture": posture}), MANY).rows
        given, sent = np.asarray(rows["share"], np.float64), np.asarray(rows["ultimatums"], np.int64)
        settled = (rows["outcome"] == Outcome.settlement) & (given >= 0.8)
        return mean(((rows["outcome"] == Outcome.exit) | settled)[sent > 0])

    assert not times(success(0.6), success(0.25)).refutes_above(1.5)


# Who matters ------------------------------------------------------------------------------------


def test_third_parties_that_react_are_no_dice_of_the_same_rates() -> None:
    """Measured: dice raise war by 2.7 ± 0.3 points (asked: 2 or more)."""
    found = apart(standoff(), dice_of_third_parties(standoff(), 2_000), MANY, *OF_WAR)
    assert not found.refutes_above(0.02)
    assert found.shows_above(0.0)


def test_what_principals_choose_day_by_day_matters_to_war() -> None:
    found = apart(standoff(), dice_of_principals(standoff(), 2_000), MANY, *OF_WAR)
    assert found.shows_below(-0.03)


# Stocks and ends --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "quantity", ["opposition", "posture.coercer", "posture.target", "sanctions", "support"]
)
def test_nothing_ratchets(quantity: str) -> None:
    batch = ends(standoff(), SOME)
    for day in (59, 89):
        assert 0.1 < mean_on(standoff(), batch, quantity, day) < 0.8
    if quantity == "opposition":
        stuck = changed(standoff(), {"kept.opposition": 1.0})
        stuck_at = mean_on(stuck, ends(stuck, SOME), quantity, 89)
        assert stuck_at > mean_on(standoff(), batch, quantity, 89) + 0.15  # planted: it does


def test_day_0_does_not_settle_who_goes_to_war() -> None:
    """Measured: 31 ± 2 % of the variance (asked: 40 % at most)."""
    assert not fixed_by_types(standoff(), SOME).refutes_below(0.40)


def test_every_outcome_and_every_signal_occurs_and_none_is_the_rule() -> None:
    batch = ends(standoff(), MANY)
    counts = np.bincount(batch.rows["outcome"], minlength=len(Outcome))
    assert counts.min() > 0 and counts.max() < 0.85 * MANY
    assert batch.tally.signals.sum(axis=(0, 1)).min() >= 20


@cache
def drawn(rate: float | None = None) -> Drawn:
    """The population, as it is or with another rate at which capitals decide."""
    crisis = standoff() if rate is None else changed(standoff(), {"decisive.rate": rate})
    return population(crisis, 192, 6)


def test_of_many_crises_a_quarter_is_short_most_end_in_months_and_few_by_force() -> None:
    """Measured: 26.4 ± 1.8 % are over by day 35 (asked: 25 % or more); half of all by a day between 45 and 150."""
    crises = drawn()
    assert not crises.over_by(35).refutes_above(0.25)
    assert not crises.over_by(45).refutes_below(0.5) and not crises.over_by(150).refutes_above(0.5)
    assert not crises.of_ends(Outcome.deescalation).refutes_above(0.15)
    assert crises.of_ends(*OF_WAR, Outcome.exit).shows_below(0.5)
    assert drawn(rate=0.0).over_by(35).refutes_above(0.25)  # planted: nobody decides anything
