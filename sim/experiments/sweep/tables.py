"""The table of a sweep, made from its counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from sim.compute.experiment import Piece
from sim.experiments.design import Design
from sim.experiments.design_points import Points, difference_at, quantities, value_at


def table_of(experiment: Points, design: Design, piece: Piece) -> pd.DataFrame:
    """The tidy table of a sweep."""
    return pd.DataFrame(_rows(experiment, design, piece))


def _rows(experiment: Points, design: Design, piece: Piece) -> Iterator[dict[str, Any]]:
    n = experiment.runs
    for point in range(len(design.points)):
        for place, name in enumerate(quantities(experiment.twins)):
            value, low, high = value_at(name, piece, point, place, n)
            apart = difference_at(name, piece, point, place, n)
            yield {
                "point": point,
                **design.overrides(point),
                "quantity": name,
                "n": n,
                "value": value,
                "low": low,
                "high": high,
                "difference": apart.value,
                "difference_low": apart.low,
                "difference_high": apart.high,
                "difference_se": apart.se,
                "distinguishable": apart.distinguishable,
            }
