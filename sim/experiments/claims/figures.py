"""The figures of claims: a forest of all that are judged by a share, and one of each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

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
    """How to draw each figure, by name; of a claim that tells no share of runs there is none."""
    own = findings[0].scenario.study
    titled = {TOGETHER: (forest_of_all(findings), in_numbers(findings).rstrip("."))}
    titled |= {
        each.name: (forest_of(each), f"{one_line(each.claim.says)}: {each.first.verdict}")
        for each in findings
    }
    about = {TOGETHER: own} | {each.name: each.scenario.study for each in findings}
    return {
        name: partial(_drawn, table, title, f"{about[name].days} days, seed {about[name].seed}")
        for name, (table, title) in titled.items()
        if not table.empty
    }


def _drawn(table: pd.DataFrame, title: str, about: str) -> Figure:
    from sim.figures.forest import forest

    return forest(table, title, about=about)


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
    """A row a contrast and share: the quantity the claim is judged by, then the others it reports."""
    rows = [
        finding.row(contrast, name)
        for contrast in finding.contrasts
        for name in finding.claim.quantities
        if OBSERVED[name].share
    ]
    return pd.DataFrame(rows, columns=SHOWN)
