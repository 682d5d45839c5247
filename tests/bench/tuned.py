"""The model as a good programmer would tune it in plain Python: lists, floats, ``math.exp``, ``random.Random``.

Written from the model's equations alone and sharing no code with the project's engines. What does not
change between runs is laid out once a process in tuples; effects that are zero are left out; equal
exponentials of one day are taken once; a few lookups are hoisted out of the loops.
"""

from __future__ import annotations

import math
from bisect import bisect
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

import mesa

from tests.bench.setting import Overrides, setting

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

# The world is one list. The first eight are shares that decay; the last three are clocks, in days left.
SHARES = ("contact", "framework", "trust", "progress", "sanctions", "opposition", "backing", "support")
CONTACT, FRAMEWORK, TRUST, PROGRESS, SANCTIONS, OPPOSITION, BACKING, SUPPORT = range(8)
TEMPO, LEVEL, DEATHS, HARDSHIP, OFFER, ULTIMATUM, CALLED = range(8, 15)
WORLD = (*SHARES, "tempo", "level", "deaths", "hardship", "offer", "ultimatum", "called")
POSTURE, COMMITMENT = 0, 1
OWN = ("posture", "commitment")

QUIET, VERBAL, MATERIAL, PRIVATE, ECONOMIC = range(5)
CLASSES = ("quiet", "verbal", "material", "private", "economic")
WARS = frozenset(("raid", "invasion", "attack", "loss_of_control"))
EIGHTH_PI = math.pi / 8


# Place in the alarms and in the lifts, hostility, constant, commitment given up, cost by resolve,
# and whether the signal gives something, kills, is force on the target's soil.
Row = tuple[int, int, float, float, float, float, bool, bool, bool]


class Act:
    """One signal as one actor sends it."""

    __slots__ = (
        "channel",
        "commitment",
        "concession",
        "cost_certain",
        "cost_resisted",
        "deaths",
        "decisive",
        "effects",
        "ends",
        "force",
        "hardship",
        "hostility",
        "needs",
        "no_deaths",
        "opens",
        "posture",
        "precedence",
        "pressure",
        "prize",
        "reluctance",
        "rung",
        "tempo",
        "to_progress",
    )

    def __init__(self, scenario: Scenario, sender: str, name: str) -> None:
        signal, actor = scenario.signals[name], scenario.actors[sender]
        private_words = actor.role == "coercer" and signal.class_ == "private"
        outreach = scenario.world.outreach
        self.pressure = signal.pressure * (2 * (1 - outreach) if private_words else 1)
        self.concession = signal.concession * (2 * outreach if private_words else 1)
        self.hostility = signal.hostility
        self.channel = CLASSES.index(signal.class_)
        self.rung, self.force, self.opens = signal.rung, signal.force, signal.opens
        self.posture, self.commitment = signal.posture, signal.commitment
        self.tempo, self.hardship = signal.tempo, signal.hardship
        self.decisive, self.ends, self.precedence = signal.decisive, signal.ends, signal.precedence
        self.deaths, self.no_deaths = signal.deaths, math.exp(-min(signal.deaths, 700.0))
        self.prize, self.reluctance = signal.prize, signal.reluctance
        self.cost_certain, self.cost_resisted = signal.cost_certain, signal.cost_resisted
        scale = actor.influence if actor.role == "third" else 1.0
        silent = {"third": (CONTACT, PROGRESS), "coercer": (OPPOSITION,), "target": ()}[actor.role]
        amounts = [(index, scale * getattr(signal, share)) for index, share in enumerate(SHARES)]
        self.effects = tuple((i, amount) for i, amount in amounts if amount and i not in silent)
        # A third party's work on progress counts only on days when both principals gave something lately.
        self.to_progress = scale * signal.progress if actor.role == "third" else 0.0
        self.needs = tuple(
            (q in OWN, OWN.index(q) if q in OWN else WORLD.index(q), bound)
            for q, bound in signal.needs.items()
        )


