"""A scenario as the compiled engine takes it: named tuples of floats, and arrays."""

from __future__ import annotations

from collections import namedtuple
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from sim.rules import act
from sim.scenario.scenario import Scenario
from sim.schema import coefficients
from sim.schema import world as crisis
from sim.schema.actors import Principal
from sim.schema.outcomes import Outcome
from sim.schema.signals import FADING, RESTING, WORLD_EFFECTS, Interest, Kind, Signal

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def _twin(name: str, table: type[BaseModel]) -> Any:
    """A named tuple type with the numbers of a schema table: rules read both by the same names."""
    numbers = [key for key, field in table.model_fields.items() if field.annotation in (float, int, bool)]
    return namedtuple(name, numbers, module=__name__)


# Numba caches compiled code by these types, so they must be found here under their own names.
CoercerNumbers = _twin("CoercerNumbers", coefficients.Coercer)
TargetNumbers = _twin("TargetNumbers", coefficients.Target)
AssaultNumbers = _twin("AssaultNumbers", coefficients.Assault)
ExitNumbers = _twin("ExitNumbers", coefficients.Exit)
SharedNumbers = _twin("SharedNumbers", coefficients.Shared)
PerceptionNumbers = _twin("PerceptionNumbers", coefficients.Perception)
ConductNumbers = _twin("ConductNumbers", coefficients.Conduct)
AdjustmentNumbers = _twin("AdjustmentNumbers", coefficients.Adjustment)
ChanceNumbers = _twin("ChanceNumbers", coefficients.Chance)
EndingNumbers = _twin("EndingNumbers", coefficients.Ending)
WorldNumbers = _twin("WorldNumbers", crisis.World)
KeptNumbers = _twin("KeptNumbers", crisis.Kept)
ClocksNumbers = _twin("ClocksNumbers", crisis.Clocks)
DecisiveNumbers = _twin("DecisiveNumbers", crisis.Decisive)
BeliefNumbers = _twin("BeliefNumbers", crisis.Belief)
FogNumbers = _twin("FogNumbers", crisis.Fog)
PrincipalNumbers = _twin("PrincipalNumbers", Principal)
InterestNumbers = _twin("InterestNumbers", Interest)


class SignalNumbers(NamedTuple):
    """What the utilities of principals look at in a signal."""

    hostility: float
    pressure: float
    concession: float
    cost: float
    resolve_cost: float
    commitment: float
    deaths: float
    force: float
    prize: float
    cost_certain: float
    cost_resisted: float
    reluctance: float


class Numbers(NamedTuple):
    """All single numbers of a scenario. Field types are the twins above."""

    coercer: Any
    target: Any
    assault: Any
    exit: Any
    shared: Any
    perception: Any
    conduct: Any
    adjustment: Any
    chance: Any
    ending: Any
    world: Any
    kept: Any
    clocks: Any
    decisive: Any
    belief: Any
    me_coercer: Any
    me_target: Any


# What is looked up for the signal that a principal sent.
MARKS = (
    "hostility",
    "rung",
    "kind",
    "posture",
    "commitment",
    "force",
    "concedes",
    "offers",
    "sets_ultimatum",
    "calls",
    "strikes",
    "outcome",
    "precedence",
)

MARK = {name: index for index, name in enumerate(MARKS)}


