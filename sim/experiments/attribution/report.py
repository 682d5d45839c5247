"""The section of a report about attribution: what each channel of fog adds, alone and together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from sim.experiments.attribution.counts import GAMES, SUSPICIONS, TOTAL, suspicions
from sim.reports.numbers import difference_words as words
from sim.reports.numbers import words as share
from sim.reports.page import literal
from sim.reports.tables import columns, markdown
from sim.reports.words import plural
from sim.scenario.counterfactual import CHANNEL_TITLES, CHANNELS, ROUTE_TITLES
from sim.scenario.scenario import Scenario
from sim.statistics.differences import Difference, in_row
from sim.statistics.proportions import proportion

Tables = Mapping[str, pd.DataFrame]
Named = list[tuple[str, Difference]]


def page(planned: Scenario, tables: Tables) -> str:
    """Definitions, what the channels add to war, how that depends on suspicion, and what they do in pairs."""
    parts = (
        ["## Which channel of fog does how much"],
        _definitions(planned),
        _war(tables),
        _routes(planned, tables["routes"]),
        _suspicions(planned, tables),
        _pairs(tables),
    )
    return "\n\n".join("\n".join(part) for part in parts)


def brief(tables: Tables) -> str:
    """What each channel of fog adds to war, the largest first."""
    found = dict(_named(_these(tables["attribution"], suspicion="as is", game="war")))
    whole = found.pop(TOTAL)
    rows = [(f"  {CHANNEL_TITLES[name]}", words(each)) for name, each in _by_size(found.items())]
    return f"What each channel of fog adds to war:\n{columns([*rows, ('  all fog', words(whole))])}"


def _definitions(planned: Scenario) -> list[str]:
    runs, days = plural(planned.study.runs, "run"), plural(planned.study.days, "day")
    return [
        f"n = {runs}, horizon {days}. Each run was played with every subset of the five channels of fog on, for "
        "all actors, and the others off, with the same luck. What a channel adds is its Shapley (1953) value: "
        "what switching it on changes, averaged over all orders in which the five can be switched on. In every "
        "run, and so in all, the five add up exactly to what all fog changes, P(fogged) - P(unfogged). Points are "
        "percentage points; intervals are 95 %, each by itself, sampling error only.",
        "",
        "Unfogged means all five off, while resolve and appetite still have to be inferred: what is divided here is "
        "misperception, not private information. **War made by fog** is war in a run whose unfogged twin has none.",
    ]


def _war(tables: Tables) -> list[str]:
    """Suspicion as it is: the channels by the size of what they add to war, and their sum."""
    here = _these(tables["attribution"], suspicion="as is", game="war")
    channels = [(name, each) for name, each in _named(here) if name != TOTAL]
    total = dict(_named(here))[TOTAL]
    coalitions = _these(tables["coalitions"], suspicion="as is")
    clear, fog = (proportion(int(coalitions["war"].iloc[i]), total.n) for i in (0, -1))
    return [
        f"War in {share(fog)} of runs with all fog, in {share(clear)} with none: {words(total)}. Of that, by "
        "channel:",
        "",
        "![What each channel of fog adds](attribution.png)",
        "",
        *_listed((CHANNEL_TITLES[name], each) for name, each in channels),
    ]


def _routes(planned: Scenario, routes: pd.DataFrame) -> list[str]:
    """What is misread, by whom: what each route of each side adds to war, the largest first."""
    here = routes[routes["game"] == "war"]
    rows = {(str(row["side"]), str(row["route"])): in_row(row) for _, row in here.iterrows()}
    total = rows.pop((TOTAL, TOTAL))
    named = [
        (f"{literal(planned.label(getattr(planned, side)))}, {ROUTE_TITLES[route]}", each)
        for (side, route), each in rows.items()
    ]
    return [
        "### What is misread, by whom",
        "",
        "The same change, divided otherwise: fog works on what acts are felt to mean (mood, and incidents taken for "
        "design), on beliefs about resolve and appetite, and on whether an exit offer is held to be meant. Each run "
        "was played with fog kept from every subset of these three routes, for each side by itself; Shapley values "
        f"over the six, suspicion as in the scenario, add up to {words(total)}:",
        "",
        "![What is misread, by whom](routes.png)",
        "",
        *_listed(named),
    ]


def _suspicions(planned: Scenario, tables: Tables) -> list[str]:
    """A table for each game: a row a channel, a column a setting of suspicion."""
    lines = [
        "### By suspicion",
        "",
        "Suspicion decides which way fog pulls. All actors' suspicion is put "
        f"low ({_span(planned, 'low')}), to none (0), left as in the scenario ({_span(planned, 'as is')}), and "
        f"put high ({_span(planned, 'high')}).",
    ]
    for game, title in GAMES.items():
        found = {
            setting: dict(_named(_these(tables["attribution"], suspicion=setting, game=game)))
            for setting in SUSPICIONS
        }
        rows = [
            [title_of(name), *(words(found[setting][name]) for setting in SUSPICIONS)]
            for name in (*CHANNELS, TOTAL)
        ]
        lines += ["", *markdown(rows, (f"what adds to {title}", *SUSPICIONS.values()), right=True)]
    return lines


def _pairs(tables: Tables) -> list[str]:
    """Suspicion as it is: pairs of channels whose interaction on war is not 0, by size."""
    here = _these(tables["interactions"], suspicion="as is", game="war")
    both = [
        (f"{CHANNEL_TITLES[row['channel']]} and {CHANNEL_TITLES[row['other']]}", in_row(row))
        for _, row in here.iterrows()
    ]
    sure = [(name, each) for name, each in both if each.distinguishable]
    rest = len(both) - len(sure)
    tail = (
        [f"The other {plural(rest, 'pair')} cannot be told from 0 at n = {both[0][1].n:,}."] if rest else []
    )
    return [
        "### Together",
        "",
        "Suspicion bends what the other channels blur, and does nothing where they are off (MODEL.md, equation "
        "32): what a channel adds above is not what switching off that one alone would take away. The interaction "
        "of two channels (Grabisch & Roubens 1999) is what the one adds to war with the other on, less what it "
        "adds with the other off, averaged over the rest: above 0 they strengthen each other, below 0 they stand "
        "in for each other. Suspicion as in the scenario:",
        "",
        *(_listed(sure) or ["- none that can be told from 0"]),
        *(["", *tail] if sure else []),
    ]


def title_of(channel: str) -> str:
    """A channel, or all of them together, for people."""
    return "**all fog**" if channel == TOTAL else CHANNEL_TITLES[channel]


def _listed(named: Iterable[tuple[str, Difference]]) -> list[str]:
    """A line each, the largest first."""
    return [f"- {name}: {words(each)}" for name, each in _by_size(named)]


def _by_size(named: Iterable[tuple[str, Difference]]) -> Named:
    return sorted(named, key=lambda pair: -abs(pair[1].value))


def _these(table: pd.DataFrame, **wanted: str) -> pd.DataFrame:
    """The rows of a table with these values."""
    for column, value in wanted.items():
        table = table[table[column] == value]
    return table


def _named(table: pd.DataFrame) -> Named:
    return [(str(row["channel"]), in_row(row)) for _, row in table.iterrows()]


def _span(planned: Scenario, setting: str) -> str:
    """The least and the most suspicion among actors in a setting."""
    found = suspicions(planned, setting).values()
    least, most = min(found), max(found)
    return f"{least:g}" if least == most else f"{least:g} to {most:g}"
