"""The numbers of a view: for its cards, for its table and for a file."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from sim.app.live import PARTS, View
from sim.experiments.growing import Answer
from sim.reports.numbers import difference_words, words
from sim.scenario.outcome_words import outcome_titles, outcome_words
from sim.schema.outcomes import REPORTED, OutcomeWords
from sim.statistics.differences import Difference
from sim.statistics.proportions import Estimate

CARDS = ("war", "limited_force", "exit", "settlement", "deescalation")
PART_TITLES = {
    "structural": "structural",
    "private": "private information",
    "misperception": "misperception",
}
COLUMNS = ("outcome", "count", "n", "rate", "low", "high", "baseline", "change", "change_low", "change_high")


@dataclass(frozen=True)
class Part:
    """A part of the chance of war, in words, and for a bar: where it begins and ends, in percent of all runs."""

    name: str
    title: str
    said: str
    interval: str
    start: float
    width: float
    below: bool


@dataclass(frozen=True)
class Card:
    """A headline: a share with its interval, for a bar in percent, and how it changed in words."""

    name: str
    title: str
    definition: str
    said: str
    interval: str
    rate: float
    low: float
    high: float
    before: float | None
    change: str
    change_interval: str
    direction: str
    parts: tuple[Part, ...] = ()
    parts_of: str = ""


def cards(view: View) -> list[Card]:
    """The headline cards."""
    meaning = outcome_words(view.answer.scenario)
    return [_card(view, name, meaning[name]) for name in CARDS]


def _card(view: View, name: str, meaning: OutcomeWords) -> Card:
    share = view.answer.share(name)
    said, interval = split_words(words(share))
    change = None if view.is_baseline else view.answer.change(name, view.baseline)
    change_said, change_interval = change_words(change) if change else ("", "")
    return Card(
        name,
        meaning.title,
        f"{meaning.definition[:1].upper()}{meaning.definition[1:]}.",
        said,
        interval,
        100 * share.rate,
        100 * share.low,
        100 * share.high,
        None if change is None else 100 * view.baseline.share(name).rate,
        change_said,
        change_interval,
        "" if not change or not change.distinguishable else "up" if change.value > 0 else "down",
        _parts(view) if name == "war" else (),
        f"{view.now['clear'].runs:,}" if name == "war" and "clear" in view.now else "",
    )


def _parts(view: View) -> tuple[Part, ...]:
    """What P(war) is built up of: war in clear sight, what private information adds, and what misperception adds."""
    found, at = [], 0.0
    for name in PARTS:
        part = view.part(name)
        if part is None:
            return ()
        value = 100 * (part.rate if isinstance(part, Estimate) else part.value)
        said, interval = split_words(words(part)) if isinstance(part, Estimate) else change_words(part)
        said = said.replace(" points", "")  # said in the head of the table
        found.append(
            Part(name, PART_TITLES[name], said, interval, min(at, at + value), abs(value), value < 0)
        )
        at += value
    return tuple(found)


def split_words(said: str) -> tuple[str, str]:
    """'20.5 %' and '19.7 to 21.3' of '20.5 % (19.7 to 21.3)'."""
    value, _, rest = said.partition(" (")
    return value.replace("-", "−"), rest.removesuffix(")").replace("-", "−")


def change_words(change: Difference) -> tuple[str, str]:
    """'+3.1 points' and '2.7 to 3.5', or 'no clear change' and the interval."""
    if change.unchanged:
        return "no change", ""
    said = difference_words(change)
    value, interval = split_words(said.partition(", not")[0])
    return (value if change.distinguishable else f"{value}, not clear"), interval


def table(view: View) -> list[dict[str, Any]]:
    """A row for each of REPORTED: count, n, rate and interval, the rate of the baseline, and the paired change."""
    return [_row(name, view.answer, view.baseline) for name in REPORTED]


def _row(name: str, now: Answer, before: Answer) -> dict[str, Any]:
    share, change = now.share(name), now.change(name, before)
    values = (
        outcome_titles(now.scenario)[name],
        share.count,
        share.n,
        share.rate,
        share.low,
        share.high,
        before.share(name).rate,
        change.value,
        change.low,
        change.high,
    )
    return dict(zip(COLUMNS, values, strict=True))


def as_csv(view: View) -> str:
    """The table as a file: comma-separated, a head line, shares in 0..1 with all their digits."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(table(view))
    return out.getvalue()
