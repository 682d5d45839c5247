"""Tables as text: one way to write them in Markdown, one for a terminal, one as plain values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd


def markdown(rows: Iterable[Sequence[str]], heads: Sequence[str], right: bool = False) -> list[str]:
    """The lines of a Markdown table that reads well as plain text too.

    ``right``: columns are flush right, as numbers are, but the first and those whose head ends with a colon, which
    is left out.
    """
    flush = {i for i, head in enumerate(heads) if right and i and not head.endswith(":")}
    told = [head.rstrip(":") if right else head for head in heads]
    cells = [[cell.replace("|", "\\|") for cell in line] for line in (told, *rows)]
    widths = [max(3, width) for width in _widths(cells)]
    lines = [_flushed(line, widths, flush) for line in cells]
    rule = ["-" * (w - 1) + ":" if i in flush else "-" * w for i, w in enumerate(widths)]
    return [f"| {' | '.join(line)} |" for line in (lines[0], rule, *lines[1:])]


def columns(rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> str:
    """Rows of cells under each other for a terminal; columns numbered in ``right`` are flush right."""
    widths = _widths(rows)
    return "\n".join("  ".join(_flushed(row, widths, right)).rstrip() for row in rows)


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]


def _flushed(row: Sequence[str], widths: Sequence[int], right: Collection[int]) -> list[str]:
    """Cells filled up to the widths of their columns."""
    return [
        cell.rjust(width) if i in right else cell.ljust(width)
        for i, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as plain values; a number that is not finite becomes None."""
    return [{str(key): _plain(value) for key, value in row.items()} for row in table.to_dict("records")]


def _plain(value: Any) -> Any:
    plain = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(plain, float) and not np.isfinite(plain) else plain


def found(table: pd.DataFrame, **where: str) -> dict[str, Any]:
    """The one row of a table with these values: ``found(differences, arm="b", observable="war")``.

    Raises KeyError if there are none or several.
    """
    row = table
    for column, value in where.items():
        row = row[row[column] == value]
    if len(row) != 1:
        raise KeyError(f"{len(row)} rows have {where}")
    return {str(key): value for key, value in row.iloc[0].items()}
