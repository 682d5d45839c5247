"""Choose: utilities by hand, logit as softmax, doubt as an average over a belief, and which way each term pulls."""

from __future__ import annotations

from itertools import pairwise
from math import exp, isclose, pi, sqrt
from typing import Any

import numpy as np
import pytest

from sim.rules import choose
from sim.schema.actors import Principal
from sim.schema.coefficients import Assault, Coercer, Exit, Target
from sim.schema.signals import Interest, Signal

COERCER, TARGET, ASSAULT, EXIT = Coercer(), Target(), Assault(), Exit()
ME = Principal(role="coercer", stake=1.2, war_cost=1.6, audience_cost=0.5, dual_track=0.2, reciprocity=0.35)


def signal(**numbers: Any) -> Signal:
    return Signal.model_validate({"senders": ["coercer"], "class": "verbal", **numbers})


def sigma(x: float) -> float:
    return 1 / (1 + exp(-x))


def near(value: float, expected: float) -> bool:
    return isclose(value, expected, rel_tol=1e-11, abs_tol=1e-13)


# Doubt ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("k", "c", "v"), [(6, 1, 0.04), (6, 0.5, 0.06), (5, 0.6, 0.25), (50, 5, 0.25)])
def test_certainty_is_mackays_factor(k: float, c: float, v: float) -> None:
    assert near(choose.certainty(k, c, v), 1 / sqrt(1 + pi * k**2 * c**2 * v / 8))


def test_without_doubt_or_without_weight_certainty_is_1() -> None:
    assert (
        choose.certainty(6.0, 1.0, 0.0)
        == choose.certainty(6.0, 0.0, 0.25)
        == choose.certainty(0.0, 1.0, 0.25)
        == 1.0
    )


def test_more_doubt_is_less_certain() -> None:
    found = [choose.certainty(6.0, 1.0, v) for v in np.linspace(0, 0.25, 51).tolist()]
    assert all(a > b for a, b in pairwise(found))


def test_certainty_averages_a_logistic_over_a_normal_belief_within_two_percent() -> None:
    # E σ(k(x - b)) for b ~ N(μ, v), by Gauss-Hermite quadrature of 80 nodes (exact to 1e-9 here), for every slope
    # and variance that beliefs reach with the starting values: k ≤ 6, v ≤ .06, and far beyond, v ≤ .25.
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    weights = weights / weights.sum()
    for k, v in [(6, 0.04), (6, 0.06), (5, 0.06), (3, 0.06), (6, 0.25)]:
        for gap in np.linspace(-1.5, 1.5, 61).tolist():
            exact = float((weights / (1 + np.exp(-k * (gap + sqrt(v) * nodes)))).sum())
            assert abs(sigma(k * gap * choose.certainty(k, 1.0, v)) - exact) < 0.02


def test_a_belief_beyond_its_range_alarms_like_its_end() -> None:
    assert [choose.alarm(b) for b in (-0.3, 0.0, 0.4, 1.0, 1.7)] == [0, 0, 0.4, 1, 1]


# What things are worth, by hand -------------------------------------------------------------------------


def test_leverage_of_the_coercer_by_hand() -> None:
    # .55·.5 + .4·.3 + .2·.25 - .3·.1 = .275 + .12 + .05 - .03
    assert near(choose.coercer_leverage(COERCER, 0.5, 0.3, 0.25, 0.1), 0.415)


def test_leverage_of_the_target_by_hand() -> None:
    # .5·.3 + .5·.2 + .4·.1 = .15 + .10 + .04
    assert near(choose.target_leverage(TARGET, 0.3, 0.2, 0.1), 0.29)


def test_chances_to_yield_by_hand() -> None:
    # Coercer: σ(6(.415 + .1 + .05 - .5 - .15)) = σ(-.51); target: σ(5(.29 + .1 + .05 - .5 + .1)) = σ(.2); half as sure: σ(.1)
    assert near(choose.yield_chance(COERCER, 0.415, 0.1, 0.05, 0.5, 1.0), sigma(-0.51))
    assert near(choose.yield_chance(TARGET, 0.29, 0.1, 0.05, 0.5, 1.0), sigma(0.2))
    assert near(choose.yield_chance(TARGET, 0.29, 0.1, 0.05, 0.5, 0.5), sigma(0.1))


