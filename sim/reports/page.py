"""What every page has beside its own text: a box that says the answer first, and its pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from sim.reports.words import one_line

MOST_WORDS = 150
"""In a box."""

Box = Sequence[tuple[str, str]]
"""What the box says: (heading, sentences), in the order in which they are read."""

SPECIAL = re.compile(r"([\\`*\[\]<>~]|(?<!\S)#|!(?=\[)|&(?=[#\w])|(?<![^\W_])_|_(?![^\W_]))")


NO_PROSE = ("#", "|", "`", "!", "-", ">", "")
"""How blocks begin that are no paragraph, among them the code of which a blank line is no end."""


def literal(text: str) -> str:
    """A name or title of a user's on one line, so that Markdown shows it as it is: no link, no picture, no tag.

    A "|" is left to the table that it may stand in.
    """
    return SPECIAL.sub(r"\\\1", one_line(text))


def literals(names: Mapping[str, str]) -> dict[str, str]:
    """Names by key, each as :func:`literal`."""
    return {key: literal(name) for key, name in names.items()}


def boxed(box: Box) -> list[str]:
    """The lines of a box in Markdown. What goes beyond MOST_WORDS is left out, whole sentences at a time."""
    lines: list[str] = []
    left = MOST_WORDS
    for head, text in box:
        kept: list[str] = []
        left -= len(head.split())
        for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z`*])", text):
            left -= len(sentence.split())
            if left < 0:
                break
            kept.append(sentence)
        if kept:
            lines += [">", f"> **{head}.** {' '.join(kept)}"]
    return lines[1:]


def composed(text: str, box: Box, pictures: Iterable[str]) -> str:
    """A page with its box under its heading, and under its opening those pictures that it names nowhere itself.

    ``pictures`` are the names of the files, the main one first.
    """
    blocks = text.split("\n\n")
    begin = 1 if blocks[0].startswith("# ") else 0
    opening = begin + 1 if begin < len(blocks) and blocks[begin][:1] not in NO_PROSE else begin
    missing = [file for file in pictures if f"]({file})" not in text]
    blocks[opening:opening] = [f"![{_alternative(file)}]({file})" for file in missing]
    blocks[begin:begin] = ["\n".join(boxed(box))] if box else []
    return "\n\n".join(blocks)


def _alternative(file: str) -> str:
    """What is read aloud for a picture that has no title: its name."""
    return file.rpartition(".")[0].replace("_", " ").capitalize()
