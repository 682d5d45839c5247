"""Infer: the score of a quantal response against its derivative, and what a rival as believed would do."""

from __future__ import annotations

from math import exp, log

import pytest

from sim.rules import choose, infer

UTILITY, TOLD, RELISHED = (0.3, 0.1, -0.2, 0.25), (0.2, -0.3, 1.1, 0.6), (0.0, -0.2, 0.5, 0.3)
T = 0.12


def shares(gap: float) -> list[float]:
    """What a sender whose trait is off by ``gap`` would send."""
    utilities = [
        infer.as_believed(u, a, p, gap, 0.0) for u, a, p in zip(UTILITY, TOLD, RELISHED, strict=True)
    ]
    weights = [exp((u - max(utilities)) / T) for u in utilities]
    return [weight / sum(weights) for weight in weights]


def means(gap: float) -> tuple[float, float]:
    """Mean and mean square of what signals tell, at that gap."""
    expected = shares(gap)
    return (
        sum(p * a for p, a in zip(expected, TOLD, strict=True)),
        sum(p * a * a for p, a in zip(expected, TOLD, strict=True)),
    )


@pytest.mark.parametrize("gap", [-0.3, 0.0, 0.2])
@pytest.mark.parametrize("sent", range(4))
def test_the_score_is_the_slope_of_the_log_likelihood(sent: int, gap: float) -> None:
    step = 1e-5
    slope = (log(shares(gap + step)[sent]) - log(shares(gap - step)[sent])) / (2 * step)
    assert infer.score(TOLD[sent], means(gap)[0], 1 / T) == pytest.approx(slope, rel=1e-6)


@pytest.mark.parametrize("gap", [-0.3, 0.0, 0.2])
def test_the_score_is_0_on_average_and_its_mean_square_is_the_information(gap: float) -> None:
    mean, square = means(gap)
    scores = [infer.score(a, mean, 1 / T) for a in TOLD]
    assert sum(p * s for p, s in zip(shares(gap), scores, strict=True)) == pytest.approx(0.0, abs=1e-12)
    expected = sum(p * s * s for p, s in zip(shares(gap), scores, strict=True))
    assert infer.information(mean, square, 1 / T) == pytest.approx(expected, rel=1e-11)


def test_information_is_never_negative_where_rounding_would_make_it_so() -> None:
    assert infer.information(0.1, 0.1 * 0.1 - 1e-18, 8.0) == 0.0


def test_a_sender_believed_to_be_as_it_is_would_do_as_it_does() -> None:
    for u, a, p in zip(UTILITY, TOLD, RELISHED, strict=True):
        assert infer.as_believed(u, a, p, 0.0, 0.0) == u
    # .3 + .2·.5 - .1·.4
    assert infer.as_believed(0.3, 0.5, 0.4, 0.2, -0.1) == pytest.approx(0.36, rel=1e-14)


def test_what_is_impossible_stays_impossible_whatever_is_believed() -> None:
    no = choose.IMPOSSIBLE
    assert infer.as_believed(no, 3.0, 1.0, 0.5, 0.5) == infer.advantage_as_believed(no, 3.0, 0.5, 0.5) == no
    assert infer.fear(0.1, 30.0, no, 16.0) == 0.0


def test_fear_is_the_chance_of_war_within_so_many_days_by_hand() -> None:
    # As likely as not on a day that a decision is taken up: 1 - exp(-.1·30·½)
    assert infer.fear(0.1, 30.0, 0.0, 16.0) == pytest.approx(1 - exp(-1.5), rel=1e-10)
    assert infer.fear(0.1, 30.0, 9.0, 16.0) == pytest.approx(1 - exp(-3.0), rel=1e-10)
    # .1 + .2·1.5 + .05
    assert infer.advantage_as_believed(0.1, 1.5, 0.2, 0.05) == pytest.approx(0.45, rel=1e-14)


def test_a_rival_thought_more_resolute_or_fonder_of_force_is_feared_more() -> None:
    fears = [
        infer.fear(0.1, 30.0, infer.advantage_as_believed(-0.1, 1.5, gap, liking), 16.0)
        for gap, liking in ((-0.1, 0.0), (0.0, 0.0), (0.1, 0.0), (0.1, 0.1))
    ]
    assert fears == sorted(set(fears))
