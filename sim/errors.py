"""Every error Brink raises on purpose.

BrinkError            a mistake that the reader can mend; the command exits with 2
├── ScenarioError     something in a scenario file, or in an override of it
├── StudyError        a study that cannot be run, found or read
└── StoreError        a results folder that is not ours to write in
Interrupted           the user stopped a study; the command exits with 130
Unfinished            some of a study could not be computed; the command exits with 1
"""

from __future__ import annotations

from collections.abc import Sequence


class BrinkError(Exception):
    """A mistake that the user can mend; its text is the whole message."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows of it: the message, as a terminal does, without the lines of code that led there."""
        return str(self).splitlines()


class ScenarioError(BrinkError):
    """All that is wrong with one scenario, a line each.

    ``problems`` holds the lines: where, what was found, what is allowed.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[tuple[str, ...]]]:
        return type(self), (self.problems,)  # as it was made, also in another process


class StudyError(BrinkError):
    """A study that cannot be run, found or read as asked."""


class StoreError(BrinkError):
    """A folder that holds something else than the study to be written."""


class Interrupted(Exception):
    """The user stopped a study before its end (Ctrl-C)."""


class Unfinished(Exception):
    """Some units of a study could not be computed, though tried again; its text names them."""
