"""What a command prints: nothing that a terminal would obey; and if nobody takes it, work goes on, and that is told at the end."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from unicodedata import category

_lost: list[str] = []


def lost() -> str | None:
    """Why not all of stdout was taken; None if it was."""
    return _lost[0] if _lost else None


def be_patient() -> None:
    """From now on, printing never fails. A stream that came closed is opened, so that no file takes its number."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 - as long as the process lives
    raw = _Patient(1, closed=sys.stdout is None)
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    errors = getattr(sys.stdout, "errors", None) or "strict"
    sys.stdout = _Harmless(io.BufferedWriter(raw), encoding, errors, line_buffering=raw.isatty())  # type: ignore[type-var]


class _Harmless(io.TextIOWrapper):
    """Text of which a terminal shows every character: a folder's name may hold codes that move its cursor."""

    def write(self, text: str) -> int:
        super().write(harmless(text))
        return len(text)


def harmless(text: str) -> str:
    """The text with control characters, and marks that turn its direction, escaped as JSON does; line ends and tabs stay."""
    if all(line.isprintable() for line in text.split("\n")):
        return text
    return "".join(c if c.isprintable() or c in "\n\t" or category(c) == "Zs" else _escaped(c) for c in text)


def _escaped(letter: str) -> str:
    units = letter.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[place : place + 2].hex()}" for place in range(0, len(units), 2))


class _Patient(io.FileIO):
    """A file that takes everything, and remembers what it could not pass on."""

    def __init__(self, number: int, closed: bool) -> None:
        super().__init__(number, "wb", closefd=False)
        self.closed_before = closed

    def write(self, data: bytes) -> int:  # type: ignore[override]
        try:
            if self.closed_before:
                raise OSError(0, "it is closed")
            return super().write(data) or 0
        except OSError as error:
            _lost.append(error.strerror or str(error))
            return len(data)
