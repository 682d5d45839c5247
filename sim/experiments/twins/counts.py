"""Runs in three sights, fogged, unfogged and clear, counted run by run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.compute.experiment import Piece
from sim.engines.branches import Plays
from sim.experiments.planned_runs import PlannedRuns
from sim.scenario.counterfactual import clear_sighted, unfogged
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import WARS, Outcome

SIGHTS = ("fogged", "unfogged", "clear")
CELLS = ("miscalculated", "structural", "prevented", "peace")
STRUCTURAL = ("same", "hastened", "delayed", "another")
SAME_WITHIN = 7  # days by which a war may shift and still count as the same
ACTS = (Outcome.raid, Outcome.invasion, Outcome.attack)  # wars that somebody chose
REGRET_STEP = 0.05
REGRET_LEAST = -1.0  # what is below shares the lowest bin
REGRET_BINS = round((1.0 - REGRET_LEAST) / REGRET_STEP)
REGRET_FLOOR = -10_000.0  # in means: a chance so small that it should not have been taken weighs no more
SCALE = 256  # regret is summed in 256ths
ERROR_SCALE = 65_536  # sums of chances are counted in 65536ths
ERRORS = ("chance", "added", "taken_off")
Counts = NDArray[np.int64]
WAR_CODES = tuple(int(outcome) for outcome in WARS)


@dataclass(frozen=True)
class Pairs(PlannedRuns):
    """The runs of a planned scenario, each in three sights, with its one-sided twins and a re-roll.

    The twin is the run in clear sight. What is counted (all add up): ``sights`` (8, 8, 8) runs by outcome in
    SIGHTS; ``target`` and ``coercer`` (8, 8) by outcome of the run and of the same run in which only that side
    sees clearly; ``reroll`` (8, 8) wars by their outcome and that of the same people in the same fog with other
    luck from day 0 on; ``errors`` and ``error_squares`` (coercer and target, ERRORS) chances of war summed over
    the mornings of a run, in 65536ths;
    ``structural`` (4,); ``parting_day`` (4 cells, days + 1) with those that never part last;
    ``parting_act`` (4 cells, actors in seat order, signals + 1, signals + 1) what run and twin sent on the day
    they parted, the last place for an end; ``regret`` (3 acts, bins), its sum and its squares in 256ths.
    """

    weight: ClassVar[float] = 5.5

    def compute(self, first: int, count: int) -> Piece:
        """Pairs ``first`` to ``first + count - 1``, counted."""
        from sim.engines.batch.engine import Program
        from sim.engines.batch.parameters import actor_order

        scenario, own = self.planned, self.planned.study
        plays = Plays.of(first, count)
        run = Program.of(scenario).record(plays, own.seed, own.days)
        twin = Program.of(clear_sighted(scenario)).record(plays, own.seed, own.days)
        inferring = Program.of(unfogged(scenario)).play(plays, own.seed, own.days)
        outcome, true_outcome = run.batch.rows["outcome"], twin.batch.rows["outcome"]
        cell = cells(outcome, true_outcome)
        day = parted_on(run.signals, twin.signals)
        seats = [actor_order(scenario).index(name) for name in scenario.seats]
        piece: Piece = {
            "sights": crossed(outcome, inferring.rows["outcome"], true_outcome),
            "structural": structural(run.batch.rows, twin.batch.rows),
            "parting_day": np.zeros((len(CELLS), own.days + 1), np.int64),
            "parting_act": parting_acts(
                run.signals[:, seats], twin.signals[:, seats], day, cell, len(scenario.signals)
            ),
        }
        np.add.at(piece["parting_day"], (cell, day), 1)
        piece |= regret(outcome, chosen(scenario, run.batch.rows, run.chances))
        for side, name in (("target", scenario.target), ("coercer", scenario.coercer)):
            seeing = Program.of(clear_sighted(scenario, [name])).play(plays, own.seed, own.days)
            piece[side] = crossed(outcome, seeing.rows["outcome"])
        wars = np.flatnonzero(is_war(outcome))
        piece["reroll"] = crossed(outcome[wars], self._rerolled(plays, wars))
        return piece | summed_errors(run.errors)

    def _rerolled(self, plays: Plays, which: Counts) -> NDArray[Any]:
        """Outcomes of these plays with the people and first beliefs of day 0, and all other luck new."""
        from sim.engines.batch.engine import Program

        own = self.planned.study
        again = plays.forked(which, np.ones_like(which), np.zeros_like(which))
        return (
            Program.of(self.planned).play(again, own.seed, own.days).rows["outcome"]
            if len(which)
            else np.zeros(0, np.int64)
        )


def is_war(outcome: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether each outcome is a war."""
    return np.isin(outcome, WAR_CODES)


