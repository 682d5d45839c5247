"""A scenario from layers of tables: merged, overridden, checked; all mistakes at once."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

from sim.errors import ScenarioError
from sim.scenario.arm_validation import arm_mistakes
from sim.scenario.assumptions import Tree, merged, put_back, taken_out
from sim.scenario.changes import changed_since
from sim.scenario.lookup import NOT_IN_FILES, misnamed
from sim.scenario.tables import ScenarioTables
from sim.scenario.toml import MOST_DEPTH
from sim.scenario.validation import MOST_FOUND, S, checked
from sim.schema.claims import Arm
from sim.text import Key, dotted, printable, shortened

WITHOUT_IN_ARMS = ("arms", "claim")

# Who says what, from the lowest layer to the highest: how a line about it begins, and the tables it gives.
Layers = list[tuple[str, Tree]]


def replaced(scenario: S, overrides: Mapping[str, Any]) -> S:
    """A new scenario with other values, by dotted key; what :meth:`Scenario.replace` does."""
    now = built(type(scenario), _tables(scenario), [], overrides, "", "", scenario.name)
    return changed_since(scenario, now)


def armed(scenario: S, arm: Arm) -> S:
    """The scenario of one of its arms; what :meth:`Scenario.arm` does."""
    tables = _tables(scenario)
    for key in WITHOUT_IN_ARMS:
        tables.pop(key, None)
    over = {**arm.set, "title": arm.label}
    return built(
        type(scenario),
        tables,
        [("", over)],
        {},
        "",
        f"{scenario.name}, arm {arm.name}: ",
        f"{scenario.name}-{arm.name}",
    )


def _tables(scenario: ScenarioTables) -> Tree:
    """A checked scenario as the tables of a file that says all of it."""
    tables = scenario.model_dump(by_alias=True, exclude=set(NOT_IN_FILES), exclude_none=True)
    return put_back(tables, scenario.assumptions)


def _override(tree: Tree, name: Any, value: Any) -> Tree:
    """A dotted key and its value as tables; ScenarioError, without its place, if it leads nowhere."""
    if words := misnamed(name, tree):
        raise ScenarioError([words])
    nested = _native(value)
    for part in reversed(name.split(".")):
        nested = {part: nested}
    return dict(nested)


def _native(value: Any, deep: int = 0) -> Any:
    """A value from Python as TOML would give it: numbers of NumPy as plain ones, tuples as lists."""
    if deep > MOST_DEPTH:
        raise ScenarioError([f"is nested more than {MOST_DEPTH} deep"])
    if isinstance(value, Mapping):
        if not all(str(key).isprintable() for key in value):
            raise ScenarioError(["has a key with broken or control characters"])
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


def built(
    kind: type[S], tree: Tree, layers: Layers, overrides: Mapping[str, Any], set_by: str, main: str, name: str
) -> S:
    """The scenario, of a ``kind`` of tables, of all layers; ScenarioError with a line for each mistake, whoever made it."""
    lines = []
    for _, over in layers:
        tree = merged(tree, over)
    for name_of, value in overrides.items():
        try:
            over = _override(tree, name_of, value)
        except ScenarioError as error:
            lines.append(f"{set_by}{shortened(printable(str(name_of)))} {error}")
        else:
            tree, layers = merged(tree, over), [*layers, (set_by, over)]
    if tree.get("title", "") == "":
        tree["title"] = name
    bare, register, mistakes = taken_out(tree)
    scenario, more = checked(kind, bare, name, register)
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
    fields = list(ScenarioTables.model_fields)
    places = [fields.index(str(key[0])) if key and key[0] in fields else -1]
    at: Any = tree.get(str(key[0])) if key else None
    for part in key[1:]:
        found = isinstance(at, dict) and part in at
        places.append(list(at).index(part) if found else part if isinstance(part, int) else -1)
        at = at[part] if found else None
    return tuple(places)
