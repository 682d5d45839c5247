"""Choose: what each signal, and each act that ends the crisis, is worth to its sender this morning.

Principals weigh the chance that the rival gives way against the risk of war (expected utility, as in
Fearon 1995); war, exit and a deal are weighed against going on. Third parties react to events. Ordinary
choice is logit, the quantal response of McKelvey & Palfrey (1995); a decisive act is taken up at a rate that
grows with its advantage. Forms and sizes are assumptions unless they name a source. θ resolve, η appetite,
F firmness of the rival as seen, ν fear, g certainty.
"""

from __future__ import annotations

import math

from sim.rules import rule
from sim.rules.portable import clamp, exp_neg, logistic
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
from sim.schema.signals import Kind, Reaction, Signal
from sim.schema.world import Fog

PI_OVER_8 = 0.39269908169872414
IMPOSSIBLE = -1e300
MATERIAL = int(Kind.MATERIAL)


# What a principal's choices of a day have in common ------------------------------------------------------


@rule
def force(capability: float, posture: float) -> float:
    """(1) Force in hand [force], from 0 up: forces in place times what they are worth."""
    return capability * posture


@rule
def firmness(belief: float) -> float:
    """(2) F, in 0..1 [resolve]: the rival's resolve as believed, as it enters a choice."""
    return clamp(belief, 0.0, 1.0)


@rule
def leverage(
    choice: Choice,
    k: Coercer | Target,
    own_force: float,
    rival_force: float,
    sanctions: float,
    tempo: float,
    support: float,
    opposition: float,
) -> float:
    """(3) L: net force, sanctions, strikes, support for the target and opposition to the coercer, each weighted."""
    return (
        k.leverage_force * (own_force - choice.rival_force * rival_force)
        + k.leverage_sanctions * sanctions
        + k.leverage_tempo * tempo
        + k.leverage_support * support
        + k.leverage_opposition * opposition
    )


@rule
def war_cost(k: Coercer | Target, me: Principal, opposition: float, backing: float, support: float) -> float:
    """(4) What war would cost a principal without resolve [utility]."""
    return me.war_cost * (
        1.0 + k.opposition_cost * opposition - k.backing_relief * backing + k.support_cost * support
    )


@rule
def certainty(slope: float, weight: float, variance: float) -> float:
    """(5) g = 1/√(1 + π k²c²v/8), in 0..1: how far doubt flattens σ(kx) where x contains c·F.

    Averages a logistic over a normal belief (MacKay 1992).
    """
    return 1.0 / math.sqrt(1.0 + PI_OVER_8 * slope * slope * weight * weight * variance)


@rule
def opening(
    choice: Choice,
    k: Coercer | Target,
    me: Principal,
    own_force: float,
    rival_force: float,
    commitment: float,
    sanctions: float,
    mediation: float,
) -> float:
    """(9) Worth of a concession to a principal that presses, or is pressed, and talks at once [utility]."""
    pressed = (
        k.dual_force * own_force
        + k.dual_rival_force * rival_force
        + k.dual_commitment * commitment
        + k.dual_sanctions * sanctions
    )
    return me.dual_track * pressed + choice.mediation_opening * mediation


# Ordinary signals ----------------------------------------------------------------------------------------


@rule
def probing_pressure(pressure: float, outreach: float) -> float:
    """(6) Pressure of the coercer's private words: all of it (twice) if they are leverage, none if a probe."""
    return pressure * 2.0 * (1.0 - outreach)


@rule
def probing_concession(concession: float, outreach: float) -> float:
    """(6) Concession in the coercer's private words: none if they are leverage, all of it (twice) if a probe."""
    return concession * 2.0 * outreach


@rule
def yield_chance(
    choice: Choice,
    k: Coercer | Target,
    lever: float,
    pressure: float,
    concession: float,
    firm: float,
    g: float,
) -> float:
    """(6) γ = σ(k(L + pressure + concession - F - bar)), in 0..1: chance that the rival gives way."""
    return logistic(choice.yield_slope * (lever + pressure + concession - firm - k.yield_bar) * g)


