"""The closest call among the first runs of a scenario, and its risk evening by evening."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd

from sim.errors import StudyError
from sim.experiments.question import Counts, Figures, Question, Stage, Stages, Tables, planned
from sim.experiments.runner import THREADS, Answer, Means, answer
from sim.experiments.turning_points.closest.counts import (
    APART,
    LOOKS,
    SHORTLISTED,
    Hazards,
    closest,
    short_list,
)
from sim.experiments.turning_points.closest.report import told
from sim.experiments.turning_points.refusals import refuse_numbers
from sim.experiments.turning_points.risk.question import TIMES, Risk
from sim.reports.tables import records
from sim.reports.words import wrapped
from sim.scenario.scenario import Scenario

MOST_RUNS = 2_000
"""Runs looked at, from 0 on, unless told otherwise."""


@dataclass(frozen=True)
class ClosestCall(Question):
    """Find the run without war in which war was likeliest, by two sieves, and its risk by continuations of its own.

    Table "risk" is that of :class:`~sim.experiments.turning_points.risk.question.Risk`; "closest" has one row:
    run, looked_at (runs), peaceful (how many of these saw no war).
    """

    times: int

    kind: ClassVar[str] = "closest"

    def stages(self) -> Stages:
        """The chances of all runs, a close look at those where they are largest, the risk of the closest call.

        Raises StudyError if every run is a war.
        """
        hazards = yield Stage("runs", Hazards(self.scenario))
        looks = short_list(self.scenario, hazards)
        if looks is None:
            runs = self.scenario.study.runs
            raise StudyError(
                f"{self.scenario.name}: all of the first {runs:,} runs are wars; none is a close call."
            )
        found = yield Stage("looks", looks)
        yield Stage("continuations", self._risk(closest(looks, found)).experiment)

    def tables(self, counts: Counts) -> dict[str, pd.DataFrame]:
        """The tables "risk" and "closest"."""
        looks = short_list(self.scenario, counts["runs"])
        assert looks is not None
        run, peaceful = closest(looks, counts["looks"]), int((~counts["runs"]["row.war"]).sum())
        row = {"run": run, "looked_at": self.scenario.study.runs, "peaceful": peaceful}
        return {**self._risk(run).tables(counts), "closest": pd.DataFrame([row])}

    def page(self, tables: Tables) -> str:
        """The page of the run's risk, after which run it is."""
        title, rest = self.risk(tables).page(tables).split("\n\n", 1)
        return f"{title}\n\n{self._told(tables)}\n\n{rest}"

    def brief(self, tables: Tables) -> str:
        """Which run it is, its story and its risk."""
        return f"{wrapped(self._told(tables))}\n\n{self.risk(tables).brief(tables)}"

    def figures(self, tables: Tables) -> Figures:
        """The chances by evening."""
        return self.risk(tables).figures(tables)

    def to_json(self, tables: Tables) -> dict[str, Any]:
        """Among how many runs it is the closest call, and the risk of the run."""
        [found] = records(tables["closest"])
        return {**found, **self.risk(tables).to_json({"risk": tables["risk"]})}

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

    def _told(self, tables: Tables) -> str:
        [found] = records(tables["closest"])
        return told(self.risk(tables).course, tables["risk"], found)


QUESTION = ClosestCall


def asked(
    scenario: Scenario,
    times: int | None = None,
    runs: int | None = None,
    days: int | None = None,
    seed: int | None = None,
) -> ClosestCall:
    """The question, with what is not given taken from the scenario's study plan. Raises StudyError for what is refused."""
    times = TIMES if times is None else times
    refuse_numbers("--times", times)
    return ClosestCall(
        planned(scenario, min(MOST_RUNS, scenario.study.runs) if runs is None else runs, days, seed), times
    )


def closest_call(
    scenario: Scenario,
    times: int | None = None,
    *,
    runs: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    out: str | Path = "results",
    name: str | None = None,
    save: bool = True,
    figures: bool = True,
    means: Means = THREADS,
) -> Answer:
    """The closest call among the first ``runs`` runs (2,000 at most by default) of a scenario, by two sieves.

    Runs without war are ranked by the sum of their exact one-day chances of war; of the first 12, that one is taken
    whose P(war | history) was largest on one of every fourth evening, by 200 continuations. Its risk is then found
    afresh by ``times`` others (1..65,535; 400 by default). The answer has the tables of :class:`ClosestCall`; the
    rest is as for :func:`sim.experiments.runner.answer`. Raises StudyError if every run is a war.
    """
    question = asked(scenario, times, runs, days, seed)
    return answer(question, means=means, out=out, name=name, save=save, figures=figures)
