"""Choose: utilities by hand, logit as softmax, doubt as an average over a belief, and which way each term pulls."""

from __future__ import annotations

from itertools import pairwise
from math import exp, isclose, pi, sqrt
from typing import Any

import numpy as np
import pytest

from sim.rules import choose
from sim.schema.actors import Principal
from sim.schema.coefficients import (
    Assault,
    Choice,
    Coercer,
    Exit,
    GoingOn,
    Perception,
    Reacting,
    Target,
    Terms,
)
from sim.schema.signals import Kind, Reaction, Signal, shipped_vocabulary

CHOICE, COERCER, TARGET, ASSAULT, EXIT, TERMS = Choice(), Coercer(), Target(), Assault(), Exit(), Terms()
GOING, REACTING, PERCEPTION = GoingOn(), Reacting(), Perception()
ME = Principal(role="coercer", stake=1.2, war_cost=1.6, audience_cost=0.5, dual_track=0.2, reciprocity=0.67)


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


def test_a_belief_beyond_its_range_is_weighed_like_its_end() -> None:
    assert [choose.firmness(b) for b in (-0.3, 0.0, 0.4, 1.0, 1.7)] == [0, 0, 0.4, 1, 1]


# What a morning's choices have in common, by hand --------------------------------------------------------


def test_leverage_is_net_force_and_what_each_role_weighs() -> None:
    # Coercer: .55(.6 - .15) + .4·.3 + .2·.25 - .3·.1 = .2475 + .12 + .05 - .03; target: (.15 - .6) + .5·.1 + .4·.2
    assert near(choose.force(0.5, 0.3), 0.15)
    assert near(choose.leverage(CHOICE, COERCER, 0.6, 0.15, 0.3, 0.25, 0.1, 0.2), 0.3875)
    assert near(choose.leverage(CHOICE, TARGET, 0.15, 0.6, 0.3, 0.25, 0.1, 0.2), -0.32)


def test_war_costs_the_coercer_more_with_opposition_and_support_and_less_with_backing() -> None:
    # 1.6(1 + .6·.5 - .3·.2 + .3·.1) = 1.6·1.27; the target's does not depend on who looks on
    assert near(choose.war_cost(COERCER, ME, 0.5, 0.2, 0.1), 2.032)
    assert near(choose.war_cost(TARGET, ME, 0.5, 0.2, 0.1), 1.6)


def test_the_worth_of_an_opening_by_hand() -> None:
    # Coercer: .2(.5 + .4·.4) + .15·.2; target: .2(.5 of the rival's force + .4·.3) + .03
    assert near(choose.opening(CHOICE, COERCER, ME, 0.5, 0.2, 0.4, 0.3, 0.2), 0.162)
    assert near(choose.opening(CHOICE, TARGET, ME, 0.2, 0.5, 0.4, 0.3, 0.2), 0.154)


# Ordinary signals, by hand --------------------------------------------------------------------------------


def test_chances_to_yield_by_hand() -> None:
    # Coercer: σ(6(.3875 + .1 + .05 - .5 - .1)) = σ(-.375); target: σ(6(-.32 + .15 - .5 + .4)) = σ(-1.62); half as sure σ(-.81)
    assert near(choose.yield_chance(CHOICE, COERCER, 0.3875, 0.1, 0.05, 0.5, 1.0), sigma(-0.375))
    assert near(choose.yield_chance(CHOICE, TARGET, -0.32, 0.1, 0.05, 0.5, 1.0), sigma(-1.62))
    assert near(choose.yield_chance(CHOICE, TARGET, -0.32, 0.1, 0.05, 0.5, 0.5), sigma(-0.81))


def test_risks_of_war_by_hand() -> None:
    # σ(6(.6·.5 + .3·.6 + .72·.25 + .5·.15 - 1)) = σ(-1.59); with an alert of .4 σ(.81)
    assert near(choose.war_risk(CHOICE, 0.5, 0.6, 0.25, 0.15, 0.0, 1.0), sigma(-1.59))
    assert near(choose.war_risk(CHOICE, 0.5, 0.6, 0.25, 0.15, 0.4, 1.0), sigma(0.81))


def test_conciliation_is_no_less_risky_than_holding_still() -> None:
    risks = {choose.war_risk(CHOICE, h, 0.6, 0.2, 0.3, 0.0, 0.7) for h in (-0.9, 0.0)}
    assert len(risks) == 1


