"""Multilevel splitting: a run that comes near war goes on in several ways, each worth as much less.

Where principals choose coldly, nearly all of the chance of war lies on a few days of a few runs. A play in which
the chance of war on a day reaches the next of some levels goes on from the following day in WAYS ways, each
with luck of its own and a WAYS-th of the weight; each of those may reach the next level and go on so. What the
branches of a run add up to has the same mean as the run's own summed chances of war, whatever the levels
are, since each way is as likely as the one it stands for (splitting: Kahn & Harris 1951; levels:
Villén-Altamirano & Villén-Altamirano 1991; fixed numbers of ways: Glasserman, Heidelberger, Shahabuddin & Zajic
1999). The levels are chosen by a pilot with luck of its own, and only if the plain sum leaves too much to chance.

A branch plays the days before it again: what a run costs is told in plays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engines.batch.engine import Program
from sim.engines.branches import MOST_BRANCHES, Plays
from sim.engines.tally import Rows
from sim.scenario.memo import remembered
from sim.scenario.scenario import Scenario
from sim.statistics.proportions import effective_size

Reals = NDArray[np.float64]
Ints = NDArray[np.int64]
WAYS = 4
"""In how many ways a play goes on that has reached a level (assumption; 10 did no better)."""


MOST_LEVELS = 5
"""With 4 ways, a run has at most 1,364 branches."""


PILOT = 4096
"""Runs of the pilot."""


ENOUGH = 40
"""Of how many equal runs the pilot's sum must be worth for nothing to be split. Twice as many as any sum that is told
(:data:`sim.statistics.proportions.RARE`): where few runs carry the sum, a pilot is likely to have missed the heaviest."""


PILOT_BRANCH = MOST_BRANCHES
"""The luck of the pilot, which no branch of a run has; what runs add up to must not have chosen their levels."""


LEAST_PLAYS = 100
"""Plays at the last level that are needed to find the next: it is the one that a quarter of them reach."""


@dataclass(frozen=True)
class Trees:
    """What some runs and their branches came to.

    hazards: (runs,) summed chances of war of each run, over its branches
    rows:    of the runs themselves, as they went on without branches
    plays:   how many there were of both
    nearest: the greatest chance of war on a day, of each play that has reached the last level
    """

    hazards: Reals
    rows: Rows
    plays: int
    nearest: Reals


@dataclass(frozen=True)
class _Generation:
    """Plays that were split equally often, arrays of one length.

    of:    place of the run among the roots
    since: day from which on the play is its own, 0 for a root
    level: how many levels it has reached
    path:  its branch of luck, 0 for a root; the ways of p are 4 p + 1 to 4 p + 4, so that no two of a run are alike
    """

    plays: Plays
    of: Ints
    since: Ints
    level: Ints
    path: Ints

    @classmethod
    def of_roots(cls, roots: Plays) -> _Generation:
        none = np.zeros(len(roots), np.int64)
        return cls(roots, np.arange(len(roots)), none, none, none)

    def chances(self, hazards: Reals) -> tuple[Reals, Reals]:
        """(days, plays) chances of war from the day on that a play is its own: summed to each day, and of each."""
        summed = np.maximum.accumulate(hazards, axis=0)  # after its end a play adds nothing
        shared = np.arange(len(summed))[:, None] < self.since
        before = np.where(shared, summed, 0.0).max(axis=0)
        return summed - before, np.where(shared, 0.0, np.diff(summed, axis=0, prepend=0.0))

    def split(self, which: Ints, day: Ints, level: Ints) -> _Generation:
        """The ways that plays ``which`` go on in from the day after ``day``, having reached ``level``."""
        parent = np.repeat(which, WAYS)
        path = WAYS * self.path[parent] + np.tile(np.arange(1, WAYS + 1), len(which))
        since = np.repeat(day + 1, WAYS)
        return _Generation(
            self.plays.forked(parent, path, since), self.of[parent], since, np.repeat(level, WAYS), path
        )


def grown(program: Program, roots: Plays, seed: int, days: int, levels: tuple[float, ...]) -> Trees:
    """The runs ``roots``, split wherever the chance of war on a day first reaches the next of ``levels``.

    Levels ascend. A day may reach several at a time; the play then goes on at the highest, in WAYS ways still.
    """
    bounds, generation, weight = np.array([*levels, np.inf]), _Generation.of_roots(roots), 1.0
    record = program.hazards(roots, seed, days)
    rows, total, count, nearest = record.batch.rows, np.zeros(len(roots)), 0, list[Reals]()
    while True:
        count += len(generation.plays)
        summed, daily = generation.chances(record.hazards)
        nearest.append(daily[:, generation.level == len(levels)].max(axis=0))
        reached = daily >= bounds[generation.level]
        day = np.where(reached.any(axis=0), reached.argmax(axis=0), days - 1)
        np.add.at(total, generation.of, weight * _at(summed, day))
        end = record.batch.rows["end_day"].astype(np.int64)
        on = np.flatnonzero(reached.any(axis=0) & (day < np.where(end < 0, days - 1, end)))
        if not len(on):
            return Trees(total, rows, count, np.concatenate(nearest))
        level = np.searchsorted(bounds, _at(daily, day)[on], side="right")
        generation, weight = generation.split(on, day[on], level), weight / WAYS
        record = program.hazards(generation.plays, seed, days)


def _at(by_day: Reals, day: Ints) -> Reals:
    """Of each column of (days, plays), the value on its own day."""
    found: Reals = np.take_along_axis(by_day, day[None], axis=0)[0]
    return found


@remembered
def levels_for(planned: Scenario) -> tuple[float, ...]:
    """The levels for a scenario's own study plan, the number of runs excepted; none if it needs no splitting."""
    program, own = Program.of(planned), planned.study
    roots = Plays.of(0, PILOT).forked(
        np.arange(PILOT), np.full(PILOT, PILOT_BRANCH), np.zeros(PILOT, np.int64)
    )
    levels: tuple[float, ...] = ()
    trees = grown(program, roots, own.seed, own.days, levels)
    if effective_size(trees.hazards.sum(), np.square(trees.hazards).sum()) >= ENOUGH:
        return levels
    while len(levels) < MOST_LEVELS and len(trees.nearest) >= LEAST_PLAYS:
        level = float(np.quantile(trees.nearest, 1 - 1 / WAYS, method="higher"))
        if level <= (levels[-1] if levels else 0.0):
            break
        levels = (*levels, level)
        trees = grown(program, roots, own.seed, own.days, levels)
    return levels
