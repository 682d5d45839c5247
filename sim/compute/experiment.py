"""An experiment: units of work that may be computed anywhere, in any cut, and add up to the same bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Piece = dict[str, NDArray[Any]]
"""What some units came to. Keys that begin with "row." hold one entry a unit (first axis), in order of units; all others are
whole-number counts that add up in any order."""


ROW = "row."
RUNS = "runs"


class Experiment(Protocol):
    """Many units that do not depend on each other. Frozen and picklable: it travels to worker processes."""

    @property
    def units(self) -> int:
        """How many there are: runs, or points of a design."""
        ...

    @property
    def noun(self) -> str:
        """What a unit is called, in the plural: "runs" or "points"."""
        ...

    @property
    def weight(self) -> float:
        """How many plain runs a unit takes as long as, to size pieces and estimate time."""
        ...

    def identity(self) -> dict[str, Any]:
        """Plain JSON: all that results depend on, the number of units excepted."""
        ...

    def compute(self, first: int, count: int) -> Piece:
        """What units ``first`` to ``first + count - 1`` came to; pure, and the same however units are cut."""
        ...


def merged(pieces: Iterable[Piece]) -> Piece:
    """Pieces in order of their units as one: "row." arrays put end to end, all others added.

    Each is added and let go, so that memory grows with the rows only. Of no pieces at all, an empty piece.
    """
    rows: dict[str, list[NDArray[Any]]] = {}
    counts: Piece = {}
    for piece in pieces:
        for name, array in piece.items():
            if name.startswith(ROW):
                rows.setdefault(name, []).append(array)
            elif name in counts:
                counts[name] += array
            else:
                counts[name] = array.astype(np.int64)  # a copy, since it is added to
    return {name: np.concatenate(arrays) for name, arrays in rows.items()} | counts


def fingerprint(experiment: Experiment) -> str:
    """SHA-256 of an experiment's identity, as plain JSON with sorted keys."""
    canonical = json.dumps(experiment.identity(), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
