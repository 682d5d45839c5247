"""The closest call: of the crises that stayed at peace, the one in which war was likeliest at some time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.compute.scheduler import Announce, Progress
from sim.engines.batch.engine import Program
from sim.engines.branches import MOST_BRANCHES
from sim.engines.warm_up import ready
from sim.errors import StudyError
from sim.experiments.turning_points.ends import ENDS, ended
from sim.experiments.turning_points.forced import whole
from sim.experiments.turning_points.risk import TIMES, Continuations, Evening, Risk, risk
from sim.scenario.scenario import Scenario

LOOKED_AT = 2_000
"""Runs looked through, from 0 on."""


SHORTLISTED = 12
"""Of those at peace, how many are looked at closely: those whose one-day chances of war have the largest sum."""


LOOKS, APART = 200, 4
"""Continuations of a run of the short list, from every fourth evening; the branches that :func:`risk` takes last."""


@dataclass(frozen=True)
class ClosestCall:
    """The risk of the run, among ``peaceful`` of the ``looked_at`` first runs that saw no war."""

    risk: Risk
    looked_at: int
    peaceful: int

    @property
    def evening(self) -> Evening:
        """When war was likeliest."""
        return self.risk.highest


def closest_call(
    scenario: Scenario,
    times: int = TIMES,
    looked_at: int = LOOKED_AT,
    *,
    progress: Progress | None = None,
    announce: Announce | None = None,
) -> ClosestCall:
    """The closest call among the first runs of a scenario's study plan, by two sieves.

    Runs without war are ranked by the sum of their exact one-day chances of war; of the first SHORTLISTED,
    that one is taken whose P(war | history) was largest on one of every APART evenings, by LOOKS continuations. Its risk is
    then found afresh by ``times`` others. Raises StudyError if every run was a war.
    """
    ready(scenario, announce)
    own = scenario.study
    count = min(looked_at, own.runs)
    batch = Program.of(scenario).simulate(own.seed, 0, count, own.days)
    peace = np.flatnonzero(~ended(batch)[list(ENDS).index("war")])
    if not len(peace):
        raise StudyError(f"{scenario.name}: all of the first {count:,} runs are wars; none is a close call.")
    hazard = batch.rows["hazard"].astype(np.float64)[peace]
    shortlist = peace[np.argsort(-hazard, kind="stable")[:SHORTLISTED]]
    last = [own.days - 1 if end < 0 else int(end) for end in batch.rows["end_day"][shortlist]]
    peaks = [_peak(scenario, int(run), day) for run, day in zip(shortlist, last, strict=True)]
    run = int(shortlist[int(np.argmax(peaks))])
    return ClosestCall(risk(scenario, run, times, progress=progress, announce=announce), count, len(peace))


def _peak(scenario: Scenario, run: int, last: int) -> int:
    """How many of LOOKS continuations end in war from that evening before the last from which most do."""
    evenings = tuple(range(0, max(1, last), APART))
    looks = Continuations(scenario, run, evenings, LOOKS, MOST_BRANCHES + 1 - LOOKS)
    wars = whole(looks, None)["count"][list(ENDS).index("war")]
    return int(wars.max())
