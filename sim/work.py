"""Carry out an experiment: pieces in order of their units, on all cores."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any

from sim.experiment import Experiment, Piece

PIECE = 1024
Progress = Callable[[int, int], None]


def carried_out(
    experiment: Experiment,
    *,
    executor: Executor | None = None,
    journal: Any = None,
    progress: Progress | None = None,
) -> Iterator[Piece]:
    """Pieces in order of units; a bounded number is at work."""
    size = max(1, round(PIECE / experiment.weight))
    starts = iter(range(0, experiment.units, size))
    waiting: deque[Future[Piece]] = deque()
    workers = os.cpu_count() or 1
    done = 0
    with ThreadPoolExecutor(workers) as pool:
        try:
            while True:
                while len(waiting) < 2 * workers and (first := next(starts, None)) is not None:
                    count = min(size, experiment.units - first)
                    waiting.append(pool.submit(experiment.compute, first, count))
                if not waiting:
                    return
                piece = waiting.popleft().result()
                done += size
                if progress:
                    progress(min(done, experiment.units), experiment.units)
                yield piece
        finally:
            for future in waiting:
                future.cancel()
