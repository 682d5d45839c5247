"""Pages in Markdown as a terminal shows them: no marks, tables in columns, prose in lines that fit."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from sim.terminal.folding import blocks, by_row, cells, terminal_width

PICTURE = re.compile(r"^!\[[^\]]*\]\([^)]*\)$")
LINK = re.compile(r"(?<!\\)\[((?:\\.|[^\]\\])*)\]\([^)\s]*\)")
STRONG = re.compile(r"(?<![\\*])\*\*(?=\S)(.+?)(?<=\S)\*\*")
MARKED = re.compile(r"(?<![\\*\w])\*(?=[^\s*])([^*]+?)(?<=\S)\*(?![*\w])")
ESCAPED = re.compile(r"\\([\\`*\[\]<>~#!&_|])")
HEAD, QUOTE, ITEM = re.compile(r"^(#+) (.*)$"), re.compile(r"^> ?"), re.compile(r"^(\s*(?:[-*]|\d+\.) )")


def plain(text: str, width: int | None = None) -> str:
    """The text without Markdown's marks, no line of prose and no table wider than ``width``, by default the terminal's.

    A table that is too wide is told as a block of lines a row. Pictures are left out, quoted lines are indented.
    """
    most = terminal_width() if width is None else width
    lines: list[str] = []
    for block in blocks(text.split("\n")):
        if len(block) > 1:
            lines += _table(block, most)
        elif not PICTURE.match(block[0]):
            lines += _line(block[0], most)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def unmarked(text: str) -> str:
    """A line or a cell as it reads: links by their words, nothing escaped."""
    for mark in (LINK, STRONG, MARKED, ESCAPED):
        text = mark.sub(r"\1", text)
    return text


def _table(block: Sequence[str], width: int) -> list[str]:
    from sim.reports.tables import columns  # pandas, which no help needs

    head, rule, *rows = (cells(line) for line in block)
    right = {place for place, cell in enumerate(rule) if cell.endswith(":")}
    lines = columns([[unmarked(cell) for cell in row] for row in (head, *rows)], right).split("\n")
    if max(map(len, lines)) <= width:
        return lines
    return [each for line in by_row(block) for each in _prose(line, width, "    ")]


def _line(line: str, width: int) -> list[str]:
    if head := HEAD.match(line):
        told = unmarked(head[2])
        return [told] if len(head[1]) == 1 else [told, "-" * min(len(told), width)]
    if QUOTE.match(line):
        return [f"  {each}".rstrip() for each in _line(QUOTE.sub("", line), width - 2)]
    item = ITEM.match(line)
    return _prose(line, width, " " * len(item[1]) if item else "")


def _prose(line: str, width: int, then: str) -> list[str]:
    told = unmarked(line)
    if len(told) <= width or "  " in told.strip():  # columns that a page has set itself are not prose
        return [told]
    return textwrap.wrap(
        told, width, subsequent_indent=then, break_long_words=False, break_on_hyphens=False
    ) or [""]