def test_risks_of_war_by_hand() -> None:
    # Coercer: σ(6(.6·.5 + .5·.6 + .25·.8 - 1)) = σ(-1.2); target under an ultimatum: σ(6(.3 + .36 + .2 + .15 - 1)) = σ(.06)
    assert near(choose.war_risk(COERCER, 0.5, 0.6, 0.8, 0.0, 1.0), sigma(-1.2))
    assert near(choose.war_risk(TARGET, 0.5, 0.6, 0.8, TARGET.risk_ultimatum, 1.0), sigma(0.06))


def test_conciliation_is_no_less_risky_than_holding_still() -> None:
    assert choose.war_risk(COERCER, -0.9, 0.6, 0.8, 0.0, 0.7) == choose.war_risk(
        COERCER, 0.0, 0.6, 0.8, 0.0, 0.7
    )


def test_dread_of_war_by_hand() -> None:
    # (1 - .6)·1.6 = .64; watched: .64·(1 + .6·.5 - .3·.2) = .64·1.24
    assert near(choose.bare_dread(ME, 0.6), 0.64)
    assert near(choose.watched_dread(COERCER, 0.64, 0.5, 0.2), 0.7936)


def test_worth_of_an_opening_by_hand() -> None:
    # Coercer: .2(.5 + .3·.4)(1 - .5·.2) = .2·.62·.9; target: .2(.5 + .4·.3)
    assert near(choose.coercer_opening(COERCER, ME, 0.5, 0.4, 0.2), 0.1116)
    assert near(choose.target_opening(TARGET, ME, 0.5, 0.3), 0.124)


def test_the_price_of_a_signal_by_hand() -> None:
    # cost .1 + .35·.6 - inclination .04 + ½·.35·(-.5 - .8·.5)² + retreat .5·min(c, .2):
    # .1 + .21 - .04 + .175·.81 + .1 = .51175 with c = .4; .46175 with c = .1.
    concede = signal(cost=0.1, resolve_cost=0.35, commitment=-0.2, hostility=-0.5)
    assert near(choose.price(concede, ME, 0.04, 0.6, 0.4, 0.5, 0.8), 0.51175)
    assert near(choose.price(concede, ME, 0.04, 0.6, 0.1, 0.5, 0.8), 0.46175)


def test_staking_more_is_no_retreat() -> None:
    plain, staking = signal(), signal(commitment=0.4)
    assert (
        choose.price(staking, ME, 0.0, 0.5, 0.9, 0.0, 0.8)
        == choose.price(plain, ME, 0.0, 0.5, 0.9, 0.0, 0.8)
        == 0.0
    )


def test_answering_in_kind_is_free_and_every_other_tone_costs() -> None:
    # At h = .8·.5 = .4 nothing; elsewhere ½·.35·(h - .4)².
    prices = {h: choose.price(signal(hostility=h), ME, 0.0, 0.5, 0.0, 0.5, 0.8) for h in (0.0, 0.4, 0.8)}
    assert near(prices[0.4], 0.0)
    assert near(prices[0.0], 0.028)
    assert near(prices[0.8], 0.028)


def test_a_called_ultimatum_taxes_all_but_force() -> None:
    words, force = signal(), signal(force=True)
    assert near(choose.called_bluff(ME, words, 0.8, 3.0), 0.4)
    assert choose.called_bluff(ME, force, 0.8, 3.0) == choose.called_bluff(ME, words, 0.8, 0.0) == 0.0


def test_only_killing_is_blamed_and_by_the_deaths_so_far() -> None:
    assert near(choose.blame(signal(deaths=4), 0.0008, 100.0), 0.08)
    assert choose.blame(signal(), 0.0008, 100.0) == 0.0


def test_utility_of_an_ordinary_signal_by_hand() -> None:
    # .66·.4 - .8·.3 - .05 = -.026; with .12 for the opening that a concession makes: .094
    assert near(choose.ordinary_utility(0.66, 0.4, 0.8, 0.3, 0.12, 0.0, 0.05), -0.026)
    assert near(choose.ordinary_utility(0.66, 0.4, 0.8, 0.3, 0.12, 0.1, 0.05), 0.094)


