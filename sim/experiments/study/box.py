"""The box of a study: how it stands, what drives it, what moves it most, how firm that is, what would change it.

All of it is read from tables. Where the table that would answer is not there, the box says which command makes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sim.reports.numbers import difference_words, words
from sim.reports.page import Box, literal
from sim.reports.tables import records
from sim.reports.words import in_counts
from sim.scenario.changes import typed
from sim.scenario.counterfactual import CHANNEL_TITLES
from sim.scenario.outcome_words import outcome_titles
from sim.schema.outcomes import WAR_NAMES
from sim.statistics.differences import Difference, in_row
from sim.statistics.proportions import proportion
from sim.text import shortened

if TYPE_CHECKING:
    import pandas as pd

    from sim.results.study import StudyData

Tables = Mapping[str, "pd.DataFrame"]


def box(study: StudyData, tables: Tables) -> Box:
    """The answer of a study in at most 150 words; ``tables`` are its own and those of its parts."""
    call = typed(study.scenario)
    return (
        ("How it stands", in_counts(study)),
        ("What drives it", " ".join(_drives(study, tables, call))),
        ("What moves it most", _moves(study, tables, call)),
        ("How firm that is", _firm(study)),
        (
            "What would change it",
            "How readily decisive acts are taken up decides how common war is at all: compare scenarios, and read no "
            f"probability off one. `brink sensitivity {call}` says which assumptions matter.",
        ),
    )


def _drives(study: StudyData, tables: Tables, call: str) -> Iterator[str]:
    wars = {name: study.counts[name] for name in WAR_NAMES}
    most = max(wars, key=lambda name: wars[name])
    if not study.counts["war"]:
        yield "No run came to war."
    else:
        yield f"The commonest war is {literal(outcome_titles(study.scenario)[most])}: {wars[most]:,} of {study.counts['war']:,}."
    if "split" not in tables:
        yield f"`brink run {call} --twins --attribute` says how much is misreading, and of what."
        return
    parts = {row["part"]: row for row in records(tables["split"]) if row["end"] == "war"}
    clear, adds = parts["structural"], in_row(parts["misperception"])
    came = words(proportion(int(clear["count"]), int(clear["n"])))
    yield f"With everybody seeing truly, war comes in {came}; misperception adds {difference_words(adds)}."


def _moves(study: StudyData, tables: Tables, call: str) -> str:
    """The act, assumption or channel of fog that moves war most, of what was asked."""
    found = [*_arms(study, tables), *_channels(tables)]
    sure = [(said, each) for said, each in found if each.distinguishable]
    if not found:
        return f"Not asked here: `brink levers {call}` moves every number, `brink windows` an act from day to day."
    if not sure:
        return "Nothing that was tried moves war by more than luck does."
    said, most = max(sure, key=lambda pair: abs(pair[1].value))
    return f"Of what was tried, {said}: war {difference_words(most)}."


def _arms(study: StudyData, tables: Tables) -> Iterator[tuple[str, Difference]]:
    if "differences" not in tables:
        return
    labels = {arm.name: literal(shortened(arm.label)) for arm in study.scenario.arms}
    for row in records(tables["differences"]):
        if row["observable"] == "war":
            yield f"“{labels[row['arm']]}” instead of “{labels[row['against']]}” does most", in_row(row)


def _channels(tables: Tables) -> Iterator[tuple[str, Difference]]:
    for row in records(tables["attribution"]) if "attribution" in tables else ():
        asked = row["suspicion"] == "as is" and row["game"] == "war"
        if asked and row["channel"] in CHANNEL_TITLES:
            yield f"the channel of fog “{CHANNEL_TITLES[row['channel']]}” does most", in_row(row)


def _firm(study: StudyData) -> str:
    war = words(proportion(study.counts["war"], study.runs))
    ranges = len(study.scenario.assumptions)
    return (
        f"War: {war} at n = {study.runs:,}, the interval for luck alone. No interval covers the {ranges:,} numbers "
        "that are assumptions with a range."
    )
