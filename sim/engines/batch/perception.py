"""Start, perceive and adjust, in lanes."""

from __future__ import annotations

from typing import Any

from sim.engines.batch.compiler import kernel
from sim.engines.batch.lanes import LANES, ROW, marks_of, put_back, take_part
from sim.engines.batch.parameters import MARK, FogNumbers
from sim.rules import adjust, choose, draws, infer, perceive

START, APPETITE_PURPOSE, PERCEIVE, INTENT, TRUNK = (
    draws.START,
    draws.APPETITE,
    draws.PERCEIVE,
    draws.INTENT,
    draws.TRUNK,
)
normals = draws.normals
FRAMEWORK, TEMPO, MEDIATION, INCIDENT = (ROW[n] for n in ("framework", "tempo", "mediation", "incident"))
RESOLVE, OWN_LEVEL, APPETITE, MOOD, VOLATILITY = (
    ROW[f"{name}.me"] for name in ("resolve", "own_level", "appetite", "mood", "volatility")
)
BELIEF, VARIANCE, APPETITE_BELIEF, APPETITE_VARIANCE = (
    ROW[f"{name}.me"] for name in ("belief", "variance", "appetite_belief", "appetite_variance")
)
RIVAL_RESOLVE, RIVAL_APPETITE, RIVAL_POSTURE, RIVAL_INCONSISTENCY = (
    ROW[f"{name}.rival"] for name in ("resolve", "appetite", "posture", "inconsistency")
)
DRAW, SECOND_DRAW, THROUGH, TOTAL = ROW["draw"], ROW["second_draw"], ROW["through"], ROW["total"]
TOLD, TOLD_MEAN, TOLD_SQUARE = ROW["told"], ROW["told_mean"], ROW["told_square"]
RELISHED, RELISHED_MEAN, RELISHED_SQUARE = ROW["relished"], ROW["relished_mean"], ROW["relished_square"]
HOSTILITY, KIND, OUTCOME = (MARK[n] * LANES for n in ("hostility", "kind", "outcome"))


@kernel
def fog_at(t: Any, i: Any) -> Any:
    """The fog one principal sees through, as a named tuple."""
    return FogNumbers(t[i, 0], t[i, 1], t[i, 2], t[i, 3], t[i, 4], t[i, 5], t[i, 6], t[i, 7], t[i, 8])


@kernel
def draw_types(s: Any, k: Any, me: Any, seed: Any, runs: Any, seat: Any) -> None:
    """Resolve and appetite of a principal on day 0."""
    for l in range(LANES):
        z, _ = normals(seed, runs[l], 0, seat, START, 0, TRUNK)
        liking, _ = normals(seed, runs[l], 0, seat, APPETITE_PURPOSE, 0, TRUNK)
        level = adjust.first_resolve(k, me, z)
        s[OWN_LEVEL + l] = level
        s[RESOLVE + l] = level
        s[APPETITE + l] = adjust.own_appetite(me, liking)


@kernel
def draw_beliefs(s: Any, fog: Any, me: Any, seed: Any, runs: Any, seat: Any) -> None:
    """First beliefs of a principal about the other."""
    for l in range(LANES):
        _, z = normals(seed, runs[l], 0, seat, START, 0, TRUNK)
        _, intent = normals(seed, runs[l], 0, seat, APPETITE_PURPOSE, 0, TRUNK)
        s[BELIEF + l] = perceive.first_belief(fog, s[RIVAL_RESOLVE + l], me.prior_error, z)
        s[VARIANCE + l] = perceive.first_variance(fog, me.prior_error)
        s[APPETITE_BELIEF + l] = perceive.first_belief(
            fog, s[RIVAL_APPETITE + l], me.prior_appetite_error, intent
        )
        s[APPETITE_VARIANCE + l] = perceive.first_variance(fog, me.prior_appetite_error)


@kernel
def start_lanes(s: Any, k: Any, me: Any, fogs: Any, seats: Any, seed: Any, runs: Any) -> None:
    """Types and first beliefs of both principals."""
    for role in range(2):
        take_part(s, role)
        draw_types(s, k, me[role], seed, runs, seats[role])
        put_back(s, role)
    for role in range(2):
        take_part(s, role)
        draw_beliefs(s, fog_at(fogs, role), me[role], seed, runs, seats[role])
        put_back(s, role)


