"""A scenario as the compiled engine takes it: named tuples of floats, and arrays."""

from __future__ import annotations

from collections import namedtuple
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from sim.rules import act, choose
from sim.scenario.scenario import Scenario
from sim.schema import coefficients
from sim.schema import world as crisis
from sim.schema.actors import Principal
from sim.schema.outcomes import Outcome
from sim.schema.signals import FADING, RESTING, WORLD_EFFECTS, Kind, Reaction, Signal

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def _twin(name: str, table: type[BaseModel]) -> Any:
    """A named tuple type with the numbers of a schema table: rules read both by the same names."""
    numbers = [key for key, field in table.model_fields.items() if field.annotation in (float, int, bool)]
    return namedtuple(name, numbers, module=__name__)


# Numba caches compiled code by these types, so they must be found here under their own names.
# Coercer and target share a type, so that one kernel serves both.
WeightNumbers = _twin("WeightNumbers", coefficients.Coercer)
ChoiceNumbers = _twin("ChoiceNumbers", coefficients.Choice)
GoingOnNumbers = _twin("GoingOnNumbers", coefficients.GoingOn)
AssaultNumbers = _twin("AssaultNumbers", coefficients.Assault)
ExitNumbers = _twin("ExitNumbers", coefficients.Exit)
TermsNumbers = _twin("TermsNumbers", coefficients.Terms)
ReactingNumbers = _twin("ReactingNumbers", coefficients.Reacting)
PerceptionNumbers = _twin("PerceptionNumbers", coefficients.Perception)
FeelingNumbers = _twin("FeelingNumbers", coefficients.Feeling)
ConductNumbers = _twin("ConductNumbers", coefficients.Conduct)
AdjustmentNumbers = _twin("AdjustmentNumbers", coefficients.Adjustment)
ChanceNumbers = _twin("ChanceNumbers", coefficients.Chance)
WorldNumbers = _twin("WorldNumbers", crisis.World)
KeptNumbers = _twin("KeptNumbers", crisis.Kept)
ClocksNumbers = _twin("ClocksNumbers", crisis.Clocks)
DecisiveNumbers = _twin("DecisiveNumbers", crisis.Decisive)
BeliefNumbers = _twin("BeliefNumbers", crisis.Belief)
FogNumbers = _twin("FogNumbers", crisis.Fog)
PrincipalNumbers = _twin("PrincipalNumbers", Principal)
ReactionNumbers = _twin("ReactionNumbers", Reaction)


class SignalNumbers(NamedTuple):
    """What the utilities of principals look at in a signal.

    concession is the vocabulary's, conceded what it is as the principal sends it; relished is ∂U/∂η.
    """

    hostility: float
    concession: float
    conceded: float
    cost: float
    rung: float
    commitment: float
    deaths: float
    force: float
    public: float
    ultimatum: float
    relished: float
    prize: float
    cost_certain: float
    cost_resisted: float
    reluctance: float


class Numbers(NamedTuple):
    """All single numbers of a scenario. Field types are the twins above."""

    coercer: Any
    target: Any
    choice: Any
    going_on: Any
    assault: Any
    exit: Any
    terms: Any
    reacting: Any
    perception: Any
    feeling: Any
    conduct: Any
    adjustment: Any
    chance: Any
    world: Any
    kept: Any
    clocks: Any
    decisive: Any
    belief: Any
    me_coercer: Any
    me_target: Any


# What is looked up for the signal that a principal sent; given is how far it moves its terms.
MARKS = (
    "hostility",
    "rung",
    "kind",
    "public",
    "posture",
    "commitment",
    "force",
    "concedes",
    "given",
    "offers",
    "sets_ultimatum",
    "calls",
    "strikes",
    "outcome",
    "precedence",
)

MARK = {name: index for index, name in enumerate(MARKS)}
DECISIONS = ("", "exit", "terms", "assault", "preempt")