class Tables(NamedTuple):
    """The arrays of a scenario. Actors: coercer, target, then third parties in seat order. Signals: the ladder.

    signals:     (2, signals, numbers) as SignalNumbers, pressure and concession as the principal sends them
    interests:   (signals, numbers) as InterestNumbers
    marks:       (2, marks, signals)
    effects:     (actors, WORLD_EFFECTS, signals) what sending adds, third parties' scaled by influence
    active:      (actors, WORLD_EFFECTS) whether any signal of the actor has that effect
    deaths:      (actors, signals) mean or certain deaths
    certain:     (signals,) 1 if the deaths are certain, 0 if drawn
    repertoire:  (actors, signals) ordinary signals in ladder order, then -1
    decisive:    (2, signals) decisive signals in ladder order, then -1
    decision:    (signals,) 1 exit, 2 assault, 3 preempt, else 0
    inclination: (actors, signals)
    needs:       (actors, signals, most needs of a signal) row of the quantity needed, -1 for none
    least:       (signals, most needs of a signal) what it must be above
    fogs:        (actors, switches) as FogNumbers
    observers:   (actors, 4) suspicion, prior error, temperature, alignment
    seats:       (actors,)
    no_fog:      (actors, switches) all 0
    in_seat_order: (actors,) actors by seat
    kept:        (FADING,) share kept each day
    rests:       (FADING,) value decayed to
    script:      (entries, 4) day, actor, signal, 1 if only where it can be sent; by day, then by seat
    """

    signals: Floats
    interests: Floats
    marks: Floats
    effects: Floats
    active: Ints
    deaths: Floats
    certain: Floats
    repertoire: Ints
    decisive: Ints
    decision: Ints
    inclination: Floats
    needs: Ints
    least: Floats
    fogs: Floats
    observers: Floats
    seats: Ints
    no_fog: Floats
    in_seat_order: Ints
    kept: Floats
    rests: Floats
    script: Ints


def frozen(twin: Any, table: BaseModel) -> Any:
    """The numbers of a schema table."""
    return twin(*(float(getattr(table, name)) for name in twin._fields))


def numbers(scenario: Scenario) -> Numbers:
    """All single numbers of a scenario."""
    k = scenario.coefficients
    return Numbers(
        frozen(CoercerNumbers, k.coercer),
        frozen(TargetNumbers, k.target),
        frozen(AssaultNumbers, k.assault),
        frozen(ExitNumbers, k.exit),
        frozen(SharedNumbers, k.shared),
        frozen(PerceptionNumbers, k.perception),
        frozen(ConductNumbers, k.conduct),
        frozen(AdjustmentNumbers, k.adjustment),
        frozen(ChanceNumbers, k.chance),
        frozen(EndingNumbers, k.ending),
        frozen(WorldNumbers, scenario.world),
        frozen(KeptNumbers, scenario.kept),
        frozen(ClocksNumbers, scenario.clocks),
        frozen(DecisiveNumbers, scenario.decisive),
        frozen(BeliefNumbers, scenario.belief),
        frozen(PrincipalNumbers, scenario.principal("coercer")),
        frozen(PrincipalNumbers, scenario.principal("target")),
    )


def actor_order(scenario: Scenario) -> tuple[str, ...]:
    """Names of the actors as the tables have them."""
    return (scenario.coercer, scenario.target, *scenario.third_parties)


def tables(scenario: Scenario, rows: dict[str, int]) -> Tables:
    """The arrays of a scenario; ``rows`` says where the lanes keep each quantity that a signal may need."""
    names, ladder = actor_order(scenario), scenario.ladder
    signals = [scenario.signals[name] for name in ladder]
    place = {name: index for index, name in enumerate(ladder)}
    effects = np.array(
        [[[_effect(scenario, a, q, s) for s in signals] for q in WORLD_EFFECTS] for a in names]
    )
    sending = np.array([[scenario.actors[a].role in s.senders for s in signals] for a in names])
    needs, least = _needs(scenario, names, signals, rows)
    return Tables(
        signals=np.array([[_as_sent(scenario, role, s) for s in signals] for role in (0, 1)]),
        interests=np.array([frozen(InterestNumbers, s.interest) for s in signals]),
        marks=np.array([[_marks(scenario, role, s) for s in signals] for role in (0, 1)])
        .transpose(0, 2, 1)
        .copy(),
        effects=effects,
        active=((effects != 0.0) & sending[:, None, :]).any(axis=2).astype(np.int64),
        deaths=np.array(
            [[s.deaths if sends else 0.0 for s, sends in zip(signals, row, strict=True)] for row in sending]
        ),
        certain=np.array([float(bool(s.decisive)) for s in signals]),
        repertoire=np.array(
            [_padded([place[s] for s in scenario.repertoire(a)], len(ladder)) for a in names]
        ),
        decisive=np.array(
            [
                _padded([place[s] for s in scenario.repertoire(a, decisive=True)], len(ladder))
                for a in names[:2]
            ]
        ),
        decision=np.array([("", "exit", "assault", "preempt").index(s.decisive) for s in signals]),
        inclination=np.array([[scenario.actors[a].inclination.get(s, 0.0) for s in ladder] for a in names]),
        needs=needs,
        least=least,
        fogs=np.array([frozen(FogNumbers, scenario.fog_of(a)) for a in names]),
        observers=np.array([_observer(scenario, a) for a in names]),
        seats=np.array([scenario.actors[a].seat for a in names]),
        no_fog=np.zeros((len(names), len(FogNumbers._fields))),
        in_seat_order=np.array([names.index(a) for a in scenario.seats]),
        kept=np.array([getattr(scenario.kept, q) for q in FADING]),
        rests=np.array([getattr(scenario.world, q) if q in RESTING else 0.0 for q in FADING]),
        script=np.array(
            [
                (entry.day, names.index(entry.actor), place[entry.signal], entry.if_possible)
                for entry in sorted(scenario.script, key=lambda e: (e.day, scenario.seats.index(e.actor)))
            ],
            np.int64,
        ).reshape(-1, 4),
    )


