"""The tables of a sensitivity analysis, made from its counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.compute.experiment import Piece
from sim.experiments.design import Factor
from sim.experiments.sensitivity.counts import QUANTITIES, SummedRows
from sim.results.observables import OBSERVED
from sim.schema.claims import Observable
from sim.statistics.morris import Effects
from sim.statistics.prim import Box, discovered
from sim.statistics.sampling import OTHERS
from sim.statistics.sobol import indices

TOP = 0.75  # discovery asks where a quantity lies above this quantile of all points


def screening_table(
    moved: Sequence[Factor], found: Sequence[Effects], singled: Sequence[int]
) -> pd.DataFrame:
    """What each parameter does by itself: a row a quantity and parameter."""
    rows = [
        {
            "parameter": factor.key,
            "label": factor.label,
            "quantity": name,
            "low": float(factor.low),
            "high": float(factor.high),
            "mu": each.mu[i],
            "mu_star": each.mu_star[i],
            "mu_star_low": max(0.0, each.mu_star[i] - each.mu_star_half[i]),
            "mu_star_high": each.mu_star[i] + each.mu_star_half[i],
            "sigma": each.sigma[i],
            "size": each.size[i],
            "sigma_free": each.sigma_free[i],
            "kept": i in singled,
        }
        for name, each in zip(QUANTITIES, found, strict=True)
        for i, factor in enumerate(moved)
    ]
    return pd.DataFrame(rows)


def index_table(
    piece: Piece, moved: Sequence[Factor], singled: Sequence[int], runs: int, seed: int
) -> pd.DataFrame:
    """Sobol' indices: a row a quantity and parameter singled out, and one for all others."""
    names = [(moved[i].key, moved[i].label) for i in singled]
    if len(names) < len(moved):
        names.append((OTHERS, f"all {len(moved) - len(names)} others"))
    rows: list[dict[str, Any]] = []
    for at, name in enumerate(QUANTITIES):
        found = indices(piece, at, runs, 1 / OBSERVED[name].scale, seed=seed)
        rows += [
            {
                "parameter": key,
                "label": label,
                "quantity": name,
                "first": found.first[i],
                "first_low": found.first_ends[0, i],
                "first_high": found.first_ends[1, i],
                "total": found.total[i],
                "total_low": found.total_ends[0, i],
                "total_high": found.total_ends[1, i],
                "first_naive": found.first_naive[i],
                "total_naive": found.total_naive[i],
                "variance": found.variance,
                "chance": found.chance,
            }
            for i, (key, label) in enumerate(names)
        ]
    return pd.DataFrame(rows)


def point_table(experiment: SummedRows, piece: Piece) -> pd.DataFrame:
    """The points of a hypercube, and what the runs there came to."""
    values = pd.DataFrame([row.points[0] for row in experiment.rows], columns=list(experiment.rows[0].keys))
    for at, name in enumerate(QUANTITIES):
        values[name] = piece["row.sum"][:, 0, at] / experiment.runs / OBSERVED[name].scale
    return values


BOX_TYPES = {
    "parameter": str,
    "label": str,
    "low": float,
    "high": float,
    "quasi_p": float,
    "quantity": str,
    "threshold": float,
    "coverage": float,
    "density": float,
    "mass": float,
    "base": float,
    "p": float,
    "believed": bool,
}


def box_table(moved: Sequence[Factor], points: pd.DataFrame, name: Observable, seed: int) -> pd.DataFrame:
    """The box in which a quantity is in its top quarter; one row without a parameter if nothing is restricted."""
    values = points[name].to_numpy(float)
    threshold = float(np.quantile(values, TOP))
    x = points[[each.key for each in moved]].to_numpy(float)
    found: Box = discovered(x, values > threshold, seed)
    common = {key: getattr(found, key) for key in ("coverage", "density", "mass", "base", "p", "believed")}
    rows: list[dict[str, Any]] = [
        {
            "parameter": moved[i].key,
            "label": moved[i].label,
            "low": each.low,
            "high": each.high,
            "quasi_p": each.quasi_p,
        }
        for i, each in found.restrictions.items()
    ] or [{"parameter": "", "label": "", "low": np.nan, "high": np.nan, "quasi_p": 1.0}]
    every = [row | {"quantity": name, "threshold": threshold} | common for row in rows]
    return pd.DataFrame(every).astype(BOX_TYPES)
