"""What is counted of simulated crises to lay them beside the record: an experiment whose units are groups of runs.

A unit is a group of runs of one scenario: of the scenario itself, or of one point of a population around it. All is
counted as the record counts it, of acts thinned by the recording share. A placebo has the same counts with the
rival's acts taken from the next run of the group, so that both sides keep their rates and nobody answers anybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.branches import Plays
from sim.engines.tally import Rows
from sim.experiments.design_experiment import DesignExperiment
from sim.experiments.history import classes as of
from sim.experiments.history.series import (
    Classes,
    Mask,
    Whole,
    counted_replies,
    histogram,
    next_day,
    products,
    standardised,
    together,
)
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import LOSS_OF_CONTROL, ONGOING, Outcome

WINDOW = 64
"""Days of the record of events, 29 August to 31 October 2018; runs that last as long are cut to it."""

LONG = 90
"""Least days of a run whose tone of each day is followed over a month."""

EVENTS_EACH = 15
"""Least events of each side in the window, as in the record."""

SOON, MONTH = 7, 30
LAGS = (0, 1, 2, 3, 7)
TONE_LAGS = (1, 7, 30)
MOST_INCIDENTS = 200
MANY_STRIKES = 3
"""More strikes on land than these are serious clashes."""

COUNTING = 5.0
"""Simulating and counting a run takes as long as simulating so many."""

VIOLENCE = ("none", "minor_clashes", "serious_clashes", "full_scale_war")
ENDS = (
    "standoff",
    "faded",
    "exit",
    "settled_target",
    "settled_middle",
    "settled_coercer",
    "assault",
    "attack",
    "lost",
)
"""How a run ended; a settlement by who got more than two thirds of what was at stake."""

LEVELS = ("none", "threat", "display", "use_of_force", "war")
_LEVEL = np.array([0, 1, 2, 3, 3, 4])  # of an incident
FORCE, ATTACK, SHOW = 3, 4, 2  # least class of an incident of force, of an attack; that of a show of force


@dataclass(frozen=True)
class RecordedCrises(DesignExperiment):
    """Groups of runs, each counted as the record counts; ``share`` multiplies the recording shares.

    ``plain_days``: how many days a plain run of the question has, by which the cost is measured.
    """

    share: float
    plain_days: int

    noun = "groups"

    @property
    def weight(self) -> float:
        """Plain runs a group takes as long as."""
        return COUNTING * self.runs * self.days / self.plain_days

    def identity(self) -> dict[str, Any]:
        """As any design has it, with the recording share."""
        return super().identity() | {"share": self.share}

    def sums(self, row: int) -> Mapping[str, NDArray[Any]]:
        """All counts of a group."""
        from sim.engines.batch.engine import Program

        [scenario] = self.at(row)
        record = Program.of(scenario).record(Plays.of(row * self.runs, self.runs), self.seed, self.days)
        luck = np.random.default_rng([self.seed, row])
        return Crises(scenario, record.signals, record.batch.rows, self.share, luck).counts()


class Crises:
    """Runs of one scenario, their acts in the classes of the records: series (days, runs), coercer first."""

    def __init__(
        self, scenario: Scenario, signals: Classes, rows: Rows, share: float, luck: np.random.Generator
    ) -> None:
        self.scenario, self.signals, self.rows = scenario, signals, rows
        self.days, _, self.runs = signals.shape
        self.alive = signals[:, 0] != 255
        self.length = self.alive.sum(axis=0)
        self.ended = np.asarray(rows["outcome"]) != ONGOING
        kept = {
            record: [
                luck.random((self.days, self.runs)) < of.shares(scenario, record, share)[signals[:, who]]
                for who in (0, 1)
            ]
            for record in of.recording()
        }
        self.reported = kept["events"]
        self.events = [self._classed(of.event, who) * kept["events"][who] for who in (0, 1)]
        self.broad = [self._classed(of.broad, who) * kept["events"][who] for who in (0, 1)]
        self.triggers = [self._classed(of.response, who) * self._classed(of.hostile, who) for who in (0, 1)]
        self.responses = [self._classed(of.response, who) * kept["incidents"][who] for who in (0, 1)]
        self.incidents = [self._classed(of.incident, who) * kept["incidents"][who] for who in (0, 1)]

    def counts(self) -> dict[str, Whole]:
        """All that is counted; names say of what."""
        return self._replies() | self._events() | self._tone() | self._runs() | self._disputes()

    def _classed(self, of_signal: Any, actor: int) -> Classes:
        return of.by_place(self.scenario, of_signal)[self.signals[:, actor]]

    def _replies(self) -> dict[str, Whole]:
        """First replies to acts of each class, by lag, with their placebo; and what the same side did next."""
        within = self._inside(SOON)
        going_on = self._inside(1)  # an act that ends a run has no reply
        days_left = self.days - np.arange(self.days)[:, None] > MONTH
        open_ended = going_on & (self.ended | days_left)
        kinds = {
            "events": (self.broad, self.broad, len(of.BROAD), within, SOON),
            "responses": (self.triggers, self.responses, len(of.RESPONSES), open_ended, MONTH),
            "incidents": (self.incidents, self.incidents, len(of.INCIDENTS), open_ended, MONTH),
        }
        found = {}
        for name, (acts, replies, n, counted, most) in kinds.items():
            other = np.roll(counted, -1, axis=1)
            pairs = [(acts[who], replies[1 - who]) for who in (0, 1)]
            found[f"replies.{name}"] = sum_of(
                counted_replies(act, reply, counted, (n, n), most) for act, reply in pairs
            )
            found[f"placebo.{name}"] = sum_of(
                counted_replies(act, np.roll(reply, -1, axis=1), counted & other, (n, n), most)
                for act, reply in pairs
            )
        n = len(of.INCIDENTS)
        found["repeats.incidents"] = sum_of(
            counted_replies(acts, acts, open_ended, (n, n), MONTH) for acts in self.incidents
        )
        return found

    def _inside(self, most: int) -> Mask:
        """Days from which so many more were played."""
        found: Mask = np.arange(self.days)[:, None] + most < self.length
        return found

    def _events(self) -> dict[str, Whole]:
        """Events of each class by side, and pairs of them, in the window of the record."""
        n = len(of.EVENTS)
        whole = self.length >= WINDOW
        ours, theirs = (events[:WINDOW][:, whole] for events in self.events)
        forth, back = together(ours, theirs, n), together(theirs, ours, n)
        mix = [np.bincount(events[self.alive], minlength=n) for events in self.events]
        return {
            "pairs.observed": forth[0] + back[0],
            "pairs.expected": forth[1] + back[1],
            "mix": np.array(mix, np.int64),
        }

    def _tone(self) -> dict[str, Whole]:
        """How the two sides' tone of the day, on Goldstein's scale, goes together and with itself."""
        scale = of.goldstein(self.scenario)
        tone = [np.where(self.reported[who], scale[self.signals[:, who]], 0.0) for who in (0, 1)]
        busy = np.logical_and.reduce([(e[:WINDOW] > 0).sum(axis=0) >= EVENTS_EACH for e in self.events])
        chosen = (self.length >= WINDOW) & busy
        alive = np.ones((min(WINDOW, self.days), int(chosen.sum())), np.bool_)
        ours, theirs = (standardised(series[:WINDOW][:, chosen], alive) for series in tone)
        both = tone[0] + tone[1]
        long = self.length >= min(LONG, self.days)
        signed = (np.sign(both) * np.log1p(np.abs(both)))[:, long]
        going = self.alive[:, long]
        index = standardised(signed, going)
        return {
            "tone.reciprocity": products(ours, theirs, alive, LAGS) + products(theirs, ours, alive, LAGS),
            "tone.itself": products(ours, ours, alive, LAGS) + products(theirs, theirs, alive, LAGS),
            "tone.both": products(index, index, going, TONE_LAGS),
            "tone.negative": np.array(
                [np.count_nonzero((both < 0) & self.alive), self.alive.sum()], np.int64
            ),
        }

    def _runs(self) -> dict[str, Whole]:
        """Ends, violence, durations, good offices, deaths and threats of whole runs."""
        violence, end, office = self.violence(), self.ends(), self.offices()
        most = self.days + 1
        lasted = np.where(self.ended, self.length, most)
        trigger = first_class(self.triggers[0])
        shape = (len(VIOLENCE), len(ENDS), len(of.OFFICES))
        killed = np.asarray(self.rows["deaths"], np.float64) > self.scenario.world.deaths
        sanctioned = np.logical_or.reduce((self.triggers[0] == of.RESPONSES.index("economic_other")), axis=0)
        return {
            "runs": table((violence, end, office), shape),
            "lasted.violence": table((violence, lasted), (len(VIOLENCE), most + 1)),
            "lasted.offices": table((office, lasted), (len(of.OFFICES), most + 1)),
            "trigger": table((trigger, violence), (len(of.RESPONSES), len(VIOLENCE))),
            "killed": np.bincount(killed, minlength=2),
            "sanctioned": np.bincount(end[sanctioned], minlength=len(ENDS)),
            "threats": self._threats(),
        }

    def violence(self) -> Whole:
        """(runs,) Most violence of each run, as its place in VIOLENCE."""
        strikes = np.stack([self._classed(of.strike, who) for who in (0, 1)])
        outcome = np.asarray(self.rows["outcome"])
        serious = np.isin(outcome, [Outcome.raid, Outcome.attack, LOSS_OF_CONTROL])
        serious |= (strikes == 2).sum(axis=(0, 1)) > MANY_STRIKES
        found = np.where(serious, 2, (strikes > 0).any(axis=(0, 1)))
        return np.where(outcome == Outcome.invasion, 3, found).astype(np.int64)

    def ends(self) -> Whole:
        """(runs,) How each run ended, as its place in ENDS."""
        by_outcome = np.zeros(len(Outcome), np.int64)
        for kind, name in (
            (Outcome.deescalation, "faded"), (Outcome.exit, "exit"), (Outcome.raid, "assault"),
            (Outcome.invasion, "assault"), (Outcome.attack, "attack"), (Outcome.loss_of_control, "lost"),
        ):  # fmt: skip
            by_outcome[kind] = ENDS.index(name)
        outcome, share = (
            np.asarray(self.rows["outcome"], np.int64),
            np.asarray(self.rows["share"], np.float64),
        )
        settled = ENDS.index("settled_target") + (share > 1 / 3).astype(np.int64) + (share > 2 / 3)
        found: Whole = np.where(outcome == Outcome.settlement, settled, by_outcome[outcome])
        return found

    def offices(self) -> Whole:
        """(runs,) What third parties did to mediate, as its place in OFFICES."""
        found = np.zeros(self.runs, np.int64)
        for actor in range(2, self.signals.shape[1]):
            found = np.maximum(found, self._classed(of.office, actor).max(axis=0))
        return found

    def _threats(self) -> Whole:
        """(3,) What came first within a month of a run's first threat by the coercer: nothing, giving in, force or sanctions."""
        first = next_day(self._classed(of.threat, 0))[0]
        runs = np.flatnonzero((first < self.days) & (self.ended | (first + MONTH < self.days)))
        since = first[runs]
        conceded, carried = (
            _first_after(self._classed(of.answer, who) == answer, runs, since)
            for who, answer in ((1, 1), (0, 2))
        )
        soonest = np.minimum(conceded, carried)
        came = np.where(soonest > MONTH, 0, np.where(conceded <= carried, 1, 2))
        return np.bincount(came, minlength=len(of.ANSWERS))

    def _disputes(self) -> dict[str, Whole]:
        """Incidents as a dispute's record has them."""
        ours, theirs = self.incidents
        both, most = np.maximum(ours, theirs), self.days + 1
        start = next_day(both)[0]
        there = np.flatnonzero(start < self.days)
        first = start[there]
        opening = both[first, there]
        by_coercer = ours[first, there] > 0
        other = np.where(
            by_coercer, _first_after(theirs > 0, there, first), _first_after(ours > 0, there, first)
        )
        force, attack = (_first_after(both >= least, there, first) < most for least in (FORCE, ATTACK))
        show = next_day((both == SHOW).astype(np.uint8))[0]
        shown = np.flatnonzero(show < self.days)
        to_force = _first_after(both >= FORCE, shown, show[shown])
        stacked = np.stack([ours, theirs], axis=2).transpose(1, 0, 2) > 0  # runs, days, sides
        run, day, _ = np.nonzero(stacked)
        same = run[1:] == run[:-1]
        gaps = (day[1:] - day[:-1])[same]
        waits = [
            (next_day(b)[1:] - np.arange(self.days)[:, None])[a > 0]
            for a, b in ((ours, theirs), (theirs, ours))
        ]
        until = np.concatenate(waits)
        level = [_LEVEL[side.max(axis=0)] for side in self.incidents]
        gave = np.isin(self.ends(), [ENDS.index("exit"), ENDS.index("settled_coercer")])
        per_run = stacked.sum(axis=(1, 2))
        return {
            "opening": table((opening, force, attack), (len(of.INCIDENTS), 2, 2)),
            "reciprocated": np.bincount(other < most, minlength=2),
            "to_force": histogram(to_force[to_force < most], most),
            "incidents": histogram(per_run[per_run > 0], MOST_INCIDENTS),
            "gaps": histogram(gaps, most),
            "waits": histogram(until[until <= self.days], most),
            "levels": table((level[0], level[1], gave), (len(LEVELS), len(LEVELS), 2)),
        }


def sum_of(parts: Any) -> Whole:
    """The sum of arrays of one shape."""
    return np.asarray(np.sum(list(parts), axis=0), dtype=np.int64)


def table(places: tuple[Any, ...], shape: tuple[int, ...]) -> Whole:
    """How often each combination of places comes."""
    flat = np.ravel_multi_index(tuple(np.asarray(each, np.int64) for each in places), shape)
    return np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)


def first_class(acts: Classes) -> Whole:
    """(runs,) The class of the first act of each run, 0 if there is none."""
    first = next_day(acts)[0]
    there = first < len(acts)
    chosen = acts[np.where(there, first, 0), np.arange(acts.shape[1])]
    return np.where(there, chosen, 0).astype(np.int64)


def _first_after(acts: Mask, runs: Whole, since: Whole) -> Whole:
    """Days from ``since`` to the first later act in each of the runs; far more than there are days if none."""
    after = next_day(acts.astype(np.uint8))
    return after[since + 1, runs] - since
