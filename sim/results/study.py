"""TODO."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.schema.outcomes import Outcome

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.experiments.study.study import Study


COUNTS, RUNS = "counts.npz", "runs.parquet"


def _tables(study: Any, part: str) -> Mapping[str, pd.DataFrame]:
    tables: Mapping[str, pd.DataFrame] = study.part(part)
    return tables


def ended(study: Study, ends: tuple[str, ...]) -> NDArray[np.int64]:
    """(days,) How many runs have ended in one of ``ends`` by the end of each day."""
    states = study.curves[(study.curves["quantity"] == "state") & study.curves["statistic"].isin(ends)]
    counts = (states["value"] * study.runs).round().groupby(states["day"]).sum()
    return counts.to_numpy().astype("int64")


FILES = {
    "rows": RUNS,
    "curves": "curves.parquet",
    "signals": "signals.parquet",
    "samples": "samples.parquet",
    "harm": "harm.parquet",
}

TABLES = tuple(FILES)
COUNTED = ("war", "limited_force", *(outcome.name for outcome in Outcome))
