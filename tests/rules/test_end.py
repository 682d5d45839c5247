"""End: what ends a run, in which order, what is read after it, and how a day is counted."""

from __future__ import annotations

from itertools import product

import pytest

from sim.rules import measure
from sim.rules.end import agreed_share, level_after, outcome_today, war_chance
from sim.schema.outcomes import WARS, Outcome

DECISIVE = [Outcome.exit, Outcome.settlement, Outcome.raid, Outcome.invasion, Outcome.attack]


def test_outcomes_are_published_and_never_change() -> None:
    assert {outcome.name: int(outcome) for outcome in Outcome} == {
        "standoff": 0, "deescalation": 1, "exit": 2, "settlement": 3, "raid": 4, "invasion": 5, "attack": 6, "loss_of_control": 7
    }  # fmt: skip


def test_war_is_raid_invasion_attack_or_loss_of_control() -> None:
    assert {outcome.name for outcome in WARS} == {"raid", "invasion", "attack", "loss_of_control"}


@pytest.mark.parametrize("decisive", DECISIVE)
def test_a_decisive_act_ends_the_day_whatever_else_happens(decisive: Outcome) -> None:
    for lost, faded in product((False, True), repeat=2):
        assert outcome_today(float(decisive), lost, faded) == decisive


def test_control_is_lost_before_a_crisis_fades_and_else_it_goes_on() -> None:
    assert outcome_today(0.0, True, True) == outcome_today(0.0, True, False) == Outcome.loss_of_control
    assert outcome_today(0.0, False, True) == Outcome.deescalation
    assert outcome_today(0.0, False, False) == Outcome.standoff


def test_after_a_war_the_level_reads_10_after_any_other_end_0_else_as_it_is() -> None:
    for outcome in set(Outcome) - {Outcome.standoff}:
        assert level_after(6.5, float(outcome)) == (10.0 if outcome in WARS else 0.0)
    assert level_after(6.5, float(Outcome.standoff)) == 6.5


def test_chances_of_war_add_up_over_who_takes_a_decisive_act_today() -> None:
    # Coercer ½, target ¼: alone ½·¾, ¼·½, both ⅛, which is what the first makes of it.
    assert war_chance(0.5, 0.25, True, True, True) == 0.375 + 0.125 + 0.125
    assert war_chance(0.5, 0.25, True, False, True) == 0.375 + 0.125
    assert war_chance(0.5, 0.25, True, False, False) == 0.375
    assert war_chance(0.5, 0.25, False, True, True) == 0.125
    assert war_chance(0.5, 0.25, False, False, True) == 0.0


def test_whoever_accepts_takes_what_the_other_side_had_on_the_table() -> None:
    # The coercer accepts what is offered (.3), the target what is demanded (.9).
    settled = float(Outcome.settlement)
    assert agreed_share(settled, True, 0.9, 0.3) == 0.3
    assert agreed_share(settled, False, 0.9, 0.3) == 0.9
    assert agreed_share(float(Outcome.exit), False, 0.9, 0.3) == 0.0


def test_levels_are_counted_to_the_nearest_hundredth_of_a_rung() -> None:
    assert [measure.level_bin(x) for x in (0.0, 0.004, 0.006, 5.0, 9.994, 9.996, 10.0)] == [
        0,
        0,
        1,
        500,
        999,
        1000,
        1000,
    ]
    assert measure.level_bin(10.0) == measure.LEVEL_BINS - 1


def test_belief_errors_are_counted_to_the_nearest_hundredth_and_at_most_one_and_a_half() -> None:
    assert [measure.error_bin(x) for x in (-9.0, -1.5, -0.006, -0.004, 0.0, 0.004, 0.006, 1.5, 9.0)] == [
        0, 0, 149, 150, 150, 150, 151, 300, 300
    ]  # fmt: skip
    assert measure.error_bin(9.0) == measure.ERROR_BINS - 1


def test_sums_are_kept_in_whole_65536ths() -> None:
    assert [measure.fixed_point(x) for x in (0.0, 0.5, 1.0, 1000.0)] == [0, 32768, 65536, 65536000]
