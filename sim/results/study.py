"""What pages and figures read of a study, and the names of its files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.scenario.scenario import Scenario
from sim.schema.outcomes import COUNTED as COUNTED
from sim.schema.outcomes import WAR_NAMES

COUNTS = "counts"
"""The stage of plain runs; its counts are kept in counts.npz."""


ROWS = "runs"
"""The table of a row a run, kept in runs.parquet as the runs come in."""


TABLES = (ROWS, "curves", "signals", "samples", "harm")
"""The tables of a study other than the summary and those of its parts."""


class StudyData(Protocol):
    """What a study came to: the tables of :class:`sim.experiments.study.answer.Study`."""

    @property
    def scenario(self) -> Scenario:
        """What was studied, with the runs, days and seed that were used."""

    @property
    def name(self) -> str:
        """What the study is called."""

    @property
    def runs(self) -> int:
        """How many runs there are."""

    @property
    def days(self) -> int:
        """How long each was followed."""

    @property
    def seed(self) -> int:
        """The seed of all luck."""

    @property
    def counts(self) -> Mapping[str, int]:
        """Runs by outcome, of war of any kind, and with limited force."""

    @property
    def curves(self) -> pd.DataFrame:
        """Day, quantity, statistic, value, n."""

    @property
    def signals(self) -> pd.DataFrame:
        """Day, actor, signal, count."""

    @property
    def samples(self) -> pd.DataFrame:
        """Run, day, level, state of the first runs."""

    @property
    def harm(self) -> pd.DataFrame:
        """Outcome, runs, deaths_mean, deaths_q05, deaths_q95, hardship_mean."""

    def summary(self) -> pd.DataFrame:
        """Count, n, rate, low, high and method, a row an outcome."""


def ends_of(name: str) -> tuple[str, ...]:
    """The outcomes that a name stands for: all wars for "war", else itself."""
    return WAR_NAMES if name == "war" else (name,)


def ended(study: StudyData, ends: tuple[str, ...]) -> NDArray[np.int64]:
    """(days,) How many runs have ended in one of ``ends`` by the end of each day."""
    states = study.curves[(study.curves["quantity"] == "state") & study.curves["statistic"].isin(ends)]
    counts = (states["value"] * study.runs).round().groupby(states["day"]).sum()
    return counts.to_numpy().astype("int64")


def by_day(study: StudyData, quantity: str, statistic: str) -> NDArray[np.float64]:
    """(days,) One curve; NaN on days for which the study has no value."""
    found = study.curves[(study.curves["quantity"] == quantity) & (study.curves["statistic"] == statistic)]
    values = np.full(study.days, np.nan)
    values[found["day"].to_numpy()] = found["value"].to_numpy()
    return values
