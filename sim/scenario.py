"""A scenario: everything that a study of one crisis assumes, checked and frozen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import Field

from sim.actors import AnyActor, Principal, ThirdParty
from sim.claim import MOST_ARMS, Arm, Claim, Name
from sim.coefficients import Coefficients
from sim.crisis import Belief, Clocks, Decisive, Fog, Kept, World
from sim.errors import ScenarioError
from sim.schema import ASSUMPTION, LINES, Table, table, text, whole
from sim.shown import shown
from sim.signals import NEEDS, OWN, Role, Signal, ladder
from sim.sweep_plan import SweepPlan

MOST_THIRD_PARTIES = 14
MOST_DAYS = 3650
MOST_RUNS = 10**12
DEATHS_DRAWN_MOST = 50.0


class StudyPlan(Table):
    """How often and how long a scenario is run, unless the command says otherwise."""

    runs: int = whole(10_000, 1, MOST_RUNS, "runs", "number of runs")
    days: int = whole(90, 1, MOST_DAYS, "days", "horizon")
    seed: int = whole(1, 0, 2**63 - 1, "seed", "seed of all luck")
    kind: Literal["plain", "twins"] = Field(
        "plain", description="twins: each run is laid beside its clear-sighted twin, as with --twins"
    )


class Scripted(Table):
    """One act that is forced, whatever the actor would have chosen, ``forbid`` or not."""

    day: int = Field(ge=0, le=MOST_DAYS - 1, description="day, from 0")
    actor: str = Field(description="name of the actor")
    signal: str = Field(description="name of the signal")
    if_possible: bool = Field(
        False,
        description="leave the actor its own choice where the signal's needs are not met, instead of refusing",
    )


class Assumption(Table):
    """A number of the register: what is assumed, within what range, on what ground."""

    value: float
    low: float
    high: float
    source: str = text(ASSUMPTION, "on what ground")


class Scenario(Table):
    """A crisis and the plan to study it. Made by :func:`sim.load`; never changed in place."""

    name: str = "scenario"
    title: str = text("", "one line that says what is played")
    description: str = Field("", max_length=8000, pattern=LINES, description="the situation, in words")
    start: date | None = Field(None, description="calendar date of day 0, for labels only")
    study: StudyPlan = table()
    world: World = table()
    kept: Kept = table()
    clocks: Clocks = table()
    decisive: Decisive = table()
    belief: Belief = table()
    fog: Fog = table()
    coefficients: Coefficients = table()
    signals: dict[Name, Signal]
    actors: dict[Name, AnyActor]
    script: tuple[Scripted, ...] = Field((), strict=False, description="acts that are forced")
    rates: dict[str, dict[str, Annotated[float, Field(ge=0, le=1)]]] = Field(
        default_factory=dict,
        description="share of days on which each actor sends each signal, that inclinations were solved for",
    )
    arms: tuple[Arm, ...] = Field(
        (), max_length=MOST_ARMS, strict=False, description="variants to be compared under the same luck"
    )
    claim: Claim | None = Field(None, description="what is claimed of the arms")
    sweep: SweepPlan = table()
    assumptions: dict[str, Assumption] = Field(default_factory=dict)

    @property
    def ladder(self) -> tuple[str, ...]:
        """Names of the signals, from most conciliatory to most hostile."""
        return ladder(self.signals)

    @property
    def seats(self) -> tuple[str, ...]:
        """Names of the actors in seat order."""
        return tuple(sorted(self.actors, key=lambda name: self.actors[name].seat))

    @property
    def coercer(self) -> str:
        """Name of the coercer."""
        return next(name for name, actor in self.actors.items() if actor.role == "coercer")

    @property
    def target(self) -> str:
        """Name of the target."""
        return next(name for name, actor in self.actors.items() if actor.role == "target")

    @property
    def third_parties(self) -> tuple[str, ...]:
        """Names of the third parties in seat order."""
        return tuple(name for name in self.seats if self.actors[name].role == "third")

    def principal(self, role: Literal["coercer", "target"]) -> Principal:
        """The coercer or the target."""
        actor = self.actors[self.coercer if role == "coercer" else self.target]
        assert isinstance(actor, Principal)
        return actor

    def third_party(self, name: str) -> ThirdParty:
        """A third party by its name."""
        actor = self.actors[name]
        assert isinstance(actor, ThirdParty)
        return actor

    def fog_of(self, role: Literal["coercer", "target"]) -> Fog:
        """The fog that a principal sees through: its own switches, else the scenario's."""
        own = self.principal(role).fog.model_dump(exclude_none=True)
        return self.fog.model_copy(update=own)

    def label(self, name: str) -> str:
        """The name of an actor or a signal, for people."""
        titled = self.actors.get(name) or self.signals.get(name)
        return (titled.title if titled else "") or name.replace("_", " ").title()

    def repertoire(self, name: str, decisive: bool = False) -> tuple[str, ...]:
        """Ordinary (or decisive) signals that an actor may choose, in ladder order."""
        actor = self.actors[name]
        return tuple(
            signal
            for signal in self.ladder
            if actor.role in self.signals[signal].senders
            and bool(self.signals[signal].decisive) is decisive
            and (decisive or not actor.sends or signal in (*actor.sends, "hold"))
            and signal not in actor.forbid
        )

    def cannot_send(
        self, day: int, actor: str, signal: str, quantity: str, value: float, run: int
    ) -> ScenarioError:
        """The error that a forced signal whose need is not met raises, from either engine."""
        least = self.signals[signal].needs[quantity]
        return ScenarioError(
            [
                f"{self.name}: on day {day}, {actor} cannot send {signal}: it needs {quantity} above {least:g}, "
                f"which is {value:.3g} (run {run})"
            ]
        )

    def document(self) -> dict[str, Any]:
        """All numbers and texts as plain tables, defaults included; what the scenario is hashed by."""
        return self.model_dump(mode="json", by_alias=True, exclude={"name"}, exclude_none=True)

    def digest(self) -> str:
        """SHA-256 of the scenario as plain JSON with sorted keys, but for how it is studied (runs, days, seed, sweep)."""
        import hashlib
        import json

        document = self.document()
        for how in ("study", "sweep"):
            del document[how]
        canonical = json.dumps(document, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    @property
    def contrasts(self) -> tuple[tuple[str, str], ...]:
        """Pairs of arms, from and to, that the claim is about: its own, or else the first two arms."""
        names = [arm.name for arm in self.arms]
        own = self.claim.contrasts if self.claim else ()
        return own or tuple(pairwise(names[:2]))

    def arm(self, name: str) -> Scenario:
        """The scenario of one arm: what the arm sets laid over it, without arms and claim.

        Raises ScenarioError if there is no such arm.
        """
        from sim.scenario_file import armed

        found = next((arm for arm in self.arms if arm.name == name), None)
        if found is None:
            known = [arm.name for arm in self.arms]
            raise ScenarioError([f"{self.name}: there is no arm {shown(name)}{suggestion(name, known)}"])
        return armed(self, found)

    def replace(self, overrides: Mapping[str, Any]) -> Scenario:
        """A new scenario with other values, by dotted key: ``{"actors.caracas.resolve": 0.7}``.

        Raises ScenarioError with every mistake at once.
        """
        from sim.scenario_file import replaced

        return replaced(self, overrides)


def contradictions(scenario: Scenario) -> Iterator[tuple[str, str]]:
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
    if "hold" not in scenario.signals:
        yield "signals", "has no hold; every actor must be able to do nothing"
    yield from _script_contradictions(scenario)
    yield from _rate_contradictions(scenario)
    yield from _arm_contradictions(scenario)
    yield from _claim_contradictions(scenario)
    if scenario.sweep != SweepPlan():
        from sim.vary import plan_mistakes

        yield from plan_mistakes(scenario, scenario.sweep)


def _seat_clashes(scenario: Scenario) -> Iterator[tuple[str, str]]:
    taken: dict[int, str] = {}
    for name, actor in scenario.actors.items():
        if actor.seat in taken:
            yield (
                f"actors.{name}.seat",
                f"is {actor.seat}, which {taken[actor.seat]} has; each actor needs a seat of its own",
            )
        taken.setdefault(actor.seat, name)


def _actor_contradictions(scenario: Scenario, name: str) -> Iterator[tuple[str, str]]:
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


def _sends(scenario: Scenario, key: str, role: Role, signal: str) -> Iterator[tuple[str, str]]:
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


def _script_contradictions(scenario: Scenario) -> Iterator[tuple[str, str]]:
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


def _rate_contradictions(scenario: Scenario) -> Iterator[tuple[str, str]]:
    for name, rates in scenario.rates.items():
        if name not in scenario.actors:
            yield f"rates.{name}", f"names an actor that does not exist{suggestion(name, scenario.actors)}"
            continue
        for signal in rates:
            yield from _sends(scenario, f"rates.{name}.{signal}", scenario.actors[name].role, signal)


def _arm_contradictions(scenario: Scenario) -> Iterator[tuple[str, str]]:
    names = [arm.name for arm in scenario.arms]
    if len(names) == 1:
        yield "arms", "has one arm; there must be at least two to compare, or none"
    for index, arm in enumerate(scenario.arms):
        if arm.name in names[:index]:
            yield f"arms[{index}].name", f'is "{arm.name}", which arms[{names.index(arm.name)}] has'
    bare = [index for index, arm in enumerate(scenario.arms) if not arm.set]
    for index in bare[1:]:
        yield f"arms[{index}]", f"sets nothing, as arms[{bare[0]}] does; it would be the same again"


def _claim_contradictions(scenario: Scenario) -> Iterator[tuple[str, str]]:
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
    if claim.sweep and any(b <= a for a, b in pairwise(claim.sweep.values)):
        yield "claim.sweep.values", "must rise from one to the next"


def suggestion(word: str, known: Any) -> str:
    """'; did you mean "…"?' for a close match, else nothing."""
    from difflib import get_close_matches

    close = get_close_matches(str(word), [str(k) for k in known], n=1, cutoff=0.6)
    return f'; did you mean "{close[0]}"?' if close else ""