@rule
def alert(k: Coercer | Target, ultimatum: float, concession: float) -> float:
    """(7) Alert [1] while an ultimatum runs, to a signal that concedes nothing; else 0."""
    return k.risk_ultimatum if (ultimatum > 0.0) & (concession == 0.0) else 0.0


@rule
def war_risk(
    choice: Choice, hostility: float, firm: float, fear: float, rival_force: float, alerted: float, g: float
) -> float:
    """(7) r = σ(k(h⁺ + F + fear + rival's force + alert - bar), each weighted), in 0..1: risk that it comes to war."""
    heat = hostility if hostility > 0.0 else 0.0
    return logistic(
        choice.risk_slope
        * (
            choice.risk_hostility * heat
            + choice.risk_firmness * firm
            + choice.risk_fear * fear
            + choice.risk_force * rival_force
            + alerted
            - choice.risk_bar
        )
        * g
    )


@rule
def bluff_cost(choice: Choice, me: Principal, commitment: float, ultimatum: bool, yielding: float) -> float:
    """(8) What an ultimatum stakes on the chance that it is called [utility]; 0 for any other signal."""
    return choice.bluff * me.audience_cost * commitment * (1.0 - yielding) if ultimatum else 0.0


@rule
def telling(
    choice: Choice,
    me: Principal,
    concession: float,
    yielding: float,
    cost: float,
    risk: float,
    bluff: float,
) -> float:
    """(8) ∂U/∂θ of a signal [utility/resolve]: what resolve adds to its worth, and so what it tells of resolve.

    ``concession`` is the vocabulary's: what is conceded is lost to whoever would have held on.
    """
    return me.stake * (yielding - choice.given_up * concession) + cost * risk + bluff


@rule
def relish(choice: Choice, hostility: float, concession: float, kind: float) -> float:
    """(8) φ = ∂U/∂η of an ordinary signal, in -1..1: how much a sender bent on force prefers it.

    All of an act's hostility, a share of that of words and sanctions, and less the more it concedes.
    """
    hostile = hostility if kind == MATERIAL else choice.relish_of_words * hostility
    return hostile if hostility >= 0.0 else -concession


@rule
def above_precedent(choice: Choice, rung: float, precedent: float) -> float:
    """(10) Price of a rung above all that the sender did of late [utility] (Schelling 1966)."""
    above = rung / 10.0 - precedent
    return choice.breach * above if above > 0.0 else 0.0


@rule
def price(
    choice: Choice,
    signal: Signal,
    me: Principal,
    inclination: float,
    commitment: float,
    precedent: float,
    last_hostility: float,
    rival_hostility: float,
    public: bool,
) -> float:
    """(10) What a signal costs a principal besides the risk of war [utility].

    Its own cost, the distance from answering in kind and from going on as before, the line that it crosses,
    and the public retreat from what was staked (audience cost, Fearon 1994); less the inclination.
    """
    off_key = signal.hostility - choice.echo * rival_hostility
    turn = signal.hostility - last_hostility
    retreat = commitment if commitment < -signal.commitment else -signal.commitment
    return (
        signal.cost
        - inclination
        + 0.5 * me.reciprocity * off_key * off_key
        + 0.5 * choice.inertia * turn * turn
        + above_precedent(choice, signal.rung, precedent)
        + (me.audience_cost * retreat if (signal.commitment < 0.0) & public else 0.0)
    )


@rule
def called_bluff(
    k: Coercer | Target, me: Principal, signal: Signal, commitment: float, called: float
) -> float:
    """(10) Audience cost of each day on which an ultimatum is called and not made good [utility]."""
    return k.called_cost * me.audience_cost * commitment if (called > 0.0) & (signal.force == 0) else 0.0


@rule
def blame(k: Coercer | Target, signal: Signal) -> float:
    """(10) What killing costs under scrutiny [utility]."""
    return k.scrutiny if signal.deaths > 0.0 else 0.0


@rule
def warmth(choice: Choice, mood: float, usual: float, hostility: float) -> float:
    """(9) What a mood worse than usual adds to a signal's worth [utility] (Richardson 1960, Jervis 1976)."""
    return choice.spiral * (mood - usual) * hostility