@pytest.mark.parametrize(
    ("name", "alignment", "expected"),
    # Level 5, alarm .6, no cost. Condemn and oppose: .8(.3 + .07·.6·5) - .25; back: .5·.8 - .25;
    # mediate: (1 - .4)(.1 + .08·5) - .25; call: .01(1 - .4)·5 - .15; aid: (.8 - .5)(.05·5 + .2) - .3.
    [
        ("condemn", -0.8, 0.158), ("oppose", -0.8, 0.158), ("back", 0.8, 0.15),
        ("mediate", -0.4, 0.05), ("mediate", 0.4, 0.05), ("call", 0.4, -0.12), ("aid", -0.8, -0.165), ("hold", 0.3, 0.0),
    ],
)  # fmt: skip
def test_what_each_signal_is_worth_to_a_third_party_by_hand(
    name: str, alignment: float, expected: float
) -> None:
    from sim.schema.signals import shipped_vocabulary

    worth = Interest.model_validate(shipped_vocabulary()[name].get("interest", {}))
    assert near(choose.third_party_utility(worth, 0.0, 0.0, alignment, 5.0, 0.6), expected)
    assert near(choose.third_party_utility(worth, 0.07, 0.03, alignment, 5.0, 0.6), expected - 0.04)


def test_utility_of_assaults_by_hand() -> None:
    # w = σ(5(.7 - .5 - .3·.1 + .15)) = σ(1.6). Raid: .66·1.1·.8 - .64(.2 + .45·.5)(1 + .5·.4 - .3·.2) - .4·.1 - .42
    # = .5808 - .64·.425·1.14 - .46; invasion: .66·1.3·.8 - .64(.15 + .65·.5)·1.14 - .04 - .5.
    assert near(choose.winning_chance(ASSAULT, 0.7, 0.5, 0.1, 1.0), sigma(1.6))
    raid = signal(prize=1.1, cost_certain=0.2, cost_resisted=0.45, reluctance=0.42)
    invade = signal(prize=1.3, cost_certain=0.15, cost_resisted=0.65, reluctance=0.5)
    found = [choose.assault_utility(ASSAULT, s, 0.66, 0.8, 0.64, 0.5, 0.4, 0.2, 0.1) for s in (raid, invade)]
    assert near(found[0], -0.18928)
    assert near(found[1], -0.20016)


def test_utility_of_striking_first_by_hand() -> None:
    # -.64(1 - .5) - .05
    assert near(choose.preempt_utility(signal(reluctance=0.05), 0.64, 0.5), -0.37)


def test_sincerity_is_outreach_seen_and_trust_where_talk_is_opaque() -> None:
    # Clear sight: .5. Full opacity, all but .1 of it unread: .5 + .9(.3 - .5) = .32.
    assert choose.sincerity(0.5, 0.3, 0.0, 0.1) == choose.sincerity(0.5, 0.3, 1.0, 1.0) == 0.5
    assert near(choose.sincerity(0.5, 0.3, 1.0, 0.1), 0.32)


def test_utility_of_leaving_by_hand() -> None:
    # q = .9·.5 = .45: .3·.45 - .15·.55 - .15·.66 = .135 - .0825 - .099
    assert near(choose.exit_utility(EXIT, signal(), 0.9, 0.5, 0.66), -0.0465)


def test_decisive_acts_are_taken_up_at_a_rate_that_grows_with_their_advantage() -> None:
    # Indifferent: ρ/2; .05 better at τ_d = .05: ρσ(1).
    assert choose.decisive_chance(0.1, 0.3, 0.3, 20.0) == 0.05
    assert near(choose.decisive_chance(0.1, 0.35, 0.3, 20.0), 0.1 * sigma(1))
    assert choose.decisive_chance(0.1, 9.0, 0.3, 20.0) == 0.1
    assert choose.decisive_chance(1.0, choose.IMPOSSIBLE, 0.3, 20.0) == 0.0


