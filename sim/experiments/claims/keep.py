"""What is kept of claims that were examined: report, JSON, tables and figures in one folder."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.compute.fingerprints import counts_digest
from sim.experiments.claims.claims import Finding, verdict_rows
from sim.experiments.claims.report import TOGETHER, markdown
from sim.results import store
from sim.results.observables import OBSERVED

if TYPE_CHECKING:
    from matplotlib.figure import Figure


GROUPS = ("supported", "contradicted", "not distinguishable from 0", "assumed", "a finding")
"""Verdicts as the heads of the figure of all claims, in order."""


def keep(findings: Sequence[Finding], folder: Path, figures: bool = True) -> None:
    """Write report.md, claims.json, claims.parquet, the curves and draws of all, and a figure for each claim.

    The folder is replaced as a whole or not at all; raises StoreError.
    """
    files = {f"{name}.png": image for name, image in (_images(findings) if figures else ())}
    drawn = [Path(name).stem for name in files]
    files["report.md"] = markdown(findings, drawn).encode()
    files["claims.json"] = (json.dumps(to_json(findings), indent=1) + "\n").encode()
    files["claims.parquet"] = _parquet(verdict_rows(findings))
    for name in ("arm_curves", "effects", "sweep"):
        files[f"{name}.parquet"] = _parquet(_together(findings, name))
    with store.locked(folder):
        store.write(folder, files, {"claims": [f.name for f in findings], "sources": counts_digest()})


def to_json(findings: Sequence[Finding]) -> dict[str, Any]:
    """All findings as plain lists and numbers, as ``brink claims --json`` prints them."""
    return {"claims": [finding.to_json() for finding in findings]}


def _together(findings: Sequence[Finding], name: str) -> pd.DataFrame:
    tables = [f.tables[name].assign(claim=f.name) for f in findings if not f.tables[name].empty]
    return pd.concat(tables, ignore_index=True) if tables else findings[0].tables[name].assign(claim="")


def _parquet(table: pd.DataFrame) -> bytes:
    return bytes(table.to_parquet(index=False, compression="zstd"))


# Figures --------------------------------------------------------------------------------------


def _images(findings: Sequence[Finding]) -> Iterator[tuple[str, bytes]]:
    """A forest of all claims, and one of each."""
    from sim import figures as plots

    for name, figure in _figures(findings):
        yield name, plots.encoded(figure, "png")


def _figures(findings: Sequence[Finding]) -> Iterator[tuple[str, Figure]]:
    from sim import figures as plots

    table = forest_of_all(findings)
    if not table.empty:
        yield (
            TOGETHER,
            plots.forest(table, "What is claimed, and what the model says", about=_played(findings[0])),
        )
    for finding in findings:
        table = forest_of(finding)
        if not table.empty:
            yield finding.name, plots.forest(table, finding.claim.says, about=_played(finding))


def _played(finding: Finding) -> str:
    own = finding.scenario.study
    return f"{own.days} days, seed {own.seed}"


def forest_of_all(findings: Sequence[Finding]) -> pd.DataFrame:
    """A row a claim that is judged by a share, under its verdict: label, group, value, low, high, n, distinguishable."""
    rows: list[dict[str, Any]] = [
        {
            "label": f"{finding.name}: {OBSERVED[finding.claim.primary].title}",
            "group": _group(finding),
            **_interval(vars(finding.contrasts[0].difference)),
            "distinguishable": finding.contrasts[0].difference.distinguishable,
        }
        for finding in findings
        if OBSERVED[finding.claim.primary].share
    ]
    rows.sort(key=lambda row: GROUPS.index(row["group"]))
    return pd.DataFrame(rows)


def _group(finding: Finding) -> str:
    """The verdict in a word or two, without its numbers."""
    return next(each for each in GROUPS if finding.contrasts[0].verdict.startswith(each))


def forest_of(finding: Finding) -> pd.DataFrame:
    """A row a contrast and share: the quantity the claim is judged by, then the others it reports."""
    names = [name for name in (finding.claim.primary, *finding.claim.also) if OBSERVED[name].share]
    table = finding.tables["differences"]
    here = [
        row
        for contrast in finding.contrasts
        for name in dict.fromkeys(names)
        for row in table[
            (table["against"] == contrast.against)
            & (table["arm"] == contrast.arm)
            & (table["observable"] == name)
        ].to_dict("records")
    ]
    return pd.DataFrame(
        [
            {key: row[key] for key in ("label", "group")}
            | _interval(row)
            | {"distinguishable": row["distinguishable"]}
            for row in here
        ]
    )


def _interval(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {key: row[key] for key in ("value", "low", "high", "n")}
