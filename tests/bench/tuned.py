"""The model as a good programmer would tune it in plain Python: lists, floats, ``math.exp``, ``random.Random``.

Written from the model's equations alone and sharing no code with the project's engines. What does not
change between runs is laid out once a process in tuples; effects that are zero are left out; equal
exponentials of one day are taken once; a few lookups are hoisted out of the loops. Numbers in brackets are
those of the equations in MODEL.md.
"""

from __future__ import annotations

import math
from bisect import bisect
from functools import lru_cache
from itertools import accumulate
from operator import mul
from typing import TYPE_CHECKING, Any, Literal

import mesa

from tests.bench.setting import Overrides, setting

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

# The world is one list. The first ten are shares that return to rest; the last three are clocks, in days left.
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
CONTACT, FRAMEWORK, SANCTIONS, OPPOSITION, BACKING, SUPPORT, ACCESS, MEDIATION, GUARANTEE, ASYLUM = range(10)
TEMPO, TENSION, LEVEL, DEATHS, HARDSHIP, DEMAND, TENDER, OFFER, ULTIMATUM, CALLED = range(10, 20)
WORLD = (
    *SHARES,
    *("tempo", "tension", "level", "deaths", "hardship", "demand", "tender"),
    *("offer", "ultimatum", "called"),
)
POSTURE, COMMITMENT = 0, 1
OWN = ("posture", "commitment")

QUIET, VERBAL, MATERIAL, PRIVATE, ECONOMIC = range(5)
CLASSES = ("quiet", "verbal", "material", "private", "economic")
WARS = frozenset(("raid", "invasion", "attack", "loss_of_control"))
EIGHTH_PI = math.pi / 8
NEVER = -math.inf


# Places in the lifts and in the heats, hostility, constant, share of the stake given up, relish, rung/10, what is
# taken back in public, what an ultimatum stakes, and whether the signal gives something, and is force on land.
Row = tuple[int, int, float, float, float, float, float, float, float, bool, bool]


class Act:
    """One signal as one actor sends it."""

    __slots__ = (
        "blame",
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
        "heat",
        "hostility",
        "needs",
        "no_deaths",
        "opens",
        "posture",
        "precedence",
        "pressure",
        "prize",
        "public",
        "reluctance",
        "rung",
        "siding",
        "speaks",
        "tempo",
    )

    def __init__(self, scenario: Scenario, sender: str, name: str) -> None:
        signal, actor = scenario.signals[name], scenario.actors[sender]
        probing = actor.role == "coercer" and signal.class_ == "private"
        outreach = scenario.world.outreach
        self.pressure = signal.pressure * (2 * (1 - outreach) if probing else 1)
        self.concession = signal.concession * (2 * outreach if probing else 1)
        self.hostility, self.heat = signal.hostility, max(signal.hostility, 0.0)
        self.channel, self.public = CLASSES.index(signal.class_), signal.class_ != "private"
        self.rung, self.force, self.opens = signal.rung, signal.force, signal.opens
        self.posture, self.commitment = signal.posture, signal.commitment
        self.tempo, self.hardship, self.speaks = signal.tempo, signal.hardship, signal.speaks
        self.decisive, self.ends, self.precedence = signal.decisive, signal.ends, signal.precedence
        self.deaths, self.no_deaths = signal.deaths, math.exp(-min(signal.deaths, 700.0))
        self.prize, self.reluctance = signal.prize, signal.reluctance
        self.cost_certain, self.cost_resisted = signal.cost_certain, signal.cost_resisted
        laws = scenario.coefficients
        self.blame = getattr(laws, actor.role).scrutiny if actor.role != "third" and signal.deaths else 0.0
        amounts = {share: float(getattr(signal, share)) for share in SHARES}
        if actor.role == "coercer":
            amounts["opposition"] = 0.0
        elif actor.role == "third":
            scales = {"access": actor.access, "support": actor.arms}
            scales["contact"] = actor.voice * laws.reacting.contact
            amounts = {share: scales.get(share, actor.voice) * amount for share, amount in amounts.items()}
        self.effects = laid_out(amounts)
        # From a friend of the coercer the same goes to backing.
        sided = amounts | {"opposition": 0.0, "backing": amounts["backing"] + amounts["opposition"]}
        self.siding = laid_out(sided) if signal.sided and actor.role == "third" else self.effects
        self.needs = tuple(
            (q in OWN, OWN.index(q) if q in OWN else WORLD.index(q), bound)
            for q, bound in signal.needs.items()
        )


