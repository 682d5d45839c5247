"""The risk of one crisis as it went: how likely war was each evening, given all that had happened until then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from sim.compute.experiment import Piece
from sim.compute.scheduler import Announce, Progress
from sim.engines.batch.engine import Program
from sim.engines.branches import Plays
from sim.engines.warm_up import ready
from sim.experiments.planned_runs import identity
from sim.experiments.story.course import Course, Day, replay
from sim.experiments.turning_points.ends import ENDS, end_of, ended, known
from sim.experiments.turning_points.forced import whole
from sim.scenario.scenario import Scenario
from sim.statistics.differences import Difference, paired_proportions
from sim.statistics.proportions import Estimate, proportion

TIMES = 400
"""Continuations of each evening, unless told otherwise: an interval of 5 points either way at the widest."""


NO_RETURN = 0.5
"""Past the point of no return, the chance of the end that came lies above this until it comes."""


ERROR = 0.05
"""Chance that any day at all of a crisis in which nothing changes the risk is said to stand out."""


BEFORE = -1
"""The evening before day 0: the starting people and the starting world, and all luck fresh."""


@dataclass(frozen=True)
class Continuations:
    """Units are branches of luck: one run gone on with each, from each of some evenings (an Experiment)."""

    scenario: Scenario  # with the seed and the horizon that are used
    run: int
    evenings: tuple[int, ...]
    times: int
    first: int = 1  # branch

    noun: ClassVar[str] = "continuations"

    @property
    def units(self) -> int:
        """How many branches of luck."""
        return self.times

    @property
    def weight(self) -> float:
        """Plain runs that a unit takes."""
        return len(self.evenings)

    def identity(self) -> dict[str, Any]:
        """All that the counts depend on but the number of branches."""
        return identity(self.scenario) | {
            "run": self.run,
            "evenings": list(self.evenings),
            "first": self.first,
        }

    def compute(self, first: int, count: int) -> Piece:
        """``count``: (ends, evenings) that came to each; ``gained``, ``lost``: against the evening before."""
        own = self.scenario.study
        since = [evening + 1 for evening in self.evenings]
        plays = Plays.continuations(self.run, since, count, self.first + first)
        batch = Program.of(self.scenario).play(plays, own.seed, own.days)
        found = ended(batch).reshape(len(ENDS), len(since), count)
        before, after = found[:, :-1], found[:, 1:]
        return {
            "count": found.sum(2),
            "gained": (after & ~before).sum(2),
            "lost": (before & ~after).sum(2),
        }


@dataclass(frozen=True)
class Evening:
    """What could still come of a crisis once ``day`` was over; day -1 is before it began.

    chances: of each end, given all until then; on the last evening they are known
    changes: of each chance against the evening before, under common luck; none before day 0
    stands_out: whether the chance of war changed by more than luck alone would, on any day of the crisis
    """

    day: int
    chances: Mapping[str, Estimate]
    changes: Mapping[str, Difference]
    stands_out: bool


@dataclass(frozen=True)
class Risk:
    """The risk of one run, evening by evening from before day 0 to its last, each by ``times`` continuations."""

    course: Course
    times: int
    evenings: tuple[Evening, ...]

    @property
    def end(self) -> str | None:
        """War, exit or settlement if that ended it; None at the horizon."""
        return end_of(self.course.outcome)

    @property
    def no_return(self) -> int | None:
        """First evening from which on the whole interval of the end that came lies at NO_RETURN or above.

        The day of the end itself if it was never so likely the evening before; None if nothing ended it.
        """
        if self.end is None:
            return None
        day = self.evenings[-1].day
        for evening in reversed(self.evenings):
            if evening.chances[self.end].low < NO_RETURN:
                break
            day = evening.day
        return day

    @property
    def highest(self) -> Evening:
        """The first of the evenings, before the end and from day 0 on, on which war was likeliest."""
        going = self.evenings[1:-1] if self.end else self.evenings[1:]
        return max(going or self.evenings[:1], key=lambda each: each.chances["war"].count)

    def day(self, evening: Evening) -> Day | None:
        """What happened on the day of an evening; None before day 0."""
        return None if evening.day == BEFORE else self.course.days[evening.day]

    def table(self) -> pd.DataFrame:
        """Day (-1: before day 0), quantity (war, exit, settlement), value, low, high, n; and the change that day."""
        return pd.DataFrame(
            {
                "day": evening.day,
                "quantity": name,
                "value": chance.rate,
                "low": chance.low,
                "high": chance.high,
                "n": chance.n,
                "change": change.value if change else np.nan,
                "change_low": change.low if change else np.nan,
                "change_high": change.high if change else np.nan,
            }
            for evening in self.evenings
            for name, chance in evening.chances.items()
            for change in [evening.changes.get(name)]
        )

    def acts(self) -> pd.DataFrame:
        """The days whose change stands out: day, label (what was sent, in short) and jump of P(war)."""
        return pd.DataFrame(
            [
                (evening.day, _sent(self.course, day), evening.changes["war"].value)
                for evening in self.evenings
                if evening.stands_out and (day := self.day(evening))
            ],
            columns=["day", "label", "jump"],
        )


def risk(
    scenario: Scenario,
    run: int,
    times: int = TIMES,
    *,
    progress: Progress | None = None,
    announce: Announce | None = None,
) -> Risk:
    """The risk of one run of a scenario whose study plan is the one used.

    From every evening the run is gone on ``times`` times (1..65,535) with fresh luck: all until then is kept.
    The branches of luck are the same for all evenings, so that a change from one to the next is paired.
    """
    ready(scenario, announce)
    own = scenario.study
    course = replay(scenario, own.seed, run, own.days)
    evenings = (BEFORE, *(day.number for day in course.days))
    counts = whole(Continuations(scenario, run, evenings, times), progress)
    return Risk(
        course, times, tuple(_evening(course, counts, place, times) for place in range(len(evenings)))
    )


def _evening(course: Course, counts: Piece, place: int, times: int) -> Evening:
    changes, stands_out = {}, False
    if place:
        gained, lost = counts["gained"][:, place - 1], counts["lost"][:, place - 1]
        for i, name in enumerate(ENDS):
            changes[name] = paired_proportions(gained[i], lost[i], times)
        strict = 1 - ERROR / len(course.days)  # Bonferroni
        stands_out = paired_proportions(gained[0], lost[0], times, strict).distinguishable
    chances = {name: proportion(counts["count"][i, place], times) for i, name in enumerate(ENDS)}
    if place == len(course.days):
        chances = {name: known(each) for name, each in chances.items()}
    return Evening(place - 1, chances, changes, stands_out)


def _sent(course: Course, day: Day) -> str:
    """'Washington: raid, Caracas: condemnation'; third parties only where neither principal sent anything."""
    label, scenario = course.scenario.label, course.scenario
    principals = [act for act in day.acts if act.actor in (scenario.coercer, scenario.target)]
    sent = [f"{label(act.actor)}: {label(act.signal)}" for act in principals or day.acts]
    return ", ".join(sent) or "nothing was sent"
