"""A crisis solved exactly: every state that it can be in, and the chance to be in it, day by day.

No run is drawn. The same rules are used as in the engines, but put together once more from MODEL.md alone, with
the C library's exp. That is only possible where luck has few ways to fall: no noise in what is read (ς = 0), no
spread between runs, no drift of resolve by chance, and deaths that nobody minds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import exp
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.rules import act, adjust, chance, choose, perceive
from sim.scenario.scenario import Scenario
from sim.schema.actors import Principal
from sim.schema.outcomes import Outcome
from sim.schema.signals import Kind, Signal
from sim.schema.world import Fog

FADING = ("contact", "framework", "trust", "progress", "sanctions", "opposition", "backing", "support")
Chances = dict[str, float]


class Side(NamedTuple):
    """A principal."""

    resolve: float
    posture: float
    commitment: float
    last_hostility: float
    belief: float
    variance: float


class State(NamedTuple):
    """All that the next day depends on. ``watchers`` are belief and variance of each third party."""

    world: tuple[float, ...]
    tempo: float
    level: float
    offer: float
    ultimatum: float
    called: float
    conceded: tuple[float, float]
    coercer: Side
    target: Side
    watchers: tuple[tuple[float, float], ...]

    def quantity(self, name: str) -> float:
        """A quantity of the world by its name."""
        return self.world[FADING.index(name)] if name in FADING else float(getattr(self, name))


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
        self.sides = (scenario.principal("coercer"), scenario.principal("target"))
        self.fogs = [scenario.fog_of(name) for name in self.names]
        self.start = self.first()
        for side in self.sides:
            assert side.resolve_spread == 0 and side.volatility == 0, "resolve is drawn"
        for name in self.names:
            assert scenario.actors[name].prior_error == 0, "beliefs are drawn"
        assert scenario.world.scrutiny == 0, "deaths are drawn"
        assert scenario.world.leak_distortion == 0, "leaks are drawn"

    def law(self, days: int) -> Law:
        ladder, seats = self.scenario.ladder, self.scenario.seats
        ended = np.zeros((days, len(Outcome)))
        sent = np.zeros((days, len(seats), len(ladder)))
        here, states = {self.start: 1.0}, 0
        for day in range(days):
            states += len(here)
            ahead: dict[State, float] = defaultdict(float)
            for state, likely in here.items():
                for acts, p in self.acts(state):
                    for name, signal in acts.items():
                        sent[day, seats.index(name), ladder.index(signal)] += likely * p
                    for outcome, q, after in self.fates(state, acts):
                        if after is None:
                            ended[day, outcome] += likely * p * q
                        else:
                            ahead[after] += likely * p * q
            here = ahead
        outcome = ended.sum(axis=0)
        for state, likely in here.items():
            calm = state.level < self.k.ending.deescalation_level
            outcome[Outcome.deescalation if calm else Outcome.standoff] += likely
        assert abs(outcome.sum() - 1) < 1e-12
        return Law(ended, sent, outcome, states)

    def first(self) -> State:
        world = self.scenario.world
        v = [perceive.first_variance(fog, self.scenario.belief.variance) for fog in self.fogs]
        levels = [adjust.first_resolve(self.k.adjustment, side, 0.0) for side in self.sides]
        coercer, target = (
            Side(levels[i], self.sides[i].posture, self.sides[i].commitment, 0.0, levels[1 - i], v[i])
            for i in (0, 1)
        )
        watchers = tuple((levels[0], v[i]) for i in range(2, len(self.names)))
        fading = tuple(float(getattr(world, name)) for name in FADING)
        return State(fading, world.tempo, world.level, 0.0, 0.0, 0.0, (0.0, 0.0), coercer, target, watchers)

    # Choose ------------------------------------------------------------------------------------

    def acts(self, state: State) -> Iterator[tuple[dict[str, str], float]]:
        """What all actors may send today, together, and how likely that is."""
        choices = [self.coercer(state), self.target(state)]
        choices += [self.third_party(state, i) for i in range(2, len(self.names))]
        for joint in product(*(choice.items() for choice in choices)):
            signals = [name for name, _ in joint]
            p = 1.0
            for _, q in joint:
                p *= q
            first, second = (self.scenario.signals[name] for name in signals[:2])
            if first.decisive and second.decisive:
                signals[0 if second.precedence < first.precedence else 1] = "hold"
            if p > 0.0:
                yield dict(zip(self.names, signals, strict=True)), p

    def possible(self, state: State, place: int, decisive: bool = False) -> dict[str, Signal]:
        side = (state.coercer, state.target)[place] if place < 2 else None
        found = {}
        for name in self.scenario.repertoire(self.names[place], decisive):
            signal = self.scenario.signals[name]
            have = [
                getattr(side, q) if q in ("posture", "commitment") else state.quantity(q)
                for q in signal.needs
            ]
            if all(got > least for got, least in zip(have, signal.needs.values(), strict=True)):
                found[name] = signal
        return found

    def as_sent(self, place: int, signal: Signal) -> tuple[float, float]:
        """Pressure and concession: the coercer's private words are leverage or a probe."""
        outreach = self.scenario.world.outreach
        if place == 0 and signal.kind is Kind.PRIVATE:
            return signal.pressure * 2 * (1 - outreach), signal.concession * 2 * outreach
        return signal.pressure, signal.concession

    def paid(self, state: State, place: int, name: str, signal: Signal) -> float:
        me, rival = (state.coercer, state.target)[:: 1 if place == 0 else -1]
        traits = self.sides[place]
        inclination = traits.inclination.get(name, 0.0)
        return choose.price(
            signal, traits, inclination, me.resolve, me.commitment, rival.last_hostility, self.k.shared.echo
        )

    def coercer(self, state: State) -> Chances:
        me, traits, k = state.coercer, self.sides[0], self.k.coercer
        b = choose.alarm(me.belief)
        yields, risks = (
            choose.certainty(k.yield_slope, 1.0, me.variance),
            choose.certainty(k.risk_slope, k.risk_belief, me.variance),
        )
        leverage = choose.coercer_leverage(
            k, me.posture, state.quantity("sanctions"), state.tempo, state.quantity("support")
        )
        bare = choose.bare_dread(traits, me.resolve)
        opposition, backing, progress = (state.quantity(q) for q in ("opposition", "backing", "progress"))
        dread = choose.watched_dread(k, bare, opposition, backing)
        opening = choose.coercer_opening(k, traits, me.posture, me.commitment, progress)
        stake = me.resolve * traits.stake
        ordinary = {}
        for name, signal in self.possible(state, 0).items():
            pressure, concession = self.as_sent(0, signal)
            gain = choose.yield_chance(k, leverage, pressure, concession, b, yields)
            risk = choose.war_risk(k, signal.hostility, b, me.posture + state.target.posture, 0.0, risks)
            paid = self.paid(state, 0, name, signal)
            paid += choose.called_bluff(traits, signal, me.commitment, state.called)
            ordinary[name] = choose.ordinary_utility(stake, gain, dread, risk, opening, concession, paid)
        ka = self.k.assault
        winning = choose.winning_chance(
            ka, me.posture, b, state.quantity("support"), choose.certainty(ka.slope, 1.0, me.variance)
        )
        decisive = {
            name: choose.assault_utility(ka, signal, stake, winning, bare, b, opposition, backing, progress)
            for name, signal in self.possible(state, 0, decisive=True).items()
        }
        return self.chances(ordinary, decisive, traits)

    def target(self, state: State) -> Chances:
        me, traits, k, setting = state.target, self.sides[1], self.k.target, self.scenario.world
        b = choose.alarm(me.belief)
        yields, risks = (
            choose.certainty(k.yield_slope, 1.0, me.variance),
            choose.certainty(k.risk_slope, k.risk_belief, me.variance),
        )
        leverage = choose.target_leverage(
            k, me.posture, state.quantity("support"), state.quantity("opposition")
        )
        dread = choose.bare_dread(traits, me.resolve)
        alert = k.risk_ultimatum if state.ultimatum > 0 else 0.0
        opening = choose.target_opening(k, traits, state.coercer.posture, state.quantity("sanctions"))
        stake = me.resolve * traits.stake
        ordinary = {}
        for name, signal in self.possible(state, 1).items():
            gain = choose.yield_chance(k, leverage, signal.pressure, signal.concession, b, yields)
            risk = choose.war_risk(k, signal.hostility, b, me.posture + state.coercer.posture, alert, risks)
            paid = self.paid(state, 1, name, signal)
            ordinary[name] = choose.ordinary_utility(
                stake, gain, dread, risk, opening, signal.concession, paid
            )
        sincere = choose.sincerity(
            setting.outreach, state.quantity("trust"), self.fogs[1].opacity, setting.readout_share
        )
        decisive = {
            name: choose.exit_utility(self.k.exit, signal, setting.immunity, sincere, stake)
            if signal.decisive == "exit"
            else choose.preempt_utility(signal, dread, self.scenario.decisive.first_strike)
            for name, signal in self.possible(state, 1, decisive=True).items()
        }
        return self.chances(ordinary, decisive, traits)

    def third_party(self, state: State, place: int) -> Chances:
        traits = self.scenario.third_party(self.names[place])
        b = choose.alarm(state.watchers[place - 2][0])
        utilities = {
            name: choose.third_party_utility(
                signal.interest,
                signal.cost,
                traits.inclination.get(name, 0.0),
                traits.alignment,
                state.level,
                b,
            )
            for name, signal in self.possible(state, place).items()
        }
        return softmax(utilities, traits.temperature)

    def chances(self, ordinary: Chances, decisive: Chances, traits: Principal) -> Chances:
        logit = softmax(ordinary, traits.temperature)
        if not decisive:
            return logit
        law = self.scenario.decisive
        best = max(decisive, key=lambda name: decisive[name])
        taken = law.rate / (1 + exp(-(decisive[best] - max(ordinary.values())) / law.temperature))
        return {name: (1 - taken) * p for name, p in logit.items()} | {best: taken}

    # Act, chance, perceive, adjust, end -----------------------------------------------------------

    def fates(self, state: State, acts: dict[str, str]) -> Iterator[tuple[Outcome, float, State | None]]:
        """What may follow today's acts: (outcome, probability, None), or (standoff, probability, state of tomorrow)."""
        signals = [self.scenario.signals[acts[name]] for name in self.names]
        after, bluff = self.act(state, signals)
        decisive = next((signal.ends for signal in signals[:2] if signal.decisive), "")
        if decisive:
            yield Outcome[decisive], 1.0, None
            return
        setting, k = self.scenario.world, self.k.chance
        settled = chance.settlement_chance(setting.settlement_rate, after.quantity("progress"))
        lost = chance.control_chance(k, setting.loss_of_control, after.level)
        collided = chance.incident_chance(
            k, setting.incident_rate, after.coercer.posture, after.target.posture, after.tempo
        )
        yield Outcome.settlement, settled, None
        yield Outcome.loss_of_control, (1 - settled) * lost, None
        # What nobody misreads makes no difference, and would only double the states.
        collided *= max(fog.strikes for fog in self.fogs[:2]) > 0
        leaks = setting.leak_rate if signals[0].kind is Kind.PRIVATE and len(signals) > 2 else 0.0
        for incident, leak in product((False, True), (False, True)):
            p = (collided if incident else 1 - collided) * (leaks if leak else 1 - leaks)
            if p > 0.0:
                going = (1 - settled) * (1 - lost) * p
                yield Outcome.standoff, going, self.overnight(after, signals, bluff, incident, leak)

    def act(self, state: State, signals: list[Signal]) -> tuple[State, bool]:
        """The state once today's signals have worked, and whether an ultimatum lapsed."""
        clocks, kept, first = self.scenario.clocks, self.scenario.kept, self.scenario.world
        conceded = [self.as_sent(place, signals[place])[1] > 0 for place in (0, 1)]
        recent = (
            act.wound(state.conceded[0], conceded[0], clocks.concession),
            act.wound(state.conceded[1], conceded[1], clocks.concession),
        )
        ultimatum, called, bluff = act.ultimatum_clocks(
            state.ultimatum,
            state.called,
            signals[0].opens == "ultimatum",
            conceded[1],
            signals[0].force,
            clocks.ultimatum,
            clocks.called,
        )
        talks = min(recent) > 0
        recent = recent if len(signals) > 2 else (0.0, 0.0)  # only third parties look at it
        world = []
        for name, value in zip(FADING, state.world, strict=True):
            added = {self.scenario.actors[n].seat: 0.0 for n in self.names}
            for place, signal in enumerate(signals):
                actor = self.scenario.actors[self.names[place]]
                added[actor.seat] = self.effect(place, name, float(getattr(signal, name)), talks)
            rest = float(getattr(first, name)) if name in ("framework", "trust") else 0.0
            total = 0.0
            for seat in sorted(added):
                total += added[seat]
            world.append(act.moved(value, total, float(getattr(kept, name)), rest))
        strikes = sum(signal.tempo for signal in signals)
        staked = act.staked(state.coercer.commitment, signals[0].commitment, kept.commitment)
        coercer = state.coercer._replace(
            posture=act.deployed(state.coercer.posture, signals[0].posture),
            commitment=staked * self.k.conduct.bluff_commitment if bluff else staked,
            last_hostility=signals[0].hostility,
        )
        target = state.target._replace(
            posture=act.deployed(state.target.posture, signals[1].posture),
            commitment=act.staked(state.target.commitment, signals[1].commitment, kept.commitment),
            last_hostility=signals[1].hostility,
        )
        after = state._replace(
            world=tuple(world),
            tempo=act.paced(state.tempo, strikes, kept.tempo, self.k.conduct.tempo_cap),
            level=act.escalated(state.level, max(signals[0].rung, signals[1].rung), kept.level),
            offer=act.wound(state.offer, signals[0].opens == "offer", clocks.offer),
            ultimatum=ultimatum,
            called=called,
            conceded=recent,
            coercer=coercer,
            target=target,
        )
        return after, bluff

    def effect(self, place: int, name: str, added: float, talks: bool) -> float:
        if place == 0:
            return 0.0 if name == "opposition" else added
        if place == 1:
            return added
        silent = name == "contact" or (name == "progress" and not talks)
        return 0.0 if silent else self.scenario.third_party(self.names[place]).influence * added

    def overnight(
        self, state: State, signals: list[Signal], bluff: bool, incident: bool, leak: bool
    ) -> State:
        coercer, target = state.coercer, state.target
        mine = self.read(state, 0, target.resolve, signals[1], False, incident, coercer[4:])
        theirs = self.read(state, 1, coercer.resolve, signals[0], bluff, incident, target[4:])
        watchers = tuple(
            self.read(
                state, place, coercer.resolve, signals[0], bluff, False, state.watchers[place - 2], leak
            )
            for place in range(2, len(signals))
        )
        own = self.start
        progress = state.quantity("progress")
        coercer = coercer._replace(belief=mine[0], variance=mine[1])
        target = target._replace(belief=theirs[0], variance=theirs[1])
        return state._replace(
            coercer=self.adjust(coercer, self.sides[0], own.coercer.resolve, progress),
            target=self.adjust(target, self.sides[1], own.target.resolve, progress),
            watchers=watchers,
        )

    def adjust(self, side: Side, traits: Principal, own: float, progress: float) -> Side:
        moved = adjust.adjusted(self.k.adjustment, traits, side.resolve, own, side.belief, progress, 0.0)
        return side._replace(resolve=moved)

    def read(
        self,
        state: State,
        place: int,
        truth: float,
        signal: Signal,
        bluff: bool,
        incident: bool,
        before: tuple[float, ...],
        leak: bool = False,
    ) -> tuple[float, float]:
        """Belief and variance after today, where nothing that is read is noisy."""
        fog: Fog = self.fogs[place]
        k, setting, belief = self.k.perception, self.scenario.world, self.scenario.belief
        kind, hostility = float(signal.kind), signal.hostility
        if place > 1 and signal.kind is Kind.PRIVATE:
            kind, hostility = (float(Kind.VERBAL), hostility) if leak else (float(Kind.QUIET), 0.0)
        framework = state.quantity("framework")
        assert perceive.noise(k, fog, kind, framework, setting.readout_share, state.tempo, 2.0) == 0, "noise"
        blurred = perceive.blur(k, fog, kind, framework, setting.readout_share)
        look = 0.5 + 0.5 * hostility
        if bluff:
            blurred, look = min(1.0, blurred + fog.rhetoric * k.bluff_blur), k.bluff_appearance
        if incident:
            blurred, look = min(1.0, blurred + fog.strikes * k.incident_blur), k.incident_appearance
        bias = fog.suspicion * self.scenario.actors[self.names[place]].suspicion
        read = perceive.reading(truth, look, blurred, 0.0, 0.0, bias)
        return (
            perceive.believed(fog, before[0], truth, 1.0, read),
            perceive.doubt(fog, before[1], 1.0, belief.drift, belief.variance_cap),
        )


def softmax(utilities: Chances, temperature: float) -> Chances:
    """exp(U/temperature) over their sum, by the C library."""
    best = max(utilities.values())
    weights = {name: exp((u - best) / temperature) for name, u in utilities.items()}
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}