# Which way each term pulls -------------------------------------------------------------------------------


def test_more_audience_cost_makes_a_retreat_dearer_and_nothing_else() -> None:
    back, on = signal(commitment=-0.6), signal(commitment=0.4)
    mild, strict = (ME.model_copy(update={"audience_cost": cost}) for cost in (0.2, 0.9))
    assert choose.price(back, mild, 0, 0.5, 0.5, 0, 0.8) < choose.price(back, strict, 0, 0.5, 0.5, 0, 0.8)
    assert choose.price(on, mild, 0, 0.5, 0.5, 0, 0.8) == choose.price(on, strict, 0, 0.5, 0.5, 0, 0.8)


def test_more_staked_makes_a_retreat_dearer_until_all_that_it_gives_up_is_staked() -> None:
    prices = [choose.price(signal(commitment=-0.3), ME, 0, 0.5, c, 0, 0.8) for c in (0.0, 0.1, 0.3, 0.8)]
    assert prices[0] < prices[1] < prices[2] == prices[3]


def test_opposition_makes_war_dearer_to_the_coercer_and_backing_cheaper() -> None:
    dreads = [choose.watched_dread(COERCER, 0.64, o, b) for o, b in ((0, 0.5), (0, 0), (0.5, 0))]
    assert dreads[0] < dreads[1] < dreads[2]
    raid = signal(prize=1.1, cost_certain=0.2, cost_resisted=0.45)
    worths = [
        choose.assault_utility(ASSAULT, raid, 0.6, 0.7, 0.6, 0.5, o, b, 0.0)
        for o, b in ((0, 0.5), (0, 0), (0.5, 0))
    ]
    assert worths[0] > worths[1] > worths[2]


def test_a_rival_believed_resolute_yields_less_and_fights_more() -> None:
    beliefs = (0.2, 0.5, 0.8)
    for k in (COERCER, TARGET):
        yields = [choose.yield_chance(k, 0.4, 0.0, 0.0, b, 1.0) for b in beliefs]
        risks = [choose.war_risk(k, 0.4, b, 0.8, 0.0, 1.0) for b in beliefs]
        assert yields == sorted(yields, reverse=True)
        assert risks == sorted(risks)
    wins = [choose.winning_chance(ASSAULT, 0.7, b, 0.1, 1.0) for b in beliefs]
    assert wins == sorted(wins, reverse=True)


def test_pressure_and_concessions_both_make_the_rival_yield() -> None:
    bare = choose.yield_chance(COERCER, 0.4, 0.0, 0.0, 0.5, 1.0)
    assert choose.yield_chance(COERCER, 0.4, 0.1, 0.0, 0.5, 1.0) > bare
    assert choose.yield_chance(COERCER, 0.4, 0.0, 0.1, 0.5, 1.0) > bare


def test_resolve_makes_war_less_dreadful_and_conceding_dearer() -> None:
    assert choose.bare_dread(ME, 0.8) < choose.bare_dread(ME, 0.3)
    concede = signal(resolve_cost=0.35)
    assert choose.price(concede, ME, 0, 0.8, 0, 0, 0.8) > choose.price(concede, ME, 0, 0.3, 0, 0, 0.8)


def test_progress_makes_an_assault_and_a_further_opening_worth_less() -> None:
    raid = signal(prize=1.1)
    assert choose.assault_utility(ASSAULT, raid, 1, 1, 0, 0, 0, 0, 0.9) < choose.assault_utility(
        ASSAULT, raid, 1, 1, 0, 0, 0, 0, 0.1
    )
    assert choose.coercer_opening(COERCER, ME, 0.5, 0.5, 0.9) < choose.coercer_opening(
        COERCER, ME, 0.5, 0.5, 0.1
    )


def test_a_safe_and_sincere_exit_is_worth_more_and_pride_less() -> None:
    base = choose.exit_utility(EXIT, signal(), 0.5, 0.5, 0.6)
    assert choose.exit_utility(EXIT, signal(), 0.9, 0.5, 0.6) > base
    assert choose.exit_utility(EXIT, signal(), 0.5, 0.9, 0.6) > base
    assert choose.exit_utility(EXIT, signal(), 0.5, 0.5, 0.9) < base


