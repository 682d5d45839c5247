"""One crisis as a page: its story, its lines, which other to read next, and what another signal would have changed."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from markupsafe import Markup

from sim.app import lines
from sim.app.asked import Asked, parsed
from sim.app.fragments import fragment
from sim.app.seat import box, game_at
from sim.experiments.question import planned
from sim.experiments.seat.game import MOST_LINK, SEAT
from sim.experiments.story.picks import LOOKED_AT, TITLES, picks
from sim.experiments.story.story import Paragraph, story_of
from sim.experiments.turning_points.ends import COMPARED
from sim.experiments.turning_points.tables import estimate_in
from sim.experiments.turning_points.what_if.question import asked as what_if
from sim.reports.numbers import difference_words
from sim.reports.numbers import words as share_words
from sim.results.course import Course, replay
from sim.scenario.scenario import Scenario
from sim.statistics.differences import in_row

OF_THE_PAGE = ("pick", "day", "actor")
TIMES = 400
"""Continuations for each signal of a what-if: a second or so."""


def page(query: str) -> str:
    """The page of an address: a run of a scenario, or, if it names a seat, a game. Raises BrinkError in plain words."""
    pairs = dict(parse_qsl(query[:MOST_LINK], keep_blank_values=True))
    if any(key.startswith(SEAT) for key in pairs):
        return _game(query)
    own = {key: pairs.pop(key) for key in OF_THE_PAGE if key in pairs}
    asked, told = parsed(urlencode(pairs))
    pick = own.get("pick", "")
    found = picks(asked.scenario)
    among = found.get(pick, tuple(range(LOOKED_AT)))
    course = _course(asked.scenario, asked.run)
    return _page(
        course,
        notices=told,
        explore=asked.address(),
        play=replace(asked, run=0).address(),
        picks=[
            ("all", "", _address(asked, asked.run, ""), not pick),
            *(
                (
                    title,
                    f"{len(found[name])}",
                    _address(asked, _first(found[name], asked.run), name),
                    name == pick and asked.run in among,
                )
                for name, title in TITLES.items()
                if found[name]
            ),
        ],
        looked_at=LOOKED_AT,
        before=_address(asked, _near(among, asked.run, -1), pick),
        after=_address(asked, _near(among, asked.run, 1), pick),
        other=_address(asked, secrets.choice(among or (0,)), pick),
        asks=asked.address(),
    )


def _address(asked: Asked, run: int, pick: str) -> str:
    address = replace(asked, run=run).address()
    return f"{address}&{urlencode({'pick': pick})}" if pick else address


def _first(runs: tuple[int, ...], run: int) -> int:
    return run if run in runs else runs[0]


def _near(among: tuple[int, ...], run: int, step: int) -> int:
    """The run before or after in a list; in that of the closest calls by their rank, so the next is the next closest."""
    if run in among:
        return among[(among.index(run) + step) % len(among)]
    return among[0] if among else run


def _course(scenario: Scenario, run: int) -> Course:
    own = scenario.study
    return replay(scenario, own.seed, run, own.days)


def _game(query: str) -> str:
    """A game as a story: the players' acts are told like all others."""
    game = game_at(query)
    own = game.scenario.study
    course = replay(game.crisis, own.seed, game.run, max(1, game.day))
    days = tuple(
        replace(day, acts=tuple(replace(act, scripted=False) for act in day.acts)) for day in course.days
    )
    return _page(
        replace(course, days=days),
        notices=[],
        explore="",
        picks=[],
        looked_at=0,
        before="",
        after="",
        other="",
        asks="",
        seat=game.link,
    )


def _page(course: Course, **more: Any) -> str:
    scenario = course.scenario
    story = story_of(course)
    principals = [
        (scenario.coercer, scenario.label(scenario.coercer)),
        (scenario.target, scenario.label(scenario.target)),
    ]
    values = {"seat": "", **more}
    return fragment(
        "crisis",
        title=f"Crisis {course.run:,}",
        story=story,
        run=course.run,
        paragraphs=[_paragraph(course, each) for each in story.paragraphs],
        principals=principals,
        drawing=Markup(lines.drawn(lines.of_course(course), course.horizon, scenario.start)),
        **values,
    )


def _paragraph(course: Course, paragraph: Paragraph) -> dict[str, Any]:
    """A paragraph as the template takes it: sentences by who is in them, notes, boxes, and the days that can be asked of."""
    said = paragraph.said
    return {
        "heading": paragraph.heading,
        "main": [each.text for each in said if each.what in ("act", "event", "state")],
        "chorus": [each.text for each in said if each.what == "chorus"],
        "notes": [note.text for note in paragraph.notes if note.what != "reading"],
        "boxes": [
            box(course.scenario, course.days[day], read)
            for note in paragraph.notes
            for day, read in note.readings
        ],
        "days": range(paragraph.first, paragraph.last + 1),
    }


# What if -------------------------------------------------------------------------------------


def what_if_of(query: str) -> str:
    """What each signal of ``day`` and ``actor`` would have changed in the run of an address. Raises BrinkError."""
    pairs = dict(parse_qsl(query[:MOST_LINK], keep_blank_values=True))
    own = {key: pairs.pop(key) for key in OF_THE_PAGE if key in pairs}
    asked, _ = parsed(urlencode(pairs))
    crisis = planned(asked.scenario, max(asked.runs, asked.run + 1), None, None)
    day = own.get("day", "")
    number = int(day) if day.isascii() and day.isdigit() and len(day) < 6 else -1
    question = what_if(crisis, asked.run, number, own.get("actor", ""), TIMES)
    table = question.tables({"continuations": question.experiment.compute(0, TIMES)})["whatif"]
    rows = []
    for signal, here in table.groupby("signal", sort=False):
        records = here.to_dict("records")
        sent = bool(here["sent"].all())
        cells = [
            share_words(estimate_in(row, "chance"))
            if sent
            else difference_words(in_row(row), brief=True).replace("-", "\N{MINUS SIGN}")
            for row in records
        ]
        rows.append((crisis.label(str(signal)), sent, bool(crisis.signals[str(signal)].decisive), cells))
    rows.sort(key=lambda row: not row[1])
    return fragment(
        "whatif",
        who=crisis.label(question.actor),
        day=number,
        rows=rows,
        heads=list(COMPARED.values()),
        times=TIMES,
    )