@rule
def ordinary_utility(
    resolve: float,
    told: float,
    cost: float,
    risk: float,
    bluff: float,
    appetite: float,
    relished: float,
    opened: float,
    concession: float,
    warm: float,
    paid: float,
) -> float:
    """(9) U of an ordinary signal = θ·∂U/∂θ - cost·r - bluff + ηφ + opening if it concedes + mood - price [utility]."""
    return (
        resolve * told
        - cost * risk
        - bluff
        + appetite * relished
        + (opened if concession > 0.0 else 0.0)
        + warm
        - paid
    )


# Going on, and what ends it ------------------------------------------------------------------------------


@rule
def hope(k: Coercer | Target, going: GoingOn, lever: float, firm: float, g: float) -> float:
    """(12) Γ, in 0..1: hope that it comes one's way without a decisive act."""
    return logistic(going.hope_slope * (lever - firm - k.yield_bar) * g)


@rule
def going_on(
    k: Coercer | Target,
    me: Principal,
    resolve: float,
    hoped: float,
    fatigue: float,
    cost: float,
    fear: float,
    commitment: float,
    called: float,
) -> float:
    """(12) W: what going on is worth [utility].

    Hope, worn out by fatigue, less the fear of the rival's war; and the failure of what was staked, in which
    worn-out hope and each called day lock a capital that has an audience.
    """
    failing = k.lock_in * fatigue + (k.called_cost if called > 0.0 else 0.0)
    return (
        (1.0 - fatigue) * resolve * me.stake * hoped
        - (1.0 - resolve) * cost * fear
        - me.audience_cost * commitment * failing
    )


@rule
def going_on_telling(me: Principal, hoped: float, fatigue: float, cost: float, fear: float) -> float:
    """(36) ∂W/∂θ [utility/resolve]."""
    return (1.0 - fatigue) * me.stake * hoped + cost * fear


@rule
def winning_chance(
    k: Assault, own_force: float, rival_force: float, access: float, support: float, firm: float, g: float
) -> float:
    """(13) w, in 0..1: chance that an assault achieves its aim."""
    return logistic(
        k.slope
        * (
            own_force
            + k.access * (access - k.access_rest)
            - firm
            - k.rival_force * rival_force
            - k.support * support
            + k.edge
        )
        * g
    )


@rule
def burden(k: Assault, signal: Signal, firm: float, support: float) -> float:
    """(14) Share of the cost of war that an assault brings: what is certain, and what resistance adds."""
    return signal.cost_certain + signal.cost_resisted * firm * (1.0 + k.resisted_support * support)


@rule
def assault_utility(
    choice: Choice,
    k: Coercer | Target,
    signal: Signal,
    me: Principal,
    resolve: float,
    appetite: float,
    winning: float,
    cost: float,
    burdened: float,
    precedent: float,
) -> float:
    """(14) U of a raid or an invasion [utility]."""
    return (
        resolve * me.stake * signal.prize * winning
        - (1.0 - resolve) * cost * burdened
        + appetite
        - above_precedent(choice, signal.rung, precedent)
        - blame(k, signal)
        - signal.reluctance
    )


@rule
def assault_telling(signal: Signal, me: Principal, winning: float, cost: float, burdened: float) -> float:
    """(36) ∂U/∂θ of a raid or an invasion [utility/resolve]."""
    return me.stake * signal.prize * winning + cost * burdened


@rule
def preempt_utility(
    choice: Choice,
    signal: Signal,
    resolve: float,
    appetite: float,
    cost: float,
    first_strike: float,
    precedent: float,
) -> float:
    """(15) U of striking first [utility]: a war that comes anyway, at less cost."""
    return (
        appetite
        - (1.0 - resolve) * cost * (1.0 - first_strike)
        - above_precedent(choice, signal.rung, precedent)
        - signal.reluctance
    )


@rule
def preempt_telling(cost: float, first_strike: float) -> float:
    """(36) ∂U/∂θ of striking first [utility/resolve]."""
    return cost * (1.0 - first_strike)


@rule
def read_out(k: Perception, readout_share: float, mediation: float) -> float:
    """(16) Share of private talk that is known, in 0..1: what is read out, and where messages are carried more."""
    return readout_share + k.mediation_readout * (1.0 - readout_share) * mediation


