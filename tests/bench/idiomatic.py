"""The model as a Mesa user would first write it: agents with attributes, small NumPy arrays.

Written from the model's equations alone and sharing no code with the project's engines, so that the
outcome rates of the three can be held against each other. The luck is ordinary: ``model.rng``. Numbers in
brackets are those of the equations in MODEL.md.
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

SHARES = (
    "contact",
    "framework",
    "sanctions",
    "opposition",
    "backing",
    "support",
    "access",
    "mediation",
    "guarantee",
    "asylum",
)
REPORTED = ("hardship", "deaths", "tempo", "tension", "level", "demand", "tender")
WARS = ("raid", "invasion", "attack", "loss_of_control")


def clamp(x: float, low: float = 0.0, high: float = 1.0) -> float:
    """``x``, moved into ``low``..``high``."""
    return min(max(x, low), high)


def logistic(x: Any) -> Any:
    """1 / (1 + e^-x), of a number or an array."""
    return 1 / (1 + np.exp(-x))


def flattened(slope: float, weight: float, variance: float) -> float:
    """(5) The slope of a logistic averaged over a belief of that variance, which enters it so weighted."""
    return slope / math.sqrt(1 + math.pi * (slope * weight) ** 2 * variance / 8)


class Actor(mesa.Agent):
    """Anyone who takes part: chooses a signal a day."""

    model: Crisis

    def __init__(self, model: Crisis, name: str) -> None:
        super().__init__(model)
        scenario = model.scenario
        self.traits: Any = scenario.actors[name]
        self.signals = [scenario.signals[each] for each in scenario.repertoire(name)]
        self.hold = self.act = scenario.signals["hold"]
        inclination = [self.traits.inclination.get(each, 0.0) for each in scenario.repertoire(name)]
        self.constant = np.array(inclination) - self.column("cost")
        self.sent: int | None = None

    def column(self, quantity: str) -> Vector:
        """One number of each signal that the actor may send."""
        return np.array([getattr(signal, quantity) for signal in self.signals], dtype=float)

    def possible(self, signal: Signal) -> bool:
        """Whether all that a signal needs is there."""
        return all(self.quantity(name) > least for name, least in signal.needs.items())

    def quantity(self, name: str) -> float:
        """What a signal's need is measured against; messages that are carried are contact too."""
        world = self.model.world
        return max(world["contact"], world["mediation"]) if name == "contact" else world[name]

    def utilities(self) -> Vector:
        """Utility of each ordinary signal."""
        raise NotImplementedError

    def choose(self) -> None:
        """Weigh the day's signals and draw one by logit."""
        open_today = [self.possible(signal) for signal in self.signals]
        self.utility = np.where(open_today, self.utilities(), -np.inf)
        weight = np.exp((self.utility - self.utility.max()) / self.traits.temperature)
        self.send(int(self.rng.choice(len(weight), p=weight / weight.sum())))

    def send(self, index: int) -> None:
        """Make an ordinary signal the act of the day."""
        self.sent, self.act = index, self.signals[index]

    def effect(self, share: str) -> float:
        """What the day's act adds to a share of the world."""
        return float(getattr(self.act, share))


