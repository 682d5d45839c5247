"""Start, perceive and adjust, in lanes."""

from __future__ import annotations

from typing import Any

from sim.engines.batch.compiler import kernel
from sim.engines.batch.lanes import BELIEF, LANES, MARK_COERCER, MARK_TARGET, ROW, VARIANCE, row
from sim.engines.batch.parameters import MARK, FogNumbers
from sim.rules import adjust, draws, perceive

START, PERCEIVE, TRUNK = draws.START, draws.PERCEIVE, draws.TRUNK
normals = draws.normals
FRAMEWORK, TEMPO, PROGRESS = ROW["framework"], ROW["tempo"], ROW["progress"]
BLUFF, INCIDENT, LEAK = ROW["bluff"], ROW["incident"], ROW["leak"]
RESOLVE_C, OWN_C, INCONSISTENCY_C = (ROW[f"{n}.coercer"] for n in ("resolve", "own_level", "inconsistency"))
RESOLVE_T, OWN_T, INCONSISTENCY_T = (ROW[f"{n}.target"] for n in ("resolve", "own_level", "inconsistency"))

OWN_DRAW_C, OWN_DRAW_T, DRAW, SECOND_DRAW = (
    ROW[n] for n in ("own_draw_coercer", "own_draw_target", "draw", "second_draw")
)

SEEN_KIND, SEEN_HOSTILITY = ROW["seen_kind"], ROW["seen_hostility"]
HOSTILITY, KIND = MARK["hostility"] * LANES, MARK["kind"] * LANES
BELIEF_C, BELIEF_T = BELIEF, BELIEF + LANES


@kernel
def fog_at(t: Any, i: Any) -> Any:
    """The fog one observer sees through, as a named tuple."""
    return FogNumbers(t[i, 0], t[i, 1], t[i, 2], t[i, 3], t[i, 4])


@kernel
def draw_level(s: Any, resolve: Any, own: Any, k: Any, me: Any, seed: Any, runs: Any, seat: Any) -> None:
    """Own level of a principal on day 0."""
    own_level, resolves = row(s, own), row(s, resolve)
    for l in range(LANES):
        z, _ = normals(seed, runs[l], 0, seat, START, 0, TRUNK)
        level = adjust.first_resolve(k, me, z)
        own_level[l] = level
        resolves[l] = level


@kernel
def draw_belief(
    s: Any,
    actor: Any,
    resolve: Any,
    fog: Any,
    framework: Any,
    variance: Any,
    prior_error: Any,
    seed: Any,
    runs: Any,
    seat: Any,
) -> None:
    """First belief of an observer."""
    belief, doubt, resolves = (
        row(s, BELIEF + actor * LANES),
        row(s, VARIANCE + actor * LANES),
        row(s, resolve),
    )
    for l in range(LANES):
        _, z = normals(seed, runs[l], 0, seat, START, 0, TRUNK)
        belief[l] = perceive.first_belief(fog, resolves[l], framework, prior_error, z)
        doubt[l] = perceive.first_variance(fog, variance)


@kernel
def draw_reading(s: Any, out: Any, seed: Any, runs: Any, luck: Any, day: Any, seat: Any, about: Any) -> None:
    """An observer's two normal draws of the day: of its reading, and its own."""
    second = row(s, out)
    for l in range(LANES):
        s[DRAW + l], second[l] = normals(seed, runs[l], day, seat, PERCEIVE, about, luck[l])


@kernel
def see_coercer(s: Any, distortion: Any) -> None:
    """What a third party sees of the coercer's signal: a quiet day if it was private, unless it leaked."""
    for l in range(LANES):
        sent, leaked = s[MARK_COERCER + KIND + l], s[LEAK + l] > 0.0
        hostility = s[MARK_COERCER + HOSTILITY + l]
        s[SEEN_KIND + l] = perceive.kind_read(sent, leaked)
        s[SEEN_HOSTILITY + l] = perceive.hostility_read(
            hostility, sent, leaked, distortion, s[SECOND_DRAW + l]
        )


