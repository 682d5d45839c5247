"""The tables of a diff: numbers that differ, from the scenarios; what follows, from counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from sim.experiments.design import label
from sim.scenario.changes import NOT_COMPARED, apart
from sim.scenario.lookup import unit_at
from sim.scenario.scenario import Scenario
from sim.text import dotted

COLUMNS = ("key", "label", "unit", "a", "b", "change")
NONE = "–"


def numbers_apart(a: Scenario, b: Scenario) -> pd.DataFrame:
    """A row for each value that differs: key, label, unit, a and b as text, and change, b - a, of numbers (else NaN).

    Titles, descriptions, ranges and sources are no values of the model, and are not compared.
    """
    return pd.DataFrame(_rows(a, b), columns=list(COLUMNS)).astype({"change": float})


def _rows(a: Scenario, b: Scenario) -> Iterator[dict[str, Any]]:
    documents = [
        {name: table for name, table in each.document().items() if name not in NOT_COMPARED}
        for each in (a, b)
    ]
    tables = {name: _sortable(place) for place, name in enumerate({**documents[0], **documents[1]})}
    found = sorted(
        apart(documents[0], documents[1]),
        key=lambda each: (tables[str(each[0][0])], *map(_sortable, each[0][1:])),
    )
    for key, one, other in found:
        owner, document = (b, documents[1]) if one is None else (a, documents[0])
        yield {
            "key": dotted(key),
            "label": label(owner, ".".join(map(str, key))),
            "unit": unit_at(key, document),
            "a": _text(one),
            "b": _text(other),
            "change": _change(one, other),
        }


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