def test_a_running_ultimatum_alerts_the_target_to_all_that_concedes_nothing() -> None:
    assert choose.alert(TARGET, 3.0, 0.0) == 0.4
    assert (
        choose.alert(TARGET, 3.0, 0.1)
        == choose.alert(TARGET, 0.0, 0.0)
        == choose.alert(COERCER, 3.0, 0.0)
        == 0.0
    )


def test_an_ultimatum_stakes_something_on_the_chance_that_it_is_called() -> None:
    # ½·.5·.8·(1 - .4)
    assert near(choose.bluff_cost(CHOICE, ME, 0.8, True, 0.4), 0.12)
    assert choose.bluff_cost(CHOICE, ME, 0.8, False, 0.4) == 0.0


def test_what_a_signal_tells_of_resolve_by_hand() -> None:
    # 1.2(.4 - 1.75·.2) + 1.6·.3 + .12 = .06 + .48 + .12
    assert near(choose.telling(CHOICE, ME, 0.2, 0.4, 1.6, 0.3, 0.12), 0.66)


def test_a_concession_tells_of_little_resolve_and_pressure_of_much() -> None:
    concede, threaten = (
        choose.telling(CHOICE, ME, c, y, 1.6, 0.2, 0.0) for c, y in ((0.2, 0.5), (0.0, 0.45))
    )
    assert concede < threaten


def test_a_sender_bent_on_force_relishes_acts_words_by_half_and_no_concession() -> None:
    found = [
        choose.relish(CHOICE, h, c, kind)
        for h, c, kind in (
            (0.5, 0.0, Kind.MATERIAL), (0.4, 0.0, Kind.VERBAL), (0.3, 0.0, Kind.ECONOMIC), (-0.5, 0.2, Kind.VERBAL), (0.0, 0.0, Kind.QUIET)
        )
    ]  # fmt: skip
    assert found == pytest.approx([0.5, 0.2, 0.15, -0.2, 0.0])


def test_the_price_of_a_signal_by_hand() -> None:
    # .1 - .04 + ½·.67·(-.5 - .8·.5)² + ½·.35·(-.5 - .3)² + .5·min(c, .2) = .06 + .27135 + .112 + .1; less where c is .1
    concede = signal(cost=0.1, commitment=-0.2, hostility=-0.5)

    def price(commitment: float, public: bool) -> float:
        return choose.price(CHOICE, concede, ME, 0.04, commitment, 0.3, 0.3, 0.5, public)

    assert near(price(0.4, True), 0.54335)
    assert near(price(0.1, True), 0.49335)
    assert near(price(0.4, False), 0.44335)


def test_only_a_rung_above_all_that_was_done_of_late_breaks_a_line() -> None:
    assert near(choose.above_precedent(CHOICE, 7.0, 0.5), 0.2)
    assert choose.above_precedent(CHOICE, 5.0, 0.5) == choose.above_precedent(CHOICE, 3.0, 0.5) == 0.0


def test_staking_more_is_no_retreat() -> None:
    plain, staking = signal(), signal(commitment=0.4)
    prices = {choose.price(CHOICE, s, ME, 0.0, 0.9, 0.5, 0.0, 0.0, True) for s in (plain, staking)}
    assert prices == {0.0}


def test_answering_in_kind_and_going_on_as_before_are_free_and_every_other_tone_costs() -> None:
    # At h = .8·.5 = .4 after .4 nothing; elsewhere ½(.67 + .35)(h - .4)².
    prices = {
        h: choose.price(CHOICE, signal(hostility=h), ME, 0.0, 0.0, 0.5, 0.4, 0.5, True)
        for h in (0.0, 0.4, 0.8)
    }
    assert near(prices[0.4], 0.0)
    assert near(prices[0.0], 0.0816)
    assert near(prices[0.8], 0.0816)


def test_a_called_ultimatum_taxes_all_of_the_coercer_but_force() -> None:
    # .21·.5·.8
    words, force = signal(), signal(force=True)
    assert near(choose.called_bluff(COERCER, ME, words, 0.8, 3.0), 0.084)
    assert (
        choose.called_bluff(COERCER, ME, force, 0.8, 3.0)
        == choose.called_bluff(COERCER, ME, words, 0.8, 0.0)
        == 0.0
    )
    assert choose.called_bluff(TARGET, ME, words, 0.8, 3.0) == 0.0


