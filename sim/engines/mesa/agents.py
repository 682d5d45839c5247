"""The actors of a crisis as Mesa agents. Subclass one and override ``choose`` to play its part yourself."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from sim.engines.mesa.actor import NO_FOG, Actor, Utilities
from sim.rules import act, adjust, choose, draws, perceive
from sim.schema.actors import Principal, ThirdParty
from sim.schema.signals import Kind, Signal

if TYPE_CHECKING:
    from sim.engines.mesa.model import CrisisModel


class PrincipalAgent(Actor):
    """The coercer or the target: has resolve, forces and something at stake."""

    traits: Principal
    tempted: str
    """The decisive act that is best today, and ``chance`` that it is taken; a choice not left to luck is certain."""
    chance: float

    def __init__(self, model: CrisisModel, name: str) -> None:
        super().__init__(model, name)
        z, _ = model.luck.normals(0, self.seat, draws.START)
        self.own_level = adjust.first_resolve(model.crisis.coefficients.adjustment, self.traits, z)
        self.resolve = self.own_level
        self.posture = self.traits.posture
        self.commitment = self.traits.commitment
        self.inconsistency = 0.0
        self.last_hostility = 0.0
        self.volatility_draw = 0.0

    def quantity(self, name: str) -> float:
        return float(getattr(self, name)) if name in ("posture", "commitment") else super().quantity(name)

    def decide(self) -> None:
        self.tempted, self.chance = "", 0.0
        super().decide()
        if not self.tempted:  # a script, or a choice of one's own making
            self.tempted, self.chance = self.signal, 1.0 if self.sent.decisive else 0.0

    def choose(self) -> str:
        draw, decisive_draw = self.model.luck.uniforms(self.model.day, self.seat, draws.CHOOSE)
        ordinary = self.ordinary_utilities()
        self.tempted, self.chance = self.temptation(ordinary)
        return self.tempted if decisive_draw < self.chance else self.logit(ordinary, draw)

    def temptation(self, ordinary: Utilities) -> tuple[str, float]:
        """The best decisive act and the chance that it is taken today; "hold" and 0 if none is possible."""
        decisive = self.decisive_utilities()
        if not decisive:
            return "hold", 0.0
        k, best = self.model.crisis.decisive, max(decisive, key=lambda name: decisive[name])
        return best, choose.decisive_chance(
            k.rate, decisive[best], max(ordinary.values()), 1.0 / k.temperature
        )

    def war_chance(self, truly: bool = False) -> float:
        """Chance that this actor starts a war today, as it sees its rival, or as it would if it saw ``truly``."""
        seen = self.belief, self.variance, self.fog
        if truly:
            self.belief, self.variance, self.fog = self.rival.resolve, 0.0, NO_FOG
        act, likely = self.temptation(self.ordinary_utilities())
        self.belief, self.variance, self.fog = seen
        return likely if self.model.crisis.signals[act].war else 0.0

    @abstractmethod
    def ordinary_utilities(self) -> Utilities:
        """Utility of each ordinary signal that can be sent today, in ladder order."""

    @abstractmethod
    def decisive_utilities(self) -> Utilities:
        """Utility of each decisive act that can be taken today, in ladder order."""

    @property
    def stake(self) -> float:
        """θ · stake: worth of prevailing [utility]."""
        return self.resolve * self.traits.stake

    @property
    def postures(self) -> float:
        """Forces of both sides."""
        return self.model.coercer.posture + self.model.target.posture

    def price(self, name: str, signal: Signal) -> float:
        """What a signal costs besides the risk of war [utility]."""
        inclination = self.traits.inclination.get(name, 0.0)
        echo = self.model.crisis.coefficients.shared.echo
        return choose.price(
            signal, self.traits, inclination, self.resolve, self.commitment, self.rival.last_hostility, echo
        )

    def send(self) -> None:
        """Let today's signal change its sender. The last hostility is that before today until all have acted."""
        kept, sent = self.model.crisis.kept, self.sent
        self.posture = act.deployed(self.posture, sent.posture)
        self.commitment = act.staked(self.commitment, sent.commitment, kept.commitment)
        self.inconsistency = act.contradicted(
            self.inconsistency, sent.hostility, self.last_hostility, kept.inconsistency
        )
        self.last_hostility = sent.hostility

    def reflect(self, own: float) -> None:
        self.volatility_draw = own

    def adjust(self) -> None:
        """Let resolve move overnight."""
        k, progress = self.model.crisis.coefficients.adjustment, self.model.world.progress
        self.resolve = adjust.adjusted(
            k, self.traits, self.resolve, self.own_level, self.belief, progress, self.volatility_draw
        )