class Principal(Actor):
    """The coercer or the target."""

    traits: PrincipalTraits
    rival: Principal
    law: Any

    def __init__(self, model: Crisis, name: str) -> None:
        super().__init__(model, name)
        scenario, me = model.scenario, self.traits
        self.fog = scenario.fog_of(me.role)
        limits = scenario.coefficients.adjustment
        self.limits = (limits.resolve_low, limits.resolve_high)
        self.own_type = clamp(me.resolve + me.resolve_spread * self.rng.normal(), *self.limits)
        self.resolve = self.own_type
        self.appetite = me.appetite + me.appetite_spread * self.rng.normal()
        self.posture, self.commitment, self.credibility = me.posture, me.commitment, me.credibility
        self.precedent, self.mood = me.precedent, me.mood
        self.fatigue = self.inconsistency = self.tone = self.fear = 0.0
        self.decisive = [scenario.signals[each] for each in scenario.repertoire(name, decisive=True)]
        self.lay_out()

    def lay_out(self) -> None:
        """What does not change about the signals."""
        self.hostility, self.given = self.column("hostility"), self.column("concession")
        self.pressure, self.concession = self.column("pressure"), self.given
        self.private = np.array([signal.class_ == "private" for signal in self.signals])
        staked = self.column("commitment")
        self.opens_ultimatum = np.array([signal.opens == "ultimatum" for signal in self.signals])
        self.at_stake = np.where(self.opens_ultimatum, staked, 0)
        self.taken_back = np.where(self.private, 0, np.maximum(-staked, 0))
        self.rung, self.kills = self.column("rung") / 10, self.column("deaths") > 0
        self.makes_good = self.column("force") > 0
        words = self.model.scenario.coefficients.choice.relish_of_words
        material = np.array([signal.class_ == "material" for signal in self.signals])
        hostile = np.where(material, 1, words) * self.hostility
        self.relish = np.where(self.hostility < 0, -self.given, hostile)

    @property
    def force(self) -> float:
        """(1) Force in hand."""
        return self.traits.capability * self.posture

    @property
    def conceded(self) -> float:
        """What the day's act concedes."""
        return 0.0 if self.sent is None else float(self.concession[self.sent])

    def quantity(self, name: str) -> float:
        """What a signal's need is measured against: the actor's own state too."""
        return float(getattr(self, name)) if name in ("posture", "commitment") else super().quantity(name)

    def first_belief(self) -> None:
        """(33) What is believed on day 0."""
        me, doubt = self.traits, self.fog.uncertainty
        self.belief = self.rival.resolve + doubt * me.prior_error * self.rng.normal()
        self.appetite_belief = self.rival.appetite + doubt * me.prior_appetite_error * self.rng.normal()
        self.variance = doubt * me.prior_error**2
        self.appetite_variance = doubt * me.prior_appetite_error**2

    # Choose

    def choose(self) -> None:
        """Take the best decisive act if the moment comes, else draw an ordinary signal."""
        super().choose()
        plan = self.model.scenario.decisive
        going_on, going_on_slope = self.going_on()
        options = [(*self.worth(signal), signal) for signal in self.decisive if self.possible(signal)]
        self.wars = [
            (value - going_on, slope - going_on_slope)
            for value, slope, signal in options
            if signal.decisive in ("assault", "preempt")
        ]
        if options:
            worth, _, best = max(options, key=lambda option: option[0])
            if self.rng.random() < plan.rate * logistic((worth - going_on) / plan.temperature):
                self.sent, self.act = None, best

    def leverage(self) -> float:
        """(3) What it has over the rival."""
        law, world = self.law, self.model.world
        net = self.model.scenario.coefficients.choice.rival_force * self.rival.force
        return float(
            law.leverage_force * (self.force - net)
            + law.leverage_sanctions * world["sanctions"]
            + law.leverage_tempo * world["tempo"]
            + law.leverage_support * world["support"]
            + law.leverage_opposition * world["opposition"]
        )

    def war_cost(self) -> float:
        """(4) What war would cost it without resolve."""
        law, world = self.law, self.model.world
        dearer = law.opposition_cost * world["opposition"] + law.support_cost * world["support"]
        return float(self.traits.war_cost * (1 + dearer - law.backing_relief * world["backing"]))

    def utilities(self) -> Vector:
        """(6) to (10) Utility of each ordinary signal."""
        k, law, me, world = self.model.scenario.coefficients.choice, self.law, self.traits, self.model.world
        firm, cost = clamp(self.belief), self.war_cost()
        slope = flattened(k.yield_slope, 1, self.variance)
        gains = logistic(slope * (self.leverage() + self.pressure + self.concession - firm - law.yield_bar))
        alert = law.risk_ultimatum if world["ultimatum"] else 0.0
        heat = (
            k.risk_hostility * np.maximum(self.hostility, 0)
            + k.risk_firmness * firm
            + k.risk_fear * self.fear
            + k.risk_force * self.rival.force
            + np.where(self.concession == 0, alert, 0)
            - k.risk_bar
        )
        risk = logistic(flattened(k.risk_slope, k.risk_firmness, self.variance) * heat)
        bluff = k.bluff * me.audience_cost * self.at_stake * (1 - gains)
        self.told = me.stake * (gains - k.given_up * self.given) + cost * risk + bluff
        talk = (
            law.dual_force * self.force
            + law.dual_rival_force * self.rival.force
            + law.dual_commitment * self.commitment
            + law.dual_sanctions * world["sanctions"]
        )
        opening = me.dual_track * talk + k.mediation_opening * world["mediation"]
        return np.asarray(
            self.resolve * self.told
            - cost * risk
            - bluff
            + self.appetite * self.relish
            + np.where(self.concession > 0, opening, 0)
            + k.spiral * (self.mood - me.mood) * self.hostility
            - self.price()
        )

    def price(self) -> Vector:
        """(10) What each signal costs besides the risk of war."""
        k, law, me = self.model.scenario.coefficients.choice, self.law, self.traits
        called = law.called_cost * me.audience_cost * self.commitment if self.model.world["called"] else 0.0
        return np.asarray(
            -self.constant
            + me.reciprocity / 2 * (self.hostility - k.echo * self.rival.tone) ** 2
            + k.inertia / 2 * (self.hostility - self.tone) ** 2
            + k.breach * np.maximum(self.rung - self.precedent, 0)
            + me.audience_cost * np.minimum(self.commitment, self.taken_back)
            + np.where(self.makes_good, 0, called)
            + self.kills * law.scrutiny
        )

    def going_on(self) -> tuple[float, float]:
        """(12) W, and what a bit more resolve would add to it."""
        k, law, me = self.model.scenario.coefficients.going_on, self.law, self.traits
        slope = flattened(k.hope_slope, 1, self.variance)
        hope = float(logistic(slope * (self.leverage() - clamp(self.belief) - law.yield_bar)))
        hoped = (1 - self.fatigue) * me.stake * hope
        dreaded = self.war_cost() * self.fear
        failing = law.lock_in * self.fatigue + law.called_cost * (self.model.world["called"] > 0)
        staked = me.audience_cost * self.commitment * failing
        return self.resolve * hoped - (1 - self.resolve) * dreaded - staked, hoped + dreaded

    def worth(self, signal: Signal) -> tuple[float, float]:
        """Utility of a decisive act, and for an act of war what a bit more resolve would add to it."""
        kinds = {
            "exit": self.exit,
            "terms": self.terms,
            "assault": self.assault,
            "preempt": self.preempt,
        }
        value, slope = kinds[signal.decisive](signal)
        return value - signal.reluctance, slope

    def crossing(self, signal: Signal) -> float:
        """What it costs to go above all that was done of late."""
        above = max(signal.rung / 10 - self.precedent, 0)
        return float(self.model.scenario.coefficients.choice.breach * above)

    def assault(self, signal: Signal) -> tuple[float, float]:
        """(13, 14) A raid or an invasion."""
        k, me, world = self.model.scenario.coefficients.assault, self.traits, self.model.world
        firm, cost = clamp(self.belief), self.war_cost()
        edge = self.force + k.access * (world["access"] - k.access_rest) - firm
        edge += k.edge - k.rival_force * self.rival.force - k.support * world["support"]
        prize = me.stake * signal.prize * float(logistic(flattened(k.slope, 1, self.variance) * edge))
        resisted = signal.cost_resisted * firm * (1 + k.resisted_support * world["support"])
        borne = cost * (signal.cost_certain + resisted)
        blame = self.law.scrutiny if signal.deaths else 0.0
        value = self.resolve * prize - (1 - self.resolve) * borne
        return value + self.appetite - self.crossing(signal) - blame, prize + borne

    def preempt(self, signal: Signal) -> tuple[float, float]:
        """(15) Striking first."""
        borne = self.war_cost() * (1 - self.model.scenario.decisive.first_strike)
        return self.appetite - (1 - self.resolve) * borne - self.crossing(signal), borne

    def exit(self, signal: Signal) -> tuple[float, float]:
        """(16) Leaving on the offer made."""
        scenario, world, me = self.model.scenario, self.model.world, self.traits
        k, outreach = scenario.coefficients.exit, scenario.world.outreach
        opaque = self.fog.opacity * (1 - self.model.read_out())
        sincere = outreach + opaque * (self.rival.credibility - outreach)
        safe = min(1, scenario.world.immunity + k.asylum * world["asylum"]) * sincere
        pride = k.pride * self.resolve * me.stake
        return k.safety * safe - k.betrayal * (1 - safe) - pride, 0.0

    def terms(self, signal: Signal) -> tuple[float, float]:
        """(17) Accepting what the rival has on the table."""
        k, me, world = self.model.scenario.coefficients.terms, self.traits, self.model.world
        kept = min(1, k.kept + (1 - k.kept) * world["framework"] + k.guarantee * world["guarantee"])
        lost = me.audience_cost * self.commitment * (1 - self.share)
        return self.resolve * me.stake * self.share * kept - lost, 0.0

    @property
    def share(self) -> float:
        """What the terms of the day would leave it."""
        raise NotImplementedError

    # Act

    def conduct(self) -> None:
        """(21, 22, 32) What the day's act does to its sender."""
        kept, k, home, act = (
            self.model.scenario.kept,
            self.model.scenario.coefficients.conduct,
            self.traits,
            self.act,
        )
        moved = act.posture * (1 - self.posture if act.posture > 0 else self.posture)
        self.posture = clamp(home.posture + kept.posture * (self.posture - home.posture) + moved)
        word = self.credibility
        if act.commitment < 0 and act.class_ != "private":
            word -= k.retreat_credibility * min(self.commitment, -act.commitment)
        if act.force:
            word += k.force_credibility * (1 - word)
        self.credibility = clamp(home.credibility + kept.credibility * (word - home.credibility))
        self.commitment = clamp(kept.commitment * self.commitment + act.commitment)
        self.precedent = max(act.rung / 10, kept.precedent * self.precedent)
        change = abs(act.hostility - self.tone)
        self.inconsistency = kept.inconsistency * self.inconsistency + (1 - kept.inconsistency) * change
        self.tone = act.hostility

    def tire(self) -> None:
        """(24) A day more, and whether the rival gave something."""
        k = self.model.scenario.coefficients.going_on
        self.fatigue += (1 - self.fatigue) / k.patience
        if self.rival.conceded > 0:
            self.fatigue *= k.relief

    # Perceive

    def getting_through(self) -> float:
        """(32) Share of the evidence in the rival's act that gets through."""
        k, fog, world, rival = (
            self.model.scenario.coefficients.perception,
            self.fog,
            self.model.world,
            self.rival,
        )
        words = min(k.most_loss, k.rhetoric_loss + k.inconsistency_loss * rival.inconsistency)
        acts = min(k.most_loss, k.strikes_loss + k.tempo_loss * world["tempo"])
        loss = {
            "quiet": 0.0,
            "verbal": fog.rhetoric * words,
            "material": fog.strikes * acts,
            "private": fog.opacity * k.opacity_loss * (1 - self.model.read_out()),
            "economic": fog.framework * k.economic_loss,
        }[rival.act.class_]
        return float((1 - fog.framework * k.framework_loss * (1 - world["framework"])) * (1 - loss))

    def perceive(self) -> None:
        """Read the rival's act: update beliefs and mood."""
        k, limits = self.model.scenario.coefficients.perception, self.model.scenario.belief
        through, rival = self.getting_through(), self.rival
        z, z_appetite = self.rng.normal(), self.rng.normal()
        if self.fog.uncertainty == 0:
            self.belief, self.appetite_belief = rival.resolve, rival.appetite
            self.variance = self.appetite_variance = 0.0
        elif rival.sent is None:  # an act that ends the crisis is not read
            self.variance = min(limits.variance_cap, self.variance + limits.drift)
            self.appetite_variance = min(
                limits.appetite_variance_cap, self.appetite_variance + limits.appetite_drift
            )
        else:
            (score, info), (score_a, info_a) = self.evidence(rival.sent)
            lost = 1 - through
            made_up = lost * k.made_up * math.sqrt(info) * z
            self.belief += self.variance * (through * score + made_up)
            self.belief = clamp(self.belief, limits.resolve_low, limits.resolve_high)
            self.variance /= 1 + self.variance * info * through
            self.variance = min(limits.variance_cap, self.variance + limits.drift)
            suspected = info_a * k.suspicion * self.fog.suspicion * self.traits.suspicion
            made_up = lost * (suspected + k.made_up * math.sqrt(info_a) * z_appetite)
            self.appetite_belief += self.appetite_variance * (through * score_a + made_up)
            most = limits.appetite_most
            self.appetite_belief = clamp(self.appetite_belief, -most, most)
            self.appetite_variance /= 1 + self.appetite_variance * info_a * through
            self.appetite_variance = min(
                limits.appetite_variance_cap, self.appetite_variance + limits.appetite_drift
            )
        self.feel(through)

    def gaps(self) -> tuple[float, float]:
        """How far resolve and appetite of the rival are over-estimated."""
        return self.belief - self.rival.resolve, self.appetite_belief - self.rival.appetite

    def evidence(self, sent: int) -> list[tuple[float, float]]:
        """(30, 31) Score and information about each trait, at what the observer believes."""
        rival = self.rival
        gap, gap_appetite = self.gaps()
        utility = (rival.utility + gap * rival.told + gap_appetite * rival.relish) / rival.traits.temperature
        chance = np.exp(utility - utility.max())
        chance /= chance.sum()
        found = []
        for slope in (rival.told / rival.traits.temperature, rival.relish / rival.traits.temperature):
            mean = float(chance @ slope)
            found.append((float(slope[sent]) - mean, max(float(chance @ slope**2) - mean**2, 0.0)))
        return found

    def feel(self, through: float) -> None:
        """(35) Mood."""
        k, fog = self.model.scenario.coefficients.feeling, self.fog
        felt = self.rival.act.hostility + (1 - through) * k.suspicion * fog.suspicion * self.traits.suspicion
        if self.model.incident and fog.strikes > 0:
            felt = max(felt, k.incident)
        hostile = clamp(felt, -1, 1) + self.law.felt_force * self.rival.force
        self.mood = clamp(self.mood + k.gain * hostile - k.decay * self.mood)

    def dread(self) -> None:
        """(36) Fear that the rival goes to war."""
        scenario, (gap, gap_appetite) = self.model.scenario, self.gaps()
        plan, days = scenario.decisive, scenario.coefficients.feeling.fear_days
        seen = [u + gap * slope + gap_appetite for u, slope in self.rival.wars]
        hazard = plan.rate * float(logistic(max(seen) / plan.temperature)) if seen else 0.0
        self.fear = 1 - math.exp(-days * hazard)

    def adjust(self) -> None:
        """Resolve moves overnight."""
        me = self.traits
        drift = me.recovery * (self.own_type - self.resolve) + me.volatility * self.rng.normal()
        self.resolve = clamp(self.resolve + drift, *self.limits)