@kernel
def read_signal(
    s: Any, actor: Any, fog: Any, p: Any, kb: Any, share: Any, bias: Any, resolve: Any, inconsistency: Any,
    kind_seen: Any, hostility_seen: Any, bluffing: Any, startled: Any,
) -> None:  # fmt: skip
    """An observer's belief after the day's signal of a principal, by the rows of what it sees.

    ``bluffing``: whether a lapsed ultimatum would be that principal's; ``startled``: whether an incident
    looks like its act to this observer.
    """
    belief, variance = row(s, BELIEF + actor * LANES), row(s, VARIANCE + actor * LANES)
    resolves, contradiction = row(s, resolve), row(s, inconsistency)
    kinds, hostilities = row(s, kind_seen), row(s, hostility_seen)
    for l in range(LANES):
        truth, kind, framework = resolves[l], kinds[l], s[FRAMEWORK + l]
        blurred = perceive.blur(p, fog, kind, framework, share)
        noisy = perceive.noise(p, fog, kind, framework, share, s[TEMPO + l], contradiction[l])
        look = perceive.appearance(hostilities[l])
        lapsed = bluffing & (s[BLUFF + l] > 0.0)
        blurred = perceive.added_blur(fog.rhetoric * p.bluff_blur, blurred) if lapsed else blurred
        look = p.bluff_appearance if lapsed else look
        incident = startled & (s[INCIDENT + l] > 0.0)
        blurred = perceive.added_blur(fog.strikes * p.incident_blur, blurred) if incident else blurred
        look = p.incident_appearance if incident else look
        read = perceive.reading(truth, look, blurred, noisy, s[DRAW + l], bias)
        weight = perceive.trust_in_reading(variance[l], noisy)
        belief[l] = perceive.believed(fog, belief[l], truth, weight, read)
        variance[l] = perceive.doubt(fog, variance[l], weight, kb.drift, kb.variance_cap)


@kernel
def start_lanes(
    s: Any,
    k: Any,
    me_coercer: Any,
    me_target: Any,
    framework: Any,
    variance: Any,
    fogs: Any,
    observers: Any,
    seats: Any,
    seed: Any,
    runs: Any,
) -> None:
    """Own levels and first beliefs."""
    draw_level(s, RESOLVE_C, OWN_C, k, me_coercer, seed, runs, seats[0])
    draw_level(s, RESOLVE_T, OWN_T, k, me_target, seed, runs, seats[1])
    for actor in range(seats.shape[0]):
        rival = RESOLVE_T if actor == 0 else RESOLVE_C
        draw_belief(
            s,
            actor,
            rival,
            fog_at(fogs, actor),
            framework,
            variance,
            observers[actor, 1],
            seed,
            runs,
            seats[actor],
        )


@kernel
def perceive_lanes(
    s: Any,
    p: Any,
    kb: Any,
    share: Any,
    distortion: Any,
    fogs: Any,
    observers: Any,
    seats: Any,
    seed: Any,
    runs: Any,
    luck: Any,
    day: Any,
) -> None:
    """All beliefs after the day."""
    for actor in range(seats.shape[0]):
        fog = fog_at(fogs, actor)
        bias = fog.suspicion * observers[actor, 0]
        if actor == 0:
            draw_reading(s, OWN_DRAW_C, seed, runs, luck, day, seats[0], seats[1])
            resolve, inconsistency = RESOLVE_T, INCONSISTENCY_T
            kind, hostility = MARK_TARGET + KIND, MARK_TARGET + HOSTILITY
        else:
            resolve, inconsistency = RESOLVE_C, INCONSISTENCY_C
            if actor == 1:
                draw_reading(s, OWN_DRAW_T, seed, runs, luck, day, seats[1], seats[0])
                kind, hostility = MARK_COERCER + KIND, MARK_COERCER + HOSTILITY
            else:
                draw_reading(s, SECOND_DRAW, seed, runs, luck, day, seats[actor], seats[0])
                see_coercer(s, distortion)
                kind, hostility = SEEN_KIND, SEEN_HOSTILITY
        read_signal(
            s, actor, fog, p, kb, share, bias, resolve, inconsistency, kind, hostility, actor > 0, actor < 2
        )


@kernel
def adjust_lanes(s: Any, k: Any, me_coercer: Any, me_target: Any) -> None:
    """Resolve of both principals overnight."""
    for l in range(LANES):
        progress = s[PROGRESS + l]
        s[RESOLVE_C + l] = adjust.adjusted(
            k, me_coercer, s[RESOLVE_C + l], s[OWN_C + l], s[BELIEF_C + l], progress, s[OWN_DRAW_C + l]
        )
        s[RESOLVE_T + l] = adjust.adjusted(
            k, me_target, s[RESOLVE_T + l], s[OWN_T + l], s[BELIEF_T + l], progress, s[OWN_DRAW_T + l]
        )
