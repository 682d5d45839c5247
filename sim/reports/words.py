"""Sentences and sections that several pages share, and how their numbers are said."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.scenario.outcome_words import outcome_titles
from sim.schema.outcomes import HEADLINES, PEACE_NAMES, TOLD, WAR_NAMES
from sim.schema.stands import STAND_NAMES
from sim.text import WIDTH

if TYPE_CHECKING:
    from sim.results.study import StudyData

STILL_GOING = "ongoing"


def in_counts(study: StudyData) -> str:
    """One sentence: of 100 runs, or of all if fewer, how many were where at the end, in numbers that add up."""
    shown, titles = min(100, study.runs), outcome_titles(study.scenario)
    where = {
        "war": "at war",
        **{name: TOLD.get(name) or f"ended by {titles[name]}" for name in PEACE_NAMES},
        STILL_GOING: "still going",
    }
    counts, wholes = at_the_end(study), wholes_at_the_end(study, shown)
    parts = ", ".join(
        f"{wholes[name] if wholes[name] or not counts[name] else 'fewer than 1'} {said}"
        for name, said in where.items()
    )
    return f"After {plural(study.days, 'day')}, of {plural(shown, 'run')}: {parts}."


def finding(study: StudyData) -> str:
    """The same in a headline: 'After 90 days: 27 of 100 crises at war, 42 still going, 31 over'."""
    shown = min(100, study.runs)
    wholes = wholes_at_the_end(study, shown)
    over = sum(wholes[name] for name in PEACE_NAMES)
    crises = "crisis" if shown == 1 else "crises"
    return (
        f"After {plural(study.days, 'day')}: {wholes['war']} of {shown} {crises} at war, "
        f"{wholes[STILL_GOING]} still going, {over} over"
    )


def at_the_end(study: StudyData) -> dict[str, int]:
    """How many runs were where at the end: at war, each war by itself, each end without war, still going, and where these stood."""
    found = {name: study.counts[name] for name in (*HEADLINES, *WAR_NAMES)}
    found[STILL_GOING] = study.runs - sum(study.counts[name] for name in HEADLINES)
    return found | standing(study, study.days - 1)


def standing(study: StudyData, day: int) -> dict[str, int]:
    """How many of the runs still going stood where at the end of a day, by name of the stand."""
    here = study.curves[(study.curves["quantity"] == "stand") & (study.curves["day"] == day)]
    shares = dict(zip(here["statistic"], here["value"], strict=True))
    return {name: round(shares.get(name, 0.0) * study.runs) for name in STAND_NAMES}


def wholes_at_the_end(study: StudyData, seats: int = 100) -> dict[str, int]:
    """:func:`at_the_end` in whole numbers that add up to ``seats``.

    This is the one rounding for every sentence and figure that tells these shares.
    """
    return wholes(at_the_end(study), seats)


def wholes(counts: Mapping[str, int], seats: int = 100) -> dict[str, int]:
    """Runs by state in whole numbers that add up to ``seats``.

    The ends without war, war and what is still going share them out; the wars share out those of war, and stands those
    of what is still going. ``counts`` has all of these by name, and may leave out "war" and "ongoing", which are sums.
    """
    sums = {"war": WAR_NAMES, STILL_GOING: STAND_NAMES}
    totals = {name: counts.get(name, sum(counts[part] for part in parts)) for name, parts in sums.items()}
    ways = (*HEADLINES, STILL_GOING)
    found = dict(zip(ways, apportioned([totals.get(n, counts.get(n, 0)) for n in ways], seats), strict=True))
    for name, parts in sums.items():
        found |= dict(zip(parts, apportioned([counts[part] for part in parts], found[name]), strict=True))
    return found


def apportioned(counts: list[int], seats: int) -> list[int]:
    """Counts scaled to whole numbers that add up to ``seats`` (largest remainders, Hamilton's method); of none, all 0."""
    n = sum(counts)
    if not n:
        return [0] * len(counts)
    found = [seats * count // n for count in counts]
    by_remainder = sorted(range(len(counts)), key=lambda i: (-(seats * counts[i] % n), i))
    for i in by_remainder[: seats - sum(found)]:
        found[i] += 1
    return found


def plural(n: int, noun: str) -> str:
    """'1 run', '10,000 runs'."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def milestones(days: int) -> tuple[int, ...]:
    """A third, two thirds and the whole of the horizon, in days."""
    return tuple(sorted({max(1, round(days * part / 3)) for part in (1, 2, 3)}))


def one_line(text: str) -> str:
    """The text without line breaks and doubled blanks."""
    return " ".join(text.split())


def wrapped(text: str, first: str = "", then: str = "") -> str:
    """The text in lines of WIDTH columns, the first indented by ``first`` and the others by ``then``."""
    return textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=then, break_on_hyphens=False)


def average(number: float) -> str:
    """A number per run, to two significant digits or so: '34', '1.2', '0.03'."""
    return f"{number:.0f}" if number >= 9.95 else f"{number:.1f}" if number >= 0.995 else f"{number:.2g}"


def limits() -> list[str]:
    """The section that says what a result claims and what it does not."""
    return [
        "## What this says, and what it does not",
        "",
        "- **Conditional, not a forecast.** Every number follows from the rules of the model and the "
        "values in the scenario, most of them assumptions. Nothing here is the probability of a real event.",
        "- **Compare, do not read off.** How common war is at all depends on how readily decisive acts are "
        "taken up (their daily rate, their temperature and their reluctance), which the few dozen "
        "comparable crises on record cannot pin down. Interpret differences between scenarios that share "
        "their luck, and check that they survive when these three are moved.",
        "- **Fog cuts both ways.** Whether misperception raises or lowers the risk of war depends chiefly "
        "on whether actors attribute hostility or are complacent. Try suspicion low, at zero and high.",
        "- **Misread acts more than misread types.** In the scenarios that ship most of what fog does to war runs "
        "through moods: acts are felt as more hostile than they were meant, and answered in kind. That is a property "
        "of these rules.",
        "- **Settlements are mostly capitulations.** The target accepts nearly all of the demand; compromises are rare.",
        "- **Some things are seen by all.** Forces, sanctions, commitments and the stance of third parties are common "
        "knowledge; only resolve, appetite for force and sincerity are misread, and by the two principals alone.",
        "- **No equilibrium.** Observers work out what a rival of another type would have sent; nobody solves a game, so "
        "nobody plans a bluff over several days.",
        "- **History tests little.** A crisis on record ended one way; that one ending, likely or unlikely "
        "here, validates nothing.",
    ]
