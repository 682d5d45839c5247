"""Scenario files: read, laid over what they extend, overridden, checked; all mistakes at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from sim.arm_mistakes import arm_mistakes
from sim.claim import Arm
from sim.errors import ScenarioError
from sim.mistakes import MOST_FOUND, checked
from sim.register import Tree, merged, put_back, taken_out
from sim.scenario import Assumption, Scenario, suggestion
from sim.shown import Key, dotted, printable, shown
from sim.signals import shipped_vocabulary
from sim.toml_file import MOST_DEPTH, parse_value, read_toml

MOST_EXTENDS = 8
WITHOUT_IN_ARMS = ("arms", "claim")

# Who says what, from the lowest layer to the highest: how a line about it begins, and the tables it gives.
Layers = list[tuple[str, Tree]]


def load(path: str | Path) -> Scenario:
    """Read, extend and check a scenario file.

    Raises ScenarioError that lists everything wrong with it, a line each.
    """
    return load_with(path, {})


def load_with(path: str | Path, overrides: Mapping[str, Any]) -> Scenario:
    """:func:`load` with values replaced, by dotted key, before anything is checked."""
    path = Path(path)
    layers = _extended(path, ())
    bottom = {"signals": shipped_vocabulary()}
    return _built(bottom, layers, overrides, "--set ", f"{printable(str(path))}: ", printable(path.stem))


def replaced(scenario: Scenario, overrides: Mapping[str, Any]) -> Scenario:
    """A new scenario with other values, by dotted key; what :meth:`Scenario.replace` does."""
    return _built(_tables(scenario), [], overrides, "", "", scenario.name)


def armed(scenario: Scenario, arm: Arm) -> Scenario:
    """The scenario of one of its arms; what :meth:`Scenario.arm` does."""
    tables = _tables(scenario)
    for key in WITHOUT_IN_ARMS:
        tables.pop(key, None)
    over = {**arm.set, "title": arm.label}
    return _built(
        tables, [("", over)], {}, "", f"{scenario.name}, arm {arm.name}: ", f"{scenario.name}-{arm.name}"
    )


def _tables(scenario: Scenario) -> Tree:
    """A checked scenario as the tables of a file that says all of it."""
    tables = scenario.model_dump(by_alias=True, exclude={"name", "assumptions"}, exclude_none=True)
    return put_back(tables, scenario.assumptions)


def rebuilt(document: Mapping[str, Any], name: str) -> Scenario:
    """The scenario of a :meth:`Scenario.document`, as a study's manifest has it."""
    tables = dict(document)
    register = {key: Assumption(**entry) for key, entry in tables.pop("assumptions", {}).items()}
    if "start" in tables:
        tables["start"] = date.fromisoformat(tables["start"])
    return _built(put_back(tables, register), [], {}, "", "", name)


def parse_override(text: str) -> tuple[str, Any]:
    """Key and value of ``actors.caracas.resolve=0.7``; the value is TOML, or else a word."""
    key, equals, value = (part.strip() for part in text.partition("="))
    if not equals or not key:
        raise ScenarioError([f"--set {shown(text)}: write KEY=VALUE, as in actors.caracas.resolve=0.7"])
    try:
        return key, parse_value(value)
    except ScenarioError as error:
        raise ScenarioError([f"--set {printable(key)}: {error}"]) from None


# Layers ---------------------------------------------------------------------------------------


def _extended(path: Path, through: tuple[str, ...], asked_by: str = "") -> Layers:
    """The tables of a file, after those of the file that it extends."""
    where = printable(str(path))
    tree = read_toml(path, asked_by or where)
    real = os.path.realpath(path)
    if real in through:
        raise ScenarioError([f"{asked_by}, and so extends itself"])
    if len(through) >= MOST_EXTENDS:
        raise ScenarioError([f"{asked_by}; a chain of more than {MOST_EXTENDS} files is not followed"])
    base = tree.pop("extends", None)
    if base is None:
        return [(f"{where}: ", tree)]
    if not isinstance(base, str):
        raise ScenarioError([f"{where}: extends is {shown(base)}; it must be the name of a scenario file"])
    below = _extended(path.parent / base, (*through, real), f"{where}: extends {shown(base)}")
    for _, told in below:
        told.pop("title", None)
        told.pop("description", None)
    return [*below, (f"{where}: ", tree)]


