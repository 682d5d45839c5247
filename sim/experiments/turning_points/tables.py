"""Shares and differences as cells of a table, and read back from its rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.statistics.differences import Difference
from sim.statistics.proportions import Estimate


def known(chance: Estimate) -> Estimate:
    """A chance, 0 or 1, that no luck is left to change: its interval has no width."""
    return Estimate(chance.count, chance.n, chance.rate, chance.rate, chance.rate, "known")


def interval(found: Estimate | Difference, name: str = "value") -> dict[str, float]:
    """Cells of a share or a difference: ``value``, ``low``, ``high``, or ``NAME``, ``NAME_low``, ``NAME_high``."""
    value = found.rate if isinstance(found, Estimate) else found.value
    return dict(zip(_columns(name), (value, found.low, found.high), strict=True))


def estimate_in(row: Mapping[Any, Any], name: str = "value") -> Estimate:
    """The share that a row of a table holds in the columns of :func:`interval`, of its ``n``."""
    rate, low, high = (float(row[column]) for column in _columns(name))
    n = int(row["n"])
    return Estimate(round(rate * n), n, rate, low, high, "")


def difference_in(row: Mapping[Any, Any], name: str) -> Difference:
    """The difference that a row of a table holds in the columns of :func:`interval`, and its NAME_se."""
    value, low, high = (float(row[column]) for column in _columns(name))
    return Difference(int(row["n"]), value, low, high, float(row[f"{name}_se"]), "paired")


def _columns(name: str) -> tuple[str, str, str]:
    return ("value", "low", "high") if name == "value" else (name, f"{name}_low", f"{name}_high")
