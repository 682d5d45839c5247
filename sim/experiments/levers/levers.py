"""Levers: what every number of a scenario does at both ends of its range, one at a time, under common luck."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

import pandas as pd

from sim.errors import ScenarioError, StudyError
from sim.experiments.design import label
from sim.experiments.design_points import MOST_RUNS, Points
from sim.experiments.levers.figures import _figure
from sim.experiments.levers.report import report
from sim.experiments.levers.tables import SHARE, Lever, table_of
from sim.experiments.runner import THREADS, Means, kept, planned, refuse_too_many
from sim.results.folder import Findings, Place
from sim.scenario.lookup import SCENARIO, Declared
from sim.scenario.scenario import Scenario
from sim.scenario.values import NOT_VARIED, unswept

RUNS = 4_000  # an end, unless more or fewer are asked for
STEP, WHOLE_STEP = 0.1, 1  # by which 0 is moved, and a whole number at least
LOST = 0.01  # by which a share kept a day is moved if nothing is lost


@dataclass(frozen=True)
class Levers:
    """What the levers of a scenario do.

    table: a row a lever, end and quantity: lever, label, end (low, high), at (the value there), base (its
           value), registered, quantity, n, value (what differs, run by run, from the scenario as it is), low,
           high, se, distinguishable, changed (runs in which anything differs), mark, reason (why it is dead by
           design). Levers that do most to war come first.
    """

    scenario: Scenario
    table: pd.DataFrame
    text: str
    folder: Path | None


def levers(
    scenario: Scenario,
    *,
    signals: bool = False,
    runs: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    out: str | Path = "results",
    name: str | None = None,
    save: bool = True,
    figures: bool = True,
    means: Means = THREADS,
) -> Levers:
    """Pull every lever of a scenario to both ends, and count what differs run by run.

    A lever is a number: of the world, what is kept, clocks, decisions, belief, fog, coefficients, actors'
    traits, and whatever is registered; with ``signals`` those of signals and habits too. A registered number
    moves to its low and high, any other by 20 % either way (0 by 0.1; whole numbers by 1 at least; of what is
    kept a day, what is lost moves by 20 %, or 0.01 if nothing is), within what the schema allows. ``runs`` an end, 4,000 by default. Kept as :func:`sim.experiments.sweep.sweep.sweep` keeps.
    Raises StudyError for what cannot be run.
    """
    plan = planned(scenario, RUNS if runs is None else runs, days, seed)
    study = plan.study
    refuse_too_many(study.runs, MOST_RUNS)
    pulled = tuple(levers_of(plan, signals))
    experiment = Points(plan, points_of(pulled), study.runs, study.days, study.seed, twins=True)
    if not experiment.points:
        raise StudyError(f"{plan.name}: no number can be moved")

    def make() -> Findings:
        table = table_of(experiment, pulled, means.carry("levers", experiment, plan, place))
        drawn = _figure(plan, table) if figures else {}
        return Findings("levers", plan.name, {"levers": table}, report(plan, table, study.runs), drawn)

    identity = experiment.identity() | {"what": "levers", "figures": figures}
    place = Place.of("levers", plan, identity, out, name) if save else None
    found = kept(place, plan, make)
    return Levers(plan, found.tables["levers"], found.text, found.folder)


# The levers -----------------------------------------------------------------------------------


def levers_of(scenario: Scenario, signals: bool = False) -> Iterator[Lever]:
    """The levers of a scenario in the order of its document."""
    scenario = unswept(scenario)
    for key, declared, value in numbers(scenario.document()):
        registered = key in scenario.assumptions
        habit = key.startswith("signals.") or ".inclination." in key
        if key.endswith(".seat") or (habit and not signals and not registered):
            continue
        low, high = _ends(scenario, key, declared, value)
        yield Lever(key, label(scenario, key), value, low, high, registered)


def numbers(
    tree: Mapping[str, Any], declared: Declared = SCENARIO, before: str = ""
) -> Iterator[tuple[str, Declared, float]]:
    """Every number of a scenario's document that may be varied: dotted key, what is declared of it, value."""
    for name, value in tree.items():
        inside, key = declared.inside(name, tree), f"{before}{name}"
        if isinstance(value, dict):
            if before or name not in NOT_VARIED:
                yield from numbers(value, inside, f"{key}.")
        elif inside.is_number and not isinstance(value, bool):
            yield key, inside, value


def _ends(
    scenario: Scenario, key: str, declared: Declared, value: float
) -> tuple[float | None, float | None]:
    entry = scenario.assumptions.get(key)
    if entry is not None and entry.low < entry.high:
        low, high = entry.low, entry.high
    else:
        step = SHARE * (1 - value) or LOST if key.startswith("kept.") else SHARE * abs(value) or STEP
        step = max(round(step), WHOLE_STEP) if declared.kind is int else step
        low = max(value - step, -inf if declared.low is None else declared.low)
        high = min(value + step, inf if declared.high is None else declared.high)
    ends = (int(low), int(high)) if declared.kind is int else (float(low), float(high))
    bounded = declared.low is not None and declared.high is not None and not key.endswith(".deaths")
    below, above = (
        end if end != value and (bounded or _allowed(scenario, key, end)) else None for end in ends
    )
    return below, above


def _allowed(scenario: Scenario, key: str, value: float) -> bool:
    """Whether a scenario may have that value; most deaths depend on what else a signal is."""
    try:
        scenario.replace({key: value})
    except ScenarioError:
        return False
    return True


def points_of(pulled: tuple[Lever, ...]) -> tuple[dict[str, float], ...]:
    """A point for each end of each lever, in order."""
    return tuple({lever.key: value} for lever in pulled for _, value in lever.ends())
