"""The page of twins: the four cells, whose misreading, where pairs part, and regret."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sim.experiments.twins.counts import SAME_WITHIN
from sim.experiments.twins.tables import ENDED, NEVER
from sim.reports.numbers import difference_words as words
from sim.reports.numbers import interval
from sim.reports.numbers import words as share_words
from sim.reports.tables import markdown
from sim.reports.words import plural
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import HEADLINES, TITLES
from sim.statistics.differences import in_row
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
    """The four cells, and what fog changes on balance, in three lines."""
    found = by_quantity(tables)
    cells = {name: _share(row) for name, row in found["cell"].items()}
    net = "; ".join(f"{TITLES[name]} {_points(found['net'][name])}" for name in HEADLINES)
    return (
        f"Miscalculated war: {cells['miscalculated']}; structural, war also in the clear-sighted twin: {cells['structural']}.\n"
        f"Prevented by fog: {cells['prevented']}; peace in both: {cells['peace']}.\n"
        f"Fog on balance: {net}."
    )


def page(planned: Scenario, tables: Tables) -> str:
    """The page in Markdown: the four cells, whose misreading, how wars and exits differ, where pairs part, regret."""
    found = by_quantity(tables)
    parts = (
        _cells(planned, found),
        _net(found),
        _whose(planned, found),
        _kinds(planned, found),
        _parting(planned, tables, found),
        _regret(planned, tables["regret"], found),
    )
    return "\n\n".join("\n".join(part) for part in parts)


def _n(found: Found) -> int:
    return int(found["cell"]["peace"]["n"])


def _share(row: Mapping[str, Any]) -> str:
    return share_words(proportion(int(row["count"]), int(row["n"]))) if row["n"] else "none"


def _points(row: Mapping[str, Any]) -> str:
    return words(in_row(row))


def _cells(planned: Scenario, found: Found) -> list[str]:
    cell, bound = found["cell"], found["bound"]
    return [
        "## Miscalculation: each run beside its clear-sighted twin",
        "",
        "The twin of a run is the same run, with the same luck, in which everybody sees everybody else's resolve and "
        "sincerity as they are: all five channels of fog are off. Nobody foresees luck, or what others will do. War in "
        "the run and none in its twin is **miscalculated**: it would not have come had the sides, with the same luck, "
        "seen each other truly.",
        "",
        *markdown(
            [
                ("**war in the run**", f"structural: {_share(cell['structural'])}", f"**miscalculated: {_share(cell['miscalculated'])}**"),
                ("**no war in the run**", f"prevented by fog: {_share(cell['prevented'])}", f"peace: {_share(cell['peace'])}"),
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


def _net(found: Found) -> list[str]:
    rows = [
        (
            f"– {TITLES[name]}" if name not in HEADLINES else f"**{TITLES[name]}**",
            _points(row),
            _times(found["saved"][name]["value"]),
        )
        for name, row in found["net"].items()
    ]
    return [
        "### What fog changes on balance",
        "",
        "Both things happen: fog makes wars and prevents some. The difference of the two is the net effect, which does not "
        "depend on how luck is shared; its interval does, and sharing it saves runs.",
        "",
        *markdown(rows, ("end", "with fog, less without:", "runs that independent seeds would need for this precision"), right=True),
    ]  # fmt: skip


def _times(saved: float) -> str:
    return "–" if not abs(saved) < float("inf") else f"{saved:.1f} times as many"


def _whose(planned: Scenario, found: Found) -> list[str]:
    coercer, target = planned.label(planned.coercer), planned.label(planned.target)
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
        return [*lines, "No pair parts: fog changes nothing here."]
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
            planned.label(str(row["actor"])),
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
    return "the crisis is over" if signal == ENDED else planned.label(signal)


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
    return TITLES[act], f"{n:,}", said, f"{middle:+.2f}", high, low