def test_only_killing_is_blamed_and_only_on_the_coercer() -> None:
    assert choose.blame(COERCER, signal(deaths=4)) == 0.064
    assert choose.blame(COERCER, signal()) == choose.blame(TARGET, signal(deaths=4)) == 0.0


def test_a_mood_worse_than_usual_makes_hostile_signals_worth_more_and_conciliatory_ones_less() -> None:
    # 1.6(.6 - .5)·.4
    assert near(choose.warmth(CHOICE, 0.6, 0.5, 0.4), 0.064)
    assert near(choose.warmth(CHOICE, 0.6, 0.5, -0.4), -0.064)
    assert choose.warmth(CHOICE, 0.5, 0.5, 0.4) == 0.0


def test_utility_of_an_ordinary_signal_by_hand() -> None:
    # .55·.66 - 1.6·.3 - .12 + .05·.5 + .064 - .2 = -.348; with .1 for the opening that a concession makes: -.248
    worth = [
        choose.ordinary_utility(0.55, 0.66, 1.6, 0.3, 0.12, 0.05, 0.5, 0.1, c, 0.064, 0.2) for c in (0.0, 0.1)
    ]
    assert near(worth[0], -0.348)
    assert near(worth[1], -0.248)


def test_utility_is_the_chance_to_prevail_against_the_risk_of_a_war_that_resolve_makes_bearable() -> None:
    # θ·stake(γ - given up) - (1-θ)(cost·r + bluff)
    told = choose.telling(CHOICE, ME, 0.2, 0.4, 1.6, 0.3, 0.12)
    for resolve in (0.1, 0.5, 0.9):
        found = choose.ordinary_utility(resolve, told, 1.6, 0.3, 0.12, 0.0, 0.0, 0.0, 0.2, 0.0, 0.0)
        assert near(found, resolve * 1.2 * (0.4 - 0.35) - (1 - resolve) * (1.6 * 0.3 + 0.12))


# Going on, and what ends it, by hand ------------------------------------------------------------------------


def test_going_on_is_worth_its_hope_less_fear_and_what_was_staked() -> None:
    # Γ = σ(1.9(.3875 - .5 - .1)). (1-.2)·.6·1.2·.4 - .4·2·.1 = .1504; the coercer's, less .5·.5·.2, and called .5·.5·.21 more
    assert near(choose.hope(COERCER, GOING, 0.3875, 0.5, 1.0), sigma(1.9 * -0.2125))
    found = [
        choose.going_on(k, ME, 0.6, 0.4, 0.2, 2.0, 0.1, 0.5, called)
        for k, called in ((TARGET, 0.0), (TARGET, 3.0), (COERCER, 0.0), (COERCER, 3.0))
    ]
    assert found == pytest.approx([0.1504, 0.1504, 0.1004, 0.0479], rel=1e-12)


def test_utility_of_assaults_by_hand() -> None:
    # w = σ(5(.6 + .3(.7 - .5) - .5 - .75·.15 - .3·.1 + .6)) = σ(3.0875); burden .2 + .45·.5(1 + .5·.2) = .4475.
    # .6·1.2·1.1·.8 - .4·2·.4475 + .05 - (.9 - .5) - .064 + .015 = .6336 - .358 + .05 - .4 - .064 + .015
    assert near(choose.winning_chance(ASSAULT, 0.6, 0.15, 0.7, 0.1, 0.5, 1.0), sigma(3.0875))
    raid = signal(prize=1.1, cost_certain=0.2, cost_resisted=0.45, reluctance=-0.015, rung=9, deaths=50)
    assert near(choose.burden(ASSAULT, raid, 0.5, 0.2), 0.4475)
    found = choose.assault_utility(CHOICE, COERCER, raid, ME, 0.6, 0.05, 0.8, 2.0, 0.4475, 0.5)
    assert near(found, -0.1234)


def test_utility_of_striking_first_by_hand() -> None:
    # .05 - .4·2·½ - (.9 - .3) + .03
    attack = signal(reluctance=-0.03, rung=9)
    assert near(choose.preempt_utility(CHOICE, attack, 0.6, 0.05, 2.0, 0.5, 0.3), -0.92)


