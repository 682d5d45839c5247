"""The page of the levers, made from their table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from sim.experiments.levers.counts import SHARE
from sim.experiments.levers.tables import BENT, DEAD, ONE_END
from sim.reports.numbers import difference_words as words
from sim.reports.page import literal
from sim.reports.tables import markdown
from sim.scenario.scenario import Scenario
from sim.statistics.differences import in_row

MOST_TOLD = 20


def report(scenario: Scenario, table: pd.DataFrame, most: int = MOST_TOLD) -> str:
    """The page of the levers, in Markdown: those that do most to war, and all that are odd."""
    study = scenario.study
    order = list(dict.fromkeys(table["lever"]))
    lines = [
        f"# {literal(scenario.title or scenario.name)}: what every number does",
        "",
        f"{len(order):,} numbers, one at a time to both ends, {study.runs:,} runs each of {study.days} days, seed {study.seed}. "
        "What differs run by run from the scenario as it is, all luck shared; a registered number over its range, "
        f"marked by *, any other by {SHARE:.0%} either way.".replace("%", " %"),
        "",
    ]
    heads = ("number", "end", "war", "miscalculated war", "exit")
    lines += markdown(_told(table, order[:most]), heads)
    lines += ["", *_odd(table), *_of_nothing(table), "All numbers: levers.parquet.", ""]
    return "\n".join(lines)


def _told(table: pd.DataFrame, chosen: list[str]) -> Iterator[tuple[str, ...]]:
    rows: list[Any] = table[table["lever"].isin(chosen)].to_dict("records")
    by_end: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        by_end.setdefault((row["lever"], row["end"]), {})[row["quantity"]] = row
    for (lever, _), found in by_end.items():
        war = found["war"]
        star = "*" if war["registered"] else ""
        cells = (short(found[name]) for name in ("war", "miscalculated", "exit"))
        yield (f"{lever}{star}", f"{war['base']:g} → {war['at']:g}", *cells)


def short(row: Mapping[str, Any]) -> str:
    """What a row says in points, without what could not be told from 0."""
    found = in_row(row)
    if not found.distinguishable:
        return "no difference" if found.unchanged else "-"
    return words(found).replace(" points", "")


def _odd(table: pd.DataFrame) -> Iterator[str]:
    """A line for each kind of oddity but the first, naming its levers."""
    for said in (BENT, ONE_END):
        found = list(dict.fromkeys(table.loc[table["mark"] == said, "lever"]))
        if found:
            yield f"{said.capitalize()}: {', '.join(found)}."
            yield ""


def _of_nothing(table: pd.DataFrame) -> Iterator[str]:
    """Which levers change not one run, each with its reason if it has one."""
    dead = table[table["mark"] == DEAD].drop_duplicates("lever")
    if dead.empty:
        yield "Every number changes something."
        yield ""
        return
    yield f"{DEAD.capitalize()}, not one run differs:"
    yield ""
    for lever, row in dead.set_index("lever").iterrows():
        ends = " and ".join(f"{at:g}" for at in table.loc[table["lever"] == lever, "at"].unique())
        yield f"- {lever} ({row['base']:g}, moved to {ends}): {row['reason'] or 'it does not bind in this scenario'}"
    yield ""