# Logit choice -------------------------------------------------------------------------------------------


def weights_of(utilities: list[float], temperature: float) -> list[float]:
    best = max(utilities)
    return [choose.choice_weight(u, best, 1 / temperature) for u in utilities]


def picked(weights: list[float], u: float) -> int:
    """What one uniform draw picks, as both engines walk."""
    total = sum(weights)
    chosen, before = 0.0, 0.0
    for candidate, weight in enumerate(weights):
        chosen = choose.walk(chosen, float(candidate), weight, before, u * total)
        before += weight
    return int(chosen)


LAST, FIRST = 1 - 2.0**-53, 2.0**-53  # the outermost draws


def test_choice_weights_are_a_softmax() -> None:
    # By hand at temperature .12: exp((U - .3)/.12) for U = .3, .18, .06 is 1, 1/e, 1/e².
    weights = weights_of([0.18, 0.3, 0.06], 0.12)
    shares = [weight / sum(weights) for weight in weights]
    total = 1 + exp(-1) + exp(-2)
    assert shares == pytest.approx([exp(-1) / total, 1 / total, exp(-2) / total], rel=1e-11)


def test_adding_the_same_to_all_utilities_changes_no_weight() -> None:
    assert weights_of([1.25, 0.5, 1.0], 0.125) == weights_of([3.25, 2.5, 3.0], 0.125)


def test_an_impossible_signal_has_no_weight_at_all() -> None:
    assert choose.choice_weight(choose.IMPOSSIBLE, 0.3, 200.0) == 0.0
    assert choose.choice_weight(choose.IMPOSSIBLE, choose.IMPOSSIBLE, 200.0) == 0.0


def test_a_draw_picks_each_signal_with_its_share() -> None:
    # Exact: the signal at draw u is the one in whose stretch of the summed shares u lies; on a grid of 50,000 draws.
    weights = weights_of([0.1, choose.IMPOSSIBLE, 0.3, 0.25, 0.05, choose.IMPOSSIBLE], 0.12)
    steps = np.cumsum(weights) / sum(weights)
    draws = (np.arange(50_000) + 0.5) / 50_000
    found = [picked(weights, u) for u in draws.tolist()]
    assert found == np.searchsorted(steps, draws, side="right").tolist()
    assert set(found) == {0, 2, 3, 4}


def test_a_small_change_of_the_draw_gives_the_same_or_the_next_signal_up() -> None:
    weights = weights_of([0.1, 0.3, 0.2, 0.25, 0.15], 0.12)
    found = [picked(weights, u) for u in ((np.arange(20_000) + 0.5) / 20_000).tolist()]
    assert {b - a for a, b in pairwise(found)} == {0, 1}


@pytest.mark.parametrize("u", [FIRST, 1e-9, 0.5, 1 - 1e-9, LAST])
def test_no_draw_ever_picks_an_impossible_signal(u: float) -> None:
    no = choose.IMPOSSIBLE
    for utilities in (
        [no, 0.2, no],
        [no, no, 0.2],
        [0.2, no, no],
        [no, 0.2, no, 0.1, no],
        [no, -5.0, no, 3.0, no],
    ):
        weights = weights_of(utilities, 0.005)
        assert weights[picked(weights, u)] > 0.0


def test_one_step_of_the_walk_by_hand() -> None:
    # The stretch of a signal includes its lower end; a signal without weight has none, even where the draw lies above.
    assert choose.walk(2.0, 3.0, 0.2, 0.5, 0.5) == 3.0
    assert choose.walk(2.0, 3.0, 0.2, 0.5, 0.4999) == 2.0
    assert choose.walk(2.0, 3.0, 0.0, 0.5, 0.9) == 2.0


def test_the_outermost_draws_pick_the_lowest_and_the_highest_possible_signal() -> None:
    weights = weights_of([choose.IMPOSSIBLE, 0.1, 0.3, 0.2, choose.IMPOSSIBLE], 0.12)
    assert picked(weights, FIRST) == 1
    assert picked(weights, LAST) == 3
