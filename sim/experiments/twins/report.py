"""The page of twins: the risk split by sight, the cells, whose misreading, where pairs part, error on the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sim.experiments.twins.counts import ERRORS, SAME_WITHIN
from sim.experiments.twins.tables import ENDED, NEVER
from sim.reports.numbers import difference_words as words
from sim.reports.numbers import interval
from sim.reports.numbers import words as share_words
from sim.reports.page import literal
from sim.reports.tables import markdown
from sim.reports.words import plural
from sim.scenario.outcome_words import outcome_titles
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import HEADLINES, TITLES
from sim.statistics.differences import Difference, in_row
from sim.statistics.histograms import binned_median
from sim.statistics.proportions import proportion

Tables = Mapping[str, pd.DataFrame]
Found = dict[str, dict[str, Any]]
MOST_ACTS = 8  # acts of parting that are told


def by_quantity(tables: Tables) -> Found:
    """The rows of the table "twins" by quantity and item."""
    found: Found = {}
    for row in tables["twins"].to_dict("records"):
        found.setdefault(str(row["quantity"]), {})[str(row["item"])] = row
    return found


def brief(tables: Tables) -> str:
    """The risk split by sight, the four cells, and what fog and private information change together, in four lines."""
    found, war = by_quantity(tables), _parts(tables["split"], "war")
    cells = {name: _share(row) for name, row in found["cell"].items()}
    net = "; ".join(f"{TITLES[name]} {_points(found['net'][name])}" for name in HEADLINES)
    return (
        f"War: structural {_share(war['structural'])}; private information {_points(war['private'])}; "
        f"misperception {_points(war['misperception'])}.\n"
        f"Miscalculated war: {cells['miscalculated']}; structural, war also in the clear-sighted twin: {cells['structural']}.\n"
        f"Prevented, war in the twin alone: {cells['prevented']}; peace in both: {cells['peace']}.\n"
        f"Run less clear-sighted twin: {net}."
    )


def page(planned: Scenario, tables: Tables) -> str:
    """The page in Markdown: the split, the cells, whose misreading, how ends differ, where pairs part, error on the day."""
    found = by_quantity(tables)
    parts = (
        _split(planned, tables["split"]),
        _cells(planned, found),
        _by_fog(found),
        _net(planned, found),
        _whose(planned, found),
        _kinds(planned, found),
        _parting(planned, tables, found),
        _errors(planned, tables["errors"]),
        _regret(planned, tables["regret"], found),
    )
    return "\n\n".join("\n".join(part) for part in parts)


def _n(found: Found) -> int:
    return int(found["cell"]["peace"]["n"])


def _share(row: Mapping[str, Any]) -> str:
    return share_words(proportion(int(row["count"]), int(row["n"]))) if row["n"] else "none"


def _points(row: Mapping[str, Any]) -> str:
    return words(in_row(row))


def _parts(split: pd.DataFrame, end: str) -> dict[str, dict[str, Any]]:
    """The rows of the table "split" for one end, by part."""
    return {
        str(row["part"]): {str(k): v for k, v in row.items()}
        for row in split[split["end"] == end].to_dict("records")
    }


def _split(planned: Scenario, split: pd.DataFrame) -> list[str]:
    """What of each end is structural, what private information adds, and what misperception adds."""
    titles = outcome_titles(planned)
    ends = [(name, _parts(split, name)) for name in dict.fromkeys(split["end"])]
    rows = [
        (
            f"**{titles[name]}**" if name in HEADLINES else f"– {titles[name]}",
            _share(part["fogged"]),
            _share(part["structural"]),
            _points(part["private"]),
            _points(part["misperception"]),
        )
        for name, part in ends
    ]
    head = ("end", "as it is", "structural", "private information adds", "misperception adds")
    return [
        "## How much is structural, private information, misperception",
        "",
        "Each run is played in three sights with the same luck. **Clear**: both sides know each other, and read every act "
        "as it is meant. **Unfogged**: all evidence gets through and nothing is made up, but resolve and appetite have to be "
        "inferred from what is done. **Fogged**: as the scenario says. What comes in clear sight is structural; unfogged "
        "less clear is what private information adds; fogged less unfogged is what misperception adds. In every run, and so in all, "
        "the three make up exactly what came.",
        "",
        "![Structural, private information, misperception](split.png)",
        "",
        *markdown(rows, head, right=True),
        "",
        f"n = {int(split['n'].iloc[0]):,} runs, horizon {plural(planned.study.days, 'day')}. These differences do not depend on "
        "how luck is shared; their intervals do.",
    ]  # fmt: skip


def _by_fog(found: Found) -> list[str]:
    """Runs beside their unfogged twins, and the yardstick of other luck."""
    cell, bound, again, of_wars = (found[name] for name in ("fog_cell", "fog_bound", "reroll", "of_wars"))
    lines = [
        "### Beside the unfogged twin, and beside other luck",
        "",
        *markdown(
            [
                ("**war in the run**", f"both: {_share(cell['both'])}", f"**made by fog: {_share(cell['made'])}**"),
                ("**no war in the run**", f"prevented by fog: {_share(cell['prevented'])}", f"peace: {_share(cell['peace'])}"),
            ],
            ("", "war unfogged:", "no war unfogged:"),
            right=True,
        ),
        "",
        f"However luck were shared, war made by fog would lie between {100 * bound['low']['value']:.1f} and "
        f"{100 * bound['high']['value']:.1f} %.",
    ]  # fmt: skip
    if not again["no war"]["n"]:
        return [*lines, "No run came to war, so there is nothing to play again with other luck."]
    return [
        *lines,
        "",
        f"**The yardstick.** Of the wars, {_share(of_wars['no war'])} are miscalculated. But a war is also undone by luck: with "
        "the same people in the same fog and other luck from day 0 on, "
        f"{_share(again['no war'])} of them do not come. Only what clear sight "
        "undoes on balance, in the first table, is the work of sight.",
    ]  # fmt: skip


def _errors(planned: Scenario, errors: pd.DataFrame) -> list[str]:
    """What each principal's errors added to its chance of war on the day, and took off, per 100 runs."""
    names = {
        "coercer": literal(planned.label(planned.coercer)),
        "target": literal(planned.label(planned.target)),
    }
    rows = []
    for role, name in names.items():
        part = {str(row["part"]): in_row(row) for row in errors[errors["role"] == role].to_dict("records")}
        rows.append((name, *(_per_hundred(part[each]) for each in ERRORS)))
    head = ("per 100 runs, wars expected of", "its hazard", "its errors added", "its errors took off")
    return [
        "### What errors about the rival did on the day",
        "",
        "Each morning the model gives the exact chance that a capital starts war that day: as it sees its rival, and as it "
        "would be had it seen the rival truly at that moment, all else as it had come to be. Sums over all mornings of all "
        "runs, of what the one is above the other, and below. What an act misread days ago did to moods is in both chances, and so "
        "in neither sum.",
        "",
        *markdown(rows, head, right=True),
    ]  # fmt: skip


