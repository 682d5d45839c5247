"""The table of a run's risk, made from its counts, and what it says of the run as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from math import nan
from typing import Any

import pandas as pd

from sim.compute.experiment import Piece
from sim.experiments.turning_points.ends import ENDS, WAR
from sim.experiments.turning_points.risk.counts import BEFORE
from sim.experiments.turning_points.tables import difference_in, estimate_in, interval, known
from sim.statistics.differences import Difference, paired_proportions
from sim.statistics.proportions import Estimate, proportion

NO_RETURN = 0.5
"""Past the point of no return, the chance of the end that came lies above this until it comes."""

ERROR = 0.05
"""Chance that any day at all of a crisis in which nothing changes the risk is said to stand out."""

NONE = Difference(0, nan, nan, nan, nan, "none")
"""The change of the evening before day 0."""


def table_of(piece: Piece, times: int) -> pd.DataFrame:
    """A row an evening, from before day 0 to the last of the run, and end: see :class:`Risk`."""
    return pd.DataFrame(_rows(piece, times))


def _rows(piece: Piece, times: int) -> Iterator[dict[str, Any]]:
    count, gained, lost = piece["count"], piece["gained"], piece["lost"]
    days = gained.shape[1]
    for place in range(days + 1):
        changed = [(gained[i, place - 1], lost[i, place - 1]) for i in range(len(ENDS))] if place else []
        strict = 1 - ERROR / days  # Bonferroni
        stands_out = place > 0 and paired_proportions(*changed[WAR], times, strict).distinguishable
        for i, name in enumerate(ENDS):
            chance = proportion(count[i, place], times)
            change = paired_proportions(*changed[i], times) if place else NONE
            yield {
                "day": place + BEFORE,
                "quantity": name,
                **interval(known(chance) if place == days else chance),
                "n": times,
                **interval(change, "change"),
                "change_se": change.se,
                "stands_out": stands_out,
            }


def chances(table: pd.DataFrame, end: str = "war") -> dict[int, Estimate]:
    """The chance of an end by evening, in the order of days."""
    return {row["day"]: estimate_in(row) for row in _of(table, end)}


def changes(table: pd.DataFrame) -> dict[int, Difference]:
    """By how much each day changed the chance of war."""
    return {row["day"]: difference_in(row, "change") for row in _of(table, "war")[1:]}


def turning_days(table: pd.DataFrame) -> list[int]:
    """The days on which the chance of war changed by more than luck alone would change it on any day of the run."""
    return [row["day"] for row in _of(table, "war") if row["stands_out"]]


def highest(table: pd.DataFrame, end: str | None) -> int:
    """The first of the evenings from day 0 on, and before the ``end`` if one came, on which war was likeliest."""
    found = chances(table)
    days = list(found)
    return max(days[1:-1] if end else days[1:], key=lambda day: found[day].count, default=BEFORE)


def no_return(table: pd.DataFrame, end: str | None) -> int | None:
    """First evening from which on the whole interval of the end that came lies at NO_RETURN or above.

    The day of the end itself if it was never so likely the evening before; None if nothing ended the run.
    """
    if end is None:
        return None
    found = chances(table, end)
    day = max(found)
    for evening in reversed(found):
        if found[evening].low < NO_RETURN:
            break
        day = evening
    return day


def _of(table: pd.DataFrame, end: str) -> list[dict[str, Any]]:
    rows: list[Any] = table[table["quantity"] == end].to_dict("records")
    return rows
