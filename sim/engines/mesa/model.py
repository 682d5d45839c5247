"""One crisis as a Mesa model: six phases a day, stepped by hand or to the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import mesa

from sim.engines.mesa.actor import NO_FOG, Actor
from sim.engines.mesa.agents import STANDARD, Coercer, PrincipalAgent, Target
from sim.engines.mesa.luck import Luck
from sim.engines.mesa.own_actors import OwnActors, check
from sim.engines.mesa.world import World
from sim.rules import act, chance, draws, end
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import Outcome


class CrisisModel(mesa.Model):  # type: ignore[misc]  # mesa is not typed
    """Run number ``run`` of a scenario, watched day by day.

    ``actors`` puts agents of your own in place of the standard ones: ``{"caracas": MyTarget}`` with a
    subclass of the standard agent. Without them, the run is bit for bit the one of the batch engine.
    ``forks`` are (day, branch) in order: from that day on, its luck is that of that branch (0 is the run's own);
    if ``lifted`` is given, all fog lifts in the evening of that day. ``model.crisis`` is the scenario: Mesa gives the
    name ``model.scenario`` another meaning from 3.5 on.
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
        self.incident = self.leak = self.limited_force = False
        self.peak_level = scenario.world.level
        self.world = World.on(scenario.world)
        self.hazard = 0.0
        self.script = {(entry.day, entry.actor): entry for entry in scenario.script}
        self._seat_actors(actors or {})
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "day": lambda m: m.day,
                "level": lambda m: m.level,
                "outcome": lambda m: m.outcome.name,
                "deaths": lambda m: m.world.deaths,
                "incident": lambda m: m.incident,
            },
            agent_reporters={"actor": "name", "signal": "signal", "belief": "belief"},
        )

    def _seat_actors(self, own: OwnActors) -> None:
        check(self.crisis, own)
        self.actors: dict[str, Actor] = {}
        for name in self.crisis.seats:
            kind = own.get(name, STANDARD[self.crisis.actors[name].role])
            self.actors[name] = kind(self, name)
        self.coercer = cast(Coercer, self.actors[self.crisis.coercer])
        self.target = cast(Target, self.actors[self.crisis.target])
        for actor in self.actors.values():
            actor.first_belief()

    @property
    def level(self) -> float:
        """The escalation level as it is read: 10 after a war, 0 after an exit or a settlement."""
        ended = (
            self.outcome if self.outcome not in (Outcome.standoff, Outcome.deescalation) else Outcome.standoff
        )
        return end.level_after(self.world.level, ended)

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
            for actor in self.actors.values():
                actor.fog = NO_FOG
        self.agents.do("perceive")
        for principal in self.principals:
            principal.adjust()
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
        return end.war_chance(self.coercer.chance, self.target.chance, target.war, first)

    def _give_precedence(self) -> None:
        """Of two decisive acts of one day the one of lower precedence number stands; the other is not carried out."""
        first, second = sorted(self.principals, key=lambda p: p.sent.precedence if p.sent.decisive else 1000)
        if first.sent.decisive and second.sent.decisive:
            second.signal = "hold"

    def _act(self) -> None:
        actors = list(self.actors.values())
        killed = 0.0
        for actor in actors:
            killed += self._killed_by(actor)
        self.world.receive(self.crisis, actors, killed)
        for principal in self.principals:
            principal.send()
        if self.world.bluff:
            self.coercer.commitment *= self.crisis.coefficients.conduct.bluff_commitment
        rung = float(max(principal.sent.rung for principal in self.principals))
        self.world.level = act.escalated(self.world.level, rung, self.crisis.kept.level)
        self.limited_force |= any(principal.sent.force for principal in self.principals)

    def _killed_by(self, actor: Actor) -> float:
        sent = actor.sent
        if sent.decisive or not sent.deaths:
            return sent.deaths
        draw, _ = self.luck.uniforms(self.day, actor.seat, draws.DEATHS)
        return draws.poisson(sent.deaths, draw)

    def _chance(self) -> None:
        world, setting, k = self.world, self.crisis.world, self.crisis.coefficients.chance
        settle, collide = self.luck.uniforms(self.day, draws.NOBODY, draws.TALKS)
        lose, leak = self.luck.uniforms(self.day, draws.NOBODY, draws.CONTROL)
        posture, rival = self.coercer.posture, self.target.posture
        settlement = chance.settlement_chance(setting.settlement_rate, world.progress)
        control = chance.control_chance(k, setting.loss_of_control, world.level)
        self.settled = settle < settlement
        self.incident = collide < chance.incident_chance(
            k, setting.incident_rate, posture, rival, world.tempo
        )
        decided = any(principal.sent.decisive for principal in self.principals)
        self.hazard += 0.0 if decided else end.control_lost_chance(settlement, control)
        self.lost = lose < control
        self.leak = leak < setting.leak_rate

    def _end(self) -> None:
        decisive = next((p for p in self.principals if p.sent.decisive), None)
        code = Outcome[decisive.sent.ends] if decisive else Outcome.standoff
        self.outcome = Outcome(int(end.outcome_today(code, self.settled, self.lost)))
        self.ended_by = decisive.name if decisive else ""
        if self.outcome is Outcome.loss_of_control:
            k = self.crisis.coefficients.chance
            self.world.deaths = act.accumulated(self.world.deaths, k.control_deaths)
            self.world.hardship = act.accumulated(self.world.hardship, k.control_hardship)
        self.peak_level = max(self.peak_level, self.level)
        if self.outcome is not Outcome.standoff:
            self.running = False
        elif self.day + 1 >= self.days:
            self.running = False
            if self.world.level < self.crisis.coefficients.ending.deescalation_level:
                self.outcome = Outcome.deescalation

    def state(self) -> dict[str, Any]:
        """Everything that the next day depends on, and what was sent today, by name."""
        ladder = self.crisis.ladder
        state: dict[str, Any] = {name: float(value) for name, value in vars(self.world).items()}
        for actor in self.actors.values():
            state[f"signal.{actor.name}"] = float(ladder.index(actor.signal))
            state[f"belief.{actor.name}"] = actor.belief
            state[f"variance.{actor.name}"] = actor.variance
        for principal in self.principals:
            for name in ("resolve", "own_level", "posture", "commitment", "inconsistency", "last_hostility"):
                state[f"{name}.{principal.role}"] = getattr(principal, name)
        state["incident"], state["leak"] = float(self.incident), float(self.leak)
        return state
