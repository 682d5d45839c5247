"""What is found of a claim, from its tables.

A verdict says no more than that the model, with this scenario's values, has an effect of that sign. A sign that
is built in is never "supported"; one that the model contradicts stays contradicted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import pandas as pd

from sim.experiments.arms.report import unit_of
from sim.experiments.arms.tables import to_json
from sim.experiments.claims.counts import claim_of, moved
from sim.experiments.claims.robustness import Survival, robustness, survival
from sim.reports.numbers import difference_words
from sim.reports.tables import found, records
from sim.results.observables import OBSERVED
from sim.scenario.scenario import Scenario
from sim.schema.claims import Claim, Expect, Mark, Observable
from sim.statistics.differences import Difference, in_row

MARKS: Mapping[Mark, str] = {
    "assumed": "the sign is built into the rules, as its author says or as its draws show (it turns in under 2 % of "
    "them, and nowhere along its sweep): only its size is found",
    "conditional": "the sign is built in given some number: found are the verdict at the scenario's values, and "
    "where it flips",
    "emergent": "no rule gives the sign: it comes out of many",
}


RARELY = 0.02
"""Share of draws in which a sign may turn and still be called built in."""

LEAST_DRAWS = 50
"""Draws that a mark needs: of fewer, one alone is more than 2 %. Of a sign that turns in none of 50, under 6 % turn (95 %)."""

RANKS = ("contradicted", "not distinguishable", "assumed", "supported")
"""Verdicts, the one that decides first, where a claim is judged by several quantities."""


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
        "sweep" (at, n, value, low, high, se, distinguishable), empty without a sweep
    """

    scenario: Scenario
    contrasts: tuple[Contrast, ...]
    tables: Mapping[str, pd.DataFrame]

    @property
    def name(self) -> str:
        """Its name: that of its file."""
        return self.scenario.name

    @property
    def claim(self) -> Claim:
        """What is claimed."""
        return claim_of(self.scenario)

    @property
    def unit(self) -> str:
        """In what a difference of the primary quantity is said."""
        return unit_of(self.claim.primary)

    @property
    def mark(self) -> Mark:
        """How far the model decides the sign: as its author says, or "assumed" if it hardly ever turns."""
        return mark_of(self.claim, self.first.difference, self.first.survival, self.tables["sweep"])

    @property
    def mark_words(self) -> str:
        """The mark, with the author's if it is another."""
        own = self.claim.mark
        return self.mark if self.mark == own else f"{self.mark} (by its author {own})"

    @property
    def first(self) -> Contrast:
        """The contrast that the claim is judged by."""
        return self.contrasts[0]

    @property
    def verdict(self) -> str:
        """The verdict on the first contrast, and where its sign flips."""
        flip = self.flip if self.mark == "conditional" else ""
        return "; ".join(part for part in (self.first.verdict, flip) if part)

    @property
    def flip(self) -> str:
        """Where the sign of the first contrast turns along the claim's sweep; nothing without a sweep."""
        sweep = self.claim.sweep
        return flips(self.tables["sweep"], sweep.what or ", ".join(sweep.keys)) if sweep else ""

    @property
    def labels(self) -> dict[str, str]:
        """What people call the arms."""
        return {arm.name: arm.label for arm in self.scenario.arms}

    @property
    def moved(self) -> tuple[str, ...]:
        """The numbers that draws move."""
        return tuple(moved(self.scenario))

    def row(self, contrast: Contrast, observable: str) -> dict[str, Any]:
        """The row of the table "differences" about a contrast and an observable."""
        differences = self.tables["differences"]
        return found(differences, against=contrast.against, arm=contrast.arm, observable=observable)

    def to_json(self) -> dict[str, Any]:
        """The finding as plain lists and numbers."""
        own = self.scenario.study
        return {
            "name": self.name,
            "claim": self.claim.model_dump(mode="json", exclude={"contrasts", "sweep"}),
            "verdict": self.verdict,
            "mark": self.mark,
            "runs": own.runs,
            "days": own.days,
            "seed": own.seed,
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


def findings_of(
    scenarios: Iterable[Scenario], tables: Mapping[str, pd.DataFrame], draw_runs: int
) -> list[Finding]:
    """What came of each claim, from tables of all claims with a column "claim"."""
    return [
        finding_of(scenario, {name: _of(scenario.name, table) for name, table in tables.items()}, draw_runs)
        for scenario in scenarios
    ]


def _of(claim: str, table: pd.DataFrame) -> pd.DataFrame:
    return table[table["claim"] == claim].drop(columns="claim").reset_index(drop=True)


def finding_of(scenario: Scenario, tables: Mapping[str, pd.DataFrame], draw_runs: int) -> Finding:
    """What came of one claim, from its own tables."""
    claim, effects = claim_of(scenario), tables["effects"]
    contrasts: list[Contrast] = []
    mark: Mark | None = None  # the first contrast's is that of the claim
    for against, arm in scenario.contrasts:
        apart = in_row(found(tables["differences"], against=against, arm=arm, observable=claim.primary))
        draws = effects[(effects["against"] == against) & (effects["arm"] == arm)]
        survives = survival(draws, draw_runs, claim.expect)
        mark = mark or mark_of(claim, apart, survives, tables["sweep"])
        said = verdict(mark, claim.expect, apart, unit_of(claim.primary))
        if claim.beside:
            rows = {
                name: found(tables["differences"], against=against, arm=arm, observable=name)
                for name in claim.beside
            }
            others = {
                name: verdict("emergent", sign, in_row(rows[name])) for name, sign in claim.beside.items()
            }
            said = together({claim.primary: said, **others})
        contrasts.append(Contrast(against, arm, apart, said, survives))
    return Finding(scenario, tuple(contrasts), tables)


def mark_of(claim: Claim, difference: Difference, survives: Survival, sweep: pd.DataFrame) -> Mark:
    """How far the model decides the sign, from the contrast that a claim is judged by.

    A sign that is found, that flips nowhere along the claim's sweep, and that under 2 % of draws do not have, is assumed,
    whatever its author thought; a claim without a sweep is held against its draws alone. Where no sign is
    expected, none can be told, or there are fewer than 50 draws, the author's mark stands.
    """
    few = survives.draws < LEAST_DRAWS
    if few or claim.expect == "none" or not difference.distinguishable or turns(sweep):
        return claim.mark
    as_claimed = (difference.value > 0) == (claim.expect == "higher")
    return "assumed" if as_claimed and 1 - survives.share.value < RARELY else claim.mark


def verdict(mark: Mark, expect: Expect, difference: Difference, unit: str = "points") -> str:
    """What a difference says of a claim.

    Nothing but the size where the sign is assumed, nothing at all where none is expected; else supported,
    contradicted, or not distinguishable from 0.
    """
    if expect == "none":
        return "a finding"
    if mark == "assumed":
        return f"assumed; size = {difference_words(difference, unit)}"
    if not difference.distinguishable:
        return f"not distinguishable from 0 at n = {difference.n:,}"
    return "supported" if (difference.value > 0) == (expect == "higher") else "contradicted"


def together(verdicts: Mapping[Observable, str]) -> str:
    """One verdict on several quantities, and each: contradicted if one is, supported only if all are."""
    decides = next(rank for rank in RANKS if any(said.startswith(rank) for said in verdicts.values()))
    each = ", ".join(f"{OBSERVED[name].title} {said}" for name, said in verdicts.items())
    return f"{decides}: {each}"


def turns(sweep: pd.DataFrame) -> list[str]:
    """Between which of its sure values the sign of a difference turns along a sweep."""
    sure = [row for row in records(sweep) if row["distinguishable"]]
    return [
        f"between {a['at']:g} and {b['at']:g}"
        for a, b in pairwise(sure)
        if (a["value"] > 0) != (b["value"] > 0)
    ]


def flips(sweep: pd.DataFrame, what: str) -> str:
    """Where the sign of a difference turns along a sweep of ``what``: between the nearest sure values."""
    sure, found_at = [row for row in records(sweep) if row["distinguishable"]], turns(sweep)
    if found_at:
        return f"the sign flips {' and '.join(found_at)} of {what}"
    first, last = sweep["at"].iloc[0], sweep["at"].iloc[-1]
    if not sure:
        return f"no sign can be told for {what} from {first:g} to {last:g}"
    return f"the sign flips nowhere for {what} from {first:g} to {last:g}"
