"""The table of studies side by side, made from what each came to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pandas as pd

from sim.statistics.proportions import proportion


class Counted(NamedTuple):
    """A study as it is kept in a table of several: what it is called, how it was run, runs by outcome.

    ``scenario`` is the name of its scenario, or that of its folder if two have the same.
    """

    scenario: str
    title: str
    study: str
    runs: int
    days: int
    seed: int
    counts: tuple[tuple[str, int], ...]


def summary(studies: Sequence[Counted]) -> pd.DataFrame:
    """A row a scenario and outcome: scenario, title, study, outcome, runs, count, share, low, high."""
    return pd.DataFrame(row for study in studies for row in _rows(study))


def _rows(study: Counted) -> Iterator[dict[str, Any]]:
    for outcome, count in study.counts:
        share = proportion(count, study.runs)
        yield {
            "scenario": study.scenario,
            "title": study.title,
            "study": study.study,
            "outcome": outcome,
            "runs": share.n,
            "count": share.count,
            "share": share.rate,
            "low": share.low,
            "high": share.high,
        }