class Reading:
    """How one observer's fog bends what it sees: the switches multiplied in, once."""

    __slots__ = (
        "bluff_blur",
        "clear",
        "economic_blur",
        "economic_noise",
        "framework_blur",
        "framework_noise",
        "incident_blur",
        "inconsistency_noise",
        "opacity_blur",
        "opacity_noise",
        "prior",
        "quiet_noise",
        "rhetoric_blur",
        "rhetoric_noise",
        "strikes_blur",
        "strikes_noise",
        "suspicion",
        "tempo_noise",
    )

    def __init__(self, scenario: Scenario, observer: str) -> None:
        law, fog = scenario.coefficients.perception, scenario.fog_of(observer)
        actor = scenario.actors[observer]
        secret = fog.opacity * (1 - scenario.world.readout_share)
        self.clear = fog.framework == fog.rhetoric == fog.strikes == fog.opacity == 0
        self.prior = fog.framework * (1 - scenario.world.framework) * actor.prior_error
        self.suspicion = fog.suspicion * actor.suspicion
        self.framework_blur = fog.framework * law.framework_blur
        self.framework_noise = fog.framework * law.framework_noise
        self.quiet_noise = fog.framework * law.quiet_noise
        self.economic_blur = fog.framework * law.economic_blur
        self.economic_noise = fog.framework * law.economic_noise
        self.rhetoric_blur = fog.rhetoric * law.rhetoric_blur
        self.rhetoric_noise = fog.rhetoric * law.rhetoric_noise
        self.inconsistency_noise = fog.rhetoric * law.inconsistency_noise
        self.strikes_blur = fog.strikes * law.strikes_blur
        self.strikes_noise = fog.strikes * law.strikes_noise
        self.tempo_noise = fog.strikes * law.tempo_noise
        self.opacity_blur = secret * law.opacity_blur
        self.opacity_noise = secret * law.opacity_noise
        self.incident_blur = fog.strikes * law.incident_blur
        self.bluff_blur = fog.rhetoric * law.bluff_blur


class Tables:
    """All that the runs of a scenario share."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.names = (scenario.coercer, scenario.target, *scenario.third_parties)
        start = scenario.world
        self.world = [float(getattr(start, q)) for q in WORLD[:OFFER]] + [0, 0, 0]
        self.decay = tuple(
            (i, getattr(scenario.kept, q), getattr(start, q) if q in ("framework", "trust") else 0.0)
            for i, q in enumerate(SHARES)
        )
        self.readings = {name: Reading(scenario, name) for name in self.names}
        self.acts = {n: tuple(Act(scenario, n, s) for s in scenario.repertoire(n)) for n in self.names}
        self.decisive = {
            n: tuple(Act(scenario, n, s) for s in scenario.repertoire(n, decisive=True))
            for n in self.names[:2]
        }
        self.hold = {n: self.acts[n][scenario.repertoire(n).index("hold")] for n in self.names}
        self.weighing = {n: self.weighed(n) for n in self.names}
        self.needy = {
            n: tuple((i, act.needs) for i, act in enumerate(self.acts[n]) if act.needs) for n in self.names
        }
        # The distinct exponents of a day: several signals share a hostility or a leverage.
        self.alarms: dict[str, tuple[float, ...]] = {}
        self.lifts: dict[str, tuple[float, ...]] = {}
        self.rows: dict[str, tuple[Row, ...]] = {}
        for name in self.names[:2]:
            self.lay_out(name)

    def weighed(self, name: str) -> tuple[tuple[float, float, float], ...]:
        """For each signal: constant utility, utility by level, and by level times belief."""
        actor, rows = self.scenario.actors[name], []
        for signal_name in self.scenario.repertoire(name):
            signal = self.scenario.signals[signal_name]
            constant, by_level, by_alarm = actor.inclination.get(signal_name, 0.0) - signal.cost, 0.0, 0.0
            if actor.role == "third":
                side, neutral, interest = actor.alignment, 1 - abs(actor.alignment), signal.interest
                constant += interest.constant + interest.aligned * side + interest.neutral * neutral
                by_level = interest.level + interest.aligned_level * side + interest.neutral_level * neutral
                by_alarm = interest.aligned_alarm * side
            rows.append((constant, by_level, by_alarm))
        return tuple(rows)

    def lay_out(self, name: str) -> None:
        """Rows over a principal's signals, with places in the lists of distinct alarms and lifts."""
        scenario = self.scenario
        law = getattr(scenario.coefficients, scenario.actors[name].role)
        alarms = [law.risk_hostility * max(act.hostility, 0.0) for act in self.acts[name]]
        lifts = [act.pressure + act.concession for act in self.acts[name]]
        self.alarms[name], self.lifts[name] = tuple(sorted(set(alarms))), tuple(sorted(set(lifts)))
        self.rows[name] = tuple(
            (
                self.alarms[name].index(alarm),
                self.lifts[name].index(lift),
                act.hostility,
                constant,
                max(-act.commitment, 0.0),
                scenario.signals[signal].resolve_cost,
                act.concession > 0,
                act.deaths > 0,
                act.force,
            )
            for signal, act, alarm, lift, (constant, _, _) in zip(
                scenario.repertoire(name), self.acts[name], alarms, lifts, self.weighing[name], strict=True
            )
        )