@kernel
def draw_reading(s: Any, seed: Any, runs: Any, luck: Any, day: Any, seat: Any, about: Any) -> None:
    """An observer's three normal draws of the day: of both readings, and its own."""
    for l in range(LANES):
        s[DRAW + l], s[VOLATILITY + l] = normals(seed, runs[l], day, seat, PERCEIVE, about, luck[l])
    for l in range(LANES):
        s[SECOND_DRAW + l], _ = normals(seed, runs[l], day, seat, INTENT, about, luck[l])


@kernel
def let_through(s: Any, sender: Any, k: Any, fog: Any, share: Any) -> None:
    """Share of the evidence in the day's signal that gets through to an observer."""
    marks = marks_of(s, sender)
    for l in range(LANES):
        known = choose.read_out(k, share, s[MEDIATION + l])
        loss = perceive.lost(k, fog, marks[KIND + l], s[TEMPO + l], s[RIVAL_INCONSISTENCY + l], known)
        s[THROUGH + l] = perceive.evidence(k, fog, s[FRAMEWORK + l], loss)


@kernel
def learn_resolve(s: Any, sender: Any, k: Any, fog: Any, limits: Any, sharpness: Any) -> None:
    """Belief about the sender's resolve after its signal; an act that ends the crisis is not read."""
    marks = marks_of(s, sender)
    for l in range(LANES):
        read, mean = marks[OUTCOME + l] == 0.0, s[TOLD_MEAN + l] / s[TOTAL + l]
        score = infer.score(s[TOLD + l], mean, sharpness)
        information = infer.information(mean, s[TOLD_SQUARE + l] / s[TOTAL + l], sharpness)
        score, information = score if read else 0.0, information if read else 0.0
        variance, through = s[VARIANCE + l], perceive.of_types(fog, s[THROUGH + l])
        s[BELIEF + l] = perceive.believed(
            k, fog, s[RIVAL_RESOLVE + l], s[BELIEF + l], variance, through, score, information, s[DRAW + l],
            limits.resolve_low, limits.resolve_high,
        )  # fmt: skip
        s[VARIANCE + l] = perceive.doubt(
            fog, variance, information, through, limits.drift, limits.variance_cap
        )


@kernel
def learn_appetite(
    s: Any, sender: Any, k: Any, fog: Any, limits: Any, suspicion: Any, sharpness: Any
) -> None:
    """Belief about the sender's appetite for force after its signal."""
    marks = marks_of(s, sender)
    for l in range(LANES):
        read, mean = marks[OUTCOME + l] == 0.0, s[RELISHED_MEAN + l] / s[TOTAL + l]
        score = infer.score(s[RELISHED + l], mean, sharpness)
        information = infer.information(mean, s[RELISHED_SQUARE + l] / s[TOTAL + l], sharpness)
        score, information = score if read else 0.0, information if read else 0.0
        variance, through = s[APPETITE_VARIANCE + l], perceive.of_types(fog, s[THROUGH + l])
        s[APPETITE_BELIEF + l] = perceive.appetite_believed(
            k, fog, s[RIVAL_APPETITE + l], s[APPETITE_BELIEF + l], variance, through, score, information, suspicion,
            s[SECOND_DRAW + l], limits.appetite_most,
        )  # fmt: skip
        s[APPETITE_VARIANCE + l] = perceive.doubt(
            fog, variance, information, through, limits.appetite_drift, limits.appetite_variance_cap
        )


@kernel
def feel(s: Any, sender: Any, k: Any, fog: Any, suspicion: Any, felt_force: Any, capability: Any) -> None:
    """Mood after the day."""
    marks = marks_of(s, sender)
    for l in range(LANES):
        hostile = perceive.felt(
            k, fog, marks[HOSTILITY + l], s[THROUGH + l], suspicion, s[INCIDENT + l] > 0.0
        )
        force = choose.force(capability, s[RIVAL_POSTURE + l])
        s[MOOD + l] = perceive.mood(k, s[MOOD + l], hostile, felt_force, force)


@kernel
def adjust_lanes(s: Any, k: Any, me: Any) -> None:
    """Resolve of both principals overnight."""
    for role in range(2):
        take_part(s, role)
        adjust_resolve(s, k, me[role])
        put_back(s, role)


@kernel
def adjust_resolve(s: Any, k: Any, me: Any) -> None:
    """Resolve of a principal overnight."""
    for l in range(LANES):
        s[RESOLVE + l] = adjust.adjusted(k, me, s[RESOLVE + l], s[OWN_LEVEL + l], s[VOLATILITY + l])
