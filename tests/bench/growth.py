"""How the batch engine's time grows with runs, days and actors."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from sim.scenario.files import load
from sim.scenario.scenario import Scenario
from tests.bench.entrants import SCENARIO

NOTHING_ENDS = {"decisive.rate": 0.0, "world.fade_rate": 0.0, "world.loss_of_control": 0.0}


@dataclass(frozen=True)
class Growth:
    """Seconds at each size, and the exponents of a power law fitted to all sizes and to the upper half."""

    what: str
    sizes: tuple[int, ...]
    seconds: tuple[float, ...]

    @property
    def exponent(self) -> float:
        """Least-squares slope of log time on log size."""
        return fitted(self.sizes, self.seconds)

    @property
    def exponent_above(self) -> float:
        """The same over the upper half of the sizes, where a constant share weighs least."""
        half = len(self.sizes) // 2
        return fitted(self.sizes[half:], self.seconds[half:])


def fitted(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """Least-squares slope of log time on log size."""
    slope, _ = np.polyfit(np.log(sizes), np.log(seconds), 1)
    return float(slope)


def crowded(scenario: Scenario, actors: int) -> Scenario:
    """The scenario with so many actors in all: third parties left out, or repeated under other names."""
    others = scenario.third_parties
    chosen = {name: scenario.actors[name] for name in (scenario.coercer, scenario.target)}
    for index in range(actors - 2):
        model = scenario.third_party(others[index % len(others)])
        chosen[f"third_{index}"] = model.model_copy(update={"seat": 10 + index})
    return scenario.model_copy(update={"actors": chosen, "rates": {}, "assumptions": {}, "script": ()})


def growths(quick: bool, repeats: int) -> tuple[Growth, ...]:
    """Growth with runs (as they come), and with days and actors (in a world where nothing ends a run)."""
    scenario = load(SCENARIO)
    endless = scenario.replace(NOTHING_ENDS)
    scale = 1 if quick else 4
    block = 8_192 * scale
    by_runs = tuple(block * n for n in (1, 2, 4, 8))
    by_days = (45, 90, 180, 360)
    by_actors = (2, 4, 8, 16)
    return (
        measured("runs", by_runs, lambda n: _study(scenario, n, 90), repeats),
        measured(f"days, {block:,} runs", by_days, lambda n: _study(endless, block, n), repeats),
        measured(
            f"actors, {block:,} runs", by_actors, lambda n: _study(crowded(endless, n), block, 90), repeats
        ),
    )


def measured(what: str, sizes: tuple[int, ...], work: Callable[[int], None], repeats: int) -> Growth:
    """Median seconds of each size; the sizes take turns."""
    work(sizes[0])
    seconds: dict[int, list[float]] = {size: [] for size in sizes}
    for _ in range(repeats):
        for size in sizes:
            start = time.perf_counter()
            work(size)
            seconds[size].append(time.perf_counter() - start)
    return Growth(what, sizes, tuple(median(seconds[size]) for size in sizes))


def _study(scenario: Scenario, runs: int, days: int) -> None:
    from sim.experiments.study.study import run

    run(scenario, runs=runs, days=days, save=False, figures=False)