def test_what_each_act_of_war_tells_of_resolve_is_its_slope() -> None:
    # All are linear in θ, so that differences are slopes exactly.
    raid = signal(prize=1.1, cost_certain=0.2, cost_resisted=0.45, rung=9)

    def slope(worth: Any) -> float:
        return float(worth(0.75) - worth(0.25)) / 0.5

    assault = slope(lambda r: choose.assault_utility(CHOICE, COERCER, raid, ME, r, 0.0, 0.8, 2.0, 0.4, 0.5))
    assert near(choose.assault_telling(raid, ME, 0.8, 2.0, 0.4), assault)
    first = slope(lambda r: choose.preempt_utility(CHOICE, raid, r, 0.0, 2.0, 0.5, 0.3))
    assert near(choose.preempt_telling(2.0, 0.5), first)
    waiting = slope(lambda r: choose.going_on(COERCER, ME, r, 0.4, 0.2, 2.0, 0.1, 0.5, 3.0))
    assert near(choose.going_on_telling(ME, 0.4, 0.2, 2.0, 0.1), waiting)


def test_private_words_are_leverage_or_a_probe_or_half_of_each() -> None:
    assert [choose.probing_pressure(0.05, o) for o in (0.0, 0.5, 1.0)] == [0.1, 0.05, 0.0]
    assert [choose.probing_concession(0.08, o) for o in (0.0, 0.5, 1.0)] == [0.0, 0.08, 0.16]


def test_mediators_make_private_talk_known() -> None:
    # .1 + ½·.9·.4
    assert near(choose.read_out(PERCEPTION, 0.1, 0.4), 0.28)
    assert choose.read_out(PERCEPTION, 1.0, 0.4) == 1.0


def test_sincerity_is_outreach_seen_and_credibility_where_talk_is_opaque() -> None:
    # Clear sight: .5. Full opacity, all but .1 of it unknown: .5 + .9(.3 - .5) = .32.
    assert choose.sincerity(0.5, 0.3, 0.0, 0.1) == choose.sincerity(0.5, 0.3, 1.0, 1.0) == 0.5
    assert near(choose.sincerity(0.5, 0.3, 1.0, 0.1), 0.32)


def test_utility_of_leaving_by_hand() -> None:
    # s = min(1, .9 + .4·.5)·.5 = ½: .57·½ - .1·½ - .062·.6·1.2
    assert near(choose.exit_utility(EXIT, signal(), ME, 0.6, 0.9, 0.5, 0.5), 0.19036)


def test_a_deal_is_kept_where_there_are_channels_and_somebody_vouches() -> None:
    # .28 + .72·.5 + .5·.4 = .84; never more than certain
    assert near(choose.kept_chance(TERMS, 0.5, 0.4), 0.84)
    assert choose.kept_chance(TERMS, 1.0, 1.0) == 1.0


def test_utility_of_the_terms_by_hand() -> None:
    # .6·1.2·.7·.84 - .5·.4·.3 - .14
    assert near(choose.terms_utility(signal(reluctance=0.14), ME, 0.6, 0.7, 0.84, 0.4), 0.22336)


def test_decisive_acts_are_taken_up_at_a_rate_that_grows_with_their_advantage() -> None:
    # Indifferent: ρ/2; .05 better at τ = .05: ρσ(1).
    assert choose.decisive_chance(0.1, 0.3, 0.3, 20.0) == 0.05
    assert near(choose.decisive_chance(0.1, 0.35, 0.3, 20.0), 0.1 * sigma(1))
    assert choose.decisive_chance(0.1, 9.0, 0.3, 20.0) == 0.1
    assert choose.decisive_chance(1.0, choose.IMPOSSIBLE, 0.3, 20.0) == 0.0


# Third parties, by hand --------------------------------------------------------------------------------------


def test_a_grievance_is_against_the_side_that_one_is_against() -> None:
    assert near(choose.grievance(-0.4, 0.5, 0.9), 0.2)
    assert near(choose.grievance(0.6, 0.9, 0.5), 0.3)
    assert choose.grievance(-0.4, -0.5, 0.9) == choose.grievance(0.0, 0.9, 0.9) == 0.0


