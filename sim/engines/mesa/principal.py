"""A principal as a Mesa agent: how it weighs its signals, takes the great decisions, and changes by what it sends."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, NamedTuple

from sim.engines.mesa.actor import Utilities
from sim.engines.mesa.observer import NO_FOG, Observer
from sim.rules import act, adjust, choose, draws, infer
from sim.schema.actors import Principal
from sim.schema.coefficients import Coercer as CoercerWeights
from sim.schema.coefficients import Target as TargetWeights
from sim.schema.signals import Kind, Signal

if TYPE_CHECKING:
    from sim.engines.mesa.model import CrisisModel


class Weighed(NamedTuple):
    """A signal as its sender weighed it this morning: its utility, and what a bit more of each trait would add."""

    utility: float
    told: float
    relished: float


class WarWeighed(NamedTuple):
    """An act of war as its sender weighed it this morning: U - W, and what a bit more resolve would add."""

    advantage: float
    told: float


NOTHING = Weighed(0.0, 0.0, 0.0)


class PrincipalAgent(Observer):
    """The coercer or the target: has resolve, appetite, forces and something at stake."""

    traits: Principal
    weights: CoercerWeights | TargetWeights
    """What it weighs differently from its rival."""
    weighed: dict[str, Weighed]
    """This morning's ordinary signals, in ladder order; and this morning's acts of war."""
    wars: dict[str, WarWeighed]
    weighed_sent: Weighed
    """What was sent, where it is none of these: a forbidden signal that a script forces."""
    tempted: str
    """The decisive act that is best today, and ``chance`` that it is taken; a choice not left to luck is certain."""
    chance: float

    def __init__(self, model: CrisisModel, name: str) -> None:
        super().__init__(model, name)
        z, _ = model.luck.normals(0, self.seat, draws.START)
        liking, _ = model.luck.normals(0, self.seat, draws.APPETITE)
        self.own_level = adjust.first_resolve(model.crisis.coefficients.adjustment, self.traits, z)
        self.resolve = self.own_level
        self.appetite = adjust.own_appetite(self.traits, liking)
        self.posture = self.traits.posture
        self.commitment = self.traits.commitment
        self.credibility = self.traits.credibility
        self.precedent = self.traits.precedent
        self.mood = self.traits.mood
        self.fatigue = 0.0
        self.inconsistency = 0.0
        self.last_hostility = 0.0
        self.fear = 0.0

    @property
    @abstractmethod
    def share(self) -> float:
        """What the terms of the day would leave it, if it accepted them."""

    @property
    def force(self) -> float:
        """Force in hand."""
        return choose.force(self.traits.capability, self.posture)

    def quantity(self, name: str) -> float:
        """A quantity that a signal may need: its own, or the world's."""
        return float(getattr(self, name)) if name in ("posture", "commitment") else super().quantity(name)

    # Choose --------------------------------------------------------------------------------

    def decide(self) -> None:
        """Weigh what can be sent today, and settle on a signal."""
        self.tempted, self.chance = "", 0.0
        self.look_out()
        self.weighed = {name: self.weigh(name) for name in self.possible(self.repertoire)}
        self.wars = self.weigh_wars()
        super().decide()
        ordinary = not self.sent.decisive and self.signal not in self.weighed
        self.weighed_sent = self.weigh(self.signal) if ordinary else NOTHING
        if not self.tempted:  # a script, or a choice of one's own making
            self.tempted, self.chance = self.signal, 1.0 if self.sent.decisive else 0.0

    def choose(self) -> str:
        """The best decisive act if the day's luck takes it up, else an ordinary signal by logit choice."""
        draw, decisive_draw = self.model.luck.uniforms(self.model.day, self.seat, draws.CHOOSE)
        self.tempted, self.chance = self.temptation()
        return self.tempted if decisive_draw < self.chance else self.logit(self.ordinary_utilities(), draw)

    def look_out(self) -> None:
        """Work out what the choices of a morning have in common."""
        k, world, me = self.model.crisis.coefficients, self.model.world, self.traits
        self.firm = choose.firmness(self.belief)
        self.lever = choose.leverage(
            k.choice, self.weights, self.force, self.rival.force, world.sanctions, world.tempo, world.support, world.opposition
        )  # fmt: skip
        self.cost = choose.war_cost(self.weights, me, world.opposition, world.backing, world.support)
        self.opening = choose.opening(
            k.choice, self.weights, me, self.force, self.rival.force, self.commitment, world.sanctions, world.mediation
        )  # fmt: skip
        sure = choose.certainty(k.going_on.hope_slope, 1.0, self.variance)
        self.hope = choose.hope(self.weights, k.going_on, self.lever, self.firm, sure)
        self.waiting = choose.going_on(
            self.weights, me, self.resolve, self.hope, self.fatigue, self.cost, self.fear, self.commitment, world.called
        )  # fmt: skip

    def weigh(self, name: str) -> Weighed:
        """What one ordinary signal is worth this morning."""
        scenario, world, me, my = self.model.crisis, self.model.world, self.traits, self.weights
        signal, k = scenario.signals[name], scenario.coefficients.choice
        public, concession = signal.kind is not Kind.PRIVATE, self.concession_of(signal)
        sure_yield = choose.certainty(k.yield_slope, 1.0, self.variance)
        sure_risk = choose.certainty(k.risk_slope, k.risk_firmness, self.variance)
        yielding = choose.yield_chance(
            k, my, self.lever, self.pressure_of(signal), concession, self.firm, sure_yield
        )
        alerted = choose.alert(my, world.ultimatum, concession)
        risk = choose.war_risk(
            k, signal.hostility, self.firm, self.fear, self.rival.force, alerted, sure_risk
        )
        bluff = choose.bluff_cost(k, me, signal.commitment, signal.opens == "ultimatum", yielding)
        told = choose.telling(k, me, signal.concession, yielding, self.cost, risk, bluff)
        relished = choose.relish(k, signal.hostility, signal.concession, signal.kind)
        warm = choose.warmth(k, self.mood, me.mood, signal.hostility)
        inclination = me.inclination.get(name, 0.0)
        paid = choose.price(
            k, signal, me, inclination, self.commitment, self.precedent, self.last_hostility, self.rival.last_hostility, public
        )  # fmt: skip
        paid += choose.called_bluff(my, me, signal, self.commitment, world.called)
        paid += choose.blame(my, signal)
        utility = choose.ordinary_utility(
            self.resolve, told, self.cost, risk, bluff, self.appetite, relished, self.opening, concession, warm, paid
        )  # fmt: skip
        return Weighed(utility, told, relished)

    def ordinary_utilities(self) -> Utilities:
        """Utility of each ordinary signal that can be sent today, in ladder order."""
        return {name: weighed.utility for name, weighed in self.weighed.items()}

    def temptation(self) -> tuple[str, float]:
        """The best decisive act and the chance that it is taken today; "hold" and 0 if none is possible."""
        decisive = self.decisive_utilities()
        if not decisive:
            return "hold", 0.0
        k, best = self.model.crisis.decisive, max(decisive, key=lambda name: decisive[name])
        return best, choose.decisive_chance(k.rate, decisive[best], self.waiting, 1.0 / k.temperature)

    def decisive_utilities(self) -> Utilities:
        """Utility of each decisive act that can be taken today, in ladder order."""
        worth = {
            "exit": self.exit_worth, "terms": self.terms_worth, "assault": self.assault_worth, "preempt": self.preempt_worth
        }  # fmt: skip
        possible = self.possible(self.decisive_repertoire)
        return {name: worth[signal.decisive](signal) for name, signal in possible.items()}

    def winning(self) -> float:
        """Chance that an assault succeeds, as it sees it."""
        k, world = self.model.crisis.coefficients.assault, self.model.world
        sure = choose.certainty(k.slope, 1.0, self.variance)
        return choose.winning_chance(
            k, self.force, self.rival.force, world.access, world.support, self.firm, sure
        )

    def assault_worth(self, signal: Signal) -> float:
        """Utility of a raid or an invasion."""
        k = self.model.crisis.coefficients
        burdened = choose.burden(k.assault, signal, self.firm, self.model.world.support)
        return choose.assault_utility(
            k.choice, self.weights, signal, self.traits, self.resolve, self.appetite, self.winning(), self.cost, burdened,
            self.precedent,
        )  # fmt: skip

    def preempt_worth(self, signal: Signal) -> float:
        """Utility of striking first."""
        k, first_strike = self.model.crisis.coefficients.choice, self.model.crisis.decisive.first_strike
        return choose.preempt_utility(
            k, signal, self.resolve, self.appetite, self.cost, first_strike, self.precedent
        )

    def exit_worth(self, signal: Signal) -> float:
        """Utility of accepting the exit that was offered."""
        k, setting, world = self.model.crisis.coefficients, self.model.crisis.world, self.model.world
        known = choose.read_out(k.perception, setting.readout_share, world.mediation)
        opacity = choose.opaque(self.fog)
        sincere = choose.sincerity(setting.outreach, self.rival.credibility, opacity, known)
        return choose.exit_utility(
            k.exit, signal, self.traits, self.resolve, setting.immunity, world.asylum, sincere
        )

    def terms_worth(self, signal: Signal) -> float:
        """Utility of accepting the terms of the day."""
        world = self.model.world
        keeping = choose.kept_chance(self.model.crisis.coefficients.terms, world.framework, world.guarantee)
        return choose.terms_utility(signal, self.traits, self.resolve, self.share, keeping, self.commitment)

    def weigh_wars(self) -> dict[str, WarWeighed]:
        """Each act of war that is open this morning, against going on."""
        scenario, signals = self.model.crisis, self.possible(self.decisive_repertoire)
        waiting = choose.going_on_telling(self.traits, self.hope, self.fatigue, self.cost, self.fear)
        found = {}
        for name, signal in signals.items():
            if signal.decisive == "assault":
                burdened = choose.burden(
                    scenario.coefficients.assault, signal, self.firm, self.model.world.support
                )
                told = choose.assault_telling(signal, self.traits, self.winning(), self.cost, burdened)
                found[name] = WarWeighed(self.assault_worth(signal) - self.waiting, told - waiting)
            elif signal.decisive == "preempt":
                told = choose.preempt_telling(self.cost, scenario.decisive.first_strike)
                found[name] = WarWeighed(self.preempt_worth(signal) - self.waiting, told - waiting)
        return found

    def war_chance(self, truly: bool = False) -> float:
        """Chance that this actor starts a war today, as it sees its rival, or as it would if it saw ``truly``."""
        seen = self.belief, self.variance, self.fog, self.fear
        if truly:
            self.fear = self.rival.menace()
            self.belief, self.variance, self.fog = self.rival.resolve, 0.0, NO_FOG
        self.look_out()
        act_, likely = self.temptation()
        self.belief, self.variance, self.fog, self.fear = seen
        self.look_out()
        return likely if self.model.crisis.signals[act_].war else 0.0

    def menace(self) -> float:
        """Chance that it goes to war within the days that fear looks ahead, on its own numbers of this morning."""
        k, scenario = self.model.crisis.decisive, self.model.crisis
        self.look_out()
        most = max((war.advantage for war in self.weigh_wars().values()), default=choose.IMPOSSIBLE)
        return infer.fear(k.rate, scenario.coefficients.feeling.fear_days, most, 1.0 / k.temperature)

    # Act -----------------------------------------------------------------------------------

    def send(self) -> None:
        """Let today's signal change its sender. The last hostility is that before today until all have acted."""
        scenario, sent, home = self.model.crisis, self.sent, self.traits
        kept, conduct = scenario.kept, scenario.coefficients.conduct
        public = sent.kind is not Kind.PRIVATE
        self.posture = act.deployed(self.posture, sent.posture, kept.posture, home.posture)
        self.credibility = act.credible(
            conduct, self.credibility, self.commitment, sent.commitment, public, sent.force, kept.credibility, home.credibility
        )  # fmt: skip
        self.commitment = act.staked(self.commitment, sent.commitment, kept.commitment)
        self.precedent = act.crossed(self.precedent, sent.rung, kept.precedent)
        self.inconsistency = act.contradicted(
            self.inconsistency, sent.hostility, self.last_hostility, kept.inconsistency
        )
        self.last_hostility = sent.hostility

    def tire(self) -> None:
        """A day more of the crisis, and whether the rival gave something."""
        k = self.model.crisis.coefficients.going_on
        self.fatigue = act.tired(k, self.fatigue, self.rival.conceded > 0.0)

    # Adjust --------------------------------------------------------------------------------

    def adjust(self) -> None:
        """Let resolve move overnight."""
        k = self.model.crisis.coefficients.adjustment
        self.resolve = adjust.adjusted(k, self.traits, self.resolve, self.own_level, self.volatility_draw)
