"""What is wrong with a scenario that no single key shows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from sim.scenario.tables import ScenarioTables
from sim.scenario.values import plan_mistakes
from sim.schema.outcomes import REPORTED
from sim.schema.plans import SweepPlan
from sim.schema.signals import NEEDS, OWN, Role, Signal
from sim.text import shown, suggestion

MOST_THIRD_PARTIES = 14
DEATHS_DRAWN_MOST = 50.0


def contradictions(scenario: ScenarioTables) -> Iterator[tuple[str, str]]:
    """What no single key shows: pairs of (key, what is wrong with it, in words)."""
    roles = [actor.role for actor in scenario.actors.values()]
    for role in ("coercer", "target"):
        if roles.count(role) != 1:
            yield "actors", f'has {roles.count(role)} actors of role "{role}"; exactly one is allowed'
    if roles.count("third") > MOST_THIRD_PARTIES:
        yield "actors", f"has {roles.count('third')} third parties; at most {MOST_THIRD_PARTIES} are allowed"
    yield from _seat_clashes(scenario)
    for name in scenario.actors:
        yield from _actor_contradictions(scenario, name)
    for name, signal in scenario.signals.items():
        yield from _signal_contradictions(f"signals.{name}", name, signal)
    for name in scenario.outcomes:
        if name not in REPORTED:
            yield (
                f"outcomes.{name}",
                f"is no outcome{suggestion(name, REPORTED)}; known: {', '.join(REPORTED)}",
            )
    if "hold" not in scenario.signals:
        yield "signals", "has no hold; every actor must be able to do nothing"
    yield from _script_contradictions(scenario)
    yield from _rate_contradictions(scenario)
    yield from _arm_contradictions(scenario)
    yield from _claim_contradictions(scenario)
    if scenario.sweep != SweepPlan():
        yield from plan_mistakes(scenario, scenario.sweep)


def _seat_clashes(scenario: ScenarioTables) -> Iterator[tuple[str, str]]:
    taken: dict[int, str] = {}
    for name, actor in scenario.actors.items():
        if actor.seat in taken:
            yield (
                f"actors.{name}.seat",
                f"is {actor.seat}, which {taken[actor.seat]} has; each actor needs a seat of its own",
            )
        taken.setdefault(actor.seat, name)


def _actor_contradictions(scenario: ScenarioTables, name: str) -> Iterator[tuple[str, str]]:
    actor = scenario.actors[name]
    for signal in actor.inclination:
        key = f"actors.{name}.inclination.{signal}"
        yield from _sends(scenario, key, actor.role, signal)
        if signal == "hold":
            yield key, "is not allowed: the inclination to hold is 0, and the others are measured against it"
        elif signal in scenario.signals and scenario.signals[signal].decisive:
            yield key, "is not allowed: a decisive act has no inclination; use its reluctance"
    for signal in actor.sends:
        yield from _sends(scenario, f"actors.{name}.sends", actor.role, signal)
    for signal in actor.forbid:
        key = f"actors.{name}.forbid"
        yield from _sends(scenario, key, actor.role, signal)
        if signal == "hold":
            yield key, "names hold, which cannot be forbidden"


def _sends(scenario: ScenarioTables, key: str, role: Role, signal: str) -> Iterator[tuple[str, str]]:
    if signal not in scenario.signals:
        yield key, f'names the signal "{signal}", which does not exist{suggestion(signal, scenario.signals)}'
    elif role not in scenario.signals[signal].senders:
        yield key, f'names the signal "{signal}", which a {role} cannot send'


def _signal_contradictions(key: str, name: str, signal: Signal) -> Iterator[tuple[str, str]]:
    for quantity in signal.needs:
        if quantity not in NEEDS:
            yield (
                f"{key}.needs.{quantity}",
                f"is no quantity of the model{suggestion(quantity, NEEDS)}; known: {', '.join(NEEDS)}",
            )
        elif quantity in OWN and "third" in signal.senders:
            yield f"{key}.needs.{quantity}", "is not allowed: third parties, who may send it, have none"
    if bool(signal.decisive) != bool(signal.ends):
        yield key, "must have both `decisive` and `ends`, or neither"
    role = {"exit": "target", "preempt": "target", "assault": "coercer"}.get(signal.decisive)
    if role and signal.senders != (role,):
        yield f"{key}.senders", f'must be ["{role}"] for a signal with decisive = "{signal.decisive}"'
    if signal.decisive == "terms" and "third" in signal.senders:
        yield f"{key}.senders", 'must be principals for a signal with decisive = "terms"'
    peace = {"exit": "exit", "terms": "settlement"}.get(signal.decisive)
    if signal.decisive and signal.ends != peace and (peace or signal.ends in ("exit", "settlement")):
        words = 'must be "exit" if decisive = "exit", "settlement" if "terms", and a war otherwise'
        yield f"{key}.ends", words
    if not signal.decisive and signal.deaths > DEATHS_DRAWN_MOST:
        yield (
            f"{key}.deaths",
            f"is {signal.deaths:g}; at most {DEATHS_DRAWN_MOST:g} can be drawn for a signal that is not decisive",
        )
    if name == "hold" and (
        signal.class_ != "quiet" or signal.needs or signal.decisive or len(signal.senders) != 3
    ):
        yield key, "must be quiet, need nothing, end nothing and be open to all three roles"


def _script_contradictions(scenario: ScenarioTables) -> Iterator[tuple[str, str]]:
    seen: set[tuple[int, str]] = set()
    for index, entry in enumerate(scenario.script):
        key = f"script[{index}]"
        if entry.actor not in scenario.actors:
            yield (
                f"{key}.actor",
                f'is "{entry.actor}", which does not exist{suggestion(entry.actor, scenario.actors)}',
            )
        else:
            yield from _sends(scenario, f"{key}.signal", scenario.actors[entry.actor].role, entry.signal)
        if (entry.day, entry.actor) in seen:
            yield key, f"is a second act of {entry.actor} on day {entry.day}; an actor sends one signal a day"
        seen.add((entry.day, entry.actor))


def _rate_contradictions(scenario: ScenarioTables) -> Iterator[tuple[str, str]]:
    for name, rates in scenario.rates.items():
        if name not in scenario.actors:
            yield f"rates.{name}", f"names an actor that does not exist{suggestion(name, scenario.actors)}"
            continue
        for signal in rates:
            yield from _sends(scenario, f"rates.{name}.{signal}", scenario.actors[name].role, signal)


def _arm_contradictions(scenario: ScenarioTables) -> Iterator[tuple[str, str]]:
    names = [arm.name for arm in scenario.arms]
    if len(names) == 1:
        yield "arms", "has one arm; there must be at least two to compare, or none"
    for index, arm in enumerate(scenario.arms):
        if arm.name in names[:index]:
            yield f"arms[{index}].name", f'is "{arm.name}", which arms[{names.index(arm.name)}] has'
    bare = [index for index, arm in enumerate(scenario.arms) if not arm.set]
    for index in bare[1:]:
        yield f"arms[{index}]", f"sets nothing, as arms[{bare[0]}] does; it would be the same again"


def _claim_contradictions(scenario: ScenarioTables) -> Iterator[tuple[str, str]]:
    claim, names = scenario.claim, [arm.name for arm in scenario.arms]
    if claim is None:
        return
    if not names:
        yield "claim", "is about no arms; give at least two, each a table [[arms]]"
        return
    for index, pair in enumerate(claim.contrasts):
        key = f"claim.contrasts[{index}]"
        for name in pair:
            if name not in names:
                yield key, f"names the arm {shown(name)}, which does not exist{suggestion(name, names)}"
        if pair[0] == pair[1]:
            yield key, "has the same arm twice"
    if claim.primary in claim.beside:
        yield f"claim.beside.{claim.primary}", "is what the claim is judged by already"
    if claim.beside and claim.expect == "none":
        yield "claim.beside", "expects something of a claim that expects none"
    if claim.sweep and any(b <= a for a, b in pairwise(claim.sweep.values)):
        yield "claim.sweep.values", "must rise from one to the next"
