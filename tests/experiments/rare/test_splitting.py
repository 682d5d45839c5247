"""Splitting: whatever the levels, what runs add up to is P(war) without bias; where principals are cold, for less work.

False alarms: an estimate may lie 5.8 standard errors off, by chance 1e-8; seeds are fixed.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.compute.experiment import merged
from sim.engines.batch.engine import Program
from sim.engines.branches import Plays
from sim.experiments.rare import splitting
from sim.experiments.rare.counts import Hazards, hazard_counts
from sim.experiments.rare.report import told
from sim.experiments.rare.splitting import MOST_LEVELS, WAYS, grown, levels_for
from sim.experiments.rare.tables import probability_of, runs_for
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import WARS
from sim.statistics.proportions import effective_size
from tests.engines.test_exact_crisis import clocks_crisis
from tests.experiments.rare.test_rare import FAR, reluctant
from tests.support.exact import solve

Reals = NDArray[np.float64]

COLD = {"decisive.temperature": 0.06}
"""Principals as cold as the standoff's own: they hardly ever take an act that is a little worse than another."""


def off(hazards: Reals, exact: float) -> float:
    """Standard errors by which a mean is off."""
    return float(abs(hazards.mean() - exact) / (hazards.std(ddof=1) / np.sqrt(len(hazards))))


@cache
def solved() -> tuple[Scenario, float]:
    """A small crisis and its exact P(war)."""
    crisis = clocks_crisis({"world.loss_of_control": 0.0})
    return crisis, float(sum(solve(crisis, 6).outcome[int(war)] for war in WARS))


@pytest.mark.parametrize(
    "levels",
    [
        (),
        (0.002, 0.02),
        *(pytest.param(each, marks=pytest.mark.deep) for each in ((1e-9,), (1e-4, 1e-3, 2e-3, 0.01, 0.05))),
    ],
)
def test_any_levels_give_what_the_exact_solution_says(levels: tuple[float, ...]) -> None:
    crisis, exact = solved()
    trees = grown(Program.of(crisis), Plays.of(0, 20_000), 3, 6, levels)
    assert off(trees.hazards, exact) < FAR
    assert off(1.15 * trees.hazards, exact) > FAR  # planted bias
    assert (trees.plays > 20_000) == bool(levels)


def test_a_planted_weight_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four ways that are each worth a third."""
    crisis, exact = solved()
    program, levels = Program.of(crisis), (0.01,)
    assert off(grown(program, Plays.of(0, 20_000), 3, 6, levels).hazards, exact) < FAR
    whole, split = (grown(program, Plays.of(0, 20_000), 3, 6, each).hazards for each in ((), levels))
    before = np.where(whole > split, split, whole)  # what a run had for sure before it was split
    assert off(before + (split - before) * WAYS / 3, exact) > FAR


def test_without_levels_a_run_is_worth_its_own_summed_chances() -> None:
    program = Program.of(reluctant())
    trees = grown(program, Plays.of(40, 300), 2, 90, ())
    rows = program.simulate(2, 40, 300, 90).rows
    assert np.array_equal(trees.hazards, rows["hazard"])
    assert trees.plays == 300
    assert all(np.array_equal(trees.rows[name], rows[name], equal_nan=True) for name in rows)


def test_a_run_is_split_the_same_in_any_company() -> None:
    program, levels = Program.of(reluctant()), (1e-8, 1e-6, 1e-5)
    whole = grown(program, Plays.of(0, 300), 2, 90, levels)
    parts = [grown(program, Plays.of(*part), 2, 90, levels) for part in ((0, 1), (1, 150), (151, 149))]
    assert np.array_equal(whole.hazards, np.concatenate([part.hazards for part in parts]))
    assert whole.plays == sum(part.plays for part in parts)


def test_the_ways_of_a_run_are_all_different() -> None:
    class Watched(Program):
        seen: list[Plays] = []  # noqa: RUF012

        def hazards(self, plays: Plays, seed: int, days: int):  # type: ignore[no-untyped-def]
            self.seen.append(plays)
            return super().hazards(plays, seed, days)

    own = Program.of(reluctant())
    program = Watched(own.scenario, own.numbers, own.tables, own.world)
    trees = grown(program, Plays.of(0, 200), 2, 90, (1e-8, 1e-6, 1e-5, 2e-5, 4e-5))
    paths = {
        (int(run), *map(int, branches), *map(int, since))
        for plays in Watched.seen
        for run, branches, since in zip(plays.runs, plays.branches, plays.since, strict=True)
    }
    assert len(paths) == trees.plays == sum(len(plays) for plays in Watched.seen)
    last = [
        (int(plays.runs[at]), int(plays.branches[at, -1]))
        for plays in Watched.seen
        for at in range(len(plays))
    ]
    assert len(set(last)) == len(last)
    for plays in Watched.seen:
        assert (np.diff(plays.since, axis=1) >= 0).all()


def test_nothing_is_split_where_the_plain_sum_will_do() -> None:
    assert levels_for(reluctant()) == ()


def test_levels_ascend_and_do_not_depend_on_the_number_of_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splitting, "PILOT", 1024)
    cold = reluctant(-1.5, COLD)
    levels = levels_for(cold)
    assert len(levels) >= 3
    assert list(levels) == sorted(set(levels))
    assert levels_for(cold.replace({"study.runs": 7})) == levels


def test_a_study_of_cold_principals_is_split_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splitting, "PILOT", 1024)
    planned = reluctant(-1.5, COLD | {"study.runs": 1_000})
    experiment = Hazards(planned)
    whole, parts = experiment.compute(0, 1_000), [experiment.compute(0, 64), experiment.compute(64, 936)]
    both = merged(parts)
    found = probability_of(whole)
    assert probability_of(both) == found
    assert (
        1.5 * found.n < found.plays < 1.2 * (1 + MOST_LEVELS) * found.n
    )  # a quarter goes on in 4 ways, at each
    assert f"{found.plays / found.n:.1f} plays to a run" in told(found)[0]
    assert "plays to a run" not in told(replace(found, plays=found.n))[0]


def test_gains_are_counted_in_plays() -> None:
    hazard = np.random.default_rng(1).gamma(1.0, 1e-5, 5_000)
    outcome = np.zeros(5_000)
    plain, split = (
        probability_of(hazard_counts({"hazard": hazard, "outcome": outcome}, n)) for n in (None, 15_000)
    )
    assert split.variance_ratio == pytest.approx(plain.variance_ratio / 3)


@pytest.mark.deep
def test_one_war_in_100_000_among_cold_principals_takes_a_twentieth_of_the_work_of_counting() -> None:
    cold = reluctant(-1.3, COLD | {"study.runs": 48_000})
    found = probability_of(merged(Hazards(cold).compute(first, 8_000) for first in range(0, 48_000, 8_000)))
    assert 0.5e-5 < found.value < 2e-5
    assert found.relative_error <= 0.1
    counting = runs_for(0.1, found)[1]
    plays = found.plays * (found.relative_error / 0.1) ** 2
    assert counting >= 20 * plays
    assert found.effective >= 20
    plain = Program.of(cold).simulate(1, 0, 48_000, 90).rows["hazard"]
    assert effective_size(plain.sum(), np.square(plain).sum()) < found.effective
