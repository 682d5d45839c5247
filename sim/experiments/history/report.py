"""The page of history, made from its tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from sim.experiments.history.tables import OUTSIDE
from sim.experiments.question import Tables
from sim.reports.page import literal
from sim.reports.tables import markdown
from sim.scenario.scenario import Scenario

AIMED_AT = (
    "duration",
    "ends",
    "giving in",
    "pairs of events against placebo (ICEWS)",
    "reciprocity",
    "persistence of tone",
)
"""Groups with figures that the coefficients were roughly fitted to, or to figures like them: no independent test."""

WORST = 8  # misses that are told of each unit and sample
LEVELS = (
    "share",
    "difference",
    "correlation",
)  # units of which a miss is a difference; of all others it is a ratio
CANNOT = """\
- **Same-day exchange.** Both capitals choose in the morning, knowing yesterday. A meeting that both sides report, or an
  answer within hours, has no place: correlations at lag 0 are near zero by construction.
- **Silence.** A side sends one act a day at most and is seldom quiet for long; days of several events, and weeks of
  none, are rarer than in the record.
- **Bursts.** In the news everything comes with everything: on a day full of events friendly and hostile ones are both
  more frequent, so that almost every pair in the record is above 1. With one act a day at most the model sorts by
  tone instead: friendly acts answer friendly ones, hostile acts hostile ones, and mixed pairs are below 1.
- **Before and after.** A run begins in the midst of a crisis and ends with it. How crises come about, whether they
  come again, and what tension is years later cannot be compared.
- **War itself.** A raid or an invasion ends a run. Who wins, how many die and how it is ended is not simulated,
  nor what is done in answer to an act that ends a run.
- **Border violations, rejections of an offer, and domestic change** are no acts of the vocabulary; rows on these are not
  carried.
- **What was not recorded.** The recording share is an assumption; every statistic of lags and of numbers of incidents
  rests on it. Repeat with `--recording` to see how far.
- **Selection.** The record holds crises that were found to be crises, disputes and all pairs of states in the news. The
  scenario is one crisis, and the population varies its numbers, not its kind."""


WORDS = {
    "icb.crisis.": "crises: ",
    "icb.actor.": "actors: ",
    "icb.response_matrix.": "",
    "icb.": "",
    "midi.all.next30d_": "",
    "midi.all.": "",
    "mid.post1945.": "disputes: ",
    "mid.major_vs_minor_post1945.": "disputes of a great with a small power: ",
    "icews18.reply_lift.lag0-1d.": "",
    "icews18.": "",
    "ties.": "sanctions: ",
    ".post1945": "",
    "_post1945": "",
    "blockade_seizure": "blockade or seizure",
    "attack_clash": "attack or clash",
    "->": " → ",
    "_": " ",
    ".": ", ",
}
"""What stands in the record's names, and for people, in the order in which it is replaced."""


def label(name: str) -> str:
    """A figure's name for people: 'disputes: outcome, stalemate'."""
    for old, new in WORDS.items():
        name = name.replace(old, new)
    return name


def page(scenario: Scenario, about: Mapping[str, str], share: float, tables: Tables) -> str:
    """The page in Markdown."""
    told = "".join(f"- {name}: {words}\n" for name, words in about.items())
    factor = "" if share == 1 else f" All recording shares are multiplied by {share:g}."
    lines = [
        f"# {literal(scenario.title or scenario.name)}: beside the historical record",
        "",
        told,
        "A row is a figure of the record with its 95 % interval. It counts as **inside** if the model's value lies in "
        "that interval. Rows are not independent: those of one matrix add up to one, "
        "and two records may have a row each for one statistic of the model. Simulated acts are thinned by a recording "
        f"share before they are counted: 15 % of acts for the lists that historians make, next to all for news.{factor}",
        "",
        *_sums(tables["groups"]),
        "",
        "## By group",
        "",
        *_groups(tables["groups"], about),
        "",
        "Base rates alone: the record's own share whatever came before, a ratio of 1, a correlation of 0, on the rows "
        "where that can be said. They are taken from the record itself, and the model is not. *: durations, the echo and the persistence "
        "of hostility, replies to threats and strikes, what becomes of threats, and how often ends are imposed were "
        "among the aims that coefficients were roughly fitted to, so that these groups are no independent test.",
        "",
        "## Worst misses",
        "",
        *_misses(tables["history"]),
        "",
        "## Replies and their placebo",
        "",
        "First event of the rival within a week. Placebo: the rival's acts taken from another run of the same scenario, so that "
        "nobody answers anybody.",
        "",
        *_replies(tables["replies"]),
        "",
        "## What the model cannot do",
        "",
        CANNOT,
        "",
        "All rows, with sources: history.parquet.",
        "",
    ]
    return "\n".join(lines)


