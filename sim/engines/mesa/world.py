"""What all actors share: the state of the world and its clocks, changed once a day by what was sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from sim.rules import act
from sim.scenario.scenario import Scenario
from sim.schema.signals import FADING, RESTING, Kind
from sim.schema.world import World as FirstDay

if TYPE_CHECKING:
    from sim.engines.mesa.actor import Actor
    from sim.engines.mesa.principal import PrincipalAgent


@dataclass
class World:
    """The state of the world; quantities as in ``[world]``, clocks in days left."""

    contact: float
    framework: float
    sanctions: float
    opposition: float
    backing: float
    support: float
    access: float
    mediation: float
    guarantee: float
    asylum: float
    hardship: float
    deaths: float
    tempo: float
    tension: float
    level: float
    demand: float
    tender: float
    offer: float = 0.0
    ultimatum: float = 0.0
    called: float = 0.0
    spoke: float = 0.0
    bluff: bool = False

    @classmethod
    def on(cls, day_0: FirstDay) -> World:
        """The world of day 0."""
        more = ("hardship", "deaths", "tempo", "tension", "level", "demand", "tender")
        return cls(**{name: getattr(day_0, name) for name in (*FADING, *more)})

    def quantity(self, name: str) -> float:
        """A quantity that a signal may need; carried messages count as contact."""
        return max(self.contact, self.mediation) if name == "contact" else float(getattr(self, name))

    def receive(self, scenario: Scenario, actors: list[Actor], killed: float) -> None:
        """Add what all actors sent today, in seat order, then let it return to rest."""
        kept, day_0 = scenario.kept, scenario.world
        coercer, target = principals(actors)
        self._wind_clocks(scenario, coercer, target)
        for name in FADING:
            added = taken = 0.0
            for actor in actors:
                effect = actor.effect(name)
                added += effect if effect > 0.0 else 0.0
                taken += -effect if effect < 0.0 else 0.0
            rest = getattr(day_0, name) if name in RESTING else 0.0
            setattr(self, name, act.moved(getattr(self, name), added, taken, getattr(kept, name), rest))
        hardship, strikes = 0.0, 0.0
        for actor in actors:
            hardship += actor.sent.hardship
            strikes += actor.sent.tempo
        self.hardship = act.accumulated(self.hardship, hardship)
        self.deaths = act.accumulated(self.deaths, killed)
        self.tempo = act.paced(self.tempo, strikes, kept.tempo, scenario.coefficients.conduct.tempo_cap)
        self._move_terms(scenario, coercer, target)
        third = [actor for actor in actors if actor.role == "third"]
        spoken = 0.0
        for actor in third:
            spoken += 1.0 if actor.sent.speaks else 0.0
        self.spoke = spoken / len(third) if third else 0.0

    def heat(self, scenario: Scenario, actors: list[Actor], killed: float) -> None:
        """Tension and level after what was sent today."""
        coercer, target = principals(actors)
        hostile, answered = coercer.sent.hostility, target.sent.hostility
        k, kept = scenario.coefficients.conduct, scenario.kept
        self.tension = act.heated(k, self.tension, hostile, answered, killed > 0.0, kept.tension)
        rung = float(max(coercer.sent.rung, target.sent.rung))
        self.level = act.escalated(self.level, rung, kept.level)

    def _wind_clocks(self, scenario: Scenario, coercer: PrincipalAgent, target: PrincipalAgent) -> None:
        clocks = scenario.clocks
        self.offer = act.wound(self.offer, coercer.sent.opens == "offer", float(clocks.offer))
        self.ultimatum, self.called, self.bluff = act.ultimatum_clocks(
            self.ultimatum,
            self.called,
            coercer.sent.opens == "ultimatum",
            target.conceded > 0.0,
            coercer.sent.force,
            float(clocks.ultimatum),
            float(clocks.called),
        )

    def _move_terms(self, scenario: Scenario, coercer: PrincipalAgent, target: PrincipalAgent) -> None:
        k, kept = scenario.coefficients.terms, scenario.kept.terms
        lowered, raised = (
            act.conceded(k, principal.conceded, principal.sent.kind is not Kind.PRIVATE)
            for principal in (coercer, target)
        )
        demand = act.demanded(self.demand, self.tender, lowered, kept)
        self.tender = act.tendered(self.demand, self.tender, raised, kept, demand)
        self.demand = demand


def principals(actors: list[Actor]) -> tuple[PrincipalAgent, PrincipalAgent]:
    """Coercer and target among all actors."""
    coercer = next(actor for actor in actors if actor.role == "coercer")
    target = next(actor for actor in actors if actor.role == "target")
    return cast("PrincipalAgent", coercer), cast("PrincipalAgent", target)