def _per_hundred(found: Difference) -> str:
    """A mean of chances a run as wars in 100 runs."""
    return interval(100 * found.value, 100 * found.low, 100 * found.high, places=2)


def _cells(planned: Scenario, found: Found) -> list[str]:
    cell, bound = found["cell"], found["bound"]
    return [
        "## Miscalculation: each run beside its clear-sighted twin",
        "",
        "The twin of a run is the same run, with the same luck, in which everybody sees everybody else's resolve and "
        "sincerity as they are, and reads every act as it is meant: no fog, and nothing left to infer. Nobody foresees luck, or what others will do. War in "
        "the run and none in its twin is **miscalculated**: it would not have come had the sides, with the same luck, "
        "seen each other truly.",
        "",
        *markdown(
            [
                ("**war in the run**", f"structural: {_share(cell['structural'])}", f"**miscalculated: {_share(cell['miscalculated'])}**"),
                ("**no war in the run**", f"prevented: {_share(cell['prevented'])}", f"peace: {_share(cell['peace'])}"),
            ],
            ("", "war in the twin:", "no war in the twin:"),
            right=True,
        ),
        "",
        f"n = {_n(found):,} pairs, horizon {plural(planned.study.days, 'day')}; war is raid, invasion, attack or loss of "
        "control. How many pairs fall into which cell depends on luck being shared as it is here; however it were shared, "
        f"the miscalculated cell would lie between {100 * bound['low']['value']:.1f} and {100 * bound['high']['value']:.1f} %.",
        "",
        "![Runs beside their twins](twins.png)",
    ]  # fmt: skip


def _net(planned: Scenario, found: Found) -> list[str]:
    titles = outcome_titles(planned)
    rows = [
        (
            f"– {titles[name]}" if name not in HEADLINES else f"**{titles[name]}**",
            _points(row),
            _times(found["saved"][name]["value"]),
        )
        for name, row in found["net"].items()
    ]
    return [
        "### What fog and private information change together",
        "",
        "Both things happen: not seeing truly makes wars and prevents some. The difference of the two is the net effect, which does not "
        "depend on how luck is shared; its interval does, and sharing it saves runs.",
        "",
        *markdown(rows, ("end", "run less clear-sighted twin:", "runs that independent seeds would need for this precision"), right=True),
    ]  # fmt: skip


def _times(saved: float) -> str:
    return "–" if not abs(saved) < float("inf") else f"{saved:.1f} times as many"


def _whose(planned: Scenario, found: Found) -> list[str]:
    coercer, target = literal(planned.label(planned.coercer)), literal(planned.label(planned.target))
    who = {
        "target": f"only {target} sees clearly",
        "coercer": f"only {coercer} sees clearly",
        "both": "all see clearly",
    }
    rows = [(who[side], _points(row)) for side, row in found["one_sided"].items()]
    return [
        "### Whose misreading",
        "",
        *markdown(rows, ("had", "change in P(war):"), right=True),
        "",
        "The two need not add up: what one side sees changes what the other has to read.",
    ]