@lru_cache(maxsize=32)
def tables(scenario_file: str, overrides: Overrides) -> Tables:
    """The tables of a scenario, made once in each process."""
    return Tables(setting(scenario_file, overrides))


class Actor(mesa.Agent):
    """Anyone who takes part."""

    model: Crisis

    def __init__(self, model: Crisis, name: str) -> None:
        super().__init__(model)
        shared = model.tables
        self.acts, self.hold = shared.acts[name], shared.hold[name]
        self.needy = shared.needy[name]
        self.weighing = shared.weighing[name]
        self.reading = shared.readings[name]
        self.precision = 1.0 / shared.scenario.actors[name].temperature
        self.act = self.hold
        self.own: list[float] = []
        self.belief, self.variance = 0.0, 0.0

    def watch(self, subject: Principal) -> None:
        """Form the first belief about a principal's resolve."""
        self.subject = subject
        self.belief = subject.resolve + self.reading.prior * self.model.random.gauss(0.0, 1.0)
        self.variance = 0.0 if self.reading.clear else self.model.tables.scenario.belief.variance

    def drawn(self, utility: list[float]) -> int:
        """Index of a signal, with probability proportional to exp(utility / temperature)."""
        exp, best, precision = math.exp, max(utility), self.precision
        cumulative = list(accumulate([exp((u - best) * precision) for u in utility]))
        # random() * total < total but for rounding, where the last signal that can be drawn is meant.
        total = cumulative[-1]
        return bisect(cumulative, min(self.model.random.random() * total, math.nextafter(total, 0.0)))

    def unmet(self, needs: tuple[tuple[bool, int, float], ...]) -> bool:
        """Whether some need is not met."""
        for is_own, index, bound in needs:
            if (self.own if is_own else self.model.world)[index] <= bound:
                return True
        return False

    def read(self, channel: int, hostility: float, principal: bool) -> None:
        """Update the belief by a signal of that class and hostility."""
        law, subject, model = self.reading, self.subject, self.model
        truth = subject.resolve
        if law.clear:
            self.belief = truth
            return
        world = model.world
        closed = 1.0 - world[FRAMEWORK]
        appearance = 0.5 + 0.5 * hostility
        if channel == QUIET:
            blur, noise = 0.0, law.quiet_noise * closed
            squared = noise * noise
        else:
            blur, noise = law.framework_blur * closed, law.framework_noise * closed
            if channel == ECONOMIC:
                blur += law.economic_blur
                noise += law.economic_noise
                squared = noise * noise
            else:
                if channel == VERBAL:
                    blur += law.rhetoric_blur
                    own = law.rhetoric_noise + law.inconsistency_noise * subject.inconsistency
                elif channel == MATERIAL:
                    blur += law.strikes_blur
                    own = law.strikes_noise + law.tempo_noise * world[TEMPO]
                else:
                    blur += law.opacity_blur
                    own = law.opacity_noise
                squared = noise * noise + own * own
                noise = math.sqrt(squared)
        if model.bluffed and subject is model.coercer:
            appearance = model.perception.bluff_appearance
            blur += law.bluff_blur
        if principal and model.incident:
            appearance = model.perception.incident_appearance
            blur += law.incident_blur
        if blur > 1.0:
            blur = 1.0
        seen = truth + blur * (appearance - truth) + law.suspicion * (blur + noise)
        seen += noise * model.random.gauss(0.0, 1.0)
        variance = self.variance
        gain = variance / (variance + squared) if squared else 1.0
        self.belief += gain * (seen - self.belief)
        variance = (1.0 - gain) * variance + model.drift
        self.variance = variance if variance < model.variance_cap else model.variance_cap


