"""Perceive: five channels of fog by hand, the Kalman filter, and clear sight."""

from __future__ import annotations

from itertools import product
from math import sqrt
from typing import Any

import pytest

import sim
from sim.rules import perceive
from sim.schema.coefficients import Perception
from sim.schema.signals import Kind
from sim.schema.world import Belief, Fog

K = Perception()
FULL = Fog()
CLEAR = Fog(framework=0, rhetoric=0, strikes=0, opacity=0)
KINDS = [float(kind) for kind in Kind]
QUIET, VERBAL, MATERIAL, PRIVATE, ECONOMIC = KINDS


def alone(channel: str) -> Fog:
    """Fog with one channel on."""
    return CLEAR.model_copy(update={"suspicion": 0.0, channel: 1.0})


# Blur and noise of each channel -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "expected"),
    # framework .25(1-.2) = .2 on all but quiet days; verbal + .4, material + .45, private + .9·.15, economic + .2
    [(QUIET, 0.0), (VERBAL, 0.6), (MATERIAL, 0.65), (PRIVATE, 0.335), (ECONOMIC, 0.4)],
)
def test_blur_of_each_class_by_hand(kind: float, expected: float) -> None:
    assert perceive.blur(K, FULL, kind, 0.2, 0.1) == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize(
    ("kind", "expected"),
    # framework .2(1-.2) = .16 and, added as variances: verbal .12 + .8·.1 = .2; material .06 + .3·.5 = .21; private
    # .9·.38 = .342. Economic .16 + .1 in one channel; a quiet day .5(1-.2).
    [
        (QUIET, 0.4),
        (VERBAL, sqrt(0.16**2 + 0.2**2)),
        (MATERIAL, sqrt(0.16**2 + 0.21**2)),
        (PRIVATE, sqrt(0.16**2 + 0.342**2)),
        (ECONOMIC, 0.26),
    ],
)
def test_noise_of_each_class_by_hand(kind: float, expected: float) -> None:
    assert perceive.noise(K, FULL, kind, 0.2, 0.1, 0.5, 0.1) == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize(
    ("channel", "kinds"),
    [("rhetoric", {VERBAL}), ("strikes", {MATERIAL}), ("opacity", {PRIVATE}), ("framework", set(KINDS))],
)
def test_each_switch_governs_its_channel_alone(channel: str, kinds: set[float]) -> None:
    fog = alone(channel)
    noisy = {kind for kind in KINDS if perceive.noise(K, fog, kind, 0.2, 0.1, 0.5, 0.1) > 0}
    blurred = {kind for kind in KINDS if perceive.blur(K, fog, kind, 0.2, 0.1) > 0}
    assert noisy == kinds
    assert blurred == kinds - {QUIET}


def test_a_switch_scales_the_noise_not_its_variance() -> None:
    half = CLEAR.model_copy(update={"rhetoric": 0.5})
    assert perceive.noise(K, half, VERBAL, 0.2, 0.1, 0.5, 0.1) == pytest.approx(0.1, rel=1e-13)


def test_working_channels_take_the_framework_fog_away() -> None:
    fog = alone("framework")
    for kind in (QUIET, VERBAL, MATERIAL, PRIVATE):
        assert (
            perceive.noise(K, fog, kind, 1.0, 0.1, 0.5, 0.1) == perceive.blur(K, fog, kind, 1.0, 0.1) == 0.0
        )


def test_a_full_readout_makes_private_talk_plain() -> None:
    fog = alone("opacity")
    assert (
        perceive.noise(K, fog, PRIVATE, 0.2, 1.0, 0.5, 0.1) == perceive.blur(K, fog, PRIVATE, 0.2, 1.0) == 0.0
    )


def test_blur_never_passes_1() -> None:
    assert perceive.added_blur(0.3, 0.65) == pytest.approx(0.95)
    assert perceive.added_blur(0.3, 0.9) == perceive.added_blur(1.0, 1.0) == 1.0
    # At every switch and with the shipped coefficients, one day's own blur does not either.
    for kind, framework in product(KINDS, (0.0, 1.0)):
        assert 0 <= perceive.blur(K, FULL, kind, framework, 0.0) <= 1


