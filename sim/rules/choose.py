"""Choose: what each signal is worth to its sender on the beliefs of the evening before.

Principals weigh the chance that the rival yields against the risk of war (expected utility, as in
Fearon 1995), third parties by alignment. Ordinary choice is logit, the quantal response of McKelvey &
Palfrey (1995); a decisive act is taken up at a rate that grows with its advantage. Forms and sizes are
assumptions unless they name a source. θ resolve, b the rival's resolve as believed, g certainty.
"""

from __future__ import annotations

import math

from sim.rules import rule
from sim.rules.portable import clamp, exp_neg, logistic
from sim.schema.actors import Principal
from sim.schema.coefficients import Assault, Coercer, Exit, Target
from sim.schema.signals import Interest, Signal

PI_OVER_8 = 0.39269908169872414
IMPOSSIBLE = -1e300


@rule
def alarm(belief: float) -> float:
    """(3) b = belief about the rival's resolve as it enters a choice, in 0..1."""
    return clamp(belief, 0.0, 1.0)


@rule
def certainty(slope: float, weight: float, variance: float) -> float:
    """(4) g = 1/√(1 + π k²c²v/8), in 0..1: how far doubt flattens σ(kx) where x contains c·b.

    Averages a logistic over a normal belief (MacKay 1992).
    """
    return 1.0 / math.sqrt(1.0 + PI_OVER_8 * slope * slope * weight * weight * variance)


@rule
def coercer_leverage(k: Coercer, posture: float, sanctions: float, tempo: float, support: float) -> float:
    """(5) L of the coercer: forces, sanctions and strikes, less the target's support."""
    return (
        k.leverage_posture * posture
        + k.leverage_sanctions * sanctions
        + k.leverage_tempo * tempo
        - k.leverage_support * support
    )


@rule
def target_leverage(k: Target, posture: float, support: float, opposition: float) -> float:
    """(5) L of the target: forces, support, and opposition to the coercer."""
    return k.leverage_posture * posture + k.leverage_support * support + k.leverage_opposition * opposition


@rule
def yield_chance(
    k: Coercer | Target, leverage: float, pressure: float, concession: float, b: float, g: float
) -> float:
    """(6) γ = σ(k(L + pressure + concession - b - bar)), in 0..1: chance that the rival gives way."""
    return logistic(k.yield_slope * (leverage + pressure + concession - b - k.yield_bar) * g)


@rule
def war_risk(
    k: Coercer | Target, hostility: float, b: float, postures: float, alert: float, g: float
) -> float:
    """(7) r = σ(k(h⁺ + b + both postures + alert - bar), each weighted), in 0..1: risk of war as the sender sees it."""
    heat = hostility if hostility > 0.0 else 0.0
    return logistic(
        k.risk_slope
        * (k.risk_hostility * heat + k.risk_belief * b + k.risk_posture * postures + alert - k.risk_bar)
        * g
    )


@rule
def bare_dread(me: Principal, resolve: float) -> float:
    """(8) (1-θ) · cost of war [utility]: what war would cost a principal if the world did not care."""
    return (1.0 - resolve) * me.war_cost


@rule
def watched_dread(k: Coercer, bare: float, opposition: float, backing: float) -> float:
    """(8) What war would cost the coercer [utility]: more with opposition, less with backing."""
    return bare * (1.0 + k.opposition_cost * opposition - k.backing_relief * backing)


@rule
def coercer_opening(k: Coercer, me: Principal, posture: float, commitment: float, progress: float) -> float:
    """(9) Worth of a concession to a coercer that presses and talks at once (dual track) [utility]."""
    return me.dual_track * (posture + k.dual_commitment * commitment) * (1.0 - k.dual_progress * progress)


@rule
def target_opening(k: Target, me: Principal, rival_posture: float, sanctions: float) -> float:
    """(9) Worth of a concession to a target under pressure [utility]."""
    return me.dual_track * (rival_posture + k.dual_sanctions * sanctions)


@rule
def price(
    signal: Signal,
    me: Principal,
    inclination: float,
    resolve: float,
    commitment: float,
    rival_hostility: float,
    echo: float,
) -> float:
    """(10) What a signal costs a principal besides the risk of war [utility].

    Its own cost, the retreat from what was staked (audience cost, Fearon 1994: once, for what it gives
    up), and the distance from answering in kind; less the inclination.
    """
    given_up = commitment if commitment < -signal.commitment else -signal.commitment
    retreat = me.audience_cost * given_up if signal.commitment < 0.0 else 0.0
    off_key = signal.hostility - echo * rival_hostility
    return (
        signal.cost
        + signal.resolve_cost * resolve
        - inclination
        + retreat
        + 0.5 * me.reciprocity * off_key * off_key
    )


