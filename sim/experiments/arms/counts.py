"""Arms simulated with common random numbers: what each comes to, and what differs between them run by run.

Every arm and the clear-sighted twin of every arm play the same runs with the same draws, so a difference
between two arms is owed to what the arms set and to nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.compute.experiment import Piece
from sim.compute.fingerprints import counts_digest
from sim.engines.tally import Batch, Tally
from sim.errors import ScenarioError
from sim.results.observables import observed
from sim.results.pairs import BY_DAY, apart_by_day, war_days
from sim.results.sums import apart, summed
from sim.scenario.counterfactual import clear_sighted
from sim.scenario.scenario import Scenario
from sim.schema.claims import NAMES
from sim.schema.outcomes import Outcome

Pair = tuple[str, str]
COUNTED_DAYS = tuple(f.name for f in fields(Tally) if f.name != "signals")
BY_OUTCOME = ("runs", "deaths", "hardship", "days")


# The experiment -------------------------------------------------------------------------------


@dataclass(frozen=True)
class ArmsExperiment:
    """All arms and their twins with common random numbers; a unit is a run of every one of them.

    ``pairs`` are the arms, from and to, whose difference is counted run by run.
    """

    arms: Mapping[str, Scenario]
    pairs: tuple[Pair, ...]
    runs: int
    days: int
    seed: int

    noun: ClassVar[str] = "runs"

    @property
    def units(self) -> int:
        """Runs of each arm."""
        return self.runs

    @property
    def weight(self) -> float:
        """Plain runs a unit takes as long as."""
        return 2.0 * len(self.arms)

    def identity(self) -> dict[str, Any]:
        """All that results depend on, the number of runs excepted."""
        return {
            "what": "arms",
            "arms": {name: arm.digest() for name, arm in self.arms.items()},
            "pairs": [list(pair) for pair in self.pairs],
            "days": self.days,
            "seed": self.seed,
            "sources": counts_digest(),
        }

    def compute(self, first: int, count: int) -> Piece:
        """Counts of runs ``first`` to ``first + count - 1`` of all arms, in the order of arms and of pairs.

        sum, squares, difference, difference_squares, gained, lost: (arms or pairs, observables);
        gained_by_day, lost_by_day: (pairs, days), of war;
        by_outcome: (arms, quantities, outcomes); tally.*: (arms, days, …)
        """
        found = {
            name: _beside_twin(arm, self.seed, first, count, self.days) for name, arm in self.arms.items()
        }
        values = {name: each for name, (each, _) in found.items()}
        piece = summed(np.stack(list(values.values())))
        piece |= apart_in_pairs(values, self.pairs)
        piece |= _wars_apart({name: batch for name, (_, batch) in found.items()}, self.pairs, self.days)
        piece["by_outcome"] = np.stack([_by_outcome(each, batch) for each, batch in found.values()])
        for name in COUNTED_DAYS:
            piece[f"tally.{name}"] = np.stack([getattr(batch.tally, name) for _, batch in found.values()])
        return piece


def _beside_twin(
    arm: Scenario, seed: int, first: int, count: int, days: int
) -> tuple[NDArray[np.int64], Batch]:
    """All observables of an arm's runs, (observables, runs), and the batch."""
    from sim.engines.batch.engine import Program

    batch, twin = (Program.of(each).simulate(seed, first, count, days) for each in (arm, clear_sighted(arm)))
    found = observed(arm, batch, twin)
    return np.stack([found[name] for name in NAMES]), batch


def apart_in_pairs(values: Mapping[str, NDArray[np.int64]], pairs: Sequence[Pair]) -> Piece:
    """:func:`sim.results.sums.apart` of each pair of arms, from the (…, runs) of each arm; pairs are the first axis."""
    return apart(np.stack([values[to] for _, to in pairs]), np.stack([values[from_] for from_, _ in pairs]))


def _wars_apart(batches: Mapping[str, Batch], pairs: Sequence[Pair], days: int) -> Piece:
    """:func:`sim.results.pairs.apart_by_day` of each pair of arms; pairs are the first axis."""
    wars = {
        name: war_days(batch.rows["outcome"].astype(np.int64), batch.rows["end_day"].astype(np.int64), days)
        for name, batch in batches.items()
    }
    each = [apart_by_day(wars[to], wars[from_], days) for from_, to in pairs]
    return {name: np.stack([piece[name] for piece in each]) for name in BY_DAY}


def _by_outcome(values: NDArray[np.int64], batch: Batch) -> NDArray[np.int64]:
    """Runs, deaths, hardship and days (in 256ths) by outcome: (4, outcomes)."""
    outcome = batch.rows["outcome"].astype(np.int64)
    found = np.zeros((len(BY_OUTCOME), len(Outcome)), np.int64)
    np.add.at(found[0], outcome, 1)
    for row, name in enumerate(BY_OUTCOME[1:], 1):
        np.add.at(found[row], outcome, values[NAMES.index(name)])
    return found


def pairs_of(names: Sequence[str], more: Sequence[Pair] = ()) -> tuple[Pair, ...]:
    """The first arm against each other one, and more pairs, each once."""
    return tuple(dict.fromkeys([*((names[0], name) for name in names[1:]), *more]))


def arms_of(scenario: Scenario) -> ArmsExperiment:
    """All arms of a scenario with its runs, days and seed, and the pairs of its claim. Raises ScenarioError for none."""
    own, names = scenario.study, [arm.name for arm in scenario.arms]
    if not names:
        raise ScenarioError([f"{scenario.name}: has no arms; give at least two, each a table [[arms]]"])
    arms = {name: scenario.arm(name) for name in names}
    return ArmsExperiment(arms, pairs_of(names, scenario.contrasts), own.runs, own.days, own.seed)
