"""Keys and values as messages may echo them: short, on one line, no control character let through."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any


def suggestion(word: str, known: Any) -> str:
    """'; did you mean "…"?' for a close match, else nothing."""
    close = closest(str(word), [str(k) for k in known])
    return f'; did you mean "{close}"?' if close else ""


def closest(word: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """The known word that is most like a word, if one is at least so like it; else ""."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, list(known), n=1, cutoff=likeness)), "")


Key = tuple[str | int, ...]
MOST_SHOWN = 80
WIDTH = 80  # columns of a terminal that does not say how wide it is


def printable(text: str) -> str:
    """The text with everything escaped that a terminal might obey or could not print."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def shown(value: Any) -> str:
    """A value the way it would stand in a scenario file, at most 80 characters long."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, str):
        return shortened(f'"{printable(value)}"')
    if isinstance(value, bool):
        return str(value).lower()
    try:
        return shortened(printable(str(value)))
    except ValueError:  # Python does not print whole numbers of more than 4300 digits
        return "a number of thousands of digits"


def shortened(text: str) -> str:
    """The text, cut at 80 characters."""
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 3]}..."


def dotted(key: Key) -> str:
    """``actors.caracas.resolve``, ``script[2].day`` or ``actors."two words".seat``."""
    text = ""
    for part in key:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            word = part if re.fullmatch(r"[A-Za-z0-9_-]{1,60}", part) else shown(part)
            text += f".{word}" if text else word
    return text
