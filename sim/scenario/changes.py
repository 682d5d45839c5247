"""What a scenario was changed in, by ``--set`` or in Python: which values, from what to what, and what it is called for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sim.scenario.tables import ScenarioTables
from sim.text import Key, dotted, printable, shortened, shown

NOT_COMPARED = ("title", "description", "assumptions", "rates", "sweep")
"""Tables that are no values of the model."""

PLAN = ("study.days", "study.seed")
"""How a study is run: every heading says it, so that no sentence here does."""

RANGES, ENDS = "ranges", (".low", ".high")
MOST_TOLD = 4  # changes named in a sentence; more are counted
MOST_TYPED = 2  # changes in a command
MOST_NAMED = 3  # changes named in a short name
NONE = "none"
S = TypeVar("S", bound=ScenarioTables)


@dataclass(frozen=True)
class Change:
    """One value that is not as in the scenario's file; None stands for a value that is not there."""

    key: str
    before: Any
    after: Any


def changed_since(base: ScenarioTables, now: S) -> S:
    """``now`` with what it differs in from what ``base`` was before it was changed itself."""
    before, old, new = dict(base.changed), _tables(base), _tables(now)
    for key, was, is_now in apart(old, new):
        if before.setdefault(_name(key), was) == is_now:
            del before[_name(key)]
    return now.model_copy(update={"changed": before})


def _tables(scenario: ScenarioTables) -> dict[str, Any]:
    """The document of all that runs depend on but for how many there are, and the ranges of assumptions."""
    document = scenario.document()
    plan = {key: value for key, value in document["study"].items() if f"study.{key}" in PLAN}
    ranges = document.get("assumptions", {})
    return {
        **{key: table for key, table in document.items() if key not in NOT_COMPARED},
        "study": plan,
        RANGES: {key: {end: each[end] for end in ("low", "high")} for key, each in ranges.items()},
    }


def _name(key: Key) -> str:
    """A key of :func:`_tables` as it is typed: a range is ``KEY.low`` and ``KEY.high``."""
    return ".".join(map(str, key[1:])) if key[0] == RANGES else dotted(key)


def apart(a: Any, b: Any, key: Key = ()) -> Iterator[tuple[Key, Any, Any]]:
    """Key and both values wherever two documents differ, None for what is not there; entries of a list by their places."""
    if a == b:
        return
    inside = _entries(a), _entries(b)
    if inside == ({}, {}) and any(each not in (None, {}) for each in (a, b)):
        yield key, a, b
    for part in {**inside[0], **inside[1]}:
        yield from apart(inside[0].get(part), inside[1].get(part), (*key, part))


def _entries(at: Any) -> dict[str | int, Any]:
    """What a table or a list of tables has in it, by name or place; nothing of a value."""
    if isinstance(at, list) and any(isinstance(each, dict) for each in at):
        return dict(enumerate(at))
    return at if isinstance(at, dict) else {}


def changes_of(scenario: ScenarioTables) -> tuple[Change, ...]:
    """What was changed of the crisis, by key; a range that is gone is left out, for it goes with its value."""
    told = sorted(key for key in scenario.changed if key not in PLAN)
    if not told:
        return ()
    now = {_name(key): value for key, value, _ in apart(_tables(scenario), {})}
    found = (Change(key, scenario.changed[key], now.get(key)) for key in told)
    return tuple(each for each in found if each.after is not None or not each.key.endswith(ENDS))


# In words -------------------------------------------------------------------------------------


def changed_from(scenario: ScenarioTables) -> str:
    """'Changed from standoff: Caracas's resolve 0.6 → 0.9'; "" if it is as in its file.

    This is the one sentence that says so, for the terminal, reports, figures and tables.
    """
    words = change_words(scenario)
    return f"Changed from {printable(scenario.name)}: {words}" if words else ""


