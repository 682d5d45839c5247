"""The risk of one run, evening by evening: the share of its continuations that end in war, exit or settlement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from sim.experiments.question import Counts, Figures, Question, Stage, Stages, Tables, planned
from sim.experiments.runner import THREADS, Answer, Means, answer
from sim.experiments.turning_points.ends import end_of
from sim.experiments.turning_points.refusals import refuse_numbers
from sim.experiments.turning_points.risk.counts import BEFORE, Continuations
from sim.experiments.turning_points.risk.figures import figure_of
from sim.experiments.turning_points.risk.report import brief, report
from sim.experiments.turning_points.risk.tables import NO_RETURN, chances, highest, no_return, table_of
from sim.results.course import Course, refuse_other_runs, replay
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

TIMES = 400
"""Continuations of each evening, unless told otherwise: an interval of 5 points either way at the widest."""


@dataclass(frozen=True)
class Risk(Question):
    """Continue one run from each of its evenings with fresh luck: what could still come of it.

    Table "risk": a row an evening and end: day (-1: before day 0), quantity (war, exit, settlement), value, low, high
    (the share of ``n`` continuations that come to it, in 0..1; on the last evening it is known), n; change, change_low,
    change_high, change_se (against the evening before, under common random numbers); stands_out (whether the day
    changed the chance of war by more than luck alone would on any day of the run).
    """

    run: int
    times: int

    kind: ClassVar[str] = "risk"

    @property
    def course(self) -> Course:
        """What happened in the run."""
        own = self.scenario.study
        return replay(self.scenario, own.seed, self.run, own.days)

    @property
    def experiment(self) -> Continuations:
        """The continuations from each evening: branches of luck that all evenings share."""
        evenings = (BEFORE, *(day.number for day in self.course.days))
        return Continuations(self.scenario, self.run, evenings, self.times)

    def stages(self) -> Stages:
        """One: all continuations."""
        yield Stage("continuations", self.experiment)

    def tables(self, counts: Counts) -> dict[str, pd.DataFrame]:
        """The table "risk"."""
        return {"risk": table_of(counts["continuations"], self.times)}

    def page(self, tables: Tables) -> str:
        """How likely war was, the days that turned it, the point of no return, and the story of the run."""
        return report(self.course, tables["risk"])

    def brief(self, tables: Tables) -> str:
        """The story of the run, and its risk."""
        return brief(self.course, tables["risk"])

    def figures(self, tables: Tables) -> Figures:
        """The chances by evening."""
        return {"risk": lambda: figure_of(self.course, tables["risk"])}

    def to_json(self, tables: Tables) -> dict[str, Any]:
        """The run, its point of no return, the evening on which war was likeliest, and the table."""
        return {
            **self.course.to_json(),
            "times": self.times,
            **self._turns(tables),
            **super().to_json(tables),
        }

    def _turns(self, tables: Tables) -> Mapping[str, Any]:
        table, end = tables["risk"], end_of(self.course.outcome)
        day = highest(table, end is not None)
        most = chances(table)[day]
        return {
            "no_return": {"threshold": NO_RETURN, "day": no_return(table, end)},
            "highest": {"day": day, "value": most.rate, "low": most.low, "high": most.high, "n": most.n},
        }


QUESTION = Risk


def asked(
    scenario: Scenario,
    run: int,
    times: int | None = None,
    days: int | None = None,
    seed: int | None = None,
) -> Risk:
    """The question, with what is not given taken from the scenario's study plan. Raises StudyError for what is refused."""
    plan = planned(scenario, None, days, seed)
    times = TIMES if times is None else times
    refuse_other_runs(scenario.name, plan.study.runs, run)
    refuse_numbers("--times", times)
    return Risk(plan, run, times)


def risk(
    scenario: Scenario,
    run: int,
    times: int | None = None,
    *,
    days: int | None = None,
    seed: int | None = None,
    out: str | Path = "results",
    name: str | None = None,
    save: bool = True,
    figures: bool = True,
    means: Means = THREADS,
) -> Answer:
    """The risk of one run, evening by evening: how likely war was, given all that had happened until then.

    From every evening the run is continued ``times`` times (1..65,535; 400 by default) with fresh luck, and all until
    then is kept. All evenings share their branches of luck, so that a change from one to the next is paired. The
    answer has the table of :class:`Risk`; the rest is as for :func:`sim.experiments.runner.answer`. Raises
    StudyError if the study plan has no such run.
    """
    question = asked(scenario, run, times, days, seed)
    return answer(question, means=means, out=out, name=name, save=save, figures=figures)
