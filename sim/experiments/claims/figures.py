"""The figures of claims: a forest of all that are judged by a share, and one of each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from sim.experiments.arms.report import unit_of
from sim.experiments.claims.box import in_numbers
from sim.experiments.claims.findings import Finding
from sim.experiments.question import Figures
from sim.reports.words import one_line
from sim.results.observables import OBSERVED

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TOGETHER = "claims"
"""Name of the figure of all claims."""

GROUPS = ("supported", "contradicted", "not distinguishable from 0", "assumed", "a finding")
"""Verdicts as the heads of the figure of all claims, in order."""

SHOWN = ["label", "group", "value", "low", "high", "n", "distinguishable"]


def figures_of(findings: Sequence[Finding]) -> Figures:
    """How to draw each figure, by name; of all claims together those that are judged by a share of runs."""
    own = findings[0].scenario.study
    titled = {TOGETHER: (forest_of_all(findings), in_numbers(findings).rstrip("."))}
    titled |= {
        each.name: (forest_of(each), f"{one_line(each.claim.says).rstrip('.')}: {each.first.verdict}")
        for each in findings
    }
    about = {TOGETHER: own} | {each.name: each.scenario.study for each in findings}
    together = [each.name for each in findings]
    return {
        name: partial(
            _drawn,
            table,
            title,
            f"{about[name].days} days, seed {about[name].seed}",
            together if name == TOGETHER else [name],
        )
        for name, (table, title) in titled.items()
        if not table.empty
    }


def _drawn(table: pd.DataFrame, title: str, about: str, names: Sequence[str]) -> Figure:
    from sim.figures.forest import forest
    from sim.figures.style import assumed

    return forest(table, title, note=assumed(*names), about=about)


def forest_of_all(findings: Sequence[Finding]) -> pd.DataFrame:
    """A row a claim that is judged by a share, under its verdict: label, group, value, low, high, n, distinguishable."""
    rows = [
        finding.row(finding.first, finding.claim.primary)
        | {"label": _contrast(finding), "group": _group(finding)}
        for finding in findings
        if OBSERVED[finding.claim.primary].share
    ]
    rows.sort(key=lambda row: GROUPS.index(row["group"]))
    return pd.DataFrame(rows, columns=SHOWN)


def _contrast(finding: Finding) -> str:
    """What is compared, in words: 'war, working channels against as it is'."""
    labels, first = finding.labels, finding.first
    against = f"{labels[first.arm]} against {labels[first.against]}"
    return f"{OBSERVED[finding.claim.primary].title}: {against}"


def _group(finding: Finding) -> str:
    """The verdict in a word or two, without its numbers."""
    return next(each for each in GROUPS if finding.first.verdict.startswith(each))


def forest_of(finding: Finding) -> pd.DataFrame:
    """A row a quantity and contrast: the one the claim is judged by, then the others it reports.

    Of a claim that is judged by a share these are shares alone; of another all, each in its unit.
    """
    claim, shares = finding.claim, OBSERVED[finding.claim.primary].share
    told = [name for name in claim.quantities if OBSERVED[name].share or not shares]
    pairs = [(contrast, name) for contrast in finding.contrasts for name in told]
    rows = [finding.row(contrast, name) | {"unit": unit_of(name)} for contrast, name in pairs]
    if not shares:  # a panel a unit, and in each a row a contrast
        rows = [row | {"label": row["group"], "group": row["label"]} for row in rows]
        rows.sort(key=lambda row: told.index(row["observable"]))
    return pd.DataFrame(rows, columns=[*SHOWN, "unit"])
