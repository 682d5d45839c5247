"""The table of a sweep, made from its counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from sim.compute.experiment import Piece
from sim.experiments.design import Design
from sim.experiments.design_experiment import BesideBase


def table_of(experiment: BesideBase, design: Design, piece: Piece) -> pd.DataFrame:
    """The tidy table of a sweep."""
    return pd.DataFrame(_rows(experiment, design, piece))


def _rows(experiment: BesideBase, design: Design, piece: Piece) -> Iterator[dict[str, Any]]:
    for point in range(len(design.points)):
        for name in experiment.observables:
            value, low, high = experiment.value(piece, point, name)
            apart = experiment.difference(piece, point, name)
            yield {
                "point": point,
                **design.overrides(point),
                "quantity": name,
                "n": experiment.runs,
                "value": value,
                "low": low,
                "high": high,
                "difference": apart.value,
                "difference_low": apart.low,
                "difference_high": apart.high,
                "difference_se": apart.se,
                "distinguishable": apart.distinguishable,
            }
