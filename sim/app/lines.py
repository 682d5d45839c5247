"""One crisis as lines by day: quantities between 0 and 1, each named at its end. Drawn wide and narrow; the style picks one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sim.app.svg import Days, apart, curve, drawing, line, words
from sim.experiments.seat.view import View
from sim.experiments.story.grammar import scaled
from sim.results.course import Course
from sim.scenario.scenario import Scenario

WIDTHS = {"wide": (1_060.0, 250.0), "narrow": (350.0, 0.0)}
"""Pixels: how wide a drawing is, and how much of that its names take."""

HEIGHT, TOP, A_LINE = 170.0, 12.0, 15.0


@dataclass(frozen=True)
class Line:
    """A quantity in the evening of each day; ``style`` is a class of the style sheet."""

    style: str
    name: str
    values: tuple[float, ...]


def of_course(course: Course) -> list[Line]:
    """Tension, and what each principal believes of the other's resolve beside what it is."""
    label, days = course.scenario.label, course.days
    found = [Line("l-tension", "tension", tuple(day.tension for day in days))]
    for place, style in enumerate(("l-coercer", "l-target")):
        reads = [day.readings[place] for day in days]
        observer, rival = label(course.first[place].observer), label(course.first[place].rival)
        found.append(Line(style, f"{rival} as {observer} sees it", tuple(read.after for read in reads)))
        found.append(Line(f"{style} l-true", f"{rival} as it is", tuple(read.meant for read in reads)))
    return found


def of_view(scenario: Scenario, view: View) -> list[Line]:
    """Tension, and a principal's own belief and fear."""
    past = view.past
    found = [Line("l-tension", "tension", tuple(day.tension for day in past))]
    if view.belief is not None:
        rival = scenario.label(view.belief.rival)
        style = "l-coercer" if view.role == "coercer" else "l-target"
        believed = tuple(day.belief for day in past if day.belief is not None)
        feared = tuple(day.fear for day in past if day.fear is not None)
        found += [
            Line(style, f"{rival}, as you see it", believed),
            Line("l-fear", "your fear of war", feared),
        ]
    return found


def drawn(lines: Sequence[Line], days: int, start: date | None) -> str:
    """The drawing at both widths, as SVG."""
    return "".join(_drawn(lines, days, start, kind) for kind in WIDTHS)


def _drawn(lines: Sequence[Line], horizon: int, start: date | None, kind: str) -> str:
    width, names = WIDTHS[kind]
    narrow = kind == "narrow"
    right = width - (names or 8.0)
    below = A_LINE * (len(lines) + 0.5) if narrow else 0.0
    days, bottom = Days(30.0, right, horizon, start), TOP + HEIGHT

    def y(value: float) -> float:
        return bottom - HEIGHT * min(1.0, max(0.0, value))

    parts = []
    for level in (0.0, 0.5, 1.0):
        parts += [
            line(30.0, y(level), right, y(level), "grid"),
            words(24, y(level) + 4, f"{level:g}", "end", "small"),
        ]
    parts += [
        curve([(days.x(day + 1), y(value)) for day, value in enumerate(each.values)], f"l-line {each.style}")
        for each in lines
    ]
    wanted = sorted(((y(each.values[-1]), each) for each in lines), key=lambda found: found[0])
    heights = apart([at for at, _ in wanted], A_LINE, TOP + 4, bottom)
    under = bottom + (34.0 if start else 22.0)
    for place, ((_, each), at) in enumerate(zip(wanted, heights, strict=True)):
        x, height = (44.0, under + A_LINE * (place + 1)) if narrow else (right + 22, at + 4)
        parts.append(line(x - 16, height - 4, x - 4, height - 4, f"l-line {each.style}"))
        parts.append(words(x, height, f"{each.name} {scaled(each.values[-1])}", class_="small"))
    said = "; ".join(
        f"{each.name}: {scaled(each.values[0])} at first, {scaled(each.values[-1])} now" for each in lines
    )
    total = under + below
    return drawing(width, total, *parts, days.axis(bottom), said=f"By day: {said}.", kind=f"figure {kind}")
