"""The model as a Mesa user would first write it: agents with attributes, small NumPy arrays.

Written from the model's equations alone and sharing no code with the project's engines, so that the
outcome rates of the three can be held against each other. The luck is ordinary: ``model.rng``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
from numpy.typing import NDArray

from tests.bench.setting import Overrides, setting

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.schema.actors import Principal as PrincipalTraits
    from sim.schema.actors import ThirdParty as ThirdPartyTraits
    from sim.schema.signals import Signal

Vector = NDArray[np.float64]

SHARES = ("contact", "framework", "trust", "progress", "sanctions", "opposition", "backing", "support")
DECAY_TO_START = ("framework", "trust")
WARS = ("raid", "invasion", "attack", "loss_of_control")
SWITCHES = ("framework", "rhetoric", "strikes", "opacity")


def clamp(x: float, low: float = 0.0, high: float = 1.0) -> float:
    """``x``, moved into ``low``..``high``."""
    return min(max(x, low), high)


def logistic(x: Any) -> Any:
    """1 / (1 + e^-x), of a number or an array."""
    return 1 / (1 + np.exp(-x))


def flattened(slope: float, variance: float) -> float:
    """The slope of a logistic averaged over a belief of that variance (MacKay 1992)."""
    return slope / math.sqrt(1 + math.pi * slope**2 * variance / 8)


class Actor(mesa.Agent):
    """Anyone who takes part: chooses a signal a day and reads what a principal sent."""

    model: Crisis

    def __init__(self, model: Crisis, name: str) -> None:
        super().__init__(model)
        scenario = model.scenario
        self.name = name
        self.traits: Any = scenario.actors[name]
        self.fog = scenario.fog_of(name)
        self.clear_sighted = not any(getattr(self.fog, switch) for switch in SWITCHES)
        self.signals = [scenario.signals[each] for each in scenario.repertoire(name)]
        self.hold = scenario.signals["hold"]
        self.hostility = self.column("hostility")
        inclination = [self.traits.inclination.get(each, 0.0) for each in scenario.repertoire(name)]
        self.constant = np.array(inclination) - self.column("cost")
        self.effects = np.stack([self.column(share) for share in SHARES], axis=1)
        self.needs = [(i, q, x) for i, s in enumerate(self.signals) for q, x in s.needs.items()]
        self.take(self.hold)

    def take(self, act: Signal, index: int | None = None) -> None:
        """Make ``act`` the act of the day; ``index`` is its place among the ordinary signals."""
        self.act = act
        self.effect = np.zeros(len(SHARES)) if index is None else self.effects[index]

    def column(self, quantity: str) -> Vector:
        """One number of each signal that the actor may send."""
        return np.array([getattr(signal, quantity) for signal in self.signals], dtype=float)

    def watch(self, subject: Principal) -> None:
        """Form the first belief about a principal's resolve."""
        closed = self.fog.framework * (1 - self.model.world["framework"])
        error = self.traits.prior_error * self.rng.normal()
        self.subject = subject
        self.belief: float = subject.resolve + closed * error
        self.variance = 0.0 if self.clear_sighted else self.model.scenario.belief.variance

    def quantity(self, name: str) -> float:
        """What a signal's need is measured against."""
        return float(self.model.clocks[name] if name in self.model.clocks else self.model.world[name])

    def utilities(self) -> Vector:
        """Utility of each ordinary signal."""
        raise NotImplementedError

    def choose(self) -> None:
        """Draw an ordinary signal by logit."""
        index = self.drawn(self.allowed_utilities())
        self.take(self.signals[index], index)

    def allowed_utilities(self) -> Vector:
        """Utility of each signal, -inf where its need is not met."""
        utility = self.utilities()
        for index, quantity, bound in self.needs:
            if self.quantity(quantity) <= bound:
                utility[index] = -np.inf
        return utility

    def drawn(self, utility: Vector) -> int:
        """Index of one signal, with probability proportional to exp(utility / temperature)."""
        weight = np.exp((utility - utility.max()) / self.traits.temperature)
        return int(self.rng.choice(len(weight), p=weight / weight.sum()))

    def perceive(self) -> None:
        """Read the subject's act of the day and update the belief."""
        self.read(self.subject.act.class_, self.subject.act.hostility)

    def read(self, channel: str, hostility: float) -> None:
        """Update the belief by a signal of that class and hostility."""
        if self.clear_sighted:
            self.belief, self.variance = self.subject.resolve, 0.0
            return
        law = self.model.scenario.coefficients.perception
        blur, noise = self.fog_on(channel)
        appearance = 0.5 + 0.5 * hostility
        if self.model.bluffed and isinstance(self.subject, Coercer):
            appearance = law.bluff_appearance
            blur += self.fog.rhetoric * law.bluff_blur
        if self.model.incident and isinstance(self, Principal):
            appearance = law.incident_appearance
            blur += self.fog.strikes * law.incident_blur
        self.update(appearance, min(blur, 1.0), noise)

    def fog_on(self, channel: str) -> tuple[float, float]:
        """Blur and noise of a signal of that class."""
        law = self.model.scenario.coefficients.perception
        world, fog = self.model.world, self.fog
        closed = fog.framework * (1 - world["framework"])
        if channel == "quiet":
            return 0.0, law.quiet_noise * closed
        blur, noise, own = law.framework_blur * closed, law.framework_noise * closed, 0.0
        if channel == "economic":
            blur += fog.framework * law.economic_blur
            noise += fog.framework * law.economic_noise
        elif channel == "verbal":
            blur += fog.rhetoric * law.rhetoric_blur
            own = fog.rhetoric * (law.rhetoric_noise + law.inconsistency_noise * self.subject.inconsistency)
        elif channel == "material":
            blur += fog.strikes * law.strikes_blur
            own = fog.strikes * (law.strikes_noise + law.tempo_noise * world["tempo"])
        elif channel == "private":
            secret = fog.opacity * (1 - self.model.scenario.world.readout_share)
            blur += secret * law.opacity_blur
            own = secret * law.opacity_noise
        return blur, math.hypot(noise, own)

    def update(self, appearance: float, blur: float, noise: float) -> None:
        """Kalman step on what the act seems to say about the subject's resolve."""
        law = self.model.scenario.belief
        truth = self.subject.resolve
        seen = truth + blur * (appearance - truth) + noise * self.rng.normal()
        seen += self.fog.suspicion * self.traits.suspicion * (blur + noise)
        gain = self.variance / (self.variance + noise**2) if noise else 1.0
        self.belief += gain * (seen - self.belief)
        self.variance = min(law.variance_cap, (1 - gain) * self.variance + law.drift)


