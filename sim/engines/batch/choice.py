"""Choose, in lanes. What is worth what is in :mod:`sim.rules.choose`; here are only the loops."""

from __future__ import annotations

from typing import Any

from sim.engines.batch.compiler import kernel
from sim.engines.batch.lanes import BELIEF, LANES, ROW, VARIANCE, WEIGHT, row
from sim.engines.batch.logit import (
    apply_needs,
    draw_ordinary,
    forget_best,
    keep_best,
    keep_decisive,
    settle_choice,
)
from sim.engines.batch.parameters import InterestNumbers, SignalNumbers
from sim.rules import choose, draws

EXIT = 1
CHOOSE = draws.CHOOSE
uniforms = draws.uniforms

SANCTIONS, TEMPO, SUPPORT, OPPOSITION, BACKING = (
    ROW[n] for n in ("sanctions", "tempo", "support", "opposition", "backing")
)

PROGRESS, TRUST, LEVEL, DEATHS = ROW["progress"], ROW["trust"], ROW["level"], ROW["deaths"]
ULTIMATUM, CALLED = ROW["ultimatum"], ROW["called"]
RESOLVE_C, POSTURE_C, COMMITMENT_C = ROW["resolve.coercer"], ROW["posture.coercer"], ROW["commitment.coercer"]
RESOLVE_T, POSTURE_T, COMMITMENT_T = ROW["resolve.target"], ROW["posture.target"], ROW["commitment.target"]
HOSTILITY_C, HOSTILITY_T = ROW["last_hostility.coercer"], ROW["last_hostility.target"]
DRAW, SECOND_DRAW, CHOSEN, TRIAL = ROW["draw"], ROW["second_draw"], ROW["chosen"], ROW["trial"]
ALARM, ALERT = ROW["alarm"], ROW["alert"]
SURE_YIELD, SURE_RISK, LEVERAGE = ROW["sure_yield"], ROW["sure_risk"], ROW["leverage"]
BARE, DREAD, OPENING, STAKE, RISK = ROW["bare"], ROW["dread"], ROW["opening"], ROW["stake"], ROW["risk"]
BELIEF_C, BELIEF_T = BELIEF, BELIEF + LANES
VARIANCE_C, VARIANCE_T = VARIANCE, VARIANCE + LANES


# The two readers below name every place: numba's own way from array to tuple is a loop that took 200 ns.


@kernel
def signal_at(t: Any, i: Any) -> Any:
    """The numbers of one signal as a named tuple."""
    return SignalNumbers(
        t[i, 0], t[i, 1], t[i, 2], t[i, 3], t[i, 4], t[i, 5], t[i, 6], t[i, 7], t[i, 8], t[i, 9], t[i, 10], t[i, 11]
    )  # fmt: skip


@kernel
def interest_at(t: Any, i: Any) -> Any:
    """What one signal is worth to third parties, as a named tuple."""
    return InterestNumbers(t[i, 0], t[i, 1], t[i, 2], t[i, 3], t[i, 4], t[i, 5], t[i, 6])


@kernel
def draw_choice(s: Any, seed: Any, runs: Any, luck: Any, day: Any, seat: Any) -> None:
    """One actor's two uniform draws of the day."""
    for l in range(LANES):
        s[DRAW + l], s[SECOND_DRAW + l] = uniforms(seed, runs[l], day, seat, CHOOSE, 0, luck[l])


@kernel
def coercer_outlook(s: Any, k: Any, me: Any) -> None:
    """What the coercer's utilities have in common today."""
    for l in range(LANES):
        variance = s[VARIANCE_C + l]
        bare = choose.bare_dread(me, s[RESOLVE_C + l])
        s[ALARM + l] = choose.alarm(s[BELIEF_C + l])
        s[SURE_YIELD + l] = choose.certainty(k.yield_slope, 1.0, variance)
        s[SURE_RISK + l] = choose.certainty(k.risk_slope, k.risk_belief, variance)
        s[LEVERAGE + l] = choose.coercer_leverage(
            k, s[POSTURE_C + l], s[SANCTIONS + l], s[TEMPO + l], s[SUPPORT + l]
        )
        s[BARE + l] = bare
        s[DREAD + l] = choose.watched_dread(k, bare, s[OPPOSITION + l], s[BACKING + l])
        s[OPENING + l] = choose.coercer_opening(k, me, s[POSTURE_C + l], s[COMMITMENT_C + l], s[PROGRESS + l])
        s[ALERT + l] = 0.0
        s[STAKE + l] = s[RESOLVE_C + l] * me.stake


