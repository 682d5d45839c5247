"""Who computes: how well each way of handing out work uses the cores."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sim.compute.cores import cores
from sim.compute.experiment import fingerprint, merged
from sim.compute.journal import Journal
from sim.compute.scheduler import carried_out
from sim.experiments.study.simulation import Simulation
from sim.scenario.files import load
from tests.bench.entrants import SCENARIO

ALONE = "threads:1"


@dataclass(frozen=True)
class Hands:
    """Seconds that each executor took for so many runs, hired, set to work and dismissed; all turns, in order."""

    runs: int
    workers: int
    seconds: dict[str, tuple[float, ...]]

    def efficiency(self, executor: str) -> float:
        """Share of the cores' time that one worker alone would have needed: median over turns."""
        alone = self.seconds[ALONE]
        return median(
            one / (self.workers * many) for one, many in zip(alone, self.seconds[executor], strict=True)
        )

    def beside(self, executor: str, other: str) -> float:
        """Time as a multiple of another executor's: median over turns."""
        both = zip(self.seconds[executor], self.seconds[other], strict=True)
        return median(mine / its for mine, its in both)


def hands(quick: bool, repeats: int) -> Hands:
    """All runs of the standoff in pieces, kept in a journal and added up; the executors take turns."""
    runs, workers = 65_536 if quick else 1_000_000, cores()
    simulation = Simulation(load(SCENARIO).replace({"study.runs": runs}))
    simulation.prepare()
    executors = (ALONE, *(f"{kind}:{workers}" for kind in ("threads", "processes", "dask")))
    seconds: dict[str, list[float]] = {executor: [] for executor in executors}
    for _ in range(repeats):
        for executor in executors:
            with TemporaryDirectory() as folder:
                journal = Journal(Path(folder), fingerprint(simulation))
                start = time.perf_counter()
                merged(carried_out(simulation, executor=executor, journal=journal))
                seconds[executor].append(time.perf_counter() - start)
    return Hands(runs, workers, {executor: tuple(took) for executor, took in seconds.items()})
