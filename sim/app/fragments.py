"""Parts of the page as text, from templates that escape whatever they are given."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sim.app import course as course_drawing
from sim.app import numbers, strips
from sim.app.asked import Asked, kept_studies, scenarios_by_home
from sim.app.glossary import GLOSSARY
from sim.app.keep import STUDY_RUNS
from sim.app.levers import range_words
from sim.app.live import View
from sim.app.moves import RUNS, SHOWN, Move
from sim.reports.numbers import difference_words
from sim.statistics.differences import Difference

HERE = Path(__file__).parent


@cache
def _templates() -> Environment:
    found = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals |= {"glossary": GLOSSARY, "range_words": range_words}
    return found


def fragment(name: str, /, **values: Any) -> str:
    """A template filled in; every value is escaped."""
    return _templates().get_template(f"{name}.html.j2").render(values)


def levers(asked: Asked) -> str:
    """The sliders that are shown, in groups, and the list of those that could be added."""
    shown = [(title, [*found]) for title, found in groupby(asked.shown.values(), lambda lever: lever.group)]
    hidden = [each for key, each in asked.levers.items() if key not in asked.shown]
    more = [(title, [*found]) for title, found in groupby(hidden, lambda lever: lever.group)]
    same = (i for i, each in enumerate(asked.presets) if asked.taking(each).settings == asked.settings)
    ready = [
        (title, [*found]) for title, found in groupby(enumerate(asked.presets), lambda each: each[1].group)
    ]
    return fragment(
        "levers",
        asked=asked,
        groups=shown,
        more=more,
        hidden=len(hidden),
        ready=ready,
        taken=next(same, None) if asked.settings else None,
    )


def choices(asked: Asked) -> str:
    """What is played and what it is compared with."""
    return fragment("choices", asked=asked, scenarios=scenarios_by_home(), studies=kept_studies())


def cards(view: View) -> str:
    """The headline cards."""
    return fragment("cards", cards=numbers.cards(view), view=view)


def course(view: View, width: float, run: course_drawing.RunLine | None) -> str:
    """The drawing of the days, and its legend where there is no room for labels."""
    narrow = width < course_drawing.NARROW
    drawing = Markup(course_drawing.course(view, width, run))
    return fragment(
        "course", drawing=drawing, legend=course_drawing.legend(view) if narrow else [], view=view
    )


def signals(view: View, width: float) -> str:
    """The strips of signals."""
    return strips.strips(view, width)


def page() -> str:
    """The page before anything is known: all its places, empty."""
    return fragment("page")


def table(view: View) -> str:
    """All numbers."""
    return fragment("table", rows=numbers.table(view), view=view, groups=strips.groups(view))


def moves(asked: Asked, found: list[Move], done: int, n: int) -> str:
    """What moves war most, as far as it is known."""
    shown = found[:SHOWN]
    most = max((max(each.war_low, each.war_high) for each in shown), default=0.0) or 1.0

    def words(swing: Difference) -> str:
        return difference_words(swing, brief=True).replace("-", "−")

    return fragment("moves", asked=asked, moves=shown, done=done, n=n, runs=RUNS, most=most, words=words)


def links(asked: Asked) -> str:
    """Files that can be had of what is shown, and the command that gives the same numbers."""
    return fragment("links", asked=asked)


def study(asked: Asked, kept: Path | None = None, stopped: bool = False) -> str:
    """The form to run a study, and what became of the last one."""
    least, most = STUDY_RUNS
    name = asked.name.rpartition("/")[2]
    return fragment("study", name=name, kept=kept, stopped=stopped, least=least, most=most)
