"""The tables of claims, made from their counts; all have a column "claim"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from sim.compute.experiment import Piece
from sim.experiments.arms.counts import arms_of
from sim.experiments.arms.tables import tables_of
from sim.experiments.claims.counts import design, swept
from sim.experiments.claims.findings import Finding
from sim.experiments.claims.robustness import Survival, robustness
from sim.experiments.design_experiment import PairedScenarios
from sim.results.observables import SCALE
from sim.scenario.scenario import Scenario
from sim.statistics.differences import in_columns
from sim.statistics.random_effects import inner_variance

SWEEP = ("at", "n", "value", "low", "high", "se", "distinguishable")


def tables_of_claim(
    scenario: Scenario, arms: Piece, sweep: Piece | None, robust: Piece, draws: int, draw_runs: int
) -> dict[str, pd.DataFrame]:
    """Tables "arms", "differences", "arm_harm", "arm_curves", "effects" and "sweep" of one claim, without its name."""
    return {
        **tables_of(arms_of(scenario), arms),
        "effects": effects(design(scenario, draws, draw_runs), robust),
        "sweep": sweep_table(scenario, sweep),
    }


def effects(experiment: PairedScenarios, piece: Piece) -> pd.DataFrame:
    """Every draw's difference and its sampling variance: draw, against, arm, value, variance."""
    return pd.DataFrame(_effects(experiment, piece))


def _effects(experiment: PairedScenarios, piece: Piece) -> Iterator[dict[str, Any]]:
    rounding = 1 / (6 * SCALE**2 * experiment.runs)  # two measures, each rounded to a 256th, in every run
    for draw in range(experiment.units):
        for place, (from_, to) in enumerate(experiment.pairs):
            found = experiment.difference(piece, draw, place)
            variance = max(inner_variance(found), rounding)
            yield {"draw": draw, "against": from_, "arm": to, "value": found.value, "variance": variance}


def sweep_table(scenario: Scenario, piece: Piece | None) -> pd.DataFrame:
    """The first contrast along the claim's sweep; no rows without one."""
    experiment = swept(scenario)
    if experiment is None or piece is None:
        return pd.DataFrame(columns=list(SWEEP))
    rows = [
        {"at": row.points[0][0], **in_columns(experiment.difference(piece, place, 0))}
        for place, row in enumerate(experiment.rows)
    ]
    return pd.DataFrame(rows, columns=list(SWEEP))


def together(each: Mapping[str, Mapping[str, pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    """Tables of claims by name as one each, with a last column "claim"."""
    names = next(iter(each.values()))
    return {name: _stacked({claim: tables[name] for claim, tables in each.items()}) for name in names}


def _stacked(each: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    tables = [table.assign(claim=claim) for claim, table in each.items() if not table.empty]
    return pd.concat(tables, ignore_index=True) if tables else next(iter(each.values())).assign(claim="")


def verdict_rows(findings: Sequence[Finding]) -> pd.DataFrame:
    """A row a claim, contrast and quantity; verdict and robustness are those of the primary quantity."""
    return pd.DataFrame([row for finding in findings for row in _rows(finding)])


def _rows(finding: Finding) -> Iterator[dict[str, Any]]:
    claim = finding.claim
    for contrast in finding.contrasts:
        for name in claim.quantities:
            primary = name == claim.primary
            yield {
                "claim": finding.name,
                "mark": finding.mark,
                "expect": claim.expect,
                "judged_by": primary and contrast is finding.first,
                **finding.row(contrast, name),
                "verdict": contrast.verdict if primary else "",
                **_survived(contrast.survival if primary else None),
            }


def _survived(survival: Survival | None) -> dict[str, Any]:
    """Robustness as columns, empty for quantities that it was not looked at for."""
    keys = ("draws", "mean", "tau", "inner", "share", "share_low", "share_high")
    said = robustness(survival) if survival else {}
    return {f"robust_{key}": said.get(key) for key in keys}
