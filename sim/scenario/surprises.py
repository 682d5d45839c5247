"""What is allowed in a scenario and may still surprise whoever wrote it: told by ``brink check``, never in the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from sim.scenario.tables import ScenarioTables
from sim.schema.habits import habits_of
from sim.schema.signals import OWN, WORLD_EFFECTS, Role, Signal, shipped_vocabulary

FAR_FROM_REST = 0.15  # of a mood, in hostility
TYPICAL: dict[Role, float] = {
    "coercer": 0.2,
    "target": 0.1,
}  # mean hostility of a day at the rates of the standoff (MODEL.md, section 5)
SCALED_BY = {  # what a third party holds, by the effects of its signals that it scales
    "access": ("access",),
    "arms": ("support",),
    "voice": ("opposition", "backing"),
}


def surprises(scenario: ScenarioTables) -> Iterator[tuple[str, str]]:
    """Pairs of (key, what will happen that its writer may not expect), in the order of a file."""
    yield from _clocks(scenario)
    yield from _forces(scenario)
    yield from _mood(scenario, "coercer")
    yield from _mood(scenario, "target")
    yield from _habits(scenario)
    for name in scenario.third_parties:
        yield from _holds_nothing(scenario, name)
    yield from _script(scenario)


def _clocks(scenario: ScenarioTables) -> Iterator[tuple[str, str]]:
    for name, length in scenario.clocks.model_dump().items():
        if length >= scenario.study.days:
            yield (
                f"clocks.{name}",
                f"is {length} days; the horizon of {scenario.study.days} days comes before",
            )


def _forces(scenario: ScenarioTables) -> Iterator[tuple[str, str]]:
    """Whether the coercer could go to war on day 0."""
    name = scenario.coercer
    posture = scenario.principal("coercer").posture
    needs = {
        signal: scenario.signals[signal].needs.get("posture", 0.0)
        for signal in scenario.repertoire(name, decisive=True)
        if scenario.signals[signal].war
    }
    if not needs:
        yield f"actors.{name}", "cannot start a war: it has no act of war that is not forbidden"
    elif posture <= min(needs.values()):
        told = ", ".join(f"{signal} above {least:g}" for signal, least in needs.items())
        yield (
            f"actors.{name}.posture",
            f"is {posture:g}, too low for an act of war until forces are built up: {told}",
        )


def _mood(scenario: ScenarioTables, role: Literal["coercer", "target"]) -> Iterator[tuple[str, str]]:
    """Whether a mood begins far from where forces and the usual hostility will take it."""
    own, rest = scenario.principal(role), resting_mood(scenario, role)
    if abs(own.mood - rest) > FAR_FROM_REST:
        drifts = "the first weeks are a spiral" if own.mood < rest else "the first weeks cool by themselves"
        yield (
            f"actors.{getattr(scenario, role)}.mood",
            f"is {own.mood:g}, but at these forces moods rest near {rest:.2f}: {drifts}",
        )


def resting_mood(scenario: ScenarioTables, role: Literal["coercer", "target"]) -> float:
    """Where the mood of a principal rests at the forces of day 0 and at TYPICAL hostility (MODEL.md, section 5)."""
    rival: Literal["coercer", "target"] = "target" if role == "coercer" else "coercer"
    other, feeling = scenario.principal(rival), scenario.coefficients.feeling
    felt: float = getattr(scenario.coefficients, role).felt_force * other.capability * other.posture
    gained = feeling.gain * (TYPICAL[rival] + felt)
    return min(1.0, gained / feeling.decay) if feeling.decay else 1.0


def _habits(scenario: ScenarioTables) -> Iterator[tuple[str, str]]:
    usual = [name for name in scenario.actors if _as_its_role(scenario, name)]
    for name in usual:
        if name in scenario.rates:
            yield f"rates.{name}", "are not followed until `brink habits FILE --write` solves habits for them"
    if left_out := [name for name in usual if name not in scenario.rates]:
        yield "inclination", f"is left out for {', '.join(left_out)}: the habits of their role hold"
    for name, actor in scenario.actors.items():
        own = [s for s in scenario.repertoire(name) if s not in shipped_vocabulary()]
        if bare := [s for s in own if s not in actor.inclination]:
            yield (
                f"actors.{name}.inclination",
                f"has none for {', '.join(bare)}: gain alone decides how often",
            )


def _as_its_role(scenario: ScenarioTables, name: str) -> bool:
    """Whether all habits of an actor are those of its role, and it has any."""
    actor = scenario.actors[name]
    role = habits_of(actor.role)
    usual = {signal: role[signal] for signal in scenario.repertoire(name) if signal in role}
    return bool(usual) and actor.inclination == usual


def _holds_nothing(scenario: ScenarioTables, name: str) -> Iterator[tuple[str, str]]:
    actor = scenario.third_party(name)
    for holding, effects in SCALED_BY.items():
        idle = [s for s in actor.sends if _moves_only(scenario.signals[s], effects)]
        known = scenario.assumptions.get(f"actors.{name}.{holding}")
        if idle and getattr(actor, holding) == 0.0 and not (known and known.high > 0.0):
            yield f"actors.{name}.{holding}", f"is 0, so that {', '.join(idle)} changes nothing"


def _moves_only(signal: Signal, effects: tuple[str, ...]) -> bool:
    moved = {each for each in (*WORLD_EFFECTS, "deaths") if getattr(signal, each) != 0.0}
    return bool(moved) and moved <= set(effects)


def _script(scenario: ScenarioTables) -> Iterator[tuple[str, str]]:
    world = scenario.world.model_dump()
    for index, act in enumerate(scenario.script):
        if act.day >= scenario.study.days:
            yield (
                f"script[{index}]",
                f"is never played: day {act.day} is after the last, day {scenario.study.days - 1}",
            )
        elif act.day == 0 and not act.if_possible:
            actor = scenario.actors[act.actor]
            for quantity, least in scenario.signals[act.signal].needs.items():
                there = getattr(actor, quantity, 0.0) if quantity in OWN else world.get(quantity, 0.0)
                if quantity == "contact":
                    there = max(there, world["mediation"])
                if there <= least:
                    yield (
                        f"script[{index}]",
                        f"will stop the run: {act.signal} needs {quantity} above {least:g}, day 0 has {there:g}",
                    )
