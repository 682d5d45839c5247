"""Arms in words, made from their tables: side by side, what differs between them, and what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from sim.experiments.arms.tables import ALL
from sim.experiments.question import Tables
from sim.reports.numbers import difference_words, interval, words
from sim.reports.page import literal
from sim.reports.tables import columns, found, markdown, records
from sim.reports.words import limits, one_line, plural
from sim.results.observables import OBSERVED, abouts
from sim.scenario.scenario import Scenario
from sim.schema.claims import COMPARED, Observable
from sim.schema.outcomes import HORIZON_NAMES, REPORTED, TITLES, WAR_NAMES
from sim.statistics.differences import in_row
from sim.statistics.proportions import Estimate

HEADLINES: tuple[Observable, ...] = (
    *(name for name in REPORTED if name not in HORIZON_NAMES),  # type: ignore[arg-type]
    "miscalculated", "prevented", "missed_exit", "false_exit", "deaths", "hardship", "belief_error",
)  # fmt: skip
"""What a page tells of arms."""

TOLD: tuple[Observable, ...] = (COMPARED[0], *WAR_NAMES, *COMPARED[1:])  # type: ignore[arg-type]
"""What a terminal tells of scenarios that are compared."""

HARMS = (ALL, *(name for name in REPORTED if name not in ("war", "limited_force")))


# On a page ------------------------------------------------------------------------------------


def page(scenarios: Mapping[str, Scenario], labels: Mapping[str, str], tables: Tables) -> str:
    """The page of scenarios that were compared, the first with the plan of all."""
    own = next(iter(scenarios.values())).study
    lines = [
        f"# {', '.join(labels.values())}: compared",
        "",
        f"{plural(len(labels), 'scenario')}, {plural(own.runs, 'run')} of each over "
        f"{plural(own.days, 'day')}, seed {own.seed}. A difference between two of them is owed to what "
        "the scenarios assume, and to nothing else: all draws are the same, run by run.",
        "",
        *(f"- {labels[name]}: {literal(arm.title) or name}" for name, arm in scenarios.items()),
        "",
        *sections(labels, tables, own.days),
        "",
        "![Escalation and war in each](arms.png)",
        "",
        "![What differs](differences.png)",
        "",
        *limits(),
    ]
    return "\n".join(lines) + "\n"


def sections(
    labels: Mapping[str, str], tables: Tables, days: int, scenario: Scenario | None = None
) -> list[str]:
    """Arms side by side, differences from the first, and what each costs civilians, as Markdown."""
    names = list(labels)
    n = int(tables["arms"]["n"].iloc[0])
    return [
        "## Arms",
        "",
        f"n = {plural(n, 'run')} of each arm and of its clear-sighted twin, horizon {plural(days, 'day')}. All "
        "share all luck, run by run; intervals are 95 %, sampling error only.",
        "",
        *arms_table(labels, tables["arms"], HEADLINES),
        "",
        f"### What differs from “{labels[names[0]]}”",
        "",
        *differences_table(labels, tables["differences"], [(names[0], to) for to in names[1:]], HEADLINES),
        "",
        "### What it costs",
        "",
        *harm_table(labels, tables["arm_harm"]),
        "",
        "Deaths and hardship are those from day 0 to the end of a run. A war ends a run, so what it costs is what "
        "its act is assumed to cost on its day; hardship is an index for comparing, without a unit.",
        "",
        *definition_lines(HEADLINES, scenario),
    ]


def arms_table(labels: Mapping[str, str], arms: pd.DataFrame, names: Sequence[Observable]) -> list[str]:
    """A row an observable, a column an arm."""
    rows = [
        [
            OBSERVED[name].title + _unit(name),
            *(said(found(arms, arm=arm, observable=name)) for arm in labels),
        ]
        for name in names
    ]
    return markdown(rows, ("", *labels.values()), right=True)


def differences_table(
    labels: Mapping[str, str],
    differences: pd.DataFrame,
    pairs: Iterable[tuple[str, str]],
    names: Sequence[Observable],
) -> list[str]:
    """A row an observable, a column a pair of arms: the second less the first."""
    pairs = list(pairs)
    rows = [
        [
            OBSERVED[name].title,
            *(difference(found(differences, against=a, arm=b, observable=name)) for a, b in pairs),
        ]
        for name in names
    ]
    heads = [labels[b] if a == next(iter(labels)) else f"{labels[b]}, less “{labels[a]}”" for a, b in pairs]
    return markdown(rows, ("", *heads), right=True)


def harm_table(labels: Mapping[str, str], harm: pd.DataFrame) -> list[str]:
    """Deaths and hardship a run, and for each 100 days at risk: of each arm, and of the first by outcome."""
    rows, first = [], next(iter(labels))
    for arm, label in labels.items():
        here = {str(row["outcome"]): row for row in records(harm[harm["arm"] == arm])}
        for outcome in HARMS if arm == first else (ALL,):
            if row := here.get(outcome):
                title = f"**{label}**" if outcome == ALL else f"– {TITLES[outcome]}"
                rows.append((title, f"{int(row['runs']):,}", f"{row['deaths']:,.1f}", *harm_rates(row)))
    heads = (
        "arm and outcome", "runs", "deaths a run", "deaths per 100 days at risk", "hardship a run",
        "hardship per 100 days at risk",
    )  # fmt: skip
    return markdown(rows, heads, right=True)


def harm_rates(row: Mapping[str, Any]) -> tuple[str, str, str]:
    """Of a row of the table "arm_harm": deaths per 100 days, hardship a run and per 100 days."""
    return (
        f"{row['deaths_per_100_days']:,.0f}",
        f"{row['hardship']:.2f}",
        f"{row['hardship_per_100_days']:.2f}",
    )


def definition_lines(names: Sequence[Observable], scenario: Scenario | None) -> list[str]:
    """One paragraph that defines the observables."""
    meaning = abouts(scenario)
    parts = [f"*{meaning[name].title}*: {literal(meaning[name].definition)}" for name in names]
    return ["; ".join(parts) + "."]


def said(row: Mapping[str, Any]) -> str:
    """A row of the table "arms" in words."""
    n, value, low, high = int(row["n"]), float(row["value"]), float(row["low"]), float(row["high"])
    if OBSERVED[row["observable"]].share:
        return words(Estimate(round(value * n), n, value, low, high, ""))
    return interval(value, low, high)


def difference(row: Mapping[str, Any]) -> str:
    """A row of the table "differences" in words."""
    return difference_words(in_row(row), unit_of(row["observable"]))


def unit_of(name: Observable) -> str:
    """In what a difference of an observable is said."""
    return "points" if OBSERVED[name].share else OBSERVED[name].unit


def _unit(name: Observable) -> str:
    unit = OBSERVED[name].unit
    return f" [{unit}]" if unit and unit != OBSERVED[name].title else ""


# In a terminal --------------------------------------------------------------------------------


def brief(scenarios: Mapping[str, Scenario], tables: Tables) -> str:
    """Each scenario's shares under each other, then what differs from the first, run by run."""
    first, *_ = scenarios
    own = scenarios[first].study
    titles = [(f"{name}:", one_line(arm.title)) for name, arm in scenarios.items() if arm.title]
    head = (
        f"{plural(own.runs, 'run')} of {plural(own.days, 'day')} of each, seed {own.seed}; "
        "all share their luck, run by run"
    )
    rows = [("", *scenarios), *_shares(list(scenarios), tables)]
    lines = [*([columns(titles)] if titles else []), head, "", columns(rows), ""]
    lines += [*difference_lines({name: name for name in scenarios}, tables, TOLD), ""]
    lines += [
        f"War: {OBSERVED['war'].definition}. Miscalculated: war in the run, none in its clear-sighted twin."
    ]
    lines += [f"Differences are less “{first}”, run by run, with 95 % intervals."]
    return "\n".join([*lines, "Shares of simulated crises under the scenarios' assumptions; no forecast."])


def _shares(arms: Sequence[str], tables: Tables) -> Iterator[tuple[str, ...]]:
    for name in TOLD:
        yield _title(name), *(said(found(tables["arms"], arm=arm, observable=name)) for arm in arms)


def difference_lines(labels: Mapping[str, str], tables: Tables, names: Sequence[str]) -> list[str]:
    """A block an arm but the first: what differs from the first, in words."""
    first, *others = labels
    lines: list[str] = []
    for arm in others:
        rows = [
            (_title(name), difference(found(tables["differences"], against=first, arm=arm, observable=name)))
            for name in names
        ]
        lines += ["", f"{labels[arm]}, less “{labels[first]}”:", columns(rows)]
    return lines[1:]


def _title(name: str) -> str:
    title = OBSERVED[name].title  # type: ignore[index]
    return f"  {title}" if name in WAR_NAMES else title
