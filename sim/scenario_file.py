"""Scenario files: TOML read with care, extended, overridden, checked, and every mistake in plain words."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.errors import ScenarioError
from sim.scenario import Assumption, Scenario, contradictions, suggestion
from sim.signals import shipped_vocabulary

MOST_BYTES = 65_536
MOST_LINE = 500
MOST_DEPTH = 8
MOST_EXTENDS = 8

Tree = dict[str, Any]
Origins = dict[str, str]


def load(path: str | Path) -> Scenario:
    """Read, extend and check a scenario file.

    Raises ScenarioError that lists everything wrong with it, a line each.
    """
    return load_with(path, {})


def load_with(path: str | Path, overrides: Mapping[str, Any]) -> Scenario:
    """:func:`load` with values replaced, by dotted key, before anything is checked."""
    path = Path(path)
    tree, origins = _extended(path, ())
    tree, register, origins = overridden(tree, overrides, origins)
    return build(tree, register, origins | {"": str(path)}, path.stem)


def parse_override(text: str) -> tuple[str, Any]:
    """Key and value of ``actors.caracas.resolve=0.7``; the value is TOML, or else a word."""
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise ScenarioError([f"--set {shown(text)}: write KEY=VALUE, as in actors.caracas.resolve=0.7"])
    if len(value) > MOST_LINE or _depth(value) > MOST_DEPTH:
        raise ScenarioError([f"--set {key.strip()}: the value is too long or too deeply nested"])
    try:
        parsed = tomllib.loads(f"value = {value.strip()}")["value"]
    except (tomllib.TOMLDecodeError, ValueError, RecursionError):
        parsed = value.strip()
    return key.strip(), parsed


# Reading --------------------------------------------------------------------------------------


def read_toml(path: Path) -> Tree:
    """The tables of one file, refused before parsing if it could hurt."""
    if not path.exists():
        raise ScenarioError([f"{path}: there is no such file{_nearby(path)}"])
    if not path.is_file():
        raise ScenarioError([f"{path}: is not a regular file; a scenario is one TOML file"])
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ScenarioError([f"{path}: cannot be read ({error.strerror})"]) from None
    if len(content) > MOST_BYTES:
        raise ScenarioError([f"{path}: is larger than {MOST_BYTES} bytes, the most a scenario may have"])
    try:
        text = content.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise ScenarioError([f"{path}: is not UTF-8 text (byte {error.start})"]) from None
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > MOST_LINE:
            raise ScenarioError([f"{path}: line {number} has {len(line)} characters; at most {MOST_LINE} are allowed"])
    if _depth(text) > MOST_DEPTH:
        raise ScenarioError([f"{path}: brackets or keys are nested more than {MOST_DEPTH} deep"])
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError([f"{path}: is not valid TOML: {shown(str(error), quote=False)}"]) from None
    except (ValueError, RecursionError):
        raise ScenarioError([f"{path}: is not valid TOML: a number or a table is beyond all limits"]) from None


def _depth(text: str) -> int:
    """Deepest nesting of brackets, or most parts of a dotted key, with strings left out."""
    bare = re.sub(r'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'', '""', text, flags=re.DOTALL)
    bare = re.sub(r'"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', '""', bare)
    bare = re.sub(r"#[^\n]*", "", bare)
    depth = deepest = 0
    for character in bare:
        if character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth = max(0, depth - 1)
    keys = (line.partition("=")[0].count(".") + 1 for line in bare.split("\n"))
    return max(deepest, *keys)


def _nearby(path: Path) -> str:
    folder = path.parent if path.parent.is_dir() else Path()
    return suggestion(path.name, sorted(entry.name for entry in folder.glob("*.toml")))


def _extended(path: Path, through: tuple[Path, ...]) -> tuple[Tree, Origins]:
    """The tables of a file laid over those of the file that it extends."""
    if path.resolve() in through or len(through) >= MOST_EXTENDS:
        raise ScenarioError([f"{path}: extends itself, or through more than {MOST_EXTENDS} files"])
    tree = read_toml(path)
    base = tree.pop("extends", None)
    if base is None:
        return merged({"signals": shipped_vocabulary()}, tree, str(path))
    if not isinstance(base, str):
        raise ScenarioError([f"{path}: extends is {shown(base)}; it must be the name of a scenario file"])
    below, origins = _extended(path.parent / base, (*through, path.resolve()))
    for told in ("title", "description"):
        below.pop(told, None)
    tree, above = merged(below, tree, str(path))
    return tree, origins | above


def merged(base: Tree, over: Tree, origin: str, prefix: str = "") -> tuple[Tree, Origins]:
    """``over`` laid over ``base``: tables are merged, all else replaced. Neither is changed."""
    result, origins = dict(base), {}
    for key, value in over.items():
        path = f"{prefix}{key}"
        below = base.get(key)
        if isinstance(value, dict) and isinstance(below, dict) and not _is_assumption(value):
            result[key], inner = merged(below, value, origin, f"{path}.")
            origins |= inner
        else:
            result[key] = value
            origins[path] = origin
    return result, origins


def overridden(
    tree: Tree, overrides: Mapping[str, Any], origins: Origins | None = None
) -> tuple[Tree, dict[str, Assumption], Origins]:
    """Tables with dotted keys replaced, the register of assumptions taken out, and who said what."""
    known = dict(origins or {})
    problems = []
    for key, value in overrides.items():
        problem = _missing_part(tree, key.split("."))
        if problem:
            problems.append(f"--set {shown(key, quote=False)}: {problem}")
            continue
        nested: Any = value
        for part in reversed(key.split(".")):
            nested = {part: nested}
        tree, changed = merged(tree, nested, "--set")
        known |= changed
    if problems:
        raise ScenarioError(problems)
    plain, register, wrong = _without_assumptions(tree)
    if wrong:
        raise ScenarioError([f"{_origin(key, known)}: {key} {words}" for key, words in wrong])
    return plain, register, known


def _missing_part(tree: Tree, parts: list[str]) -> str:
    """What is wrong with a dotted key whose tables must already be there."""
    open_tables = {"actors", "signals"}
    at: Any = tree
    for depth, part in enumerate(parts[:-1]):
        if not isinstance(at, dict):
            return f"{'.'.join(parts[:depth])} is not a table"
        if part not in at and (depth == 1 and parts[0] in open_tables):
            return f'there is no "{part}" in {parts[0]}{suggestion(part, at)}'
        at = at.get(part, {})
    return "" if all(parts) else "a key has an empty part"


def _is_assumption(value: Any) -> bool:
    return isinstance(value, dict) and "value" in value


def _without_assumptions(
    tree: Tree, prefix: str = ""
) -> tuple[Tree, dict[str, Assumption], list[tuple[str, str]]]:
    """Plain tables, the register ``{ value, low, high, source }`` by dotted key, and its mistakes."""
    plain: Tree = {}
    register: dict[str, Assumption] = {}
    wrong: list[tuple[str, str]] = []
    for key, value in tree.items():
        path = f"{prefix}{key}"
        if _is_assumption(value):
            plain[key] = value["value"]
            entry, words = _assumption(value)
            wrong += [(path, each) for each in words]
            if entry:
                register[path] = entry
        elif isinstance(value, dict):
            plain[key], inner, more = _without_assumptions(value, f"{path}.")
            register |= inner
            wrong += more
        else:
            plain[key] = value
    return plain, register, wrong


def _assumption(value: Tree) -> tuple[Assumption | None, list[str]]:
    point = value["value"]
    if isinstance(point, bool) or not isinstance(point, int | float):
        return None, [f"has the value {shown(point)}; it must be a number"]
    try:
        entry = Assumption.model_validate({"low": point, "high": point} | value)
    except ValidationError as error:
        return None, [f"is an assumption whose {_key(e['loc'])} {_in_words(e, {})}" for e in error.errors()]
    if not entry.low <= entry.value <= entry.high:
        return None, [f"has the value {point}, outside its own range {entry.low:g} to {entry.high:g}"]
    return entry, []


# Checking -------------------------------------------------------------------------------------


def build(tree: Tree, register: dict[str, Assumption], origins: Origins, name: str) -> Scenario:
    """A checked scenario, or ScenarioError with all that is wrong, field by field and across fields."""
    lines: list[str] = []
    candidate = dict(tree)
    for reserved in ("assumptions", "name"):
        if reserved in candidate:
            lines.append(f"{_origin(reserved, origins)}: {reserved} is not a key of a scenario")
            del candidate[reserved]
    try:
        scenario: Scenario | None = Scenario.model_validate(candidate | {"name": name, "assumptions": register})
    except ValidationError as error:
        found = [(_key(e["loc"]), _in_words(e, tree)) for e in error.errors()]
        lines += [f"{_origin(key, origins)}: {key} {words}" for key, words in found]
        scenario = _salvaged(candidate, error)
    if scenario:
        lines += [f"{_origin(k, origins)}: {k} {words}" for k, words in contradictions(scenario)]
        lines += [f"{_origin(k, origins)}: {k} {words}" for k, words in _range_mistakes(scenario, register)]
    if lines or scenario is None:
        raise ScenarioError(list(dict.fromkeys(lines)))
    return scenario


def _salvaged(tree: Tree, error: ValidationError) -> Scenario | None:
    """The scenario without the values found wrong, so that mistakes across fields are shown too."""
    pruned = json.loads(json.dumps(tree, default=str))
    for each in error.errors():
        path = _path(each["loc"])
        at = pruned
        for part in path[:-1]:
            at = at[part] if isinstance(at, list) or part in at else {}
        if isinstance(at, dict):
            at.pop(path[-1], None)
    if isinstance(tree.get("start"), str) is False:
        pruned.pop("start", None)
    try:
        return Scenario.model_validate(pruned)
    except (ValidationError, TypeError):
        return None


def _range_mistakes(scenario: Scenario, register: Mapping[str, Assumption]) -> list[tuple[str, str]]:
    """Ends of a range that the schema would not allow as a value."""
    document = scenario.model_dump(by_alias=True, exclude={"name", "assumptions"}, exclude_none=True)
    mistakes = []
    for key, entry in register.items():
        for end in ("low", "high"):
            trial, _ = merged(document, _nested(key, getattr(entry, end)), "")
            try:
                Scenario.model_validate(trial)
            except ValidationError as error:
                mistakes.append((f"{key}.{end}", _in_words(error.errors()[0], trial)))
    return mistakes


def _nested(key: str, value: Any) -> Tree:
    for part in reversed(key.split(".")):
        value = {part: value}
    return dict(value)


# Words ----------------------------------------------------------------------------------------


def _path(loc: tuple[int | str, ...]) -> list[int | str]:
    """A pydantic location without the tags of the actors' union."""
    path = list(loc)
    if len(path) > 2 and path[0] == "actors" and path[2] in ("coercer", "target", "third"):
        del path[2]
    return [part for part in path if part != "[key]"]


