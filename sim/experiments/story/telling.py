"""A course told: its head, its days and its end, wrapped for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from sim.experiments.story import words
from sim.experiments.story.grammar import calendar, counted, dead, listed, on_days, scaled, sentence, span
from sim.experiments.story.paragraphs import stretches, told_readings, told_reasons, told_turns
from sim.reports.words import plural, wrapped
from sim.results.course import Course, Day, Event, refuse_other_runs, replay
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import WARS, Outcome

if TYPE_CHECKING:
    from sim.experiments.study.study import Study

TENSION_STEP = 0.15  # a change of tension is told when it comes to so much
TERMS_STEP = 0.05  # and one of the terms
CHANCE = (Event.INCIDENT, Event.LOSS_OF_CONTROL, Event.FADED)  # told after what all have sent

AHEAD = (  # what these lead to is of no matter once the crisis is over
    *(Event.ULTIMATUM_SET, Event.ULTIMATUM_RENEWED, Event.ULTIMATUM_CALLED),
    *(Event.OFFER_OPENED, Event.OFFER_RENEWED, Event.OFFER_EXPIRED),
)


def tell(study: Study, run: int) -> str:
    """The story of one run of a study. Raises StudyError if the study has no such run."""
    return told(course_of(study, run))


def course_of(study: Study, run: int) -> Course:
    """What happened in one run of a study. Raises StudyError if the study has no such run."""
    refuse_other_runs(study.name, study.runs, run)
    return replay(study.scenario, study.seed, run, study.days)


def told(course: Course) -> str:
    """The story of a course: its head, its days and its end, wrapped for a terminal."""
    return "\n".join([*_head(course), "", *_days(course), "", *_end(course)])


# Head ----------------------------------------------------------------------------------------


def _head(course: Course) -> Iterator[str]:
    scenario, start = course.scenario, course.scenario.start
    yield wrapped(scenario.title or scenario.name)
    dates = f", {calendar(start, 0)} to {calendar(start, course.horizon - 1)}" if start else ""
    yield wrapped(f"Run {course.run:,}, seed {course.seed}, horizon {plural(course.horizon, 'day')}{dates}.")
    when = f" on day {course.end_day}{_dated(scenario, course.end_day)}" if course.end_day is not None else ""
    yield wrapped(f"It ends{when} {words.outcome(course)}.")
    yield ""
    coercer, target = (held.observer for held in course.first)
    for who, held in zip((target, coercer), course.first, strict=True):
        other = scenario.label(held.observer)
        yield wrapped(
            f"{scenario.label(who)}'s true resolve is {scaled(held.resolve)} on day 0. {other} believes "
            f"{scaled(held.belief)}, {words.off(held)}."
        )
    yield wrapped(
        "Resolve, from 0 to 1, is how far a side is truly willing to bear the cost of force; it shifts by the "
        'day. "Odds ×4": without that cause, but with all else as it was, the odds of the act against doing nothing '
        "(of one that ends the crisis: against waiting) would have been a quarter. Tension, from 0 to 1, is how hot "
        f"the last days were; before day 0 it is {scaled(scenario.world.tension)}."
    )


def _dated(scenario: Scenario, day: int) -> str:
    return f" ({calendar(scenario.start, day)})" if scenario.start else ""


# Days ----------------------------------------------------------------------------------------


def _days(course: Course) -> Iterator[str]:
    start, notes = course.scenario.world, _notes(course)
    tension, terms = start.tension, (start.demand, start.tender)
    for days in stretches(course):
        said = happened(course, days)
        last = days[-1]
        if last.number != course.end_day:
            if _far(tension, last.tension, TENSION_STEP):
                said.append(f"The tension {_moves(tension, last.tension)} to {scaled(last.tension)}.")
                tension = last.tension
            if any(map(_far, terms, (last.demand, last.tender), (TERMS_STEP, TERMS_STEP))):
                said.append(words.terms(course, last))
                terms = last.demand, last.tender
        yield wrapped(f"{dated(course.scenario, days)}: {' '.join(said)}", then="  ")
        for note in _noted(days, notes):
            yield wrapped(note, "  - ", "    ")


def _far(before: float, now: float, step: float) -> bool:
    return abs(now - before) >= step


def _moves(before: float, now: float) -> str:
    return "rises" if now > before else "falls"


def _notes(course: Course) -> dict[int, list[tuple[str, str]]]:
    """By day, sentences under a paragraph: why, how it was read, and what that did; a cause apart from its odds."""
    reasons, readings, turns = told_reasons(course), told_readings(course), told_turns(course)
    return {
        day.number: [
            *(words.reason(course, day, each) for each in reasons[day.number]),
            *((words.reading(course, day, each), "") for each in readings[day.number]),
            *((words.turn(course.scenario, each), "") for each in turns[day.number]),
        ]
        for day in course.days
    }


def _noted(days: Sequence[Day], notes: Mapping[int, list[tuple[str, str]]]) -> Iterator[str]:
    """The sentences under a paragraph, each once, with its days if the paragraph has several."""
    together: dict[str, list[tuple[int, str]]] = {}
    for day in days:
        for said, odds in notes[day.number]:
            together.setdefault(said, []).append((day.number, odds))
    for said, when in together.items():
        times = listed(list(dict.fromkeys(odds for _, odds in when)))
        on = on_days([day for day, _ in when]).removeprefix("on ")
        yield sentence(f"{f'{on}: ' if len(days) > 1 else ''}{said}{f'; {times}' if times else ''}")


def dated(scenario: Scenario, days: Sequence[Day]) -> str:
    """'Day 4 (4 Dec)', 'Days 4 to 9'."""
    first, last = days[0].number, days[-1].number
    numbers = (
        f"Day {first}" if first == last else f"Days {first} {'and' if last == first + 1 else 'to'} {last}"
    )
    return f"{numbers} ({span(scenario.start, first, last)})" if scenario.start else numbers


def happened(course: Course, days: Sequence[Day]) -> list[str]:
    """Sentences: what was sent and what happened on a stretch of days."""
    scenario, last = course.scenario, days[-1]
    events = [event for event in last.events if not (event in AHEAD and last.number == course.end_day)]
    chance = [event for event in events if event in CHANCE]
    said = words.acts(scenario, days)
    said += [words.event(course, last, event) for event in events if event not in chance]
    said += words.chorus(course, days)
    said += [words.event(course, last, event) for event in chance]
    return said or ["Nobody sends anything that is seen."]


# End -----------------------------------------------------------------------------------------


def _end(course: Course) -> Iterator[str]:
    scenario = course.scenario
    yield wrapped(f"It ends {words.outcome(course)}.")
    coercer, target = course.chosen if course.ended_by else course.last
    first, second = (target, coercer) if course.ended_by == target.observer else (coercer, target)
    when = "as it chooses" if course.ended_by else "at the end"
    said = [f"{when}, {words.view(scenario, first)}", words.view(scenario, second)]
    if course.outcome is Outcome.exit:
        said.append(
            f"the offer is {scaled(scenario.world.outreach)} sincere, and "
            f"{scenario.label(scenario.target)} takes it to be {scaled(course.chosen_sincerity)}"
        )
    yield wrapped(" ".join(sentence(clause) for clause in said))
    yield wrapped(" ".join(_leanings(course)))
    yield wrapped(_harm(course))


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
