"""A story as data: its head, its paragraphs with what is noted under each, and its end. Terminals and pages show the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from sim.experiments.story import words
from sim.experiments.story.grammar import calendar, counted, dead, listed, on_days, scaled, sentence, span
from sim.experiments.story.paragraphs import stretches, told_readings, told_reasons, told_turns
from sim.reports.words import plural
from sim.results.course import Course, Day, Event, Reading
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import WARS, Outcome

TENSION_STEP = 0.15  # a change of tension is told when it comes to so much
TERMS_STEP = 0.05  # and one of the terms
CHANCE = (Event.INCIDENT, Event.LOSS_OF_CONTROL, Event.FADED)  # told after what all have sent

AHEAD = (  # what these lead to is of no matter once the crisis is over
    *(Event.ULTIMATUM_SET, Event.ULTIMATUM_RENEWED, Event.ULTIMATUM_CALLED),
    *(Event.OFFER_OPENED, Event.OFFER_RENEWED, Event.OFFER_EXPIRED),
)

What = Literal["act", "event", "chorus", "state"]


class Said(NamedTuple):
    """A sentence: of what principals sent, what happened, what third parties sent, or where tension and terms stand."""

    what: What
    text: str


@dataclass(frozen=True)
class Note:
    """A sentence under a paragraph: why an act was sent, how it was read, or what turned in a capital.

    ``readings`` are those that it tells, with their days: what was meant, and how it was read.
    """

    what: Literal["why", "reading", "turn"]
    text: str
    readings: tuple[tuple[int, Reading], ...] = ()


@dataclass(frozen=True)
class Paragraph:
    """Some days that are told together: ``heading`` is 'Days 4 to 9 (4 to 9 Dec)'."""

    first: int
    last: int
    heading: str
    said: tuple[Said, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Story:
    """A course in words. ``opening`` says which run it is and how it ends, ``about`` who misjudges whom at first."""

    title: str
    opening: tuple[str, ...]
    about: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]
    end: tuple[str, ...]


def story_of(course: Course) -> Story:
    """The story of a course."""
    scenario = course.scenario
    return Story(
        scenario.title or scenario.name,
        tuple(_opening(course)),
        tuple(_about(course)),
        tuple(_paragraphs(course)),
        tuple(_end(course)),
    )


# Head ----------------------------------------------------------------------------------------


def _opening(course: Course) -> Iterator[str]:
    scenario, start = course.scenario, course.scenario.start
    dates = f", {calendar(start, 0)} to {calendar(start, course.horizon - 1)}" if start else ""
    yield f"Run {course.run:,}, seed {course.seed}, horizon {plural(course.horizon, 'day')}{dates}."
    when = f" on day {course.end_day}{_dated(scenario, course.end_day)}" if course.end_day is not None else ""
    yield f"It ends{when} {words.outcome(course)}."


def _about(course: Course) -> Iterator[str]:
    scenario = course.scenario
    coercer, target = (held.observer for held in course.first)
    for who, held in zip((target, coercer), course.first, strict=True):
        other = scenario.label(held.observer)
        yield (
            f"{scenario.label(who)}'s true resolve is {scaled(held.resolve)} on day 0. {other} believes "
            f"{scaled(held.belief)}, {words.off(held)}."
        )
    yield (
        "Resolve, from 0 to 1, is how far a side is truly willing to bear the cost of force; it shifts by the "
        'day. "Odds ×4": without that cause, but with all else as it was, the odds of the act against doing nothing '
        "(of one that ends the crisis: against waiting) would have been a quarter. Tension, from 0 to 1, is how hot "
        f"the last days were; before day 0 it is {scaled(scenario.world.tension)}."
    )


def _dated(scenario: Scenario, day: int) -> str:
    return f" ({calendar(scenario.start, day)})" if scenario.start else ""


# Days ----------------------------------------------------------------------------------------


def _paragraphs(course: Course) -> Iterator[Paragraph]:
    start, noted = course.scenario.world, _noted(course)
    tension, terms = start.tension, (start.demand, start.tender)
    for days in stretches(course):
        said = happened(course, days)
        last = days[-1]
        if last.number != course.end_day:
            if _far(tension, last.tension, TENSION_STEP):
                moves = "rises" if last.tension > tension else "falls"
                said.append(Said("state", f"The tension {moves} to {scaled(last.tension)}."))
                tension = last.tension
            if any(map(_far, terms, (last.demand, last.tender), (TERMS_STEP, TERMS_STEP))):
                said.append(Said("state", words.terms(course, last)))
                terms = last.demand, last.tender
        heading = dated(course.scenario, days)
        yield Paragraph(days[0].number, last.number, heading, tuple(said), tuple(_notes(days, noted)))


def _far(before: float, now: float, step: float) -> bool:
    return abs(now - before) >= step


class _Noted(NamedTuple):
    """A sentence about a day, apart from the odds of a cause, and the reading that it tells."""

    what: Literal["why", "reading", "turn"]
    text: str
    odds: str = ""
    reading: Reading | None = None


def _noted(course: Course) -> dict[int, list[_Noted]]:
    """By day, sentences under a paragraph: why, how it was read, and what that did."""
    reasons, readings, turns = told_reasons(course), told_readings(course), told_turns(course)
    return {
        day.number: [
            *(_Noted("why", *words.reason(course, day, each)) for each in reasons[day.number]),
            *(_Noted("reading", words.reading(course, day, each), "", each) for each in readings[day.number]),
            *(_Noted("turn", words.turn(course.scenario, each)) for each in turns[day.number]),
        ]
        for day in course.days
    }


def _notes(days: Sequence[Day], noted: Mapping[int, list[_Noted]]) -> Iterator[Note]:
    """The sentences under a paragraph, each once, with its days if the paragraph has several."""
    together: dict[str, list[tuple[int, _Noted]]] = {}
    for day in days:
        for note in noted[day.number]:
            together.setdefault(note.text, []).append((day.number, note))
    for text, found in together.items():
        times = listed(list(dict.fromkeys(note.odds for _, note in found)))
        on = on_days([day for day, _ in found]).removeprefix("on ")
        said = sentence(f"{f'{on}: ' if len(days) > 1 else ''}{text}{f'; {times}' if times else ''}")
        readings = tuple((day, note.reading) for day, note in found if note.reading)
        yield Note(found[0][1].what, said, readings)


def dated(scenario: Scenario, days: Sequence[Day]) -> str:
    """'Day 4 (4 Dec)', 'Days 4 to 9'."""
    first, last = days[0].number, days[-1].number
    numbers = (
        f"Day {first}" if first == last else f"Days {first} {'and' if last == first + 1 else 'to'} {last}"
    )
    return f"{numbers} ({span(scenario.start, first, last)})" if scenario.start else numbers


def happened(course: Course, days: Sequence[Day]) -> list[Said]:
    """Sentences: what was sent and what happened on a stretch of days."""
    scenario, last = course.scenario, days[-1]
    events = [event for event in last.events if not (event in AHEAD and last.number == course.end_day)]
    chance = [event for event in events if event in CHANCE]
    said = [Said("act", each) for each in words.acts(scenario, days)]
    said += [Said("event", words.event(course, last, event)) for event in events if event not in chance]
    said += [Said("chorus", each) for each in words.chorus(course, days)]
    said += [Said("event", words.event(course, last, event)) for event in chance]
    return said or [Said("state", "Nobody sends anything that is seen.")]


# End -----------------------------------------------------------------------------------------


def _end(course: Course) -> Iterator[str]:
    scenario = course.scenario
    yield f"It ends {words.outcome(course)}."
    coercer, target = course.chosen if course.ended_by else course.last
    first, second = (target, coercer) if course.ended_by == target.observer else (coercer, target)
    when = "as it chooses" if course.ended_by else "at the end"
    said = [f"{when}, {words.view(scenario, first)}", words.view(scenario, second)]
    if course.outcome is Outcome.exit:
        said.append(
            f"the offer is {scaled(scenario.world.outreach)} sincere, and "
            f"{scenario.label(scenario.target)} takes it to be {scaled(course.chosen_sincerity)}"
        )
    yield " ".join(sentence(clause) for clause in said)
    yield " ".join(_leanings(course))
    yield _harm(course)


def _leanings(course: Course) -> Iterator[str]:
    n = len(course.days)
    for place, view in enumerate(course.last):
        over = sum(day.readings[place].after > day.readings[place].meant for day in course.days)
        felt = sum(day.readings[place].felt - day.readings[place].hostility for day in course.days) / n
        observer, rival = course.scenario.label(view.observer), course.scenario.label(view.rival)
        more = "more" if felt >= 0 else "less"
        yield (
            f"On {over} of {plural(n, 'day')} {observer} thinks {rival} more resolved than it is; on average it feels a "
            f"day of {rival}'s to be {scaled(abs(felt))} {more} hostile than it was."
        )


def _harm(course: Course) -> str:
    before = course.scenario.world.deaths
    killed = dead(course.deaths) + (f", after {counted(before)} before day 0" if before else "")
    hardship = f"grows by {course.hardship:.1f}" if course.hardship else "does not grow"
    peak = f"The level peaks at {course.peak_level:.1f}"
    if course.outcome in WARS:
        evenings = [course.scenario.world.level, *(day.level for day in course.days[:-1])]
        peak += f", which is war; before that day, at {max(evenings):.1f}"
    return f"Over the run {killed}; hardship {hardship}. {peak}."
