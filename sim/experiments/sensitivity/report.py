"""The page of a sensitivity analysis, made from its tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from sim.experiments.question import Tables
from sim.experiments.sensitivity.counts import QUANTITIES, Effort
from sim.reports.numbers import decimals, interval
from sim.reports.page import literal
from sim.reports.tables import markdown
from sim.results.observables import OBSERVED
from sim.scenario.scenario import Scenario
from sim.schema.claims import Observable
from sim.statistics.sampling import OTHERS

MOST_TOLD = 12


def report(scenario: Scenario, effort: Effort, width: int, tables: Tables) -> str:
    """The page, in Markdown; ``width`` is the number of parameters."""
    study = scenario.study
    lines = [
        f"# {literal(scenario.title or scenario.name)}: what the results rest on",
        "",
        f"{width} numbers, each evenly over its range in the register; {study.days} days, seed {study.seed}. "
        f"Screening (Morris): {effort.trajectories} trajectories, {effort.screen_runs} runs a point. Indices (Sobol'): "
        f"{effort.rows:,} rows, {effort.runs} runs a point. What is compared shares its luck; chance is taken out.",
        "",
        "First order: the share of the variance that would go if the number alone were known. Total: what would be left "
        "if all others were.",
        "",
    ]
    heads = (
        "number",
        *(f"{OBSERVED[name].title}, {kind}" for name in QUANTITIES[:2] for kind in ("first", "total")),
    )
    lines += markdown(_index_rows(tables["indices"]), heads)
    lines += ["", *_chance(tables["indices"]), ""]
    heads = ("number", *(OBSERVED[name].title for name in QUANTITIES))
    lines += [
        "Mean size of the effect of a number over its whole range (Morris's mu*), in points and rungs:",
        "",
    ]
    lines += markdown(_effect_rows(tables["screening"]), heads, right=True)
    lines += ["", *_discovery(tables)]
    lines += [
        "Shares of simulated crises under ranges that are assumptions themselves; no forecast. Tables: screening, indices, points, box.",
        "",
    ]
    return "\n".join(lines)


def _index_rows(table: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    wide = table.set_index(["quantity", "parameter"])
    war = table[table["quantity"] == "war"].sort_values("total", ascending=False, kind="stable")
    war = pd.concat([war[war["parameter"] != OTHERS], war[war["parameter"] == OTHERS]])
    for parameter, label in zip(war["parameter"], war["label"], strict=True):
        cells = [
            _index(*(float(wide.loc[(name, parameter), f"{kind}{end}"]) for end in ("", "_low", "_high")))
            for name in QUANTITIES[:2]
            for kind in ("first", "total")
        ]
        yield (label if parameter == OTHERS else parameter, *cells)


def _index(value: float, low: float, high: float) -> str:
    return interval(value, low, high, places=2) if np.isfinite(value) else "-"


def _chance(table: pd.DataFrame) -> Iterator[str]:
    """How much of the variance between points was luck, and how large the rest is."""
    rows: list[Any] = table.to_dict("records")
    once = {row["quantity"]: row for row in rows}
    said = ", ".join(f"{100 * once[name]['chance']:.0f} % for {OBSERVED[name].title}" for name in QUANTITIES)
    yield f"Of the variance between estimates at single points this was chance, and is in no index: {said}."
    spread = ", ".join(
        f"{_amount(name, float(np.sqrt(max(0.0, once[name]['variance']))))} for {OBSERVED[name].title}"
        for name in QUANTITIES
    )
    yield f"Standard deviation over the ranges, chance out: {spread}."


def _amount(name: Observable, value: float) -> str:
    """A quantity as its unit has it: points of shares."""
    shown = 100 * value if OBSERVED[name].share else value
    places = max(1, decimals(shown)) if shown > 0 else 1
    return f"{shown:.{places}f} {'points' if OBSERVED[name].share else OBSERVED[name].unit}"


def _effect_rows(table: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    wide = table.set_index(["quantity", "parameter"])
    war = table[table["quantity"] == "war"].sort_values("mu_star", ascending=False, kind="stable")
    for parameter in war["parameter"].head(MOST_TOLD):
        cells = [float(wide.loc[(name, parameter), "mu_star"]) for name in QUANTITIES]
        yield (
            parameter,
            *(
                f"{100 * x:.1f}" if OBSERVED[name].share else f"{x:.2f}"
                for name, x in zip(QUANTITIES, cells, strict=True)
            ),
        )


def _discovery(tables: Tables) -> list[str]:
    """The box in words; nothing if none was looked for."""
    if "box" not in tables:
        return []
    rows: list[Any] = tables["box"].to_dict("records")
    points = len(tables["points"])
    first = rows[0]
    name: Observable = first["quantity"]
    above = f"above {_threshold(name, float(first['threshold']))}"
    title = OBSERVED[name].title
    title = title[0].upper() + title[1:]
    here = f"{title} is {above} in {100 * first['base']:.0f} % of {points:,} points"
    if not first["parameter"]:
        return [f"{here}, and no number tells surely where (PRIM).", ""]
    if not first["believed"]:
        return [f"{here}; no box tells better than luck would where (PRIM, p = {first['p']:.2f}).", ""]
    sides = " and ".join(_sides(row) for row in rows)
    return [
        f"{title} is {above} in {100 * first['density']:.0f} % of the points where {sides}, against "
        f"{100 * first['base']:.0f} % of all {points:,}; these hold {100 * first['coverage']:.0f} % of all such points, "
        f"in {100 * first['mass']:.0f} % of the points (PRIM; largest quasi-p "
        f"{max(row['quasi_p'] for row in rows):.2g}, p of the box {first['p']:.2f}).",
        "",
    ]


def _threshold(name: Observable, value: float) -> str:
    return f"{100 * value:.3g} %" if OBSERVED[name].share else f"{value:.3g} {OBSERVED[name].unit}"


def _sides(row: dict[str, Any]) -> str:
    """'Caracas: suspicion > 0.12', '0.2 < world: framework < 0.3'; an end that is not restricted is not said."""
    if not np.isfinite(row["low"]):
        return f"{row['label']} < {row['high']:.3g}"
    if not np.isfinite(row["high"]):
        return f"{row['label']} > {row['low']:.3g}"
    return f"{row['low']:.3g} < {row['label']} < {row['high']:.3g}"
