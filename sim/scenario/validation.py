"""All that is wrong with the tables of a scenario, at once, in the words of those who write them."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any, TypeVar

from pydantic import ValidationError

from sim.scenario.assumptions import Mistake, Register, Tree, number_mistake
from sim.scenario.contradictions import contradictions
from sim.scenario.lookup import NOT_IN_FILES, declared_at, unknown
from sim.scenario.tables import ScenarioTables
from sim.schema.fields import A_LINE, LINE, LINES
from sim.text import Key, shown

MOST_ROUNDS = 5
MOST_FOUND = 100
MOST_ACROSS = 200

# Words that decide what else their table may say: a table with a wrong one is left out whole.
DECIDING = ("role", "senders", "decisive", "ends")
STAND_IN = {"day": 0, "actor": "", "signal": ""}


S = TypeVar("S", bound=ScenarioTables)


def checked(kind: type[S], tree: Tree, name: str, register: Register) -> tuple[S | None, list[Mistake]]:
    """The scenario, of a ``kind`` of tables, that the tables make, and all mistakes in them; with mistakes it is of no use.

    What is wrong field by field is left out (a default takes its place), to see what is wrong across
    fields in the rest.
    """
    mistakes: list[Mistake] = [((key,), "is not a key of a scenario") for key in NOT_IN_FILES if key in tree]
    sound = tree | {"name": name, "assumptions": register}
    left_out: set[Key] = set()
    for _ in range(MOST_ROUNDS):
        try:
            scenario = kind.model_validate(sound, by_alias=True, by_name=False)
        except ValidationError as error:
            found = error.errors(include_url=False)
            if not left_out:
                mistakes += [(_key(each), _in_words(each, tree)) for each in found[:MOST_FOUND]]
            gone = {_rest(each) for each in found}
            left_out |= gone
            if () in gone:
                break
            sound = _without(sound, gone)
        else:
            across = [(_parsed(key), words) for key, words in islice(contradictions(scenario), MOST_ACROSS)]
            return scenario, mistakes + [each for each in across if not _rests_on(left_out, *each)]
    return None, mistakes


# What to leave out ----------------------------------------------------------------------------


def _rest(error: Any) -> Key:
    """The key that has to go for this error to go."""
    key = _key(error)[:-1] if error["type"] == "missing" else _key(error)
    if key and key[0] == "script":
        return key[:2]
    key = next((key[:depth] for depth, part in enumerate(key) if isinstance(part, int)), key)
    return key[:-1] if len(key) > 1 and key[-1] in DECIDING else key


def _without(tree: Tree, gone: set[Key]) -> Tree:
    """The tables without these keys; acts of the script are replaced, to keep the numbers of the rest."""
    result = dict(tree)
    acts = {key[1] for key in gone if key[0] == "script" and len(key) > 1}
    if acts:
        result["script"] = [STAND_IN if at in acts else act for at, act in enumerate(result["script"])]
    for key in gone:
        at: Any = result
        for part in key[:-1]:
            if not isinstance(at.get(part), dict):
                break  # what it is in is gone already, or is the script
            at[part] = dict(at[part])
            at = at[part]
        else:
            at.pop(key[-1], None)
    return result


def _rests_on(left_out: set[Key], key: Key, words: str) -> bool:
    """Whether a mistake across fields may come from what was left out alone."""
    if any(key[:length] in left_out for length in range(1, len(key) + 1)):
        return True
    if key[0] == "claim" and ("arms",) in left_out:
        return True
    names = {gone[1] for gone in left_out if len(gone) == 2 and gone[0] in ("actors", "signals")}
    parents = {gone[:-1] for gone in left_out}
    return key in parents or not names.isdisjoint({*key, *re.findall(r"\w+", words)})


# Keys -----------------------------------------------------------------------------------------


def _key(error: Any) -> Key:
    """Where an error is, without what pydantic adds: the actors' tags, the mark of a bad name."""
    loc = error["loc"]
    if error["type"] in ("union_tag_not_found", "union_tag_invalid"):
        return (*loc, "role")
    if loc[0] == "actors" and len(loc) > 2:
        loc = (*loc[:2], *loc[3:])
    is_name = len(loc) > 1 and loc[-1] == "[key]" and error["type"].startswith("string_")
    return tuple(loc[:-1] if is_name else loc)


def _parsed(key: str) -> Key:
    """``script[2].actor`` as a key."""
    parts = re.findall(r"[^.\[\]]+|\[\d+\]", key)
    return tuple(int(part[1:-1]) if part[0] == "[" else part for part in parts)


# Words ----------------------------------------------------------------------------------------

NUMBER = ("greater_than_equal", "less_than_equal", "finite_number", "float_type", "float_parsing")
WHOLE = ("int_type", "int_from_float", "int_parsing", "int_parsing_size")
ROLES = '"coercer", "target" or "third"'
TEXT = {LINE: A_LINE, LINES: "text without control characters"}

PLAIN = {
    "bool_type": "true or false",
    "string_type": "text in quotes",
    "string_unicode": "text without broken characters",
    "too_short": "a list with at least one entry",
    "string_too_short": "text",
    "tuple_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "date_type": "a date such as 2025-11-30",
    "date_from_datetime_inexact": "a date such as 2025-11-30, without a time",
}


def _in_words(error: Any, tree: Tree) -> str:
    kind, found, key = error["type"], error["input"], _key(error)
    if kind in NUMBER + WHOLE:
        return number_mistake(found, declared_at(key, tree)) or error["msg"]
    if kind in PLAIN:
        return f"is {shown(found)}; it must be {PLAIN[kind]}"
    if kind == "extra_forbidden":
        return unknown(key, tree)
    if kind == "missing":
        return "is missing"
    if kind == "literal_error":
        return f"is {shown(found)}; it must be {error['ctx']['expected'].replace(chr(39), chr(34))}"
    if kind == "union_tag_not_found":
        return f"is missing; it must be {ROLES}"
    if kind == "union_tag_invalid":
        return f"is {shown(found.get('role'))}; it must be {ROLES}"
    if kind == "string_pattern_mismatch" and error["ctx"]["pattern"] in TEXT:
        return f"is {shown(found)}; it must be {TEXT[error['ctx']['pattern']]}"
    if kind == "string_pattern_mismatch":
        return "is no good name: use small letters, digits and _, a letter first, at most 40"
    if kind == "string_too_long":
        return f"is {len(found)} characters long; at most {error['ctx']['max_length']} are allowed"
    return str(error["msg"])
