"""TODO."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.compute.experiment import Piece
from sim.errors import ScenarioError
from sim.experiments.arms.counts import ArmsExperiment, pairs_of
from sim.experiments.arms.tables import Tables, tables_of
from sim.reports.tables import records
from sim.scenario.scenario import Scenario

# Comparing ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Comparison:
    """Arms that were compared: what people call them, the tables of what came out, and where they are kept.

    arms:        arm, observable, n, value, low, high
    differences: against, arm, observable, n, value, low, high, se, gained, lost, distinguishable, …
    arm_harm:    arm, outcome, runs, days, deaths, hardship, …
    arm_curves:  arm, day, quantity, statistic, value, n
    """

    labels: Mapping[str, str]
    runs: int
    days: int
    seed: int
    tables: Tables
    folder: Path | None = None

    def sections(self) -> list[str]:
        """The comparison as Markdown."""
        from sim.experiments.arms.report import sections

        return sections(self.labels, self.tables, self.days)

    def to_json(self) -> dict[str, Any]:
        """The tables "arms", "differences" and "arm_harm" as plain lists of rows."""
        return to_json(self.tables)


def to_json(tables: Tables) -> dict[str, Any]:
    """Tables but for curves as plain lists of rows; a bound that is not finite becomes null."""
    return {name: records(tables[name]) for name in ("arms", "differences", "arm_harm")}


# The part of a study --------------------------------------------------------------------------


class Arms:
    """The part "arms" of a study: a scenario's own arms, compared."""

    name = "arms"

    def experiment(self, planned: Scenario) -> ArmsExperiment:
        """All arms of the scenario, as often, as long and with the luck that it is studied."""
        own = planned.study
        names = [arm.name for arm in planned.arms]
        if not names:
            raise ScenarioError([f"{planned.name}: has no arms; give at least two, each a table [[arms]]"])
        arms = {name: planned.arm(name) for name in names}
        return ArmsExperiment(arms, pairs_of(names, planned.contrasts), own.runs, own.days, own.seed)

    def tables(self, planned: Scenario, piece: Piece) -> dict[str, pd.DataFrame]:
        """Tables "arms", "differences", "arm_harm" and "arm_curves"."""
        return tables_of(self.experiment(planned), piece)

    def to_json(self, tables: Tables) -> dict[str, Any]:
        """The tables but for curves, as lists of rows."""
        return to_json(tables)

    def sections(self, planned: Scenario, tables: Tables) -> list[str]:
        """What the arms came to, as Markdown."""
        from sim.experiments.arms.report import sections

        labels = {arm.name: arm.label for arm in planned.arms}
        return sections(labels, tables, planned.study.days, planned)

    def figures(self) -> tuple[str, ...]:
        """Names of the figures that a study with arms has besides."""
        return ("arms", "differences")


PART = Arms()
