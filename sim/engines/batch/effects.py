"""Act and chance, in lanes: what was sent changes the world, its clocks, its senders, and luck strikes."""

from __future__ import annotations

from typing import Any

from sim.engines.batch.compiler import kernel
from sim.engines.batch.lanes import ADDED, LANES, MARK_COERCER, MARK_TARGET, ROW, row
from sim.engines.batch.parameters import MARK, MARKS
from sim.rules import act, chance, draws
from sim.schema.signals import FADING, WORLD_EFFECTS

N_MARKS, N_FADING, N_EFFECTS = len(MARKS), len(FADING), len(WORLD_EFFECTS)
PROGRESS_EFFECT = WORLD_EFFECTS.index("progress")
HARDSHIP_ADDED = ADDED + WORLD_EFFECTS.index("hardship") * LANES
STRIKES_ADDED = ADDED + WORLD_EFFECTS.index("tempo") * LANES

DEATHS_PURPOSE, TALKS, CONTROL, NOBODY = (
    draws.DEATHS,
    draws.TALKS,
    draws.CONTROL,
    draws.NOBODY,
)

uniforms, poisson = draws.uniforms, draws.poisson
HARDSHIP, DEATHS, TEMPO, LEVEL, KILLED = (ROW[n] for n in ("hardship", "deaths", "tempo", "level", "killed"))
PROGRESS = ROW["progress"]
OFFER, ULTIMATUM, CALLED, BLUFF = ROW["offer"], ROW["ultimatum"], ROW["called"], ROW["bluff"]
CONCEDED_C, CONCEDED_T = ROW["coercer_conceded"], ROW["target_conceded"]
INCIDENT, LEAK, SETTLED, LOST = ROW["incident"], ROW["leak"], ROW["settled"], ROW["lost"]
POSTURE_C, COMMITMENT_C = ROW["posture.coercer"], ROW["commitment.coercer"]
INCONSISTENCY_C, HOSTILITY_C = ROW["inconsistency.coercer"], ROW["last_hostility.coercer"]
POSTURE_T, COMMITMENT_T = ROW["posture.target"], ROW["commitment.target"]
INCONSISTENCY_T, HOSTILITY_T = ROW["inconsistency.target"], ROW["last_hostility.target"]

HOSTILITY, RUNG, POSTURE, COMMITMENT = (
    MARK[n] * LANES for n in ("hostility", "rung", "posture", "commitment")
)

FORCE, CONCEDES, OFFERS, SETS_ULTIMATUM = (
    MARK[n] * LANES for n in ("force", "concedes", "offers", "sets_ultimatum")
)

OUTCOME, PRECEDENCE = MARK["outcome"], MARK["precedence"]


@kernel
def give_precedence(acts: Any, marks: Any, hold: Any) -> None:
    """Of two decisive acts of one day the one of lower precedence stands; the other is not carried out."""
    for l in range(LANES):
        coercer, target = acts[l], acts[LANES + l]
        both = marks[0, OUTCOME, coercer] > 0.0 and marks[1, OUTCOME, target] > 0.0
        target_first = marks[1, PRECEDENCE, target] < marks[0, PRECEDENCE, coercer]
        acts[l] = hold if both and target_first else coercer
        acts[LANES + l] = hold if both and not target_first else target


@kernel
def look_up(s: Any, out: Any, table: Any, acts: Any, first: Any) -> None:
    """Fill a row with what a table says of the signal sent in each lane."""
    mark = row(s, out)
    for l in range(LANES):
        mark[l] = table[acts[first + l]]


@kernel
def look_up_marks(s: Any, acts: Any, marks: Any) -> None:
    """All marks of what both principals sent."""
    for m in range(N_MARKS):
        look_up(s, MARK_COERCER + m * LANES, marks[0, m], acts, 0)
        look_up(s, MARK_TARGET + m * LANES, marks[1, m], acts, LANES)


@kernel
def wind_clocks(s: Any, clocks: Any) -> None:
    """Clocks of offers, ultimatums and recent concessions, a day on."""
    for l in range(LANES):
        coercer_conceded = s[MARK_COERCER + CONCEDES + l] > 0.0
        target_conceded = s[MARK_TARGET + CONCEDES + l] > 0.0
        s[CONCEDED_C + l] = act.wound(s[CONCEDED_C + l], coercer_conceded, clocks.concession)
        s[CONCEDED_T + l] = act.wound(s[CONCEDED_T + l], target_conceded, clocks.concession)
        s[OFFER + l] = act.wound(s[OFFER + l], s[MARK_COERCER + OFFERS + l] > 0.0, clocks.offer)
        running, called, lapses = act.ultimatum_clocks(
            s[ULTIMATUM + l],
            s[CALLED + l],
            s[MARK_COERCER + SETS_ULTIMATUM + l] > 0.0,
            target_conceded,
            s[MARK_COERCER + FORCE + l] > 0.0,
            clocks.ultimatum,
            clocks.called,
        )
        s[ULTIMATUM + l] = running
        s[CALLED + l] = called
        s[BLUFF + l] = 1.0 if lapses else 0.0


@kernel
def add(s: Any, out: Any, table: Any, acts: Any, first: Any) -> None:
    """Add what a table says of the signal sent in each lane."""
    added = row(s, out)
    for l in range(LANES):
        added[l] += table[acts[first + l]]


@kernel
def add_mediated(s: Any, out: Any, table: Any, acts: Any, first: Any) -> None:
    """Progress made by a third party: only where both principals conceded something of late."""
    added = row(s, out)
    for l in range(LANES):
        talks = s[CONCEDED_C + l] > 0.0 and s[CONCEDED_T + l] > 0.0
        added[l] += table[acts[first + l]] if talks else 0.0


