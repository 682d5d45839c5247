"""What the schema declares at a key of a scenario: type, range, and the keys of a table."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from sim.scenario.tables import ScenarioTables
from sim.scenario.toml import MOST_DEPTH
from sim.schema.fields import Table
from sim.text import MOST_SHOWN, Key, closest, dotted, printable, shown, suggestion

# Keys of a checked scenario that no file may have.
NOT_IN_FILES = ("name", "assumptions", "changed")
NO_NUMBERS = ("study", "rates", "script", "arms", "claim", "sweep")
"""Tables of how a scenario is studied, and lists: their numbers are not set one by one."""

MOST_MEANT = 4  # keys in a suggestion
LARGEST = sys.float_info.max


@dataclass(frozen=True)
class Declared:
    """One place of the schema; ``kind`` is None where the schema has nothing."""

    kind: Any = None
    low: float | None = None
    high: float | None = None

    @property
    def is_number(self) -> bool:
        """Whether a number belongs here, so that an assumption may stand in its place."""
        return self.kind in (float, int)

    def allows(self, value: float) -> bool:
        """Whether a number is in range (nan never is), and written as a whole one where it must be."""
        low = -LARGEST if self.low is None else self.low
        high = LARGEST if self.high is None else self.high
        return low <= value <= high and (self.kind is float or isinstance(value, int))

    def allowed(self, bare: bool = False) -> str:
        """``a number between 0 and 1``, in ``bare`` form ``between 0 and 1``."""
        noun = "a whole number" if self.kind is int else "a number"
        if self.low is None or self.high is None:
            return f"{noun}, and finite"
        between = f"between {plain(self.low)} and {plain(self.high)}"
        return between if bare else f"{noun} {between}"

    def inside(self, part: str | int, at: Any) -> Declared:
        """What is declared one key deeper; ``at`` is the table found here, whose role may matter."""
        kind = self.table(at)
        if kind is not None:
            field = _fields(kind).get(str(part))
            return _declared(field.annotation, field.metadata) if field else Declared()
        arguments = get_args(self.kind)
        if get_origin(self.kind) is dict:
            return _declared(arguments[1])
        return _declared(arguments[0]) if get_origin(self.kind) is tuple else Declared()

    def table(self, at: Any) -> type[Table] | None:
        """The table declared here; of an actor, the one for its role."""
        options = get_args(self.kind) if get_origin(self.kind) in (Union, UnionType) else (self.kind,)
        tables = [kind for kind in options if isinstance(kind, type) and issubclass(kind, Table)]
        if len(tables) <= 1:
            return tables[0] if tables else None
        role = at.get("role") if isinstance(at, Mapping) else None
        return next((kind for kind in tables if role in get_args(kind.model_fields["role"].annotation)), None)

    def keys(self, at: Any) -> tuple[str, ...]:
        """Names of all keys that the table declared here may have in a file."""
        kind = self.table(at)
        if kind is None:
            return ()
        names = tuple(name for name in _fields(kind) if name not in NOT_IN_FILES)
        return ("extends", *names) if kind is ScenarioTables else names


SCENARIO = Declared(ScenarioTables)


def declared_at(key: Key, tree: Any) -> Declared:
    """What is declared at a key; ``tree`` is the scenario as plain tables."""
    here, at = SCENARIO, tree
    for part in key:
        here = here.inside(part, at)
        at = at.get(part) if isinstance(at, Mapping) else None
    return here


def unit_at(key: Key, tree: Any) -> str:
    """The unit of the number at a key; "" where there is no number. ``tree`` is the scenario as plain tables."""
    field = _field_at(key, tree)
    extra = field.json_schema_extra if field else None
    return str(extra.get("unit", "")) if isinstance(extra, dict) else ""


def meaning_at(key: Key, tree: Any) -> str:
    """What the number at a key means, in a few words; "" where nothing is declared."""
    field = _field_at(key, tree)
    return (field.description or "") if field else ""


def _field_at(key: Key, tree: Any) -> FieldInfo | None:
    at = tree
    for part in key[:-1]:
        at = at.get(part) if isinstance(at, Mapping) else None
    kind = declared_at(key[:-1], tree).table(at)
    return _fields(kind).get(str(key[-1])) if kind else None


def numbers_in(tree: Mapping[str, Any]) -> Iterator[tuple[Key, Declared, FieldInfo]]:
    """Key, range and declaration of every number that a scenario can be changed in; ``tree`` is it as plain tables."""
    for name, field in _fields(ScenarioTables).items():
        if name not in (*NOT_IN_FILES, *NO_NUMBERS):
            yield from _below(SCENARIO.inside(name, tree), tree.get(name), (name,), field)


def _below(here: Declared, at: Any, key: Key, field: FieldInfo) -> Iterator[tuple[Key, Declared, FieldInfo]]:
    if here.is_number:
        yield key, here, field
    elif kind := here.table(at):
        for name, inner in _fields(kind).items():
            below = at.get(name) if isinstance(at, Mapping) else None
            yield from _below(here.inside(name, at), below, (*key, name), inner)
    elif get_origin(here.kind) is dict and isinstance(at, Mapping):
        for name, below in at.items():
            yield from _below(here.inside(name, at), below, (*key, name), field)


def full_keys(words: str, tree: Mapping[str, Any]) -> list[str]:
    """The keys of numbers that end with these words (``resolve``, ``caracas.resolve``), or with the closest to the last."""
    keys = [".".join(map(str, key)) for key, _, _ in numbers_in(tree)]
    found = [key for key in keys if key.endswith(f".{words}")]
    if found:
        return found
    last = sorted({key.rpartition(".")[2] for key in keys})
    close = closest(words.rpartition(".")[2], last, 0.75)
    return [key for key in keys if key.rpartition(".")[2] == close]


def meant(words: str, tree: Mapping[str, Any]) -> str:
    """'; did you mean actors.caracas.resolve or …?' for words that are no whole key; what to do where nothing is like them."""
    found = full_keys(words[:MOST_SHOWN], tree)
    if not found:
        return "; `brink keys SCENARIO` lists every number"
    told = " or ".join(found[:MOST_MEANT])
    more = f" ({len(found) - MOST_MEANT} more end so)" if len(found) > MOST_MEANT else ""
    return f"; did you mean {told}{more}?"


def misnamed(key: Any, tree: Mapping[str, Any]) -> str:
    """What is wrong with a dotted key of an actor or a signal, or with what is no key at all; "" if nothing is."""
    parts = key.split(".") if isinstance(key, str) else []
    if not all(parts) or not 0 < len(parts) <= MOST_DEPTH or not key.isprintable():
        return "is not a key; write one as in actors.caracas.resolve"
    tables = _fields(ScenarioTables)
    if parts[0] not in tables and (len(parts) == 1 or not suggestion(parts[0], tables)):
        return f"is not a key{meant(key, tree)}"
    known = tree.get(parts[0]) if parts[0] in ("actors", "signals") and len(parts) > 2 else None
    if isinstance(known, dict) and parts[1] not in known:
        there = suggestion(parts[1], known)
        if parts[0] == "actors" and not there:
            there = f"; there are: {', '.join(map(printable, known))}"
        return f"does not exist: there is no {shown(parts[1])}{there}"
    inside = declared_at(tuple(parts[:1]), tree).keys({}) if len(parts) == 2 else ()
    if inside and parts[1] not in inside and not suggestion(parts[1], inside) and full_keys(parts[1], tree):
        return f"is not a key that exists here{meant(parts[1], tree)}"
    return ""


def unknown(key: Key, tree: Any) -> str:
    """What to say of a key that its table does not have."""
    above, at = key[:-1], tree
    for part in above:
        at = at[part]
    known = declared_at(above, tree).keys(at)
    if len(key) == 3 and key[0] == "actors" and isinstance(at, dict):
        return f'is not a key of an actor with the role "{at.get("role")}"{suggestion(str(key[-1]), known)}'
    return f"is not a key that exists here{suggestion(str(key[-1]), known)}"


def not_declared(key: str, tree: Mapping[str, Any]) -> str:
    """Why nothing is declared at a dotted key of a scenario's document."""
    if words := misnamed(key, tree):
        return words
    parts = tuple(key.split("."))
    first = next(parts[:n] for n in range(1, len(parts) + 1) if declared_at(parts[:n], tree).kind is None)
    words = unknown(first, tree)
    return words if first == parts else f"{dotted(first)} {words}"


def plain(value: float) -> str:
    """A number without needless digits: ``1``, ``0.05``, ``1000000``."""
    return str(int(value)) if value == int(value) else f"{value:g}"


def _fields(kind: type[Table]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in kind.model_fields.items()}


def _declared(annotation: Any, metadata: Any = ()) -> Declared:
    while get_origin(annotation) is Annotated:
        annotation, *more = get_args(annotation)
        inner = [part for each in more for part in (each.metadata if isinstance(each, FieldInfo) else [each])]
        metadata = [*metadata, *inner]
    if get_origin(annotation) in (Union, UnionType) and NoneType in get_args(annotation):
        annotation = next(each for each in get_args(annotation) if each is not NoneType)
    low = next((part.ge for part in metadata if hasattr(part, "ge")), None)
    high = next((part.le for part in metadata if hasattr(part, "le")), None)
    return Declared(annotation, low, high)