def laid_out(amounts: dict[str, float]) -> tuple[tuple[int, float], ...]:
    """Effects that are not zero, by place in the world."""
    return tuple((index, amounts[share]) for index, share in enumerate(SHARES) if amounts[share])


class Reading:
    """How one observer's fog bends what it sees: the switches multiplied in, once."""

    __slots__ = (
        "economic",
        "framework",
        "inconsistency",
        "most_acts",
        "most_words",
        "opacity",
        "rhetoric",
        "startled",
        "strikes",
        "suspects",
        "suspicion",
        "tempo",
        "unsure",
    )

    def __init__(self, scenario: Scenario, role: Literal["coercer", "target"]) -> None:
        law, fog = scenario.coefficients.perception, scenario.fog_of(role)
        suspicion = fog.suspicion * scenario.principal(role).suspicion
        self.unsure = fog.uncertainty
        self.framework = fog.framework * law.framework_loss
        self.rhetoric, self.inconsistency = (
            fog.rhetoric * law.rhetoric_loss,
            fog.rhetoric * law.inconsistency_loss,
        )
        self.strikes, self.tempo = fog.strikes * law.strikes_loss, fog.strikes * law.tempo_loss
        self.most_words, self.most_acts = fog.rhetoric * law.most_loss, fog.strikes * law.most_loss
        self.opacity, self.economic = fog.opacity * law.opacity_loss, fog.framework * law.economic_loss
        self.suspects = suspicion * law.suspicion
        self.suspicion = suspicion * scenario.coefficients.feeling.suspicion
        self.startled = fog.strikes > 0


class Tables:
    """All that the runs of a scenario share."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.names = (scenario.coercer, scenario.target, *scenario.third_parties)
        start = scenario.world
        self.world = [float(getattr(start, q)) for q in WORLD[:OFFER]] + [0.0, 0.0, 0.0]
        self.returning = tuple(
            (getattr(scenario.kept, q), 0.0 if q == "contact" else getattr(start, q)) for q in SHARES
        )
        self.readings = {
            scenario.coercer: Reading(scenario, "coercer"),
            scenario.target: Reading(scenario, "target"),
        }
        self.acts = {n: tuple(Act(scenario, n, s) for s in scenario.repertoire(n)) for n in self.names}
        self.decisive = {
            n: tuple(Act(scenario, n, s) for s in scenario.repertoire(n, decisive=True))
            for n in self.names[:2]
        }
        self.hold = {n: self.acts[n][scenario.repertoire(n).index("hold")] for n in self.names}
        self.needy = {
            n: tuple((i, act.needs) for i, act in enumerate(self.acts[n]) if act.needs) for n in self.names
        }
        # The distinct exponents of a day: several signals share a lift or a heat.
        self.lifts: dict[str, tuple[float, ...]] = {}
        self.heats: dict[str, tuple[tuple[float, bool], ...]] = {}
        self.rows: dict[str, tuple[Row, ...]] = {}
        for name in self.names[:2]:
            self.lay_out(name)
        self.reactions = {name: self.reacting(name) for name in self.names[2:]}

    def constants(self, name: str) -> list[float]:
        """Inclination to each signal less its cost."""
        scenario, inclined = self.scenario, self.scenario.actors[name].inclination
        return [inclined.get(each, 0.0) - scenario.signals[each].cost for each in scenario.repertoire(name)]

    def reacting(self, name: str) -> tuple[tuple[float, ...], ...]:
        """For each signal of a third party its constant and reactions; a constant alone if there are none."""
        rows = []
        for signal, constant in zip(self.scenario.repertoire(name), self.constants(name), strict=True):
            r = self.scenario.signals[signal].reaction
            row = (r.aligned, r.grievance, r.chorus, r.tension, r.neutral_tension, r.alarm, r.alarm_friend)
            rows.append((constant, *row) if any(row) else (constant,))
        return tuple(rows)

    def lay_out(self, name: str) -> None:
        """Rows over a principal's signals, with places in the lists of distinct lifts and heats."""
        scenario, acts, law = self.scenario, self.acts[name], self.scenario.coefficients.choice
        lifts = [act.pressure + act.concession for act in acts]
        heats = [(law.risk_hostility * act.heat, act.concession == 0) for act in acts]
        self.lifts[name], self.heats[name] = tuple(sorted(set(lifts))), tuple(sorted(set(heats)))
        rows = []
        for signal, act, lift, heat, constant in zip(
            scenario.repertoire(name), acts, lifts, heats, self.constants(name), strict=True
        ):
            given = scenario.signals[signal].concession
            words = 1.0 if act.channel == MATERIAL else law.relish_of_words
            rows.append(
                (
                    self.lifts[name].index(lift),
                    self.heats[name].index(heat),
                    act.hostility,
                    constant - act.blame,
                    law.given_up * given,
                    -given if act.hostility < 0 else words * act.hostility,
                    act.rung / 10,
                    max(-act.commitment, 0.0) if act.public else 0.0,
                    law.bluff * act.commitment if act.opens == "ultimatum" else 0.0,
                    act.concession > 0,
                    act.force,
                )
            )
        self.rows[name] = tuple(rows)


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
        self.acts, self.hold, self.needy = shared.acts[name], shared.hold[name], shared.needy[name]
        self.precision = 1.0 / shared.scenario.actors[name].temperature
        self.act = self.hold
        self.own: list[float] = []

    def drawn(self, utility: list[float]) -> int:
        """Index of a signal, with probability proportional to exp(utility / temperature)."""
        exp, best, precision = math.exp, max(utility), self.precision
        cumulative = list(accumulate([exp((u - best) * precision) for u in utility]))
        # random() * total < total but for rounding, where the last signal that can be drawn is meant.
        total = cumulative[-1]
        return bisect(cumulative, min(self.model.random.random() * total, math.nextafter(total, 0.0)))

    def unmet(self, needs: tuple[tuple[bool, int, float], ...]) -> bool:
        """Whether some need is not met; messages that are carried are contact too."""
        world = self.model.world
        for is_own, index, bound in needs:
            if (self.own if is_own else world)[index] <= bound and (
                is_own or index != CONTACT or world[MEDIATION] <= bound
            ):
                return True
        return False

    def rule_out(self, utility: list[float]) -> list[float]:
        """The same utilities, never of a signal whose needs are not met."""
        for index, needs in self.needy:
            if self.unmet(needs):
                utility[index] = NEVER
        return utility