class Coercer(Principal):
    """Presses, and may raid or invade."""

    def __init__(self, model: Crisis, name: str) -> None:
        super().__init__(model, name)
        self.law = model.scenario.coefficients.coercer

    def lay_out(self) -> None:
        """Private words lean to leverage or to a probe, by the scenario's outreach."""
        super().lay_out()
        outreach = self.model.scenario.world.outreach
        self.pressure = np.where(self.private, 2 * (1 - outreach), 1) * self.pressure
        self.concession = np.where(self.private, 2 * outreach, 1) * self.concession

    @property
    def share(self) -> float:
        """What the target would give."""
        return self.model.world["tender"]

    def effect(self, share: str) -> float:
        """It adds nothing to opposition against itself."""
        return 0.0 if share == "opposition" else super().effect(share)


class Target(Principal):
    """Resists, and may strike first or leave."""

    def __init__(self, model: Crisis, name: str) -> None:
        super().__init__(model, name)
        self.law = model.scenario.coefficients.target

    @property
    def share(self) -> float:
        """What the coercer would leave it."""
        return 1 - self.model.world["demand"]


class ThirdParty(Actor):
    """Watches; speaks, carries messages, gives and takes what the principals need."""

    traits: ThirdPartyTraits

    def __init__(self, model: Crisis, name: str) -> None:
        super().__init__(model, name)
        self.stance = self.traits.stance
        self.reactions = [signal.reaction for signal in self.signals]

    def utilities(self) -> Vector:
        """(18) Utility of each signal."""
        k, model, a = self.model.scenario.coefficients.reacting, self.model, self.stance
        against = max(-a, 0) * max(model.coercer.tone, 0) + max(a, 0) * max(model.target.tone, 0)
        chorus, tension = model.spoke - k.chorus_rest, model.world["tension"] - k.tension_rest
        alarm = model.target.fear - k.alarm_rest
        reacted = [
            r.aligned * a
            + r.grievance * against
            + r.chorus * chorus
            + (r.tension + r.neutral_tension * (1 - abs(a))) * tension
            + (r.alarm + r.alarm_friend * max(-a, 0)) * alarm
            for r in self.reactions
        ]
        return np.asarray(self.constant + reacted)

    def effect(self, share: str) -> float:
        """What it says counts by its voice; bases by its access, support by its arms."""
        me, act = self.traits, self.act
        amount = super().effect(share)
        if act.sided and self.stance > 0:
            if share == "opposition":
                return 0.0
            if share == "backing":
                amount += act.opposition
        if share == "access":
            return me.access * amount
        if share == "support":
            return me.arms * amount
        if share == "contact":
            amount *= self.model.scenario.coefficients.reacting.contact
        return me.voice * amount

    def turn(self, killers: list[Principal]) -> None:
        """(26) Turn away from who killed, and return."""
        k, model = self.model.scenario.coefficients.conduct, self.model
        if model.coercer in killers:
            self.stance -= k.stance_shift * (1 - abs(self.stance))
        if model.target in killers:
            self.stance += k.stance_shift * (1 - abs(self.stance))
        home, kept = self.traits.stance, model.scenario.kept.stance
        self.stance = home + kept * (clamp(self.stance, -1) - home)


