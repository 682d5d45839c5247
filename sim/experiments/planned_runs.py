"""Experiments whose units are the runs of a planned scenario: one that says how many, how long and with which seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from sim.compute.experiment import RUNS
from sim.compute.fingerprints import counts_digest
from sim.scenario.scenario import Scenario


def identity(planned: Scenario) -> dict[str, Any]:
    """What two studies must have in common to be the same but for the number of runs."""
    own = planned.study
    return {"scenario": planned.digest(), "days": own.days, "seed": own.seed, "sources": counts_digest()}


@dataclass(frozen=True)
class PlannedRuns:
    """What such experiments have in common; what else they depend on, they add to their identity."""

    planned: Scenario

    noun: ClassVar[str] = RUNS

    @property
    def units(self) -> int:
        """Runs."""
        return self.planned.study.runs

    def identity(self) -> dict[str, Any]:
        """All that results depend on, the number of runs excepted."""
        return identity(self.planned) | {"what": type(self).__name__}
