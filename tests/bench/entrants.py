"""Who is measured: the batch engine and the two plain Mesa versions, each played with the processor's clock beside it."""

from __future__ import annotations

import resource
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from sim.compute.cores import cores

SCENARIO = "scenarios/standoff.toml"
WARS = ("raid", "invasion", "attack", "loss_of_control")
OUTCOMES = (*WARS, "exit", "settlement", "deescalation", "standoff")


@dataclass(frozen=True)
class Played:
    """What playing some runs gave and took: outcome counts, seconds of wall time and of processor time."""

    runs: int
    outcomes: Counter[str]
    wall: float
    cpu: float


Entrant = Callable[[int, int], Played]
"""Plays a number of runs, the first of them with the given seed."""


def clocked(runs: int, work: Callable[[], Counter[str]]) -> Played:
    """Do the work and say what it took, finished child processes included."""
    wall, cpu = time.perf_counter(), _cpu()
    outcomes = work()
    return Played(runs, outcomes, time.perf_counter() - wall, _cpu() - cpu)


def _cpu() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def tallied(outcomes: Counter[str], limited_force: int) -> Counter[str]:
    """Outcome counts with the two that are not outcomes of their own: war and limited force."""
    war = sum(outcomes[each] for each in WARS)
    return outcomes + Counter(war=war, limited_force=limited_force)


def batch(days: int) -> Entrant:
    """The batch engine, as ``sim.run`` uses it, tables included."""
    from sim.experiments.study.study import run
    from sim.scenario.files import load

    scenario = load(SCENARIO)

    def play(runs: int, seed: int) -> Played:
        def work() -> Counter[str]:
            study = run(scenario, runs=runs, days=days, seed=seed, save=False, figures=False)
            assert len(study.rows) == runs
            assert study.curves["day"].max() == days - 1
            return Counter(dict(study.counts))

        return clocked(runs, work)

    return play


def plain(model: type, days: int) -> Entrant:
    """A plain Mesa version by ``mesa.batch_run`` on all cores, collecting every day."""
    import mesa

    def play(runs: int, seed: int) -> Played:
        def work() -> Counter[str]:
            collected = mesa.batch_run(
                model,
                {"file": SCENARIO, "days": days, "seed": range(seed, seed + runs)},
                number_processes=cores(),
                max_steps=days - 1,
                data_collection_period=1,
                display_progress=False,
            )
            last = {row["RunId"]: row for row in collected}
            assert len(last) == runs
            outcomes = Counter(row["outcome"] for row in last.values())
            return tallied(outcomes, sum(row["limited_force"] for row in last.values()))

        return clocked(runs, work)

    return play


def entrants(days: int) -> dict[str, Entrant]:
    """All three by name."""
    from tests.bench.idiomatic import IdiomaticCrisis
    from tests.bench.tuned import TunedCrisis

    return {
        "batch": batch(days),
        "idiomatic": plain(IdiomaticCrisis, days),
        "tuned": plain(TunedCrisis, days),
    }
