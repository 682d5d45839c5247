"""Drawings as text: elements of SVG, escaped, without a style of their own, so that a strict page may show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from itertools import chain

Points = Sequence[tuple[float, float]]


def tag(name: str, *inside: str, **attributes: object) -> str:
    """An element. ``inside`` is markup; attributes are escaped, ``class_`` and ``stroke_width`` are class and stroke-width."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_plain(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{given}>{''.join(inside)}</{name}>"


def drawing(
    width: float, height: float, *inside: str, said: str, kind: str = "figure", **more: object
) -> str:
    """A whole drawing of that size; ``said`` is what it says to who cannot see it."""
    return tag(
        "svg",
        *inside,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:g} {height:g}",
        width=width,
        height=height,
        role="img",
        aria_label=said,
        class_=kind,
        **more,
    )


def words(x: float, y: float, said: str, anchor: str = "start", class_: str = "") -> str:
    """A line of text, escaped."""
    return tag("text", escape(said), x=x, y=y, text_anchor=anchor, class_=class_ or None)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> str:
    """A straight line."""
    return tag("path", d=f"M{_plain(x1)} {_plain(y1)}L{_plain(x2)} {_plain(y2)}", class_=class_)


def curve(points: Points, class_: str, close: bool = False) -> str:
    """A line through points, or the area that it encloses."""
    return tag("path", d=path(points) + ("Z" if close else ""), class_=class_)


def path(points: Points) -> str:
    """The outline through points, as the attribute ``d`` has it; empty for none."""
    flat = tuple(chain.from_iterable(points))
    return (
        ("M" + "%.1f %.1f " * (len(flat) // 2)) % flat if flat else ""
    )  # one format for all: three times as fast


def between(xs: Sequence[float], lower: Iterable[float], upper: Iterable[float], class_: str) -> str:
    """The area between two curves over the same xs."""
    return curve([*zip(xs, upper, strict=True), *list(zip(xs, lower, strict=True))[::-1]], class_, close=True)


def apart(wanted: Sequence[float], gap: float, least: float, most: float) -> list[float]:
    """Heights of labels, in order, moved as little as it takes to lie ``gap`` apart within bounds."""
    found: list[float] = []
    for y in wanted:
        found.append(max(y, found[-1] + gap if found else least))
    over = found[-1] - most if found else 0
    for i in range(len(found) - 1, -1, -1):
        limit = most if i == len(found) - 1 else found[i + 1] - gap
        if over > 0:
            found[i] = min(found[i], limit)
    return found


@dataclass(frozen=True)
class Days:
    """The axis of days of a drawing: its edges in pixels, how many days, and the date of day 0."""

    left: float
    right: float
    days: int
    start: date | None

    def x(self, elapsed: float) -> float:
        """Where it is so many days after the start of day 0."""
        return self.left + (self.right - self.left) * elapsed / self.days

    @property
    def xs(self) -> list[float]:
        """The start, and the end of each day."""
        return [self.x(day) for day in range(self.days + 1)]

    def axis(self, y: float) -> str:
        """Ticks at round numbers of days below ``y``, with dates under them."""
        room = max(2, int((self.right - self.left) / 62))
        step = next((s for s in (1, 2, 5, 7, 10, 15, 30, 60, 90, 180, 365) if self.days / s <= room), 730)
        marks = [*range(0, self.days - step // 2, step), self.days]
        drawn = [line(self.left, y, self.right, y, "axis")]
        for day in marks:
            anchor = "end" if day == self.days else "start" if day == 0 else "middle"
            drawn.append(line(self.x(day), y, self.x(day), y + 4, "axis"))
            drawn.append(words(self.x(day), y + 16, f"day {day}" if day == 0 else str(day), anchor, "small"))
            if self.start:
                drawn.append(words(self.x(day), y + 29, self.date(day), anchor, "small faint"))
        return "".join(drawn)

    def date(self, elapsed: int) -> str:
        """'30 Nov'; "" if day 0 has no date."""
        return f"{(at := self.start + timedelta(elapsed)).day} {at:%b}" if self.start else ""


def _plain(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
