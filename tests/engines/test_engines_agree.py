"""Two engines, one model: whole histories, hidden state, rows and tallies are equal bit for bit."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from docs import SHIPPED
from sim.engines.batch.engine import Program
from sim.scenario.files import load
from sim.schema.outcomes import Outcome
from tests.support.planted import (
    IN_LOOPS,
    IN_RULES,
    IN_TABLES,
    Bug,
    disagreements,
    mesa_histories,
    stormy,
    with_bystanders,
)
from tests.support.random_scenarios import SCENARIOS, Draw, random_draw

PHASES = {"choose", "act", "chance", "perceive", "adjust", "end"}


def disagreements_in(numbers: range) -> dict[int, list[str]]:
    """What is wrong with which random scenario."""
    found = {number: disagreements(random_draw(number)) for number in numbers}
    return {number: wrong for number, wrong in found.items() if wrong}


def test_random_scenarios_reach_what_can_happen() -> None:
    """So that agreement says something: every cast, every outcome, every signal, horizons and ends."""
    draws = [random_draw(number) for number in range(120)]
    outcomes: Counter[Outcome] = Counter()
    sent: set[str] = set()
    for draw in draws:
        batch = Program.of(draw.scenario).simulate(draw.seed, 0, 64, draw.days)
        outcomes.update(Outcome(int(code)) for code in batch.rows["outcome"])
        sent |= {draw.scenario.ladder[place] for place in np.nonzero(batch.tally.signals.sum(axis=(0, 1)))[0]}
    assert set(outcomes) == set(Outcome)
    assert sent >= set(load(SCENARIOS / "duel.toml").ladder)
    assert {len(draw.scenario.actors) for draw in draws} >= {2, 3, 4, 5, 7}
    assert max(len(draw.scenario.actors) for draw in draws) > 8
    assert {draw.days == 1 for draw in draws} == {True, False}
    assert max(draw.days for draw in draws) > 60


def test_the_engines_agree_on_500_random_scenarios() -> None:
    assert not disagreements_in(range(500))


@pytest.mark.deep
def test_the_engines_agree_on_8_000_random_scenarios() -> None:
    assert not disagreements_in(range(500, 8_500))


@pytest.mark.parametrize("name", [path.stem for path in SHIPPED])
def test_the_engines_agree_on_each_shipped_scenario(name: str) -> None:
    assert not disagreements(Draw(load(SCENARIOS / f"{name}.toml"), 7, 100, 6, 90))


def test_a_random_scenario_is_the_same_each_time() -> None:
    assert random_draw(5) == random_draw.__wrapped__(5)
    assert random_draw(5) != random_draw(6)


NO_DOUBT = {"fog.uncertainty": 0.0, "belief.drift": 0.0, "belief.appetite_drift": 0.0}
EDGES: dict[str, dict[str, float]] = {
    "all fog is next to nothing": {f"fog.{name}": 5e-324 for name in ("framework", "rhetoric", "strikes", "opacity", "uncertainty")},
    "types are known": {"fog.uncertainty": 0.0},
    "no doubt at all": NO_DOUBT | {"belief.variance_cap": 0.0, "belief.appetite_variance_cap": 0.0},
    "no fog": {f"fog.{name}": 0.0 for name in ("framework", "rhetoric", "strikes", "opacity", "suspicion")},
    "no first doubt behind the thinnest fog": {
        "fog.framework": 1e-170, "fog.rhetoric": 1e-170, "fog.strikes": 0.0, "fog.opacity": 0.0, "actors.north.prior_error": 0.0,
        "actors.south.prior_appetite_error": 0.0, "belief.drift": 0.0, "belief.appetite_drift": 0.0,
    },
    "choice as sharp as can be": {"decisive.temperature": 0.005, "actors.north.temperature": 0.005, "actors.south.temperature": 0.005},
    "slopes as steep as can be": {
        "coefficients.choice.yield_slope": 50.0, "coefficients.choice.risk_slope": 50.0, "coefficients.assault.slope": 50.0,
        "coefficients.going_on.hope_slope": 50.0, "belief.variance_cap": 0.25, "actors.north.prior_error": 1.0,
    },
    "ten million deaths": {"world.deaths": 1e7, "coefficients.coercer.scrutiny": 5.0},
    "the most deaths that are drawn": {"signals.boat_strike.deaths": 50.0, "actors.north.inclination.boat_strike": 5.0},
    "private words are leverage": {"world.outreach": 0.0},
    "private words are a probe": {"world.outreach": 1.0, "coefficients.coercer.risk_ultimatum": 0.4},
    "the last seed and the last run": {"study.seed": 2**63 - 1},
}  # fmt: skip


@pytest.mark.parametrize("edge", EDGES)
def test_the_engines_agree_at_the_edges(edge: str) -> None:
    scenario = load(SCENARIOS / "duel.toml").replace(EDGES[edge])
    assert not disagreements(Draw(scenario, scenario.study.seed, 10**12 - 4, 4, 30))


def test_a_run_goes_on_in_a_history_after_its_end() -> None:
    draw = stormy(days=12, count=8)
    history = Program.of(draw.scenario).history(draw.seed, 0, 8, 12)
    _, stepped = mesa_histories(draw)
    assert {values.shape for values in history.values()} == {(12, 8)}
    assert min(len(states["level"]) for states in stepped) < 12


# Bugs are noticed -------------------------------------------------------------------------------


def a_crisis_of_four() -> Draw:
    draw = stormy(days=12, count=24)
    return Draw(with_bystanders(draw.scenario), draw.seed, draw.first, draw.count, draw.days)


def test_bugs_are_planted_in_every_phase_of_each_engine() -> None:
    assert {bug.phase for bug in IN_RULES} >= PHASES
    assert {phase for phase, _, _ in IN_TABLES} == {bug.phase for bug in IN_LOOPS} == PHASES


@pytest.mark.parametrize("bug", IN_RULES, ids=lambda bug: bug.name)
def test_a_bug_in_a_phase_of_the_mesa_engine_is_noticed(bug: Bug) -> None:
    draw = a_crisis_of_four()
    with bug.plant():
        assert disagreements(draw)


@pytest.mark.parametrize("place", range(len(IN_TABLES)), ids=lambda place: ": ".join(IN_TABLES[place][:2]))
def test_a_bug_in_a_table_of_the_batch_engine_is_noticed(place: int) -> None:
    draw, (_, _, plant) = a_crisis_of_four(), IN_TABLES[place]
    assert disagreements(draw, plant(Program.of(draw.scenario)))


def test_without_a_bug_nothing_is_noticed() -> None:
    assert not disagreements(a_crisis_of_four())


def test_a_bug_in_a_loop_of_the_batch_engine_is_noticed() -> None:
    """The loops as plain Python: they agree with the Mesa engine as they stand, and with no bug in them."""
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.support.planted"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