def change_words(scenario: ScenarioTables) -> str:
    """'Caracas's resolve 0.6 → 0.9, framework (world) 0.15 → 0.6'; "" if nothing was changed. Of many, how many more."""
    changes = changes_of(scenario)
    told = [
        f"{spoken(scenario, each.key)} {_value(each.before)} → {_value(each.after)}"
        for each in changes[:MOST_TOLD]
    ]
    more = len(changes) - len(told)
    return ", ".join(told) + (f" and {more:,} more" if more else "")


def spoken(scenario: ScenarioTables, key: str) -> str:
    """A key for people: "Caracas's resolve", "raid's reluctance", 'framework (world)'."""
    first, *rest = key.split(".")
    if first in ("actors", "signals") and len(rest) > 1:
        return f"{printable(scenario.label(rest[0]))}'s {_plain(rest[1:])}"
    return f"{_plain(rest)} ({first})" if rest else _plain([first])


def _plain(parts: list[str]) -> str:
    return printable(" ".join(parts).replace("_", " "))


def _value(value: Any) -> str:
    """A value as a reader writes it: 1 for 1.0."""
    if value is None or value == []:
        return NONE
    if isinstance(value, list):
        return shortened(printable(", ".join(map(str, value))))
    whole = isinstance(value, float) and value == int(value)
    return shown(int(value) if whole else value)


def typed(scenario: ScenarioTables) -> str:
    """How the scenario is typed behind a command: 'standoff --set actors.caracas.resolve=0.9'.

    Of a name that a shell would take apart 'SCENARIO', and of changes that are many or no numbers '--set …'.
    """
    name = scenario.name if re.fullmatch(r"[\w.-]+", scenario.name) else "SCENARIO"
    changes = changes_of(scenario)
    plain = all(isinstance(each.after, int | float) for each in changes) and len(changes) <= MOST_TYPED
    sets = [f"--set {each.key}={_value(each.after)}" for each in changes] if plain else ["--set …"]
    return " ".join([name, *sets])


# As a name ------------------------------------------------------------------------------------


def short_name(scenario: ScenarioTables, parts: int = 1) -> str:
    """'standoff resolve=0.9': the scenario's name and what was changed, by the last ``parts`` of each key.

    Keys whose last parts are the same have one more.
    """
    changes = changes_of(scenario)
    keys = [each.key.split(".") for each in changes]
    words = []
    for each, key in zip(changes[:MOST_NAMED], keys, strict=False):
        same = sum(other[-parts:] == key[-parts:] for other in keys) > 1
        words.append(f"{'.'.join(key[-parts - same :])}={_value(each.after)}")
    more = [f"+{len(changes) - MOST_NAMED}"] if len(changes) > MOST_NAMED else []
    return printable(" ".join([scenario.name, *words, *more]))


def label(name: str, scenario: ScenarioTables) -> str:
    """What a legend calls a study: its name, and what was changed where that does not say it: 'firm (resolve=0.9)'."""
    own = short_name(scenario)
    settings = own.removeprefix(printable(scenario.name)).strip()
    return f"{name} ({settings})" if settings and name != own else name


def folder_name(scenario: ScenarioTables) -> str:
    """:func:`short_name` in letters that any folder may have: 'standoff-resolve-0.9'."""
    return safe(short_name(scenario))


def safe(name: str) -> str:
    """A name in letters that any folder may have."""
    plain = "".join(c if c.isalnum() or c in "-_." else "-" for c in name.replace("+", "and-"))
    return plain.lstrip(".-")[:MOST_LETTERS] or "scenario"


MOST_LETTERS = 80  # of the name of a folder, before its hash


def in_json(scenarios: Mapping[str, ScenarioTables]) -> list[dict[str, Any]]:
    """A row for each value that was changed: scenario, changed_from, key, before, after."""
    return [
        {"scenario": name, "changed_from": own.name, **vars(each)}
        for name, own in scenarios.items()
        for each in changes_of(own)
    ]
