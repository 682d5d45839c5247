"""Who signals what: a strip a signal, darker where it is sent in more of the crises still going, with the change beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from sim.app.course import NARROW
from sim.app.live import View
from sim.app.svg import Days, drawing, line, tag, words
from sim.experiments.growing import Answer

MOST_CELLS = 45  # of a strip; a cell of a longer horizon stands for several days
MOST_OF_A_PRINCIPAL = 7
MOST_OF_OTHERS = 6
SHADES = 12
ROW = 17.0
HEAD = 22.0


@dataclass(frozen=True)
class Strip:
    """A signal of an actor, or of all third parties together: the chance a day in crises still going, by day."""

    signal: str
    title: str
    hostile: bool
    by_day: NDArray[np.float64]
    a_day: float
    change: float | None


def groups(view: View) -> list[tuple[str, list[Strip]]]:
    """Strips of the coercer, the target and all others, chosen and ordered at the baseline so that rows never jump."""
    scenario = view.answer.scenario
    third = scenario.third_parties
    wanted = [
        (scenario.label(scenario.coercer), (scenario.coercer,), MOST_OF_A_PRINCIPAL),
        (scenario.label(scenario.target), (scenario.target,), MOST_OF_A_PRINCIPAL),
        (
            f"{len(third)} others" if len(third) > 1 else "".join(map(scenario.label, third)),
            third,
            MOST_OF_OTHERS,
        ),
    ]
    return [(title, _strips(view, actors, most)) for title, actors, most in wanted if actors]


def _strips(view: View, actors: tuple[str, ...], most: int) -> list[Strip]:
    now, scenario = view.answer, view.answer.scenario
    before = view.baseline if {*actors} <= {*view.baseline.scenario.actors} else now
    usual = _sent(before, actors).sum(axis=0)
    loud = [i for i, name in enumerate(before.scenario.ladder) if name != "hold"]
    chosen = [before.scenario.ladder[i] for i in sorted(loud, key=lambda i: -usual[i])[:most] if usual[i]]
    found = []
    for name in sorted((n for n in chosen if n in scenario.signals), key=scenario.ladder.index, reverse=True):
        by_day, a_day = _chance(now, actors, name)
        change = None if view.is_baseline else a_day - _chance(before, actors, name)[1]
        found.append(
            Strip(name, scenario.label(name), scenario.signals[name].hostility >= 0, by_day, a_day, change)
        )
    return found


def _sent(answer: Answer, actors: tuple[str, ...]) -> NDArray[np.int64]:
    """(days, signals) How often these actors together sent each signal."""
    seats = answer.scenario.seats
    found: NDArray[np.int64] = answer.tally.signals[:, [seats.index(name) for name in actors]].sum(axis=1)
    return found


def _chance(answer: Answer, actors: tuple[str, ...], signal: str) -> tuple[NDArray[np.float64], float]:
    """The chance a day, of an average one of these actors, by day and over all days, in crises still going."""
    sent = _sent(answer, actors)[:, answer.scenario.ladder.index(signal)]
    chances = answer.tally.ongoing * len(actors)
    by_day = np.where(chances > 0, sent / np.maximum(1, chances), np.nan)
    return by_day, float(sent.sum() / chances.sum())


def strips(view: View, width: float) -> str:
    """The drawing as SVG, ``width`` pixels wide."""
    narrow = width < NARROW
    scenario = view.answer.scenario
    days = Days(
        122.0 if narrow else 158.0, width - (64.0 if narrow else 132.0), scenario.study.days, scenario.start
    )
    found = groups(view)
    darkest = max((float(np.nanmax(each.by_day)) for _, rows in found for each in rows), default=1.0) or 1.0
    drawn, y = (
        [
            words(
                0,
                13,
                "Who signals what" if narrow else "Who signals what: chance a day in crises still going",
                class_="title",
            )
        ],
        24.0,
    )
    drawn.append(words(days.right + (52 if narrow else 56), y + 13, "a day", "end", "small faint"))
    if not narrow and not view.is_baseline:
        drawn.append(words(days.right + 122, y + 13, "change", "end", "small faint compared"))
    for title, rows in found:
        drawn.append(words(0, y + 14, title, class_="small strong"))
        y += HEAD
        for each in rows:
            drawn += _row(each, days, y, darkest, narrow)
            y += ROW
        y += 6
    said = "Who signals what: the chance a day of each signal in crises still going; the table below has the numbers."
    return drawing(width, y + 34, *drawn, days.axis(y), said=said)


def _row(strip: Strip, days: Days, y: float, darkest: float, narrow: bool) -> Iterator[str]:
    yield words(days.left - 8, y + 13, strip.title, "end", "small")
    kind = "hostile" if strip.hostile else "friendly"
    for first, last, shade in _cells(strip, days.days, darkest):
        x = days.x(first)
        yield tag("rect", x=x, y=y, width=days.x(last) - x, height=ROW - 2, class_=f"{kind} q{shade}")
    yield words(days.right + (52 if narrow else 56), y + 13, f"{100 * strip.a_day:.1f} %", "end", "small")
    if strip.change is not None and not narrow:
        yield words(days.right + 122, y + 13, points(strip.change), "end", "small compared")
    yield line(days.left, y + ROW - 1, days.right, y + ROW - 1, "grid")


def _cells(strip: Strip, days: int, darkest: float) -> Iterator[tuple[int, int, int]]:
    """First day, end and shade (0..SHADES) of each stretch of one shade; the square root brings out what is rare."""
    size = -(-days // MOST_CELLS)
    shades = []
    for first in range(0, days, size):
        part = strip.by_day[first : first + size]
        part = part[~np.isnan(part)]
        share = float(np.sqrt(part.mean() / darkest)) if len(part) else -1.0
        shades.append(round(SHADES * min(1.0, share)) if share >= 0 else None)
    for shade, cells in groupby(range(len(shades)), key=shades.__getitem__):
        if shade is not None:
            stretch = [*cells]
            yield stretch[0] * size, min(days, (stretch[-1] + 1) * size), shade


def points(change: float) -> str:
    """A difference of shares in points, with a sign, and none if it rounds to 0: '+1.2', '−0.4', '0.0'."""
    rounded = round(100 * change, 1) + 0.0
    return f"{rounded:+.1f}".replace("-", "−") if rounded else "0.0"