@kernel
def change_world(
    s: Any,
    acts: Any,
    effects: Any,
    active: Any,
    order: Any,
    kept: Any,
    rests: Any,
    tempo_kept: Any,
    tempo_cap: Any,
) -> None:
    """The world after the effects of all actors, added in seat order."""
    for q in range(N_EFFECTS):
        for l in range(LANES):
            s[ADDED + q * LANES + l] = 0.0
    for place in range(order.shape[0]):
        actor = order[place]
        for q in range(N_EFFECTS):
            if active[actor, q]:
                if q == PROGRESS_EFFECT and actor > 1:
                    add_mediated(s, ADDED + q * LANES, effects[actor, q], acts, actor * LANES)
                else:
                    add(s, ADDED + q * LANES, effects[actor, q], acts, actor * LANES)
    for q in range(N_FADING):
        fade(s, q * LANES, ADDED + q * LANES, kept[q], rests[q])
    for l in range(LANES):
        s[HARDSHIP + l] = act.accumulated(s[HARDSHIP + l], s[HARDSHIP_ADDED + l])
        s[DEATHS + l] = act.accumulated(s[DEATHS + l], s[KILLED + l])
        s[TEMPO + l] = act.paced(s[TEMPO + l], s[STRIKES_ADDED + l], tempo_kept, tempo_cap)


@kernel
def fade(s: Any, first: Any, added: Any, kept: Any, rest: Any) -> None:
    """One quantity of the world: its effects added, then its decay."""
    quantity, effect = row(s, first), row(s, added)
    for l in range(LANES):
        quantity[l] = act.moved(quantity[l], effect[l], kept, rest)


@kernel
def count_killed(
    s: Any,
    acts: Any,
    deaths: Any,
    certain: Any,
    order: Any,
    seats: Any,
    seed: Any,
    runs: Any,
    luck: Any,
    day: Any,
) -> None:
    """Killed today in each lane; a draw is computed only where someone strikes, which its address allows."""
    for l in range(LANES):
        s[KILLED + l] = 0.0
    for place in range(order.shape[0]):
        actor = order[place]
        if deaths[actor].any():
            for l in range(LANES):
                a = acts[actor * LANES + l]
                mean = deaths[actor, a]
                if mean > 0.0:
                    if certain[a] > 0.0:
                        s[KILLED + l] += mean
                    else:
                        u, _ = uniforms(seed, runs[l], day, seats[actor], DEATHS_PURPOSE, 0, luck[l])
                        s[KILLED + l] += poisson(mean, u)


@kernel
def change_senders(s: Any, kept: Any, bluff_commitment: Any) -> None:
    """Forces, stakes and contradictions of both principals, and the level."""
    for l in range(LANES):
        hostility = s[MARK_COERCER + HOSTILITY + l]
        staked = act.staked(s[COMMITMENT_C + l], s[MARK_COERCER + COMMITMENT + l], kept.commitment)
        s[POSTURE_C + l] = act.deployed(s[POSTURE_C + l], s[MARK_COERCER + POSTURE + l])
        s[COMMITMENT_C + l] = staked * bluff_commitment if s[BLUFF + l] > 0.0 else staked
        s[INCONSISTENCY_C + l] = act.contradicted(
            s[INCONSISTENCY_C + l], hostility, s[HOSTILITY_C + l], kept.inconsistency
        )
        s[HOSTILITY_C + l] = hostility
    for l in range(LANES):
        hostility = s[MARK_TARGET + HOSTILITY + l]
        s[POSTURE_T + l] = act.deployed(s[POSTURE_T + l], s[MARK_TARGET + POSTURE + l])
        s[COMMITMENT_T + l] = act.staked(
            s[COMMITMENT_T + l], s[MARK_TARGET + COMMITMENT + l], kept.commitment
        )
        s[INCONSISTENCY_T + l] = act.contradicted(
            s[INCONSISTENCY_T + l], hostility, s[HOSTILITY_T + l], kept.inconsistency
        )
        s[HOSTILITY_T + l] = hostility
    for l in range(LANES):
        coercer, target = s[MARK_COERCER + RUNG + l], s[MARK_TARGET + RUNG + l]
        s[LEVEL + l] = act.escalated(s[LEVEL + l], coercer if coercer > target else target, kept.level)


@kernel
def strike_luck(s: Any, k: Any, world: Any, seed: Any, runs: Any, luck: Any, day: Any) -> None:
    """Settlement, incident, loss of control and leak."""
    for l in range(LANES):
        settle, collide = uniforms(seed, runs[l], day, NOBODY, TALKS, 0, luck[l])
        incident = chance.incident_chance(
            k, world.incident_rate, s[POSTURE_C + l], s[POSTURE_T + l], s[TEMPO + l]
        )
        s[SETTLED + l] = (
            1.0 if settle < chance.settlement_chance(world.settlement_rate, s[PROGRESS + l]) else 0.0
        )
        s[INCIDENT + l] = 1.0 if collide < incident else 0.0
    for l in range(LANES):
        lose, leak = uniforms(seed, runs[l], day, NOBODY, CONTROL, 0, luck[l])
        control = chance.control_chance(k, world.loss_of_control, s[LEVEL + l])
        s[LOST + l] = 1.0 if lose < control else 0.0
        s[LEAK + l] = 1.0 if leak < world.leak_rate else 0.0