def _kinds(planned: Scenario, found: Found) -> list[str]:
    war, ended = found["structural"], found["exit"]
    kinds = {
        "same": f"the same act within {SAME_WITHIN} days",
        "hastened": f"the same act, more than {SAME_WITHIN} days sooner with fog",
        "delayed": f"the same act, more than {SAME_WITHIN} days later with fog",
        "another": "war by another act",
    }
    exits = {
        "kept": "exit in both",
        "missed": "**missed**: exit in the twin, none in the run",
        "false": "**false**: exit in the run, none in the twin",
        "none": "exit in neither",
    }
    return [
        "### Structural wars and exits",
        "",
        f"Of {plural(int(war['same']['n']), 'structural war')}:",
        "",
        *markdown([(kinds[name], f"{int(row['count']):,}", _share(row)) for name, row in war.items()], ("in the run, beside its twin", "pairs", "share"), right=True),
        "",
        f"Of all {plural(_n(found), 'pair')}:",
        "",
        *markdown([(exits[name], f"{int(row['count']):,}", _share(row)) for name, row in ended.items()], ("exits", "pairs", "share"), right=True),
    ]  # fmt: skip


def _parting(planned: Scenario, tables: Tables, found: Found) -> list[str]:
    days, acts = tables["parting"], tables["parting_acts"]
    apart = days[days["day"] != NEVER]
    never = int(days.loc[days["day"] == NEVER, "count"].sum())
    lines = ["### Where run and twin part", ""]
    if apart.empty:
        return [*lines, "No pair parts: sight changes nothing here."]
    lines.append(
        f"Of {plural(_n(found), 'pair')}, {never:,} never part. The others first differ in what is sent on day "
        f"{_middle(apart)} (median; {_quantile(apart, 0.25)} to {_quantile(apart, 0.75)} for the middle half)"
        + _miscalculated_day(apart)
        + "."
    )
    told = acts[acts["cell"] == "miscalculated"].head(MOST_ACTS)
    if told.empty:
        return lines
    n = int(found["cell"]["miscalculated"]["count"])
    rows = [
        (
            literal(planned.label(str(row["actor"]))),
            _label(planned, str(row["signal"])),
            _label(planned, str(row["twin_signal"])),
            f"{int(row['count']):,}",
            f"{100 * row['count'] / n:.1f} %",
        )
        for row in told.to_dict("records")
    ]
    return [
        *lines,
        "",
        f"The acts on which the {plural(n, 'miscalculated war')} parted most often from their twins:",
        "",
        *markdown(
            rows, ("actor", "in the run:", "in the twin:", "pairs", "of miscalculated wars"), right=True
        ),
    ]


def _label(planned: Scenario, signal: str) -> str:
    return "the crisis is over" if signal == ENDED else literal(planned.label(signal))


def _miscalculated_day(apart: pd.DataFrame) -> str:
    these = apart[apart["cell"] == "miscalculated"]
    return "" if these.empty else f"; those of miscalculated wars on day {_middle(these)}"


def _middle(table: pd.DataFrame) -> int:
    return _quantile(table, 0.5)


def _quantile(table: pd.DataFrame, share: float) -> int:
    """The first day by which at least this share of the pairs has parted."""
    by_day = table.groupby("day")["count"].sum().cumsum()
    return int(by_day.index[(by_day >= share * by_day.iloc[-1]).to_numpy().argmax()])


def _regret(planned: Scenario, table: pd.DataFrame, found: Found) -> list[str]:
    lines = [
        "## Regret: how much of a war's hazard was its actor's own error",
        "",
        "Another question than the twin's, and no check of it. On the day on which a principal chose war, the model gives the "
        "exact chance that it would: as it saw its rival, and as it would have been had it seen the rival truly at that "
        "moment, all else as it had come to be. Regret is 1 - p(truth)/p(belief): 1 if the error alone made the war, 0 if it made "
        "nothing, below 0 if the actor would have been readier for war had it seen truly. Fog can restrain the very actor that fights "
        "and provoke through its rival, so regret may be small where the twin says miscalculated, and the other way round. "
        "Loss of control has none.",
        "",
    ]  # fmt: skip
    if "regret" not in found:
        return [*lines, "No principal chose a war in these runs."]
    rows = [
        _regret_row(planned, act, row, table[table["act"] == act]) for act, row in found["regret"].items()
    ]
    head = ("war", "chosen", "mean regret (95 % interval)", "median", "above 0.5", "below 0")
    return [*lines, *markdown(rows, head, right=True), "", "![Regret](regret.png)"]


def _regret_row(planned: Scenario, act: str, row: Mapping[str, Any], bins: pd.DataFrame) -> Sequence[str]:
    n = int(row["count"])
    middle = binned_median(*(bins[name].to_numpy(float) for name in ("low_edge", "high_edge", "count")))
    mean = in_row(row)
    said = interval(mean.value, mean.low, mean.high, places=2, sign="+") if n > 1 else f"{mean.value:+.2f}"
    high = share_words(proportion(int(bins.loc[bins["low_edge"] >= 0.5, "count"].sum()), n))
    low = share_words(proportion(int(bins.loc[bins["high_edge"] <= 0.0, "count"].sum()), n))
    return outcome_titles(planned)[act], f"{n:,}", said, f"{middle:+.2f}", high, low
