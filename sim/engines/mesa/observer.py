"""A principal as an observer of the other: what it infers from the day's signal, how it feels, and what it fears."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, NamedTuple

from sim.engines.mesa.actor import Actor
from sim.rules import choose, draws, infer, perceive
from sim.schema.world import Fog

if TYPE_CHECKING:
    from sim.engines.mesa.model import CrisisModel
    from sim.engines.mesa.principal import PrincipalAgent
    from sim.schema.actors import Principal
    from sim.schema.coefficients import Coercer, Target

NO_FOG = Fog(**dict.fromkeys(Fog.model_fields, 0.0))


class Evidence(NamedTuple):
    """What the day's signal says: score and information about resolve, and about appetite."""

    score: float
    information: float
    appetite_score: float
    appetite_information: float


NO_EVIDENCE = Evidence(0.0, 0.0, 0.0, 0.0)


class Observer(Actor):
    """What a principal believes of the other: its resolve, its appetite for force, and how sure it is of both."""

    traits: Principal
    weights: Coercer | Target
    mood: float
    fear: float
    belief: float
    variance: float
    appetite_belief: float
    appetite_variance: float

    def __init__(self, model: CrisisModel, name: str) -> None:
        super().__init__(model, name)
        self.fog = model.crisis.fog_of(self.traits.role)
        self.volatility_draw = 0.0

    @property
    @abstractmethod
    def rival(self) -> PrincipalAgent:
        """The other principal."""

    def first_belief(self) -> None:
        """What is believed on day 0."""
        me, luck = self.traits, self.model.luck
        _, z = luck.normals(0, self.seat, draws.START)
        _, intent = luck.normals(0, self.seat, draws.APPETITE)
        self.belief = perceive.first_belief(self.fog, self.rival.resolve, me.prior_error, z)
        self.variance = perceive.first_variance(self.fog, me.prior_error)
        self.appetite_belief = perceive.first_belief(
            self.fog, self.rival.appetite, me.prior_appetite_error, intent
        )
        self.appetite_variance = perceive.first_variance(self.fog, me.prior_appetite_error)

    def evidence(self) -> Evidence:
        """What the rival's signal says, against what a rival as it is believed to be would have sent today.

        An act that ends the crisis is not read.
        """
        rival = self.rival
        if rival.sent.decisive:
            return NO_EVIDENCE
        gap, appetite_gap = self.belief - rival.resolve, self.appetite_belief - rival.appetite
        weighed = list(rival.weighed.values())
        believed = [
            infer.as_believed(each.utility, each.told, each.relished, gap, appetite_gap) for each in weighed
        ]
        best, sharpness = max(believed), 1.0 / rival.traits.temperature
        total = told = told_square = relished = relished_square = 0.0
        for utility, each in zip(believed, weighed, strict=True):
            weight = choose.choice_weight(utility, best, sharpness)
            total += weight
            told += weight * each.told
            told_square += weight * each.told * each.told
            relished += weight * each.relished
            relished_square += weight * each.relished * each.relished
        sent = rival.weighed.get(rival.signal) or rival.weighed_sent
        return Evidence(
            infer.score(sent.told, told / total, sharpness),
            infer.information(told / total, told_square / total, sharpness),
            infer.score(sent.relished, relished / total, sharpness),
            infer.information(relished / total, relished_square / total, sharpness),
        )

    def perceive(self) -> None:
        """Read the rival's signal of today: update the beliefs and the mood."""
        model, world, rival, me = self.model, self.model.world, self.rival, self.traits
        k, limits = model.crisis.coefficients, model.crisis.belief
        z, self.volatility_draw = model.luck.normals(model.day, self.seat, draws.PERCEIVE, rival.seat)
        intent, _ = model.luck.normals(model.day, self.seat, draws.INTENT, rival.seat)
        known = choose.read_out(k.perception, model.crisis.world.readout_share, world.mediation)
        loss = perceive.lost(k.perception, self.fog, rival.sent.kind, world.tempo, rival.inconsistency, known)
        through = perceive.evidence(k.perception, self.fog, world.framework, loss)
        said, of_types = self.evidence(), perceive.of_types(self.fog, through)
        self.belief = perceive.believed(
            k.perception, self.fog, rival.resolve, self.belief, self.variance, of_types, said.score, said.information, z,
            limits.resolve_low, limits.resolve_high,
        )  # fmt: skip
        self.variance = perceive.doubt(
            self.fog, self.variance, said.information, of_types, limits.drift, limits.variance_cap
        )
        self.appetite_belief = perceive.appetite_believed(
            k.perception, self.fog, rival.appetite, self.appetite_belief, self.appetite_variance, of_types,
            said.appetite_score, said.appetite_information, me.suspicion, intent, limits.appetite_most,
        )  # fmt: skip
        self.appetite_variance = perceive.doubt(
            self.fog, self.appetite_variance, said.appetite_information, of_types, limits.appetite_drift,
            limits.appetite_variance_cap,
        )  # fmt: skip
        hostile = perceive.felt(
            k.feeling, self.fog, rival.sent.hostility, through, me.suspicion, model.incident
        )
        self.felt, self.through = hostile, through
        self.mood = perceive.mood(k.feeling, self.mood, hostile, self.weights.felt_force, rival.force)

    def fear_war(self) -> None:
        """Work out, from what is believed this evening, how likely the rival goes to war."""
        rival, scenario = self.rival, self.model.crisis
        gap, appetite_gap = self.belief - rival.resolve, self.appetite_belief - rival.appetite
        most = choose.IMPOSSIBLE
        for war in rival.wars.values():
            most = max(most, infer.advantage_as_believed(war.advantage, war.told, gap, appetite_gap))
        rule, days = scenario.decisive, scenario.coefficients.feeling.fear_days
        self.fear = infer.fear(rule.rate, days, most, 1.0 / rule.temperature)
