"""Act, in lanes: what was sent changes the world, its clocks and the terms; and what nobody chose."""

from __future__ import annotations

from typing import Any

from sim.engines.batch.compiler import kernel
from sim.engines.batch.lanes import ADDED, LANES, MARK_COERCER, MARK_TARGET, ROW, STANCE, TAKEN, row
from sim.engines.batch.parameters import MARK, MARKS
from sim.rules import act, chance, choose, draws, end
from sim.schema.outcomes import SETTLEMENT
from sim.schema.signals import FADING, WORLD_EFFECTS

N_MARKS, N_FADING, N_EFFECTS = len(MARKS), len(FADING), len(WORLD_EFFECTS)
HARDSHIP_ADDED = ADDED + WORLD_EFFECTS.index("hardship") * LANES
STRIKES_ADDED = ADDED + WORLD_EFFECTS.index("tempo") * LANES

DEATHS_PURPOSE, INCIDENT_PURPOSE, ENDING, NOBODY = draws.DEATHS, draws.INCIDENT, draws.ENDING, draws.NOBODY
uniforms, poisson = draws.uniforms, draws.poisson

HARDSHIP, DEATHS, TEMPO, TENSION, LEVEL = (
    ROW[n] for n in ("hardship", "deaths", "tempo", "tension", "level")
)
DEMAND, TENDER, SPOKE, SHARE = ROW["demand"], ROW["tender"], ROW["spoke"], ROW["share"]
OFFER, ULTIMATUM, CALLED, BLUFF = ROW["offer"], ROW["ultimatum"], ROW["called"], ROW["bluff"]
INCIDENT, LOST, FADED = ROW["incident"], ROW["lost"], ROW["faded"]
KILLED, KILLED_C, KILLED_T = ROW["killed"], ROW["killed_coercer"], ROW["killed_target"]
POSTURE_C, POSTURE_T = ROW["posture.coercer"], ROW["posture.target"]

