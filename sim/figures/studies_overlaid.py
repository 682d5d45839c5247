"""Several studies laid over each other: their escalation, and how soon war comes in each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes

from sim.figures.escalation_fan import from_start, ladder_axis, rung_labels
from sim.figures.incidence import LOWEST_TOP, curve, incidence
from sim.figures.lettering import room
from sim.figures.style import beside, day_axis, percent_axis, sheet, short, styled
from sim.reports.numbers import words
from sim.reports.words import plural
from sim.results.study import by_day
from sim.scenario.changes import label
from sim.schema.outcomes import WAR_NAMES as WARS

if TYPE_CHECKING:
    from sim.experiments.study.study import Study


# Okabe & Ito's, in the order of falling contrast with each other; line styles tell them apart in grey.
ARMS = (
    ("#0072b2", "-"),
    ("#d55e00", "--"),
    ("#1a1a1a", (0, (1, 1.2))),
    ("#009e73", (0, (6, 1.5, 1, 1.5))),
    ("#cc79a7", (0, (8, 2))),
    ("#e69f00", (0, (3, 1, 1, 1, 1, 1))),
)

MOST_BANDS = 4  # studies whose bands can still be told apart
MOST_KEYS = 2  # settings named in a legend; more are counted


@styled
def overlay(studies: Sequence[Study], axes: Sequence[Axes] | None = None) -> Axes:
    """Draw the median level and cumulative war incidence of each study; returns the upper axes.

    With few studies also the band of the middle 60 of 100 runs. Into ``axes``, two, if given.
    """
    names = told_apart(studies)
    if axes is None:
        counts = ", ".join(
            dict.fromkeys(f"{plural(s.runs, 'run')} of {plural(s.days, 'day')}" for s in studies)
        )
        bands = "; bands: the middle 60 of 100 runs" if len(studies) <= MOST_BANDS else ""
        notes = (
            f"Lines above: median level{bands}. A run that has ended reads 10 after a war, 0 after "
            "any other end. War: raid, invasion, attack or loss of control. Bands below: pointwise 95 % "
            "intervals, sampling error only.",
        )
        subtitle = f"{len(studies)} {'study' if len(studies) == 1 else 'studies'} · {counts}"
        margins = (room(rung_labels(studies[0].scenario).values(), 8.5), 1.6)
        _, axes = sheet("Escalation and war, compared", subtitle, notes, (3.0, 2.0), margins=margins)
    upper, lower = axes
    days = max(study.days for study in studies)
    marks, highest = [], LOWEST_TOP
    for i, (study, name) in enumerate(zip(studies, names, strict=True)):
        colour, line = ARMS[i % len(ARMS)][0], ARMS[(i + i // len(ARMS)) % len(ARMS)][1]
        _fan(upper, study, colour, line, name, bands=len(studies) <= MOST_BANDS)
        estimates = incidence(study, WARS)
        curve(lower, estimates, colour, line)
        by = f" by day {study.days}" if study.days < days else ""
        marks.append((estimates[-1].rate, words(estimates[-1]) + by, colour))
        highest = max(highest, *(estimate.high for estimate in estimates))
    starts = {study.scenario.start for study in studies}
    start = starts.pop() if len(starts) == 1 else None
    ladder_axis(upper, studies[0].scenario)
    percent_axis(lower, min(1, 1.06 * highest))
    lower.grid(axis="y", color="#d5d7db", linewidth=0.5)
    day_axis(upper, days, start, label=False)
    day_axis(lower, days, start)
    beside(lower, days, marks, 0.1)
    upper.set_title("Level of escalation")
    lower.set_title("Share of runs that have come to war")
    upper.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), handlelength=2.6)
    return upper


def _fan(axes: Axes, study: Study, colour: str, line: Any, name: str, *, bands: bool) -> None:
    elapsed, start = np.arange(study.days + 1), study.scenario.world.level
    low, middle, high = (from_start(start, by_day(study, "level", q)) for q in ("q20", "q50", "q80"))
    if bands:
        axes.fill_between(elapsed, low, high, color=colour, alpha=0.14, linewidth=0)
        for edge in (low, high):
            axes.plot(elapsed, edge, color=colour, linestyle=line, linewidth=0.5)
    axes.plot(elapsed, middle, color=colour, linestyle=line, linewidth=2, label=name)


def told_apart(studies: Sequence[Study]) -> list[str]:
    """A name for each study that no other has: its own with what was changed, the settings that differ, else a number."""
    settings = [dict(_flat(study)) for study in studies]
    told = []
    for study, mine in zip(studies, settings, strict=True):
        namesakes = [
            each for other, each in zip(studies, settings, strict=True) if _label(other) == _label(study)
        ]
        keys = sorted(
            {key for each in namesakes for key in each if len({repr(s.get(key)) for s in namesakes}) > 1}
        )
        shown = [f"{key} = {mine.get(key, 'none')}" for key in keys[:MOST_KEYS]]
        rest = [f"and {len(keys) - MOST_KEYS} more"] if len(keys) > MOST_KEYS else []
        told.append("\n".join([short(_label(study), 48), *shown, *rest]))
    twice = Counter(told)
    return [f"{name} ({i})" if twice[name] > 1 else name for i, name in enumerate(told, 1)]


def _label(study: Study) -> str:
    return label(study.name, study.scenario)


def _flat(study: Study) -> Iterator[tuple[str, Any]]:
    """Every value of a study's scenario by its dotted key, but for texts and sources; and how it was run."""
    yield from (("seed", study.seed), ("days", study.days), ("runs", study.runs))
    stack: list[tuple[str, Any]] = [("", study.scenario.document())]
    while stack:
        at, value = stack.pop()
        if isinstance(value, dict):
            stack += [(f"{at}.{key}" if at else str(key), inner) for key, inner in value.items()]
        elif at.split(".")[0] not in ("title", "description", "study", "assumptions", "rates"):
            yield at, value