# What is read -------------------------------------------------------------------------------------------


def test_appearance_runs_from_0_to_1_as_hostility_from_minus_1_to_1() -> None:
    assert [perceive.appearance(h) for h in (-1.0, -0.5, 0.0, 1.0)] == [0.0, 0.25, 0.5, 1.0]


def test_a_reading_by_hand() -> None:
    # .6 + .4(.9 - .6) + .2·1.5 + .1(.4 + .2) = .6 + .12 + .3 + .06
    assert perceive.reading(0.6, 0.9, 0.4, 0.2, 1.5, 0.1) == pytest.approx(1.08, rel=1e-13)


def test_full_blur_reads_nothing_but_appearance() -> None:
    assert perceive.reading(0.6, 0.9, 1.0, 0.0, 0.0, 0.0) == pytest.approx(0.9, rel=1e-15)


def test_suspicion_reads_more_resolve_and_complacency_less_the_more_the_denser_the_fog() -> None:
    plain = perceive.reading(0.6, 0.6, 0.4, 0.2, 0.0, 0.0)
    assert (
        perceive.reading(0.6, 0.6, 0.4, 0.2, 0.0, 0.3)
        > plain
        > perceive.reading(0.6, 0.6, 0.4, 0.2, 0.0, -0.3)
    )
    assert perceive.reading(0.6, 0.6, 0.8, 0.2, 0.0, 0.3) > perceive.reading(0.6, 0.6, 0.4, 0.2, 0.0, 0.3)
    assert perceive.reading(0.6, 0.6, 0.0, 0.0, 0.0, 0.3) == 0.6  # alone it does nothing


@pytest.mark.parametrize("kind", [k for k in KINDS if k != PRIVATE])
def test_third_parties_see_what_is_public_as_it_is(kind: float) -> None:
    for leaked in (False, True):
        assert perceive.kind_read(kind, leaked) == kind
        assert perceive.hostility_read(-0.3, kind, leaked, 0.3, 2.0) == -0.3


def test_third_parties_see_nothing_of_private_words_until_they_leak_as_public_ones() -> None:
    assert perceive.kind_read(PRIVATE, False) == QUIET
    assert perceive.hostility_read(-0.3, PRIVATE, False, 0.3, 2.0) == 0.0
    assert perceive.kind_read(PRIVATE, True) == VERBAL
    assert perceive.hostility_read(-0.3, PRIVATE, True, 0.3, 2.0) == pytest.approx(0.3)  # -.3 + .3·2
    assert perceive.hostility_read(-0.3, PRIVATE, True, 0.3, 9.0) == 1.0
    assert perceive.hostility_read(-0.3, PRIVATE, True, 0.3, -9.0) == -1.0


# Belief -------------------------------------------------------------------------------------------------


def test_the_first_belief_errs_by_what_channels_would_have_spared() -> None:
    # .6 + (1 - .2)·.25·1.5 = .9
    assert perceive.first_belief(FULL, 0.6, 0.2, 0.25, 1.5) == pytest.approx(0.9, rel=1e-13)
    assert (
        perceive.first_belief(FULL, 0.6, 1.0, 0.25, 1.5)
        == perceive.first_belief(CLEAR, 0.6, 0.2, 0.25, 1.5)
        == 0.6
    )


@pytest.mark.parametrize("channel", ["framework", "rhetoric", "strikes", "opacity"])
def test_one_channel_is_enough_not_to_see_truly(channel: str) -> None:
    assert not perceive.sees_truly(alone(channel))
    assert perceive.sees_truly(CLEAR)
    assert perceive.sees_truly(alone("suspicion"))


def test_a_clear_observer_believes_the_truth_to_the_last_bit_and_never_doubts() -> None:
    for truth, before, read in product((0.02, 0.1 + 0.2, 0.98), (-0.4, 0.5, 1.3), (-1.0, 0.6, 2.0)):
        assert perceive.believed(CLEAR, before, truth, 0.37, read) == truth
    assert perceive.doubt(CLEAR, 0.04, 0.3, 0.004, 0.06) == perceive.first_variance(CLEAR, 0.04) == 0.0
    assert perceive.first_variance(FULL, 0.04) == 0.04