def cells(outcome: NDArray[Any], true_outcome: NDArray[Any]) -> NDArray[np.int64]:
    """Place in CELLS of each pair: whether there was war in the run, and in its twin."""
    war, true_war = is_war(outcome), is_war(true_outcome)
    return np.select([war & ~true_war, war & true_war, ~war & true_war], [0, 1, 2], 3)


def crossed(*outcomes: NDArray[Any]) -> Counts:
    """(8, 8, …) how many runs had which outcome in each of these."""
    counts = np.zeros((len(Outcome),) * len(outcomes), np.int64)
    np.add.at(counts, outcomes, 1)
    return counts


def summed_errors(errors: NDArray[np.float64]) -> Piece:
    """Sums and sums of squares over runs of ``errors`` (2, 3, runs), which are chances summed over days."""
    whole = np.rint(ERROR_SCALE * errors).astype(np.int64)
    return {"errors": whole.sum(axis=2), "error_squares": (whole * whole).sum(axis=2)}


def structural(rows: dict[str, NDArray[Any]], twin: dict[str, NDArray[Any]]) -> Counts:
    """Wars in run and twin by how they differ, as STRUCTURAL: same act within 7 days, or sooner, later, another."""
    both = is_war(rows["outcome"]) & is_war(twin["outcome"])
    same_act = rows["outcome"] == twin["outcome"]
    later = rows["end_day"].astype(np.int64) - twin["end_day"]
    kinds = [same_act & (np.abs(later) <= SAME_WITHIN), same_act & (later < 0), same_act & (later > 0)]
    place = np.select(kinds, [0, 1, 2], 3)
    return np.bincount(place[both], minlength=len(STRUCTURAL))


def parted_on(sent: NDArray[np.uint8], twin_sent: NDArray[np.uint8]) -> Counts:
    """The first day on which run and twin differ in what anyone sent, or in having ended; ``days`` if none."""
    differs = (sent != twin_sent).any(axis=1)
    return np.where(differs.any(axis=0), differs.argmax(axis=0), len(differs))


def parting_acts(
    sent: NDArray[np.uint8],
    twin_sent: NDArray[np.uint8],
    day: Counts,
    cell: NDArray[np.int64],
    signals: int,
) -> Counts:
    """(cells, actors, signals + 1, signals + 1) what every actor sent that its twin did not, on the day they part."""
    runs = np.flatnonzero(day < len(sent))
    here, there = (
        np.minimum(each[day[runs], :, runs].astype(np.int64), signals) for each in (sent, twin_sent)
    )
    place, actor = np.nonzero(here != there)
    counts = np.zeros((len(CELLS), sent.shape[1], signals + 1, signals + 1), np.int64)
    np.add.at(counts, (cell[runs][place], actor, here[place, actor], there[place, actor]), 1)
    return counts


def chosen(
    scenario: Scenario, rows: dict[str, NDArray[Any]], chances: NDArray[np.float64]
) -> NDArray[np.float64]:
    """1 - p_truth/p_belief of each run that ended in a war which a principal chose, else no number.

    The share of the hazard of war, on the day on which it came, that the actor's own error made; below 0 where
    it would have been readier had it seen truly. A war that the script ordered was nobody's choice.
    """
    share: NDArray[np.float64] = 1.0 - chances[1] / chances[0]
    for act in scenario.script:
        if scenario.signals[act.signal].war:
            share = np.where(rows["end_day"] == act.day, np.nan, share)
    return share


def regret(outcome: NDArray[Any], share: NDArray[np.float64]) -> Piece:
    """Counts, sums and squares of regret by act: ``regret`` (acts, bins), ``regret_sum``, ``regret_squares`` (acts,)."""
    bins = np.zeros((len(ACTS), REGRET_BINS), np.int64)
    sums, squares = np.zeros(len(ACTS), np.int64), np.zeros(len(ACTS), np.int64)
    for place, act in enumerate(ACTS):
        found = share[(outcome == act) & np.isfinite(share)]
        inside = np.clip(np.floor((found - REGRET_LEAST) / REGRET_STEP), 0, REGRET_BINS - 1)
        bins[place] = np.bincount(inside.astype(np.int64), minlength=REGRET_BINS)
        whole = np.rint(SCALE * np.maximum(found, REGRET_FLOOR)).astype(np.int64)
        sums[place], squares[place] = whole.sum(), (whole * whole).sum()
    return {"regret": bins, "regret_sum": sums, "regret_squares": squares}
