"""The register of assumptions: numbers that a file gives as ``{ value, low, high, source }``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.scenario.lookup import SCENARIO, Declared, plain
from sim.schema.fields import A_LINE, Assumption, is_line
from sim.text import Key, shown, suggestion

Tree = dict[str, Any]
Register = dict[str, dict[str, Any]]
Mistake = tuple[Key, str]
KEYS = ("value", "low", "high", "source")


def taken_out(
    tree: Mapping[str, Any], here: Declared = SCENARIO, key: Key = ()
) -> tuple[Tree, Register, list[Mistake]]:
    """Tables with plain numbers, the register by dotted key, and what is wrong with its entries.

    A table counts as an assumption exactly where the schema has a number.
    """
    bare: Tree = {}
    register: Register = {}
    mistakes: list[Mistake] = []
    for part, found in tree.items():
        bare[part] = found
        if not isinstance(found, dict):
            continue
        below, at = here.inside(part, tree), (*key, part)
        if not below.is_number:
            bare[part], inner, wrong = taken_out(found, below, at)
            register |= inner
            mistakes += wrong
            continue
        wrong = _mistakes(found, below, at)
        mistakes += wrong
        if "value" in found:
            bare[part] = found["value"]
            if not wrong and is_number(found["value"]) and below.allows(found["value"]):
                register[".".join(map(str, at))] = {"low": found["value"], "high": found["value"]} | found
        else:
            del bare[part]
    return bare, register, mistakes


def merged(base: Tree, over: Tree) -> Tree:
    """``over`` laid over ``base``: tables are merged, all else replaced. Neither is changed."""
    result = dict(base)
    for key, value in over.items():
        below = base.get(key)
        if isinstance(value, dict) and isinstance(below, dict):
            # A whole assumption takes the place of another; part of one changes only that part.
            whole = "value" in value and "value" in below
            result[key] = value if whole else merged(below, value)
        else:
            result[key] = value
    return result


def put_back(tree: Tree, assumptions: Mapping[str, Assumption]) -> Tree:
    """The inverse of :func:`taken_out`. ``tree`` is not changed."""
    result = dict(tree)
    for key, entry in assumptions.items():
        at, parts = result, key.split(".")
        for part in parts[:-1]:
            at[part] = dict(at[part])
            at = at[part]
        value = at[parts[-1]]
        ends = {"low": type(value)(entry.low), "high": type(value)(entry.high)}
        at[parts[-1]] = {"value": value, **ends, "source": entry.source}
    return result


def _mistakes(entry: Tree, here: Declared, key: Key) -> list[Mistake]:
    """What is wrong with one entry, but for its value, which is checked as any number is."""
    mistakes: list[Mistake] = []
    for part, found in entry.items():
        words = ""
        if part not in KEYS:
            words = f"is not a key of an assumption{suggestion(part, KEYS)}"
        elif part in ("low", "high"):
            words = number_mistake(found, here)
        elif part == "source" and not (isinstance(found, str) and is_line(found)):
            words = f"is {shown(found)}; it must be {A_LINE}"
        if words:
            mistakes.append(((*key, part), words))
    if "value" not in entry:
        mistakes.append((key, "has no value; an assumption is { value, low, high, source }"))
    elif not mistakes and is_number(entry["value"]):
        value: float = entry["value"]
        low: float = entry.get("low", value)
        high: float = entry.get("high", value)
        if here.allows(value) and not low <= value <= high:
            words = f"is {plain(value)}, outside its own range of {plain(low)} to {plain(high)}"
            mistakes.append((key, words))
    return mistakes


def is_number(value: Any) -> bool:
    """Whether it is a number (true and false are not)."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def number_mistake(found: Any, here: Declared) -> str:
    """What is wrong with a value found where the schema has a number; nothing if it is allowed."""
    if not is_number(found):
        return f"is {shown(found)}; it must be {here.allowed()}"
    if here.allows(found):
        return ""
    whole = here.kind is not int or isinstance(found, int)
    return f"is {shown(found)}; it must be {here.allowed(bare=whole)}"