@rule
def called_bluff(me: Principal, signal: Signal, commitment: float, called: float) -> float:
    """(10) Audience cost of each day on which an ultimatum is called and not made good [utility]."""
    return me.audience_cost * commitment if (called > 0.0) & (signal.force == 0) else 0.0


@rule
def blame(signal: Signal, scrutiny: float, deaths: float) -> float:
    """(10) What killing costs under scrutiny, which grows with the deaths so far [utility]."""
    return scrutiny * deaths if signal.deaths > 0.0 else 0.0


@rule
def ordinary_utility(
    stake: float, yielding: float, dread: float, risk: float, opening: float, concession: float, paid: float
) -> float:
    """(11) U of an ordinary signal = θ·stake·γ - dread·r + opening if it concedes - what is paid [utility]."""
    return stake * yielding - dread * risk + (opening if concession > 0.0 else 0.0) - paid


@rule
def third_party_utility(
    worth: Interest, cost: float, inclination: float, alignment: float, level: float, b: float
) -> float:
    """(12) U of a signal to a third party: linear in level and alarm, by alignment [utility]."""
    neutrality = 1.0 - (alignment if alignment > 0.0 else -alignment)
    return (
        worth.constant
        + worth.level * level
        + alignment * (worth.aligned + worth.aligned_level * level + worth.aligned_alarm * b * level)
        + neutrality * (worth.neutral + worth.neutral_level * level)
        - cost
        + inclination
    )


@rule
def winning_chance(k: Assault, posture: float, b: float, support: float, g: float) -> float:
    """(15) w, in 0..1: chance that an assault achieves its aim."""
    return logistic(k.slope * (posture - b - k.support * support + k.edge) * g)


@rule
def assault_utility(
    k: Assault,
    signal: Signal,
    stake: float,
    winning: float,
    dread: float,
    b: float,
    opposition: float,
    backing: float,
    progress: float,
) -> float:
    """(16) U of a raid or an invasion to the coercer [utility]; ``dread`` is the bare one."""
    burden = (signal.cost_certain + signal.cost_resisted * b) * (
        1.0 + k.opposition_cost * opposition - k.backing_relief * backing
    )
    return stake * signal.prize * winning - dread * burden - k.progress_loss * progress - signal.reluctance


@rule
def preempt_utility(signal: Signal, dread: float, first_strike: float) -> float:
    """(17) U of striking first to the target [utility]. Its rival, V, carries -dread·r, so it pays when war looks likely."""
    return -dread * (1.0 - first_strike) - signal.reluctance


@rule
def sincerity(outreach: float, trust: float, opacity: float, readout_share: float) -> float:
    """(18) ŝ, in 0..1: the coercer's sincerity as the target makes it out; trust stands in where talk is opaque."""
    return outreach + opacity * (1.0 - readout_share) * (trust - outreach)


@rule
def exit_utility(k: Exit, signal: Signal, immunity: float, sincere: float, stake: float) -> float:
    """(18) U of accepting the exit offered [utility], with q = immunity·ŝ the chance that it is kept to."""
    kept = immunity * sincere
    return k.safety * kept - k.betrayal * (1.0 - kept) - k.pride * stake - signal.reluctance


@rule
def decisive_chance(rate: float, utility: float, best_ordinary: float, sharpness: float) -> float:
    """(14) ρσ((U-V)/τ_d), in 0..ρ per day: chance that the best decisive act is taken up; 0 if there is none."""
    return rate * logistic((utility - best_ordinary) * sharpness) if utility > IMPOSSIBLE else 0.0


@rule
def choice_weight(utility: float, best: float, sharpness: float) -> float:
    """(13) exp((U - V)/temperature), in 0..1: weight of a signal in logit choice; exactly 0 if it is impossible."""
    return exp_neg((utility - best) * sharpness) if utility > IMPOSSIBLE else 0.0


@rule
def walk(chosen: float, candidate: float, weight: float, before: float, draw: float) -> float:
    """(13) One step up the ladder of a logit choice: the candidate if the draw reaches it, else what was chosen.

    ``before`` is the weight of all lower signals, ``draw`` a uniform draw times the weight of all.
    """
    return candidate if (weight > 0.0) & (before <= draw) else chosen
