"""Whole scenarios compared with the first, run by run, with common random numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from sim.errors import BrinkError, ScenarioError
from sim.experiments.arms.counts import ArmsExperiment, pairs_of
from sim.experiments.arms.figures import figures_of
from sim.experiments.arms.report import brief, page
from sim.experiments.arms.tables import tables_of, to_json
from sim.experiments.question import Counts, Figures, OfMany, Stage, Stages, Tables, planned
from sim.experiments.runner import Answer, Keeping, answer
from sim.reports.page import literals
from sim.reports.words import one_line
from sim.scenario.files import AnyScenario, scenario_from
from sim.scenario.scenario import Scenario
from sim.schema.claims import MOST_ARMS

if TYPE_CHECKING:
    import pandas as pd

NAMED = 4  # scenarios named in the name of a folder
LETTERS = 80  # of such a name, its hash excepted
LABEL = 28  # letters that a scenario's title may have if it is to stand in a table or beside a line


@dataclass(frozen=True)
class Comparison(OfMany):
    """Simulate scenarios as arms with common random numbers; the first is what the others differ from.

    Tables: "arms" (arm, observable, n, value, low, high), "differences" (against, arm, observable, n, value, low, high,
    se, gained, lost, distinguishable, …), "arm_harm" (arm, outcome, runs, days, deaths, hardship, …), "arm_curves"
    (arm, day, quantity, statistic, value, n). ``titles`` are what people call the scenarios.
    """

    titles: tuple[str, ...]

    kind: ClassVar[str] = "comparison"
    look_first: ClassVar[str] = "differences.png, then report.md"

    @property
    def labels(self) -> dict[str, str]:
        """What people call the scenarios, by name."""
        return dict(zip(self.scenarios, self.titles, strict=True))

    @property
    def experiment(self) -> ArmsExperiment:
        """All scenarios with the plan of the first, each beside its clear-sighted twin."""
        own = self.scenario.study
        return ArmsExperiment(self.scenarios, pairs_of(list(self.scenarios)), own.runs, own.days, own.seed)

    @property
    def name(self) -> str:
        """'calm-vs-tense'; of many, how many others there are."""
        plain = [
            "".join(c if c.isalnum() or c in "-_." else "-" for c in each).lstrip(".-")
            for each in self.scenarios
        ]
        whole = "-vs-".join(plain)
        if len(plain) <= NAMED and len(whole) <= LETTERS:
            return whole
        return f"{plain[0][: LETTERS - 20]}-vs-{len(plain) - 1}-others"

    def stages(self) -> Stages:
        """One: all scenarios, run by run."""
        yield Stage("arms", self.experiment)

    def tables(self, counts: Counts) -> dict[str, pd.DataFrame]:
        """Tables "arms", "differences", "arm_harm" and "arm_curves"."""
        return tables_of(self.experiment, counts["arms"], self.labels)

    def page(self, tables: Tables) -> str:
        """The scenarios side by side, what differs, and what it costs."""
        return page(self.scenarios, literals(self.labels), tables)

    def brief(self, tables: Tables) -> str:
        """The shares of each scenario, and what differs from the first."""
        return brief(self.scenarios, tables)

    def figures(self, tables: Tables) -> Figures:
        """What differs, and the curves of all scenarios."""
        return figures_of(self.scenario, self.labels, tables)

    def to_json(self, tables: Tables) -> dict[str, Any]:
        """The plan, and the tables but for curves."""
        own = self.scenario.study
        plan = {"runs": own.runs, "days": own.days, "seed": own.seed, "labels": self.labels}
        return {"comparison": plan | to_json(tables)}


QUESTION = Comparison


def asked(
    scenarios: Mapping[str, Scenario], runs: int | None, days: int | None, seed: int | None
) -> Comparison:
    """The question, with runs, days and seed of the first scenario unless given.

    Raises ScenarioError for fewer than two scenarios, or more than 64.
    """
    if not 2 <= len(scenarios) <= MOST_ARMS:
        raise ScenarioError(
            [f"{len(scenarios)} to compare; there must be at least two scenarios, and at most {MOST_ARMS}"]
        )
    first = planned(next(iter(scenarios.values())), runs, days, seed)
    own = first.study
    every = {name: planned(each, own.runs, own.days, own.seed) for name, each in scenarios.items()}
    return Comparison(first, every, tuple(labels_of(scenarios).values()))


def asked_of_files(
    scenarios: Sequence[Scenario], runs: int | None, days: int | None, seed: int | None
) -> Comparison:
    """The question that ``brink run A B --compare`` asks; scenarios of one name are numbered."""
    if len(scenarios) < 2:
        raise BrinkError(f"--compare needs at least two scenarios, and {len(scenarios)} was given.")
    return asked(dict(zip(names_of(scenarios), scenarios, strict=True)), runs, days, seed)


def compare(
    arms: Mapping[str, AnyScenario],
    runs: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    **kept: Unpack[Keeping],
) -> Answer:
    """Simulate scenarios, by name, as arms with common random numbers; the first is what the others differ from.

    Runs, days and seed are those of the first scenario unless given. The answer has the tables of
    :class:`Comparison`; the rest is as for :func:`sim.experiments.runner.answer`. Raises ScenarioError for fewer
    than two scenarios, or more than 64.
    """
    scenarios = {name: scenario_from(arm) for name, arm in arms.items()}
    return answer(asked(scenarios, runs, days, seed), **kept)


def names_of(scenarios: Sequence[Scenario]) -> list[str]:
    """A name for each scenario that no other has: its own, with a number where that is taken."""
    names: list[str] = []
    for scenario in scenarios:
        number = sum(other.name == scenario.name for other in scenarios[: len(names)])
        name = scenario.name if not number else f"{scenario.name}-{number + 1}"
        while name in names:
            number += 1
            name = f"{scenario.name}-{number + 1}"
        names.append(name)
    return names


def labels_of(arms: Mapping[str, Scenario]) -> dict[str, str]:
    """What people call scenarios: their titles, or if any is long or missing, or two are the same, their names."""
    titles = {name: one_line(arm.title) for name, arm in arms.items()}
    good = len(set(titles.values())) == len(titles) and all(0 < len(t) <= LABEL for t in titles.values())
    return titles if good else {name: name for name in arms}
