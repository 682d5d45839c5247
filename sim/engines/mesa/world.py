"""What all actors share: the state of the world and its clocks, changed once a day by what was sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.rules import act
from sim.scenario.scenario import Scenario
from sim.schema.signals import FADING, RESTING
from sim.schema.world import World as FirstDay

if TYPE_CHECKING:
    from sim.engines.mesa.actor import Actor


@dataclass
class World:
    """The state of the world; quantities as in ``[world]``, clocks in days left."""

    contact: float
    framework: float
    trust: float
    progress: float
    sanctions: float
    opposition: float
    backing: float
    support: float
    hardship: float
    deaths: float
    tempo: float
    level: float
    offer: float = 0.0
    ultimatum: float = 0.0
    called: float = 0.0
    coercer_conceded: float = 0.0
    target_conceded: float = 0.0
    bluff: bool = False

    @classmethod
    def on(cls, day_0: FirstDay) -> World:
        """The world of day 0."""
        return cls(
            **{name: getattr(day_0, name) for name in (*FADING, "hardship", "deaths", "tempo", "level")}
        )

    @property
    def talks(self) -> bool:
        """Whether both principals conceded something of late."""
        return self.coercer_conceded > 0.0 and self.target_conceded > 0.0

    def receive(self, scenario: Scenario, actors: list[Actor], killed: float) -> None:
        """Add what all actors sent today, in seat order, then let it fade."""
        kept, day_0 = scenario.kept, scenario.world
        self._wind_clocks(scenario, actors)
        for name in FADING:
            added = 0.0
            for actor in actors:
                added += actor.effect(name)
            rest = getattr(day_0, name) if name in RESTING else 0.0
            setattr(self, name, act.moved(getattr(self, name), added, getattr(kept, name), rest))
        hardship, strikes = 0.0, 0.0
        for actor in actors:
            hardship += actor.sent.hardship
            strikes += actor.sent.tempo
        self.hardship = act.accumulated(self.hardship, hardship)
        self.deaths = act.accumulated(self.deaths, killed)
        self.tempo = act.paced(self.tempo, strikes, kept.tempo, scenario.coefficients.conduct.tempo_cap)

    def _wind_clocks(self, scenario: Scenario, actors: list[Actor]) -> None:
        clocks = scenario.clocks
        coercer = next(actor for actor in actors if actor.role == "coercer")
        target = next(actor for actor in actors if actor.role == "target")
        conceded_c, conceded_t = coercer.conceded > 0.0, target.conceded > 0.0
        self.coercer_conceded = act.wound(self.coercer_conceded, conceded_c, float(clocks.concession))
        self.target_conceded = act.wound(self.target_conceded, conceded_t, float(clocks.concession))
        self.offer = act.wound(self.offer, coercer.sent.opens == "offer", float(clocks.offer))
        self.ultimatum, self.called, self.bluff = act.ultimatum_clocks(
            self.ultimatum,
            self.called,
            coercer.sent.opens == "ultimatum",
            conceded_t,
            coercer.sent.force,
            float(clocks.ultimatum),
            float(clocks.called),
        )
