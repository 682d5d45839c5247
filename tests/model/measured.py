"""What runs of a scenario show of escalation: quantities with their sampling errors, from the batch engine.

A test asks whether an estimate *refutes* a claim: whether the value claimed lies more than :data:`FAR` standard errors
off. A claim that is true, even one that is only just true, is refuted once in a million seeds at most.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.batch.engine import Program
from sim.engines.branches import Plays
from sim.engines.tally import QUANTITIES, Batch
from sim.rules.measure import FIXED_POINT
from sim.scenario.files import load
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import WARS, Outcome
from sim.statistics.sampling import latin_shares
from tests.support.random_scenarios import SCENARIOS

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Days = Sequence[int]

SEED = 20_251_130
DAYS = 90
FAR = 4.9  # standard errors: beyond lies less than a millionth of a normal, on both sides together
TAIL = 5e-7  # of a normal, beyond FAR on one side, and a little more
CHUNK = 1_000  # runs whose whole state is held at once
BATCH = 100  # runs of which one value of a habit is made
FORCED_ON = 10  # the day on which an act is forced
HOLD = "hold"


@dataclass(frozen=True)
class Estimate:
    """A measured value and its standard error."""

    value: float
    error: float

    def refutes_above(self, least: float) -> bool:
        """Whether it cannot be that the true value is ``least`` or more."""
        return self.value + FAR * self.error < least

    def refutes_below(self, most: float) -> bool:
        """Whether it cannot be that the true value is ``most`` or less."""
        return self.value - FAR * self.error > most

    def shows_above(self, value: float) -> bool:
        """Whether the true value surely lies above: the same as refuting that it does not."""
        return self.refutes_below(value)

    def shows_below(self, value: float) -> bool:
        """Whether the true value surely lies below."""
        return self.refutes_above(value)

    def __str__(self) -> str:
        return f"{self.value:.4f} ± {self.error:.4f}"


def mean(values: NDArray[Any]) -> Estimate:
    """Mean of independent values, or of paired differences."""
    x = np.asarray(values, np.float64)
    return Estimate(float(x.mean()), float(x.std(ddof=1) / np.sqrt(len(x))))


def by_batches(values: Sequence[float]) -> Estimate:
    """Mean over batches of runs of a statistic that has no simple standard error.

    Its error is that of Student's t, in the unit in which FAR errors are as rare as for a normal: a few batches
    tell their own spread badly.
    """
    from scipy.special import stdtrit

    found = mean(np.array(values))
    return Estimate(found.value, found.error * float(stdtrit(len(values) - 1, 1 - TAIL)) / FAR)


@cache
def shipped(name: str) -> Scenario:
    """A scenario that ships, by its name."""
    return load(SCENARIOS / f"{name}.toml")


def changed(scenario: Scenario, overrides: Mapping[str, Any]) -> Scenario:
    """The scenario with other numbers."""
    return scenario.replace(dict(overrides)) if overrides else scenario


# Ends -------------------------------------------------------------------------------------------


def ends(scenario: Scenario, runs: int, days: int = DAYS, first: int = 0, seed: int = SEED) -> Batch:
    """Runs played to their ends or to the horizon."""
    return Program.of(scenario).simulate(seed, first, runs, days)


def warred(batch: Batch) -> Bools:
    """Runs that ended in war."""
    return np.isin(batch.rows["outcome"], tuple(WARS))


def share(batch: Batch, *outcomes: Outcome) -> Estimate:
    """Share of runs with these outcomes."""
    return mean(np.isin(batch.rows["outcome"], outcomes))


def apart(scenario: Scenario, other: Scenario, runs: int, *outcomes: Outcome, days: int = DAYS) -> Estimate:
    """What the second scenario changes in the share of some outcomes, under common luck, run by run."""
    counted = [
        np.isin(ends(each, runs, days).rows["outcome"], outcomes).astype(float) for each in (scenario, other)
    ]
    return mean(counted[1] - counted[0])


# Days -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Course:
    """Some runs, day by day: (days, runs) each, and whether the run was still going when the day began."""

    scenario: Scenario
    states: Mapping[str, Floats]
    going: Bools
    end_day: NDArray[np.int64]
    war: Bools

    def sent(self, actor: str, signals: Sequence[str]) -> Bools:
        """Whether the actor sent one of these signals."""
        places = [self.scenario.ladder.index(name) for name in signals]
        return np.isin(self.states[f"signal.{actor}"], places)

    def hostility(self, actor: str) -> Floats:
        """Hostility of what the actor sent."""
        numbers = np.array([self.scenario.signals[name].hostility for name in self.scenario.ladder])
        return np.asarray(numbers[self.states[f"signal.{actor}"].astype(int)], np.float64)

    def lasting(self, day: int) -> Bools:
        """(runs,) Runs still going when ``day`` begins."""
        return np.asarray(self.going[day], np.bool_)


def courses(
    scenario: Scenario, runs: int, days: int = DAYS, seed: int = SEED, chunk: int = CHUNK
) -> Iterator[Course]:
    """Runs with their whole state, a chunk at a time."""
    program = Program.of(scenario)
    for first in range(0, runs, chunk):
        count = min(chunk, runs - first)
        rows = program.simulate(seed, first, count, days).rows
        ended_on = np.asarray(rows["end_day"], np.int64)
        end_day = np.where(ended_on < 0, days, ended_on)
        going = np.arange(days)[:, None] <= end_day
        states = program.history(seed, first, count, days)
        yield Course(scenario, states, going, end_day, np.isin(rows["outcome"], tuple(WARS)))


@dataclass(frozen=True)
class Habits:
    """How the two capitals' hostility hangs together, each a mean over batches of runs.

    between:      share of the variance of 10-day mean hostility of days 20-59 that lies between runs
    own:          autocorrelation of a capital's own hostility at lags 1 and 7, about the run's own mean; mean of both capitals
    cross:        correlation of a capital's hostility with that of the other 1 and 3 days before, mean of both
    threat, hits: how many times as likely a threat is on the day after a threat of the other; harassment or a clash on
                  the day after a strike
    """

    between: Estimate
    own: tuple[Estimate, Estimate]
    cross: tuple[Estimate, Estimate]
    threat: Estimate
    hits: Estimate


def between_runs(x: Floats) -> float:
    """Share of variance between columns, of (windows, runs): one-way random effects."""
    windows = len(x)
    within = x.var(axis=0, ddof=1).mean()
    among = max(x.mean(axis=0).var(ddof=1) - within / windows, 0.0)
    return float(among / (among + within))


def within(x: Floats, going: Bools) -> Floats:
    """Departures from the run's own mean over the days on which it was still going."""
    return np.asarray(x - np.where(going, x, 0.0).sum(axis=0) / going.sum(axis=0))


