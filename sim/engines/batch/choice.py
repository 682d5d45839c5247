"""Choose, in lanes: the ordinary signals of a principal. What is worth what is in :mod:`sim.rules.choose`."""

from __future__ import annotations

from typing import Any

from sim.engines.batch.compiler import kernel
from sim.engines.batch.lanes import LANES, ROW, row, two_rows
from sim.engines.batch.logit import apply_needs, draw_ordinary, forget_best, keep_best
from sim.engines.batch.parameters import SignalNumbers
from sim.rules import choose, draws

CHOOSE = draws.CHOOSE
uniforms = draws.uniforms

CONTACT, MEDIATION, REACH = ROW["contact"], ROW["mediation"], ROW["reach"]
SANCTIONS, TEMPO, SUPPORT = ROW["sanctions"], ROW["tempo"], ROW["support"]
OPPOSITION, BACKING = ROW["opposition"], ROW["backing"]
ULTIMATUM, CALLED = ROW["ultimatum"], ROW["called"]

RESOLVE, APPETITE, POSTURE, COMMITMENT, PRECEDENT, MOOD, FATIGUE, FEAR, BELIEF, VARIANCE, LAST = (
    ROW[f"{name}.me"]
    for name in (
        "resolve", "appetite", "posture", "commitment", "precedent", "mood", "fatigue", "fear", "belief", "variance",
        "last_hostility",
    )
)  # fmt: skip
RIVAL_POSTURE, RIVAL_LAST = ROW["posture.rival"], ROW["last_hostility.rival"]
DRAW, SECOND_DRAW = ROW["draw"], ROW["second_draw"]
OWN_FORCE, RIVAL_FORCE, FIRM, LEVER, COST, OPENING = (
    ROW[name] for name in ("own_force", "rival_force", "firm", "lever", "cost", "opening")
)
SURE_YIELD, SURE_RISK = ROW["sure_yield"], ROW["sure_risk"]
HOPE, WAITING, WAITING_TOLD = ROW["hope"], ROW["waiting"], ROW["waiting_told"]


@kernel
def signal_at(t: Any, i: Any) -> Any:
    """The numbers of one signal as a named tuple. Every place is named: numba's own way is a loop that took 200 ns."""
    return SignalNumbers(
        t[i, 0], t[i, 1], t[i, 2], t[i, 3], t[i, 4], t[i, 5], t[i, 6], t[i, 7], t[i, 8], t[i, 9], t[i, 10], t[i, 11],
        t[i, 12], t[i, 13], t[i, 14],
    )  # fmt: skip


@kernel
def draw_choice(s: Any, seed: Any, runs: Any, luck: Any, day: Any, seat: Any) -> None:
    """One actor's two uniform draws of the day."""
    for l in range(LANES):
        s[DRAW + l], s[SECOND_DRAW + l] = uniforms(seed, runs[l], day, seat, CHOOSE, 0, luck[l])


@kernel
def reach_out(s: Any) -> None:
    """Contact as needs have it: carried messages count."""
    for l in range(LANES):
        contact, mediation = s[CONTACT + l], s[MEDIATION + l]
        s[REACH + l] = mediation if mediation > contact else contact


@kernel
def weigh_forces(s: Any, choice: Any, my: Any, me: Any, rival: Any) -> None:
    """Forces, leverage, the cost of war and the worth of talking, this morning."""
    for l in range(LANES):
        own, other = (
            choose.force(me.capability, s[POSTURE + l]),
            choose.force(rival.capability, s[RIVAL_POSTURE + l]),
        )
        sanctions, support, opposition = s[SANCTIONS + l], s[SUPPORT + l], s[OPPOSITION + l]
        s[OWN_FORCE + l], s[RIVAL_FORCE + l] = own, other
        s[LEVER + l] = choose.leverage(choice, my, own, other, sanctions, s[TEMPO + l], support, opposition)
        s[COST + l] = choose.war_cost(my, me, opposition, s[BACKING + l], support)
        s[OPENING + l] = choose.opening(
            choice, my, me, own, other, s[COMMITMENT + l], sanctions, s[MEDIATION + l]
        )


@kernel
def weigh_going_on(s: Any, choice: Any, going: Any, my: Any, me: Any) -> None:
    """How firm the rival looks and how sure that is, and what going on is worth."""
    for l in range(LANES):
        firm, variance = choose.firmness(s[BELIEF + l]), s[VARIANCE + l]
        sure = choose.certainty(going.hope_slope, 1.0, variance)
        hoped = choose.hope(my, going, s[LEVER + l], firm, sure)
        s[FIRM + l] = firm
        s[SURE_YIELD + l] = choose.certainty(choice.yield_slope, 1.0, variance)
        s[SURE_RISK + l] = choose.certainty(choice.risk_slope, choice.risk_firmness, variance)
        s[HOPE + l] = hoped
        s[WAITING + l] = choose.going_on(
            my, me, s[RESOLVE + l], hoped, s[FATIGUE + l], s[COST + l], s[FEAR + l], s[COMMITMENT + l], s[CALLED + l]
        )  # fmt: skip
        s[WAITING_TOLD + l] = choose.going_on_telling(me, hoped, s[FATIGUE + l], s[COST + l], s[FEAR + l])


