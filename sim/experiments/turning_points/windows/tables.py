"""The tables of a signal's windows, made from their counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from sim.compute.experiment import Piece
from sim.experiments.turning_points.ends import COMPARED
from sim.experiments.turning_points.tables import interval
from sim.statistics.differences import paired_proportions
from sim.statistics.proportions import proportion


def tables_of(on: tuple[int, ...], runs: int, piece: Piece) -> dict[str, pd.DataFrame]:
    """The tables "windows", "as_it_is" and "possible": see :class:`Windows`."""
    base = ({"quantity": name, **_share(piece["base"][i], runs)} for i, name in enumerate(COMPARED))
    possible = ({"day": day, **_share(n, runs)} for day, n in zip(on, piece["possible"], strict=True))
    return {
        "windows": pd.DataFrame(_rows(on, runs, piece)),
        "as_it_is": pd.DataFrame(base),
        "possible": pd.DataFrame(possible),
    }


def _share(count: int, n: int) -> dict[str, float]:
    return {**interval(proportion(count, n)), "n": n}


def _rows(on: tuple[int, ...], runs: int, piece: Piece) -> Iterator[dict[str, Any]]:
    for place, day in enumerate(on):
        gained, lost, possible = (piece[name][place] for name in ("gained", "lost", "possible"))
        for group, n in {"all": runs, "possible": int(possible)}.items():
            for i, name in enumerate(COMPARED if n else ()):
                yield {
                    "day": day,
                    "runs": group,
                    "quantity": name,
                    **interval(paired_proportions(gained[i], lost[i], n)),
                    "n": n,
                    "possible": possible / runs,
                }