class Principal(Actor):
    """The coercer or the target."""

    rival: Principal
    law: Any

    def __init__(self, model: Crisis, name: str) -> None:
        super().__init__(model, name)
        shared, gauss = model.tables, model.random.gauss
        role: Literal["coercer", "target"] = "coercer" if isinstance(self, Coercer) else "target"
        self.traits = me = shared.scenario.principal(role)
        self.reading = shared.readings[name]
        low, high = model.adjustment.resolve_low, model.adjustment.resolve_high
        drawn: float = me.resolve + me.resolve_spread * gauss(0.0, 1.0)
        self.own_type = self.resolve = min(max(drawn, low), high)
        self.appetite: float = me.appetite + me.appetite_spread * gauss(0.0, 1.0)
        self.own = [me.posture, me.commitment]
        self.force = me.capability * me.posture
        self.credibility, self.precedent, self.mood = me.credibility, me.precedent, me.mood
        self.fatigue = self.inconsistency = self.tone = self.fear = 0.0
        self.decisive, self.rows = shared.decisive[name], shared.rows[name]
        self.lifts, self.heats = shared.lifts[name], shared.heats[name]
        self.relish = [row[5] for row in self.rows]

    def watch(self, rival: Principal) -> None:
        """(33) Form the first beliefs about the other."""
        me, gauss, unsure = self.traits, self.model.random.gauss, self.reading.unsure
        self.rival = rival
        self.belief: float = rival.resolve + unsure * me.prior_error * gauss(0.0, 1.0)
        self.appetite_belief: float = rival.appetite + unsure * me.prior_appetite_error * gauss(0.0, 1.0)
        self.variance = unsure * me.prior_error**2
        self.appetite_variance = unsure * me.prior_appetite_error**2

    def choose(self) -> None:
        """Take the best decisive act if the moment comes, else draw an ordinary signal."""
        self.look_out()
        self.utility = self.rule_out(self.utilities())
        going_on, going_on_slope = self.going_on()
        self.wars: list[tuple[float, float]] = []
        best, taken = NEVER, None
        for act in self.decisive:
            if not self.unmet(act.needs):
                worth, slope = self.worth(act)
                if slope:
                    self.wars.append((worth - going_on, slope - going_on_slope))
                if worth > best:
                    best, taken = worth, act
        if taken is not None:
            plan = self.model.plan
            odds = math.exp(min((going_on - best) / plan.temperature, 700.0))
            if self.model.random.random() * (1.0 + odds) < plan.rate:
                self.act, self.sent = taken, -1
                return
        self.sent = self.drawn(self.utility)
        self.act = self.acts[self.sent]

    def look_out(self) -> None:
        """(1) to (4) What the choices of a morning have in common."""
        law, world, belief = self.law, self.model.world, self.belief
        self.firm = 0.0 if belief < 0.0 else 1.0 if belief > 1.0 else belief
        self.lever = (
            law.leverage_force * (self.force - self.model.net * self.rival.force)
            + law.leverage_sanctions * world[SANCTIONS]
            + law.leverage_tempo * world[TEMPO]
            + law.leverage_support * world[SUPPORT]
            + law.leverage_opposition * world[OPPOSITION]
            - self.firm
            - law.yield_bar
        )
        self.cost = self.traits.war_cost * (
            1.0
            + law.opposition_cost * world[OPPOSITION]
            - law.backing_relief * world[BACKING]
            + law.support_cost * world[SUPPORT]
        )

    def slope(self, steepness: float, weight: float) -> float:
        """(5) The slope of a logistic averaged over the belief."""
        return steepness / math.sqrt(1.0 + EIGHTH_PI * (steepness * weight) ** 2 * self.variance)

    def utilities(self) -> list[float]:
        """(6) to (10) Utility of each ordinary signal."""
        exp, me, law, model, world = math.exp, self.traits, self.law, self.model, self.model.world
        k, cost, resolve, appetite, own = model.choice, self.cost, self.resolve, self.appetite, self.own
        slope, lever, commitment = self.slope(k.yield_slope, 1.0), self.lever, own[COMMITMENT]
        gains = [1.0 / (1.0 + exp(-slope * (lever + lift))) for lift in self.lifts]
        slope = self.slope(k.risk_slope, k.risk_firmness)
        heat = k.risk_firmness * self.firm + k.risk_fear * self.fear + k.risk_force * self.rival.force
        heat -= k.risk_bar
        alert = law.risk_ultimatum if world[ULTIMATUM] else 0.0
        risks = [
            cost / (1.0 + exp(-slope * (heat + hot + (alert if heedless else 0.0))))
            for hot, heedless in self.heats
        ]
        talk = (
            me.dual_track
            * (
                law.dual_force * self.force
                + law.dual_rival_force * self.rival.force
                + law.dual_commitment * commitment
                + law.dual_sanctions * world[SANCTIONS]
            )
            + k.mediation_opening * world[MEDIATION]
        )
        stake, audience, half, breach = me.stake, me.audience_cost, 0.5 * me.reciprocity, k.breach
        steady, answer, tone, precedent = 0.5 * k.inertia, k.echo * self.rival.tone, self.tone, self.precedent
        warm = k.spiral * (self.mood - me.mood)
        called = law.called_cost * audience * commitment if world[CALLED] else 0.0
        utility, self.told = [], []
        for lift, hot, hostility, constant, gives, relish, rung, back, stakes, talks, force in self.rows:
            gain, risk = gains[lift], risks[hot]
            told = stake * (gain - gives) + risk
            gap, turn = hostility - answer, hostility - tone
            u = constant - risk + appetite * relish + warm * hostility - half * gap * gap
            u -= steady * turn * turn
            if stakes:
                bluff = audience * stakes * (1.0 - gain)
                told += bluff
                u -= bluff
            if talks:
                u += talk
            if rung > precedent:
                u -= breach * (rung - precedent)
            if back:
                u -= audience * (back if back < commitment else commitment)
            if called and not force:
                u -= called
            self.told.append(told)
            utility.append(u + resolve * told)
        return utility

    def going_on(self) -> tuple[float, float]:
        """(12) W, and what a bit more resolve would add to it."""
        k, law, me, resolve = self.model.going, self.law, self.traits, self.resolve
        hope = me.stake / (1.0 + math.exp(-self.slope(k.hope_slope, 1.0) * self.lever))
        hope *= 1.0 - self.fatigue
        dread = self.cost * self.fear
        failing = law.lock_in * self.fatigue
        if self.model.world[CALLED]:
            failing += law.called_cost
        shame = me.audience_cost * self.own[COMMITMENT] * failing
        return resolve * hope - (1.0 - resolve) * dread - shame, hope + dread

    def worth(self, act: Act) -> tuple[float, float]:
        """Utility of a decisive act, and of an act of war what a bit more resolve would add to it (else 0)."""
        model, me, resolve, world = self.model, self.traits, self.resolve, self.model.world
        if act.decisive == "terms":
            law, share = model.terms, self.share()
            kept = law.kept + (1.0 - law.kept) * world[FRAMEWORK] + law.guarantee * world[GUARANTEE]
            lost = me.audience_cost * self.own[COMMITMENT] * (1.0 - share)
            return resolve * me.stake * share * min(kept, 1.0) - lost - act.reluctance, 0.0
        if act.decisive == "exit":
            leaving, outreach = model.exit_law, model.start.outreach
            opaque = model.tables.scenario.fog_of("target").opacity * (1.0 - model.read_out())
            safe = min(1.0, model.start.immunity + leaving.asylum * world[ASYLUM])
            safe *= outreach + opaque * (self.rival.credibility - outreach)
            pride = leaving.pride * resolve * me.stake
            return leaving.safety * safe - leaving.betrayal * (1.0 - safe) - pride - act.reluctance, 0.0
        prize, borne, blame = 0.0, self.cost * (1.0 - model.plan.first_strike), 0.0
        if act.decisive == "assault":
            prize, borne, blame = *self.assault(act), act.blame
        above = act.rung / 10 - self.precedent
        price = model.choice.breach * above if above > 0.0 else 0.0
        value = resolve * prize - (1.0 - resolve) * borne + self.appetite
        return value - price - blame - act.reluctance, prize + borne

    def assault(self, act: Act) -> tuple[float, float]:
        """(13, 14) What an assault is expected to bring, and its burden."""
        law, world, firm = self.model.assault, self.model.world, self.firm
        edge = self.force - firm - law.rival_force * self.rival.force + law.edge
        edge += law.access * (world[ACCESS] - law.access_rest) - law.support * world[SUPPORT]
        win = 1.0 / (1.0 + math.exp(-self.slope(law.slope, 1.0) * edge))
        resisted = act.cost_resisted * firm * (1.0 + law.resisted_support * world[SUPPORT])
        return self.traits.stake * act.prize * win, self.cost * (act.cost_certain + resisted)

    def share(self) -> float:
        """What the terms of the day would leave it."""
        raise NotImplementedError

    def conduct(self) -> None:
        """(21, 22, 32) What the day's act does to its sender."""
        act, own, model, home = self.act, self.own, self.model, self.traits
        posture, commitment, kept = own[POSTURE], own[COMMITMENT], model.kept
        moved = act.posture * (1.0 - posture if act.posture > 0 else posture)
        own[POSTURE] = min(max(home.posture + kept.posture * (posture - home.posture) + moved, 0.0), 1.0)
        self.force = home.capability * own[POSTURE]
        word = self.credibility
        if act.commitment < 0 and act.public:
            word -= model.conduct_law.retreat_credibility * min(commitment, -act.commitment)
        if act.force:
            word += model.conduct_law.force_credibility * (1.0 - word)
        word = home.credibility + kept.credibility * (word - home.credibility)
        self.credibility = min(max(word, 0.0), 1.0)
        own[COMMITMENT] = min(max(kept.commitment * commitment + act.commitment, 0.0), 1.0)
        self.precedent = max(act.rung / 10, kept.precedent * self.precedent)
        share = kept.inconsistency
        self.inconsistency = share * self.inconsistency + (1.0 - share) * abs(act.hostility - self.tone)
        self.tone = act.hostility

    def tire(self) -> None:
        """(24) A day more, and whether the rival gave something."""
        self.fatigue += (1.0 - self.fatigue) / self.model.going.patience
        if self.rival.act.concession > 0:
            self.fatigue *= self.model.going.relief

    def getting_through(self) -> float:
        """(32) Share of the evidence in the rival's act that gets through."""
        fog, world, channel = self.reading, self.model.world, self.rival.act.channel
        open_ = 1.0 - fog.framework * (1.0 - world[FRAMEWORK])
        if channel == QUIET:
            return open_
        if channel == VERBAL:
            lost = min(fog.rhetoric + fog.inconsistency * self.rival.inconsistency, fog.most_words)
        elif channel == MATERIAL:
            lost = min(fog.strikes + fog.tempo * world[TEMPO], fog.most_acts)
        elif channel == PRIVATE:
            lost = fog.opacity * (1.0 - self.model.read_out())
        else:
            lost = fog.economic
        return open_ * (1.0 - lost)

    def perceive(self) -> None:
        """(30) to (35) Read the rival's act: beliefs and mood."""
        model, rival, gauss = self.model, self.rival, self.model.random.gauss
        through = self.getting_through()
        z, z_appetite = gauss(0.0, 1.0), gauss(0.0, 1.0)
        if not self.reading.unsure:
            self.belief, self.appetite_belief = rival.resolve, rival.appetite
        else:
            told, relished = self.evidence(rival.sent) if rival.sent >= 0 else ((0.0, 0.0), (0.0, 0.0))
            self.learn(through, told, relished, z, z_appetite)
        felt = rival.act.hostility + (1.0 - through) * self.reading.suspicion
        law = model.feeling
        if model.incident and self.reading.startled and felt < law.incident:
            felt = law.incident
        felt = min(max(felt, -1.0), 1.0) + self.law.felt_force * rival.force
        self.mood = min(max(self.mood + law.gain * felt - law.decay * self.mood, 0.0), 1.0)

    def evidence(self, sent: int) -> tuple[tuple[float, float], tuple[float, float]]:
        """(30, 31) Score and information about resolve, and about appetite, at what is believed."""
        rival, exp = self.rival, math.exp
        gap, gap_appetite = self.belief - rival.resolve, self.appetite_belief - rival.appetite
        told, relished, precision = rival.told, rival.relish, rival.precision
        believed = [
            u + gap * a + gap_appetite * p for u, a, p in zip(rival.utility, told, relished, strict=True)
        ]
        best = max(believed)
        total = mean = square = mean_appetite = square_appetite = 0.0
        for u, a, p in zip(believed, told, relished, strict=True):
            weight = exp((u - best) * precision)
            total += weight
            mean += weight * a
            square += weight * a * a
            mean_appetite += weight * p
            square_appetite += weight * p * p
        mean, mean_appetite = mean / total, mean_appetite / total
        spread = max(square / total - mean * mean, 0.0)
        spread_appetite = max(square_appetite / total - mean_appetite * mean_appetite, 0.0)
        return (
            ((told[sent] - mean) * precision, spread * precision * precision),
            ((relished[sent] - mean_appetite) * precision, spread_appetite * precision * precision),
        )

    def learn(
        self,
        through: float,
        told: tuple[float, float],
        relished: tuple[float, float],
        z: float,
        z_appetite: float,
    ) -> None:
        """(33, 34) Move the beliefs by what got through and by what is made up."""
        model, law, lost = self.model, self.model.limits, 1.0 - through
        made_up, (score, information) = model.perception.made_up, told
        variance = self.variance
        belief = self.belief + variance * (through * score + lost * made_up * math.sqrt(information) * z)
        self.belief = min(max(belief, law.resolve_low), law.resolve_high)
        variance = variance / (1.0 + variance * information * through) + law.drift
        self.variance = min(variance, law.variance_cap)
        score, information = relished
        variance, most = self.appetite_variance, law.appetite_most
        imagined = information * self.reading.suspects + made_up * math.sqrt(information) * z_appetite
        belief = self.appetite_belief + variance * (through * score + lost * imagined)
        self.appetite_belief = min(max(belief, -most), most)
        variance = variance / (1.0 + variance * information * through) + law.appetite_drift
        self.appetite_variance = min(variance, law.appetite_variance_cap)

    def dread(self) -> None:
        """(36) Fear that the rival goes to war."""
        rival, plan = self.rival, self.model.plan
        self.fear = 0.0
        if rival.wars:
            gap, gap_appetite = self.belief - rival.resolve, self.appetite_belief - rival.appetite
            most = max([u + gap * slope for u, slope in rival.wars]) + gap_appetite
            hazard = plan.rate / (1.0 + math.exp(min(-most / plan.temperature, 700.0)))
            self.fear = 1.0 - math.exp(-self.model.feeling.fear_days * hazard)

    def adjust(self) -> None:
        """Resolve moves overnight."""
        me, law, resolve = self.traits, self.model.adjustment, self.resolve
        resolve += me.recovery * (self.own_type - resolve)
        resolve += me.volatility * self.model.random.gauss(0.0, 1.0)
        self.resolve = min(max(resolve, law.resolve_low), law.resolve_high)


