"""The box of levers: which number moves war most, which come next, and what the ranking rests on."""

from __future__ import annotations

import pandas as pd

from sim.reports.numbers import difference_words
from sim.reports.page import Box, literal
from sim.reports.tables import records
from sim.scenario.changes import spoken, typed
from sim.scenario.scenario import Scenario
from sim.statistics.differences import in_row

NEXT = 2  # levers named after the first


def box(scenario: Scenario, table: pd.DataFrame) -> Box:
    """The answer in at most 150 words, read from the table "levers"."""
    war = [row for row in records(table) if row["quantity"] == "war"]
    largest: dict[str, str] = {}
    for row in sorted(war, key=lambda row: -abs(row["value"])):
        if in_row(row).distinguishable and row["lever"] not in largest:
            said = literal(spoken(scenario, row["lever"]))
            largest[row["lever"]] = (
                f"{said} at {row['at']:g} instead of {row['base']:g}: war {difference_words(in_row(row))}"
            )
    first, *others = [*largest.values()] or ["Nothing moves war by more than luck does"]
    numbers = len({row["lever"] for row in war})
    return (
        ("What moves it most", f"{first[:1].upper()}{first[1:]}."),
        (
            "What comes next",
            f"{'; '.join(others[:NEXT])}." if others else "Nothing that can be told from luck.",
        ),
        (
            "How firm that is",
            f"Each number moves alone, with {scenario.study.runs:,} runs an end. Of {numbers:,} numbers, {len(largest):,} have an "
            f"end whose interval leaves 0 out; of {len(war):,} ends up to {round(0.05 * len(war)):,} would by luck alone.",
        ),
        (
            "What would change it",
            "The ranges, which are assumptions too: a number with a wide one looks strong. "
            f"`brink sensitivity {typed(scenario)}` moves all of them at once.",
        ),
    )
