"""TODO."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd


def markdown(rows: Iterable[tuple[str, ...]], heads: tuple[str, ...], right: bool = False) -> list[str]:
    """A Markdown table that is as easily read as plain text: its lines. ``right``: all but the first flush right."""
    cells = [[cell.replace("|", "\\|") for cell in line] for line in (heads, *rows)]
    widths = [max(3, *(len(line[i]) for line in cells)) for i in range(len(heads))]
    told = [
        [c.rjust(w) if right and i else c.ljust(w) for i, (c, w) in enumerate(zip(line, widths, strict=True))]
        for line in cells
    ]
    rule = ["-" * (w - 1) + ":" if right and i else "-" * w for i, w in enumerate(widths)]
    return [f"| {' | '.join(line)} |" for line in (told[0], rule, *told[1:])]


def found(table: pd.DataFrame, **where: str) -> dict[str, Any]:
    """The one row of a table with these values: ``found(differences, arm="b", observable="war")``."""
    row = table
    for column, value in where.items():
        row = row[row[column] == value]
    if len(row) != 1:
        raise KeyError(f"{len(row)} rows have {where}")
    return {str(key): value for key, value in row.iloc[0].items()}


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as plain values."""
    return [{str(key): _plain(value) for key, value in row.items()} for row in table.to_dict("records")]


def _plain(value: Any) -> Any:
    plain = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(plain, float) and not np.isfinite(plain) else plain


def columns(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Rows of cells under each other; columns numbered in ``right`` are flush right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = (
        "  ".join(
            cell.rjust(w) if i in right else cell.ljust(w)
            for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table; the first column is flush left, the others too if their head ends with a colon."""
    marks = ["---" if not i or name.endswith(":") else "---:" for i, name in enumerate(head)]
    lines = [[name.rstrip(":") for name in head], marks, *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]