@rule
def opaque(fog: Fog) -> float:
    """(16) Switch of opacity as far as it bears on sincerity, in 0..1."""
    return fog.opacity * fog.sincerity


@rule
def sincerity(outreach: float, credibility: float, opacity: float, known: float) -> float:
    """(16) ŝ, in 0..1: the coercer's sincerity as the target makes it out; its credibility stands in where talk is opaque."""
    return outreach + opacity * (1.0 - known) * (credibility - outreach)


@rule
def exit_utility(
    k: Exit,
    signal: Signal,
    me: Principal,
    resolve: float,
    immunity: float,
    asylum: float,
    sincere: float,
) -> float:
    """(16) U of accepting the exit offered [utility]; s, the chance that it is safe, rests on immunity, asylum and ŝ."""
    promised = immunity + k.asylum * asylum
    safe = (promised if promised < 1.0 else 1.0) * sincere
    return k.safety * safe - k.betrayal * (1.0 - safe) - k.pride * resolve * me.stake - signal.reluctance


@rule
def kept_chance(k: Terms, framework: float, guarantee: float) -> float:
    """(17) Chance that a deal is kept, in 0..1 (Fearon 1995, Walter 1997)."""
    chance = k.kept + (1.0 - k.kept) * framework + k.guarantee * guarantee
    return chance if chance < 1.0 else 1.0


@rule
def terms_utility(
    signal: Signal, me: Principal, resolve: float, share: float, keeping: float, commitment: float
) -> float:
    """(17) U of accepting the terms of the day [utility]; ``share`` is what they leave oneself."""
    return (
        resolve * me.stake * share * keeping
        - me.audience_cost * commitment * (1.0 - share)
        - signal.reluctance
    )


@rule
def decisive_chance(rate: float, utility: float, waiting: float, sharpness: float) -> float:
    """(12) ρσ((U-W)/τ), in 0..ρ per day: chance that the best decisive act is taken up; 0 if there is none."""
    return rate * logistic((utility - waiting) * sharpness) if utility > IMPOSSIBLE else 0.0


# Third parties -------------------------------------------------------------------------------------------


@rule
def grievance(stance: float, coercer_hostility: float, target_hostility: float) -> float:
    """(18) G, in 0..1: what the side that a third party is against did yesterday, times how much it is against it."""
    by_coercer = coercer_hostility if coercer_hostility > 0.0 else 0.0
    by_target = target_hostility if target_hostility > 0.0 else 0.0
    return -stance * by_coercer if stance < 0.0 else stance * by_target


@rule
def third_party_utility(
    k: Reacting,
    reaction: Reaction,
    cost: float,
    inclination: float,
    stance: float,
    aggrieved: float,
    spoke: float,
    tension: float,
    fear: float,
) -> float:
    """(18) U of a signal to a third party [utility]: events, blood and each other, against an ordinary day."""
    friend = -stance if stance < 0.0 else 0.0
    neutral = 1.0 - (stance if stance > 0.0 else -stance)
    return (
        inclination
        - cost
        + reaction.aligned * stance
        + reaction.grievance * aggrieved
        + reaction.chorus * (spoke - k.chorus_rest)
        + (reaction.tension + reaction.neutral_tension * neutral) * (tension - k.tension_rest)
        + (reaction.alarm + reaction.alarm_friend * friend) * (fear - k.alarm_rest)
    )


# Logit ---------------------------------------------------------------------------------------------------


@rule
def choice_weight(utility: float, best: float, sharpness: float) -> float:
    """(11) exp((U - best)/T), in 0..1: weight of a signal in logit choice; exactly 0 if it is impossible."""
    return exp_neg((utility - best) * sharpness) if utility > IMPOSSIBLE else 0.0


@rule
def walk(chosen: float, candidate: float, weight: float, before: float, draw: float) -> float:
    """(11) One step up the ladder of a logit choice: the candidate if the draw reaches it, else what was chosen.

    ``before`` is the weight of all lower signals, ``draw`` a uniform draw times the weight of all.
    """
    return candidate if (weight > 0.0) & (before <= draw) else chosen
