"""Tables that are wider than the terminal, told so that they fit: a block for each row."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Collection, Iterator, Sequence

from sim.text import WIDTH

BETWEEN_CELLS = re.compile(r"(?<!\\)\|")


def terminal_width() -> int:
    """Columns of the terminal that stdout is; 80 if it is none, or does not say."""
    return shutil.get_terminal_size((WIDTH, 24)).columns if sys.stdout.isatty() else WIDTH


def fitting(rows: Sequence[Sequence[str]], right: Collection[int] = (), last: Sequence[str] = ()) -> str:
    """Rows of cells under each other, the first of them heads; if that is too wide, each row over two lines.

    Then the first cell has a line of its own, and the others stand below it. ``last`` is one more column, of any
    length: where there is no room for it, each of its cells stands below its row, cut to the width of the terminal.
    """
    from sim.reports.tables import columns

    width = terminal_width()
    if last:
        wide = columns([(*row, cell) for row, cell in zip(rows, last, strict=True)], right)
        if max(map(len, wide.split("\n"))) <= width:
            return wide
    lines = columns(rows, right).split("\n")
    if max(map(len, lines)) > width:
        rest = columns([row[1:] for row in rows], {place - 1 for place in right}).split("\n")
        pairs = zip((row[0] for row in rows), rest, strict=True)
        lines = ["\n".join(line.rstrip() for line in (first, f"  {more}")) for first, more in pairs]
    if last:
        below = (
            "",
            *(f"\n  {_cut(f'{last[0].lower()} {cell}', width - 2)}" if cell else "" for cell in last[1:]),
        )
        lines = [f"{line}{more}" for line, more in zip(lines, below, strict=True)]
    return "\n".join(lines)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1].rstrip()}…"


def blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """Lines in order: those of a table together, all others alone."""
    block: list[str] = []
    for line in lines:
        if line.startswith("|"):
            block.append(line)
            continue
        if block:
            yield block
            block = []
        yield [line]
    if block:
        yield block


def cells(line: str) -> list[str]:
    """The cells of a row of a Markdown table."""
    return [cell.strip() for cell in BETWEEN_CELLS.split(line)[1:-1]]


def by_row(block: Sequence[str]) -> list[str]:
    """A Markdown table as its first cells, each with the other cells of the row below it, named by their heads.

    A first cell that is a number is named too: by itself it says nothing.
    """
    heads, _, *rows = map(cells, block)
    lines = []
    for first, *others in rows:
        lines.append(f"{heads[0]} {first}" if first[:1].isdigit() else first)
        lines += [
            f"  {head}: {cell}" if head else f"  {cell}"
            for head, cell in zip(heads[1:], others, strict=True)
            if cell
        ]
    return lines
