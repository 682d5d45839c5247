"""The closest call in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.experiments.turning_points.ends import end_of
from sim.experiments.turning_points.risk.report import evening
from sim.experiments.turning_points.risk.tables import chances, highest
from sim.reports.numbers import words
from sim.reports.words import plural
from sim.results.course import Course


def told(course: Course, table: pd.DataFrame, found: Mapping[str, Any]) -> str:
    """A paragraph: which run was the closest call, when, and among which."""
    day = highest(table, end_of(course.outcome) is not None)
    return (
        f"The closest call among the {found['peaceful']:,} of the first {plural(found['looked_at'], 'run')} that saw no "
        f"war: run {course.run:,}. War was likeliest {evening(day)}, at {words(chances(table)[day])}; it ended in "
        f"{course.outcome.name.replace('_', ' ')}."
    )
