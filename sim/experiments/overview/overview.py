"""Studies of many scenarios side by side: one table of what came of each, kept in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sim.experiments.runner import kept
from sim.experiments.study.simulation import identity
from sim.experiments.study.study import Study
from sim.reports.numbers import words
from sim.reports.tables import markdown
from sim.reports.words import limits, one_line, plural
from sim.results.folder import Findings, Place, digest_of
from sim.schema.outcomes import TITLES
from sim.statistics.proportions import Estimate, proportion

OUTCOMES = ("war", "exit", "settlement", "deescalation", "standoff")
MISCALCULATED = "miscalculated"
HEADS = {**TITLES, MISCALCULATED: "miscalculated war"}
DRAWN = ("war", MISCALCULATED, "exit")
LETTERS = 60  # of the name that a folder begins with


def summary(studies: Sequence[Study]) -> pd.DataFrame:
    """A row a scenario and outcome: scenario, title, study, outcome, runs, count, share, low, high.

    ``scenario`` is its name, or that of the study's folder if two have the same. Miscalculated wars are among the
    outcomes of studies with twins.
    """
    return pd.DataFrame(_rows(studies))


def _rows(studies: Sequence[Study]) -> Iterator[dict[str, Any]]:
    for study, name in zip(studies, names_of(studies), strict=True):
        for outcome, found in _shares(study).items():
            yield {
                "scenario": name,
                "title": one_line(study.scenario.title),
                "study": study.folder.name if study.folder else study.name,
                "outcome": outcome,
                "runs": found.n,
                "count": found.count,
                "share": found.rate,
                "low": found.low,
                "high": found.high,
            }


def names_of(studies: Sequence[Study]) -> list[str]:
    """The scenarios' names; of those that are not alone with theirs, the folders'."""
    names = [study.scenario.name for study in studies]
    return [
        study.folder.name if names.count(name) > 1 and study.folder else name
        for name, study in zip(names, studies, strict=True)
    ]


def _shares(study: Study) -> dict[str, Estimate]:
    found = {name: proportion(study.counts[name], study.runs) for name in OUTCOMES}
    if "twins" not in study.parts:
        return found
    table = study.part("twins")["twins"]
    [row] = table[(table["quantity"] == "cell") & (table["item"] == MISCALCULATED)].to_dict("records")
    cell = proportion(int(row["count"]), int(row["n"]))
    return {"war": found.pop("war"), MISCALCULATED: cell, **found}


def cells(table: pd.DataFrame) -> list[tuple[str, ...]]:
    """The table for people: a head, then a row a scenario, its shares in words."""
    rows: dict[str, dict[str, Any]] = {}
    for row in table.to_dict("records"):
        rows.setdefault(str(row["scenario"]), {})[str(row["outcome"])] = row
    outcomes = list(dict.fromkeys(table["outcome"]))
    head = ("scenario", "runs", *(HEADS[name] for name in outcomes))
    return [
        head,
        *(
            (name, f"{found['war']['runs']:,}", *(_words(found.get(outcome)) for outcome in outcomes))
            for name, found in rows.items()
        ),
    ]


def _words(row: Mapping[str, Any] | None) -> str:
    return words(proportion(int(row["count"]), int(row["runs"]))) if row else "not asked"


def overview(
    studies: Sequence[Study], group: str, out: str | Path = "results", figures: bool = True
) -> Findings:
    """The studies side by side, kept as ``out``/GROUP-batch-HASH8: summary.parquet, report.md, shares.png.

    Of the same studies it is read, not made again. ``group`` is what they have in common: the name of their folder.
    """
    asked = {
        "studies": [
            identity(study.scenario) | {"name": name, "runs": study.runs, "parts": list(study.parts)}
            for study, name in zip(studies, names_of(studies), strict=True)
        ],
        "figures": figures,
    }
    plain = "".join(c if c.isalnum() or c in "-_." else "-" for c in group).lstrip(".-")[:LETTERS]
    name = f"{plain or 'scenarios'}-batch-{digest_of(asked)[:8]}"
    first = studies[0].scenario
    place = Place.of("batch", first, asked, out, name)

    def make() -> Findings:
        table = summary(studies)
        drawn = {"shares.png": _figure(table, studies)} if figures else {}
        return Findings("batch", name, {"summary": table}, _page(group, table, studies), drawn)

    return kept(place, first, make)


def _plans(studies: Sequence[Study]) -> str:
    """How the studies were run: '10,000 runs of 90 days, seed 1', or 'each as its scenario says'."""
    told = {f"{plural(s.runs, 'run')} of {plural(s.days, 'day')} of each, seed {s.seed}" for s in studies}
    return told.pop() if len(told) == 1 else "runs, days or seeds differ"


def _page(group: str, table: pd.DataFrame, studies: Sequence[Study]) -> str:
    head, *rows = cells(table)
    titles = table.drop_duplicates("scenario")[["scenario", "title", "study"]].to_dict("records")
    lines = [
        f"# {group}: {plural(len(studies), 'scenario')} side by side",
        "",
        f"Each was run by itself: {_plans(studies)}. Shares of runs, with 95 % intervals, sampling error only.",
        "",
        *markdown(rows, head, right=True),
        "",
        "![Shares by scenario](shares.png)",
        "",
        *(f"- {row['scenario']}: {row['title'] or row['scenario']} (study {row['study']})" for row in titles),
        "",
        "War is raid, invasion, attack or loss of control before the horizon. Where two scenarios were run with one "
        "seed they share their luck, and `brink run A B --compare` says how sure the difference between them is: surer "
        "than these intervals show.",
        "",
        *limits(),
    ]
    return "\n".join(lines) + "\n"


def _figure(table: pd.DataFrame, studies: Sequence[Study]) -> bytes:
    from sim import figures as plots

    drawn = table[table["outcome"].isin(DRAWN)]
    return plots.encoded(plots.shares(drawn, HEADS, about=_plans(studies)), "png")
