"""Which days make a paragraph together, and which readings are told."""

from __future__ import annotations

from collections.abc import Sequence

from sim.results.course import Course, Day, Event, Reading
from sim.scenario.scenario import Scenario

STRETCH = 10  # days in one paragraph at most: the clause of an act names its days, and stays short
SILENCE = 3  # days on which nobody acts that make a paragraph of their own
SWING = 0.2  # a belief that moves so far in a day is told: all the doubt that a belief begins with in the standoff
MISLEADING = 0.12  # away from the truth, over half of that doubt will do

MISREAD = (
    0.2  # at grave moments (ultimatum, exit offer, force, incident), a reading so far from what was meant
)


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
    signals = course.scenario.signals
    return (
        bool(day.events) or day.number == course.end_day or any(signals[act.signal].force for act in day.acts)
    )


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
