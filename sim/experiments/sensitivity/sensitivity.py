"""Global sensitivity: which of a scenario's assumptions its results rest on, chance told apart from parameters.

Morris's screening over all registered numbers picks those that do most; Sobol' indices are then estimated for
each of them, and for all others together, as one. Every number moves over its declared range, evenly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import StudyError
from sim.experiments.design import factors
from sim.experiments.runner import THREADS, Means, kept, planned
from sim.experiments.sensitivity.figures import _figures
from sim.experiments.sensitivity.report import report
from sim.experiments.sensitivity.tables import QUANTITIES, Effort, _box, _indices, _Plan, _points, _screened
from sim.results.folder import Findings, Place
from sim.scenario.scenario import Scenario
from sim.schema.claims import Observable
from sim.statistics.morris import step_sums, trajectories
from sim.statistics.salib import salib
from sim.statistics.sampling import hypercube, saltelli
from sim.statistics.sobol import row_sums
from sim.text import shown

THOROUGH = Effort()
QUICK = Effort(trajectories=10, rows=128, points=200, point_runs=128)


@dataclass(frozen=True)
class Sensitivity:
    """What was found, by table.

    screening: a row a parameter and quantity: parameter, label, quantity, low, high, mu, mu_star, mu_star_low,
               mu_star_high, sigma (per whole range), size, sigma_free (chance out), kept
    indices:   a row a parameter kept, and one for all others together, and quantity: parameter, label,
               quantity, first, first_low, first_high, total, total_low, total_high (chance out), first_naive,
               total_naive (chance in), variance, chance (share of the naive variance)
    points:    a row a point of a Latin hypercube: a column a parameter, and one a quantity
    box:       a row a restriction of the box that was discovered: parameter, label, low, high (infinite where
               there is no limit), quasi_p, and the
               same in each: quantity, threshold, coverage, density, mass, base, p, believed
    """

    scenario: Scenario
    tables: dict[str, pd.DataFrame]
    text: str
    folder: Path | None

    def __getattr__(self, name: str) -> pd.DataFrame:
        """A table by its name."""
        if name not in ("screening", "indices", "points", "box"):
            raise AttributeError(name)
        return self.tables[name]


def sensitivity(
    scenario: Scenario,
    *,
    over: Sequence[str] = (),
    effort: Effort = THOROUGH,
    discover: Observable | None = "miscalculated",
    days: int | None = None,
    seed: int | None = None,
    out: str | Path = "results",
    name: str | None = None,
    save: bool = True,
    figures: bool = True,
    means: Means = THREADS,
) -> Sensitivity:
    """Screen the registered assumptions (or those named in ``over``) and estimate Sobol' indices of what matters.

    Of war, miscalculated war, exit and peak level. ``discover``: the quantity whose high values are boxed in
    (:mod:`sim.statistics.prim`), None for none. Kept as :func:`sim.experiments.sweep.sweep.sweep` keeps. Raises StudyError if SALib is
    not installed, or there is too little to move; ScenarioError for a key without a range.
    """
    plan = _Plan(planned(scenario, None, days, seed), factors(scenario, over), effort)
    _check(effort, len(plan.moved))
    points = trajectories(effort.trajectories, len(plan.moved), plan.scenario.study.seed)
    screen = plan.experiment(points, step_sums, effort.screen_runs)

    def make() -> Findings:
        screening, chosen = _screened(plan, points, means.carry("screening", screen, plan.scenario, place))
        singled = replace(plan, places=chosen)
        tables = {"screening": screening} | _estimated(singled, discover, means, place)
        drawn = _figures(singled, tables) if figures else {}
        return Findings("sensitivity", plan.scenario.name, tables, report(singled, tables), drawn)

    identity = screen.identity() | {
        "what": "sensitivity",
        "effort": vars(effort),
        "discover": discover,
        "figures": figures,
    }
    place = Place.of("sensitivity", plan.scenario, identity, out, name) if save else None
    kept_ = kept(place, plan.scenario, make)
    return Sensitivity(plan.scenario, kept_.tables, kept_.text, kept_.folder)


def _estimated(
    plan: _Plan, discover: Observable | None, means: Means, place: Place | None
) -> dict[str, pd.DataFrame]:
    """The indices of the parameters singled out, and where the quantity to be discovered is high."""
    effort, seed, width = plan.effort, plan.scenario.study.seed, len(plan.moved)
    sobol = plan.experiment(saltelli(width, plan.places, effort.rows, seed), row_sums, effort.runs)
    tables = {"indices": _indices(plan, means.carry("indices", sobol, plan.scenario, place))}
    if discover is None:
        return tables
    cube = plan.experiment(hypercube(width, effort.points, seed), sums, effort.point_runs)
    points = _points(cube, means.carry("points", cube, plan.scenario, place))
    return tables | {"points": points, "box": _box(plan, points, discover)}


def quantity_named(word: str) -> Observable | None:
    """The quantity of that name, None for "none"; StudyError for any other word."""
    if word == "none":
        return None
    for name in QUANTITIES:
        if word == name:
            return name
    raise StudyError(f"--discover {shown(word)} is none of: {', '.join(QUANTITIES)}, none")


def _check(effort: Effort, width: int) -> None:
    """Raise StudyError for what cannot be done."""
    salib("sample.sobol")
    if width < 2:
        raise StudyError("sensitivity needs at least two numbers with a range")
    if effort.rows < 2 or effort.rows & (effort.rows - 1):
        raise StudyError(f"{effort.rows:,} rows; it must be a power of two, 2 at least")
    if effort.runs < 2 or effort.screen_runs < 2:
        raise StudyError("at least 2 runs at each point are needed to tell chance from parameters")
    if effort.trajectories < 2 or effort.keep < 1:
        raise StudyError("at least 2 trajectories and 1 parameter singled out are needed")


def sums(values: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
    """Sums over the runs of a row: sum (points, quantities)."""
    return {"sum": values.sum(axis=-1)}