def lagged(x: Floats, y: Floats, going: Bools, lag: int) -> float:
    """Correlation of ``x`` with ``y`` so many days before, over all days of all runs still going."""
    here = going[lag:]
    return float(np.corrcoef(x[lag:][here], y[: len(y) - lag][here])[0, 1])


def lift(effect: Bools, cause: Bools, going: Bools) -> float:
    """How many times as likely an act is on the day after another as on any day."""
    here = going[1:]
    return float(effect[1:][here & cause[:-1]].mean() / effect[1:][here].mean())


def habits(scenario: Scenario, runs: int) -> Habits:
    """How hostility hangs together, from so many runs."""
    found: list[tuple[float, ...]] = []
    c, t = scenario.coercer, scenario.target
    for course in courses(scenario, runs, chunk=BATCH):
        h = {name: course.hostility(name) for name in (c, t)}
        lasting = course.going[60]
        both = (h[c] + h[t])[20:60, lasting] / 2
        going = course.going
        h = {name: within(each, going) for name, each in h.items()}
        own = [float(np.mean([lagged(h[a], h[a], going, lag) for a in (c, t)])) for lag in (1, 7)]
        cross = [
            float(np.mean([lagged(h[a], h[b], going, lag) for a, b in ((c, t), (t, c))])) for lag in (1, 3)
        ]
        strikes = course.sent(c, ("boat_strike", "land_strike"))
        found.append(
            (
                between_runs(both.reshape(4, 10, -1).mean(axis=1)),
                *own,
                *cross,
                lift(course.sent(t, ("threaten",)), course.sent(c, ("threaten",)), going),
                lift(course.sent(t, ("harass", "clash")), strikes, going),
            )
        )
    a, b, d, e, f, g, i = (by_batches(column) for column in zip(*found, strict=True))
    return Habits(a, (b, d), (e, f), g, i)


