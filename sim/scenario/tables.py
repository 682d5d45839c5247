"""The tables of a scenario: everything that a study of one crisis assumes, checked and frozen, and how to look it up."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import Field

from sim.errors import ScenarioError
from sim.schema.actors import AnyActor, Principal, ThirdParty
from sim.schema.claims import MOST_ARMS, Arm, Claim, Name
from sim.schema.coefficients import Coefficients
from sim.schema.fields import LINES, Assumption, Table, table, text
from sim.schema.outcomes import OutcomeWords
from sim.schema.plans import Scripted, StudyPlan, SweepPlan
from sim.schema.signals import Signal, ladder
from sim.schema.world import Belief, Clocks, Decisive, Fog, Kept, World


class ScenarioTables(Table):
    """A crisis and the plan to study it, as tables."""

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
    outcomes: dict[Name, OutcomeWords] = Field(
        default_factory=dict,
        description="what outcomes are called here; left out, as the signals that bring them about",
    )
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
    changed: dict[str, Any] = Field(
        default_factory=dict,
        description="what a value was before it was changed, by dotted key; None: not there",
    )

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
        unsaid = {"name", "changed"} if self.outcomes else {"name", "changed", "outcomes"}
        return self.model_dump(mode="json", by_alias=True, exclude=unsaid, exclude_none=True)

    def digest(self) -> str:
        """SHA-256 of the scenario as plain JSON with sorted keys, but for how it is studied (runs, days, seed, sweep)."""
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
