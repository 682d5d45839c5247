"""A story wrapped for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.experiments.story.story import Story, story_of
from sim.reports.words import wrapped
from sim.results.course import Course, refuse_other_runs, replay

if TYPE_CHECKING:
    from sim.experiments.study.study import Study


def tell(study: Study, run: int) -> str:
    """The story of one run of a study. Raises StudyError if the study has no such run."""
    return told(course_of(study, run))


def course_of(study: Study, run: int) -> Course:
    """What happened in one run of a study. Raises StudyError if the study has no such run."""
    refuse_other_runs(study.name, study.runs, run)
    return replay(study.scenario, study.seed, run, study.days)


def told(course: Course) -> str:
    """The story of a course: its head, its days and its end, wrapped for a terminal."""
    return "\n".join(_lines(story_of(course)))


def _lines(story: Story) -> Iterator[str]:
    yield from map(wrapped, (story.title, *story.opening))
    yield ""
    yield from map(wrapped, story.about)
    yield ""
    for paragraph in story.paragraphs:
        said = " ".join(each.text for each in paragraph.said)
        yield wrapped(f"{paragraph.heading}: {said}", then="  ")
        for note in paragraph.notes:
            yield wrapped(note.text, "  - ", "    ")
    yield ""
    yield from map(wrapped, story.end)
