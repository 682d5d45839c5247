"""Simulate all runs of a scenario, by either engine, on all cores."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Literal

import pandas as pd

from sim.errors import Interrupted
from sim.scenario import Scenario
from sim.tally import Batch, Tally, joined

Engine = Literal["batch", "mesa"]
Progress = Callable[[int, int], None]
Announce = Callable[[str], None]
Simulate = Callable[[int, int], Batch]

PIECE = 1024  # runs simulated at a stretch; results do not depend on it
SAMPLED = 5  # runs whose own level is kept, to be drawn as single lines


def simulated(
    planned: Scenario,
    engine: Engine = "batch",
    progress: Progress | None = None,
    announce: Announce | None = None,
) -> tuple[Batch, pd.DataFrame]:
    """All runs of a scenario's own study plan, and the levels of the first few (run, day, level).

    Raises ScenarioError if a script cannot be followed, Interrupted if stopped from the keyboard.
    """
    runs = planned.study.runs
    try:
        simulate, sample, workers = _stepped(planned) if engine == "mesa" else _compiled(planned, announce)
        batch = joined(_pieces(simulate, runs, workers, progress))
        return batch, sample(min(SAMPLED, runs))
    except KeyboardInterrupt:
        raise Interrupted from None


def tally(planned: Scenario) -> Tally:
    """Only the counts by day."""
    return simulated(planned)[0].tally


def _stepped(planned: Scenario) -> tuple[Simulate, Callable[[int], pd.DataFrame], int]:
    from sim.mesa_engine.batch import levels, simulate

    own = planned.study
    return (
        lambda first, count: simulate(planned, own.seed, first, count, own.days),
        lambda count: levels(planned, own.seed, count, own.days),
        1,  # a Python thread at a time can run, so more would only wait
    )


def _compiled(
    planned: Scenario, announce: Announce | None
) -> tuple[Simulate, Callable[[int], pd.DataFrame], int]:
    from sim.batch.compiler import is_compiled
    from sim.batch.engine import Program

    own, program = planned.study, Program.of(planned)
    if not is_compiled():
        if announce:
            announce("Compiling the model; this happens once and takes about 20 seconds.")
        program.compile()
    return (
        lambda first, count: program.simulate(own.seed, first, count, own.days),
        lambda count: program.levels(own.seed, count, own.days),
        os.cpu_count() or 1,
    )


def _pieces(simulate: Simulate, runs: int, workers: int, progress: Progress | None) -> Iterator[Batch]:
    """All batches of a study in order of their runs, a bounded number of them at work."""
    starts = iter(range(0, runs, PIECE))
    waiting: deque[Future[Batch]] = deque()
    done = 0
    with ThreadPoolExecutor(workers) as pool:
        try:
            while True:
                while len(waiting) < 2 * workers and (first := next(starts, None)) is not None:
                    waiting.append(pool.submit(simulate, first, min(PIECE, runs - first)))
                if not waiting:
                    return
                batch = waiting.popleft().result()
                done += batch.count
                if progress:
                    progress(done, runs)
                yield batch
        finally:
            for future in waiting:
                future.cancel()
