"""Claims put to the test: what somebody says of the crisis, against differences between arms.

A verdict says no more than that the model, with this scenario's values, has an effect of that sign. A sign that
is built in is never "supported"; one that the model contradicts stays contradicted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from sim.compute.experiment import Experiment, Piece, merged
from sim.errors import ScenarioError
from sim.experiments.arms.question import PART, to_json
from sim.experiments.claims.robustness import Survival, design, effects, robustness, survival
from sim.experiments.design_points import DesignExperiment
from sim.reports.numbers import difference_words as words
from sim.reports.tables import found, records
from sim.results.observables import OBSERVED
from sim.scenario.scenario import Scenario
from sim.schema.claims import Claim, Expect, Mark
from sim.statistics.differences import Difference, in_row

DRAWS, DRAW_RUNS = 128, 1024
QUICK_RUNS, QUICK_DRAWS, QUICK_DRAW_RUNS = 2000, 32, 512
FOLDER = "scenarios/claims"

MARKS: Mapping[Mark, str] = {
    "assumed": "the sign is built into the rules: only its size is found",
    "conditional": "the sign is built in given some number: found are the verdict at the scenario's values, and "
    "where it flips",
    "emergent": "no rule gives the sign: it comes out of many",
}


@dataclass(frozen=True)
class Effort:
    """How much is run for each claim: runs of an arm (None: the scenario's own), draws, runs of an arm in a draw."""

    runs: int | None = None
    draws: int = DRAWS
    draw_runs: int = DRAW_RUNS


FULL = Effort()
QUICK = Effort(QUICK_RUNS, QUICK_DRAWS, QUICK_DRAW_RUNS)


@dataclass(frozen=True)
class Contrast:
    """One pair of arms, the difference of the primary quantity, the verdict on it, and how it survives."""

    against: str
    arm: str
    difference: Difference
    verdict: str
    survival: Survival


@dataclass(frozen=True)
class Finding:
    """What came of one claim.

    tables: "arms", "differences", "arm_harm", "arm_curves" of its arms; "effects" (a row a draw and contrast);
        "sweep" (key, value, n, difference), empty without a sweep
    """

    scenario: Scenario
    contrasts: tuple[Contrast, ...]
    tables: Mapping[str, pd.DataFrame]
    effort: Effort
    moved: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its name: that of its file."""
        return self.scenario.name

    @property
    def claim(self) -> Claim:
        """What is claimed."""
        return claim_of(self.scenario)

    @property
    def runs(self) -> int:
        """Runs of each arm."""
        return self.scenario.study.runs

    @property
    def verdict(self) -> str:
        """The verdict on the first contrast, which the claim is judged by, and where its sign flips."""
        flip = self.flip if self.claim.mark == "conditional" else ""
        return "; ".join(part for part in (self.contrasts[0].verdict, flip) if part)

    @property
    def flip(self) -> str:
        """Where the sign of the first contrast turns along the claim's sweep; nothing without a sweep."""
        sweep = self.claim.sweep
        return flips(self.tables["sweep"], sweep.what or ", ".join(sweep.keys)) if sweep else ""

    @property
    def labels(self) -> dict[str, str]:
        """What people call the arms."""
        return {arm.name: arm.label for arm in self.scenario.arms}

    def to_json(self) -> dict[str, Any]:
        """The finding as plain lists and numbers."""
        return {
            "name": self.name,
            "claim": self.claim.model_dump(mode="json", exclude={"contrasts", "sweep"}),
            "verdict": self.verdict,
            "runs": self.runs,
            "days": self.scenario.study.days,
            "seed": self.scenario.study.seed,
            "labels": self.labels,
            "contrasts": [
                {
                    "against": each.against,
                    "arm": each.arm,
                    "verdict": each.verdict,
                    "difference": asdict(each.difference)
                    | {"distinguishable": each.difference.distinguishable},
                    "robustness": robustness(each.survival),
                }
                for each in self.contrasts
            ],
            "sweep": records(self.tables["sweep"]),
            "moved": list(self.moved),
            **to_json(self.tables),
        }


# Verdicts -------------------------------------------------------------------------------------


def verdict(mark: Mark, expect: Expect, difference: Difference, unit: str = "points") -> str:
    """What a difference says of a claim.

    Nothing but the size where the sign is assumed, nothing at all where none is expected; else supported,
    contradicted, or not distinguishable from 0.
    """
    if expect == "none":
        return "a finding"
    if mark == "assumed":
        return f"assumed; size = {words(difference, unit)}"
    if not difference.distinguishable:
        return f"not distinguishable from 0 at n = {difference.n:,}"
    return "supported" if (difference.value > 0) == (expect == "higher") else "contradicted"


def flips(sweep: pd.DataFrame, what: str) -> str:
    """Where the sign of a difference turns along a sweep of ``what``: between the nearest sure values."""
    sure = [row for row in records(sweep) if row["distinguishable"]]
    turns = [
        f"between {a['at']:g} and {b['at']:g}"
        for a, b in pairwise(sure)
        if (a["value"] > 0) != (b["value"] > 0)
    ]
    if turns:
        return f"the sign flips {' and '.join(turns)} of {what}"
    first, last = sweep["at"].iloc[0], sweep["at"].iloc[-1]
    if not sure:
        return f"no sign can be told for {what} from {first:g} to {last:g}"
    return f"the sign flips nowhere for {what} from {first:g} to {last:g}"


# Running --------------------------------------------------------------------------------------

Carry = Callable[[Experiment, str], Iterable[Piece]]
"""Carries out an experiment of a claim; the text tells which, for progress and journals."""


def claim_of(scenario: Scenario) -> Claim:
    """The claim of a scenario. Raises ScenarioError if it makes none."""
    if scenario.claim is None:
        raise ScenarioError([f"{scenario.name}: makes no claim; give it a table [claim], and [[arms]]"])
    return scenario.claim


def examine(scenario: Scenario, effort: Effort = FULL, carry: Carry | None = None) -> Finding:
    """Run all arms of a claim, its sweep and its robustness draws, and say what comes of it."""
    from sim.experiments.question import plan

    carry = carry or _carried_out
    claim = claim_of(scenario)
    planned = plan(scenario, effort.runs, None, None)
    tables = PART.tables(planned, merged(carry(PART.experiment(planned), f"{planned.name}: arms")))
    draws = design(planned, effort.draws, effort.draw_runs)
    tables["effects"] = effects(draws, merged(carry(draws, f"{planned.name}: robustness")))
    tables["sweep"] = _swept(planned, carry)
    unit = unit_of(claim)
    pairs = []
    for against, arm in planned.contrasts:
        row = found(tables["differences"], against=against, arm=arm, observable=claim.primary)
        of_pair = tables["effects"]
        of_pair = of_pair[(of_pair["against"] == against) & (of_pair["arm"] == arm)]
        difference = in_row(row)
        said = verdict(claim.mark, claim.expect, difference, unit)
        pairs.append(
            Contrast(against, arm, difference, said, survival(of_pair, effort.draw_runs, claim.expect))
        )
    return Finding(planned, tuple(pairs), tables, effort, draws.keys)


def unit_of(claim: Claim) -> str:
    """In what a difference of the primary quantity is said."""
    about = OBSERVED[claim.primary]
    return "points" if about.share else about.unit


def _swept(planned: Scenario, carry: Carry) -> pd.DataFrame:
    """The first contrast along the claim's sweep: at, n, value, low, high, se, distinguishable."""
    claim = claim_of(planned)
    columns = ["at", "n", "value", "low", "high", "se", "distinguishable"]
    if claim.sweep is None:
        return pd.DataFrame(columns=columns)
    pair, own = planned.contrasts[0], planned.study
    experiment = DesignExperiment(
        {name: planned.arm(name) for name in pair},
        (pair,),
        claim.primary,
        claim.sweep.keys,
        tuple((value,) * len(claim.sweep.keys) for value in claim.sweep.values),
        own.runs,
        own.days,
        own.seed,
        fresh=False,
    )
    piece = merged(carry(experiment, f"{planned.name}: sweep"))
    each = [experiment.difference(piece, place, 0) for place in range(experiment.units)]
    rows = [
        (at, d.n, d.value, d.low, d.high, d.se, d.distinguishable)
        for at, d in zip(claim.sweep.values, each, strict=True)
    ]
    return pd.DataFrame(rows, columns=columns)


def _carried_out(experiment: Experiment, _: str) -> Iterator[Piece]:
    from sim.compute.scheduler import carried_out

    return carried_out(experiment)


# All of them ----------------------------------------------------------------------------------


def shipped(folder: str | Path = FOLDER) -> list[Path]:
    """The claim files of a folder, by name."""
    return sorted(Path(folder).glob("*.toml"))


def verdict_rows(findings: Sequence[Finding]) -> pd.DataFrame:
    """A row a claim, contrast and quantity; verdict and robustness are those of the primary quantity."""
    return pd.DataFrame([row for finding in findings for row in _rows(finding)])


def _rows(finding: Finding) -> Iterator[dict[str, Any]]:
    claim, differences = finding.claim, finding.tables["differences"]
    for place, contrast in enumerate(finding.contrasts):
        for name in dict.fromkeys((claim.primary, *claim.also)):
            row = found(differences, against=contrast.against, arm=contrast.arm, observable=name)
            primary = name == claim.primary
            yield {
                "claim": finding.name,
                "mark": claim.mark,
                "expect": claim.expect,
                "judged_by": primary and place == 0,
                **row,
                "verdict": contrast.verdict if primary else "",
                **_survived(contrast.survival if primary else None),
            }


def _survived(survival: Survival | None) -> dict[str, Any]:
    """Robustness as columns, empty for quantities that it was not looked at for."""
    keys = ("draws", "mean", "tau", "inner", "share", "share_low", "share_high")
    said = robustness(survival) if survival else {}
    return {f"robust_{key}": said.get(key) for key in keys}
