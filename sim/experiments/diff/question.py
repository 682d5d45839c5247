"""A diff: which values differ between two scenarios, and what follows with common random numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Unpack

from sim.errors import StudyError
from sim.experiments.arms.counts import ArmsExperiment, pairs_of
from sim.experiments.arms.figures import shares_apart
from sim.experiments.arms.tables import tables_of
from sim.experiments.diff.report import TOLD, page
from sim.experiments.diff.tables import numbers_apart
from sim.experiments.question import Counts, Figures, OfMany, Stage, Stages, Tables, planned
from sim.experiments.runner import Answer, Keeping, answer
from sim.scenario.changes import safe, short_name
from sim.scenario.files import AnyScenario, scenario_from
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

RUNS = 2_000  # of each scenario, unless more or fewer are asked for


@dataclass(frozen=True)
class Diff(OfMany):
    """Compare two scenarios value by value; if ``played``, run both with the plan of ``scenario``.

    Table "numbers": a row for each value that differs: key, label, unit, a, b, change (b - a). Table "differences",
    if played: the paired differences of all observables, as a comparison has them.
    """

    played: bool

    kind: ClassVar[str] = "diff"

    @property
    def name(self) -> str:
        """What its folder is called before the hash."""
        return f"{'-vs-'.join(map(safe, self.scenarios))}-diff"

    @property
    def experiment(self) -> ArmsExperiment:
        """Both scenarios, as often, as long and with the seed of the plan."""
        own = self.scenario.study
        arms = {name: planned(each, own.runs, own.days, own.seed) for name, each in self.scenarios.items()}
        return ArmsExperiment(arms, pairs_of(list(arms)), own.runs, own.days, own.seed)

    def stages(self) -> Stages:
        """One, the runs of both; none if only values are compared."""
        if self.played:
            yield Stage("runs", self.experiment)

    def tables(self, counts: Counts) -> dict[str, pd.DataFrame]:
        """The table "numbers" and, if played, "differences"."""
        found = {"numbers": numbers_apart(*self.scenarios.values())}
        if self.played:
            found["differences"] = tables_of(self.experiment, counts["runs"])["differences"]
        return found

    def page(self, tables: Tables) -> str:
        """The values that differ, and what follows."""
        one, other = self.scenarios
        return page(one, other, self.scenario, tables)

    def figures(self, tables: Tables) -> Figures:
        """What differs between the runs of both, as far as it is a share of them."""
        if not self.played:
            return {}
        differences = tables["differences"]
        told = differences[differences["observable"].isin(TOLD)]
        own = self.scenario.study
        about = f"{own.runs:,} runs of {own.days} days each, seed {own.seed}"
        return {"differences": partial(shares_apart, told, about, names=tuple(self.scenarios))}


QUESTION = Diff


def asked(a: Scenario, b: Scenario, runs: int, days: int | None = None, seed: int | None = None) -> Diff:
    """The question; ``runs`` of 0 compare values only. Days and seed are those of ``a`` unless given.

    Raises StudyError for runs, days and a seed that are not allowed.
    """
    if runs < 0:
        raise StudyError(f"runs is {runs}; it must be 0 or more")
    plan = planned(a, runs or None, days, seed)
    played = runs > 0 and not numbers_apart(a, b).empty
    return Diff(plan, _named(a, b), played)


def _named(a: Scenario, b: Scenario) -> Mapping[str, Scenario]:
    """Both by their names, or by what tells them apart if the names are the same."""
    one, other = short_name(a), short_name(b)
    return {one: a, other: b} if one != other else {one: a, f"{other}-2": b}


def diff(
    a: AnyScenario,
    b: AnyScenario,
    runs: int = RUNS,
    *,
    days: int | None = None,
    seed: int | None = None,
    **kept: Unpack[Keeping],
) -> Answer:
    """Which values differ between two scenarios, and what follows.

    Both are run ``runs`` times with common random numbers; 0 compares the values only. Days and seed are those of
    ``a`` unless given. The answer has the tables of :class:`Diff`; the rest is as for
    :func:`sim.experiments.runner.answer`. Raises StudyError for what cannot be run.
    """
    return answer(asked(scenario_from(a), scenario_from(b), runs, days, seed), **kept)
