"""What a command prints may find no reader, or no room: work goes on, and how it failed is told at the end."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

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
    sys.stdout = io.TextIOWrapper(io.BufferedWriter(raw), encoding, errors, line_buffering=raw.isatty())


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