class Coercer(PrincipalAgent):
    """The principal that presses."""

    role = "coercer"

    @property
    def rival(self) -> PrincipalAgent:
        return self.model.target

    def concession_of(self, signal: Signal) -> float:
        outreach = self.model.crisis.world.outreach
        private = signal.kind is Kind.PRIVATE
        return act.probing_concession(signal.concession, outreach) if private else signal.concession

    def pressure_of(self, signal: Signal) -> float:
        outreach = self.model.crisis.world.outreach
        private = signal.kind is Kind.PRIVATE
        return act.probing_pressure(signal.pressure, outreach) if private else signal.pressure

    def effect(self, quantity: str) -> float:
        return 0.0 if quantity == "opposition" else super().effect(quantity)

    def ordinary_utilities(self) -> Utilities:
        world, scenario, me = self.model.world, self.model.crisis, self.traits
        k = scenario.coefficients.coercer
        b = choose.alarm(self.belief)
        sure_yield = choose.certainty(k.yield_slope, 1.0, self.variance)
        sure_risk = choose.certainty(k.risk_slope, k.risk_belief, self.variance)
        leverage = choose.coercer_leverage(k, self.posture, world.sanctions, world.tempo, world.support)
        dread = choose.watched_dread(k, choose.bare_dread(me, self.resolve), world.opposition, world.backing)
        opening = choose.coercer_opening(k, me, self.posture, self.commitment, world.progress)
        utilities = {}
        for name, signal in self.possible(self.repertoire).items():
            concession = self.concession_of(signal)
            yielding = choose.yield_chance(k, leverage, self.pressure_of(signal), concession, b, sure_yield)
            risk = choose.war_risk(k, signal.hostility, b, self.postures, 0.0, sure_risk)
            paid = self.price(name, signal)
            paid += choose.called_bluff(me, signal, self.commitment, world.called)
            paid += choose.blame(signal, scenario.world.scrutiny, world.deaths)
            utilities[name] = choose.ordinary_utility(
                self.stake, yielding, dread, risk, opening, concession, paid
            )
        return utilities

    def decisive_utilities(self) -> Utilities:
        world, k = self.model.world, self.model.crisis.coefficients.assault
        b = choose.alarm(self.belief)
        g = choose.certainty(k.slope, 1.0, self.variance)
        winning = choose.winning_chance(k, self.posture, b, world.support, g)
        dread = choose.bare_dread(self.traits, self.resolve)
        return {
            name: choose.assault_utility(
                k, signal, self.stake, winning, dread, b, world.opposition, world.backing, world.progress
            )
            for name, signal in self.possible(self.decisive_repertoire).items()
        }


class Target(PrincipalAgent):
    """The principal that is pressed."""

    role = "target"

    def ordinary_utilities(self) -> Utilities:
        world, me = self.model.world, self.traits
        k = self.model.crisis.coefficients.target
        b = choose.alarm(self.belief)
        sure_yield = choose.certainty(k.yield_slope, 1.0, self.variance)
        sure_risk = choose.certainty(k.risk_slope, k.risk_belief, self.variance)
        leverage = choose.target_leverage(k, self.posture, world.support, world.opposition)
        alert = k.risk_ultimatum if world.ultimatum > 0.0 else 0.0
        dread = choose.bare_dread(me, self.resolve)
        opening = choose.target_opening(k, me, self.rival.posture, world.sanctions)
        utilities = {}
        for name, signal in self.possible(self.repertoire).items():
            yielding = choose.yield_chance(k, leverage, signal.pressure, signal.concession, b, sure_yield)
            risk = choose.war_risk(k, signal.hostility, b, self.postures, alert, sure_risk)
            paid = self.price(name, signal)
            utilities[name] = choose.ordinary_utility(
                self.stake, yielding, dread, risk, opening, signal.concession, paid
            )
        return utilities

    def decisive_utilities(self) -> Utilities:
        return {
            name: self._exit(signal) if signal.decisive == "exit" else self._preempt(signal)
            for name, signal in self.possible(self.decisive_repertoire).items()
        }

    def _exit(self, signal: Signal) -> float:
        scenario, world = self.model.crisis, self.model.world
        setting = scenario.world
        sincere = choose.sincerity(setting.outreach, world.trust, self.fog.opacity, setting.readout_share)
        return choose.exit_utility(scenario.coefficients.exit, signal, setting.immunity, sincere, self.stake)

    def _preempt(self, signal: Signal) -> float:
        dread = choose.bare_dread(self.traits, self.resolve)
        return choose.preempt_utility(signal, dread, self.model.crisis.decisive.first_strike)


class ThirdPartyAgent(Actor):
    """A state that watches the coercer and can call, mediate, oppose, back or aid."""

    role = "third"
    traits: ThirdParty

    def choose(self) -> str:
        draw, _ = self.model.luck.uniforms(self.model.day, self.seat, draws.CHOOSE)
        return self.logit(self.ordinary_utilities(), draw)

    def ordinary_utilities(self) -> Utilities:
        """Utility of each signal that can be sent today, in ladder order."""
        b, level, me = choose.alarm(self.belief), self.model.world.level, self.traits
        return {
            name: choose.third_party_utility(
                signal.interest, signal.cost, me.inclination.get(name, 0.0), me.alignment, level, b
            )
            for name, signal in self.possible(self.repertoire).items()
        }

    def effect(self, quantity: str) -> float:
        silent = quantity == "contact" or (quantity == "progress" and not self.model.world.talks)
        return 0.0 if silent else self.traits.influence * super().effect(quantity)

    def seen(self, signal: Signal, own: float) -> tuple[float, float]:
        leaked, distortion = self.model.leak, self.model.crisis.world.leak_distortion
        kind = perceive.kind_read(signal.kind, leaked)
        return kind, perceive.hostility_read(signal.hostility, signal.kind, leaked, distortion, own)


STANDARD: dict[str, type[Actor]] = {"coercer": Coercer, "target": Target, "third": ThirdPartyAgent}