class Principal(Actor):
    """The coercer or the target."""

    traits: PrincipalTraits

    def __init__(self, model: Crisis, name: str) -> None:
        super().__init__(model, name)
        scenario = model.scenario
        self.limits = (
            scenario.coefficients.adjustment.resolve_low,
            scenario.coefficients.adjustment.resolve_high,
        )
        drawn = self.traits.resolve + self.traits.resolve_spread * self.rng.normal()
        self.own_type = self.resolve = clamp(drawn, *self.limits)
        self.posture = self.traits.posture
        self.commitment = self.traits.commitment
        self.inconsistency = 0.0
        self.tone = 0.0
        self.conceded = False
        self.last_concession = -math.inf
        self.decisive = [scenario.signals[each] for each in scenario.repertoire(name, decisive=True)]
        self.pressure, self.concession = self.shifted()
        self.gives_up = np.maximum(-self.column("commitment"), 0)
        self.resolve_cost = self.column("resolve_cost")
        self.conciliatory = self.concession > 0

    def shifted(self) -> tuple[Vector, Vector]:
        """Pressure and concession of each signal."""
        return self.column("pressure"), self.column("concession")

    def quantity(self, name: str) -> float:
        """What a signal's need is measured against: the actor's own state too."""
        return float(getattr(self, name)) if name in ("posture", "commitment") else super().quantity(name)

    def choose(self) -> None:
        """Take the best decisive act if the moment comes, else draw an ordinary signal."""
        utility = self.allowed_utilities()
        plan = self.model.scenario.decisive
        index = self.drawn(utility)
        self.take(self.signals[index], index)
        self.conceded = bool(self.conciliatory[index])
        options = [
            (self.worth(signal), -rank, signal)
            for rank, signal in enumerate(self.decisive)
            if all(self.quantity(q) > x for q, x in signal.needs.items())
        ]
        if options:
            worth, _, signal = max(options)
            if self.rng.random() < plan.rate * logistic((worth - utility.max()) / plan.temperature):
                self.take(signal)
                self.conceded = False

    def worth(self, signal: Signal) -> float:
        """Utility of a decisive act."""
        raise NotImplementedError

    def loyalty_costs(self) -> Vector:
        """What each signal costs by going back on commitments or by not answering in kind."""
        echo = self.model.scenario.coefficients.shared.echo
        retreat = self.traits.audience_cost * np.minimum(self.commitment, self.gives_up)
        answer = 0.5 * self.traits.reciprocity * (self.hostility - echo * self.subject.tone) ** 2
        return np.asarray(retreat + answer + self.resolve_cost * self.resolve)

    def conduct(self) -> None:
        """What the day's act does to its sender."""
        kept = self.model.scenario.kept
        hostility = self.act.hostility
        self.posture = clamp(self.posture + self.act.posture)
        self.commitment = clamp(kept.commitment * self.commitment + self.act.commitment)
        change = abs(hostility - self.tone)
        self.inconsistency = kept.inconsistency * self.inconsistency + (1 - kept.inconsistency) * change
        self.tone = hostility
        if self.conceded:
            self.last_concession = self.model.day

    def adjust(self) -> None:
        """Resolve moves: own type, fear of the rival, debate inside, talks."""
        law, traits = self.model.scenario.coefficients.adjustment, self.traits
        self.resolve = clamp(
            self.resolve
            + traits.recovery * (self.own_type - self.resolve)
            + traits.reactivity * (self.belief - law.fear_threshold)
            + traits.volatility * self.rng.normal()
            - law.talks_softening * self.model.world["progress"],
            *self.limits,
        )