class Principal(Actor):
    """The coercer or the target."""

    def __init__(self, model: Crisis, name: str) -> None:
        super().__init__(model, name)
        scenario = model.tables.scenario
        role: Literal["coercer", "target"] = "coercer" if isinstance(self, Coercer) else "target"
        self.traits = scenario.principal(role)
        low, high = model.adjustment.resolve_low, model.adjustment.resolve_high
        drawn: float = self.traits.resolve + self.traits.resolve_spread * model.random.gauss(0.0, 1.0)
        self.own_type = self.resolve = min(max(drawn, low), high)
        self.own = [self.traits.posture, self.traits.commitment]
        self.inconsistency = self.tone = 0.0
        self.gave_on = -(10**9)
        self.decisive = model.tables.decisive[name]
        self.alarms, self.lifts = model.tables.alarms[name], model.tables.lifts[name]
        self.rows = model.tables.rows[name]

    def choose(self) -> None:
        """Take the best decisive act if the moment comes, else draw an ordinary signal."""
        utility = self.utilities()
        minus_infinity = -math.inf
        for index, needs in self.needy:
            if self.unmet(needs):
                utility[index] = minus_infinity
        best, taken = minus_infinity, None
        for act in self.decisive:
            if not self.unmet(act.needs):
                worth = self.worth(act)
                if worth > best:
                    best, taken = worth, act
        if taken is not None:
            plan = self.model.plan
            odds = math.exp(min((max(utility) - best) / plan.temperature, 700.0))
            if self.model.random.random() * (1.0 + odds) < plan.rate:
                self.act = taken
                return
        self.act = self.acts[self.drawn(utility)]

    def utilities(self) -> list[float]:
        """Utility of each ordinary signal."""
        raise NotImplementedError

    def worth(self, act: Act) -> float:
        """Utility of a decisive act."""
        raise NotImplementedError

    def weigh(
        self, gain_slope: float, leverage: float, risk_slope: float, alarm: float, fear: float, talk: float
    ) -> list[float]:
        """Utility of each ordinary signal, but for what only a coercer minds."""
        exp, traits, resolve = math.exp, self.traits, self.resolve
        prize = resolve * traits.stake
        gains = [prize / (1.0 + exp(-gain_slope * (leverage + lift))) for lift in self.lifts]
        losses = [fear / (1.0 + exp(-risk_slope * (alarm + step))) for step in self.alarms]
        answer = self.model.echo * self.subject.tone
        half, audience, commitment = 0.5 * traits.reciprocity, traits.audience_cost, self.own[COMMITMENT]
        utility = []
        for alarm_at, lift_at, hostility, constant, gives_up, dear, talks, _, _ in self.rows:
            gap = hostility - answer
            u = gains[lift_at] - losses[alarm_at] + constant - half * gap * gap
            if talks:
                u += talk
            if gives_up:
                u -= audience * (gives_up if gives_up < commitment else commitment)
            if dear:
                u -= dear * resolve
            utility.append(u)
        return utility

    def conduct(self) -> None:
        """What the day's act does to its sender."""
        act, own, model = self.act, self.own, self.model
        if act.posture:
            own[POSTURE] = min(max(own[POSTURE] + act.posture, 0.0), 1.0)
        own[COMMITMENT] = min(max(model.kept.commitment * own[COMMITMENT] + act.commitment, 0.0), 1.0)
        kept = model.kept.inconsistency
        self.inconsistency = kept * self.inconsistency + (1.0 - kept) * abs(act.hostility - self.tone)
        self.tone = act.hostility
        if act.concession > 0:
            self.gave_on = model.day

    def adjust(self) -> None:
        """Resolve moves: own type, fear of the rival, debate inside, talks."""
        traits, law, model, resolve = self.traits, self.model.adjustment, self.model, self.resolve
        resolve += (
            traits.recovery * (self.own_type - resolve)
            + traits.reactivity * (self.belief - law.fear_threshold)
            + traits.volatility * model.random.gauss(0.0, 1.0)
            - law.talks_softening * model.world[PROGRESS]
        )
        self.resolve = min(max(resolve, law.resolve_low), law.resolve_high)