def median_tension(scenario: Scenario, runs: int) -> Floats:
    """(days,) Median tension over all runs; one that has ended goes on as if it had not, so that no hot ones drop out."""
    parts = [course.states["tension"] for course in courses(scenario, runs)]
    return np.asarray(np.median(np.concatenate(parts, axis=1), axis=1))


def mean_on(scenario: Scenario, batch: Batch, quantity: str, day: int) -> float:
    """Mean of a quantity at the end of a day, over the runs still going."""
    place = QUANTITIES.index(quantity)
    tally = batch.tally
    return float(tally.sums[day, place] / FIXED_POINT / max(int(tally.ongoing[day]), 1))


# Forced acts ------------------------------------------------------------------------------------


def forcing(scenario: Scenario, signal: str, day: int = FORCED_ON, actor: str | None = None) -> Scenario:
    """The scenario in which an actor, by default the coercer, sends a signal on a day if it can."""
    entry = {"day": day, "actor": actor or scenario.coercer, "signal": signal, "if_possible": True}
    return scenario.replace({"script": [entry]})


def wars_by(scenario: Scenario, signals: Sequence[str], runs: int, horizon: int) -> dict[str, Floats]:
    """(runs,) War by a day with each signal forced; no number where the crisis was over or the signal impossible."""
    found: dict[str, Floats] = {}
    for signal in signals:
        record = Program.of(forcing(scenario, signal)).record(Plays.of(0, runs), SEED, horizon)
        there = record.signals[FORCED_ON, 0] == scenario.ladder.index(signal)
        found[signal] = np.where(there, warred(record.batch).astype(float), np.nan)
    return found


def against_hold(found: Mapping[str, Floats], signal: str) -> Estimate:
    """What a forced act changes against a forced hold, over the runs in which both were possible."""
    return paired(found[HOLD], found[signal])


def paired(before: Floats, after: Floats) -> Estimate:
    """Mean difference over the pairs that are both known."""
    difference = after - before
    return mean(difference[np.isfinite(difference)])


def concedes_within(scenario: Scenario, signal: str, runs: int, days: int = 7) -> Floats:
    """(runs,) Whether the target concedes anything in the days after a forced act of the coercer; unknown as above."""
    last = FORCED_ON + days
    record = Program.of(forcing(scenario, signal)).record(Plays.of(0, runs), SEED, last + 1)
    there = record.signals[FORCED_ON, 0] == scenario.ladder.index(signal)
    giving = [place for place, name in enumerate(scenario.ladder) if scenario.signals[name].concession > 0]
    gave = np.isin(record.signals[FORCED_ON + 1 : last + 1, 1], giving).any(axis=0)
    return np.where(there, gave.astype(float), np.nan)


def wars_on_called_days(scenario: Scenario, runs: int) -> Estimate:
    """Share of wars that begin on a day on which an unanswered ultimatum is called."""
    called: list[bool] = []
    for course in courses(scenario, runs):
        for run in np.flatnonzero(course.war & (course.end_day > 0)):
            called.append(bool(course.states["called"][course.end_day[run] - 1, run] > 0))
    return mean(np.array(called))


# Beliefs ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Errors:
    """Errors of one principal's belief about the other's resolve, over all runs, whether ended or not."""

    start: Estimate
    start_spread: float
    later: Estimate
    later_spread: float


def belief_errors(scenario: Scenario, runs: int, day: int) -> dict[str, Errors]:
    """By role of the observer, on day 0 and on a later day."""
    early: dict[str, list[Floats]] = {"coercer": [], "target": []}
    late: dict[str, list[Floats]] = {"coercer": [], "target": []}
    for course in courses(scenario, runs, day + 1):
        for role, rival in (("coercer", "target"), ("target", "coercer")):
            error = course.states[f"belief.{role}"] - course.states[f"resolve.{rival}"]
            early[role].append(error[0])
            late[role].append(error[day])
    return {role: _errors(np.concatenate(early[role]), np.concatenate(late[role])) for role in early}


