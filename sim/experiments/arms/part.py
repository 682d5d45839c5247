"""The arms of one scenario, compared: a question that its study carries along."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from sim.experiments.arms.counts import arms_of
from sim.experiments.arms.figures import curves_together, shares_apart
from sim.experiments.arms.report import difference_lines, sections
from sim.experiments.arms.tables import tables_of, to_json
from sim.experiments.question import Counts, Figures, Question, Stage, Stages, Tables
from sim.reports.page import literals
from sim.schema.claims import COMPARED

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class ArmsOfScenario(Question):
    """A scenario's own arms, each beside its clear-sighted twin, over the runs of its study plan."""

    kind: ClassVar[str] = "arms"

    @property
    def labels(self) -> dict[str, str]:
        """What people call the arms, by name."""
        return {arm.name: arm.label for arm in self.scenario.arms}

    def stages(self) -> Stages:
        """One: all arms, run by run. Raises ScenarioError for a scenario without arms."""
        yield Stage(self.kind, arms_of(self.scenario))

    def tables(self, counts: Counts) -> dict[str, pd.DataFrame]:
        """The tables arms, differences, arm_harm and arm_curves."""
        return tables_of(arms_of(self.scenario), counts[self.kind])

    def page(self, tables: Tables) -> str:
        """The arms side by side, what differs, and what it costs."""
        return "\n".join(sections(literals(self.labels), tables, self.scenario.study.days, self.scenario))

    def brief(self, tables: Tables) -> str:
        """What differs between the first arm and each other one."""
        return "\n".join(difference_lines(self.labels, tables, COMPARED))

    def figures(self, tables: Tables) -> Figures:
        """The curves of all arms, and what differs from the first."""
        from sim.figures.style import planned

        about, table = planned(self.scenario), tables["arm_curves"]
        labels = {arm: arm for arm in dict.fromkeys(table["arm"])}
        return {
            "arms": partial(curves_together, table, labels, self.scenario, about),
            "differences": partial(shares_apart, tables["differences"], about, names=(self.scenario.name,)),
        }

    def to_json(self, tables: Tables) -> dict[str, Any]:
        """The tables but for curves, as lists of rows."""
        return to_json(tables)


QUESTION = ArmsOfScenario