class Coercer(Principal):
    """Presses, and may raid or invade."""

    def __init__(self, model: Crisis, name: str) -> None:
        super().__init__(model, name)
        self.effects[:, SHARES.index("opposition")] = 0  # only others can add to it
        self.kills = self.column("deaths") > 0
        self.makes_good = self.column("force") > 0

    def shifted(self) -> tuple[Vector, Vector]:
        """Private words lean to leverage or to a probe, by the scenario's outreach."""
        outreach = self.model.scenario.world.outreach
        private = np.array([signal.class_ == "private" for signal in self.signals])
        pressure, concession = super().shifted()
        return (
            np.where(private, 2 * (1 - outreach), 1) * pressure,
            np.where(private, 2 * outreach, 1) * concession,
        )

    def utilities(self) -> Vector:
        """Utility of each ordinary signal to the coercer."""
        law, world, scenario = self.model.scenario.coefficients.coercer, self.model.world, self.model.scenario
        traits, rival = self.traits, self.subject
        belief = clamp(self.belief)
        leverage = (
            law.leverage_posture * self.posture
            + law.leverage_sanctions * world["sanctions"]
            + law.leverage_tempo * world["tempo"]
            - law.leverage_support * world["support"]
            + self.pressure
        )
        gains = logistic(
            flattened(law.yield_slope, self.variance) * (leverage + self.concession - belief - law.yield_bar)
        )
        alarm = (
            law.risk_hostility * np.maximum(self.hostility, 0)
            + law.risk_belief * belief
            + law.risk_posture * (self.posture + rival.posture)
            - law.risk_bar
        )
        risk = logistic(flattened(law.risk_slope * law.risk_belief, self.variance) / law.risk_belief * alarm)
        dearer = 1 + law.opposition_cost * world["opposition"] - law.backing_relief * world["backing"]
        talk = self.posture + law.dual_commitment * self.commitment
        talk *= traits.dual_track * (1 - law.dual_progress * world["progress"])
        called = traits.audience_cost * self.commitment if self.model.clocks["called"] else 0.0
        return np.asarray(
            self.resolve * traits.stake * gains
            - (1 - self.resolve) * traits.war_cost * risk * dearer
            + self.constant
            + self.conciliatory * talk
            - self.kills * scenario.world.scrutiny * world["deaths"]
            - ~self.makes_good * called
            - self.loyalty_costs()
        )

    def worth(self, signal: Signal) -> float:
        """Utility of a raid or an invasion."""
        law, world, traits = self.model.scenario.coefficients.assault, self.model.world, self.traits
        belief = clamp(self.belief)
        edge = self.posture - belief - law.support * world["support"] + law.edge
        win = logistic(flattened(law.slope, self.variance) * edge)
        dearer = 1 + law.opposition_cost * world["opposition"] - law.backing_relief * world["backing"]
        cost = (signal.cost_certain + signal.cost_resisted * belief) * dearer
        return float(
            self.resolve * traits.stake * signal.prize * win
            - (1 - self.resolve) * traits.war_cost * cost
            - law.progress_loss * world["progress"]
            - signal.reluctance
        )


