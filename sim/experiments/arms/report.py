"""The section of a report about arms: what each came to, and what differs between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from sim.experiments.arms.tables import ALL
from sim.reports.numbers import difference_words, words
from sim.reports.tables import found, markdown_table, records
from sim.reports.words import plural
from sim.results.observables import OBSERVED, abouts
from sim.scenario.scenario import Scenario
from sim.schema.claims import Observable
from sim.schema.outcomes import REPORTED as OUTCOMES
from sim.schema.outcomes import TITLES
from sim.statistics.differences import in_row
from sim.statistics.proportions import Estimate

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
if TYPE_CHECKING:
    from sim.experiments.study.study import Study


Tables = Mapping[str, pd.DataFrame]

HEADLINES: tuple[Observable, ...] = (
    "war", "raid", "invasion", "attack", "loss_of_control", "limited_force", "exit", "settlement",
    "miscalculated", "prevented", "missed_exit", "false_exit", "deaths", "hardship", "belief_error",
)  # fmt: skip

HARMS = (ALL, *(name for name in OUTCOMES if name not in ("war", "limited_force")))


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
    return markdown_table(("", *labels.values()), rows)


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
    return markdown_table(("", *heads), rows)


def harm_table(labels: Mapping[str, str], harm: pd.DataFrame) -> list[str]:
    """Deaths and hardship a run, and for each 100 days at risk: of each arm, and of the first by outcome."""
    rows, first = [], next(iter(labels))
    for arm, label in labels.items():
        here = {str(row["outcome"]): row for row in records(harm[harm["arm"] == arm])}
        for outcome in HARMS if arm == first else (ALL,):
            if (row := here.get(outcome)) is None:
                continue
            rows.append(
                (
                    f"**{label}**" if outcome == ALL else f"– {TITLES[outcome]}",
                    f"{int(row['runs']):,}",
                    f"{row['deaths']:,.1f}",
                    f"{row['deaths_per_100_days']:,.0f}",
                    f"{row['hardship']:.2f}",
                    f"{row['hardship_per_100_days']:.2f}",
                )
            )
    heads = (
        "arm and outcome", "runs", "deaths a run", "deaths per 100 days at risk", "hardship a run",
        "hardship per 100 days at risk",
    )  # fmt: skip
    return markdown_table(heads, rows)


def definition_lines(names: Sequence[Observable], scenario: Scenario | None) -> list[str]:
    """One paragraph that defines the observables."""
    meaning = abouts(scenario)
    parts = [f"*{meaning[name].title}*: {meaning[name].definition}" for name in names]
    return ["; ".join(parts) + "."]


def said(row: Mapping[str, object]) -> str:
    """A row of the table "arms" in words."""
    name, n = str(row["observable"]), int(str(row["n"]))
    value, low, high = (float(str(row[key])) for key in ("value", "low", "high"))
    if OBSERVED[name].share:  # type: ignore[index]
        return words(Estimate(round(value * n), n, value, low, high, ""))
    return (
        f"{value:,.{_places(low, high)}f} ({low:,.{_places(low, high)}f} to {high:,.{_places(low, high)}f})"
    )


def difference(row: Mapping[str, object]) -> str:
    """A row of the table "differences" in words."""
    about = OBSERVED[str(row["observable"])]  # type: ignore[index]
    return difference_words(in_row(row), "points" if about.share else about.unit)


def _unit(name: Observable) -> str:
    unit = OBSERVED[name].unit
    return f" [{unit}]" if unit and unit != OBSERVED[name].title else ""


def _places(low: float, high: float) -> int:
    from sim.reports.numbers import decimals

    return decimals((high - low) / 4) if 0 < high - low < float("inf") else 0


def difference_lines(labels: Mapping[str, str], tables: Tables, names: Sequence[str]) -> list[str]:
    """A block an arm but the first: what differs from the first, in words."""
    from sim.experiments.arms.report import difference
    from sim.reports.tables import columns, found

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
    from sim.results.observables import OBSERVED
    from sim.schema.outcomes import WAR_NAMES as WARS

    title = OBSERVED[name].title  # type: ignore[index]
    return f"  {title}" if name in WARS else title


ARMS_TOLD = ("war", "miscalculated", "exit", "settlement")


def _arms(study: Study) -> list[str]:
    """What differs between the first arm and each other one."""
    from sim.experiments.arms.report import difference_lines

    labels = {arm.name: arm.label for arm in study.scenario.arms}
    return difference_lines(labels, study.part("arms"), ARMS_TOLD)
