"""The closest call among the first runs of a scenario, and its risk evening by evening."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Unpack

import pandas as pd

from sim.errors import StudyError
from sim.experiments.question import Counts, Figures, Stage, Stages, Tables, planned
from sim.experiments.runner import Answer, Keeping, answer
from sim.experiments.turning_points.closest.counts import (
    APART,
    LOOKS,
    SHORTLISTED,
    Hazards,
    closest,
    short_list,
)
from sim.experiments.turning_points.question import TurningPoint, refuse_beyond
from sim.experiments.turning_points.risk.question import TIMES, Risk
from sim.experiments.turning_points.risk.report import closest_told
from sim.scenario.files import AnyScenario, scenario_from
from sim.scenario.scenario import Scenario

MOST_RUNS = 2_000
"""Runs looked at, from 0 on."""


@dataclass(frozen=True)
class ClosestCall(TurningPoint):
    """Find the run without war in which war was likeliest, by two sieves, and its risk by continuations of its own.

    Table "risk" is that of :class:`~sim.experiments.turning_points.risk.question.Risk`; "closest" has one row:
    run, looked_at (runs), peaceful (how many of these saw no war).
    """

    times: int

    kind: ClassVar[str] = "closest"
    heading: ClassVar[str] = "the closest call"

    def stages(self) -> Stages:
        """The chances of all runs, a close look at those where they are largest, the risk of the closest call.

        Raises StudyError if every run is a war.
        """
        hazards = yield Stage("runs", Hazards(self.scenario))
        looks = short_list(self.scenario, hazards)
        if not looks.runs:
            runs = self.scenario.study.runs
            raise StudyError(
                f"{self.scenario.name}: all of the first {runs:,} runs are wars; none is a close call."
            )
        found = yield Stage("looks", looks)
        yield Stage("continuations", self._risk(closest(looks, found)).experiment)

    def tables(self, counts: Counts) -> dict[str, pd.DataFrame]:
        """The tables "risk" and "closest"."""
        run = closest(short_list(self.scenario, counts["runs"]), counts["looks"])
        war = counts["runs"]["row.war"]
        row = {"run": run, "looked_at": len(war), "peaceful": int((~war).sum())}
        return {**self._risk(run).tables(counts), "closest": pd.DataFrame([row])}

    def brief(self, tables: Tables) -> str:
        """Which run it is, its story and its risk."""
        found, row = self.risk(tables), tables["closest"].iloc[0]
        told = closest_told(found.course, tables["risk"], int(row["looked_at"]), int(row["peaceful"]))
        return f"{told}\n\n{found.brief(tables)}"

    def figures(self, tables: Tables) -> Figures:
        """The chances by evening."""
        return self.risk(tables).figures(tables)

    def to_json(self, tables: Tables) -> dict[str, Any]:
        """The risk of the run, and among how many it is the closest call."""
        return self.risk(tables).to_json(tables)

    @property
    def plain_runs(self) -> float:
        """An estimate, since runs that end early have fewer evenings."""
        own = self.scenario.study
        return own.runs + SHORTLISTED * LOOKS * own.days / APART + self.times * (own.days + 1)

    def risk(self, tables: Tables) -> Risk:
        """The risk of the run that was found, as a question of its own."""
        return self._risk(int(tables["closest"]["run"].iloc[0]))

    def _risk(self, run: int) -> Risk:
        return Risk(self.scenario, run, self.times)


QUESTION = ClosestCall


def asked(scenario: Scenario, times: int | None = None) -> ClosestCall:
    """The question. Raises StudyError for a wrong number of continuations."""
    times = TIMES if times is None else times
    refuse_beyond("--times", times)
    return ClosestCall(planned(scenario, min(MOST_RUNS, scenario.study.runs), None, None), times)


def closest_call(scenario: AnyScenario, times: int | None = None, **kept: Unpack[Keeping]) -> Answer:
    """The closest call among the first runs (2,000 at most) of a scenario's study plan, by two sieves.

    Runs without war are ranked by the sum of their exact one-day chances of war; of the first 12, that one is taken
    whose P(war | history) was largest on one of every fourth evening, by 200 continuations. Its risk is then found
    afresh by ``times`` others (1..65,535; 400 by default). The answer has the tables of :class:`ClosestCall`;
    ``kept`` is as for :func:`sim.experiments.runner.answer`. Raises StudyError if every run is a war.
    """
    return answer(asked(scenario_from(scenario), times), **kept)