class Coercer(Principal):
    """Presses, and may raid or invade."""

    def __init__(self, model: Crisis, name: str) -> None:
        super().__init__(model, name)
        self.law = model.tables.scenario.coefficients.coercer

    def share(self) -> float:
        """What the target would give."""
        return self.model.world[TENDER]


class Target(Principal):
    """Resists, and may strike first or leave."""

    def __init__(self, model: Crisis, name: str) -> None:
        super().__init__(model, name)
        self.law = model.tables.scenario.coefficients.target

    def share(self) -> float:
        """What the coercer would leave it."""
        return 1.0 - self.model.world[DEMAND]


class ThirdParty(Actor):
    """Watches; speaks, carries messages, gives and takes what the principals need."""

    def __init__(self, model: Crisis, name: str) -> None:
        super().__init__(model, name)
        self.home = self.stance = model.tables.scenario.third_party(name).stance
        self.reactions = model.tables.reactions[name]

    def utilities(self) -> list[float]:
        """(18) Utility of each signal."""
        model, law, stance = self.model, self.model.reacting, self.stance
        ally, friend = (stance, 0.0) if stance > 0.0 else (0.0, -stance)
        grievance = friend * max(model.coercer.tone, 0.0) + ally * max(model.target.tone, 0.0)
        chorus = model.spoke - law.chorus_rest
        tension, alarm = model.world[TENSION] - law.tension_rest, model.target.fear - law.alarm_rest
        neutral = (1.0 - ally - friend) * tension
        friendly = friend * alarm
        feelings = (1.0, stance, grievance, chorus, tension, neutral, alarm, friendly)
        # A row of one number is a signal without reactions.
        return [sum(map(mul, row, feelings)) for row in self.reactions]

    def choose(self) -> None:
        """Draw a signal by logit."""
        self.utility = self.rule_out(self.utilities())
        self.act = self.acts[self.drawn(self.utility)]

    def turn(self, by_coercer: bool, by_target: bool) -> None:
        """(26) Turn away from who killed, and return."""
        stance, shift = self.stance, self.model.conduct_law.stance_shift
        if by_coercer:
            stance -= shift * (1.0 - abs(stance))
        if by_target:
            stance += shift * (1.0 - abs(stance))
        stance = min(max(stance, -1.0), 1.0)
        self.stance = self.home + self.model.kept.stance * (stance - self.home)


