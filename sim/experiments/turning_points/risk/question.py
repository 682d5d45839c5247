"""The risk of one run, evening by evening: the share of its continuations that come to each end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from sim.experiments.question import Counts, Figures, Stage, Stages, Tables, planned
from sim.experiments.runner import Answer, Keeping, answer
from sim.experiments.turning_points.ends import end_of
from sim.experiments.turning_points.figures import risk_figure
from sim.experiments.turning_points.question import TurningPoint, refuse_beyond
from sim.experiments.turning_points.risk.counts import BEFORE, Continuations
from sim.experiments.turning_points.risk.report import told
from sim.experiments.turning_points.risk.tables import NO_RETURN, highest, no_return, table_of
from sim.results.course import Course, refuse_other_runs, replay
from sim.scenario.files import AnyScenario, scenario_from
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

TIMES = 400
"""Continuations of each evening, unless told otherwise: an interval of 5 points either way at the widest."""


@dataclass(frozen=True)
class Risk(TurningPoint):
    """Continue one run from each of its evenings with fresh luck: what could still come of it.

    Table "risk": a row an evening and end: day (-1: before day 0), quantity (war, deescalation, exit, settlement),
    value, low, high (the share of ``n`` continuations that come to it, in 0..1; on the last evening it is known), n; change, change_low,
    change_high, change_se (against the evening before, under common random numbers); stands_out (whether the day
    changed the chance of war by more than luck alone would on any day of the run).
    """

    run: int
    times: int

    kind: ClassVar[str] = "risk"
    heading: ClassVar[str] = "how likely war was in one run, evening by evening"

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

    def brief(self, tables: Tables) -> str:
        """The story of the run, how likely war was, the days that turned it, the point of no return."""
        return told(self.course, tables["risk"])

    def figures(self, tables: Tables) -> Figures:
        """The chances by evening."""
        return {"risk": lambda: risk_figure(self.course, tables["risk"])}

    def to_json(self, tables: Tables) -> dict[str, Any]:
        """The run, its point of no return, the day after which war was likeliest, and the table."""
        table, end = tables["risk"], end_of(self.course.outcome)
        return {
            **super().to_json(tables),
            **self.course.to_json(),
            "no_return": {"threshold": NO_RETURN, "day": no_return(table, end)},
            "highest": highest(table, end),
        }


QUESTION = Risk


def asked(scenario: Scenario, run: int, times: int | None = None) -> Risk:
    """The question. Raises StudyError if the study plan has no such run, or for a wrong number of continuations."""
    times = TIMES if times is None else times
    refuse_other_runs(scenario.name, scenario.study.runs, run)
    refuse_beyond("--times", times)
    return Risk(planned(scenario, None, None, None), run, times)


def risk(scenario: AnyScenario, run: int, times: int | None = None, **kept: Unpack[Keeping]) -> Answer:
    """The risk of one run of a scenario's study plan: how likely war was each evening, given all until then.

    From every evening the run is continued ``times`` times (1..65,535; 400 by default) with fresh luck, and all until
    then is kept. All evenings share their branches of luck, so that a change from one to the next is paired. The
    answer has the table of :class:`Risk`; ``kept`` is as for :func:`sim.experiments.runner.answer`. Raises
    StudyError if the study plan has no such run.
    """
    return answer(asked(scenario_from(scenario), run, times), **kept)
