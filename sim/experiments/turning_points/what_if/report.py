"""What other signals would have changed, in words."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sim.experiments.story.words import phrase
from sim.experiments.turning_points.ends import COMPARED
from sim.experiments.turning_points.tables import estimate_in
from sim.experiments.turning_points.what_if.counts import Alternatives
from sim.reports.numbers import difference_words, words
from sim.reports.tables import columns
from sim.reports.words import wrapped
from sim.results.course import Act
from sim.scenario.scenario import Scenario
from sim.statistics.differences import in_row


def told(asked: Alternatives, table: pd.DataFrame, impossible: Mapping[str, str]) -> str:
    """What was sent and what came of it, the change with each other signal, and how to read it."""
    scenario, label = asked.scenario, asked.scenario.label
    did = phrase(scenario, Act(asked.actor, asked.signals[0], scripted=False))
    sent = table[table["sent"]].to_dict("records")
    now = ", ".join(f"{COMPARED[row['quantity']]} {words(estimate_in(row, 'chance'))}" for row in sent)
    lacking = ", ".join(f"{label(name)} ({quantity})" for name, quantity in impossible.items())
    rest = f" Not possible that day, for lack of what stands beside it: {lacking}." if lacking else ""
    rows = [(f"instead of {label(asked.signals[0])}", *COMPARED.values())]
    for signal, here in table.groupby("signal", sort=False):
        rows.append((_named(scenario, str(signal), bool(here["sent"].all())), *_cells(here)))
    head = wrapped(
        f"Run {asked.run:,} of {scenario.name}, day {asked.day}: {label(asked.actor)} {did}. From that "
        f"evening, over {asked.times:,} continuations with fresh luck: {now}.{rest}"
    )
    foot = wrapped(
        f"Changes in points of 100 continuations, with 95 % intervals, n = {asked.times:,} for each signal; "
        "where an interval holds 0, the change cannot be told from none. Until that day all is the same, and on "
        "it all but this one signal; from the next day on all signals meet the same luck. A war is "
        "miscalculated if it does not come, with that luck, where all see clearly from that evening on; one that "
        "comes on the day itself is counted as meant."
    )
    return f"{head}\n\n{columns(rows)}\n\n{foot}"


def _cells(here: pd.DataFrame) -> tuple[str, ...]:
    if here["sent"].all():
        return ("as it was",) * len(here)
    return tuple(difference_words(in_row(row), brief=True) for row in here.to_dict("records"))


def _named(scenario: Scenario, signal: str, sent: bool) -> str:
    """'raid (ends it)', 'call (sent)'."""
    ends = " (ends it)" if scenario.signals[signal].decisive else ""
    return f"{scenario.label(signal)}{ends}{' (sent)' if sent else ''}"
