"""Studies side by side in words: a table for a page and for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sim.experiments.overview.tables import Counted
from sim.reports.numbers import words
from sim.reports.page import literal
from sim.reports.tables import columns, markdown
from sim.reports.words import limits, plural
from sim.schema.outcomes import TITLES
from sim.statistics.proportions import proportion

MISCALCULATED = "miscalculated"
OVERLAID = "escalation"
OVERLAY = f"![War and escalation by day]({OVERLAID}.png)"
"""The figure of the studies' curves."""
HEADS = {**TITLES, MISCALCULATED: "miscalculated war"}


def brief(table: pd.DataFrame) -> str:
    """A row a scenario, for a terminal."""
    head, rows = cells(table)
    return columns([head, *rows], right=(1,))


def cells(table: pd.DataFrame) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The heads, and a row a scenario with its shares in words."""
    found: dict[str, dict[str, Any]] = {}
    for row in table.to_dict("records"):
        found.setdefault(str(row["scenario"]), {})[str(row["outcome"])] = row
    outcomes = list(dict.fromkeys(table["outcome"]))
    rows = [
        (name, f"{own['war']['runs']:,}", *(_words(own.get(outcome)) for outcome in outcomes))
        for name, own in found.items()
    ]
    return ("scenario", "runs", *(HEADS[name] for name in outcomes)), rows


def _words(row: Mapping[str, Any] | None) -> str:
    return words(proportion(int(row["count"]), int(row["runs"]))) if row else "not asked"


def plans(studies: Sequence[Counted]) -> str:
    """How the studies were run, if all alike: '10,000 runs of 90 days of each, seed 1'."""
    told = {f"{plural(s.runs, 'run')} of {plural(s.days, 'day')} of each, seed {s.seed}" for s in studies}
    return told.pop() if len(told) == 1 else "runs, days or seeds differ"


def page(group: str, studies: Sequence[Counted], table: pd.DataFrame) -> str:
    """The page, in Markdown."""
    head, rows = cells(table)
    lines = [
        f"# {group}: {plural(len(studies), 'scenario')} side by side",
        "",
        f"Each was run by itself: {plans(studies)}. Shares of runs, with 95 % intervals, sampling error only.",
        "",
        *markdown(rows, head, right=True),
        "",
        "![Shares by scenario](shares.png)",
        "",
        OVERLAY,
        "",
        *(
            f"- {each.scenario}: {literal(each.title) or each.scenario} (study {each.study})"
            for each in studies
        ),
        "",
        "War is raid, invasion, attack or loss of control before the horizon. Where two scenarios were run with one "
        "seed they share their luck, and `brink run A B --compare` says how sure the difference between them is: surer "
        "than these intervals show.",
        "",
        *limits(),
    ]
    return "\n".join(lines) + "\n"