@kernel
def target_outlook(s: Any, k: Any, me: Any) -> None:
    """What the target's utilities have in common today."""
    for l in range(LANES):
        variance = s[VARIANCE_T + l]
        bare = choose.bare_dread(me, s[RESOLVE_T + l])
        s[ALARM + l] = choose.alarm(s[BELIEF_T + l])
        s[SURE_YIELD + l] = choose.certainty(k.yield_slope, 1.0, variance)
        s[SURE_RISK + l] = choose.certainty(k.risk_slope, k.risk_belief, variance)
        s[LEVERAGE + l] = choose.target_leverage(k, s[POSTURE_T + l], s[SUPPORT + l], s[OPPOSITION + l])
        s[BARE + l] = bare
        s[DREAD + l] = bare
        s[OPENING + l] = choose.target_opening(k, me, s[POSTURE_C + l], s[SANCTIONS + l])
        s[ALERT + l] = k.risk_ultimatum if s[ULTIMATUM + l] > 0.0 else 0.0
        s[STAKE + l] = s[RESOLVE_T + l] * me.stake


@kernel
def risk_of(s: Any, k: Any, hostility: Any) -> None:
    """Risk of war of signals of one hostility; all that are not hostile share one."""
    for l in range(LANES):
        s[RISK + l] = choose.war_risk(
            k, hostility, s[ALARM + l], s[POSTURE_C + l] + s[POSTURE_T + l], s[ALERT + l], s[SURE_RISK + l]
        )


@kernel
def risk_anew(s: Any, k: Any, hostility: Any, last: Any) -> Any:
    """Reckon the risk again for a signal of another hostility; gives the hostility that it now stands for."""
    if hostility > 0.0 and hostility != last:
        risk_of(s, k, hostility)
        return hostility
    return last


@kernel
def coercer_utility(
    s: Any, out: Any, k: Any, me: Any, signal: Any, inclination: Any, echo: Any, scrutiny: Any
) -> None:
    """Utility of one signal to the coercer."""
    utility = row(s, out)
    for l in range(LANES):
        yielding = choose.yield_chance(
            k, s[LEVERAGE + l], signal.pressure, signal.concession, s[ALARM + l], s[SURE_YIELD + l]
        )
        paid = choose.price(
            signal, me, inclination, s[RESOLVE_C + l], s[COMMITMENT_C + l], s[HOSTILITY_T + l], echo
        )
        paid += choose.called_bluff(me, signal, s[COMMITMENT_C + l], s[CALLED + l])
        paid += choose.blame(signal, scrutiny, s[DEATHS + l])
        utility[l] = choose.ordinary_utility(
            s[STAKE + l], yielding, s[DREAD + l], s[RISK + l], s[OPENING + l], signal.concession, paid
        )


@kernel
def target_utility(s: Any, out: Any, k: Any, me: Any, signal: Any, inclination: Any, echo: Any) -> None:
    """Utility of one signal to the target."""
    utility = row(s, out)
    for l in range(LANES):
        yielding = choose.yield_chance(
            k, s[LEVERAGE + l], signal.pressure, signal.concession, s[ALARM + l], s[SURE_YIELD + l]
        )
        paid = choose.price(
            signal, me, inclination, s[RESOLVE_T + l], s[COMMITMENT_T + l], s[HOSTILITY_C + l], echo
        )
        utility[l] = choose.ordinary_utility(
            s[STAKE + l], yielding, s[DREAD + l], s[RISK + l], s[OPENING + l], signal.concession, paid
        )


@kernel
def third_party_utility(s: Any, out: Any, worth: Any, cost: Any, inclination: Any, alignment: Any) -> None:
    """Utility of one signal to a third party."""
    utility = row(s, out)
    for l in range(LANES):
        utility[l] = choose.third_party_utility(
            worth, cost, inclination, alignment, s[LEVEL + l], s[ALARM + l]
        )


@kernel
def assault(s: Any, k: Any, signal: Any) -> None:
    """Utility of a raid or an invasion."""
    for l in range(LANES):
        b = s[ALARM + l]
        g = choose.certainty(k.slope, 1.0, s[VARIANCE_C + l])
        winning = choose.winning_chance(k, s[POSTURE_C + l], b, s[SUPPORT + l], g)
        s[TRIAL + l] = choose.assault_utility(
            k,
            signal,
            s[STAKE + l],
            winning,
            s[BARE + l],
            b,
            s[OPPOSITION + l],
            s[BACKING + l],
            s[PROGRESS + l],
        )


@kernel
def leave(s: Any, k: Any, signal: Any, setting: Any) -> None:
    """``setting``: outreach, the target's opacity switch, share read out, immunity."""
    outreach, opacity, share, immunity = setting
    for l in range(LANES):
        sincere = choose.sincerity(outreach, s[TRUST + l], opacity, share)
        s[TRIAL + l] = choose.exit_utility(k, signal, immunity, sincere, s[STAKE + l])


