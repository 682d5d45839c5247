"""Runs picked to be told are what they are called, and a story as data is the story as text."""

from __future__ import annotations

from functools import cache

import pytest

from sim.engines.batch.engine import Program
from sim.experiments.story.picks import CLOSEST, MISCALCULATED, TITLES, picks
from sim.experiments.story.story import story_of
from sim.experiments.story.telling import told
from sim.results.course import replay
from sim.scenario.counterfactual import clear_sighted
from sim.scenario.files import load
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import WARS, Outcome
from tests.conftest import REPOSITORY

RUNS = 192


@cache
def standoff() -> Scenario:
    return load(REPOSITORY / "scenarios" / "standoff.toml").replace({"study.days": 60})


@cache
def outcomes(clear: bool = False) -> tuple[Outcome, ...]:
    crisis = clear_sighted(standoff()) if clear else standoff()
    rows = Program.of(crisis).simulate(crisis.study.seed, 0, RUNS, crisis.study.days).rows
    return tuple(Outcome(int(code)) for code in rows["outcome"])


def test_each_end_has_its_runs_and_no_others() -> None:
    found = picks(standoff(), RUNS)
    assert set(found) == set(TITLES)
    for name, codes in (("war", WARS), ("exit", {Outcome.exit}), ("settlement", {Outcome.settlement})):
        assert found[name] == tuple(run for run, end in enumerate(outcomes()) if end in codes)


def test_a_miscalculated_war_is_one_that_does_not_come_where_all_see_clearly() -> None:
    found = picks(standoff(), RUNS)[MISCALCULATED]
    assert len(found) > 5
    pairs = enumerate(zip(outcomes(), outcomes(clear=True), strict=True))
    assert found == tuple(run for run, (end, clear) in pairs if end in WARS and clear not in WARS)


def test_closest_calls_are_at_peace_and_had_larger_chances_of_war_than_all_others_at_peace() -> None:
    rows = Program.of(standoff()).simulate(1, 0, RUNS, standoff().study.days).rows
    found = picks(standoff(), RUNS)[CLOSEST]
    peace = [run for run, end in enumerate(outcomes()) if end not in WARS]
    assert len(found) == 12 and set(found) <= set(peace)
    assert min(rows["hazard"][list(found)]) >= max(rows["hazard"][run] for run in peace if run not in found)


@pytest.mark.parametrize("run", [1, 9])
def test_a_story_as_data_has_the_sentences_of_the_text_and_the_readings_that_they_tell(run: int) -> None:
    crisis = standoff()
    course = replay(crisis, crisis.study.seed, run, crisis.study.days)
    story, text = story_of(course), " ".join(told(course).split())
    assert [paragraph.first for paragraph in story.paragraphs[1:]] == [
        paragraph.last + 1 for paragraph in story.paragraphs[:-1]
    ]
    notes = [note for paragraph in story.paragraphs for note in paragraph.notes]
    said = [each.text for paragraph in story.paragraphs for each in paragraph.said]
    assert all(" ".join(each.split()) in text for each in (*said, *(note.text for note in notes), *story.end))
    assert any(note.readings for note in notes)
    for note in notes:
        assert bool(note.readings) == (note.what == "reading")
        assert all(read in course.days[day].readings for day, read in note.readings)
