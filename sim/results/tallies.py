"""The counts by day of a study, as its pieces hold them: an array for each field of a tally, by name."""

from __future__ import annotations

from dataclasses import fields

from sim.compute.experiment import Piece
from sim.engines.tally import Tally

TALLY = "tally."


def tally_of(piece: Piece) -> Tally:
    """The counts by day of a piece."""
    return Tally(**{field.name: piece[f"{TALLY}{field.name}"] for field in fields(Tally)})