HOSTILITY, RUNG, FORCE, CONCEDES, GIVEN, OFFERS, SETS_ULTIMATUM, OUTCOME_OF = (
    MARK[n] * LANES
    for n in ("hostility", "rung", "force", "concedes", "given", "offers", "sets_ultimatum", "outcome")
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
def agree(s: Any) -> None:
    """The share that is agreed where somebody accepts the terms of this morning."""
    for l in range(LANES):
        coercer, target = s[MARK_COERCER + OUTCOME_OF + l], s[MARK_TARGET + OUTCOME_OF + l]
        by_coercer = coercer == SETTLEMENT
        outcome = coercer if by_coercer else target
        s[SHARE + l] = end.agreed_share(outcome, by_coercer, s[DEMAND + l], s[TENDER + l])


@kernel
def count_killed(
    s: Any, acts: Any, deaths: Any, certain: Any, order: Any, seats: Any, seed: Any, runs: Any, luck: Any, day: Any
) -> None:  # fmt: skip
    """Killed today in each lane; a draw is computed only where someone strikes, which its address allows."""
    for l in range(LANES):
        s[KILLED + l] = 0.0
        s[KILLED_C + l] = 0.0
        s[KILLED_T + l] = 0.0
    for place in range(order.shape[0]):
        actor = order[place]
        if deaths[actor].any():
            for l in range(LANES):
                a = acts[actor * LANES + l]
                mean = deaths[actor, a]
                if mean > 0.0:
                    u, _ = uniforms(seed, runs[l], day, seats[actor], DEATHS_PURPOSE, 0, luck[l])
                    killed = mean if certain[a] > 0.0 else poisson(mean, u)
                    s[KILLED + l] += killed
                    if actor == 0:
                        s[KILLED_C + l] = killed
                    elif actor == 1:
                        s[KILLED_T + l] = killed


@kernel
def wind_clocks(s: Any, clocks: Any) -> None:
    """Clocks of offers and ultimatums, a day on."""
    for l in range(LANES):
        s[OFFER + l] = act.wound(s[OFFER + l], s[MARK_COERCER + OFFERS + l] > 0.0, clocks.offer)
        running, called, lapses = act.ultimatum_clocks(
            s[ULTIMATUM + l],
            s[CALLED + l],
            s[MARK_COERCER + SETS_ULTIMATUM + l] > 0.0,
            s[MARK_TARGET + CONCEDES + l] > 0.0,
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
def sum_effects(s: Any, acts: Any, touched: Any, effects: Any, order: Any) -> None:
    """Positive and negative effects of all actors, each summed in seat order.

    Most signals have none, and most actors hold most days, so this goes from lane to lane.
    """
    for i in range(2 * N_EFFECTS * LANES):
        s[ADDED + i] = 0.0
    for place in range(order.shape[0]):
        actor = order[place]
        for l in range(LANES):
            sent, friend = acts[actor * LANES + l], int(s[STANCE + actor * LANES + l] > 0.0)
            n = 0
            while touched[actor, sent, n] >= 0:
                s[ADDED + touched[actor, sent, n] * LANES + l] += effects[friend, actor, sent, n]
                n += 1


@kernel
def move(s: Any, first: Any, added: Any, taken: Any, kept: Any, rest: Any) -> None:
    """One share of the world: its effects, then its return to rest."""
    quantity, more, less = row(s, first), row(s, added), row(s, taken)
    for l in range(LANES):
        quantity[l] = act.moved(quantity[l], more[l], less[l], kept, rest)


@kernel
def change_world(s: Any, kept: Any, rests: Any, tempo_kept: Any, tempo_cap: Any) -> None:
    """The world after the effects of all actors."""
    for q in range(N_FADING):
        move(s, q * LANES, ADDED + q * LANES, TAKEN + q * LANES, kept[q], rests[q])
    for l in range(LANES):
        s[HARDSHIP + l] = act.accumulated(s[HARDSHIP + l], s[HARDSHIP_ADDED + l])
        s[DEATHS + l] = act.accumulated(s[DEATHS + l], s[KILLED + l])
        s[TEMPO + l] = act.paced(s[TEMPO + l], s[STRIKES_ADDED + l], tempo_kept, tempo_cap)


@kernel
def move_terms(s: Any, kept: Any) -> None:
    """What the coercer demands and what the target would give."""
    for l in range(LANES):
        demand, tender = s[DEMAND + l], s[TENDER + l]
        lowered = act.demanded(demand, tender, s[MARK_COERCER + GIVEN + l], kept)
        s[TENDER + l] = act.tendered(demand, tender, s[MARK_TARGET + GIVEN + l], kept, lowered)
        s[DEMAND + l] = lowered


@kernel
def hear(s: Any, acts: Any, speaks: Any, actors: Any) -> None:
    """Share of third parties that spoke out today."""
    for l in range(LANES):
        s[SPOKE + l] = 0.0
    for actor in range(2, actors):
        add(s, SPOKE, speaks, acts, actor * LANES)
    if actors > 2:
        for l in range(LANES):
            s[SPOKE + l] = s[SPOKE + l] / float(actors - 2)


@kernel
def turn(s: Any, actor: Any, k: Any, kept: Any, home: Any) -> None:
    """A third party's stance turns away from who killed today."""
    stance = row(s, STANCE + actor * LANES)
    for l in range(LANES):
        stance[l] = act.turned(k, stance[l], s[KILLED_C + l] > 0.0, s[KILLED_T + l] > 0.0, kept, home)


@kernel
def heat(s: Any, k: Any, kept: Any) -> None:
    """Tension and level after what was sent today."""
    for l in range(LANES):
        s[TENSION + l] = act.heated(
            k,
            s[TENSION + l],
            s[MARK_COERCER + HOSTILITY + l],
            s[MARK_TARGET + HOSTILITY + l],
            s[KILLED + l] > 0.0,
            kept.tension,
        )
        coercer, target = s[MARK_COERCER + RUNG + l], s[MARK_TARGET + RUNG + l]
        s[LEVEL + l] = act.escalated(s[LEVEL + l], coercer if coercer > target else target, kept.level)


@kernel
def strike_luck(
    s: Any, k: Any, world: Any, coercer: Any, target: Any, seed: Any, runs: Any, luck: Any, day: Any
) -> None:
    """Incident, loss of control and fading; ``coercer`` and ``target`` are the capabilities of both."""
    for l in range(LANES):
        collide, _ = uniforms(seed, runs[l], day, NOBODY, INCIDENT_PURPOSE, 0, luck[l])
        force, rival = choose.force(coercer, s[POSTURE_C + l]), choose.force(target, s[POSTURE_T + l])
        incident = chance.incident_chance(k, world.incident_rate, force, rival, s[TEMPO + l])
        s[INCIDENT + l] = 1.0 if collide < incident else 0.0
    for l in range(LANES):
        lose, fade = uniforms(seed, runs[l], day, NOBODY, ENDING, 0, luck[l])
        force, rival = choose.force(coercer, s[POSTURE_C + l]), choose.force(target, s[POSTURE_T + l])
        control = chance.control_chance(k, world.loss_of_control, s[TENSION + l], force, rival)
        s[LOST + l] = 1.0 if lose < control else 0.0
        s[FADED + l] = 1.0 if fade < chance.fade_chance(k, world.fade_rate, s[TENSION + l]) else 0.0
