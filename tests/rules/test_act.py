"""Act: clocks day by day, decay in closed form, and what is clamped when."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

import pytest

from sim.rules import act
from sim.schema.coefficients import Conduct, GoingOn, Terms
from sim.schema.world import Clocks, Kept

CLOCKS, KEPT, CONDUCT = Clocks(), Kept(), Conduct()


class Day(NamedTuple):
    """The clocks as actors find them in the morning, and whether the ultimatum lapses that evening."""

    running: float
    called: float
    lapses: bool


def transcript(
    days: int, sent: Iterable[int] = (), answered: Iterable[int] = (), force: Iterable[int] = ()
) -> list[Day]:
    """The clocks of each day, given the days on which an ultimatum, a concession and force are sent."""
    running, called, found = 0.0, 0.0, []
    for day in range(days):
        morning = running, called
        running, called, lapses = act.ultimatum_clocks(
            running,
            called,
            day in sent,
            day in answered,
            day in force,
            float(CLOCKS.ultimatum),
            float(CLOCKS.called),
        )
        found.append(Day(*morning, lapses))
    return found


def running(days: list[Day]) -> list[float]:
    return [day.running for day in days]


def called(days: list[Day]) -> list[float]:
    return [day.called for day in days]


def lapses(days: list[Day]) -> list[int]:
    return [number for number, day in enumerate(days) if day.lapses]


def test_an_unanswered_ultimatum_runs_7_days_is_called_for_7_and_lapses_on_the_last() -> None:
    days = transcript(18, sent=[0])
    assert running(days) == [0, 7, 6, 5, 4, 3, 2, 1] + [0] * 10
    assert called(days) == [0] * 8 + [7, 6, 5, 4, 3, 2, 1] + [0] * 3
    assert lapses(days) == [14]


@pytest.mark.parametrize("day", range(1, 8))
def test_a_concession_on_any_of_the_seven_days_answers_it(day: int) -> None:
    days = transcript(18, sent=[0], answered=[day])
    assert running(days) == [0, 7, 6, 5, 4, 3, 2, 1][: day + 1] + [0] * (17 - day)
    assert called(days) == [0] * 18
    assert lapses(days) == []


@pytest.mark.parametrize("day", [0, 8, 14])
def test_a_concession_on_its_own_day_or_after_the_seven_does_not_answer_it(day: int) -> None:
    assert transcript(18, sent=[0], answered=[day]) == transcript(18, sent=[0])


@pytest.mark.parametrize("day", range(8, 15))
def test_force_while_it_is_called_makes_it_good(day: int) -> None:
    days = transcript(18, sent=[0], force=[day])
    assert called(days) == ([0] * 8 + [7, 6, 5, 4, 3, 2, 1])[: day + 1] + [0] * (17 - day)
    assert lapses(days) == []


@pytest.mark.parametrize("day", [0, 3, 7, 15])
def test_force_before_it_is_called_or_after_changes_nothing(day: int) -> None:
    assert transcript(18, sent=[0], force=[day]) == transcript(18, sent=[0])


@pytest.mark.parametrize("again", [1, 5, 7, 8, 11, 14, 15])
def test_a_new_ultimatum_starts_all_over_and_nothing_lapses_that_day(again: int) -> None:
    days, first = transcript(again + 18, sent=[0, again]), transcript(18, sent=[0])
    assert days[:again] == first[:again] if again < 15 else lapses(days)[0] == 14
    assert [day[:2] for day in days[again + 1 :]] == [day[:2] for day in first[1:]]
    assert lapses(days) == ([14] if again > 14 else []) + [again + 14]


def test_an_ultimatum_sent_on_the_day_of_a_concession_runs_all_the_same() -> None:
    assert running(transcript(10, sent=[0, 4], answered=[4]))[4:] == [4, 7, 6, 5, 4, 3]


def test_an_offer_lives_the_14_days_after_it() -> None:
    live, clock = [], 0.0
    for day in range(20):
        live.append(clock > 0)
        clock = act.wound(clock, day == 2, float(CLOCKS.offer))
    assert [day for day, alive in enumerate(live) if alive] == list(range(3, 17))


def test_a_new_offer_starts_the_clock_again() -> None:
    live, clock = [], 0.0
    for day in range(30):
        live.append(clock > 0)
        clock = act.wound(clock, day in (2, 10), float(CLOCKS.offer))
    assert [day for day, alive in enumerate(live) if alive] == list(range(3, 25))


@pytest.mark.parametrize(("kept", "rest"), [(0.9, 0.0), (0.98, 0.3), (1.0, 0.0), (0.0, 0.3)])
def test_what_fades_follows_its_closed_form(kept: float, rest: float) -> None:
    # x_t = rest + kept^t (x_0 - rest)
    x = 0.75
    for t in range(1, 60):
        x = act.moved(x, 0.0, 0.0, kept, rest)
        assert x == pytest.approx(rest + kept**t * (0.75 - rest), rel=1e-12)


def test_what_is_nearly_full_is_hardly_filled_and_what_is_nearly_empty_hardly_emptied() -> None:
    # .75 + .5·.25 = .875; .25 - .5·.25 = .125; both at once: .5 + .2·.5 - .4·.5 = .4; beyond the ends it is clamped
    assert act.moved(0.75, 0.5, 0.0, 1.0, 0.0) == 0.875
    assert act.moved(0.25, 0.0, 0.5, 1.0, 0.0) == 0.125
    assert act.moved(0.5, 0.2, 0.4, 1.0, 0.0) == pytest.approx(0.4, rel=1e-14)
    assert act.moved(0.5, 3.0, 0.0, 1.0, 0.0) == 1.0
    assert act.moved(0.5, 0.0, 3.0, 1.0, 0.0) == 0.0


def test_the_days_own_effect_fades_with_the_rest() -> None:
    assert act.moved(0.75, 0.5, 0.0, 0.5, 0.25) == 0.5625  # ¼ + ½(.875 - ¼)


def test_a_call_puts_principals_in_touch_and_contact_fades_from_that_day() -> None:
    assert act.moved(0.2, 1.0, 0.0, KEPT.contact, 0.0) == KEPT.contact


def test_the_pace_of_strikes_is_an_average_of_capped_days() -> None:
    # .93·.25 + .07·1 = .3025; five strikes count as two: .2325 + .14
    cap = Conduct().tempo_cap
    assert act.paced(0.25, 1.0, 0.93, cap) == pytest.approx(0.3025, rel=1e-14)
    assert (
        act.paced(0.25, 5.0, 0.93, cap) == act.paced(0.25, 2.0, 0.93, cap) == pytest.approx(0.3725, rel=1e-14)
    )


def test_a_steady_pace_is_approached_geometrically() -> None:
    # tempo_t = s + kept^t (tempo_0 - s)
    tempo = 0.25
    for t in range(1, 50):
        tempo = act.paced(tempo, 1.5, 0.93, 2.0)
        assert tempo == pytest.approx(1.5 + 0.93**t * (0.25 - 1.5), rel=1e-12)


def test_forces_move_with_diminishing_returns_and_go_home() -> None:
    # At home, +.08 of what is missing: .5 + .08·.5; -.15 of what is there: .5 - .15·.5; away, back by a fiftieth.
    assert act.deployed(0.5, 0.08, 0.98, 0.5) == pytest.approx(0.54, rel=1e-14)
    assert act.deployed(0.5, -0.15, 0.98, 0.5) == pytest.approx(0.425, rel=1e-14)
    assert act.deployed(0.9, 0.0, 0.98, 0.5) == pytest.approx(0.892, rel=1e-14)
    assert act.deployed(0.5, 1.0, 0.98, 0.5) == 1.0


def test_a_line_once_crossed_stays_crossed_for_a_while() -> None:
    precedent = act.crossed(0.3, 7.0, 0.985)
    assert precedent == 0.7
    for t in range(1, 30):
        precedent = act.crossed(precedent, 1.0, 0.985)
        assert precedent == pytest.approx(0.7 * 0.985**t, rel=1e-12)


def test_a_public_retreat_costs_credibility_and_force_on_land_brings_it() -> None:
    # Retreat by .6 of .4 staked: .6 - .3·.4 = .48, of .8 staked .6 - .3·.6 = .42; force: .6 + .3·.4 = .72
    def credible(commitment: float, effect: float, public: bool = True, force: bool = False) -> float:
        return act.credible(CONDUCT, 0.6, commitment, effect, public, force, 1.0, 0.6)

    assert credible(0.4, -0.6) == pytest.approx(0.48, rel=1e-14)
    assert credible(0.8, -0.6) == pytest.approx(0.42, rel=1e-14)
    assert credible(0.4, -0.6, public=False) == credible(0.4, 0.4) == 0.6
    assert credible(0.4, 0.4, force=True) == pytest.approx(0.72, rel=1e-14)
    assert act.credible(CONDUCT, 0.2, 0.4, 0.0, True, False, 0.985, 0.6) == pytest.approx(0.206, rel=1e-13)


def test_tension_averages_the_more_hostile_act_of_each_day_and_blood() -> None:
    # .93·.4 + .07·.55 = .4105; with somebody killed .93·.4 + .07·1 = .442 (.55 + .5 counts as 1); calm words are no heat
    assert act.heated(CONDUCT, 0.4, 0.55, 0.2, False, 0.93) == pytest.approx(0.4105, rel=1e-14)
    assert act.heated(CONDUCT, 0.4, 0.2, 0.55, False, 0.93) == pytest.approx(0.4105, rel=1e-14)
    assert act.heated(CONDUCT, 0.4, 0.55, 0.2, True, 0.93) == pytest.approx(0.442, rel=1e-14)
    assert act.heated(CONDUCT, 0.4, -0.3, -0.5, False, 0.93) == pytest.approx(0.372, rel=1e-14)


def test_patience_is_the_days_in_which_hope_falls_to_37_percent() -> None:
    # 1 - f = (1 - 1/91)^91 = .366
    fatigue = 0.0
    for _ in range(91):
        fatigue = act.tired(GoingOn(), fatigue, False)
    assert 1 - fatigue == pytest.approx((90 / 91) ** 91, rel=1e-12)
    assert act.tired(GoingOn(), 0.5, True) == pytest.approx(0.7 * (0.5 + 0.5 / 91), rel=1e-14)


def test_concessions_close_the_gap_between_the_terms_and_time_opens_it() -> None:
    # A concession of .2 in public moves .8·.2 = .16 of a gap of .8, in private half of that.
    given = act.conceded(Terms(), 0.2, True)
    assert given == pytest.approx(0.16, rel=1e-14)
    assert act.conceded(Terms(), 0.2, False) == pytest.approx(0.08, rel=1e-14)
    assert act.demanded(0.9, 0.1, given, 1.0) == pytest.approx(0.772, rel=1e-13)
    assert act.tendered(0.9, 0.1, given, 1.0, 0.9) == pytest.approx(0.228, rel=1e-13)
    assert act.demanded(0.9, 0.1, 0.0, 0.99) == pytest.approx(0.901, rel=1e-13)
    assert act.tendered(0.9, 0.1, 0.0, 0.99, 0.9) == pytest.approx(0.099, rel=1e-13)


def test_no_more_is_offered_than_is_demanded() -> None:
    assert act.tendered(0.5, 0.4, 0.9, 1.0, 0.45) == 0.45


def test_killing_turns_third_parties_away_from_who_kills_and_they_come_back() -> None:
    # At -.4: .03·.6 away from the coercer's side, or back to it; a twentieth of the way home each day.
    def turned(stance: float, by_coercer: bool, by_target: bool, kept: float = 1.0) -> float:
        return act.turned(CONDUCT, stance, by_coercer, by_target, kept, -0.4)

    assert turned(-0.4, True, False) == pytest.approx(-0.418, rel=1e-13)
    assert turned(-0.4, False, True) == pytest.approx(-0.382, rel=1e-13)
    assert turned(-0.6, False, False, 0.95) == pytest.approx(-0.59, rel=1e-13)
    assert turned(-1.0, True, False) == -1.0


def test_what_was_staked_fades_before_it_is_staked_anew() -> None:
    # .97·.5 + .4 = .885; clamped at 0 and 1 afterwards
    assert act.staked(0.5, 0.4, 0.97) == pytest.approx(0.885, rel=1e-14)
    assert act.staked(0.5, 0.8, 0.97) == 1.0
    assert act.staked(0.5, -0.6, 0.97) == 0.0
    assert act.staked(1.0, 0.0, 0.97) == 0.97


def test_contradiction_averages_the_changes_of_tone_whichever_way() -> None:
    # .85·.2 + .15·.6 = .26 up or down; a sender that never changes forgets: .85^t
    assert act.contradicted(0.2, 0.4, -0.2, 0.85) == pytest.approx(0.26, rel=1e-14)
    assert act.contradicted(0.2, -0.4, 0.2, 0.85) == pytest.approx(0.26, rel=1e-14)
    steady = list(accumulate(range(20), lambda x, _: act.contradicted(x, 0.3, 0.3, 0.85), initial=1.0))
    assert steady == pytest.approx([0.85**t for t in range(21)], rel=1e-12)


def test_the_level_is_todays_highest_rung_or_the_fading_past() -> None:
    assert act.escalated(5.0, 7.0, 0.93) == 7.0
    level = 9.0
    for t in range(1, 6):
        level = act.escalated(level, 6.0, 0.93)
        assert level == pytest.approx(max(6.0, 9 * 0.93**t), rel=1e-12)  # 8.37, 7.78, 7.24, 6.73, 6.26
    assert act.escalated(level, 6.0, 0.93) == 6.0


def test_hardship_and_deaths_only_grow() -> None:
    assert act.accumulated(1.5, 0.5) == 2.0
    assert act.accumulated(1.5, 0.0) == 1.5
