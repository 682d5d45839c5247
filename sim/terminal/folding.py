"""Tables that are wider than the terminal, told so that they fit: a block for each row."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Collection, Iterator, Sequence

WIDTH = 80  # of a terminal that does not say how wide it is
BETWEEN_CELLS = re.compile(r"(?<!\\)\|")


def fitted(text: str) -> str:
    """The text with its Markdown tables folded if stdout is a terminal that is too narrow; else as it is."""
    return folded(text, terminal_width()) if sys.stdout.isatty() else text


def terminal_width() -> int:
    """Columns of the terminal that stdout is; 80 if it is none, or does not say."""
    return shutil.get_terminal_size((WIDTH, 24)).columns if sys.stdout.isatty() else WIDTH


def folded(text: str, width: int) -> str:
    """The text with each Markdown table that is wider than ``width`` as a block of lines a row."""
    lines: list[str] = []
    for block in _blocks(text.split("\n")):
        table = len(block) > 2 and set(block[1]) <= set("|-: ")
        lines += _by_row(block) if table and max(map(len, block)) > width else block
    return "\n".join(lines)


def fitting(rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> str:
    """Rows of cells under each other, the first of them heads; if that is too wide, each row over two lines.

    Then the first cell has a line of its own, and the others stand below it.
    """
    from sim.reports.tables import columns

    whole = columns(rows, right)
    if max(map(len, whole.split("\n"))) <= terminal_width():
        return whole
    rest = columns([row[1:] for row in rows], {place - 1 for place in right}).split("\n")
    pairs = zip((row[0] for row in rows), rest, strict=True)
    return "\n".join(line.rstrip() for first, more in pairs for line in (first, f"  {more}"))


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
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


def _by_row(block: Sequence[str]) -> list[str]:
    """A Markdown table as its first cells, each with the other cells of the row below it, named by their heads."""
    heads, _, *rows = ([cell.strip() for cell in BETWEEN_CELLS.split(line)[1:-1]] for line in block)
    lines = []
    for first, *others in rows:
        lines.append(first)
        lines += [
            f"  {head}: {cell}" if head else f"  {cell}"
            for head, cell in zip(heads[1:], others, strict=True)
            if cell
        ]
    return lines
