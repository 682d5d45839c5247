"""Perceive: what gets through five channels of fog, what is made up in its place, beliefs, moods, and clear sight."""

from __future__ import annotations

from itertools import product
from math import sqrt

import pytest

from sim.engines.mesa.observer import NO_FOG
from sim.rules import perceive
from sim.schema.coefficients import Feeling, Perception
from sim.schema.signals import Kind
from sim.schema.world import Fog

K, FEELING, FULL = Perception(), Feeling(), Fog()
UNFOGGED = NO_FOG.model_copy(update={"uncertainty": 1.0})
KINDS = [float(kind) for kind in Kind]
QUIET, VERBAL, MATERIAL, PRIVATE, ECONOMIC = KINDS


def alone(channel: str) -> Fog:
    """Fog with one channel on."""
    return NO_FOG.model_copy(update={channel: 1.0})


def through(fog: Fog, kind: float, framework: float = 0.15, known: float = 0.28) -> float:
    """Share of the evidence that gets through, at a pace of .5 strikes a day and an inconsistency of .1."""
    return perceive.evidence(K, fog, framework, perceive.lost(K, fog, kind, 0.5, 0.1, known))


# What gets through ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "expected"),
    # framework 1 - .4·.85 = .66, times 1 - .58 verbal, 1 - .4 material, 1 - .6·.72 private, 1 - .2 economic
    [(QUIET, 0.66), (VERBAL, 0.2772), (MATERIAL, 0.396), (PRIVATE, 0.37488), (ECONOMIC, 0.528)],
)
def test_the_evidence_of_each_class_by_hand(kind: float, expected: float) -> None:
    assert through(FULL, kind) == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize(
    ("channel", "kinds"),
    [("rhetoric", {VERBAL}), ("strikes", {MATERIAL}), ("opacity", {PRIVATE}), ("framework", set(KINDS))],
)
def test_each_switch_governs_its_channel_alone(channel: str, kinds: set[float]) -> None:
    assert {kind for kind in KINDS if through(alone(channel), kind) < 1} == kinds


@pytest.mark.parametrize("channel", ["suspicion", "uncertainty"])
def test_suspicion_and_uncertainty_lose_nothing(channel: str) -> None:
    assert all(through(alone(channel), kind) == 1.0 for kind in KINDS)


def test_working_channels_take_the_framework_fog_away_and_readouts_that_of_private_words() -> None:
    assert through(alone("framework"), VERBAL, framework=1.0) == 1.0
    assert through(alone("opacity"), PRIVATE, known=1.0) == 1.0


def test_words_of_the_inconsistent_lose_at_most_nine_tenths() -> None:
    assert perceive.lost(K, FULL, VERBAL, 0.5, 2.0, 0.0) == 0.9
    assert perceive.lost(K, FULL, MATERIAL, 2.0, 0.0, 0.0) == pytest.approx(0.85)


def test_public_words_weigh_least_and_acts_most_at_the_starting_values() -> None:
    # Katagiri & Min (2018) of a sender that contradicts itself a little (.2), tempo .25, a tenth of talk read out.
    lost = [perceive.lost(K, FULL, kind, 0.25, 0.2, 0.1) for kind in (MATERIAL, PRIVATE, VERBAL)]
    assert lost == sorted(lost)


# Beliefs -------------------------------------------------------------------------------------------------


def test_the_first_belief_is_the_truth_and_an_error() -> None:
    assert perceive.first_belief(FULL, 0.6, 0.2, 1.5) == pytest.approx(0.9, rel=1e-13)
    assert perceive.first_variance(FULL, 0.2) == pytest.approx(0.04, rel=1e-14)
    assert perceive.first_belief(UNFOGGED, 0.6, 0.2, 1.5) == perceive.first_belief(FULL, 0.6, 0.2, 1.5)
    assert perceive.first_belief(NO_FOG, 0.6, 0.2, 1.5) == 0.6
    assert perceive.first_variance(NO_FOG, 0.2) == 0.0


def test_a_belief_moves_by_the_evidence_and_by_what_is_made_up_for_the_rest() -> None:
    # .5 + .04(.66·2 + .34·√9·1.5); clear of fog .5 + .04·2
    assert perceive.believed(K, FULL, 0.6, 0.5, 0.04, 0.66, 2.0, 9.0, 1.5, -0.2, 1.2) == pytest.approx(
        0.614, rel=1e-13
    )
    assert perceive.believed(K, UNFOGGED, 0.6, 0.5, 0.04, 1.0, 2.0, 9.0, 1.5, -0.2, 1.2) == pytest.approx(
        0.58, rel=1e-13
    )


def test_suspicion_reads_appetite_into_what_is_lost_and_complacency_the_reverse() -> None:
    # .0064(.66·2 + .34(9·.6·.25 + 3·1)); of evidence that all gets through nothing is made up
    def believed(fog: Fog, kept: float, suspicion: float) -> float:
        return perceive.appetite_believed(K, fog, 0.1, 0.0, 0.0064, kept, 2.0, 9.0, suspicion, 1.0, 0.6)

    assert believed(FULL, 0.66, 0.25) == pytest.approx(0.0179136, rel=1e-12)
    assert believed(FULL, 0.66, -0.25) < believed(FULL, 0.66, 0.0) < believed(FULL, 0.66, 0.25)
    assert believed(FULL, 1.0, 0.25) == believed(FULL, 1.0, -0.25) == pytest.approx(0.0128, rel=1e-12)


