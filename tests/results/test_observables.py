"""What is observed of a run beside its clear-sighted twin: by hand, and identities that hold in every run."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.engines.batch.engine import Program
from sim.engines.tally import Batch, Tally, empty_rows
from sim.results.observables import OBSERVED, SCALE, abouts, observed
from sim.scenario.counterfactual import clear_sighted
from sim.scenario.outcome_words import outcome_words
from sim.schema.claims import NAMES
from sim.schema.outcomes import Outcome

DUEL = "scenarios/duel.toml"


def batch(*outcomes: Outcome, days: int = 30, **rows: list[float]) -> Batch:
    """Runs that ended so; other columns of the rows as given, else 0."""
    found = empty_rows(len(outcomes))
    found["outcome"][:] = outcomes
    for name, values in rows.items():
        found[name][:] = values
    return Batch(0, len(outcomes), found, Tally.empty(sim.load(DUEL), days))


def test_every_observable_is_defined_and_outcomes_as_reports_define_them() -> None:
    assert tuple(OBSERVED) == NAMES
    scenario = sim.load(DUEL)
    for name, words in outcome_words(scenario).items():
        assert abouts(scenario)[name].definition == words.definition  # type: ignore[index]
    assert all(
        about.title and about.definition and (about.share or about.unit) for about in OBSERVED.values()
    )


def test_the_four_cells_of_war_and_the_errors_about_exits_by_hand() -> None:
    runs = batch(Outcome.raid, Outcome.standoff, Outcome.invasion, Outcome.exit, Outcome.settlement)
    twin = batch(Outcome.standoff, Outcome.attack, Outcome.raid, Outcome.settlement, Outcome.exit)
    found = observed(sim.load(DUEL), runs, twin)
    assert found["war"].tolist() == [1, 0, 1, 0, 0]
    assert found["miscalculated"].tolist() == [1, 0, 0, 0, 0]
    assert found["prevented"].tolist() == [0, 1, 0, 0, 0]
    assert found["false_exit"].tolist() == [0, 0, 0, 1, 0]
    assert found["missed_exit"].tolist() == [0, 0, 0, 0, 1]
    assert found["wrong_exit"].tolist() == [0, 0, 0, 1, 1]


def test_measures_are_counted_from_day_0_in_256ths() -> None:
    scenario = sim.load(DUEL).replace({"world.deaths": 80.0, "world.hardship": 2.0})
    runs = batch(
        Outcome.raid,
        Outcome.standoff,
        end_day=[4, -1],
        deaths=[130, 80],
        hardship=[3.5, 2.0],
        peak_level=[10, 6.25],
        error_coercer=[0.25, -0.5],
        error_target=[-0.75, -0.5],
    )
    found = observed(scenario, runs)
    assert (found["deaths"] / SCALE).tolist() == [50, 0]
    assert (found["hardship"] / SCALE).tolist() == [1.5, 0]
    assert (found["days"] / SCALE).tolist() == [5, 30]
    assert (found["peak_level"] / SCALE).tolist() == [10, 6.25]
    assert (found["belief_error"] / SCALE).tolist() == [0.5, 0.5]
    assert "miscalculated" not in found


def test_what_is_observed_adds_up_in_every_run() -> None:
    scenario = sim.load("scenarios/standoff.toml")
    clear = Program.of(clear_sighted(scenario)).simulate(1, 0, 512, 90)
    found = observed(scenario, Program.of(scenario).simulate(1, 0, 512, 90), clear)
    alone = observed(scenario, clear)
    kinds = found["raid"] + found["invasion"] + found["attack"] + found["loss_of_control"]
    ends = found["exit"] + found["settlement"] + found["deescalation"] + found["standoff"]
    assert np.array_equal(found["war"], kinds)
    assert np.array_equal(found["war"] + ends, np.ones(512))
    assert np.array_equal(found["miscalculated"] - found["prevented"], found["war"] - alone["war"])
    assert np.array_equal(found["false_exit"] - found["missed_exit"], found["exit"] - alone["exit"])
    assert np.array_equal(found["wrong_exit"], found["false_exit"] + found["missed_exit"])
    assert all(each.dtype == np.int64 for each in found.values())


def test_a_twin_of_other_runs_is_no_twin() -> None:
    runs = batch(Outcome.raid, Outcome.raid)
    with pytest.raises(ValueError, match="same runs"):
        observed(sim.load(DUEL), runs, batch(Outcome.raid))
