"""Scenario files: read, and laid over what they extend."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from sim.errors import ScenarioError
from sim.scenario.assumptions import put_back
from sim.scenario.build import Layers, built
from sim.scenario.changes import changed_since
from sim.scenario.find import find
from sim.scenario.habits import with_habits
from sim.scenario.scenario import Scenario
from sim.scenario.toml import parse_value, read_toml
from sim.schema.fields import Assumption
from sim.schema.signals import shipped_vocabulary
from sim.text import printable, shortened, shown

MOST_EXTENDS = 8


def load(path: str | Path) -> Scenario:
    """Read, extend and check a scenario: a file, or the name of one (:func:`sim.scenario.find.find`).

    Raises ScenarioError that lists everything wrong with it, a line each.
    """
    return load_with(path, {})


AnyScenario = Scenario | str | Path
"""A scenario, or the file or name of one."""


def scenario_from(given: AnyScenario) -> Scenario:
    """The scenario itself, or that of a file or name."""
    return given if isinstance(given, Scenario) else load(given)


def load_with(path: str | Path, overrides: Mapping[str, Any]) -> Scenario:
    """:func:`load` with values replaced, by dotted key, before anything is checked."""
    path = find(path)
    layers = _extended(path, ())
    bottom = {"signals": shipped_vocabulary()}
    where, name = f"{printable(str(path))}: ", printable(path.stem)

    def checked(over: Mapping[str, Any]) -> Scenario:
        return with_habits(built(Scenario, bottom, layers, over, "--set ", where, name))

    scenario = checked(overrides)
    if not overrides:
        return scenario
    try:
        base = checked({})
    except ScenarioError:  # what is set mends the file: all that is set is changed, from nobody knows what
        return scenario.model_copy(update={"changed": dict.fromkeys(overrides)})
    return changed_since(base, scenario)


def rebuilt(document: Mapping[str, Any], name: str, changed: Mapping[str, Any] | None = None) -> Scenario:
    """The scenario of a :meth:`Scenario.document`, as a study's manifest has it, and what it was before it was changed."""
    tables = dict(document)
    register = {key: Assumption(**entry) for key, entry in tables.pop("assumptions", {}).items()}
    if "start" in tables:
        tables["start"] = date.fromisoformat(tables["start"])
    own = built(Scenario, put_back(tables, register), [], {}, "", "", name)
    return own.model_copy(update={"changed": dict(changed or {})})


def parse_override(text: str) -> tuple[str, Any]:
    """Key and value of ``actors.caracas.resolve=0.7``; the value is TOML, or else a word."""
    key, equals, value = (part.strip() for part in text.partition("="))
    if not equals or not key:
        raise ScenarioError([f"--set {shown(text)}: write KEY=VALUE, as in actors.caracas.resolve=0.7"])
    try:
        return key, parse_value(value)
    except ScenarioError as error:
        raise ScenarioError([f"--set {shortened(printable(key))}: {error}"]) from None


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
    below = _extended(find(base, path.parent), (*through, real), f"{where}: extends {shown(base)}")
    for _, told in below:
        told.pop("title", None)
        told.pop("description", None)
    return [*below, (f"{where}: ", tree)]
