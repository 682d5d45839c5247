"""One run told day by day, in plain English: each sentence states a fact of that run.

The run is not stored. It is played again by the Mesa engine from the scenario, the seed and its number.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sim.errors import StudyError
from sim.report import plural
from sim.rules.end import WARS, Outcome
from sim.scenario import Scenario
from sim.story import words
from sim.story.course import Course, Day, Event, Reading, course
from sim.story.grammar import calendar, counted, dead, scaled, sentence, span

if TYPE_CHECKING:
    from sim.study import Study

WIDTH = 100  # columns of a line
MISLEADING = 0.1  # a belief that moves so far from the truth in a day is told: half of the usual doubt, 0.2
MISREAD = 0.2  # at grave moments (ultimatum, exit offer, force, incident), so is a reading so far from what was meant
SWING = 0.15  # so is one that moves so far at all: only some three days in a hundred do that
STRETCH = 7  # days gathered into one paragraph at most, so that "day by day" stays true
SILENCE = 3  # days on which nobody acts that make a paragraph of their own
LEVEL_STEP = 1.0  # a change of level is told when it comes to a rung


def tell(study: Study, run: int) -> str:
    """The story of one run of a study. Raises StudyError if the study has no such run."""
    if not 0 <= run < study.runs:
        raise StudyError(f"--run is {run}; {study.name} has the runs 0 to {study.runs - 1:,}.")
    return told(course(study.scenario, study.seed, run, study.days))


def told(course: Course) -> str:
    """The story of a course: its head, its days and its end, wrapped for a terminal."""
    return "\n".join([*_head(course), "", *_days(course), "", *_end(course)])


def _wrapped(text: str, first: str = "", then: str = "") -> str:
    return textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=then, break_on_hyphens=False)


# Head ----------------------------------------------------------------------------------------


def _head(course: Course) -> Iterator[str]:
    scenario, start = course.scenario, course.scenario.start
    yield _wrapped(scenario.title or scenario.name)
    dates = ""
    if start:
        dates = f", {calendar(start, 0)} to {calendar(start, course.horizon - 1)}"
    yield _wrapped(f"Run {course.run:,}, seed {course.seed}, horizon {plural(course.horizon, 'day')}{dates}.")
    when = f" on day {course.end_day}{_dated(scenario, course.end_day)}" if course.end_day is not None else ""
    yield _wrapped(f"It ends{when} {words.outcome(course)}.")
    yield ""
    coercer, target = (held.observer for held in course.first)
    for who, held in zip((target, coercer), course.first, strict=True):
        other = scenario.label(held.observer)
        yield _wrapped(
            f"{scenario.label(who)}'s true resolve is {scaled(held.resolve)} on day 0. {other} believes "
            f"{scaled(held.belief)}, {words.off(held)}."
        )
    yield _wrapped(
        "Resolve, from 0 to 1, is how far a side is truly willing to bear the cost of force; it shifts by the "
        'day. "Meant 0.50 → read as 0.70": the true resolve behind what is sent, and what the other side reads '
        "into it, which may lie beyond 0 or 1. Level is that of escalation, 0 to 10 (war); before day 0, "
        f"{scenario.world.level:.1f}."
    )


def _dated(scenario: Scenario, day: int) -> str:
    return f" ({calendar(scenario.start, day)})" if scenario.start else ""


# Days ----------------------------------------------------------------------------------------


def _days(course: Course) -> Iterator[str]:
    level = course.scenario.world.level
    for days in stretches(course):
        said = _stretch(course, days)
        now, ended = days[-1].level, days[-1].number == course.end_day
        if abs(now - level) >= LEVEL_STEP and not ended:
            said.append(f"The level {'rises' if now > level else 'falls'} to {now:.1f}.")
            level = now
        yield _wrapped(f"{_when(course.scenario, days)}: {' '.join(said)}", then="    ")
        for day in days:
            for read in told_readings(course, day):
                when = f"Day {day.number}: " if len(days) > 1 else ""
                yield _wrapped(when + words.reading(course.scenario, day, read), "    ", "        ")


def stretches(course: Course) -> list[list[Day]]:
    """The days in paragraphs: those that stand out alone, the others gathered, long silences apart."""
    found: list[list[Day]] = []
    for day in course.days:
        if found and _goes_on(course, found[-1], day):
            found[-1].append(day)
        else:
            found.append([day])
    return found


def _goes_on(course: Course, days: Sequence[Day], day: Day) -> bool:
    if stands_out(course, days[-1]) or stands_out(course, day):
        return False
    if any(before.acts for before in days):
        return len(days) < STRETCH
    return not day.acts or len(days) < SILENCE


def stands_out(course: Course, day: Day) -> bool:
    """Whether a day is told on its own."""
    return (
        bool(day.events or told_readings(course, day)) or day.number == course.end_day or _grave(course, day)
    )


def _grave(course: Course, day: Day) -> bool:
    return any(course.scenario.signals[act.signal].force for act in day.acts)


def told_readings(course: Course, day: Day) -> list[Reading]:
    """The readings of a day that are told: what moved a belief, and how grave moments were read."""
    if day.number == course.end_day:
        return []
    return [read for read in day.readings if _telling(course.scenario, day, read)]


def _telling(scenario: Scenario, day: Day, read: Reading) -> bool:
    sent = scenario.signals[read.signal]
    lapsed = Event.ULTIMATUM_LAPSED in day.events and read.rival == scenario.coercer
    grave = bool(sent.opens) or sent.force or Event.INCIDENT in day.events or lapsed
    if grave and abs(read.read - read.meant) >= MISREAD:
        return True
    return abs(read.moved) >= (MISLEADING if read.misled else SWING)


def _when(scenario: Scenario, days: Sequence[Day]) -> str:
    first, last = days[0].number, days[-1].number
    numbers = (
        f"Day {first}" if first == last else f"Days {first} {'and' if last == first + 1 else 'to'} {last}"
    )
    return f"{numbers} ({span(scenario.start, first, last)})" if scenario.start else numbers


def _stretch(course: Course, days: Sequence[Day]) -> list[str]:
    said = words.acts(course.scenario, days) or ["Nobody sends anything that is seen."]
    return said + [words.event(course, days[0], event) for event in days[0].events]


# End -----------------------------------------------------------------------------------------


def _end(course: Course) -> Iterator[str]:
    scenario = course.scenario
    yield _wrapped(f"The crisis ends {words.outcome(course)}.")
    held, then = (course.chosen, "as it chooses") if course.ended_by else (course.last, "at the end")
    if course.ended_by:
        held = tuple(sorted(held, key=lambda view: view.observer != course.ended_by))  # type: ignore[assignment]
    said = [f"{then}, {words.view(scenario, held[0])}", words.view(scenario, held[1])]
    if course.outcome is Outcome.exit:
        said.append(
            f"the offer is {scaled(scenario.world.outreach)} sincere, and "
            f"{scenario.label(scenario.target)} takes it to be {scaled(course.days[-2].sincerity)}"
        )
    yield _wrapped(" ".join(sentence(clause) for clause in said))
    yield _wrapped(" ".join(_leanings(course)))
    yield _wrapped(_harm(course))


def _leanings(course: Course) -> Iterator[str]:
    for place, view in enumerate(course.last):
        over = sum(day.readings[place].after > day.readings[place].meant for day in course.days)
        observer, rival = course.scenario.label(view.observer), course.scenario.label(view.rival)
        yield f"On {over} of {plural(len(course.days), 'day')} {observer} thinks {rival} more resolved than it is."


def _harm(course: Course) -> str:
    before = course.scenario.world.deaths
    killed = dead(course.deaths) + (f", after {counted(before)} before day 0" if before else "")
    hardship = f"grows by {course.hardship:.1f}" if course.hardship else "does not grow"
    peak = f"The level peaks at {course.peak_level:.1f}"
    if course.outcome in WARS:
        evenings = [course.scenario.world.level, *(day.level for day in course.days[:-1])]
        peak += f", which is war; until then, at {max(evenings):.1f}"
    return f"Over the run {killed}; hardship {hardship}. {peak}."