class Crisis(mesa.Model):
    """One simulated crisis."""

    def __init__(self, scenario: Scenario, days: int, rng: int | None = None) -> None:
        super().__init__(rng=rng)
        self.scenario = scenario
        self.days = days
        self.day = 0
        self.world = {q: float(getattr(scenario.world, q)) for q in (*SHARES, *REPORTED)}
        self.world |= {"offer": 0.0, "ultimatum": 0.0, "called": 0.0}
        self.spoke = 0.0
        self.incident = self.lapsed = self.lost_control = self.faded = self.limited_force = False
        self.outcome = ""
        self.level = self.peak = scenario.world.level
        self.coercer = Coercer(self, scenario.coercer)
        self.target = Target(self, scenario.target)
        self.principals = (self.coercer, self.target)
        self.coercer.rival, self.target.rival = self.target, self.coercer
        for principal in self.principals:
            principal.first_belief()
        self.third_parties = [ThirdParty(self, name) for name in scenario.third_parties]
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "level": "level",
                "outcome": "outcome",
                "limited_force": "limited_force",
                "peak": "peak",
            }
        )

    def read_out(self) -> float:
        """Share of private talk that is known."""
        share = self.scenario.world.readout_share
        carried = self.scenario.coefficients.perception.mediation_readout * self.world["mediation"]
        return share + (1 - share) * carried

    def step(self) -> None:
        """One day."""
        self.agents.do("choose")
        self.settle_clash()
        self.act()
        self.chance()
        for step in ("perceive", "dread", "adjust"):
            for principal in self.principals:
                getattr(principal, step)()
        self.end()
        self.datacollector.collect(self)
        self.day += 1

    def settle_clash(self) -> None:
        """Of two decisive acts on one day the one with the lower precedence stands, the coercer's if equal."""
        both = sorted(self.principals, key=lambda actor: actor.act.precedence)
        if all(actor.act.decisive for actor in both):
            both[1].act = both[1].hold

    def act(self) -> None:
        """Effects of the day's signals on the world and on their senders."""
        world, kept, k = self.world, self.scenario.kept, self.scenario.coefficients.conduct
        self.run_clocks()
        for share in SHARES:
            effects = [actor.effect(share) for actor in self.agents]
            x = world[share]
            x += sum(max(e, 0) for e in effects) * (1 - x) - sum(max(-e, 0) for e in effects) * x
            rest = 0.0 if share == "contact" else getattr(self.scenario.world, share)
            world[share] = rest + getattr(kept, share) * (clamp(x) - rest)
        pace = min(k.tempo_cap, sum(actor.act.tempo for actor in self.agents))
        world["tempo"] = kept.tempo * world["tempo"] + (1 - kept.tempo) * pace
        world["hardship"] += sum(actor.act.hardship for actor in self.agents)
        killed = {actor: self.killed(actor.act) for actor in self.agents}
        world["deaths"] += sum(killed.values())
        killers = [principal for principal in self.principals if killed[principal] > 0]
        for actor in self.third_parties:
            actor.turn(killers)
        for principal in self.principals:
            principal.conduct()
        if self.lapsed:
            self.coercer.credibility *= k.bluff_credibility
            self.coercer.commitment *= k.bluff_commitment
        heat = max(0.0, *(principal.act.hostility for principal in self.principals))
        heat = min(1.0, heat + k.blood * (sum(killed.values()) > 0))
        world["tension"] = kept.tension * world["tension"] + (1 - kept.tension) * heat
        for principal in self.principals:
            principal.tire()
        self.bargain()
        speaking = [actor.act.speaks for actor in self.third_parties]
        self.spoke = sum(speaking) / len(speaking) if speaking else 0.0
        self.limited_force |= any(principal.act.force for principal in self.principals)
        reached = max(principal.act.rung for principal in self.principals)
        world["level"] = max(reached, kept.level * world["level"])

    def killed(self, act: Signal) -> float:
        """How many an act kills: drawn, or as stated if it ends the crisis."""
        return act.deaths if act.decisive or not act.deaths else float(self.rng.poisson(act.deaths))

    def bargain(self) -> None:
        """(25) Demand and tender move toward each other by what is conceded, and go stale."""
        world, k, kept = self.world, self.scenario.coefficients.terms, self.scenario.kept.terms
        demand, tender = world["demand"], world["tender"]
        lowered, raised = (
            k.give * p.conceded * (k.private if p.act.class_ == "private" else 1) * (demand - tender)
            for p in self.principals
        )
        world["demand"] = clamp(1 - kept * (1 - demand) - lowered)
        world["tender"] = clamp(kept * tender + raised, 0, world["demand"])

    def run_clocks(self) -> None:
        """Exit offers lapse; ultimatums are answered, called, made good on or shown to be bluffs."""
        world, lengths, sent = self.world, self.scenario.clocks, self.coercer.act
        self.lapsed = False
        world["offer"] = max(world["offer"] - 1, 0)
        if world["ultimatum"]:
            answered = self.target.conceded > 0
            world["ultimatum"] = 0 if answered else world["ultimatum"] - 1
            if not world["ultimatum"] and not answered:
                world["called"] = lengths.called
        elif world["called"]:
            world["called"] = 0 if sent.force else world["called"] - 1
            self.lapsed = not world["called"] and not sent.force and sent.opens != "ultimatum"
        if sent.opens == "offer":
            world["offer"] = lengths.offer
        elif sent.opens == "ultimatum":
            world["ultimatum"], world["called"] = lengths.ultimatum, 0

    def chance(self) -> None:
        """(27) to (29) What nobody chose."""
        world, start, k = self.world, self.scenario.world, self.scenario.coefficients.chance
        forces = self.coercer.force * self.target.force
        collision = start.incident_rate * (k.incident_force * forces + world["tempo"])
        slip = start.loss_of_control * world["tension"] ** 2 * k.control_force * forces
        fading = start.fade_rate * max(1 - world["tension"] / k.fade_tension, 0) ** 2
        self.incident = self.rng.random() < collision
        self.lost_control = self.rng.random() < slip
        self.faded = self.rng.random() < fading

    def end(self) -> None:
        """See whether the day ended the crisis."""
        k = self.scenario.coefficients.chance
        for principal in self.principals:
            self.outcome = self.outcome or principal.act.ends
        if not self.outcome and self.lost_control:
            self.outcome = "loss_of_control"
            self.world["deaths"] += k.control_deaths
            self.world["hardship"] += k.control_hardship
        elif not self.outcome and self.faded:
            self.outcome = "deescalation"
        self.level = self.world["level"]
        if self.outcome:
            self.level = 10.0 if self.outcome in WARS else 0.0
            self.running = False
        elif self.day == self.days - 1:
            self.outcome = "standoff"
            self.running = False
        self.peak = max(self.peak, self.level)


class IdiomaticCrisis(Crisis):
    """A crisis that ``mesa.batch_run`` can make from small values."""

    def __init__(self, file: str, days: int, seed: int, overrides: Overrides = ()) -> None:
        super().__init__(setting(file, overrides), days, rng=seed)
