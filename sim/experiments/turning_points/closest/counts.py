"""Two sieves for the run at peace that came closest to war: its chances as it went, and how its continuations end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim.compute.experiment import Piece
from sim.engines.batch.engine import Program
from sim.engines.branches import MOST_BRANCHES
from sim.experiments.planned_runs import PlannedRuns, identity
from sim.experiments.turning_points.ends import WAR, ended
from sim.experiments.turning_points.risk.counts import Continuations
from sim.scenario.scenario import Scenario

SHORTLISTED = 12
"""Of those at peace, how many are looked at closely: those whose one-day chances of war have the largest sum."""

LOOKS, APART = 200, 4
"""Continuations of a run of the short list, from every fourth evening; the branches that the risk takes last."""


@dataclass(frozen=True)
class Hazards(PlannedRuns):
    """Units are runs: whether each saw war, and how likely war was on its days (an Experiment)."""

    weight: ClassVar[float] = 1.0

    def compute(self, first: int, count: int) -> Piece:
        """``row.war``; ``row.hazard``: the sum of its exact one-day chances of war; ``row.end_day``: -1 at the horizon."""
        own = self.planned.study
        batch = Program.of(self.planned).simulate(own.seed, first, count, own.days)
        hazard, end_day = batch.rows["hazard"].astype(np.float64), batch.rows["end_day"].astype(np.int64)
        return {"row.war": ended(batch)[WAR], "row.hazard": hazard, "row.end_day": end_day}


@dataclass(frozen=True)
class Looks:
    """Units are runs of the short list: how many continuations of one of their evenings end in war (an Experiment)."""

    scenario: Scenario
    runs: tuple[int, ...]
    lasts: tuple[int, ...]  # the last day of each run

    noun: ClassVar[str] = "runs of the short list"  # not "runs", of which many are played at a stretch

    @property
    def units(self) -> int:
        """How many runs."""
        return len(self.runs)

    @property
    def weight(self) -> float:
        """Plain runs that a unit takes: its continuations."""
        return LOOKS * sum(len(_evenings(last)) for last in self.lasts) / len(self.lasts)

    def identity(self) -> dict[str, Any]:
        """All that the counts depend on but the number of runs."""
        return identity(self.scenario) | {"runs": list(self.runs), "lasts": list(self.lasts)}

    def compute(self, first: int, count: int) -> Piece:
        """``row.wars``: of LOOKS continuations, those that end in war, from the evening from which most do."""
        here = slice(first, first + count)
        found = [self._wars(run, last) for run, last in zip(self.runs[here], self.lasts[here], strict=True)]
        return {"row.wars": np.array(found, np.int64)}

    def _wars(self, run: int, last: int) -> int:
        looks = Continuations(self.scenario, run, _evenings(last), LOOKS, MOST_BRANCHES + 1 - LOOKS)
        return int(looks.compute(0, LOOKS)["count"][WAR].max())


def _evenings(last: int) -> tuple[int, ...]:
    """Every APART-th evening before the last of a run."""
    return tuple(range(0, max(1, last), APART))


def short_list(scenario: Scenario, hazards: Piece) -> Looks:
    """The first SHORTLISTED runs at peace by their chances of war, largest first; none if all runs are wars."""
    peace = np.flatnonzero(~hazards["row.war"])
    order = np.argsort(-hazards["row.hazard"][peace], kind="stable")[:SHORTLISTED]
    runs = tuple(int(run) for run in peace[order])
    ends = (int(hazards["row.end_day"][run]) for run in runs)
    return Looks(scenario, runs, tuple(scenario.study.days - 1 if end < 0 else end for end in ends))


def closest(looks: Looks, counts: Piece) -> int:
    """The run of the short list of which most continuations end in war; the first of these."""
    return looks.runs[int(np.argmax(counts["row.wars"]))]