class Coercer(Principal):
    """Presses, and may raid or invade."""

    def __init__(self, model: Crisis, name: str) -> None:
        super().__init__(model, name)
        self.killing = tuple(i for i, row in enumerate(self.rows) if row[7])
        self.peaceful = tuple(i for i, row in enumerate(self.rows) if not row[8])

    def utilities(self) -> list[float]:
        """Utility of each ordinary signal to the coercer."""
        model, traits, variance = self.model, self.traits, self.variance
        law, world = model.coercer_law, model.world
        posture, commitment = self.own
        belief = min(max(self.belief, 0.0), 1.0)
        slope, slope_b = law.yield_slope, law.risk_slope * law.risk_belief
        dearer = 1.0 + law.opposition_cost * world[OPPOSITION] - law.backing_relief * world[BACKING]
        utility = self.weigh(
            slope / math.sqrt(1.0 + EIGHTH_PI * slope * slope * variance),
            law.leverage_posture * posture
            + law.leverage_sanctions * world[SANCTIONS]
            + law.leverage_tempo * world[TEMPO]
            - law.leverage_support * world[SUPPORT]
            - belief
            - law.yield_bar,
            law.risk_slope / math.sqrt(1.0 + EIGHTH_PI * slope_b * slope_b * variance),
            law.risk_belief * belief
            + law.risk_posture * (posture + self.subject.own[POSTURE])
            - law.risk_bar,
            (1.0 - self.resolve) * traits.war_cost * dearer,
            traits.dual_track
            * (posture + law.dual_commitment * commitment)
            * (1.0 - law.dual_progress * world[PROGRESS]),
        )
        shame = model.start.scrutiny * world[DEATHS]
        for index in self.killing:
            utility[index] -= shame
        if world[CALLED]:
            price = traits.audience_cost * commitment
            for index in self.peaceful:
                utility[index] -= price
        return utility

    def worth(self, act: Act) -> float:
        """Utility of a raid or an invasion."""
        law, world, traits = self.model.assault, self.model.world, self.traits
        belief = min(max(self.belief, 0.0), 1.0)
        slope = law.slope / math.sqrt(1.0 + EIGHTH_PI * law.slope * law.slope * self.variance)
        win = 1.0 / (
            1.0 + math.exp(-slope * (self.own[POSTURE] - belief - law.support * world[SUPPORT] + law.edge))
        )
        dearer = 1.0 + law.opposition_cost * world[OPPOSITION] - law.backing_relief * world[BACKING]
        return (
            self.resolve * traits.stake * act.prize * win
            - (1.0 - self.resolve)
            * traits.war_cost
            * (act.cost_certain + act.cost_resisted * belief)
            * dearer
            - law.progress_loss * world[PROGRESS]
            - act.reluctance
        )


class Target(Principal):
    """Resists, and may strike first or leave."""

    def __init__(self, model: Crisis, name: str) -> None:
        super().__init__(model, name)
        scenario = model.tables.scenario
        self.doubt = scenario.fog_of(name).opacity * (1 - scenario.world.readout_share)

    def utilities(self) -> list[float]:
        """Utility of each ordinary signal to the target."""
        model, traits, variance = self.model, self.traits, self.variance
        law, world = model.target_law, model.world
        posture, rival_posture = self.own[POSTURE], self.subject.own[POSTURE]
        belief = min(max(self.belief, 0.0), 1.0)
        slope, slope_b = law.yield_slope, law.risk_slope * law.risk_belief
        return self.weigh(
            slope / math.sqrt(1.0 + EIGHTH_PI * slope * slope * variance),
            law.leverage_posture * posture
            + law.leverage_support * world[SUPPORT]
            + law.leverage_opposition * world[OPPOSITION]
            - belief
            - law.yield_bar,
            law.risk_slope / math.sqrt(1.0 + EIGHTH_PI * slope_b * slope_b * variance),
            law.risk_belief * belief
            + law.risk_posture * (posture + rival_posture)
            + (law.risk_ultimatum if world[ULTIMATUM] else 0.0)
            - law.risk_bar,
            (1.0 - self.resolve) * traits.war_cost,
            traits.dual_track * (rival_posture + law.dual_sanctions * world[SANCTIONS]),
        )

    def worth(self, act: Act) -> float:
        """Utility of striking first, or of the exit on offer."""
        model, traits = self.model, self.traits
        if act.decisive == "preempt":
            return -(1.0 - self.resolve) * traits.war_cost * (1.0 - model.plan.first_strike) - act.reluctance
        law, outreach = model.exit_law, model.start.outreach
        safe = model.start.immunity * (outreach + self.doubt * (model.world[TRUST] - outreach))
        return (
            law.safety * safe
            - law.betrayal * (1.0 - safe)
            - law.pride * self.resolve * traits.stake
            - act.reluctance
        )


