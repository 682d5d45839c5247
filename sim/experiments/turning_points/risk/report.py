"""The risk of a run in words: the days that turned it, and the point of no return."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sim.experiments.story.story import dated, happened
from sim.experiments.story.telling import told as story_told
from sim.experiments.turning_points.ends import end_of
from sim.experiments.turning_points.risk.counts import BEFORE
from sim.experiments.turning_points.risk.tables import (
    NO_RETURN,
    chances,
    changes,
    highest,
    no_return,
    turning_days,
)
from sim.reports.numbers import difference_words, words
from sim.reports.words import plural, wrapped
from sim.results.course import Course
from sim.scenario.outcome_words import outcome_titles
from sim.schema.outcomes import WARS
from sim.text import WIDTH

BARS = "▁▂▃▄▅▆▇█"
TOPS = (0.1, 0.25, 0.5, 1.0)  # what the highest bar may stand for


def told(course: Course, table: pd.DataFrame) -> str:
    """The story of a run and its risk: how it is counted, the days that turned it, the point of no return."""
    days = "The days whose change is clear even among all days of the run, and the last:"
    risk = [
        _head(table),
        "",
        *_sketch(course, table),
        "",
        days,
        *_days(course, table),
        "",
        *_end(course, table),
    ]
    return "\n".join([story_told(course), "", *risk])


def closest_told(course: Course, table: pd.DataFrame, looked_at: int, peaceful: int) -> str:
    """A paragraph: which run was the closest call, when, and among which."""
    day = highest(table, end_of(course.outcome))
    return wrapped(
        f"The closest call among the {peaceful:,} of the first {plural(looked_at, 'run')} that saw no war: run "
        f"{course.run:,}. War was likeliest {_evening(day)}, at {words(chances(table)[day])}; it ended in "
        f"{outcome_titles(course.scenario)[course.outcome.name]}."
    )


def _head(table: pd.DataFrame) -> str:
    return wrapped(
        "How likely war was. Given all that had happened by the evening of a day, the share of "
        f"{plural(int(table['n'].iloc[0]), 'continuation')} with fresh luck that end in war, and its 95 % interval. The "
        "continuations share their luck from evening to evening, so what a day changed is known better than "
        "either evening. All that happened on a day changed it together: what was sent, how it was read, how "
        "resolve moved; `brink whatif` tells what one act of it did."
    )


def _days(course: Course, table: pd.DataFrame) -> Iterator[str]:
    found, changed = chances(table), changes(table)
    yield f"Before day 0: war {words(found[BEFORE])}."
    for day in sorted({*turning_days(table), max(found)}):
        change = f"after {100 * found[day - 1].rate:.0f} %: {difference_words(changed[day])}"
        played = [course.days[day]]
        said = " ".join(each.text for each in happened(course, played))
        when = dated(course.scenario, played)
        yield wrapped(f"{when}: war {words(found[day])}, {change}. {said}", then="  ")


def _sketch(course: Course, table: pd.DataFrame) -> Iterator[str]:
    """The chance of war as a row of bars, an evening each."""
    found = chances(table)
    most = found[highest(table, end_of(course.outcome))].rate
    top = next(top for top in TOPS if top >= most)
    bars = [BARS[min(int(each.rate / top * len(BARS)), len(BARS) - 1)] for each in found.values()]
    yield f"A bar for each evening, from before day 0 on, in eighths of {100 * top:.0f} %:"
    for first in range(0, len(bars), WIDTH - 9):
        yield f"{f'Day {max(0, first - 1)}':<9}{''.join(bars[first : first + WIDTH - 9])}"


def _end(course: Course, table: pd.DataFrame) -> Iterator[str]:
    end = end_of(course.outcome)
    if course.outcome not in WARS:
        day = highest(table, end)
        yield wrapped(
            f"War was likeliest {_evening(day)}, at {words(chances(table)[day])}, and did not come."
        )
    yield wrapped(_no_return(course, table, end))


def _evening(day: int) -> str:
    return "before day 0" if day == BEFORE else f"on the evening of day {day}"


def _no_return(course: Course, table: pd.DataFrame, end: str | None) -> str:
    day = no_return(table, end)
    if end is None or day is None:
        return "Point of no return: none, for nothing ended the crisis by the horizon."
    found, ending = chances(table, end), outcome_titles(course.scenario)[end]
    last = max(found)
    if day == last:
        before = words(found[last - 1])
        return f"Point of no return: none before day {last} itself; on the evening before, {ending} stood at {before}."
    return (
        f"Point of no return: {_evening(day).removeprefix('on ')}. From then on the chance of {ending}, with all of its "
        f"interval, was never below {100 * NO_RETURN:.0f} % until it came on day {last}."
    )
