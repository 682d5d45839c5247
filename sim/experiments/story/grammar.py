"""English by rule: names and days in a row, verbs for one and for many, numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

IRREGULAR = {"is": "are", "has": "have", "does": "do", "goes": "go"}
HISSING = ("sses", "shes", "ches", "xes", "zzes")  # endings that take -es, not -s


def listed(words: Sequence[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def for_many(phrase: str) -> str:
    """A phrase that begins with a verb, for several who do it: 'speaks out' becomes 'speak out'."""
    verb, space, rest = phrase.partition(" ")
    if verb in IRREGULAR:
        verb = IRREGULAR[verb]
    elif verb.endswith("ies") and len(verb) > 4:
        verb = f"{verb[:-3]}y"
    elif verb.endswith(HISSING):
        verb = verb[:-2]
    elif verb.endswith("s"):
        verb = verb[:-1]
    return re.sub(r"\bits\b", "their", f"{verb}{space}{rest}")


def on_days(days: Sequence[int]) -> str:
    """'on day 4', 'on days 4 and 6', 'on days 4 to 6 and 9'."""
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    words: list[str] = []
    for run in runs:
        words += [f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(day) for day in run]
    return f"on day{'s' if len(days) > 1 else ''} {listed(words)}"


def often(times: int) -> str:
    """'' for once, ' (twice)', ' (3 times)'."""
    return "" if times == 1 else " (twice)" if times == 2 else f" ({times} times)"


def calendar(start: date, day: int) -> str:
    """'30 November 2025'."""
    found = start + timedelta(days=day)
    return f"{found.day} {MONTHS[found.month - 1]} {found.year}"


def span(start: date, first: int, last: int) -> str:
    """'30 Nov', '1 to 7 Dec', '29 Dec to 1 Jan'."""
    (day, month, _), (last_day, last_month, _) = (calendar(start, n).split() for n in (first, last))
    if first == last:
        return f"{day} {month[:3]}"
    return f"{day}{'' if month == last_month else f' {month[:3]}'} to {last_day} {last_month[:3]}"


def scaled(x: float) -> str:
    """A number of the scale 0..1, to two places; never '-0.00'."""
    return f"{round(x, 2) + 0.0:.2f}"


def counted(x: float) -> str:
    """A number of people: '3', '1,000', '0.5'."""
    return f"{round(x):,}" if x == round(x) else f"{x:,.1f}"


def dead(deaths: float) -> str:
    """'nobody dies', '1 dies', '3 die'."""
    return "nobody dies" if deaths == 0 else f"{counted(deaths)} {'dies' if deaths == 1 else 'die'}"


def sentence(words: str) -> str:
    """The words with a capital letter and a full stop."""
    return f"{words[0].upper()}{words[1:]}{'' if words.endswith('.') else '.'}"
