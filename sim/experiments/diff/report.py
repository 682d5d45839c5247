"""The page of a diff, made from its tables."""

from __future__ import annotations

import pandas as pd

from sim.experiments.question import Tables
from sim.reports.numbers import difference_words
from sim.reports.tables import markdown
from sim.reports.words import plural
from sim.results.observables import OBSERVED
from sim.scenario.scenario import Scenario
from sim.schema.claims import COMPARED, Observable
from sim.statistics.differences import in_row
from sim.text import shortened

TOLD: tuple[Observable, ...] = (*COMPARED[:2], "limited_force", *COMPARED[2:], "deaths")
"""What a page says of what follows; the table has every observable."""

MOST_TOLD = 60  # numbers on a page


def page(a: str, b: str, planned: Scenario, tables: Tables) -> str:
    """The page, in Markdown. ``a`` and ``b`` are the names of the two, ``planned`` has the runs, days and seed."""
    lines = [f"# {a} and {b}: what differs", "", *_numbers(a, b, tables["numbers"])]
    if "differences" in tables:
        lines += ["", *_follows(a, b, planned, tables["differences"])]
    return "\n".join([*lines, ""])


def _numbers(a: str, b: str, numbers: pd.DataFrame) -> list[str]:
    if numbers.empty:
        return ["No value differs: the same runs come out of both."]
    rows = [
        (each["key"], each["unit"], shortened(each["a"]), shortened(each["b"]))
        for each in numbers.head(MOST_TOLD).to_dict("records")
    ]
    verb = "differs" if len(numbers) == 1 else "differ"
    lines = [f"{plural(len(numbers), 'value')} {verb}.", "", *markdown(rows, ("value", "unit", a, b))]
    left = len(numbers) - len(rows)
    return [*lines, "", f"And {left:,} more: numbers.parquet."] if left > 0 else lines


def _follows(a: str, b: str, planned: Scenario, differences: pd.DataFrame) -> list[str]:
    own = planned.study
    every = {row["observable"]: row for row in differences.to_dict("records")}
    rows = []
    for name in TOLD:
        about = OBSERVED[name]
        unit = "points" if about.share else about.unit
        rows.append((about.title, difference_words(in_row(every[name]), unit)))
    return [
        "## What follows",
        "",
        f"{plural(own.runs, 'run')} of each over {plural(own.days, 'day')}, seed {own.seed}, with common random numbers: "
        "a difference is owed to the values above and to nothing else. 95 % intervals, sampling error only.",
        "",
        *markdown(rows, ("", f"{b}, against {a}")),
        "",
        "Shares of simulated crises under the scenarios' assumptions; no forecast.",
    ]
