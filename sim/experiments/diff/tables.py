"""The tables of a diff: numbers that differ, from the scenarios; what follows, from counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from sim.experiments.design import label
from sim.scenario.lookup import unit_at
from sim.scenario.scenario import Scenario
from sim.text import Key, dotted

COLUMNS = ("key", "label", "unit", "a", "b", "change")
NOT_COMPARED = ("title", "description", "assumptions", "rates", "sweep")
NONE = "–"


def numbers_apart(a: Scenario, b: Scenario) -> pd.DataFrame:
    """A row for each value that differs: key, label, unit, a and b as text, and change, b - a, of numbers (else NaN).

    Titles, descriptions, ranges and sources are no values of the model, and are not compared.
    """
    return pd.DataFrame(_rows(a, b), columns=list(COLUMNS)).astype({"change": float})


def _rows(a: Scenario, b: Scenario) -> Iterator[dict[str, Any]]:
    documents = a.document(), b.document()
    one, other = (dict(_values(document)) for document in documents)
    tables = {name: _sortable(place) for place, name in enumerate({**documents[0], **documents[1]})}
    for key in sorted({*one, *other}, key=lambda key: (tables[str(key[0])], *map(_sortable, key[1:]))):
        values = one.get(key), other.get(key)
        if values[0] == values[1]:
            continue
        owner, document = (a, documents[0]) if key in one else (b, documents[1])
        yield {
            "key": dotted(key),
            "label": label(owner, ".".join(map(str, key))),
            "unit": unit_at(key, document),
            "a": _text(values[0]),
            "b": _text(values[1]),
            "change": _change(*values),
        }


def _values(at: Any, key: Key = ()) -> Iterator[tuple[Key, Any]]:
    """Every value of a document by its key; entries of a list by their places."""
    if isinstance(at, dict):
        for name, inner in at.items():
            if key or name not in NOT_COMPARED:
                yield from _values(inner, (*key, name))
    elif isinstance(at, list) and any(isinstance(each, dict) for each in at):
        for place, inner in enumerate(at):
            yield from _values(inner, (*key, place))
    else:
        yield key, at


def _sortable(part: str | int) -> str:
    """A part of a key, to sort by: the order within a table is that of its file, which is not kept."""
    return f"{part:06}" if isinstance(part, int) else part


def _change(a: Any, b: Any) -> float:
    """b - a of numbers, else NaN."""
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in (a, b))
    return float(b - a) if numbers else float("nan")


def _text(value: Any) -> str:
    if value is None:
        return NONE
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return str(value).lower() if isinstance(value, bool) else str(value)