class Target(Principal):
    """Resists, and may strike first or leave."""

    def utilities(self) -> Vector:
        """Utility of each ordinary signal to the target."""
        law, world = self.model.scenario.coefficients.target, self.model.world
        traits, rival = self.traits, self.subject
        belief = clamp(self.belief)
        leverage = (
            law.leverage_posture * self.posture
            + law.leverage_support * world["support"]
            + law.leverage_opposition * world["opposition"]
            + self.pressure
        )
        gains = logistic(
            flattened(law.yield_slope, self.variance) * (leverage + self.concession - belief - law.yield_bar)
        )
        alarm = (
            law.risk_hostility * np.maximum(self.hostility, 0)
            + law.risk_belief * belief
            + law.risk_posture * (self.posture + rival.posture)
            + law.risk_ultimatum * (self.model.clocks["ultimatum"] > 0)
            - law.risk_bar
        )
        risk = logistic(flattened(law.risk_slope * law.risk_belief, self.variance) / law.risk_belief * alarm)
        talk = traits.dual_track * (rival.posture + law.dual_sanctions * world["sanctions"])
        return np.asarray(
            self.resolve * traits.stake * gains
            - (1 - self.resolve) * traits.war_cost * risk
            + self.constant
            + self.conciliatory * talk
            - self.loyalty_costs()
        )

    def worth(self, signal: Signal) -> float:
        """Utility of striking first, or of the exit on offer."""
        scenario, traits = self.model.scenario, self.traits
        if signal.decisive == "preempt":
            spared = 1 - scenario.decisive.first_strike
            return -(1 - self.resolve) * traits.war_cost * spared - signal.reluctance
        law, world = scenario.coefficients.exit, scenario.world
        fog = self.fog.opacity * (1 - world.readout_share)
        sincerity = world.outreach + fog * (self.model.world["trust"] - world.outreach)
        safe = world.immunity * sincerity
        pride = law.pride * self.resolve * traits.stake
        return float(law.safety * safe - law.betrayal * (1 - safe) - pride - signal.reluctance)


class ThirdParty(Actor):
    """Watches the coercer; calls, mediates, opposes, backs or aids."""

    traits: ThirdPartyTraits

    def __init__(self, model: Crisis, name: str) -> None:
        super().__init__(model, name)
        self.effects *= self.traits.influence
        self.effects[:, SHARES.index("contact")] = 0  # the principals' own
        side = self.traits.alignment
        neutral = 1 - abs(side)
        interests = [signal.interest for signal in self.signals]
        self.constant += np.array([w.constant + w.aligned * side + w.neutral * neutral for w in interests])
        self.by_level = np.array(
            [w.level + w.aligned_level * side + w.neutral_level * neutral for w in interests]
        )
        self.by_alarm = np.array([w.aligned_alarm * side for w in interests])

    def utilities(self) -> Vector:
        """Utility of each signal to a third party."""
        alarm = self.by_alarm * clamp(self.belief)
        return np.asarray(self.constant + self.model.world["level"] * (self.by_level + alarm))

    def perceive(self) -> None:
        """Private words are not heard, unless they leak."""
        act = self.subject.act
        if act.class_ != "private":
            self.read(act.class_, act.hostility)
        elif self.model.leaked:
            bent = act.hostility + self.model.scenario.world.leak_distortion * self.rng.normal()
            self.read("verbal", clamp(bent, -1, 1))
        else:
            self.read("quiet", 0.0)


