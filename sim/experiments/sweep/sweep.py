"""A sweep: what comes out as numbers of a scenario are moved through values, all points under common luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.errors import StudyError
from sim.experiments.design import Design, Spread, grid, spread
from sim.experiments.design_points import MOST_RUNS, Points
from sim.experiments.runner import THREADS, Means, kept, planned, refuse_too_many
from sim.experiments.sweep.figures import _figures
from sim.experiments.sweep.report import report
from sim.experiments.sweep.tables import table_of
from sim.results.folder import Findings, Place
from sim.scenario.scenario import Scenario
from sim.scenario.values import parsed
from sim.text import printable

RUNS = 2_000  # a point, unless more or fewer are asked for


@dataclass(frozen=True)
class Sweep:
    """What a sweep found.

    table: a row a point and quantity: point, a column for each key, quantity, n, value, low, high, and what
           differs, run by run, from the scenario as it is: difference, difference_low, difference_high,
           distinguishable. Shares lie in 0..1; measures are in the unit that MODEL.md gives them.
    """

    scenario: Scenario
    keys: tuple[str, ...]
    table: pd.DataFrame
    text: str
    folder: Path | None


def sweep(
    scenario: Scenario,
    vary: Mapping[str, Any] | None = None,
    *,
    design: Design | None = None,
    runs: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    twins: bool = False,
    out: str | Path = "results",
    name: str | None = None,
    save: bool = True,
    figures: bool = True,
    means: Means = THREADS,
) -> Sweep:
    """Simulate a scenario at every point of a design, and compare each with the scenario as it is.

    ``vary``: values by dotted key, ``{"world.framework": [0.1, 0.5], "actors.caracas.resolve": "0.3:0.8:11"}``,
    all combinations of which are run; or else any ``design`` of :mod:`sim.experiments.design`; or else what the scenario's
    own ``[sweep]`` says. ``runs`` a point, 2,000 by default. With ``twins``, every run has its clear-sighted
    twin, and miscalculated war and the like are counted. All points share seed and run numbers. Kept under
    ``out`` unless ``save`` is False; the same again is read, not run, and what was stopped goes on.
    ``means`` says who computes.
    Raises ScenarioError for keys and values that are not allowed, StudyError for what cannot be run.
    """
    plan = planned(scenario, RUNS if runs is None else runs, days, seed)
    chosen = design or (grid(plan, vary) if vary is not None else design_of(scenario, plan.study.seed))
    refuse_too_many(plan.study.runs, MOST_RUNS)
    study = plan.study
    points = tuple(chosen.overrides(i) for i in range(len(chosen.points)))
    experiment = Points(plan, points, study.runs, study.days, study.seed, twins)

    def make() -> Findings:
        table = table_of(experiment, chosen, means.carry("points", experiment, plan, place))
        text = report(plan, chosen, table, study.runs, twins)
        drawn = _figures(plan, chosen, table) if figures else {}
        return Findings("sweep", place.name if place else plan.name, {"sweep": table}, text, drawn)

    identity = experiment.identity() | {"figures": figures}
    place = Place.of("sweep", plan, identity, out, name) if save else None
    found = kept(place, plan, make)
    return Sweep(plan, chosen.keys, found.tables["sweep"], found.text, found.folder)


def design_of(scenario: Scenario, seed: int) -> Design:
    """The design that the scenario's own ``[sweep]`` asks for; StudyError if it asks for nothing."""
    own = scenario.sweep
    if own.design == "grid":
        return grid(scenario, own.vary, "sweep.vary.")
    return spread(scenario, own.design, own.points, own.over, seed)


def design_asked(
    scenario: Scenario,
    vary: Sequence[str],
    kind: Spread | None,
    points: int | None,
    over: Sequence[str],
    seed: int | None,
) -> Design:
    """The design that a command line asks for; where it names none, the scenario's own."""
    if vary and kind:
        raise StudyError("--vary makes a grid, and --design spreads points over ranges; give one of them")
    if (points is not None or over) and not kind:
        raise StudyError("--points and --over are of use only with --design latin or --design sobol")
    luck = scenario.study.seed if seed is None else seed
    if kind:
        return spread(scenario, kind, scenario.sweep.points if points is None else points, over, luck)
    if not vary:
        return design_of(scenario, luck)
    asked = [parsed(text) for text in vary]
    twice = next((key for at, (key, _) in enumerate(asked) if key in dict(asked[:at])), None)
    if twice:
        raise StudyError(f"--vary {printable(twice)} is given twice")
    return grid(scenario, dict(asked), "--vary ")