def brief(scenario: Scenario, about: Mapping[str, str], tables: Tables) -> str:
    """The counts in all and by group."""
    head = f"{scenario.title}: beside the historical record"
    return "\n".join([head, "", *_sums(tables["groups"]), "", *_groups(tables["groups"], about)])


def _sums(groups: pd.DataFrame) -> Iterator[str]:
    """A paragraph a sample."""
    for row in groups[groups["group"] == "all"].to_dict("records"):
        gain = row["based_inside"] - row["base_inside"]
        beside = "more than" if gain > 0 else "fewer than" if gain else "as many as"
        free = groups[(groups["sample"] == row["sample"]) & ~groups["group"].isin([*AIMED_AT, "all"])]
        yield (
            f"**The {row['sample']}: {row['inside']} of {row['comparable']} comparable rows inside** "
            f"({row['rows']} rows in all; intervals overlap in {row['overlap']}; without the groups marked *, {free['inside'].sum()} of "
            f"{free['comparable'].sum()} inside). Where base rates alone can be stated, the model has "
            f"{row['based_inside']} of {row['based']} rows inside, {beside} the record's base rates, with {row['base_inside']}. "
            f"Where the model has base rates of its own to be laid beside ({row['paired']} rows), it has {row['paired_inside']} inside, and these "
            f"{row['own_base_inside']}. Where the record departs from its base rate ({row['departures']} rows), the model departs from its own the "
            f"same way in {row['same_way']}, the other way in {row['other_way']}, and not distinguishably in the rest."
        )
        yield ""


def _groups(groups: pd.DataFrame, samples: Mapping[str, str]) -> list[str]:
    """The table of groups, samples side by side."""
    heads = ["group", "rows"]
    for name in samples:
        heads += [f"{name}, inside", "base rates alone", "the same way"]
    lines = []
    for group in groups["group"].unique():
        here = groups[groups["group"] == group]
        cells = [f"{group} *" if group in AIMED_AT else str(group), f"{here['rows'].iloc[0]}"]
        for row in here.to_dict("records"):
            cells += [
                f"{row['inside']} of {row['comparable']}",
                f"{row['base_inside']} of {row['based']}" if row["based"] else "–",
                f"{row['same_way']} of {row['departures']}" if row["departures"] else "–",
            ]
        lines.append(cells)
    return markdown(lines, heads, right=True)


def missed(table: pd.DataFrame) -> pd.DataFrame:
    """The rows outside with ``miss``, the worst first: a difference of shares and correlations, else a log of a ratio."""
    outside = table[table["verdict"] == OUTSIDE]
    level = outside["unit"].isin(LEVELS)
    floor = np.where(outside["unit"] == "days", 1.0, 0.01)
    size = [np.log(np.maximum(outside[name], floor)) for name in ("value", "record")]
    miss = np.where(level, outside["value"] - outside["record"], size[0] - size[1])
    return outside.assign(miss=miss, level=level).sort_values(
        "miss", key=np.abs, ascending=False, kind="stable"
    )


def _misses(table: pd.DataFrame) -> Iterator[str]:
    """The worst of each sample: shares and correlations, then days, numbers and ratios; one a statistic of the model."""
    for sample, here in missed(table).groupby("sample", sort=False):
        for level, words in ((True, "shares and correlations"), (False, "days, numbers and ratios")):
            worst = here[here["level"] == level].drop_duplicates("compared_with").head(WORST)
            if len(worst):
                yield f"The {sample}, {words}:"
                yield ""
                yield from markdown(
                    map(_miss, worst.to_dict("records")), ("group", "figure", "model", "record", "note")
                )
                yield ""


def _miss(row: Mapping[Any, Any]) -> tuple[str, ...]:
    return (
        str(row["group"]),
        label(row["statistic"]),
        _told(row, "value", "low", "high"),
        _told(row, "record", "record_low", "record_high"),
        str(row["note"]),
    )


def _told(row: Mapping[Any, Any], *names: str) -> str:
    """'0.62 (0.60 to 0.65)'."""
    value, low, high = (f"{row[name]:.3g}" for name in names)
    return f"{value} ({low} to {high})"


def _replies(table: pd.DataFrame) -> list[str]:
    """Shares with their placebo, a line a sort of event, in percent."""
    heads = ["sample, after", *table["first"].unique()]
    lines = []
    for (sample, after), here in table.groupby(["sample", "after"], sort=False):
        cells = [f"{100 * row['value']:.0f} ({100 * row['placebo']:.0f})" for row in here.to_dict("records")]
        lines.append([f"{sample}, {'a quiet day' if after == 'none' else after}", *cells])
    return [
        *markdown(lines, heads, right=True),
        "",
        "In percent; placebo in brackets; none: no event within the week.",
    ]
