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

from sim.batch.engine import Program
from sim.plays import MOST_BRANCHES, Plays
from sim.remembered import remembered
from sim.scenario import Scenario
from sim.tally import Rows

Reals = NDArray[np.float64]

WAYS = 4
"""In how many ways a play goes on that has reached a level (assumption; 10 did no better)."""

MOST_LEVELS = 5
"""With 4 ways, a run has at most 1,364 branches."""

PILOT = 4096
"""Runs of the pilot."""

ENOUGH = 40
"""Of how many equal runs the pilot's sum must be worth for nothing to be split. Twice as many as any sum that is told
(:data:`sim.estimate.RARE`): where few runs carry the sum, a pilot is likely to have missed the heaviest."""

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


def grown(program: Program, roots: Plays, seed: int, days: int, levels: tuple[float, ...]) -> Trees:
    """The runs ``roots``, split wherever the chance of war on a day first reaches the next of ``levels``.

    Levels ascend. A day may reach several at a time; the play then goes on at the highest, in WAYS ways still.
    """
    record = program.hazards(roots, seed, days)
    rows, nearest = record.batch.rows, []
    total, of, plays = np.zeros(len(roots)), np.arange(len(roots)), roots
    since, level, path = (
        np.zeros(len(roots), np.int64),
        np.zeros(len(roots), np.int64),
        np.zeros(len(roots), np.int64),
    )
    next_level, weight, count = np.array([*levels, np.inf]), 1.0, 0
    while True:
        count += len(plays)
        summed = np.maximum.accumulate(record.hazards, axis=0)
        before = np.where(since > 0, np.take_along_axis(summed, np.maximum(since - 1, 0)[None], 0)[0], 0.0)
        daily = np.diff(summed, axis=0, prepend=0.0)
        daily[np.arange(days)[:, None] < since] = 0.0
        nearest.append(daily[:, level == len(levels)].max(axis=0))
        reached = daily >= next_level[level]
        day = np.where(reached.any(axis=0), reached.argmax(axis=0), days - 1)
        np.add.at(total, of, weight * (np.take_along_axis(summed, day[None], 0)[0] - before))
        end = record.batch.rows["end_day"].astype(np.int64)
        on = np.flatnonzero(reached.any(axis=0) & (day < days - 1) & ((end < 0) | (end > day)))
        if not len(on):
            return Trees(total, rows, count, np.concatenate(nearest))
        chance = daily[day[on], on]
        parent = np.repeat(on, WAYS)
        path = (
            WAYS * path[parent] + 1 + np.tile(np.arange(WAYS), len(on))
        )  # as in a heap: no two alike in a run
        since, of, weight = day[parent] + 1, of[parent], weight / WAYS
        level = np.repeat(np.searchsorted(next_level, chance, side="right"), WAYS)
        plays = plays.forked(parent, path, since)
        record = program.hazards(plays, seed, days)


@remembered
def levels_for(planned: Scenario) -> tuple[float, ...]:
    """The levels for a scenario's own study plan, the number of runs excepted; none if it needs no splitting."""
    program, own = Program.of(planned), planned.study
    roots = Plays.of(0, PILOT).forked(
        np.arange(PILOT), np.full(PILOT, PILOT_BRANCH), np.zeros(PILOT, np.int64)
    )
    levels: tuple[float, ...] = ()
    trees = grown(program, roots, own.seed, own.days, levels)
    if effective(trees.hazards) >= ENOUGH:
        return levels
    while len(levels) < MOST_LEVELS and len(trees.nearest) >= LEAST_PLAYS:
        level = float(np.quantile(trees.nearest, 1 - 1 / WAYS, method="higher"))
        if level <= (levels[-1] if levels else 0.0):
            break
        levels = (*levels, level)
        trees = grown(program, roots, own.seed, own.days, levels)
    return levels


def effective(weights: Reals) -> float:
    """Of how many equal weights a sum is worth (Kish 1965): (Σw)²/Σw²; 0 if all are 0."""
    squares = float((weights * weights).sum())
    return float(weights.sum()) ** 2 / squares if squares else 0.0