def _override(tree: Tree, name: Any, value: Any) -> Tree:
    """A dotted key and its value as tables; ScenarioError, without its place, if it leads nowhere."""
    parts = name.split(".") if isinstance(name, str) else []
    if not all(parts) or not parts:
        raise ScenarioError(["is not a key; write one as in actors.caracas.resolve"])
    if parts[0] in ("actors", "signals") and len(parts) > 2:
        known = tree.get(parts[0])
        if isinstance(known, dict) and parts[1] not in known:
            raise ScenarioError(
                [f"does not exist: there is no {shown(parts[1])}{suggestion(parts[1], known)}"]
            )
    nested = _native(value)
    for part in reversed(parts):
        nested = {part: nested}
    return dict(nested)


def _native(value: Any, deep: int = 0) -> Any:
    """A value from Python as TOML would give it: numbers of NumPy as plain ones, tuples as lists."""
    if deep > MOST_DEPTH:
        raise ScenarioError([f"is nested more than {MOST_DEPTH} deep"])
    if isinstance(value, Mapping):
        return {str(key): _native(each, deep + 1) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_native(each, deep + 1) for each in value]
    if isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Integral):
        return int(value)
    try:
        return float(value) if isinstance(value, Real) else value
    except OverflowError:  # a fraction beyond all numbers, which the check refuses
        return value


# Checking -------------------------------------------------------------------------------------


def _built(
    tree: Tree, layers: Layers, overrides: Mapping[str, Any], set_by: str, main: str, name: str
) -> Scenario:
    """The scenario of all layers; ScenarioError with a line for each mistake, whoever made it."""
    lines = []
    for _, over in layers:
        tree = merged(tree, over)
    for name_of, value in overrides.items():
        try:
            over = _override(tree, name_of, value)
        except ScenarioError as error:
            lines.append(f"{set_by}{printable(str(name_of))} {error}")
        else:
            tree, layers = merged(tree, over), [*layers, (set_by, over)]
    if tree.get("title", "") == "":
        tree["title"] = name
    bare, register, mistakes = taken_out(tree)
    scenario, more = checked(bare, name, register)
    more += arm_mistakes(tree, name, mistakes + more)
    for key, words in sorted(mistakes + more, key=lambda mistake: _position(mistake[0], tree)):
        lines.append(f"{_who_said(key, layers, main)}{dotted(key)} {printable(words)}")
    if lines or scenario is None:
        told = list(dict.fromkeys(lines))
        rest = [f"{main}there are more mistakes than these {MOST_FOUND}"] if len(told) > MOST_FOUND else []
        raise ScenarioError(told[:MOST_FOUND] + rest)
    return scenario


def _who_said(key: Key, layers: Layers, main: str) -> str:
    """The beginning of a line about a key: the highest layer that says it, or the table around it."""
    for length in range(len(key), 0, -1):
        for who, tree in reversed(layers):
            if _says(tree, key[:length]):
                return who
    return main


def _says(tree: Tree, key: Key) -> bool:
    at: Any = tree
    for part in key:
        if isinstance(part, int):
            return isinstance(at, list)
        if not isinstance(at, dict) or part not in at:
            return False
        at = at[part]
    return True


def _position(key: Key, tree: Tree) -> tuple[int, ...]:
    """Where a key stands in the tables, to sort by; tables first that the schema has first."""
    fields = list(Scenario.model_fields)
    places = [fields.index(str(key[0])) if key and key[0] in fields else -1]
    at: Any = tree.get(str(key[0])) if key else None
    for part in key[1:]:
        found = isinstance(at, dict) and part in at
        places.append(list(at).index(part) if found else part if isinstance(part, int) else -1)
        at = at[part] if found else None
    return tuple(places)
