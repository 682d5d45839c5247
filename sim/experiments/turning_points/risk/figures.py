"""The figure of a run's risk, made from its table and the run's course."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sim.experiments.turning_points.ends import end_of
from sim.experiments.turning_points.risk.tables import changes, no_return, turning_days
from sim.reports.words import one_line
from sim.results.course import Course, Day

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def figure_of(course: Course, table: pd.DataFrame) -> Figure:
    """The chances by evening, and the days that changed the chance of war most."""
    from sim.figures.risk import risk  # matplotlib takes half a second to import

    scenario, last = course.scenario, int(table["day"].max())
    turned = no_return(table, end_of(course.outcome))
    return risk(
        table,
        acts(course, table),
        None if turned == last else turned,
        (last, course.outcome.name.replace("_", " ")),
        about=f"{one_line(scenario.title) or scenario.name}, run {course.run:,}, seed {course.seed}",
        start=scenario.start,
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