@pytest.mark.parametrize(
    ("name", "stance", "expected"),
    # G .2, spoke .3, tension .5, fear .3. Condemn at -.4: .3·.4 + .6·.2 + .5·.2 + .2·.4·.2; mediate: .6·.6·.1 + .15·.2;
    # call: .2·.1 + .1·.2; back at .6: .5·.6 + .4·.2 + .2·.2; pledge at -.9: .3·.9 + .2·.2 + .2·.2 + .5·.9·.2.
    [
        ("condemn", -0.4, 0.356), ("mediate", 0.4, 0.066), ("mediate", -0.4, 0.066), ("call", 0.7, 0.04),
        ("back", 0.6, 0.42), ("pledge", -0.9, 0.44), ("hold", 0.3, 0.0),
    ],
)  # fmt: skip
def test_what_each_signal_is_worth_to_a_third_party_by_hand(
    name: str, stance: float, expected: float
) -> None:
    reaction = Reaction.model_validate(shipped_vocabulary()[name].get("reaction", {}))
    worth = [
        choose.third_party_utility(REACTING, reaction, cost, inclination, stance, 0.2, 0.3, 0.5, 0.3)
        for cost, inclination in ((0.0, 0.0), (0.07, 0.03))
    ]
    assert near(worth[0], expected)
    assert near(worth[1], expected - 0.04)


# Which way each term pulls -------------------------------------------------------------------------------


def test_more_audience_cost_makes_a_retreat_dearer_and_nothing_else() -> None:
    back, on = signal(commitment=-0.6), signal(commitment=0.4)
    mild, strict = (ME.model_copy(update={"audience_cost": cost}) for cost in (0.2, 0.9))

    def price(s: Signal, me: Principal) -> float:
        return choose.price(CHOICE, s, me, 0.0, 0.5, 0.5, 0.0, 0.0, True)

    assert price(back, mild) < price(back, strict)
    assert price(on, mild) == price(on, strict)


def test_more_staked_makes_a_retreat_dearer_until_all_that_it_gives_up_is_staked() -> None:
    back = signal(commitment=-0.3)
    prices = [choose.price(CHOICE, back, ME, 0.0, c, 0.5, 0.0, 0.0, True) for c in (0.0, 0.1, 0.3, 0.8)]
    assert prices[0] < prices[1] < prices[2] == prices[3]


def test_a_rival_believed_resolute_yields_less_and_fights_more_and_leaves_less_hope() -> None:
    beliefs = (0.2, 0.5, 0.8)
    for k in (COERCER, TARGET):
        yields = [choose.yield_chance(CHOICE, k, 0.4, 0.0, 0.0, b, 1.0) for b in beliefs]
        hopes = [choose.hope(k, GOING, 0.4, b, 1.0) for b in beliefs]
        assert yields == sorted(yields, reverse=True)
        assert hopes == sorted(hopes, reverse=True)
    risks = [choose.war_risk(CHOICE, 0.4, b, 0.1, 0.3, 0.0, 1.0) for b in beliefs]
    assert risks == sorted(risks)
    wins = [choose.winning_chance(ASSAULT, 0.7, 0.2, 0.5, 0.1, b, 1.0) for b in beliefs]
    assert wins == sorted(wins, reverse=True)


def test_the_targets_force_and_support_deny_and_bases_help() -> None:
    base = choose.winning_chance(ASSAULT, 0.6, 0.2, 0.5, 0.1, 0.5, 1.0)
    assert choose.winning_chance(ASSAULT, 0.6, 0.4, 0.5, 0.1, 0.5, 1.0) < base
    assert choose.winning_chance(ASSAULT, 0.6, 0.2, 0.5, 0.4, 0.5, 1.0) < base
    assert choose.winning_chance(ASSAULT, 0.6, 0.2, 0.9, 0.1, 0.5, 1.0) > base


def test_fatigue_turns_hope_into_the_failure_of_what_was_staked() -> None:
    # A coercer that staked much is locked in; one that staked nothing only loses hope.
    staked = [choose.going_on(COERCER, ME, 0.6, 0.5, f, 2.0, 0.0, 1.0, 0.0) for f in (0.0, 0.5)]
    free = [choose.going_on(COERCER, ME, 0.6, 0.5, f, 2.0, 0.0, 0.0, 0.0) for f in (0.0, 0.5)]
    assert staked[0] == free[0]
    assert staked[1] < free[1] < free[0]


def test_a_safe_and_sincere_exit_is_worth_more_and_pride_less() -> None:
    base = choose.exit_utility(EXIT, signal(), ME, 0.6, 0.5, 0.0, 0.5)
    assert choose.exit_utility(EXIT, signal(), ME, 0.6, 0.9, 0.0, 0.5) > base
    assert choose.exit_utility(EXIT, signal(), ME, 0.6, 0.5, 0.5, 0.5) > base
    assert choose.exit_utility(EXIT, signal(), ME, 0.6, 0.5, 0.0, 0.9) > base
    assert choose.exit_utility(EXIT, signal(), ME, 0.9, 0.5, 0.0, 0.5) < base


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