def _errors(first: Floats, last: Floats) -> Errors:
    return Errors(mean(first), float(first.std()), mean(last), float(last.std()))


def war_by_fifth(scenario: Scenario, runs: int, role: str) -> tuple[Estimate, Estimate]:
    """War in the lowest and in the highest fifth of a principal's first error about the other's resolve."""
    rival = "target" if role == "coercer" else "coercer"
    first = np.concatenate(
        [
            course.states[f"belief.{role}"][0] - course.states[f"resolve.{rival}"][0]
            for course in courses(scenario, runs, 1)
        ]
    )
    war = warred(ends(scenario, runs))
    low, high = np.quantile(first, (0.2, 0.8))
    return mean(war[first <= low]), mean(war[first >= high])


def times(more: Estimate, less: Estimate) -> Estimate:
    """How many times one is the other, for independent estimates."""
    ratio = more.value / less.value
    return Estimate(ratio, abs(ratio) * float(np.hypot(more.error / more.value, less.error / less.value)))


# Types ------------------------------------------------------------------------------------------


def fixed_by_types(scenario: Scenario, runs: int) -> Estimate:
    """Share of the variance of war that day 0 fixes (types and first beliefs): two lives of each run, luck apart."""
    program = Program.of(scenario)
    lives = []
    for branch in (1, 2):
        column = np.full((runs, 1), branch, np.int64)
        plays = Plays(np.arange(runs, dtype=np.int64), column, np.zeros((runs, 1), np.int64))
        lives.append(warred(program.play(plays, SEED, DAYS)).astype(float))
    center = np.mean(lives)
    return mean((lives[0] - center) * (lives[1] - center) / (center * (1 - center)))


# Dice -------------------------------------------------------------------------------------------

STEPS = 8  # of the contraction that gives dice the rates that were found
LOOSE = 2.0  # temperature at which differences of utility hardly matter to choice


def dice_of_third_parties(scenario: Scenario, runs: int) -> Scenario:
    """The scenario whose third parties react to nothing, with the rates that they have in the scenario."""
    deaf = {
        f"signals.{name}.reaction.{part}": 0.0
        for name, signal in scenario.signals.items()
        for part, value in signal.reaction.model_dump().items()
        if value
    }
    thirds = [name for name in scenario.actors if name not in (scenario.coercer, scenario.target)]
    return with_rates_of(scenario, scenario.replace(deaf), thirds, runs)


def dice_of_principals(scenario: Scenario, runs: int) -> Scenario:
    """The scenario whose principals send ordinary signals by chance, nearly, with the rates that they have in it."""
    names = (scenario.coercer, scenario.target)
    loose = scenario.replace({f"actors.{name}.temperature": LOOSE for name in names})
    return with_rates_of(scenario, loose, names, runs)


def with_rates_of(scenario: Scenario, other: Scenario, names: Sequence[str], runs: int) -> Scenario:
    """``other`` with inclinations of some actors solved until they send each signal as often as in ``scenario``."""
    wanted = {name: rates(scenario, name, runs) for name in names}
    for _ in range(STEPS):
        inclinations: dict[str, float] = {}
        for name in names:
            found, actor = rates(other, name, runs), other.actors[name]
            gap = {key: np.log(max(wanted[name][key], 1e-6) / max(found[key], 1e-6)) for key in found}
            for key in found:
                if key != HOLD and wanted[name][key] > 0:
                    value = actor.inclination.get(key, 0.0) + actor.temperature * (gap[key] - gap[HOLD])
                    inclinations[f"actors.{name}.inclination.{key}"] = float(np.clip(value, -10, 10))
        other = other.replace(inclinations)
    return other


def rates(scenario: Scenario, name: str, runs: int) -> dict[str, float]:
    """Shares of an actor's ordinary signals."""
    sent = ends(scenario, runs).tally.signals.sum(axis=0)[scenario.seats.index(name)]
    ordinary = scenario.repertoire(name)
    total = sum(int(sent[scenario.ladder.index(key)]) for key in ordinary)
    return {key: float(sent[scenario.ladder.index(key)] / total) for key in ordinary}


