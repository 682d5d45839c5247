"""Tables as one Excel workbook, a sheet each: the least that Excel, LibreOffice and pandas read."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from math import isfinite
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import pandas as pd

from sim.errors import StudyError

MOST_ROWS = 1_048_575  # of a sheet, its head excepted
LETTERS = 31  # of a sheet's name
DAY = (1980, 1, 1, 0, 0, 0)  # of all files in a workbook: the same tables, the same bytes

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def write_workbook(path: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write tables as sheets of a .xlsx file. Numbers are written in full; what is missing is an empty cell.

    Raises StudyError for a table with more rows than a sheet may have.
    """
    for name, table in tables.items():
        if len(table) > MOST_ROWS:
            raise StudyError(
                f"{name}: has {len(table):,} rows, and a sheet at most {MOST_ROWS:,}; use --format csv or parquet"
            )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for file, lines in _files(tables):
            with book.open(zipfile.ZipInfo(file, DAY), "w") as part:
                for line in chain((HEAD,), lines):
                    part.write(line.encode())


def _files(tables: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, Iterable[str]]]:
    """The files of a workbook: their names and lines."""
    numbers = range(1, len(tables) + 1)
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{SHEET}.worksheet+xml"/>'
        for n in numbers
    )
    xml = "application/vnd.openxmlformats-package.relationships+xml"
    yield (
        "[Content_Types].xml",
        (
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="{xml}"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET}.sheet.main+xml"/>{parts}</Types>',
        ),
    )
    yield "_rels/.rels", (_relations([("officeDocument", "xl/workbook.xml")]),)
    sheets = "".join(
        f'<sheet name={quoteattr(name[:LETTERS])} sheetId="{n}" r:id="rId{n}"/>'
        for n, name in zip(numbers, tables, strict=True)
    )
    yield (
        "xl/workbook.xml",
        (f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>',),
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        (_relations([("worksheet", f"worksheets/sheet{n}.xml") for n in numbers]),),
    )
    for n, table in zip(numbers, tables.values(), strict=True):
        yield f"xl/worksheets/sheet{n}.xml", _sheet(table)


def _relations(targets: Iterable[tuple[str, str]]) -> str:
    each = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{each}</Relationships>'


def _sheet(table: pd.DataFrame) -> Iterator[str]:
    yield f'<worksheet xmlns="{MAIN}"><sheetData>'
    yield _row(table.columns)
    for values in table.itertuples(index=False, name=None):
        yield _row(values)
    yield "</sheetData></worksheet>"


def _row(values: Iterable[Any]) -> str:
    return f"<row>{''.join(map(_cell, values))}</row>"


def _cell(value: Any) -> str:
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, bool):
        return f'<c t="b"><v>{int(plain)}</v></c>'
    if isinstance(plain, int | float) and isfinite(plain):
        return f"<c><v>{plain!r}</v></c>"
    if plain is None or plain is pd.NA or plain != plain:
        return "<c/>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(str(plain))}</t></is></c>'