@kernel
def preempt(s: Any, signal: Any, first_strike: Any) -> None:
    """Utility of striking first."""
    for l in range(LANES):
        s[TRIAL + l] = choose.preempt_utility(signal, s[BARE + l], first_strike)


@kernel
def weigh_assaults(s: Any, k: Any, signals: Any, decisive: Any, needs: Any, least: Any) -> None:
    """The coercer's best decisive act in each lane, and its utility."""
    n = 0
    while decisive[n] >= 0:
        act = decisive[n]
        assault(s, k, signal_at(signals, act))
        apply_needs(s, TRIAL, needs[act], least[act])
        keep_decisive(s, float(act))
        n += 1


@kernel
def weigh_ways_out(
    s: Any,
    k: Any,
    signals: Any,
    decisive: Any,
    decision: Any,
    needs: Any,
    least: Any,
    setting: Any,
    first_strike: Any,
) -> None:
    """The target's best decisive act in each lane, and its utility. ``setting`` is what :func:`leave` takes."""
    n = 0
    while decisive[n] >= 0:
        act = decisive[n]
        signal = signal_at(signals, act)
        if decision[act] == EXIT:
            leave(s, k, signal, setting)
        else:
            preempt(s, signal, first_strike)
        apply_needs(s, TRIAL, needs[act], least[act])
        keep_decisive(s, float(act))
        n += 1


@kernel
def choose_coercer(
    s: Any, acts: Any, k: Any, ka: Any, me: Any, signals: Any, repertoire: Any, decisive: Any, inclination: Any,
    needs: Any, least: Any, temperature: Any, rule: Any, echo: Any, scrutiny: Any,
) -> None:  # fmt: skip
    """The coercer's signal in each lane."""
    coercer_outlook(s, k, me)
    forget_best(s)
    hostility = -1.0
    risk_of(s, k, hostility)
    n = 0
    while repertoire[n] >= 0:
        a, out = repertoire[n], WEIGHT + n * LANES
        signal = signal_at(signals, a)
        hostility = risk_anew(s, k, signal.hostility, hostility)
        coercer_utility(s, out, k, me, signal, inclination[a], echo, scrutiny)
        apply_needs(s, out, needs[a], least[a])
        keep_best(s, out)
        n += 1
    weigh_assaults(s, ka, signals, decisive, needs, least)
    draw_ordinary(s, repertoire, 1.0 / temperature)
    settle_choice(s, acts, 0, rule.rate, 1.0 / rule.temperature)


@kernel
def choose_target(
    s: Any, acts: Any, k: Any, ke: Any, me: Any, signals: Any, repertoire: Any, decisive: Any, decision: Any,
    inclination: Any, needs: Any, least: Any, temperature: Any, rule: Any, echo: Any, setting: Any,
) -> None:  # fmt: skip
    """The target's signal in each lane."""
    target_outlook(s, k, me)
    forget_best(s)
    hostility = -1.0
    risk_of(s, k, hostility)
    n = 0
    while repertoire[n] >= 0:
        a, out = repertoire[n], WEIGHT + n * LANES
        signal = signal_at(signals, a)
        hostility = risk_anew(s, k, signal.hostility, hostility)
        target_utility(s, out, k, me, signal, inclination[a], echo)
        apply_needs(s, out, needs[a], least[a])
        keep_best(s, out)
        n += 1
    weigh_ways_out(s, ke, signals, decisive, decision, needs, least, setting, rule.first_strike)
    draw_ordinary(s, repertoire, 1.0 / temperature)
    settle_choice(s, acts, 1, rule.rate, 1.0 / rule.temperature)


@kernel
def third_outlook(s: Any, actor: Any) -> None:
    """What a third party's utilities have in common today."""
    belief = row(s, BELIEF + actor * LANES)
    for l in range(LANES):
        s[ALARM + l] = choose.alarm(belief[l])


@kernel
def choose_third_party(
    s: Any,
    acts: Any,
    actor: Any,
    signals: Any,
    interests: Any,
    repertoire: Any,
    inclination: Any,
    needs: Any,
    least: Any,
    temperature: Any,
    alignment: Any,
) -> None:
    """A third party's signal in each lane."""
    third_outlook(s, actor)
    forget_best(s)
    n = 0
    while repertoire[n] >= 0:
        a, out = repertoire[n], WEIGHT + n * LANES
        third_party_utility(
            s, out, interest_at(interests, a), signal_at(signals, a).cost, inclination[a], alignment
        )
        apply_needs(s, out, needs[a], least[a])
        keep_best(s, out)
        n += 1
    draw_ordinary(s, repertoire, 1.0 / temperature)
    for l in range(LANES):
        acts[actor * LANES + l] = int(s[CHOSEN + l])