class Crisis(mesa.Model):
    """One simulated crisis."""

    def __init__(self, shared: Tables, days: int, seed: int | None = None) -> None:
        super().__init__(seed=seed)
        self.tables = shared
        self.days, self.day = days, 0
        scenario = shared.scenario
        self.start, self.kept, self.clocks = scenario.world, scenario.kept, scenario.clocks
        self.plan, self.limits, laws = scenario.decisive, scenario.belief, scenario.coefficients
        self.choice, self.going, self.assault, self.exit_law = (
            laws.choice,
            laws.going_on,
            laws.assault,
            laws.exit,
        )
        self.terms, self.reacting, self.perception = laws.terms, laws.reacting, laws.perception
        self.feeling, self.conduct_law = laws.feeling, laws.conduct
        self.adjustment, self.chance_law, self.net = laws.adjustment, laws.chance, laws.choice.rival_force
        self.world = shared.world.copy()
        self.spoke = 0.0
        self.incident = self.lapsed = self.lost_control = self.faded = self.limited_force = False
        self.outcome, self.level, self.peak = "", self.world[LEVEL], self.world[LEVEL]
        coercer, target, *others = shared.names
        self.coercer, self.target = Coercer(self, coercer), Target(self, target)
        self.coercer.watch(self.target)
        self.target.watch(self.coercer)
        self.third_parties = [ThirdParty(self, name) for name in others]
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
        share = self.start.readout_share
        return share + self.perception.mediation_readout * (1.0 - share) * self.world[MEDIATION]

    def step(self) -> None:
        """One day."""
        coercer, target = self.coercer, self.target
        coercer.choose()
        target.choose()
        for each in self.third_parties:
            each.choose()
        if coercer.act.decisive and target.act.decisive:
            yields = coercer if target.act.precedence < coercer.act.precedence else target
            yields.act = yields.hold
        self.apply()
        self.chance()
        coercer.perceive()
        target.perceive()
        coercer.dread()
        target.dread()
        coercer.adjust()
        target.adjust()
        self.end()
        self.datacollector.collect(self)
        self.day += 1

    def apply(self) -> None:
        """Effects of the day's signals on the world and on their senders."""
        world, kept, coercer, target = self.world, self.kept, self.coercer, self.target
        self.run_clocks()
        added, taken, pace = [0.0] * 10, [0.0] * 10, 0.0
        speaking = 0
        for index, amount in (*coercer.act.effects, *target.act.effects):
            (added if amount > 0 else taken)[index] += amount
        for each in self.third_parties:
            act = each.act
            speaking += act.speaks
            for index, amount in act.siding if each.stance > 0 else act.effects:
                (added if amount > 0 else taken)[index] += amount
        for index, (share, rest) in enumerate(self.tables.returning):
            x = world[index]
            x += added[index] * (1.0 - x) + taken[index] * x
            x = 0.0 if x < 0.0 else 1.0 if x > 1.0 else x
            world[index] = rest + share * (x - rest)
        killed = []
        for actor in (coercer, target, *self.third_parties):
            act = actor.act
            pace += act.tempo
            world[HARDSHIP] += act.hardship
            dead = act.deaths if act.decisive else self.killed(act) if act.deaths else 0
            world[DEATHS] += dead
            killed.append(dead > 0)
        world[TEMPO] = kept.tempo * world[TEMPO] + (1.0 - kept.tempo) * min(self.conduct_law.tempo_cap, pace)
        for each in self.third_parties:
            each.turn(killed[0], killed[1])
        coercer.conduct()
        target.conduct()
        if self.lapsed:
            coercer.credibility *= self.conduct_law.bluff_credibility
            coercer.own[COMMITMENT] *= self.conduct_law.bluff_commitment
        heat = max(coercer.act.heat, target.act.heat) + (self.conduct_law.blood if any(killed) else 0.0)
        world[TENSION] = kept.tension * world[TENSION] + (1.0 - kept.tension) * min(heat, 1.0)
        coercer.tire()
        target.tire()
        self.bargain()
        self.spoke = speaking / len(self.third_parties) if self.third_parties else 0.0
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

    def bargain(self) -> None:
        """(25) Demand and tender move toward each other by what is conceded, and go stale."""
        world, law, kept = self.world, self.terms, self.kept.terms
        gap = law.give * (world[DEMAND] - world[TENDER])
        asking, giving = self.coercer.act, self.target.act
        lowered = gap * asking.concession * (1.0 if asking.public else law.private)
        raised = gap * giving.concession * (1.0 if giving.public else law.private)
        demand = min(max(1.0 - kept * (1.0 - world[DEMAND]) - lowered, 0.0), 1.0)
        world[DEMAND], world[TENDER] = demand, min(max(kept * world[TENDER] + raised, 0.0), demand)

    def run_clocks(self) -> None:
        """Exit offers lapse; ultimatums are answered, called, made good on or shown to be bluffs."""
        world, clocks, sent = self.world, self.clocks, self.coercer.act
        self.lapsed = False
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
                self.lapsed = not world[CALLED] and sent.opens != "ultimatum"
        if sent.opens == "offer":
            world[OFFER] = clocks.offer
        elif sent.opens == "ultimatum":
            world[ULTIMATUM], world[CALLED] = clocks.ultimatum, 0

    def chance(self) -> None:
        """(27) to (29) What nobody chose."""
        uniform, world, start, law = self.random.random, self.world, self.start, self.chance_law
        forces, tension = self.coercer.force * self.target.force, world[TENSION]
        self.incident = uniform() < start.incident_rate * (law.incident_force * forces + world[TEMPO])
        slip = start.loss_of_control * tension * tension * law.control_force * forces
        self.lost_control = uniform() < slip
        calm = 1.0 - tension / law.fade_tension
        self.faded = calm > 0 and uniform() < start.fade_rate * calm * calm

    def end(self) -> None:
        """See whether the day ended the crisis."""
        world, level = self.world, self.world[LEVEL]
        ended: str = self.coercer.act.ends or self.target.act.ends
        if not ended and self.lost_control:
            ended = "loss_of_control"
            world[DEATHS] += self.chance_law.control_deaths
            world[HARDSHIP] += self.chance_law.control_hardship
        elif not ended and self.faded:
            ended = "deescalation"
        if ended:
            level = 10.0 if ended in WARS else 0.0
        elif self.day == self.days - 1:
            ended = "standoff"
        if ended:
            self.outcome, self.running = ended, False
        self.level = level
        if level > self.peak:
            self.peak = level


class TunedCrisis(Crisis):
    """A crisis that ``mesa.batch_run`` can make from small values."""

    def __init__(self, file: str, days: int, seed: int, overrides: Overrides = ()) -> None:
        super().__init__(tables(file, overrides), days, seed=seed)