def _key(loc: tuple[int | str, ...]) -> str:
    """``actors.caracas.resolve`` or ``script[2].day``."""
    key = ""
    for part in _path(loc):
        key += f"[{part}]" if isinstance(part, int) else f".{part}" if key else str(part)
    return shown(key, quote=False)


def _origin(key: str, origins: Origins) -> str:
    """The file (or --set) that said it, else the scenario as a whole."""
    at = re.sub(r"\[.*", "", key)
    while at:
        if at in origins:
            return origins[at]
        below = {o for path, o in origins.items() if path.startswith(f"{at}.")}
        if len(below) == 1:
            return below.pop()
        at = at.rpartition(".")[0]
    return origins.get("", "scenario")


def shown(value: Any, quote: bool = True) -> str:
    """A value as it may be echoed: short, with control characters escaped."""
    text = json.dumps(value, ensure_ascii=False, default=str) if quote else str(value)
    safe = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return safe if len(safe) <= 80 else f"{safe[:77]}..."


def _in_words(error: Any, tree: Tree) -> str:
    """One pydantic error in the words of someone who writes scenario files."""
    kind, found, context = error["type"], error["input"], error.get("ctx", {})
    if kind == "extra_forbidden":
        known = _known_keys(tree, _path(error["loc"]))
        return f"is not a key that exists here{suggestion(error['loc'][-1], known)}"
    if kind == "missing":
        return "is missing"
    if kind == "union_tag_not_found":
        return 'needs a role: "coercer", "target" or "third"'
    if kind == "union_tag_invalid":
        role = found.get("role") if isinstance(found, dict) else found
        return f'has the role {shown(role)}; it must be "coercer", "target" or "third"'
    if kind in ("greater_than_equal", "less_than_equal", "finite_number"):
        return f"is {_number(found)}; it must be {_allowed(error, tree)}"
    if kind in ("float_type", "int_type", "int_from_float", "float_parsing", "int_parsing", "int_parsing_size"):
        return f"is {shown(found)}; it must be {_allowed(error, tree)}"
    if kind == "literal_error":
        return f"is {shown(found)}; it must be {context['expected'].replace(chr(39), chr(34))}"
    if kind == "string_pattern_mismatch":
        return "is no good name: use small letters, digits and _, a letter first, at most 40"
    plain = {
        "bool_type": "true or false",
        "string_type": "text in quotes",
        "string_too_long": f"at most {context.get('max_length')} characters long",
        "too_short": "a list with at least one entry",
        "tuple_type": "a list",
        "dict_type": "a table",
        "model_type": "a table",
        "date_type": "a date such as 2025-11-30",
    }
    return f"is {shown(found)}; it must be {plain[kind]}" if kind in plain else shown(error["msg"], quote=False)


def _number(value: Any) -> str:
    return "nan" if value != value else shown(value) if abs(value) < 1e16 else f"{value:g}"


def _allowed(error: Any, tree: Tree) -> str:
    from sim.schema_json import field_schema

    field = field_schema(_path(error["loc"]), tree)
    low, high = field.get("minimum"), field.get("maximum")
    noun = "a whole number" if field.get("type") == "integer" else "a number"
    if low is None or high is None:
        return noun
    between = f"between {low:g} and {high:g}"
    is_number = error["type"] in ("greater_than_equal", "less_than_equal", "finite_number")
    return between if is_number else f"{noun} {between}"


def _known_keys(tree: Tree, path: list[int | str]) -> list[str]:
    from sim.schema_json import field_schema

    return list(field_schema(path[:-1], tree).get("properties", {}))