@kernel
def look_out(s: Any, choice: Any, going: Any, my: Any, me: Any, rival: Any) -> None:
    """What the choices of a morning have in common."""
    weigh_forces(s, choice, my, me, rival)
    weigh_going_on(s, choice, going, my, me)


@kernel
def weigh_yield(s: Any, out: Any, choice: Any, my: Any, pressure: Any, concession: Any) -> None:
    """Chance that the rival gives way to signals of one pressure and concession."""
    yields = row(s, out)
    for l in range(LANES):
        yields[l] = choose.yield_chance(
            choice, my, s[LEVER + l], pressure, concession, s[FIRM + l], s[SURE_YIELD + l]
        )


@kernel
def weigh_risk(s: Any, out: Any, choice: Any, my: Any, hostility: Any, alerting: Any) -> None:
    """Risk of war of signals of one hostility, which an ultimatum alerts or does not."""
    risks = row(s, out)
    for l in range(LANES):
        alerted = choose.alert(my, s[ULTIMATUM + l], 0.0) if alerting > 0.0 else 0.0
        risks[l] = choose.war_risk(
            choice, hostility, s[FIRM + l], s[FEAR + l], s[RIVAL_FORCE + l], alerted, s[SURE_RISK + l]
        )


@kernel
def weigh_classes(s: Any, at: Any, choice: Any, my: Any, yields: Any, risks: Any, classes: Any) -> None:
    """Once for all signals that share it: the chance that the rival gives way, and the risk of war."""
    for c in range(classes[0]):
        weigh_yield(s, at.yields + c * LANES, choice, my, yields[c, 0], yields[c, 1])
    for c in range(classes[1]):
        weigh_risk(s, at.risks + c * LANES, choice, my, risks[c, 0], risks[c, 1])


@kernel
def weigh_signal(
    s: Any,
    out: Any,
    yielding: Any,
    risking: Any,
    choice: Any,
    my: Any,
    me: Any,
    signal: Any,
    inclination: Any,
) -> None:
    """What one ordinary signal is worth, and what a bit more resolve would add."""
    weighed, yields, risks = two_rows(s, out), row(s, yielding), row(s, risking)
    for l in range(LANES):
        commitment, cost = s[COMMITMENT + l], s[COST + l]
        bluff = choose.bluff_cost(choice, me, signal.commitment, signal.ultimatum > 0.0, yields[l])
        told = choose.telling(choice, me, signal.concession, yields[l], cost, risks[l], bluff)
        warm = choose.warmth(choice, s[MOOD + l], me.mood, signal.hostility)
        paid = choose.price(
            choice, signal, me, inclination, commitment, s[PRECEDENT + l], s[LAST + l], s[RIVAL_LAST + l],
            signal.public > 0.0,
        )  # fmt: skip
        paid += choose.called_bluff(my, me, signal, commitment, s[CALLED + l])
        paid += choose.blame(my, signal)
        weighed[l] = choose.ordinary_utility(
            s[RESOLVE + l], told, cost, risks[l], bluff, s[APPETITE + l], signal.relished, s[OPENING + l],
            signal.conceded, warm, paid,
        )  # fmt: skip
        weighed[LANES + l] = told


@kernel
def weigh_signals(
    s: Any, at: Any, weighed: Any, choice: Any, my: Any, me: Any, signals: Any, class_of: Any, listed: Any,
    inclination: Any,
) -> Any:  # fmt: skip
    """What each listed signal is worth, one after another from row ``weighed`` on; gives where they end."""
    out, n = weighed, 0
    while listed[n] >= 0:
        a = listed[n]
        yielding, risking = at.yields + class_of[a, 0] * LANES, at.risks + class_of[a, 1] * LANES
        weigh_signal(s, out, yielding, risking, choice, my, me, signal_at(signals, a), inclination[a])
        out += 2 * LANES
        n += 1
    return out


@kernel
def choose_ordinary(
    s: Any, at: Any, weighed: Any, repertoire: Any, needs: Any, least: Any, sharpness: Any
) -> None:
    """The ordinary signal of a principal by logit choice, from what each is worth."""
    forget_best(s)
    n = 0
    while repertoire[n] >= 0:
        a, out = repertoire[n], weighed + 2 * n * LANES
        apply_needs(s, out, needs[a], least[a])
        keep_best(s, out)
        n += 1
    draw_ordinary(s, at.weights, weighed, 2 * LANES, repertoire, sharpness)
