"""What a sweep varies: numbers of a scenario by dotted key, and the values that they take.

Written alike in a file (``[sweep]``) and behind ``--vary``: ``0.3:0.8:11`` is eleven values from 0.3 to 0.8,
``0.1,0.5,0.9`` is these three.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any, TypeVar

from sim.errors import ScenarioError
from sim.scenario.assumptions import is_number, number_mistake
from sim.scenario.lookup import Declared, declared_at, not_declared
from sim.scenario.tables import ScenarioTables
from sim.schema.plans import SweepPlan
from sim.text import printable, shown, suggestion

MOST_VALUES = 1000
HOW = "write from:to:number, as in 0.3:0.8:11, or values, as in 0.1,0.5,0.9"

NOT_VARIED = {
    "study": "all points share runs, days and seed",
    "sweep": "it says what is varied",
    "rates": "rates are a record, which no run looks at",
    "assumptions": "it is made from the other tables",
    "arms": "arms are variants of their own",
    "claim": "a claim is no part of the crisis",
}

SEAT = "a seat keys its actor's luck, so that nothing else would be the same"
Values = tuple[float, ...]
S = TypeVar("S", bound=ScenarioTables)


def values_of(given: Any, declared: Declared) -> Values:
    """The values that a number is to take, in the order given, whole ones whole.

    Raises ScenarioError, without its place, if they are not written as they must be, or not allowed.
    """
    if isinstance(given, str):
        found = _range(given) if ":" in given else [_number(word) for word in given.split(",")]
    elif is_number(given):
        found = [given]
    elif isinstance(given, list | tuple) and given:
        found = list(given)
    else:
        raise ScenarioError([f"is {shown(given)}; {HOW}"])
    if len(found) > MOST_VALUES:
        raise ScenarioError([f"has {len(found):,} values; at most {MOST_VALUES:,} are allowed"])
    for value in found:
        if number_mistake(_plain(value, declared), declared):
            raise ScenarioError([number_mistake(value, declared) or f"is {shown(value)}"])
    values = tuple(_plain(value, declared) for value in found)
    twice = next((value for at, value in enumerate(values) if value in values[:at]), None)
    if twice is not None:
        raise ScenarioError([f"has {shown(twice)} twice"])
    return values


def _range(text: str) -> list[float]:
    parts = text.split(":")
    if len(parts) != 3:
        raise ScenarioError([f"is {shown(text)}; {HOW}"])
    low, high, count = _number(parts[0]), _number(parts[1]), _number(parts[2])
    if count not in range(2, MOST_VALUES + 1) or not low < high:
        raise ScenarioError([f"is {shown(text)}; it must rise, in 2 to {MOST_VALUES:,} values"])
    steps = (low + (high - low) * step / (count - 1) for step in range(1, int(count) - 1))
    return [low, *(float(f"{step:.12g}") for step in steps), high]


def _number(word: str) -> float:
    try:
        value = float(word)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise ScenarioError([f"has {shown(word.strip())}, which is no number; {HOW}"])
    return value


def _plain(value: Any, declared: Declared) -> Any:
    """A number in the type that is declared where it is equal to one of that type."""
    if not is_number(value) or not isfinite(value):
        return value
    if declared.kind is int:
        return int(value) if value == int(value) else value
    return float(value)


def parsed(text: str) -> tuple[str, str]:
    """Key and values of ``actors.caracas.resolve=0.3:0.8:11``."""
    key, equals, values = (part.strip() for part in text.partition("="))
    if not key or not equals or not values:
        raise ScenarioError([f"--vary {shown(text)}: write KEY=VALUES; {HOW}"])
    return key, values


def flat(tree: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Tables in tables as dotted keys: ``world.framework = …`` and ``"world.framework" = …`` are the same."""
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def checked(scenario: ScenarioTables, vary: Mapping[str, Any], set_by: str) -> dict[str, Values]:
    """The values of each key, by dotted key. Raises ScenarioError with a line for each mistake, after ``set_by``."""
    found: dict[str, Values] = {}
    lines = []
    scenario = unswept(scenario)
    tree = scenario.document()
    for key, given in flat(vary):
        if key in found:
            lines.append(f"{set_by}{printable(key)} is varied twice")
            continue
        try:
            found[key] = values_of(given, number_at(key, tree))
        except ScenarioError as error:
            lines.append(f"{set_by}{printable(key)} {error}")
    if lines:
        raise ScenarioError(lines)
    return found


def unswept(scenario: S) -> S:
    """The scenario without its own plan of a sweep, as each point of one is."""
    return scenario.model_copy(update={"sweep": SweepPlan()})


def number_at(key: str, tree: Mapping[str, Any]) -> Declared:
    """What is declared of a number that may be varied; ScenarioError, without its place, if it is none.

    ``tree`` is the scenario's document.
    """
    parts = tuple(key.split("."))
    reason = NOT_VARIED.get(parts[0]) or (SEAT if parts[0] == "actors" and parts[-1] == "seat" else "")
    if reason:
        raise ScenarioError([f"cannot be varied: {reason}"])
    declared = declared_at(parts, tree)
    if declared.is_number and _there(parts, tree):
        return declared
    if declared.kind is not None and not declared.is_number:
        raise ScenarioError(["is no number; only numbers can be varied"])
    raise ScenarioError([not_declared(key, tree)])


def _there(parts: tuple[str, ...], tree: Mapping[str, Any]) -> bool:
    """Whether the actor or the signal that a key names exists."""
    return parts[0] not in ("actors", "signals") or parts[1] in tree[parts[0]]


def plan_mistakes(scenario: ScenarioTables, plan: SweepPlan) -> Iterator[tuple[str, str]]:
    """What is wrong with a scenario's own ``[sweep]``: pairs of (key, words)."""
    if plan.design == "grid" and plan.over:
        yield "sweep.over", 'is of use only with design = "latin" or "sobol"'
    if plan.design != "grid" and plan.vary:
        yield "sweep.vary", f'is of use only with design = "grid"; design is "{plan.design}"'
    try:
        checked(scenario, plan.vary, "")
    except ScenarioError as error:
        for line in error.problems:
            key, _, words = line.partition(" ")
            yield f"sweep.vary.{key}", words
    for key in plan.over:
        if words := not_over(scenario, key):
            yield "sweep.over", f"names {shown(key)}, {words}"


def not_over(scenario: ScenarioTables, key: str) -> str:
    """Why a design cannot move a key within its range; "" if it can."""
    entry = scenario.assumptions.get(key)
    if entry is None:
        return f"which has no range in the register{suggestion(key, scenario.assumptions)}"
    return "" if entry.low < entry.high else "whose range is a single value"