class Crisis(mesa.Model):
    """One simulated crisis."""

    def __init__(self, scenario: Scenario, days: int, rng: int | None = None) -> None:
        super().__init__(rng=rng)
        self.scenario = scenario
        self.days = days
        self.day = 0
        start = scenario.world
        self.world = {q: getattr(start, q) for q in (*SHARES, "hardship", "deaths", "tempo", "level")}
        self.clocks = {"offer": 0, "ultimatum": 0, "called": 0}
        self.incident = self.bluffed = self.leaked = False
        self.outcome = ""
        self.limited_force = False
        self.level = self.peak = start.level
        self.coercer = Coercer(self, scenario.coercer)
        self.target = Target(self, scenario.target)
        self.coercer.watch(self.target)
        self.target.watch(self.coercer)
        self.third_parties = [ThirdParty(self, name) for name in scenario.third_parties]
        for actor in self.third_parties:
            actor.watch(self.coercer)
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "level": "level",
                "outcome": "outcome",
                "limited_force": "limited_force",
                "peak": "peak",
            }
        )

    def step(self) -> None:
        """One day."""
        self.agents.do("choose")
        self.settle_clash()
        self.act()
        self.chance()
        self.agents.do("perceive")
        self.coercer.adjust()
        self.target.adjust()
        self.end()
        self.datacollector.collect(self)
        self.day += 1

    def settle_clash(self) -> None:
        """Of two decisive acts on one day the one with the lower precedence stands."""
        both = sorted((self.coercer, self.target), key=lambda actor: actor.act.precedence)
        if all(actor.act.decisive for actor in both):
            both[1].take(both[1].hold)

    def act(self) -> None:
        """Effects of the day's signals on the world and on their senders."""
        principals = (self.coercer, self.target)
        acts = [actor.act for actor in principals]
        for actor in principals:
            actor.conduct()
        recent = self.day - self.scenario.clocks.concession + 1
        both_conceded = all(actor.last_concession >= recent for actor in principals)
        change = self.coercer.effect + self.target.effect
        joined = sum((actor.effect for actor in self.third_parties), np.zeros(len(SHARES)))
        if not both_conceded:
            joined[SHARES.index("progress")] = 0.0
        for quantity, amount in zip(SHARES, (change + joined).tolist(), strict=True):
            raised = clamp(self.world[quantity] + amount)
            rest = getattr(self.scenario.world, quantity) if quantity in DECAY_TO_START else 0.0
            self.world[quantity] = rest + getattr(self.scenario.kept, quantity) * (raised - rest)
        for actor in self.agents:
            self.world["hardship"] += actor.act.hardship
            self.world["deaths"] += self.killed(actor.act)
        kept = self.scenario.kept.tempo
        cap = self.scenario.coefficients.conduct.tempo_cap
        pace = min(cap, sum(actor.act.tempo for actor in self.agents))
        self.world["tempo"] = kept * self.world["tempo"] + (1 - kept) * pace
        self.run_clocks()
        self.limited_force = self.limited_force or any(act.force for act in acts)
        reached = max(act.rung for act in acts)
        self.world["level"] = max(reached, self.scenario.kept.level * self.world["level"])

    def killed(self, act: Signal) -> float:
        """How many an act kills: drawn, or as stated if it ends the crisis."""
        return act.deaths if act.decisive or not act.deaths else float(self.rng.poisson(act.deaths))

    def run_clocks(self) -> None:
        """Exit offers lapse; ultimatums are answered, called, made good on or shown to be bluffs."""
        clocks, lengths, sent = self.clocks, self.scenario.clocks, self.coercer.act
        self.bluffed = False
        clocks["offer"] = max(clocks["offer"] - 1, 0)
        if clocks["ultimatum"]:
            clocks["ultimatum"] = 0 if self.target.conceded else clocks["ultimatum"] - 1
            if not clocks["ultimatum"] and not self.target.conceded:
                clocks["called"] = lengths.called
        elif clocks["called"]:
            clocks["called"] = 0 if sent.force else clocks["called"] - 1
            self.bluffed = not clocks["called"] and not sent.force and sent.opens != "ultimatum"
        if sent.opens == "offer":
            clocks["offer"] = lengths.offer
        elif sent.opens == "ultimatum":
            clocks["ultimatum"], clocks["called"] = lengths.ultimatum, 0
        if self.bluffed:
            self.coercer.commitment *= self.scenario.coefficients.conduct.bluff_commitment

    def chance(self) -> None:
        """What nobody chose."""
        world, start, law = self.world, self.scenario.world, self.scenario.coefficients.chance
        closeness = law.incident_posture * self.coercer.posture * self.target.posture
        self.incident = self.rng.random() < start.incident_rate * (closeness + world["tempo"])
        self.settled = self.rng.random() < start.settlement_rate * world["progress"] ** 2
        above = max(world["level"] - law.control_level, 0)
        self.lost_control = self.rng.random() < start.loss_of_control * above
        self.leaked = self.coercer.act.class_ == "private" and self.rng.random() < start.leak_rate

    def end(self) -> None:
        """See whether the day ended the crisis."""
        law = self.scenario.coefficients
        for actor in (self.coercer, self.target):
            self.outcome = self.outcome or actor.act.ends
        if not self.outcome and self.settled:
            self.outcome = "settlement"
        if not self.outcome and self.lost_control:
            self.outcome = "loss_of_control"
            self.world["deaths"] += law.chance.control_deaths
            self.world["hardship"] += law.chance.control_hardship
        self.level = self.world["level"]
        if self.outcome:
            self.level = 10.0 if self.outcome in WARS else 0.0
            self.running = False
        elif self.day == self.days - 1:
            calm = self.level < law.ending.deescalation_level
            self.outcome = "deescalation" if calm else "standoff"
            self.running = False
        self.peak = max(self.peak, self.level)


class IdiomaticCrisis(Crisis):
    """A crisis that ``mesa.batch_run`` can make from small values."""

    def __init__(self, file: str, days: int, seed: int, overrides: Overrides = ()) -> None:
        super().__init__(setting(file, overrides), days, rng=seed)
