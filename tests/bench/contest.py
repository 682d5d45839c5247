"""The three measured in turns, and whether they play the same model."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from tests.bench.entrants import OUTCOMES, Entrant, Played

COMPARED = ("war", "limited_force", *OUTCOMES)
LIMIT = 4.0
"""Most standard errors that two rates may differ by. With some 30 comparisons, versions that play the same
model pass all of them in more than 99.8 % of benchmarks."""
FEWEST_EXPECTED = 5
"""Runs that an outcome must be expected in, in both samples, for the normal approximation to be used."""


@dataclass(frozen=True)
class Turns:
    """All turns of one entrant, but for its starts."""

    runs: int
    outcomes: Counter[str]
    per_second: float
    per_cpu_second: float


def contest(players: Mapping[str, Entrant], sizes: Mapping[str, int], repeats: int) -> dict[str, Turns]:
    """Let each play its number of runs in turns (A B C A B C ...) and take the medians.

    A short play measures what it takes to start (workers to spawn, modules to import, nothing at all for an
    engine that is warm); it is taken off, so that the rates are those of long studies. Seeds never repeat.
    """
    starts: dict[str, list[Played]] = {name: [] for name in players}
    turns: dict[str, list[Played]] = {name: [] for name in players}
    seed = 1
    players["batch"](100, 0)  # compiled, cached and loaded from here on; the others start afresh each time
    for _ in range(repeats):
        for name, play in players.items():
            few = max(sizes[name] // 50, 2)
            starts[name].append(play(few, seed))
            turns[name].append(play(sizes[name], seed + few))
            seed += few + sizes[name]
    return {name: _summed(starts[name], turns[name]) for name in players}


def _summed(starts: list[Played], turns: list[Played]) -> Turns:
    played = [*starts, *turns]
    outcomes = sum((each.outcomes for each in played), Counter[str]())
    runs = turns[0].runs - starts[0].runs
    wall = median(turn.wall for turn in turns) - median(start.wall for start in starts)
    cpu = median(turn.cpu for turn in turns) - median(start.cpu for start in starts)
    return Turns(sum(each.runs for each in played), outcomes, runs / wall, runs / cpu)


def difference(count_a: int, runs_a: int, count_b: int, runs_b: int) -> float:
    """How many standard errors two proportions differ by (pooled two-proportion z), 0 if both are too rare."""
    share = (count_a + count_b) / (runs_a + runs_b)
    if min(share, 1 - share) * min(runs_a, runs_b) < FEWEST_EXPECTED:
        return 0.0
    error = math.sqrt(share * (1 - share) * (1 / runs_a + 1 / runs_b))
    return (count_a / runs_a - count_b / runs_b) / error


def disagreements(turns: Mapping[str, Turns]) -> list[str]:
    """Outcomes whose rates in two versions differ by more than ``LIMIT`` standard errors, in words."""
    names = list(turns)
    found = []
    for index, a in enumerate(names):
        for b in names[index + 1 :]:
            for outcome in COMPARED:
                z = difference(
                    turns[a].outcomes[outcome], turns[a].runs, turns[b].outcomes[outcome], turns[b].runs
                )
                if abs(z) > LIMIT:
                    found.append(f"{outcome}: {a} and {b} differ by {abs(z):.1f} standard errors")
    return found