def test_beliefs_stay_within_what_is_believable() -> None:
    assert perceive.believed(K, FULL, 0.6, 1.1, 0.06, 1.0, 90.0, 9.0, 0.0, -0.2, 1.2) == 1.2
    assert perceive.believed(K, FULL, 0.6, 0.1, 0.06, 1.0, -90.0, 9.0, 0.0, -0.2, 1.2) == -0.2
    assert perceive.appetite_believed(K, FULL, 0.1, 0.0, 0.02, 1.0, 90.0, 9.0, 0.2, 0.0, 0.6) == 0.6


def test_an_observer_that_knows_types_believes_the_truth_to_the_last_bit_and_never_doubts() -> None:
    for truth, before, score in product((0.02, 0.1 + 0.2, 0.98), (-0.2, 0.5, 1.2), (-9.0, 0.0, 2.0)):
        assert perceive.believed(K, NO_FOG, truth, before, 0.04, 0.5, score, 9.0, 1.0, -0.2, 1.2) == truth
        assert (
            perceive.appetite_believed(K, NO_FOG, truth, before, 0.04, 0.5, score, 9.0, 0.2, 1.0, 0.6)
            == truth
        )
    assert perceive.doubt(NO_FOG, 0.04, 9.0, 0.5, 0.004, 0.06) == 0.0


def test_doubt_falls_by_what_gets_through_and_comes_back_a_little() -> None:
    # .04/(1 + .04·9·.66) + .0005; nothing learnt: the drift alone, up to the cap
    assert perceive.doubt(FULL, 0.04, 9.0, 0.66, 0.0005, 0.06) == pytest.approx(
        0.04 / 1.2376 + 0.0005, rel=1e-13
    )
    assert perceive.doubt(FULL, 0.04, 9.0, 0.0, 0.0005, 0.06) == pytest.approx(0.0405, rel=1e-13)
    assert perceive.doubt(FULL, 0.06, 0.0, 1.0, 0.0005, 0.06) == 0.06


def test_without_drift_doubt_is_bayes() -> None:
    # Precisions add: after n signals of information I, all of which get through, 1/v = 1/v_0 + nI.
    v = 0.04
    for n in range(1, 30):
        v = perceive.doubt(UNFOGGED, v, 4.0, 1.0, 0.0, 0.06)
        assert 1 / v == pytest.approx(25 + 4 * n, rel=1e-12)


@pytest.mark.parametrize("information", [0.5, 4.0])
def test_doubt_settles_where_learning_and_forgetting_balance(information: float) -> None:
    # v = v/(1 + vI) + d  ⇔  I v² - dI v - d = 0  ⇒  v* = (d + √(d² + 4d/I))/2
    d, v = 0.0005, 0.06
    for _ in range(3000):
        v = perceive.doubt(UNFOGGED, v, information, 1.0, d, 0.25)
    assert v == pytest.approx((d + sqrt(d * d + 4 * d / information)) / 2, rel=1e-9)


# Moods ---------------------------------------------------------------------------------------------------


def test_suspicion_reads_hostility_into_what_is_lost() -> None:
    # .2 + .34·.6·.25
    assert perceive.felt(FEELING, FULL, 0.2, 0.66, 0.25, False) == pytest.approx(0.251, rel=1e-13)
    assert perceive.felt(FEELING, FULL, 0.2, 1.0, 0.25, False) == 0.2
    assert perceive.felt(FEELING, UNFOGGED, 0.2, 0.66, 0.25, False) == 0.2
    assert perceive.felt(FEELING, FULL, 1.0, 0.0, 0.3, False) == 1.0


def test_an_incident_is_felt_as_an_attack_where_acts_are_misread() -> None:
    assert perceive.felt(FEELING, FULL, -0.3, 0.66, 0.25, True) == 0.8
    assert perceive.felt(FEELING, FULL, 0.95, 1.0, 0.0, True) == 0.95
    assert perceive.felt(FEELING, alone("suspicion"), -0.3, 1.0, 0.25, True) == -0.3


def test_a_mood_by_hand() -> None:
    # .5 + .05(.2 + .65·.6) - .06·.5
    assert perceive.mood(FEELING, 0.5, 0.2, 0.65, 0.6) == pytest.approx(0.4995, rel=1e-13)
    assert perceive.mood(FEELING, 0.0, -1.0, 0.0, 0.6) == 0.0


def test_a_mood_comes_to_rest_where_the_days_hostility_keeps_it() -> None:
    # m* = gain/decay · (ĥ + felt force)
    mood = 0.9
    for _ in range(600):
        mood = perceive.mood(FEELING, mood, 0.2, 0.65, 0.6)
    assert mood == pytest.approx(0.05 / 0.06 * 0.59, rel=1e-9)
