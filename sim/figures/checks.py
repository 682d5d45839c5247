"""What figures ask of the tables they are drawn from, and how they say how many runs stand behind them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from sim.schema.outcomes import TITLES

GAMES = {**TITLES, "miscalculated": "miscalculated war", "level": "level of escalation"}
"""What is counted over runs, in words."""


def checked(table: pd.DataFrame, figure: str, columns: Sequence[str]) -> pd.DataFrame:
    """The table with those columns alone, in a fresh index.

    Raises ValueError where a column is missing, or where there is no row.
    """
    missing = [name for name in columns if name not in table.columns]
    if missing:
        raise ValueError(
            f"the figure of {figure} needs the columns {', '.join(columns)}; missing: {', '.join(missing)}"
        )
    if table.empty:
        raise ValueError(f"the figure of {figure} needs at least one row")
    return table[list(columns)].reset_index(drop=True)


def only(table: pd.DataFrame, figure: str, column: str, allowed: Collection[str]) -> None:
    """Raise ValueError if the column holds anything but what is allowed."""
    strange = sorted({str(value) for value in table[column]} - set(allowed))
    if strange:
        raise ValueError(
            f'the figure of {figure} knows no {column} "{strange[0]}"; allowed: {", ".join(allowed)}'
        )


def once(table: pd.DataFrame, figure: str, columns: Sequence[str]) -> None:
    """Raise ValueError if two rows agree in all of the columns."""
    twice = table[table.duplicated(list(columns))]
    if not twice.empty:
        what = ", ".join(f"{name} {twice.iloc[0][name]}" for name in columns)
        raise ValueError(f"the figure of {figure} needs one row for each of its marks; two have {what}")


def named(quantity: str) -> str:
    """A quantity in words: 'miscalculated war', 'belief error'."""
    return GAMES.get(quantity, quantity.replace("_", " ").replace(".", " "))


def counted(n: pd.Series[int], noun: str = "runs") -> str:
    """'n = 10,000 runs', or 'n = 310 to 10,000 runs' where rows differ."""
    low, high = int(n.min()), int(n.max())
    return f"n = {high:,} {noun}" if low == high else f"n = {low:,} to {high:,} {noun}"


def heading(about: str, said: str) -> str:
    """The line under a title: what was run, and how many runs that was if it does not say so yet."""
    return about if said.removeprefix("n = ") in about else " · ".join(part for part in (about, said) if part)