class ThirdParty(Actor):
    """Watches the coercer; calls, mediates, opposes, backs or aids."""

    def choose(self) -> None:
        """Draw a signal by logit."""
        level = self.model.world[LEVEL]
        alarm = level * min(max(self.belief, 0.0), 1.0)
        utility = [a + b * level + c * alarm for a, b, c in self.weighing]
        for index, needs in self.needy:
            if self.unmet(needs):
                utility[index] = -math.inf
        self.act = self.acts[self.drawn(utility)]


class Crisis(mesa.Model):
    """One simulated crisis."""

    def __init__(self, shared: Tables, days: int, seed: int | None = None) -> None:
        super().__init__(seed=seed)
        self.tables = shared
        self.days, self.day = days, 0
        scenario = shared.scenario
        self.start, self.kept, self.clocks = scenario.world, scenario.kept, scenario.clocks
        self.plan = scenario.decisive
        self.drift, self.variance_cap = scenario.belief.drift, scenario.belief.variance_cap
        laws = scenario.coefficients
        self.coercer_law, self.target_law = laws.coercer, laws.target
        self.assault, self.exit_law = laws.assault, laws.exit
        self.perception, self.adjustment, self.conduct_law = laws.perception, laws.adjustment, laws.conduct
        self.chance_law, self.ending, self.echo = laws.chance, laws.ending, laws.shared.echo
        self.world = shared.world.copy()
        self.incident = self.bluffed = self.leaked = False
        self.settled = self.lost_control = self.limited_force = False
        self.outcome, self.level, self.peak = "", self.world[LEVEL], self.world[LEVEL]
        coercer, target, *others = shared.names
        self.coercer, self.target = Coercer(self, coercer), Target(self, target)
        self.coercer.watch(self.target)
        self.target.watch(self.coercer)
        self.third_parties = [ThirdParty(self, name) for name in others]
        for each in self.third_parties:
            each.watch(self.coercer)
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
        coercer, target, third_parties = self.coercer, self.target, self.third_parties
        coercer.choose()
        target.choose()
        for each in third_parties:
            each.choose()
        if coercer.act.decisive and target.act.decisive:
            yields = target if coercer.act.precedence < target.act.precedence else coercer
            yields.act = yields.hold
        self.apply()
        self.chance()
        coercer.read(target.act.channel, target.act.hostility, True)
        target.read(coercer.act.channel, coercer.act.hostility, True)
        self.overhear()
        coercer.adjust()
        target.adjust()
        self.end()
        self.datacollector.collect(self)
        self.day += 1

    def apply(self) -> None:
        """Effects of the day's signals on the world and on their senders."""
        world, kept, coercer, target = self.world, self.kept, self.coercer, self.target
        coercer.conduct()
        target.conduct()
        recent = self.day - self.clocks.concession
        both_gave = coercer.gave_on > recent and target.gave_on > recent
        change, pace = [0.0] * 8, 0.0
        for actor in (coercer, target, *self.third_parties):
            act = actor.act
            for index, amount in act.effects:
                change[index] += amount
            if both_gave and act.to_progress:
                change[PROGRESS] += act.to_progress
            pace += act.tempo
            if act.hardship:
                world[HARDSHIP] += act.hardship
            if act.deaths:
                world[DEATHS] += act.deaths if act.decisive else self.killed(act)
        for index, share, rest in self.tables.decay:
            x = world[index] + change[index]
            x = 0.0 if x < 0.0 else 1.0 if x > 1.0 else x
            world[index] = rest + share * (x - rest)
        world[TEMPO] = kept.tempo * world[TEMPO] + (1.0 - kept.tempo) * min(self.conduct_law.tempo_cap, pace)
        self.run_clocks()
        if coercer.act.force or target.act.force:
            self.limited_force = True
        world[LEVEL] = max(coercer.act.rung, target.act.rung, kept.level * world[LEVEL])

    def killed(self, act: Act) -> int:
        """Deaths of a strike, drawn (Poisson, by multiplying uniforms: Knuth)."""
        uniform, count = self.random.random, 0
        product = uniform()
        while product > act.no_deaths:
            count += 1
            product *= uniform()
        return count

    def run_clocks(self) -> None:
        """Exit offers lapse; ultimatums are answered, called, made good on or shown to be bluffs."""
        world, clocks, sent = self.world, self.clocks, self.coercer.act
        self.bluffed = False
        if world[OFFER]:
            world[OFFER] -= 1
        if world[ULTIMATUM]:
            if self.target.act.concession > 0:
                world[ULTIMATUM] = 0
            else:
                world[ULTIMATUM] -= 1
                if not world[ULTIMATUM]:
                    world[CALLED] = clocks.called
        elif world[CALLED]:
            if sent.force:
                world[CALLED] = 0
            else:
                world[CALLED] -= 1
                self.bluffed = not world[CALLED] and sent.opens != "ultimatum"
        if sent.opens == "offer":
            world[OFFER] = clocks.offer
        elif sent.opens == "ultimatum":
            world[ULTIMATUM], world[CALLED] = clocks.ultimatum, 0
        if self.bluffed:
            self.coercer.own[COMMITMENT] *= self.conduct_law.bluff_commitment

    def chance(self) -> None:
        """What nobody chose."""
        uniform, world, start, law = self.random.random, self.world, self.start, self.chance_law
        closeness = law.incident_posture * self.coercer.own[POSTURE] * self.target.own[POSTURE]
        self.incident = uniform() < start.incident_rate * (closeness + world[TEMPO])
        progress = world[PROGRESS]
        self.settled = progress > 0 and uniform() < start.settlement_rate * progress * progress
        above = world[LEVEL] - law.control_level
        self.lost_control = above > 0 and uniform() < start.loss_of_control * above
        self.leaked = self.coercer.act.channel == PRIVATE and uniform() < start.leak_rate

    def overhear(self) -> None:
        """Third parties read the coercer; private words are not heard, unless they leak."""
        act = self.coercer.act
        channel, hostility = act.channel, act.hostility
        if self.leaked:
            bend, gauss = self.start.leak_distortion, self.random.gauss
            for each in self.third_parties:
                each.read(VERBAL, min(max(hostility + bend * gauss(0.0, 1.0), -1.0), 1.0), False)
            return
        if channel == PRIVATE:
            channel, hostility = QUIET, 0.0
        for each in self.third_parties:
            each.read(channel, hostility, False)

    def end(self) -> None:
        """See whether the day ended the crisis."""
        world, level = self.world, self.world[LEVEL]
        ended: str = self.coercer.act.ends or self.target.act.ends
        if not ended and self.settled:
            ended = "settlement"
        if not ended and self.lost_control:
            ended = "loss_of_control"
            world[DEATHS] += self.chance_law.control_deaths
            world[HARDSHIP] += self.chance_law.control_hardship
        if ended:
            level = 10.0 if ended in WARS else 0.0
        elif self.day == self.days - 1:
            ended = "deescalation" if level < self.ending.deescalation_level else "standoff"
        if ended:
            self.outcome, self.running = ended, False
        self.level = level
        if level > self.peak:
            self.peak = level


class TunedCrisis(Crisis):
    """A crisis that ``mesa.batch_run`` can make from small values."""

    def __init__(self, file: str, days: int, seed: int, overrides: Overrides = ()) -> None:
        super().__init__(tables(file, overrides), days, seed=seed)
