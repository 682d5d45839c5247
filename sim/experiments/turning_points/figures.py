"""The figures of turning points, made from their tables. Each imports matplotlib, which takes half a second, when drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sim.experiments.turning_points.ends import end_of
from sim.experiments.turning_points.risk.tables import changes, no_return, turning_days
from sim.reports.words import one_line
from sim.results.course import Course, Day
from sim.scenario.outcome_words import outcome_titles
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure


DRAWN = ("war", "miscalculated", "exit")  # of what-ifs; the table has settlements too


def risk_figure(course: Course, table: pd.DataFrame) -> Figure:
    """The chances of a run by evening, and the days that changed the chance of war most."""
    from sim.figures.risk import risk
    from sim.figures.style import assumed

    last, turned = int(table["day"].max()), no_return(table, end_of(course.outcome))
    return risk(
        table,
        acts(course, table),
        None if turned == last else turned,
        (last, outcome_titles(course.scenario)[course.outcome.name]),
        note=assumed(course.scenario.name),
        about=f"{_title(course.scenario)}, run {course.run:,}, seed {course.seed}",
        start=course.scenario.start,
    )


def what_if_figure(scenario: Scenario, run: int, day: int, actor: str, table: pd.DataFrame) -> Figure:
    """The change in each outcome, a row a signal."""
    from sim.figures.style import assumed
    from sim.figures.what_if import whatif

    shown = table[table["quantity"].isin(DRAWN)]
    return whatif(
        shown,
        note=assumed(scenario.name),
        about=f"{_title(scenario)}, run {run:,}, day {day}, {scenario.label(actor)}",
    )


def windows_figure(scenario: Scenario, actor: str, signal: str, table: pd.DataFrame) -> Figure:
    """The change in each outcome by day."""
    from sim.figures.style import assumed
    from sim.figures.windows import windows

    return windows(
        table,
        note=f"Among the runs in which it could be sent that day. {assumed(scenario.name)}",
        about=f"{scenario.label(actor)}: {scenario.label(signal)} · {_title(scenario)}",
        start=scenario.start,
        days=scenario.study.days,
    )


def acts(course: Course, table: pd.DataFrame) -> pd.DataFrame:
    """The days whose change stands out: day, label (what was sent, in short) and jump of P(war)."""
    changed = changes(table)
    rows = [(day, _sent(course, course.days[day]), changed[day].value) for day in turning_days(table)]
    return pd.DataFrame(rows, columns=["day", "label", "jump"])


def _sent(course: Course, day: Day) -> str:
    """'Washington: raid, Caracas: condemnation'; third parties only where neither principal sent anything."""
    label, scenario = course.scenario.label, course.scenario
    principals = [act for act in day.acts if act.actor in (scenario.coercer, scenario.target)]
    sent = [f"{label(act.actor)}: {label(act.signal)}" for act in principals or day.acts]
    return ", ".join(sent) or "nothing was sent"


def _title(scenario: Scenario) -> str:
    return one_line(scenario.title) or scenario.name
