"""A crisis solved exactly: every state that it can be in, and the chance to be in it, day by day.

No run is drawn. The same rules are used as in the engines, but put together once more from MODEL.md alone, with
the C library's exp. That is only possible where luck has few ways to fall: nothing made up where evidence is lost,
no spread between runs, no first error, no drift of resolve by chance. Who infers starts sure and grows unsure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import exp
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.rules import act, adjust, chance, choose, infer, perceive
from sim.scenario.counterfactual import SWITCHES
from sim.scenario.scenario import Scenario
from sim.schema.actors import Principal
from sim.schema.outcomes import Outcome
from sim.schema.signals import FADING, Kind, Signal

Chances = dict[str, float]


class Side(NamedTuple):
    """A principal."""

    resolve: float
    posture: float
    commitment: float
    credibility: float
    precedent: float
    mood: float
    fatigue: float
    inconsistency: float
    last_hostility: float
    fear: float
    belief: float
    variance: float
    appetite_belief: float
    appetite_variance: float


class State(NamedTuple):
    """All that the next day depends on; ``stances`` are those of the third parties."""

    world: tuple[float, ...]
    tempo: float
    tension: float
    demand: float
    tender: float
    offer: float
    ultimatum: float
    called: float
    spoke: float
    sides: tuple[Side, Side]
    stances: tuple[float, ...]

    def quantity(self, name: str) -> float:
        """A quantity of the world by its name."""
        return self.world[FADING.index(name)] if name in FADING else float(getattr(self, name))


class Weighed(NamedTuple):
    """What a principal made of a morning: utility, ∂U/∂θ and ∂U/∂η of each signal, and U - W and its slope of wars."""

    utility: Chances
    told: Chances
    relished: Chances
    wars: dict[str, tuple[float, float]]
    chances: Chances


@dataclass(frozen=True)
class Law:
    """Exact probabilities: of each outcome by day, of each signal by day and actor, and how many states there were.

    ``ended`` (days, outcomes) and ``sent`` (days, actors in seat order, signals in ladder order) are joint with
    still going that day; ``outcome`` (outcomes,) is of the whole horizon.
    """

    ended: NDArray[np.float64]
    sent: NDArray[np.float64]
    outcome: NDArray[np.float64]
    states: int


def solve(scenario: Scenario, days: int) -> Law:
    """The law of a scenario over a horizon."""
    return _Crisis(scenario).law(days)


class _Crisis:
    def __init__(self, scenario: Scenario) -> None:
        self.scenario, self.k = scenario, scenario.coefficients
        self.names = (scenario.coercer, scenario.target, *scenario.third_parties)
        self.traits = (scenario.principal("coercer"), scenario.principal("target"))
        self.weights: tuple[Any, Any] = (self.k.coercer, self.k.target)
        self.fogs = (scenario.fog_of("coercer"), scenario.fog_of("target"))
        for me in self.traits:
            assert me.resolve_spread == me.appetite_spread == me.volatility == 0, "traits are drawn"
            assert me.prior_error == me.prior_appetite_error == 0, "first beliefs are drawn"
        assert self.k.perception.made_up == 0 or not any(
            getattr(fog, switch) for fog in self.fogs for switch in SWITCHES
        ), "noise"
        self.start = self.first()

    def law(self, days: int) -> Law:
        ladder, seats = self.scenario.ladder, self.scenario.seats
        ended = np.zeros((days, len(Outcome)))
        sent = np.zeros((days, len(seats), len(ladder)))
        here, states = {self.start: 1.0}, 0
        for day in range(days):
            states += len(here)
            ahead: dict[State, float] = defaultdict(float)
            for state, likely in here.items():
                weighed = self.weigh(state, 0), self.weigh(state, 1)
                for acts, p in self.acts(state, weighed):
                    for name, signal in zip(self.names, acts, strict=True):
                        sent[day, seats.index(name), ladder.index(signal)] += likely * p
                    for outcome, q, after in self.fates(state, weighed, acts, last=day == days - 1):
                        if after is None:
                            ended[day, outcome] += likely * p * q
                        else:
                            ahead[after] += likely * p * q
            here = ahead
        outcome = ended.sum(axis=0)
        outcome[Outcome.standoff] += sum(here.values())
        assert abs(outcome.sum() - 1) < 1e-12
        return Law(ended, sent, outcome, states)

    def first(self) -> State:
        world = self.scenario.world
        levels = [adjust.first_resolve(self.k.adjustment, me, 0.0) for me in self.traits]
        coercer, target = (
            Side(
                levels[i], me.posture, me.commitment, me.credibility, me.precedent, me.mood, 0.0, 0.0, 0.0, 0.0,
                levels[1 - i], 0.0, self.traits[1 - i].appetite, 0.0,
            )
            for i, me in enumerate(self.traits)
        )  # fmt: skip
        shares = tuple(float(getattr(world, name)) for name in FADING)
        stances = tuple(self.scenario.third_party(name).stance for name in self.names[2:])
        return State(
            shares, world.tempo, world.tension, world.demand, world.tender, 0.0, 0.0, 0.0, 0.0, (coercer, target), stances
        )  # fmt: skip

    # Choose ------------------------------------------------------------------------------------

    def acts(self, state: State, weighed: tuple[Weighed, Weighed]) -> Iterator[tuple[list[str], float]]:
        """What all actors may send today, together, and how likely that is."""
        choices = [each.chances for each in weighed]
        choices += [self.third_party(state, place) for place in range(2, len(self.names))]
        for joint in product(*(choice.items() for choice in choices)):
            signals, p = [name for name, _ in joint], 1.0
            for _, q in joint:
                p *= q
            first, second = (self.scenario.signals[name] for name in signals[:2])
            if first.decisive and second.decisive:
                signals[0 if second.precedence < first.precedence else 1] = "hold"
            if p > 0.0:
                yield signals, p

    def possible(self, state: State, place: int, decisive: bool = False) -> dict[str, Signal]:
        def have(name: str) -> float:
            if name in ("posture", "commitment"):
                return float(getattr(state.sides[place], name))
            carried = state.quantity("mediation") if name == "contact" else 0.0
            return max(state.quantity(name), carried)

        signals = self.scenario.signals
        return {
            name: signals[name]
            for name in self.scenario.repertoire(self.names[place], decisive)
            if all(have(quantity) > least for quantity, least in signals[name].needs.items())
        }

    def as_sent(self, place: int, signal: Signal) -> tuple[float, float]:
        """Pressure and concession: the coercer's private words are leverage or a probe."""
        outreach = self.scenario.world.outreach
        if place == 0 and signal.kind is Kind.PRIVATE:
            return signal.pressure * 2 * (1 - outreach), signal.concession * 2 * outreach
        return signal.pressure, signal.concession

    def force(self, state: State, place: int) -> float:
        return choose.force(self.traits[place].capability, state.sides[place].posture)

    def weigh(self, state: State, place: int) -> Weighed:
        me, rival = state.sides[place], state.sides[1 - place]
        traits, my, k = self.traits[place], self.weights[place], self.k.choice
        own, other = self.force(state, place), self.force(state, 1 - place)
        share = {name: state.quantity(name) for name in FADING}
        firm = choose.firmness(me.belief)
        lever = choose.leverage(
            k, my, own, other, share["sanctions"], state.tempo, share["support"], share["opposition"]
        )
        cost = choose.war_cost(my, traits, share["opposition"], share["backing"], share["support"])
        opening = choose.opening(
            k, my, traits, own, other, me.commitment, share["sanctions"], share["mediation"]
        )
        utility, told, relished = {}, {}, {}
        for name, signal in self.possible(state, place).items():
            pressure, concession = self.as_sent(place, signal)
            gain = choose.yield_chance(
                k, my, lever, pressure, concession, firm, choose.certainty(k.yield_slope, 1.0, me.variance)
            )
            risk = choose.war_risk(
                k, signal.hostility, firm, me.fear, other, choose.alert(my, state.ultimatum, concession),
                choose.certainty(k.risk_slope, k.risk_firmness, me.variance),
            )  # fmt: skip
            bluff = choose.bluff_cost(k, traits, signal.commitment, signal.opens == "ultimatum", gain)
            told[name] = choose.telling(k, traits, signal.concession, gain, cost, risk, bluff)
            relished[name] = choose.relish(k, signal.hostility, signal.concession, signal.kind)
            paid = choose.price(
                k, signal, traits, traits.inclination.get(name, 0.0), me.commitment, me.precedent, me.last_hostility,
                rival.last_hostility, signal.kind is not Kind.PRIVATE,
            )  # fmt: skip
            paid += choose.called_bluff(my, traits, signal, me.commitment, state.called)
            utility[name] = choose.ordinary_utility(
                me.resolve, told[name], cost, risk, bluff, traits.appetite, relished[name], opening, concession,
                choose.warmth(k, me.mood, traits.mood, signal.hostility), paid + choose.blame(my, signal),
            )  # fmt: skip
        chances, wars = self.decide(state, place, utility, lever, cost)
        return Weighed(utility, told, relished, wars, chances)

    def decide(
        self, state: State, place: int, utility: Chances, lever: float, cost: float
    ) -> tuple[Chances, dict[str, tuple[float, float]]]:
        """The chance of each act, and the wars that are open against going on."""
        me, traits, my, rule = state.sides[place], self.traits[place], self.weights[place], self.k.going_on
        hope = choose.hope(
            my,
            rule,
            lever,
            choose.firmness(me.belief),
            choose.certainty(rule.hope_slope, 1.0, me.variance),
        )
        waiting = choose.going_on(
            my, traits, me.resolve, hope, me.fatigue, cost, me.fear, me.commitment, state.called
        )
        slope = choose.going_on_telling(traits, hope, me.fatigue, cost, me.fear)
        worth, wars = {}, {}
        for name, signal in self.possible(state, place, decisive=True).items():
            worth[name], told = self.worth(state, place, signal, cost)
            if signal.war:
                wars[name] = (worth[name] - waiting, told - slope)
        logit = softmax(utility, traits.temperature)
        if not worth:
            return logit, wars
        law, best = self.scenario.decisive, max(worth, key=lambda name: worth[name])
        taken = law.rate / (1 + exp(-(worth[best] - waiting) / law.temperature))
        return {name: (1 - taken) * p for name, p in logit.items()} | {best: taken}, wars

    def worth(self, state: State, place: int, signal: Signal, cost: float) -> tuple[float, float]:
        """Utility of a decisive act, and of a war what resolve adds to it."""
        me, traits, my, k = state.sides[place], self.traits[place], self.weights[place], self.k
        setting, share, firm = self.scenario.world, state.quantity, choose.firmness(me.belief)
        if signal.decisive == "terms":
            left = state.tender if place == 0 else 1 - state.demand
            kept = choose.kept_chance(k.terms, share("framework"), share("guarantee"))
            return choose.terms_utility(signal, traits, me.resolve, left, kept, me.commitment), 0.0
        if signal.decisive == "exit":
            known = choose.read_out(k.perception, setting.readout_share, share("mediation"))
            word = state.sides[0].credibility
            sincere = choose.sincerity(setting.outreach, word, choose.opaque(self.fogs[place]), known)
            value = choose.exit_utility(
                k.exit, signal, traits, me.resolve, setting.immunity, share("asylum"), sincere
            )
            return value, 0.0
        if signal.decisive == "preempt":
            saved, appetite = self.scenario.decisive.first_strike, traits.appetite
            value = choose.preempt_utility(k.choice, signal, me.resolve, appetite, cost, saved, me.precedent)
            return value, choose.preempt_telling(cost, saved)
        winning = choose.winning_chance(
            k.assault, self.force(state, place), self.force(state, 1 - place), share("access"), share("support"), firm,
            choose.certainty(k.assault.slope, 1.0, me.variance),
        )  # fmt: skip
        burden = choose.burden(k.assault, signal, firm, share("support"))
        value = choose.assault_utility(
            k.choice, my, signal, traits, me.resolve, traits.appetite, winning, cost, burden, me.precedent
        )
        return value, choose.assault_telling(signal, traits, winning, cost, burden)

    def third_party(self, state: State, place: int) -> Chances:
        actor, stance = self.scenario.actors[self.names[place]], state.stances[place - 2]
        coercer, target = state.sides
        grieved = choose.grievance(stance, coercer.last_hostility, target.last_hostility)
        utilities = {
            name: choose.third_party_utility(
                self.k.reacting, signal.reaction, signal.cost, actor.inclination.get(name, 0.0), stance, grieved,
                state.spoke, state.tension, target.fear,
            )
            for name, signal in self.possible(state, place).items()
        }  # fmt: skip
        return softmax(utilities, actor.temperature)

    # Act, chance, perceive, adjust, end -----------------------------------------------------------

    def fates(
        self, state: State, weighed: tuple[Weighed, Weighed], acts: list[str], last: bool
    ) -> Iterator[tuple[Outcome, float, State | None]]:
        """What may follow today's acts: (outcome, probability, None), or (standoff, probability, state of tomorrow).

        After the last day it does not matter which state.
        """
        signals = [self.scenario.signals[name] for name in acts]
        decisive = next((signal.ends for signal in signals[:2] if signal.decisive), "")
        if decisive:
            yield Outcome[decisive], 1.0, None
            return
        setting, k = self.scenario.world, self.k.chance
        spared = [exp(-signal.deaths) for signal in signals]
        for killed in product(*((False, True) if s.deaths else (False,) for s in signals)):
            bloody = 1.0
            for some, none in zip(killed, spared, strict=True):
                bloody *= 1 - none if some else none
            after = self.act(state, signals, killed)
            forces = self.force(after, 0), self.force(after, 1)
            lost = chance.control_chance(k, setting.loss_of_control, after.tension, *forces)
            faded = chance.fade_chance(k, setting.fade_rate, after.tension)
            yield Outcome.loss_of_control, bloody * lost, None
            yield Outcome.deescalation, bloody * (1 - lost) * faded, None
            if last:
                yield Outcome.standoff, bloody * (1 - lost) * (1 - faded), after
                continue
            collided = chance.incident_chance(k, setting.incident_rate, *forces, after.tempo)
            # What nobody misreads makes no difference, and would only double the states.
            collided *= max(fog.strikes for fog in self.fogs) > 0
            for incident, p in ((False, 1 - collided), (True, collided)):
                if p > 0.0:
                    going = bloody * (1 - lost) * (1 - faded) * p
                    yield Outcome.standoff, going, self.overnight(after, weighed, acts, incident)

    def act(self, state: State, signals: list[Signal], killed: tuple[bool, ...]) -> State:
        """The state once today's signals have worked."""
        clocks, kept, first, k = (
            self.scenario.clocks,
            self.scenario.kept,
            self.scenario.world,
            self.k.conduct,
        )
        coercer, target, *others = signals
        given = [self.as_sent(place, signals[place])[1] for place in (0, 1)]
        ultimatum, called, lapses = act.ultimatum_clocks(
            state.ultimatum, state.called, coercer.opens == "ultimatum", given[1] > 0, coercer.force, clocks.ultimatum,
            clocks.called,
        )  # fmt: skip
        world = []
        for name, value in zip(FADING, state.world, strict=True):
            effects = [self.effect(state, place, name, signal) for place, signal in enumerate(signals)]
            added, taken = (sum(max(sign * e, 0.0) for e in effects) for sign in (1, -1))
            rest = 0.0 if name == "contact" else float(getattr(first, name))
            world.append(act.moved(value, added, taken, float(getattr(kept, name)), rest))
        sides = [self.conduct(state, place, signals[place], given[1 - place] > 0) for place in (0, 1)]
        if lapses:
            sides[0] = sides[0]._replace(
                credibility=sides[0].credibility * k.bluff_credibility,
                commitment=sides[0].commitment * k.bluff_commitment,
            )
        shares = [act.conceded(self.k.terms, given[i], signals[i].kind is not Kind.PRIVATE) for i in (0, 1)]
        demand = act.demanded(state.demand, state.tender, shares[0], kept.terms)
        homes = [self.scenario.third_party(name).stance for name in self.names[2:]]
        return State(
            world=tuple(world),
            tempo=act.paced(state.tempo, sum(s.tempo for s in signals), kept.tempo, k.tempo_cap),
            tension=act.heated(
                k, state.tension, coercer.hostility, target.hostility, any(killed), kept.tension
            ),
            demand=demand,
            tender=act.tendered(state.demand, state.tender, shares[1], kept.terms, demand),
            offer=act.wound(state.offer, coercer.opens == "offer", clocks.offer),
            ultimatum=ultimatum,
            called=called,
            spoke=sum(s.speaks for s in others) / len(others) if others else 0.0,
            sides=(sides[0], sides[1]),
            stances=tuple(
                act.turned(k, stance, killed[0], killed[1], kept.stance, home)
                for stance, home in zip(state.stances, homes, strict=True)
            ),
        )

    def conduct(self, state: State, place: int, sent: Signal, relieved: bool) -> Side:
        me, home, kept, k = (
            state.sides[place],
            self.traits[place],
            self.scenario.kept,
            self.k.conduct,
        )
        public = sent.kind is not Kind.PRIVATE
        return me._replace(
            posture=act.deployed(me.posture, sent.posture, kept.posture, home.posture),
            commitment=act.staked(me.commitment, sent.commitment, kept.commitment),
            credibility=act.credible(
                k, me.credibility, me.commitment, sent.commitment, public, sent.force, kept.credibility, home.credibility
            ),
            precedent=act.crossed(me.precedent, sent.rung, kept.precedent),
            inconsistency=act.contradicted(
                me.inconsistency, sent.hostility, me.last_hostility, kept.inconsistency
            ),
            last_hostility=sent.hostility,
            fatigue=act.tired(self.k.going_on, me.fatigue, relieved),
        )  # fmt: skip

    def effect(self, state: State, place: int, name: str, signal: Signal) -> float:
        added = float(getattr(signal, name))
        if place == 0:
            return 0.0 if name == "opposition" else added
        if place == 1:
            return added
        actor = self.scenario.third_party(self.names[place])
        if signal.sided and state.stances[place - 2] > 0:
            added = {"opposition": 0.0, "backing": signal.backing + signal.opposition}.get(name, added)
        scale = {
            "access": actor.access,
            "support": actor.arms,
            "contact": actor.voice * self.k.reacting.contact,
        }
        return scale.get(name, actor.voice) * added

    def overnight(
        self, state: State, weighed: tuple[Weighed, Weighed], acts: list[str], incident: bool
    ) -> State:
        coercer, target = (
            self.evening(state, place, weighed[1 - place], acts[1 - place], incident) for place in (0, 1)
        )
        return state._replace(sides=(coercer, target))

    def evening(self, state: State, place: int, rival: Weighed, name: str, incident: bool) -> Side:
        """A principal after it has read the other's signal, and slept."""
        k, setting, limits, fog = self.k, self.scenario.world, self.scenario.belief, self.fogs[place]
        me, other, traits = state.sides[place], state.sides[1 - place], self.traits[place]
        sent, truth, appetite = (
            self.scenario.signals[name],
            other.resolve,
            self.traits[1 - place].appetite,
        )
        known = choose.read_out(k.perception, setting.readout_share, state.quantity("mediation"))
        loss = perceive.lost(k.perception, fog, float(sent.kind), state.tempo, other.inconsistency, known)
        through = perceive.evidence(k.perception, fog, state.quantity("framework"), loss)
        gap, gap_appetite = me.belief - truth, me.appetite_belief - appetite
        believed = {
            each: u + gap * rival.told[each] + gap_appetite * rival.relished[each]
            for each, u in rival.utility.items()
        }
        temperature = self.traits[1 - place].temperature
        expected = softmax(believed, temperature)
        (score, info), (score_a, info_a) = (
            score_and_information(expected, slope, name, temperature)
            for slope in (rival.told, rival.relished)
        )
        belief = perceive.believed(
            k.perception, fog, truth, me.belief, me.variance, through, score, info, 0.0, limits.resolve_low,
            limits.resolve_high,
        )  # fmt: skip
        appetite_belief = perceive.appetite_believed(
            k.perception, fog, appetite, me.appetite_belief, me.appetite_variance, through, score_a, info_a,
            traits.suspicion, 0.0, limits.appetite_most,
        )  # fmt: skip
        felt = perceive.felt(k.feeling, fog, sent.hostility, through, traits.suspicion, incident)
        seen = [
            infer.advantage_as_believed(u, told, belief - truth, appetite_belief - appetite)
            for u, told in rival.wars.values()
        ]
        law = self.scenario.decisive
        hazard = law.rate / (1 + exp(-max(seen) / law.temperature)) if seen else 0.0
        return me._replace(
            belief=belief,
            variance=perceive.doubt(fog, me.variance, info, through, limits.drift, limits.variance_cap),
            appetite_belief=appetite_belief,
            appetite_variance=perceive.doubt(
                fog, me.appetite_variance, info_a, through, limits.appetite_drift, limits.appetite_variance_cap
            ),
            mood=perceive.mood(
                k.feeling, me.mood, felt, self.weights[place].felt_force, self.force(state, 1 - place)
            ),
            fear=1 - exp(-k.feeling.fear_days * hazard),
            resolve=self.adjust(me, traits, self.start.sides[place].resolve),
        )  # fmt: skip

    def adjust(self, me: Side, traits: Principal, own: float) -> float:
        return adjust.adjusted(self.k.adjustment, traits, me.resolve, own, 0.0)


def score_and_information(
    expected: Chances, slope: Chances, sent: str, temperature: float
) -> tuple[float, float]:
    """∂ ln P(sent)/∂trait, and its variance under what was expected."""
    mean = sum(p * slope[name] for name, p in expected.items())
    variance = sum(p * (slope[name] - mean) ** 2 for name, p in expected.items())
    return (slope[sent] - mean) / temperature, variance / temperature**2


def softmax(utilities: Chances, temperature: float) -> Chances:
    """exp(U/temperature) over their sum, by the C library."""
    best = max(utilities.values())
    weights = {name: exp((u - best) / temperature) for name, u in utilities.items()}
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}
