"""Which days make a paragraph together, and which readings, causes and changes of fear and patience are told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log
from typing import TypeVar

from sim.results.course import Course, Day, Event, Reading
from sim.results.reasons import Cause, Reason

T = TypeVar("T")

STRETCH = 14  # days in one paragraph at most: the clause of an act names its days, and stays short
SILENCE = 3  # days on which nobody acts that make a paragraph of their own
SWING = 0.1  # a belief that moves so far in a day is told: a few days in a thousand of the standoff
MISLEADING = 0.08  # away from the truth, a little less will do
MISREAD = 0.1  # at grave moments (ultimatum, exit offer, force, incident), so much hostility made up
TELLING = log(3.0)  # a cause is told that multiplies the odds of an act by three at least
AGAIN = 30  # days after which a mood that lasts is told again
HALF = 0.5  # fear that is likelier right than not; fatigue that takes half of all hope
MOST = 12  # causes that are told of a run, and readings: the strongest
TURNING = ("fear", "fatigue")
CALM = 0.25  # below which fear or fatigue that was above one half is told to be gone


@dataclass(frozen=True)
class Turn:
    """A principal's fear or fatigue, ``value`` today, that has ``risen`` above HALF, or has fallen below CALM since."""

    actor: str
    what: str
    value: float
    risen: bool


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


# Causes --------------------------------------------------------------------------------------


def told_reasons(course: Course) -> dict[int, list[Reason]]:
    """By day, the main causes of acts, the strongest MOST of the run; a mood that lasts is not told day by day."""
    found: list[tuple[float, int, Reason]] = []
    moody: dict[str, int] = {}
    for day in course.days:
        for reason in main_reasons(day):
            if reason.cause is Cause.MOOD:
                if day.number - moody.get(reason.actor, -AGAIN) < AGAIN:
                    continue
                moody[reason.actor] = day.number
            found.append((reason.weight, day.number, reason))
    return _strongest(course, found)


def _strongest(course: Course, found: list[tuple[float, int, T]]) -> dict[int, list[T]]:
    """By day, the MOST that weigh most, and those of the last day in any case."""
    last = course.days[-1].number
    ranked = sorted(found, key=lambda each: (each[1] < last, -each[0], each[1]))[:MOST]
    return {
        day.number: [what for rank in found if rank in ranked and rank[1] == day.number for what in rank[2:]]
        for day in course.days
    }


def main_reasons(day: Day) -> Iterator[Reason]:
    """The strongest cause of each principal's act, if it is as strong as TELLING."""
    strongest: dict[str, Reason] = {}
    for reason in day.reasons:
        if reason.actor not in strongest or reason.weight > strongest[reason.actor].weight:
            strongest[reason.actor] = reason
    return (reason for reason in strongest.values() if reason.weight >= TELLING)


# Changes of heart ----------------------------------------------------------------------------


def told_turns(course: Course) -> dict[int, list[Turn]]:
    """By day, whose fear or fatigue passed HALF, or was above it and fell below CALM; not on the day of the end."""
    high = {(side.actor, what): getattr(side, what) > HALF for side in course.sides for what in TURNING}
    found: dict[int, list[Turn]] = {}
    for day in course.days:
        found[day.number] = []
        for side in day.sides if day.number != course.end_day else ():
            for what in TURNING:
                value, was = getattr(side, what), high[side.actor, what]
                if value < CALM if was else value > HALF:
                    high[side.actor, what] = not was
                    found[day.number].append(Turn(side.actor, what, value, not was))
    return found


# Readings ------------------------------------------------------------------------------------


def told_readings(course: Course) -> dict[int, list[Reading]]:
    """By day, the readings that are told: what moved a belief most, and how grave acts were felt."""
    found = [
        (max(abs(read.moved), abs(read.felt - read.hostility) * misread(course, day, read)), day.number, read)
        for day in course.days
        for read in day.readings
        if day.number != course.end_day and (swung(read) or misread(course, day, read))
    ]
    return _strongest(course, found)


def swung(read: Reading) -> bool:
    """Whether a day moved a belief so far that it is told."""
    return abs(read.moved) >= (MISLEADING if read.misled else SWING)


def misread(course: Course, day: Day, read: Reading) -> bool:
    """Whether a grave act was felt to be far more, or less, hostile than it was; an incident tells its own story."""
    sent = course.scenario.signals[read.signal]
    grave = (bool(sent.opens) or sent.force) and Event.INCIDENT not in day.events
    return grave and abs(read.felt - read.hostility) >= MISREAD
