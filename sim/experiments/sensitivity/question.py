"""Global sensitivity: which of a scenario's assumptions its results rest on, chance told apart from parameters.

Morris's screening over all registered numbers picks those that do most; Sobol' indices are then estimated for
each of them, and for all others together, as one. Every number moves over its declared range, evenly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self, Unpack

from sim.compute.experiment import Piece
from sim.errors import StudyError
from sim.experiments.design import Factor, factors, scaled
from sim.experiments.design_experiment import Row
from sim.experiments.question import Counts, Figures, Question, Stage, Stages, Tables, point_plan
from sim.experiments.runner import Answer, Keeping, answer
from sim.experiments.sensitivity.counts import (
    QUANTITIES,
    THOROUGH,
    Effort,
    Summary,
    SummedRows,
    point_sums,
)
from sim.experiments.sensitivity.figures import figures_of
from sim.experiments.sensitivity.report import report
from sim.experiments.sensitivity.tables import box_table, index_table, point_table, screening_table
from sim.results.observables import OBSERVED
from sim.scenario.files import AnyScenario, scenario_from
from sim.scenario.scenario import Scenario
from sim.schema.claims import Observable
from sim.statistics.morris import Effects, effects, largest, step_sums, trajectories
from sim.statistics.salib import salib
from sim.statistics.sampling import Floats, hypercube, saltelli
from sim.statistics.sobol import row_sums
from sim.text import shown

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Sensitivity(Question):
    """Screen registered numbers over their ranges, and estimate Sobol' indices of those that matter most.

    screening: a row a parameter and quantity: parameter, label, quantity, low, high, mu, mu_star, mu_star_low,
               mu_star_high, sigma (per whole range), size, sigma_free (chance out), kept
    indices:   a row a parameter kept, and one for all others together, and quantity: parameter, label,
               quantity, first, first_low, first_high, total, total_low, total_high (chance out), first_naive,
               total_naive (chance in), variance, chance (share of the naive variance)
    points:    a row a point of a Latin hypercube: a column a parameter, and one a quantity
    box:       a row a restriction of the box that was discovered: parameter, label, low, high (infinite where
               there is no limit), quasi_p, and the same in each: quantity, threshold, coverage, density, mass,
               base, p, believed

    Points and box only if there is a quantity to be discovered.
    """

    keys: tuple[str, ...]
    effort: Effort
    discover: Observable | None

    kind: ClassVar[str] = "sensitivity"

    def asked(self) -> dict[str, Any]:
        """The fields other than the scenario, as plain JSON."""
        return super().asked() | {"effort": vars(self.effort)}

    @classmethod
    def again(cls, scenario: Scenario, asked: Mapping[str, Any], **more: Any) -> Self:
        """The question of which :meth:`asked` gave these fields."""
        return super().again(scenario, {**asked, "effort": Effort(**asked["effort"])}, **more)

    @cached_property
    def moved(self) -> tuple[Factor, ...]:
        """The numbers that are moved, each with its range, in the order of ``keys``."""
        found = {each.key: each for each in factors(self.scenario, self.keys)}
        return tuple(found[key] for key in self.keys)

    @property
    def plain_runs(self) -> float:
        """All three stages; how many parameters the second has is known before."""
        return self.effort.plain_runs(len(self.moved), self.discover is not None)

    def stages(self) -> Stages:
        """Screening; indices of the parameters that it singles out; and points, if there is something to discover."""
        effort = self.effort
        screened = yield Stage("screening", self.experiment(self.paths, step_sums, effort.screen_runs))
        singled = largest(self.effects(screened), effort.keep)
        design = saltelli(len(self.moved), singled, effort.rows, self.scenario.study.seed)
        yield Stage("indices", self.experiment(design, row_sums, effort.runs))
        if self.discover:
            yield Stage("points", self.cube)

    def experiment(self, shares: Floats, summary: Summary, runs: int) -> SummedRows:
        """Rows of points, given as shares of the ranges: (rows, points, parameters)."""
        own, keys = self.scenario.study, tuple(each.key for each in self.moved)
        rows = tuple(Row(keys, scaled(self.moved, row)) for row in shares)
        scenarios = {self.scenario.name: self.scenario}
        return SummedRows(scenarios, rows, QUANTITIES, runs, own.days, own.seed, fresh=True, summary=summary)

    @cached_property
    def paths(self) -> Floats:
        """The trajectories of the screening."""
        return trajectories(self.effort.trajectories, len(self.moved), self.scenario.study.seed)

    @cached_property
    def cube(self) -> SummedRows:
        """The points in which a box is looked for."""
        effort, seed = self.effort, self.scenario.study.seed
        return self.experiment(hypercube(len(self.moved), effort.points, seed), point_sums, effort.point_runs)

    def effects(self, piece: Piece) -> list[Effects]:
        """What the screening found, by quantity."""
        n, seed = self.effort.screen_runs, self.scenario.study.seed
        return [
            effects(self.paths, piece, at, n, 1 / OBSERVED[name].scale, seed)
            for at, name in enumerate(QUANTITIES)
        ]

    def tables(self, counts: Counts) -> dict[str, pd.DataFrame]:
        """The tables "screening" and "indices", and "points" and "box" if there is something to discover."""
        found, moved, seed = self.effects(counts["screening"]), self.moved, self.scenario.study.seed
        singled = largest(found, self.effort.keep)
        tables = {
            "screening": screening_table(moved, found, singled),
            "indices": index_table(counts["indices"], moved, singled, self.effort.runs, seed),
        }
        if self.discover:
            tables["points"] = point_table(self.cube, counts["points"])
            tables["box"] = box_table([moved[i] for i in singled], tables["points"], self.discover, seed)
        return tables

    def page(self, tables: Tables) -> str:
        """Indices, effects and the box that was discovered."""
        return report(self.scenario, self.effort, len(self.moved), tables)

    def figures(self, tables: Tables) -> Figures:
        """Indices of three quantities, and the screening of two."""
        return figures_of(self.scenario, tables)

    def to_json(self, tables: Tables) -> dict[str, Any]:
        """The rows of each table but the points."""
        return super().to_json({name: table for name, table in tables.items() if name != "points"})


QUESTION = Sensitivity


def asked(
    scenario: Scenario,
    over: Sequence[str],
    effort: Effort,
    discover: Observable | None,
    days: int | None,
    seed: int | None,
) -> Sensitivity:
    """The question over all registered numbers with a range, or those named.

    Raises StudyError if SALib is not installed, for days or a seed that are not allowed, or if there is too little
    to move; ScenarioError for a key without a range.
    """
    keys = tuple(each.key for each in factors(scenario, over))
    _check(effort, len(keys))
    most = max(effort.runs, effort.screen_runs, effort.point_runs)
    return Sensitivity(point_plan(scenario, most, days, seed), keys, effort, discover)


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
    if effort.points < 2 or effort.point_runs < 1:
        raise StudyError("at least 2 points with 1 run each are needed to look for a box")


def quantity_named(word: str) -> Observable | None:
    """The quantity of that name, None for "none"; StudyError for any other word."""
    found: dict[str, Observable | None] = {name: name for name in QUANTITIES} | {"none": None}
    if word not in found:
        raise StudyError(f"--discover {shown(word)} is none of: {', '.join(found)}")
    return found[word]


def sensitivity(
    scenario: AnyScenario,
    *,
    over: Sequence[str] = (),
    effort: Effort = THOROUGH,
    discover: Observable | None = "miscalculated",
    days: int | None = None,
    seed: int | None = None,
    **kept: Unpack[Keeping],
) -> Answer:
    """Screen the registered assumptions (or those named in ``over``) and estimate Sobol' indices of what matters.

    Of war, miscalculated war, exit and peak level. ``discover``: the quantity whose high values are boxed in
    (:mod:`sim.statistics.prim`), None for none. The answer has the tables of :class:`Sensitivity`; the rest is as
    for :func:`sim.experiments.runner.answer`. Raises StudyError if SALib is not installed, or there is too little
    to move; ScenarioError for a key without a range.
    """
    question = asked(scenario_from(scenario), over, effort, discover, days, seed)
    return answer(question, **kept)
