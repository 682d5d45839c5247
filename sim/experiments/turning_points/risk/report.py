"""The risk of a run in words: the days that turned it, and the point of no return."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sim.experiments.story import telling as story
from sim.experiments.turning_points.ends import end_of
from sim.experiments.turning_points.report import share
from sim.experiments.turning_points.risk.counts import BEFORE
from sim.experiments.turning_points.risk.tables import (
    NO_RETURN,
    chances,
    changes,
    highest,
    no_return,
    turning_days,
)
from sim.reports.numbers import difference_words
from sim.reports.words import WIDTH, one_line, plural, wrapped
from sim.results.course import Course
from sim.schema.outcomes import WARS

BARS = "▁▂▃▄▅▆▇█"
TOPS = (0.1, 0.25, 0.5, 1.0)  # what the highest bar may stand for
DAYS = "The days whose change is clear even among all days of the run, and the last:"


def brief(course: Course, table: pd.DataFrame) -> str:
    """The story of the run and its risk, wrapped for a terminal."""
    return f"{story.told(course)}\n\n{told(course, table)}"


def told(course: Course, table: pd.DataFrame) -> str:
    """The risk of a run, wrapped for a terminal: how it is counted, the days that turned it, no return."""
    days = [wrapped(day, then="  ") for day in _days(course, table)]
    end = [wrapped(line) for line in _end(course, table)]
    return "\n".join(
        [wrapped(_head(table)), "", *_sketch(course, table), "", DAYS, *days, "", *end],
    )


def report(course: Course, table: pd.DataFrame) -> str:
    """The page of a run's risk, in Markdown; the run's story at its end."""
    scenario = course.scenario
    parts = [
        f"# {one_line(scenario.title) or scenario.name}: how likely war was in run {course.run:,}",
        _head(table),
        _as_typed("\n".join(_sketch(course, table))),
        DAYS,
        "\n".join(f"- {day}" for day in _days(course, table)),
        *_end(course, table),
        "## The run, day by day",
        _as_typed(story.told(course)),
    ]
    return "\n\n".join([*parts, ""])


def _as_typed(text: str) -> str:
    return f"```text\n{text}\n```"


def _head(table: pd.DataFrame) -> str:
    return (
        "How likely war was. Given all that had happened by the evening of a day, the share of "
        f"{plural(int(table['n'].iloc[0]), 'continuation')} with fresh luck that end in war, and its 95 % interval. The "
        "continuations share their luck from evening to evening, so what a day changed is known better than "
        "either evening. All that happened on a day changed it together: what was sent, how it was read, how "
        "resolve moved; `brink whatif` tells what one act of it did."
    )


def _days(course: Course, table: pd.DataFrame) -> Iterator[str]:
    found, changed = chances(table), changes(table)
    yield f"Before day 0: war {share(found[BEFORE])}."
    for day in sorted({*turning_days(table), max(found)}):
        change = f"after {100 * found[day - 1].rate:.0f} %: {difference_words(changed[day])}"
        played = course.days[day]
        said = " ".join(story.happened(course, [played]))
        yield f"{story.dated(course.scenario, [played])}: war {share(found[day])}, {change}. {said}"


def _sketch(course: Course, table: pd.DataFrame) -> Iterator[str]:
    """The chance of war as a row of bars, an evening each."""
    found = chances(table)
    most = found[highest(table, end_of(course.outcome) is not None)].rate
    top = next(top for top in TOPS if top >= most)
    bars = [BARS[min(int(each.rate / top * len(BARS)), len(BARS) - 1)] for each in found.values()]
    yield f"A bar for each evening, from before day 0 on, in eighths of {100 * top:.0f} %:"
    for first in range(0, len(bars), WIDTH - 9):
        yield f"{f'Day {max(0, first - 1)}':<9}{''.join(bars[first : first + WIDTH - 9])}"


def _end(course: Course, table: pd.DataFrame) -> Iterator[str]:
    end = end_of(course.outcome)
    if course.outcome not in WARS:
        day = highest(table, end is not None)
        yield f"War was likeliest {evening(day)}, at {share(chances(table)[day])}, and did not come."
    yield _no_return(table, end)


def evening(day: int) -> str:
    """'on the evening of day 4', or 'before day 0'."""
    return "before day 0" if day == BEFORE else f"on the evening of day {day}"


def _no_return(table: pd.DataFrame, end: str | None) -> str:
    day = no_return(table, end)
    if end is None or day is None:
        return "Point of no return: none, for nothing ended the crisis by the horizon."
    found = chances(table, end)
    last = max(found)
    if day == last:
        return (
            f"Point of no return: none before day {last} itself; on the evening before, {end} stood at "
            f"{share(found[last - 1])}."
        )
    return (
        f"Point of no return: {evening(day).removeprefix('on ')}. From then on the chance of {end}, with all of its "
        f"interval, was never below {100 * NO_RETURN:.0f} % until it came on day {last}."
    )
