"""A signal's windows in words."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sim.experiments.story.grammar import span
from sim.experiments.turning_points.ends import COMPARED
from sim.experiments.turning_points.tables import estimate_in
from sim.reports.numbers import difference_words, words
from sim.reports.tables import columns
from sim.reports.words import plural, wrapped
from sim.scenario.scenario import Scenario
from sim.statistics.differences import in_row


def told(scenario: Scenario, actor: str, signal: str, tables: Mapping[str, pd.DataFrame]) -> str:
    """How the runs go as they are, what the signal changes by day, and how to read it."""
    own, n = scenario.study, plural(scenario.study.runs, "run")
    base = tables["as_it_is"].to_dict("records")
    now = ", ".join(f"{COMPARED[row['quantity']]} {words(estimate_in(row))}" for row in base)
    head = wrapped(
        f"{scenario.label(actor)}: {scenario.label(signal)}, by the day on which it comes. {n} of "
        f"{scenario.name} over {plural(own.days, 'day')}, seed {own.seed}. As they are: {now}."
    )
    everywhere = f"Of all {n}:\n{_table(scenario, tables, 'all')}"
    possible = f"Of the runs in which it could be sent that day:\n{_table(scenario, tables, 'possible')}"
    foot = wrapped(
        "Changes in points of 100 runs, with 95 % intervals, against the same runs as they are; where an interval "
        "holds 0, the change cannot be told from none. It could be sent where the crisis was still going and its "
        "needs were met; all other runs are left as they are. From day to day it is other runs in which it could "
        "be sent, so the days of the second table are not about the same crises."
    )
    return "\n\n".join((head, everywhere, possible, foot))


def _table(scenario: Scenario, tables: Mapping[str, pd.DataFrame], group: str) -> str:
    start, changes = scenario.start, tables["windows"]
    here = changes[changes["runs"] == group].to_dict("records")
    cells = {(row["day"], row["quantity"]): difference_words(in_row(row), brief=True) for row in here}
    rows = [("day", "could be sent" if group == "all" else "runs", *COMPARED.values())]
    for row in tables["possible"].to_dict("records"):
        day, could = row["day"], estimate_in(row)
        when = f"{day} ({span(start, day, day)})" if start else f"{day}"
        n = words(could) if group == "all" else f"{could.count:,}"
        rows.append((when, n, *(cells.get((day, name), "-") for name in COMPARED)))
    return columns(rows)
