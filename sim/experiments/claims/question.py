"""Claims: what the model says of what people say, one scenario a claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from sim.compute.experiment import Experiment
from sim.errors import StudyError
from sim.experiments.arms.counts import arms_of
from sim.experiments.claims.box import box
from sim.experiments.claims.counts import claim_of, design, swept
from sim.experiments.claims.figures import figures_of
from sim.experiments.claims.findings import Finding, findings_of
from sim.experiments.claims.report import page, verdicts
from sim.experiments.claims.tables import tables_of_claim, together, verdict_rows
from sim.experiments.question import Counts, Figures, OfMany, Stage, Stages, Tables, plan
from sim.experiments.runner import Answer, Keeping, answer
from sim.reports.page import Box
from sim.scenario.files import AnyScenario, scenario_from
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Effort:
    """How much is run for each claim: runs of an arm (None: the scenario's own), draws, runs of an arm in a draw."""

    runs: int | None = None
    draws: int = 128
    draw_runs: int = 1024


FULL = Effort()
QUICK = Effort(2000, 64, 256)


@dataclass(frozen=True)
class Claims(OfMany):
    """Put claims to the test: their arms, their sweeps, and how their contrasts survive other assumptions.

    Tables, all with a column "claim": "claims" (a row a claim, contrast and quantity, with verdict and robustness),
    "arms", "differences", "arm_harm" and "arm_curves" as of :class:`sim.experiments.arms.question.Comparison`,
    "effects" (draw, against, arm, value, variance: a draw's difference and its sampling variance), "sweep" (at, n,
    value, low, high, se, distinguishable: the first contrast along the claim's sweep).
    """

    draws: int
    draw_runs: int

    kind: ClassVar[str] = "claims"
    look_first: ClassVar[str] = "report.md"

    @property
    def name(self) -> str:
        """The claim's name and "claims", or "claims" alone if there are several."""
        return super().name if len(self.scenarios) == 1 else self.kind

    @property
    def experiments(self) -> dict[str, Experiment]:
        """What is computed of each claim, by the names of the stages."""
        found: dict[str, Experiment] = {}
        for name, scenario in self.scenarios.items():
            found[f"{name}-arms"] = arms_of(scenario)
            if (sweep := swept(scenario)) is not None:
                found[f"{name}-sweep"] = sweep
            found[f"{name}-robustness"] = design(scenario, self.draws, self.draw_runs)
        return found

    @property
    def plain_runs(self) -> float:
        """How many plain runs it takes as long as."""
        return sum(each.units * each.weight for each in self.experiments.values())

    def stages(self) -> Stages:
        """Of each claim its arms, its sweep if it has one, and the draws of all uncertain numbers."""
        for name, experiment in self.experiments.items():
            yield Stage(name, experiment)

    def tables(self, counts: Counts) -> dict[str, pd.DataFrame]:
        """The table "claims", and those that it is made of."""
        each = {
            name: tables_of_claim(
                scenario,
                counts[f"{name}-arms"],
                counts.get(f"{name}-sweep"),
                counts[f"{name}-robustness"],
                self.draws,
                self.draw_runs,
            )
            for name, scenario in self.scenarios.items()
        }
        found = together(each)
        return {"claims": verdict_rows(self.findings(found)), **found}

    def findings(self, tables: Tables) -> list[Finding]:
        """What came of each claim."""
        return findings_of(self.scenarios.values(), tables, self.draw_runs)

    def page(self, tables: Tables) -> str:
        """Verdicts first, then what each of them rests on."""
        return page(self.findings(tables))

    def box(self, tables: Tables) -> Box:
        """How many claims hold, which of them firmly, and what would turn them."""
        return box(self.findings(tables))

    def brief(self, tables: Tables) -> str:
        """A line a contrast, and where signs flip."""
        return verdicts(self.findings(tables))

    def figures(self, tables: Tables) -> Figures:
        """A forest of all claims, and one of each."""
        return figures_of(self.findings(tables))

    def to_json(self, tables: Tables) -> dict[str, Any]:
        """All findings as plain lists and numbers."""
        return {"claims": [finding.to_json() for finding in self.findings(tables)]}


QUESTION = Claims


def asked(scenarios: Sequence[Scenario], effort: Effort = FULL) -> Claims:
    """The question about some claims, at least one.

    Raises ScenarioError for a scenario without a claim, StudyError if two have one name.
    """
    every: dict[str, Scenario] = {}
    for scenario in scenarios:
        claim_of(scenario)
        if scenario.name in every:
            raise StudyError(
                f"two claims are called {scenario.name}; give each once, or rename one of the files"
            )
        every[scenario.name] = plan(scenario, effort.runs, None, None)
    return Claims(next(iter(every.values())), every, effort.draws, effort.draw_runs)


def examine(
    claims: AnyScenario | Sequence[AnyScenario], effort: Effort = FULL, **kept: Unpack[Keeping]
) -> Answer:
    """Put one claim or several to the test: all arms, the sweep and the robustness draws of each.

    The answer has the tables of :class:`Claims`; the rest is as for :func:`sim.experiments.runner.answer`. Raises
    ScenarioError for a scenario that makes no claim.
    """
    given = [claims] if isinstance(claims, Scenario | str | Path) else claims
    return answer(asked([scenario_from(claim) for claim in given], effort), **kept)