# A population -----------------------------------------------------------------------------------

# How far apart crises are: as wide as the kind of thing is, and not as this one is unsure of itself.
WIDE: Mapping[str, tuple[float, float]] = {
    "world.contact": (0.0, 1.0),
    "world.framework": (0.0, 0.9),
    "world.readout_share": (0.0, 1.0),
    "world.outreach": (0.0, 1.0),
    "world.immunity": (0.0, 0.9),
    "world.sanctions": (0.0, 0.8),
    "world.opposition": (0.0, 0.5),
    "world.backing": (0.0, 0.5),
    "world.support": (0.0, 0.5),
    "world.access": (0.1, 0.9),
    "world.tempo": (0.0, 0.5),
    "world.tension": (0.1, 0.6),
    "coercer.posture": (0.1, 0.8),
    "coercer.resolve": (0.35, 0.8),
    "coercer.commitment": (0.0, 0.7),
    "coercer.credibility": (0.2, 0.9),
    "coercer.suspicion": (-0.15, 0.3),
    "coercer.capability": (0.6, 1.4),
    "target.posture": (0.1, 0.7),
    "target.resolve": (0.35, 0.8),
    "target.commitment": (0.0, 0.6),
    "target.suspicion": (-0.15, 0.3),
    "target.capability": (0.2, 1.0),
    "target.stake": (0.7, 1.5),
    "coercer.stake": (0.7, 1.5),
}
POPULATION_DAYS = 365


@dataclass(frozen=True)
class Drawn:
    """Crises of a population, a row a run, those of a crisis together: what it began with, and how it ended."""

    crises: int

    start: Mapping[str, Floats]
    outcome: NDArray[np.int64]
    end_day: NDArray[np.int64]
    share: Floats

    @property
    def ended(self) -> Bools:
        """Runs that ended before the horizon."""
        return np.asarray(self.outcome > Outcome.standoff)

    def over_by(self, day: int) -> Estimate:
        """Share of crises that are over by a day; its error is that between crises."""
        return mean(self._by_crisis(self.ended & (self.end_day <= day)))

    def of_ends(self, *outcomes: Outcome) -> Estimate:
        """Share of the crises that ended, that ended so; a ratio, its error between crises by linearization."""
        ended = self._by_crisis(self.ended)
        so = self._by_crisis(self.ended & np.isin(self.outcome, outcomes))
        ratio = float(so.mean() / ended.mean())
        return Estimate(ratio, mean((so - ratio * ended) / ended.mean()).error)

    def _by_crisis(self, flags: Bools) -> Floats:
        return np.asarray(flags.reshape(self.crises, -1).mean(axis=1), np.float64)


def population(
    scenario: Scenario, crises: int, runs: int, ranges: Mapping[str, tuple[float, float]] = WIDE
) -> Drawn:
    """Crises drawn around a scenario by a Latin hypercube, ``runs`` of each, with luck of their own, one year."""
    shares = latin_shares(len(ranges), crises, SEED)
    places = {
        "coercer": f"actors.{scenario.coercer}",
        "target": f"actors.{scenario.target}",
        "world": "world",
    }
    keys = {key: places[key.split(".")[0]] + "." + key.split(".")[1] for key in ranges}
    start: dict[str, list[Floats]] = {key: [] for key in ranges}
    parts: list[Batch] = []
    for place, row in enumerate(shares):
        drawn = {
            key: low + (high - low) * float(at)
            for (key, (low, high)), at in zip(ranges.items(), row, strict=True)
        }
        crisis = scenario.replace({keys[key]: value for key, value in drawn.items()})
        parts.append(ends(crisis, runs, POPULATION_DAYS, first=place * runs))
        for key, value in drawn.items():
            start[key].append(np.full(runs, value))
    rows = {
        name: np.concatenate([part.rows[name] for part in parts]) for name in ("outcome", "end_day", "share")
    }
    return Drawn(
        crises,
        {key: np.concatenate(values) for key, values in start.items()},
        rows["outcome"].astype(np.int64),
        rows["end_day"].astype(np.int64),
        rows["share"].astype(np.float64),
    )