class Tables(NamedTuple):
    """The arrays of a scenario. Actors: coercer, target, then third parties in seat order. Signals: the ladder.

    signals:     (2, signals, numbers) as SignalNumbers
    reactions:   (signals, numbers) as ReactionNumbers
    costs:       (signals,) what sending costs a third party
    marks:       (2, marks, signals)
    yields:      (2, classes, 2) pressure and concession of the signals that share a chance that the rival gives way
    risks:       (2, classes, 2) hostility, and 1 if an ultimatum alerts, of the signals that share a risk of war
    classes:     (2, 2) how many there are of either
    class_of:    (2, signals, 2) which of either a signal is in
    touched:     (actors, signals, most effects of a signal) which sum of effects it adds to, then -1: place in
                 WORLD_EFFECTS of what it adds to; of what it takes from, as many further
    effects:     (2, actors, signals, most effects of a signal) how much; once more, for a friend of the coercer
    deaths:      (actors, signals) mean or certain deaths
    certain:     (signals,) 1 if the deaths are certain, 0 if drawn
    speaks:      (signals,) 1 if it counts as having spoken out
    repertoire:  (actors, signals) ordinary signals in ladder order, then -1
    forced:      (2, signals) ordinary signals outside of it that the script forces, then -1
    decisive:    (2, signals) decisive signals in ladder order, then -1
    decision:    (signals,) place in DECISIONS
    inclination: (actors, signals)
    needs:       (actors, signals, most needs of a signal) row of the quantity needed, -1 for none
    least:       (signals, most needs of a signal) what it must be above
    fogs:        (2, switches) as FogNumbers
    no_fog:      (2, switches) all 0
    temperatures: (actors,)
    stances:     (actors,) at rest; 0 of principals
    seats:       (actors,)
    in_seat_order: (actors,) actors by seat
    kept:        (FADING,) share kept each day
    rests:       (FADING,) value decayed to
    script:      (entries, 4) day, actor, signal, 1 if only where it can be sent; by day, then by seat
    """

    signals: Floats
    reactions: Floats
    costs: Floats
    marks: Floats
    yields: Floats
    risks: Floats
    classes: Ints
    class_of: Ints
    touched: Ints
    effects: Floats
    deaths: Floats
    certain: Floats
    speaks: Floats
    repertoire: Ints
    forced: Ints
    decisive: Ints
    decision: Ints
    inclination: Floats
    needs: Ints
    least: Floats
    fogs: Floats
    no_fog: Floats
    temperatures: Floats
    stances: Floats
    seats: Ints
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
        frozen(WeightNumbers, k.coercer),
        frozen(WeightNumbers, k.target),
        frozen(ChoiceNumbers, k.choice),
        frozen(GoingOnNumbers, k.going_on),
        frozen(AssaultNumbers, k.assault),
        frozen(ExitNumbers, k.exit),
        frozen(TermsNumbers, k.terms),
        frozen(ReactingNumbers, k.reacting),
        frozen(PerceptionNumbers, k.perception),
        frozen(FeelingNumbers, k.feeling),
        frozen(ConductNumbers, k.conduct),
        frozen(AdjustmentNumbers, k.adjustment),
        frozen(ChanceNumbers, k.chance),
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
    principals = names[:2]
    signals = [scenario.signals[name] for name in ladder]
    place = {name: index for index, name in enumerate(ladder)}
    as_sent = [[_as_sent(scenario, role, s) for s in signals] for role in (0, 1)]
    ordinary = [[place[s] for s in scenario.repertoire(a)] for a in names]
    forced = [_forced(scenario, a) for a in principals]
    classes = [_classes(scenario, role, as_sent[role], ordinary[role] + forced[role]) for role in (0, 1)]
    sending = np.array([[scenario.actors[a].role in s.senders for s in signals] for a in names])
    touched, effects = _effects(scenario, names, signals, sending)
    needs, least = _needs(scenario, names, signals, rows)
    return Tables(
        signals=np.array(as_sent),
        reactions=np.array([frozen(ReactionNumbers, s.reaction) for s in signals]),
        costs=np.array([s.cost for s in signals]),
        marks=np.array([[_marks(scenario, role, s) for s in signals] for role in (0, 1)])
        .transpose(0, 2, 1)
        .copy(),
        yields=_stacked([found.yields for found in classes]),
        risks=_stacked([found.risks for found in classes]),
        classes=np.array([[len(found.yields), len(found.risks)] for found in classes]),
        class_of=np.array([found.of for found in classes]),
        touched=touched,
        effects=effects,
        deaths=np.array(
            [[s.deaths if sends else 0.0 for s, sends in zip(signals, row, strict=True)] for row in sending]
        ),
        certain=np.array([float(bool(s.decisive)) for s in signals]),
        speaks=np.array([float(s.speaks) for s in signals]),
        repertoire=np.array([_padded(own, len(ladder)) for own in ordinary]),
        forced=np.array([_padded(own, len(ladder)) for own in forced]),
        decisive=np.array(
            [_padded([place[s] for s in scenario.repertoire(a, True)], len(ladder)) for a in principals]
        ),
        decision=np.array([DECISIONS.index(s.decisive) for s in signals]),
        inclination=np.array([[scenario.actors[a].inclination.get(s, 0.0) for s in ladder] for a in names]),
        needs=needs,
        least=least,
        fogs=np.array(
            [frozen(FogNumbers, scenario.fog_of("coercer")), frozen(FogNumbers, scenario.fog_of("target"))]
        ),
        no_fog=np.zeros((2, len(FogNumbers._fields))),
        temperatures=np.array([scenario.actors[a].temperature for a in names]),
        stances=np.array([0.0, 0.0, *(scenario.third_party(a).stance for a in names[2:])]),
        seats=np.array([scenario.actors[a].seat for a in names]),
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


def _stacked(tables_: list[list[tuple[float, float]]]) -> Floats:
    """Tables of one width and any length as one array, filled up with zeros."""
    stacked = np.zeros((len(tables_), max(map(len, tables_)), 2))
    for index, each in enumerate(tables_):
        stacked[index, : len(each)] = each
    return stacked


def _forced(scenario: Scenario, name: str) -> list[int]:
    """Ordinary signals that only the script makes a principal send."""
    scripted = {entry.signal for entry in scenario.script if entry.actor == name}
    others = scripted - {*scenario.repertoire(name)}
    return [
        place
        for place, signal in enumerate(scenario.ladder)
        if signal in others and not scenario.signals[signal].decisive
    ]


def _probing(scenario: Scenario, role: int, signal: Signal) -> tuple[float, float]:
    """Pressure and concession of a signal as a principal sends it."""
    if role == 0 and signal.kind is Kind.PRIVATE:
        outreach = scenario.world.outreach
        return choose.probing_pressure(signal.pressure, outreach), choose.probing_concession(
            signal.concession, outreach
        )
    return signal.pressure, signal.concession


def _as_sent(scenario: Scenario, role: int, signal: Signal) -> SignalNumbers:
    _, conceded = _probing(scenario, role, signal)
    choice = scenario.coefficients.choice
    return SignalNumbers(
        hostility=signal.hostility,
        concession=signal.concession,
        conceded=conceded,
        cost=signal.cost,
        rung=float(signal.rung),
        commitment=signal.commitment,
        deaths=signal.deaths,
        force=float(signal.force),
        public=float(signal.kind is not Kind.PRIVATE),
        ultimatum=float(signal.opens == "ultimatum"),
        relished=choose.relish(choice, signal.hostility, signal.concession, signal.kind),
        prize=signal.prize,
        cost_certain=signal.cost_certain,
        cost_resisted=signal.cost_resisted,
        reluctance=signal.reluctance,
    )


class _Classes(NamedTuple):
    """Signals of a principal that share a chance that the rival gives way, or a risk of war."""

    yields: list[tuple[float, float]]
    risks: list[tuple[float, float]]
    of: list[list[int]]


def _classes(scenario: Scenario, role: int, as_sent: list[SignalNumbers], weighed: list[int]) -> _Classes:
    alerting = (scenario.coefficients.coercer, scenario.coefficients.target)[role].risk_ultimatum != 0.0
    yields: dict[tuple[float, float], int] = {}
    risks: dict[tuple[float, float], int] = {}
    of = [[0, 0] for _ in as_sent]
    for place in weighed:
        signal, sent = scenario.signals[scenario.ladder[place]], as_sent[place]
        pressure, _ = _probing(scenario, role, signal)
        heat = max(sent.hostility, 0.0)
        of[place] = [
            yields.setdefault((pressure, sent.conceded), len(yields)),
            risks.setdefault((heat, float(alerting and sent.conceded == 0.0)), len(risks)),
        ]
    return _Classes(list(yields), list(risks), of)


def _marks(scenario: Scenario, role: int, signal: Signal) -> list[float]:
    _, conceded = _probing(scenario, role, signal)
    public = signal.kind is not Kind.PRIVATE
    marks = {
        "hostility": signal.hostility,
        "rung": signal.rung,
        "kind": signal.kind,
        "public": public,
        "posture": signal.posture,
        "commitment": signal.commitment,
        "force": signal.force,
        "concedes": conceded > 0.0,
        "given": act.conceded(scenario.coefficients.terms, conceded, public),
        "offers": signal.opens == "offer",
        "sets_ultimatum": signal.opens == "ultimatum",
        "calls": signal.contact > 0.0,
        "strikes": signal.deaths > 0.0 and not signal.decisive,
        "outcome": Outcome[signal.ends] if signal.ends else 0,
        "precedence": signal.precedence,
    }
    return [float(marks[name]) for name in MARKS]


def _effects(
    scenario: Scenario, names: tuple[str, ...], signals: list[Signal], sending: NDArray[np.bool_]
) -> tuple[Ints, Floats]:
    """What each signal of each actor adds to which sum of effects: the places, and how much."""
    found = np.array(
        [
            [[[_effect(scenario, a, q, s, friend) for q in WORLD_EFFECTS] for s in signals] for a in names]
            for friend in (False, True)
        ]
    )
    both_ways = np.concatenate([np.maximum(found, 0.0), np.maximum(-found, 0.0)], axis=3)
    does = (both_ways != 0.0).any(axis=0) & sending[:, :, None]
    width = does.sum(axis=2).max() + 1
    touched = np.full((*does.shape[:2], width), -1)
    effects = np.zeros((2, *touched.shape))
    for actor, signal in np.ndindex(*does.shape[:2]):
        here = np.flatnonzero(does[actor, signal])
        touched[actor, signal, : len(here)] = here
        effects[:, actor, signal, : len(here)] = both_ways[:, actor, signal, here]
    return touched, effects


def _effect(scenario: Scenario, name: str, quantity: str, signal: Signal, friend: bool) -> float:
    added = float(getattr(signal, quantity))
    role = scenario.actors[name].role
    if quantity in ("hardship", "tempo"):
        return added
    if role == "coercer" and quantity == "opposition":
        return 0.0
    if role != "third":
        return added
    me, k = scenario.third_party(name), scenario.coefficients.reacting
    if friend and signal.sided and quantity == "opposition":
        return 0.0
    if friend and signal.sided and quantity == "backing":
        return me.voice * (signal.backing + signal.opposition)
    scale = {"access": me.access, "support": me.arms, "contact": me.voice * k.contact}
    return scale.get(quantity, me.voice) * added


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
