"""The page of a sweep, made from its table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from sim.experiments.design import Design, label
from sim.reports.numbers import difference_words as words
from sim.reports.numbers import percent
from sim.reports.page import literal
from sim.reports.tables import markdown
from sim.results.observables import OBSERVED
from sim.scenario.scenario import Scenario
from sim.schema.claims import COMPARED, Observable
from sim.statistics.differences import Difference

MOST_NAMED = 4  # numbers named in a heading
MOST_TOLD = 24  # points told one by one in the report


def told(twins: bool) -> tuple[Observable, ...]:
    """The quantities that reports and figures show."""
    return tuple(name for name in COMPARED if twins or name != "miscalculated")


def report(scenario: Scenario, design: Design, table: pd.DataFrame, runs: int, twins: bool) -> str:
    """The page of a sweep, in Markdown."""
    study = scenario.study
    names = [literal(label(scenario, key)) for key in design.keys]
    lines = [
        f"# {literal(scenario.title or scenario.name)}: sweep of {', '.join(names) if len(names) <= MOST_NAMED else f'{len(names)} numbers'}",
        "",
        f"{len(design.points):,} points ({design.kind}), {runs:,} runs each of {study.days} days, seed {study.seed}. "
        "All points share their luck run by run with each other and with the scenario as it is.",
        "",
    ]
    if len(names) <= MOST_NAMED and len(design.points) <= MOST_TOLD:
        heads = (
            *names,
            *(f"{OBSERVED[name].title}, % (95 %)" for name in told(twins)),
            "war against the scenario as it is",
        )
        lines += markdown(_told(design, table, twins), heads)
    else:
        lines += [_extremes(scenario, design, table, name) for name in told(twins)]
    lines += [
        "",
        "Shares of simulated crises under the scenario's assumptions; no forecast. All points: sweep.parquet.",
        "",
    ]
    return "\n".join(lines)


def _told(design: Design, table: pd.DataFrame, twins: bool) -> Iterator[tuple[str, ...]]:
    rows: list[Any] = table.to_dict("records")
    found = {(row["point"], row["quantity"]): row for row in rows}
    for point, values in enumerate(design.points):
        shown = (f"{value:g}" for value in values)
        yield (
            *shown,
            *(share_words(found[point, name]) for name in told(twins)),
            difference_words(found[point, "war"]),
        )


def share_words(row: Mapping[str, Any]) -> str:
    """'20.5 (19.7 to 21.3)': a share in percent, with as many decimals as its interval bears."""
    return percent(float(row["value"]), float(row["low"]), float(row["high"]))


def difference_words(row: Mapping[str, Any]) -> str:
    """What a row says of the difference from the scenario as it is."""
    ends = (float(row[f"difference{end}"]) for end in ("", "_low", "_high", "_se"))
    value, low, high, se = ends
    return words(Difference(int(row["n"]), value, low, high, se, "paired"))


def _extremes(scenario: Scenario, design: Design, table: pd.DataFrame, name: Observable) -> str:
    """Where a quantity is least and most."""
    rows: list[Any] = table[table["quantity"] == name].to_dict("records")
    ends = []
    for row in (min(rows, key=lambda row: row["value"]), max(rows, key=lambda row: row["value"])):
        shown = ", ".join(f"{literal(label(scenario, key))} {row[key]:.3g}" for key in design.keys)
        where = shown if len(design.keys) <= MOST_NAMED else f"point {row['point']}"
        ends.append(f"{share_words(row)} at {where}")
    return f"- {OBSERVED[name].title}, %: from {ends[0]} to {ends[1]}"
