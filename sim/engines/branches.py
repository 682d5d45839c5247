"""Which runs are played, and with what luck: a run's own, or from some days on that of other branches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
MOST_BRANCHES = 65_535
"""Branches of luck that a run can go over to, numbered from 1; 0 is its own (a draw's address has 16 bits for it)."""


@dataclass(frozen=True)
class Plays:
    """A list of plays.

    runs:     (plays,) number of the run
    branches: (plays, forks) branches of luck that it goes over to one after another, 0..65535; 0 is its own
    since:    (plays, forks) days from which on it does; until the first of them all is as in the run itself,
              day 0's start in any case; they ascend, and of two forks on a day the later counts
    """

    runs: Ints
    branches: Ints
    since: Ints

    @classmethod
    def of(cls, first: int, count: int) -> Plays:
        """Runs ``first`` to ``first + count - 1``, each with its own luck to the end."""
        none = np.zeros((count, 1), np.int64)
        return cls(np.arange(first, first + count, dtype=np.int64), none, none)

    @classmethod
    def continuations(cls, run: int, since: Ints | list[int], times: int, first: int = 1) -> Plays:
        """One run gone on with ``times`` branches of fresh luck from each of some days: day by day, branches 1, 2, …

        Branch b is the same luck from whatever day it is entered, so neighbouring days are compared under
        common luck. ``first`` is the first branch of each day.
        """
        if not 0 < times <= MOST_BRANCHES:
            raise ValueError(f"{times} branches; there are 1 to {MOST_BRANCHES}")
        if not 0 < first <= MOST_BRANCHES + 1 - times:
            raise ValueError(f"{times} branches from {first} on; there are 1 to {MOST_BRANCHES}")
        days = np.repeat(np.asarray(since, dtype=np.int64), times)
        branches = np.tile(np.arange(first, first + times, dtype=np.int64), len(days) // times)
        return cls(np.full(len(days), run, np.int64), branches[:, None], days[:, None])

    def forked(self, which: Ints, branches: Ints, since: Ints) -> Plays:
        """Plays number ``which`` of the list, each going over to another branch once more."""
        return Plays(
            self.runs[which],
            np.column_stack([self.branches[which], branches]),
            np.column_stack([self.since[which], since]),
        )

    def __len__(self) -> int:
        return len(self.runs)

    def part(self, first: int, count: int) -> Plays:
        """Plays ``first`` to ``first + count - 1`` of the list."""
        here = slice(first, first + count)
        return Plays(self.runs[here], self.branches[here], self.since[here])

    def padded(self, multiple: int) -> Plays:
        """The list with its last play repeated until the length is a multiple."""
        which = np.minimum(np.arange(len(self) + -len(self) % multiple), len(self) - 1)
        return Plays(self.runs[which], self.branches[which], self.since[which])
