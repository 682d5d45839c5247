"""One crisis as a Mesa model: six phases a day, stepped by hand or to the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import mesa

from sim.engines.mesa.actor import Actor
from sim.engines.mesa.agents import STANDARD, Coercer, Target, ThirdPartyAgent
from sim.engines.mesa.luck import Luck
from sim.engines.mesa.observer import NO_FOG
from sim.engines.mesa.own_actors import OwnActors, check
from sim.engines.mesa.principal import PrincipalAgent
from sim.engines.mesa.world import World
from sim.rules import act, chance, draws, end
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import Outcome

HIDDEN = (
    "own_level",
    "resolve",
    "appetite",
    "posture",
    "commitment",
    "credibility",
    "precedent",
    "mood",
    "fatigue",
    "inconsistency",
    "last_hostility",
    "fear",
    "belief",
    "variance",
    "appetite_belief",
    "appetite_variance",
)
"""What is so of a principal, in the order of its rows in the state."""


class CrisisModel(mesa.Model):  # type: ignore[misc]  # mesa is not typed
    """Run number ``run`` of a scenario, watched day by day.

    ``actors`` puts agents of your own in place of the standard ones: ``{"caracas": MyTarget}`` with a
    subclass of the standard agent. Without them, the run is bit for bit the one of the batch engine.
    ``forks`` are (day, branch) in order: from that day on, its luck is that of that branch (0 is the run's own);
    if ``lifted`` is given, all fog lifts in the evening of that day.
    ``model.step()`` plays a day; ``model.running`` is False after the end; ``model.outcome`` then says how
    it ended; ``model.datacollector`` has a row a day and a row an actor and day, unless ``observed`` is False.
    """

    def __init__(
        self,
        scenario: Scenario,
        seed: int | None = None,
        run: int = 0,
        days: int | None = None,
        actors: OwnActors | None = None,
        observed: bool = True,
        *,
        forks: Sequence[tuple[int, int]] = (),
        lifted: int | None = None,
    ) -> None:
        super().__init__(rng=0)  # Mesa's own random numbers are never used: luck is addressed
        self.crisis = scenario
        self.luck = Luck(scenario.study.seed if seed is None else seed, run, tuple(forks))
        self.lifted = lifted
        self.days = scenario.study.days if days is None else days
        self.day = 0
        self.observed = observed
        self.outcome = Outcome.standoff
        self.ended_by = ""
        self.share = 0.0
        self.incident = self.limited_force = False
        self.peak_level = scenario.world.level
        self.world = World.on(scenario.world)
        self.hazard = 0.0
        self.script = {(entry.day, entry.actor): entry for entry in scenario.script}
        self._seat_actors(actors or {})
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "day": lambda m: m.day,
                "level": lambda m: m.level,
                "tension": lambda m: m.world.tension,
                "outcome": lambda m: m.outcome.name,
                "deaths": lambda m: m.world.deaths,
                "incident": lambda m: m.incident,
            },
            agent_reporters={
                "actor": "name",
                "signal": "signal",
                "belief": lambda actor: getattr(actor, "belief", None),
            },
        )

    def _seat_actors(self, own: OwnActors) -> None:
        check(self.crisis, own)
        self.actors: dict[str, Actor] = {}
        for name in self.crisis.seats:
            kind = own.get(name, STANDARD[self.crisis.actors[name].role])
            self.actors[name] = kind(self, name)
        self.coercer = cast(Coercer, self.actors[self.crisis.coercer])
        self.target = cast(Target, self.actors[self.crisis.target])
        for principal in self.principals:
            principal.first_belief()

    @property
    def level(self) -> float:
        """The escalation level as it is read: 10 after a war, 0 after any other end."""
        return end.level_after(self.world.level, self.outcome)

    @property
    def principals(self) -> tuple[PrincipalAgent, PrincipalAgent]:
        """Coercer and target."""
        return self.coercer, self.target

    def step(self) -> None:
        """Play one day."""
        if not self.running:
            return
        self.agents.do("decide")
        self.hazard += self._war_chance()
        self._give_precedence()
        self._act()
        self._chance()
        if self.day == self.lifted:
            for principal in self.principals:
                principal.fog = NO_FOG
        for step in ("perceive", "fear_war", "adjust"):
            for principal in self.principals:
                getattr(principal, step)()
        self._end()
        if self.observed:
            self.datacollector.collect(self)
        self.day += 1

    def run_to_end(self) -> Outcome:
        """Step until the crisis or the horizon ends."""
        while self.running:
            self.step()
        return self.outcome

    def _war_chance(self) -> float:
        """Chance that one of the principals brings war today, as they have weighed it."""
        signals = self.crisis.signals
        coercer, target = (signals[principal.tempted] for principal in self.principals)
        first = coercer.precedence <= target.precedence
        return end.war_chance(self.coercer.chance, self.target.chance, coercer.war, target.war, first)

    def _give_precedence(self) -> None:
        """Of two decisive acts of one day the one of lower precedence number stands; the other is not carried out."""
        first, second = sorted(self.principals, key=lambda p: p.sent.precedence if p.sent.decisive else 1000)
        if first.sent.decisive and second.sent.decisive:
            second.signal = "hold"

    def _act(self) -> None:
        actors, world = list(self.actors.values()), self.world
        self._agree()
        killed = {actor.name: self._killed_by(actor) for actor in actors}
        total = 0.0
        for number in killed.values():
            total += number
        world.receive(self.crisis, actors, total)
        by_coercer, by_target = (killed[principal.name] > 0.0 for principal in self.principals)
        for actor in actors:
            if isinstance(actor, ThirdPartyAgent):
                actor.turn(by_coercer, by_target)
        for principal in self.principals:
            principal.send()
        if world.bluff:
            k = self.crisis.coefficients.conduct
            self.coercer.credibility *= k.bluff_credibility
            self.coercer.commitment *= k.bluff_commitment
        world.heat(self.crisis, actors, total)
        for principal in self.principals:
            principal.tire()
        self.limited_force |= any(principal.sent.force for principal in self.principals)

    def _agree(self) -> None:
        """The share that is agreed if somebody accepts the terms of this morning."""
        for principal in self.principals:
            if principal.sent.ends == "settlement":
                by_coercer = principal is self.coercer
                self.share = end.agreed_share(
                    Outcome.settlement, by_coercer, self.world.demand, self.world.tender
                )

    def _killed_by(self, actor: Actor) -> float:
        sent = actor.sent
        if sent.decisive or not sent.deaths:
            return sent.deaths
        draw, _ = self.luck.uniforms(self.day, actor.seat, draws.DEATHS)
        return draws.poisson(sent.deaths, draw)

    def _chance(self) -> None:
        world, setting, k = self.world, self.crisis.world, self.crisis.coefficients.chance
        collide, _ = self.luck.uniforms(self.day, draws.NOBODY, draws.INCIDENT)
        lose, fade = self.luck.uniforms(self.day, draws.NOBODY, draws.ENDING)
        force, rival = self.coercer.force, self.target.force
        control = chance.control_chance(k, setting.loss_of_control, world.tension, force, rival)
        self.incident = collide < chance.incident_chance(k, setting.incident_rate, force, rival, world.tempo)
        decided = any(principal.sent.decisive for principal in self.principals)
        self.hazard += 0.0 if decided else control
        self.lost = lose < control
        self.faded = fade < chance.fade_chance(k, setting.fade_rate, world.tension)

    def _end(self) -> None:
        decisive = next((p for p in self.principals if p.sent.decisive), None)
        code = Outcome[decisive.sent.ends] if decisive else Outcome.standoff
        self.outcome = Outcome(int(end.outcome_today(code, self.lost, self.faded)))
        self.ended_by = decisive.name if decisive else ""
        if self.outcome is Outcome.loss_of_control:
            k = self.crisis.coefficients.chance
            self.world.deaths = act.accumulated(self.world.deaths, k.control_deaths)
            self.world.hardship = act.accumulated(self.world.hardship, k.control_hardship)
        self.peak_level = max(self.peak_level, self.level)
        if self.outcome is not Outcome.standoff or self.day + 1 >= self.days:
            self.running = False

    def state(self) -> dict[str, Any]:
        """Everything that the next day depends on, and what was sent today, by name."""
        ladder = self.crisis.ladder
        state: dict[str, Any] = {name: float(value) for name, value in vars(self.world).items()}
        for actor in self.actors.values():
            state[f"signal.{actor.name}"] = float(ladder.index(actor.signal))
            if isinstance(actor, ThirdPartyAgent):
                state[f"stance.{actor.name}"] = actor.stance
        for principal in self.principals:
            for name in HIDDEN:
                state[f"{name}.{principal.role}"] = getattr(principal, name)
        state["incident"] = float(self.incident)
        return state
