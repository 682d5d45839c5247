"""The actors of a crisis as Mesa agents. Subclass one and override ``choose`` to play its part yourself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.engines.mesa.actor import Actor, Utilities
from sim.engines.mesa.principal import PrincipalAgent
from sim.rules import act, choose, draws
from sim.schema.actors import ThirdParty
from sim.schema.signals import Kind, Signal

if TYPE_CHECKING:
    from sim.engines.mesa.model import CrisisModel


class Coercer(PrincipalAgent):
    """The principal that presses."""

    role = "coercer"

    def __init__(self, model: CrisisModel, name: str) -> None:
        super().__init__(model, name)
        self.weights = model.crisis.coefficients.coercer

    @property
    def rival(self) -> PrincipalAgent:
        return self.model.target

    @property
    def share(self) -> float:
        return self.model.world.tender

    def concession_of(self, signal: Signal) -> float:
        outreach = self.model.crisis.world.outreach
        private = signal.kind is Kind.PRIVATE
        return choose.probing_concession(signal.concession, outreach) if private else signal.concession

    def pressure_of(self, signal: Signal) -> float:
        outreach = self.model.crisis.world.outreach
        private = signal.kind is Kind.PRIVATE
        return choose.probing_pressure(signal.pressure, outreach) if private else signal.pressure

    def effect(self, quantity: str) -> float:
        return 0.0 if quantity == "opposition" else super().effect(quantity)


class Target(PrincipalAgent):
    """The principal that is pressed."""

    role = "target"

    def __init__(self, model: CrisisModel, name: str) -> None:
        super().__init__(model, name)
        self.weights = model.crisis.coefficients.target

    @property
    def rival(self) -> PrincipalAgent:
        return self.model.coercer

    @property
    def share(self) -> float:
        return 1.0 - self.model.world.demand


class ThirdPartyAgent(Actor):
    """A state that watches, speaks, carries messages, and holds what the principals need."""

    role = "third"
    traits: ThirdParty

    def __init__(self, model: CrisisModel, name: str) -> None:
        super().__init__(model, name)
        self.stance = self.traits.stance

    def choose(self) -> str:
        draw, _ = self.model.luck.uniforms(self.model.day, self.seat, draws.CHOOSE)
        return self.logit(self.ordinary_utilities(), draw)

    def ordinary_utilities(self) -> Utilities:
        """Utility of each signal that can be sent today, in ladder order."""
        model, me, k = self.model, self.traits, self.model.crisis.coefficients.reacting
        world, fear = model.world, model.target.fear
        aggrieved = choose.grievance(self.stance, model.coercer.last_hostility, model.target.last_hostility)
        return {
            name: choose.third_party_utility(
                k, signal.reaction, signal.cost, me.inclination.get(name, 0.0), self.stance, aggrieved, world.spoke,
                world.tension, fear,
            )
            for name, signal in self.possible(self.repertoire).items()
        }  # fmt: skip

    def effect(self, quantity: str) -> float:
        me, k, sent = self.traits, self.model.crisis.coefficients.reacting, self.sent
        siding = sent.sided and self.stance > 0.0
        if quantity == "opposition" and siding:
            return 0.0
        if quantity == "backing" and siding:
            return me.voice * (sent.backing + sent.opposition)
        scale = {"access": me.access, "support": me.arms, "contact": me.voice * k.contact}
        return scale.get(quantity, me.voice) * super().effect(quantity)

    def turn(self, by_coercer: bool, by_target: bool) -> None:
        """Turn away from who killed today."""
        k, kept = self.model.crisis.coefficients.conduct, self.model.crisis.kept.stance
        self.stance = act.turned(k, self.stance, by_coercer, by_target, kept, self.traits.stance)


STANDARD: dict[str, type[Actor]] = {"coercer": Coercer, "target": Target, "third": ThirdPartyAgent}
