"""Runs that close ranks: what comes of a run does not hang on which lane it is played in, or beside whom."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

import sim.engines.batch.engine as batch
from sim.engines.batch.engine import GROUP, Program
from sim.engines.batch.lanes import LANES, ROW, STATE
from sim.engines.branches import Plays
from sim.scenario.files import load
from tests.support.random_scenarios import SCENARIOS

RUNS = GROUP * LANES + 3 * LANES + 7  # more than a group, and no whole number of blocks
SEED, DAYS = 5, 90


def program() -> Program:
    return Program.of(load(SCENARIOS / "standoff.toml"))


def test_runs_played_together_are_the_same_as_a_block_at_a_time() -> None:
    together = program().record(Plays.of(0, RUNS), SEED, DAYS)
    parts = [
        program().record(Plays.of(first, min(LANES, RUNS - first)), SEED, DAYS)
        for first in range(0, RUNS, LANES)
    ]
    for name, column in together.batch.rows.items():
        assert np.array_equal(column, np.concatenate([part.batch.rows[name] for part in parts])), name
    signals = np.concatenate([part.signals for part in parts], axis=2)
    assert np.array_equal(together.signals, signals)
    chances = np.concatenate([part.chances for part in parts], axis=1)
    assert np.array_equal(together.chances, chances, equal_nan=True)
    for field in fields(together.batch.tally):
        summed = sum(getattr(part.batch.tally, field.name) for part in parts)
        assert np.array_equal(getattr(together.batch.tally, field.name), summed), field.name


def test_lanes_are_taken_over_in_the_course_of_these_runs() -> None:
    ended = program().simulate(SEED, 0, GROUP * LANES, DAYS).rows["end_day"].astype(np.int64)
    assert ((ended >= 0) & (ended < DAYS // 2)).sum() > 2 * LANES  # else nothing above was tested


def test_a_run_moves_with_all_that_its_next_day_depends_on() -> None:
    lasting = batch.N_LASTING * LANES
    assert all(ROW[name] < lasting for name in (*STATE, "alive", "hazard", "outcome"))
    assert ROW["reach"] == lasting
