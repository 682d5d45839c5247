"""What every number does: a dead one is marked, one that matters is not, and each end is a paired difference."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from sim.errors import StudyError
from sim.experiments.design_experiment import BesideBase
from sim.experiments.levers.counts import lever_keys, levers_at, rows_of
from sim.experiments.levers.figures import drawn
from sim.experiments.levers.no_effect import reason
from sim.experiments.levers.question import levers
from sim.experiments.levers.tables import BENT, DEAD, ONE_END, mark
from sim.experiments.runner import Answer
from sim.experiments.sweep.question import sweep
from sim.scenario.files import load
from sim.scenario.scenario import Scenario
from sim.statistics.differences import Difference
from tests.conftest import REPOSITORY


@pytest.fixture(scope="module")
def duel() -> Scenario:
    """A small crisis in which two numbers were made dead: nobody scrutinises, and forces weigh nothing where control is never lost."""
    scenario = load(REPOSITORY / "scenarios" / "duel.toml")
    return scenario.replace({"world.loss_of_control": 0.0, "coefficients.chance.control_force": 3.0})


@pytest.fixture(scope="module")
def found(duel: Scenario) -> Answer:
    return levers(duel, runs=64, days=40, save=False, figures=False)


def of(table: pd.DataFrame, lever: str, quantity: str = "war") -> dict[str, Any]:
    here = table[(table["lever"] == lever) & (table["quantity"] == quantity)]
    return {str(row["end"]): row for row in here.to_dict("records")}


def by_key(scenario: Scenario, signals: bool = False) -> dict[str, Any]:
    return {each.key: each for each in levers_at(scenario, lever_keys(scenario, signals))}


def test_a_planted_dead_lever_is_marked_and_nothing_else_of_the_world_with_it(found: Answer) -> None:
    """Where control is never lost, how forces would add to that is of no effect, whatever it is."""
    dead = set(found.table().loc[found.table()["mark"] == DEAD, "lever"])
    assert "coefficients.chance.control_force" in dead
    assert "actors.south.resolve" not in dead
    assert dead & {"world.framework", "decisive.rate", "fog.rhetoric"} == set()
    assert (
        "coefficients.chance.control_force (3, moved to 2.4 and 3.6): it does not bind in this scenario"
        in found.report()
    )


def test_a_dead_lever_changes_not_one_run_and_differs_by_exactly_nothing(found: Answer) -> None:
    dead = found.table()[found.table()["mark"] == DEAD]
    assert (dead[["changed", "value", "se"]] == 0).all(axis=None)


def test_an_end_is_the_sweep_s_point_at_its_value(duel: Scenario, found: Answer) -> None:
    ends = of(found.table(), "decisive.rate")
    point = sweep(
        duel, {"decisive.rate": [ends["high"]["at"]]}, runs=64, days=40, twins=True, save=False, figures=False
    ).table()
    for quantity in ("war", "miscalculated", "exit"):
        row = point[point["quantity"] == quantity].iloc[0]
        assert of(found.table(), "decisive.rate", quantity)["high"]["value"] == row["difference"]


def test_the_figure_calls_only_those_dead_that_change_not_one_run(found: Answer) -> None:
    shown = drawn(found.table())
    still = (shown["value"] == 0).groupby(shown["lever"]).all()
    dead = set(found.table().loc[found.table()["mark"] == DEAD, "lever"])
    assert set(still[still].index) == dead


def test_levers_that_do_most_to_war_come_first(found: Answer) -> None:
    war = found.table()[found.table()["quantity"] == "war"]
    size = war["value"].abs().groupby(war["lever"], sort=False).max()
    assert list(size) == sorted(size, reverse=True)


def test_a_registered_number_moves_over_its_range_and_any_other_by_a_fifth() -> None:
    found = by_key(load(REPOSITORY / "scenarios" / "standoff.toml"))
    assert (found["world.framework"].low, found["world.framework"].high) == (0.0, 0.35)
    assert (found["fog.rhetoric"].low, found["fog.rhetoric"].high) == (0.8, None)  # 1 is the most there is
    bar = found["coefficients.choice.risk_bar"]
    assert (bar.low, bar.high) == pytest.approx((0.8 * bar.value, 1.2 * bar.value))
    assert (found["clocks.offer"].low, found["clocks.offer"].high) == (11, 17)
    assert (found["world.hardship"].low, found["world.hardship"].high) == (None, 0.1)
    assert found["kept.contact"].high == pytest.approx(0.92)  # of 0.1 that is lost a day, a fifth less
    assert found["kept.sanctions"].low == pytest.approx(0.982)  # of 0.015 that is lost a day, a fifth more
    assert "signals.raid.reluctance" in found  # registered


def test_signals_and_habits_are_levers_only_if_asked_for_and_seats_never() -> None:
    standoff = load(REPOSITORY / "scenarios" / "standoff.toml")
    few, all_ = by_key(standoff), by_key(standoff, signals=True)
    assert "signals.boat_strike.pressure" in all_
    assert "actors.caracas.inclination.call" in all_
    assert not any(key.startswith("signals.boat_strike") or "inclination" in key for key in few)
    assert not any(key.endswith(".seat") or key.startswith(("study.", "rates.")) for key in all_)


def difference(value: float, low: float, high: float) -> Difference:
    return Difference(100, value, low, high, 0.01, "by hand")


def test_what_is_odd_about_a_lever_is_named() -> None:
    more, less, unsure = difference(0.2, 0.1, 0.3), difference(-0.2, -0.3, -0.1), difference(0.2, -0.1, 0.5)
    assert mark([0, 0], [unsure, unsure]) == DEAD
    assert mark([0], [unsure]) == DEAD
    assert mark([0, 4], [unsure, more]) == ONE_END
    assert mark([4, 4], [more, more]) == BENT
    assert mark([4, 4], [less, less]) == BENT
    assert mark([4, 4], [less, more]) == ""
    assert mark([4, 4], [unsure, more]) == ""
    assert mark([4], [more]) == ""


def test_numbers_that_are_dead_by_design_have_their_reason() -> None:
    standoff = load(REPOSITORY / "scenarios" / "standoff.toml")
    assert reason(standoff, "signals.call.goldstein") == "for reports only"
    assert reason(standoff, "signals.raid.pressure") == "a decisive act is weighed by what it ends in"
    assert reason(standoff, "signals.mediate.reaction.tension") == ""
    assert reason(standoff, "signals.raid.reaction.tension") == "third parties cannot send it"
    assert reason(standoff, "actors.caracas.fog.opacity") == ""
    assert reason(standoff, "world.framework") == ""


def test_the_same_again_is_read_and_not_run(duel: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    first = levers(duel, runs=8, days=10)
    assert first.folder
    assert {path.name for path in first.folder.iterdir()} == {
        "ends.npz",
        "levers.parquet",
        "levers.png",
        "report.md",
        "manifest.json",
    }
    monkeypatch.setattr(BesideBase, "compute", None)
    pd.testing.assert_frame_equal(levers(duel, runs=8, days=10).table(), first.table())


def test_too_many_runs_an_end_are_refused(duel: Scenario) -> None:
    with pytest.raises(StudyError, match="at most 1,000,000"):
        levers(duel, runs=10**7, save=False)


def test_every_end_of_every_lever_is_a_point(duel: Scenario) -> None:
    pulled = tuple(levers_at(duel, lever_keys(duel)))
    rows = rows_of(pulled)
    assert len(rows) == sum(len(list(each.ends())) for each in pulled)
    assert all(len(row.keys) == len(row.points) == 1 for row in rows)


def test_a_scenario_without_a_number_to_be_moved_is_refused(
    duel: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.experiments.levers.question.lever_keys", lambda scenario, signals: ())
    with pytest.raises(StudyError, match="duel: no number can be moved"):
        levers(duel, save=False)
