"""TODO."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from sim.compute.experiment import Piece
from sim.experiments.design import Factor, scaled
from sim.experiments.design_points import DesignRows as Rows
from sim.results.observables import OBSERVED
from sim.scenario.scenario import Scenario
from sim.schema.claims import Observable
from sim.statistics.morris import effects, largest
from sim.statistics.prim import Box, discovered
from sim.statistics.sampling import OTHERS, Floats
from sim.statistics.sobol import indices

QUANTITIES: tuple[Observable, ...] = ("war", "miscalculated", "exit", "peak_level")
TOP = 0.75  # discovery asks where a quantity lies above this quantile of all points


@dataclass(frozen=True)
class Effort:
    """How much is simulated. ``keep``: parameters that get indices of their own; ``rows`` of the design of their
    indices, a power of two; ``points`` of the Latin hypercube in which a box is looked for; runs a point of each.
    """

    trajectories: int = 40
    screen_runs: int = 64
    rows: int = 1024
    runs: int = 64
    keep: int = 15
    points: int = 1000
    point_runs: int = 256

    def plain_runs(self, width: int, discover: bool = True) -> int:
        """Plain runs in all, twins counted, for so many parameters."""
        screen = self.trajectories * (width + 1) * self.screen_runs
        rows = self.rows * (min(width, self.keep + 1) + 2) * self.runs
        return 2 * (screen + rows + (self.points * self.point_runs if discover else 0))


@dataclass(frozen=True)
class _Plan:
    """What is to be done, and over which parameters."""

    scenario: Scenario
    moved: tuple[Factor, ...]
    effort: Effort
    places: list[int] = field(default_factory=list)  # of the parameters singled out

    def experiment(self, shares: Floats, summary: Any, runs: int) -> Rows:
        """Rows of points, given as shares of the ranges: (rows, points, parameters)."""
        study = self.scenario.study
        keys = tuple(each.key for each in self.moved)
        rows = tuple(scaled(self.moved, row) for row in shares)
        return Rows(self.scenario, keys, rows, QUANTITIES, summary, runs, study.days, study.seed)


# Tables ---------------------------------------------------------------------------------------


def _screened(plan: _Plan, points: Floats, piece: Piece) -> tuple[pd.DataFrame, list[int]]:
    n, seed = plan.effort.screen_runs, plan.scenario.study.seed
    found = [
        effects(points, piece, at, n, 1 / OBSERVED[name].scale, seed) for at, name in enumerate(QUANTITIES)
    ]
    chosen = largest(found, plan.effort.keep)
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
            "kept": i in chosen,
        }
        for name, each in zip(QUANTITIES, found, strict=True)
        for i, factor in enumerate(plan.moved)
    ]
    return pd.DataFrame(rows), chosen


def _names(plan: _Plan) -> list[tuple[str, str]]:
    """Key and label of each parameter singled out, and of the rest."""
    names = [(plan.moved[i].key, plan.moved[i].label) for i in plan.places]
    left = len(plan.moved) - len(names)
    return names + ([(OTHERS, f"all {left} others")] if left else [])


def _indices(plan: _Plan, piece: Piece) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for at, name in enumerate(QUANTITIES):
        found = indices(piece, at, plan.effort.runs, 1 / OBSERVED[name].scale, seed=plan.scenario.study.seed)
        for i, (key, label) in enumerate(_names(plan)):
            rows.append(
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
            )
    return pd.DataFrame(rows)


def _points(experiment: Rows, piece: Piece) -> pd.DataFrame:
    """The points of a hypercube, and what the runs there came to."""
    values = pd.DataFrame([row[0] for row in experiment.rows], columns=list(experiment.keys))
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


def _box(plan: _Plan, points: pd.DataFrame, name: Observable) -> pd.DataFrame:
    """The box in which a quantity is in its top quarter; one row without a parameter if nothing is restricted."""
    moved = [plan.moved[i] for i in plan.places]
    values = points[name].to_numpy(float)
    threshold = float(np.quantile(values, TOP))
    found: Box = discovered(
        points[[each.key for each in moved]].to_numpy(float), values > threshold, plan.scenario.study.seed
    )
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
