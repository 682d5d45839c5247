"""The tables of history: every figure of the record beside what the model does, and how many lie inside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.compute.experiment import ROW, Piece
from sim.experiments.history import classes as of
from sim.experiments.history.measures import Draws, measured, own_base

RECORD = Path(__file__).with_name("record.csv")
RESAMPLES, RESAMPLING_SEED = 500, 20251130
FEWEST = 30
"""Cases that a statistic of the model must rest on to be compared."""

ROUNDING = 5e-5
"""Half of the last place that the record's shares are given to."""

INSIDE, OUTSIDE, OPEN, FEW = "inside", "outside", "beyond the horizon", "too few cases"


@cache
def record() -> pd.DataFrame:
    """The record: a row a figure, columns name, group, unit, value, low, high, n, base_rate, statistic, source, how, note.

    ``base_rate`` is what base rates alone would say, where that can be stated: the same share whatever came before,
    pooled over what came before; a ratio of 1; a correlation of 0.
    """
    return pd.read_csv(RECORD, keep_default_na=False).assign(
        base_rate=lambda table: pd.to_numeric(table["base_rate"])
    )


def drawn(piece: Piece) -> Draws:
    """The counts of all groups, then of resamples of groups with replacement (Efron 1979): (1 + RESAMPLES, …)."""
    counts = {name.removeprefix(ROW): array for name, array in piece.items()}
    groups = len(next(iter(counts.values())))
    luck = np.random.default_rng(RESAMPLING_SEED)
    weights = np.vstack([np.ones(groups), luck.multinomial(groups, np.full(groups, 1 / groups), RESAMPLES)])
    return {
        name: (weights @ array.reshape(groups, -1).astype(np.float64)).reshape(-1, *array.shape[1:])
        for name, array in counts.items()
    }


def compared(sample: str, draws: Draws, horizon: int) -> pd.DataFrame:
    """A row a figure of the record, with what the model does in this sample, followed for ``horizon`` days."""
    return pd.DataFrame(_compared(sample, draws, horizon)).astype({"own_base": float})


def _compared(sample: str, draws: Draws, horizon: int) -> Iterator[dict[str, Any]]:
    for row in record().to_dict("records"):
        values, n = measured(draws, str(row["statistic"]))
        value, (low, high) = float(values[0]), _between(values[1:])
        ends = float(row["low"]), float(row["high"])
        base, own = float(row["base_rate"]), own_base(draws, str(row["statistic"]))
        verdict = _verdict(
            value, n, str(row["statistic"]), ends, horizon if row["unit"] == "days" else np.inf
        )
        yield {
            "sample": sample,
            "group": row["group"],
            "statistic": row["name"],
            "unit": row["unit"],
            "value": value,
            "low": low,
            "high": high,
            "n": round(n),
            "record": float(row["value"]),
            "record_low": ends[0],
            "record_high": ends[1],
            "record_n": int(row["n"]),
            "verdict": verdict,
            "overlap": verdict in (INSIDE, OUTSIDE)
            and low <= ends[1] + ROUNDING
            and high >= ends[0] - ROUNDING,
            "base_rate": base,
            "base_inside": _holds(base, *ends),
            "own_base": own,
            "own_base_inside": own is not None and _holds(own, *ends),
            "compared_with": row["statistic"],
            "source": row["source"],
            "how": row["how"],
            "note": row["note"],
        }


def _between(values: Any) -> tuple[float, float]:
    """The middle 95 % of resamples; NaN where one has no value."""
    ordered = np.sort(values)
    if np.isnan(ordered).any():
        return np.nan, np.nan
    last = len(ordered) - 1
    return float(ordered[round(0.025 * last)]), float(ordered[round(0.975 * last)])


def _holds(value: float, low: float, high: float) -> bool:
    """Whether the record's interval holds a value."""
    return low - ROUNDING <= value <= high + ROUNDING


def _verdict(value: float, n: float, words: str, ends: tuple[float, float], horizon: float) -> str:
    """Whether the model's value lies in the record's interval.

    A quantile of days that lies beyond the horizon is not known. Nor is one over those cases alone that came about
    before the horizon, where the record's lies beyond it.
    """
    if n < FEWEST or np.isnan(value):
        return FEW
    if np.isinf(value) or (ends[0] > horizon and not words.startswith("lasted all")):
        return OPEN
    return INSIDE if _holds(value, *ends) else OUTSIDE


def counted(table: pd.DataFrame) -> pd.DataFrame:
    """By sample and group, and all groups together: how many rows there are, can be compared, and lie inside."""
    rows = []
    for sample, there in table.groupby("sample", sort=False):
        for group, here in there.groupby("group", sort=False):
            rows.append({"sample": sample, "group": group, **_counted(here)})
        rows.append({"sample": sample, "group": "all", **_counted(there)})
    return pd.DataFrame(rows)


def _counted(table: pd.DataFrame) -> Mapping[str, int]:
    """Rows inside; those of base rates alone, the record's and the model's own; and the sign of what departs from these."""
    comparable = table[table["verdict"].isin([INSIDE, OUTSIDE])]
    based = comparable[comparable["base_rate"].notna()]
    paired = based[based["own_base"].notna()]
    leaves = paired[~paired["base_inside"]]
    wanted = np.sign(leaves["record"] - leaves["base_rate"])
    apart = (leaves["low"] > leaves["own_base"]) | (leaves["high"] < leaves["own_base"])
    found = np.sign(leaves["value"] - leaves["own_base"]) * apart
    return {
        "rows": len(table),
        "comparable": len(comparable),
        "inside": _inside(comparable),
        "overlap": int(comparable["overlap"].sum()),
        "based": len(based),
        "based_inside": _inside(based),
        "base_inside": int(based["base_inside"].sum()),
        "paired": len(paired),
        "paired_inside": _inside(paired),
        "own_base_inside": int(paired["own_base_inside"].sum()),
        "departures": len(leaves),
        "same_way": int((found == wanted).sum()),
        "other_way": int((found == -wanted).sum()),
    }


def _inside(table: pd.DataFrame) -> int:
    return int((table["verdict"] == INSIDE).sum())


def replies(sample: str, draws: Draws) -> pd.DataFrame:
    """First events of the rival within a week of each sort of event and of quiet days, beside the placebo."""
    rows = []
    for act in of.BROAD:
        for answer in of.BROAD:
            found, n = measured(draws, f"reply events {act} {answer}")
            low, high = _between(found[1:])
            row = {"sample": sample, "after": act, "first": answer, "n": round(n), "value": float(found[0])}
            rows.append(
                row | {"low": low, "high": high, "placebo": own_base(draws, f"reply events {act} {answer}")}
            )
    return pd.DataFrame(rows)