def _padded(indices: list[int], length: int) -> list[int]:
    return indices + [-1] * (length + 1 - len(indices))


def _probing(scenario: Scenario, role: int, signal: Signal) -> tuple[float, float]:
    """Pressure and concession of a signal as a principal sends it."""
    if role == 0 and signal.kind is Kind.PRIVATE:
        outreach = scenario.world.outreach
        return act.probing_pressure(signal.pressure, outreach), act.probing_concession(
            signal.concession, outreach
        )
    return signal.pressure, signal.concession


def _as_sent(scenario: Scenario, role: int, signal: Signal) -> Any:
    pressure, concession = _probing(scenario, role, signal)
    return frozen(SignalNumbers, signal)._replace(pressure=pressure, concession=concession)


def _marks(scenario: Scenario, role: int, signal: Signal) -> list[float]:
    _, concession = _probing(scenario, role, signal)
    marks = {
        "hostility": signal.hostility,
        "rung": signal.rung,
        "kind": signal.kind,
        "posture": signal.posture,
        "commitment": signal.commitment,
        "force": signal.force,
        "concedes": concession > 0.0,
        "offers": signal.opens == "offer",
        "sets_ultimatum": signal.opens == "ultimatum",
        "calls": signal.contact > 0.0,
        "strikes": signal.deaths > 0.0 and not signal.decisive,
        "outcome": Outcome[signal.ends] if signal.ends else 0,
        "precedence": signal.precedence,
    }
    return [float(marks[name]) for name in MARKS]


def _effect(scenario: Scenario, name: str, quantity: str, signal: Signal) -> float:
    actor = scenario.actors[name]
    added = float(getattr(signal, quantity))
    if quantity in ("hardship", "tempo"):
        return added
    if actor.role == "coercer" and quantity == "opposition":
        return 0.0
    if actor.role == "third":
        return 0.0 if quantity == "contact" else scenario.third_party(name).influence * added
    return added


def _observer(scenario: Scenario, name: str) -> list[float]:
    actor = scenario.actors[name]
    alignment = scenario.third_party(name).alignment if actor.role == "third" else 0.0
    return [actor.suspicion, actor.prior_error, actor.temperature, alignment]


def _needs(
    scenario: Scenario, names: tuple[str, ...], signals: list[Signal], rows: dict[str, int]
) -> tuple[Ints, Floats]:
    most = max(1, *(len(signal.needs) for signal in signals))
    needs = np.full((len(names), len(signals), most), -1)
    least = np.zeros((len(signals), most))
    for s, signal in enumerate(signals):
        for n, (quantity, number) in enumerate(signal.needs.items()):
            least[s, n] = number
            for a, name in enumerate(names):
                role = scenario.actors[name].role
                needs[a, s, n] = rows.get(f"{quantity}.{role}", rows.get(quantity, -1))
    return needs, least