def test_the_weight_of_a_reading_by_hand() -> None:
    # .04/(.04 + .2²) = ½; all of it if it is free of noise, nothing if nothing is doubted
    assert perceive.trust_in_reading(0.04, 0.2) == pytest.approx(0.5, rel=1e-15)
    assert perceive.trust_in_reading(0.04, 0.0) == perceive.trust_in_reading(0.0, 0.0) == 1.0
    assert perceive.trust_in_reading(0.0, 0.2) == 0.0


def test_a_belief_moves_by_its_weight_toward_what_was_read() -> None:
    assert perceive.believed(FULL, 0.4, 0.9, 0.25, 0.8) == pytest.approx(0.5, rel=1e-15)


@pytest.mark.parametrize("noisy", [0.05, 0.135, 0.3, 0.4])
@pytest.mark.parametrize("drift", [0.0005, 0.004])
def test_doubt_settles_where_the_riccati_equation_says(noisy: float, drift: float) -> None:
    # v = (1-K)v + d with K = v/(v+ς²)  ⇔  v² - d·v - d·ς² = 0  ⇒  v* = (d + √(d² + 4dς²))/2
    settled = (drift + sqrt(drift**2 + 4 * drift * noisy**2)) / 2
    for v in (0.0, 0.25):
        for _ in range(2000):
            v = perceive.doubt(FULL, v, perceive.trust_in_reading(v, noisy), drift, 0.25)
        assert v == pytest.approx(settled, rel=1e-10)


def test_doubt_is_capped() -> None:
    belief = Belief()
    v = belief.variance
    for _ in range(50):
        v = perceive.doubt(FULL, v, perceive.trust_in_reading(v, 2.0), belief.drift, belief.variance_cap)
    assert v == belief.variance_cap


def test_equal_noise_without_drift_averages_all_readings() -> None:
    # Kalman without drift is Bayes: after n readings v = 1/(1/v0 + n/ς²), μ the weighted mean of prior and readings.
    readings, mu, v, noisy = [0.9, 0.2, 0.7, 0.4, 1.1], 0.5, 0.04, 0.3
    for y in readings:
        weight = perceive.trust_in_reading(v, noisy)
        mu, v = perceive.believed(FULL, mu, 0.6, weight, y), perceive.doubt(FULL, v, weight, 0.0, 0.25)
    precision = 1 / 0.04 + 5 / 0.3**2
    assert v == pytest.approx(1 / precision, rel=1e-12)
    assert mu == pytest.approx((0.5 / 0.04 + sum(readings) / 0.3**2) / precision, rel=1e-12)


# Order of trust -----------------------------------------------------------------------------------------


def misread(scenario: Any, kind: float, inconsistency: float) -> float:
    """ς of one class of signal on day 0 of a scenario, to an observer in the full fog of it."""
    world = scenario.world
    return perceive.noise(
        scenario.coefficients.perception,
        scenario.fog,
        kind,
        world.framework,
        world.readout_share,
        world.tempo,
        inconsistency,
    )


def test_acts_are_trusted_before_private_words_at_the_starting_values() -> None:
    # Katagiri & Min (2018). .06 + .3·.25 = .135 against .9·.38 = .342, over the same noise of the framework.
    scenario = sim.load("scenarios/standoff.toml")
    assert misread(scenario, MATERIAL, 0.0) < misread(scenario, PRIVATE, 0.0)


def test_private_words_are_trusted_before_public_ones_of_a_sender_that_contradicts_itself() -> None:
    # Public words: .12 + .8·inconsistency; private: .342 at the starting readout. They cross at .222/.8 = .2775. Below it
    # public words are the less noisy: a sender that has not yet contradicted itself is taken at its word.
    scenario = sim.load("scenarios/standoff.toml").replace({"world.readout_share": 0.1})
    assert misread(scenario, PRIVATE, 0.0) < misread(scenario, VERBAL, 0.278)
    assert misread(scenario, VERBAL, 0.277) < misread(scenario, PRIVATE, 0.0)
