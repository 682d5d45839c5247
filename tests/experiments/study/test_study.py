"""A study's tables say what its runs did: every curve recomputed here from whole histories, run by run."""

from __future__ import annotations

import json
import math
import os
import time
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from sim.engines.batch.engine import Program
from sim.engines.mesa.model import CrisisModel
from sim.engines.tally import QUANTITIES
from sim.errors import StudyError
from sim.experiments.study.study import Study, folder_of, list_studies, open_study, run
from sim.scenario.files import load
from sim.schema.outcomes import WARS, Outcome
from tests.support.planted import stormy, with_bystanders
from tests.support.random_scenarios import SCENARIOS

RUNS, DAYS, SEED = 150, 25, 5
ENDS = [outcome for outcome in Outcome if outcome > Outcome.standoff]
SHARES = {"q05": 0.05, "q20": 0.2, "q35": 0.35, "q50": 0.5, "q65": 0.65, "q80": 0.8, "q95": 0.95}


@cache
def study() -> Study:
    """A study of a crisis in which everything happens, in memory."""
    scenario = with_bystanders(stormy(1, 1).scenario)
    slower = {
        "world.fade_rate": 0.02,
        "world.loss_of_control": 0.1,
        "world.tender": 0.05,
        "decisive.rate": 0.1,
    }
    given = {"world.immunity": 1.0, "actors.south.resolve": 0.4} | slower
    return run(scenario.replace(given), RUNS, DAYS, SEED, save=False)


@cache
def history() -> dict[str, NDArray[np.float64]]:
    """What happened in it, (days, runs) by name; also after an end."""
    return Program.of(study().scenario).history(SEED, 0, RUNS, DAYS)


def end_days() -> NDArray[np.int64]:
    """Day on which each run ended; beyond the last at the horizon."""
    return study().rows["end_day"].fillna(DAYS).to_numpy(np.int64)


def going(day: int) -> NDArray[np.bool_]:
    """The runs that were still going when the day began."""
    return end_days() >= day


def curve(quantity: str, statistic: str) -> pd.DataFrame:
    curves = study().curves
    return curves[(curves["quantity"] == quantity) & (curves["statistic"] == statistic)].set_index("day")


def quantile(values: NDArray[np.float64], share: float) -> float:
    """The least of the values that a share of them do not exceed."""
    return float(sorted(values)[max(math.ceil(share * len(values) - 1e-9), 1) - 1])


# Rows -------------------------------------------------------------------------------------------


def test_everything_happens_in_this_study() -> None:
    assert set(study().rows["outcome"]) == {outcome.name for outcome in Outcome}


def test_the_columns_of_the_rows_have_their_types() -> None:
    types = {
        "run": "int64", "outcome": "str", "end_day": "Int16", "ended_by": "str", "limited_force": "bool", "calls": "int16",
        "offers": "int16", "ultimatums": "int16", "strikes": "int16", "incidents": "int16", "share": "float64", "peak_level": "float64",
        "deaths": "float64", "hardship": "float64", "resolve_coercer": "float64", "resolve_target": "float64", "error_coercer": "float64",
        "error_target": "float64", "hazard": "float64",
    }  # fmt: skip
    kept = run(study().scenario, RUNS, DAYS, SEED, figures=False)
    for rows in (study().rows, kept.rows):
        assert {name: str(kind) for name, kind in rows.dtypes.items()} == types


def test_the_tables_on_disk_are_those_in_memory() -> None:
    kept = run(study().scenario, RUNS, DAYS, SEED, figures=False)
    for name in ("rows", "curves", "signals", "samples"):
        pd.testing.assert_frame_equal(kept.table(name), study().table(name))


def test_a_row_a_run_in_order() -> None:
    assert list(study().rows["run"]) == list(range(RUNS))


def test_a_run_ends_on_a_day_or_at_the_horizon() -> None:
    rows = study().rows
    at_horizon = rows["outcome"] == "standoff"
    assert (rows["end_day"].isna() == at_horizon).all()
    assert rows["end_day"].dropna().between(0, DAYS - 1).all()
    by_actor = {"exit": "south", "attack": "south", "raid": "north", "invasion": "north"}
    others = rows["outcome"] != "settlement"
    assert (rows["ended_by"] == rows["outcome"].map(by_actor).fillna(""))[others].all()
    assert set(rows["ended_by"][~others]) <= {"north", "south"}


def test_a_row_is_the_run_of_the_mesa_model() -> None:
    for place in range(0, RUNS, 10):
        model = CrisisModel(study().scenario, SEED, place, DAYS, observed=False)
        model.run_to_end()
        row = study().rows.loc[place]
        assert (row["outcome"], row["ended_by"]) == (model.outcome.name, model.ended_by)
        assert (row["deaths"], row["hardship"]) == (model.world.deaths, model.world.hardship)
        assert (row["peak_level"], row["limited_force"]) == (model.peak_level, model.limited_force)
        assert row["resolve_target"] == model.target.resolve
        assert row["error_coercer"] == model.coercer.belief - model.target.resolve


def test_the_counts_of_a_row_are_those_of_its_signals() -> None:
    ladder, scenario = study().scenario.ladder, study().scenario
    before_end = np.arange(DAYS)[:, None] <= end_days()
    sent = {
        name: np.array(ladder)[history()[f"signal.{name}"].astype(int)]
        for name in (scenario.coercer, scenario.target)
    }

    def times(*signals: str) -> NDArray[np.int64]:
        found = np.zeros(RUNS, np.int64)
        for places in sent.values():
            found += (np.isin(places, signals) & before_end).sum(axis=0)
        return found

    rows = study().rows
    assert (rows["calls"] == times("call")).all()
    assert (rows["offers"] == times("offer_exit")).all()
    assert (rows["ultimatums"] == times("ultimatum")).all()
    assert (rows["strikes"] == times("boat_strike", "land_strike", "clash")).all()
    assert (rows["limited_force"] == (times("land_strike") > 0)).all()
    assert (rows["incidents"] == (history()["incident"] * before_end).sum(axis=0)).all()


def test_the_summary_counts_the_rows() -> None:
    summary, rows = study().summary(), study().rows
    assert list(summary.index[:2]) == ["war", "limited_force"]
    outcomes = summary.drop(index=["war", "limited_force"])
    assert outcomes["count"].sum() == RUNS
    assert {name: count for name, count in outcomes["count"].items() if count} == rows[
        "outcome"
    ].value_counts().to_dict()
    assert summary.loc["war", "count"] == rows["outcome"].isin([war.name for war in WARS]).sum()
    assert summary.loc["limited_force", "count"] == rows["limited_force"].sum()
    assert (summary["n"] == RUNS).all()
    assert ((summary["low"] <= summary["rate"]) & (summary["rate"] <= summary["high"])).all()


# Curves -----------------------------------------------------------------------------------------


def read_levels(day: int) -> NDArray[np.float64]:
    """Level of every run at the end of a day, in steps of 0.01: 10 after a war, else 0 after an end."""
    war = study().rows["outcome"].isin([war.name for war in WARS]).to_numpy()
    level = np.where(end_days() <= day, np.where(war, 10.0, 0.0), history()["level"][day])
    return np.floor(level * 100 + 0.5) / 100


def test_level_quantiles_are_those_of_the_runs() -> None:
    for day in range(DAYS):
        for name, share in SHARES.items():
            assert curve("level", name).loc[day, "value"] == pytest.approx(
                quantile(read_levels(day), share)
            ), (day, name)


def test_the_mean_level_is_that_of_the_runs() -> None:
    expected = [read_levels(day).mean() for day in range(DAYS)]
    assert np.allclose(curve("level", "mean")["value"], expected, atol=1e-12)
    assert (curve("level", "mean")["n"] == RUNS).all()


def test_the_states_of_a_day_add_up_to_all_runs() -> None:
    states = study().curves[study().curves["quantity"] == "state"]
    assert set(states["statistic"]) == {"ongoing", *(end.name for end in ENDS)}
    assert np.allclose(states.groupby("day")["value"].sum(), 1.0)
    assert (states["n"] == RUNS).all()


def test_cumulative_incidence_is_that_of_the_rows() -> None:
    rows = study().rows
    for end in ENDS:
        days = rows.loc[rows["outcome"] == end.name, "end_day"].to_numpy(np.int64)
        expected = [(days <= day).sum() / RUNS for day in range(DAYS)]
        assert np.allclose(curve("state", end.name)["value"], expected), end.name


def test_belief_errors_are_those_of_the_runs_still_going() -> None:
    for role, rival in (("coercer", "target"), ("target", "coercer")):
        for day in range(DAYS):
            exact = (history()[f"belief.{role}"] - history()[f"resolve.{rival}"])[day][going(day)]
            counted = np.floor((exact + 1.5) * 100 + 0.5) / 100 - 1.5
            quantity = f"belief_error.{role}"
            assert curve(quantity, "mean").loc[day, "value"] == pytest.approx(counted.mean(), abs=1e-9)
            assert curve(quantity, "absolute").loc[day, "value"] == pytest.approx(
                np.abs(counted).mean(), abs=1e-9
            )
            assert curve(quantity, "mean").loc[day, "n"] == going(day).sum()
            for name, share in SHARES.items():
                assert curve(quantity, name).loc[day, "value"] == pytest.approx(
                    quantile(counted, share), abs=1e-9
                )


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_means_are_those_of_the_runs_still_going(quantity: str) -> None:
    """Sums are kept in 65536ths. Deaths and hardship of a loss of control come after the history's day."""
    values = history()[quantity]
    found = curve(quantity, "mean")
    for day in range(DAYS):
        assert found.loc[day, "value"] == pytest.approx(values[day][going(day)].mean(), abs=1 / 65536), day
        assert found.loc[day, "n"] == going(day).sum()


def test_signals_of_a_day_are_one_for_each_actor_and_run_still_going() -> None:
    counts = study().signals.groupby(["day", "actor"])["count"].sum().unstack()
    assert set(counts) == set(study().scenario.actors)
    for day in range(DAYS):
        assert (counts.loc[day] == going(day).sum()).all()
    assert (study().signals["count"] > 0).all()


def test_signals_are_those_of_the_histories() -> None:
    ladder = study().scenario.ladder
    for key, sent in study().signals.groupby(["day", "actor"]):
        assert isinstance(key, tuple)
        day, actor = int(str(key[0])), str(key[1])
        places = history()[f"signal.{actor}"][day][going(day)].astype(int)
        expected = {ladder[place]: int((places == place).sum()) for place in set(places)}
        assert dict(zip(sent["signal"], sent["count"], strict=True)) == expected


def test_samples_are_the_levels_of_the_first_runs() -> None:
    samples = study().samples
    assert set(samples["run"]) == set(range(5))
    for place in range(5):
        level = samples.loc[samples["run"] == place, "level"].to_numpy()
        lasted = min(end_days()[place], DAYS)
        assert (level[:lasted] == history()["level"][:lasted, place]).all()
        assert set(level[lasted:]) <= {0.0, 10.0}


def test_a_quantile_of_three_runs_by_hand() -> None:
    """Levels 1.00, 2.00 and 4.00: q20 is the first (0.6 of a run), q35 and q50 the second, q80 the third."""
    from sim.engines.tally import Tally
    from sim.results.curves import curves

    tally = Tally.empty(study().scenario, 1)
    tally.ongoing[0] = 3
    tally.level[0, [100, 200, 400]] = 1
    found = curves(tally, 3)
    levels = found[found["quantity"] == "level"].set_index("statistic")["value"]
    expected = {
        "q05": 1.0,
        "q20": 1.0,
        "q35": 2.0,
        "q50": 2.0,
        "q65": 2.0,
        "q80": 4.0,
        "q95": 4.0,
        "mean": 7 / 3,
    }
    assert levels.to_dict() == pytest.approx(expected)


def test_json_says_what_the_tables_say() -> None:
    told = json.loads(json.dumps(study().to_json()))
    assert (told["runs"], told["days"], told["seed"], told["folder"]) == (RUNS, DAYS, SEED, None)
    summary = study().summary()
    assert {name: each["count"] for name, each in told["outcomes"].items()} == summary["count"].to_dict()
    assert told["level"]["day"] == list(range(DAYS))
    assert told["level"]["q50"] == list(curve("level", "q50")["value"])


# Running and finding ----------------------------------------------------------------------------


def small(scenario: str = "duel", **given: Any) -> Study:
    return run(load(SCENARIOS / f"{scenario}.toml"), **{"runs": 30, "days": 5, "figures": False} | given)


def test_progress_goes_up_to_all_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.compute.scheduler.PIECE", 8)
    monkeypatch.setattr("sim.compute.scheduler.LANES", 8)
    told: list[tuple[int, int]] = []
    small(save=False, progress=lambda done, runs: told.append((done, runs)))
    assert told == [(8, 30), (16, 30), (24, 30), (30, 30)]


def test_a_study_in_memory_leaves_nothing_on_disk() -> None:
    assert small(save=False).folder is None
    assert not Path("results").exists()


@pytest.mark.parametrize(
    "given",
    [
        {"runs": 0},
        {"runs": 10**13},
        {"days": 0},
        {"days": 3651},
        {"seed": -1},
        {"seed": 2**63},
        {"runs": 2.5},
    ],
)
def test_a_plan_that_cannot_be_is_refused(given: dict[str, Any]) -> None:
    (key,) = given
    with pytest.raises(StudyError, match=f"{key} is .*whole number between"):
        small(**given)
    assert not Path("results").exists()


def test_one_run_of_one_day_is_a_study() -> None:
    kept = small(runs=1, days=1)
    assert len(kept.rows) == 1
    assert set(kept.curves["day"]) == {0}


def test_a_study_is_found_by_folder_by_full_name_and_by_scenario() -> None:
    kept = small()
    assert kept.folder is not None
    for name in (kept.folder, str(kept.folder), kept.folder.name, "duel"):
        assert open_study(name).folder == kept.folder
    assert open_study(kept.folder.absolute()).runs == 30


def test_a_study_with_a_name_is_found_by_it() -> None:
    kept = small(name="first")
    assert kept.folder == Path("results/first")
    assert open_study("first").folder == kept.folder
    assert open_study("first", results="results").name == "first"


def test_the_scenarios_name_means_its_newest_study() -> None:
    first, second = small(seed=1).folder, small(seed=2).folder
    assert first is not None
    assert second is not None
    now = time.time_ns()
    os.utime(first / "manifest.json", ns=(now, now))
    os.utime(second / "manifest.json", ns=(now - 10**9, now - 10**9))
    assert open_study("duel").folder == first
    os.utime(second / "manifest.json", ns=(now + 10**9, now + 10**9))
    assert open_study("duel").folder == second


def test_a_study_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(StudyError, match="nowhere: there is no such study in results/; there are: none yet"):
        open_study("nowhere")
    kept = small()
    assert kept.folder is not None
    with pytest.raises(StudyError, match=f"nowhere: .*{kept.folder.name}"):
        open_study("nowhere")


def test_studies_are_listed_and_nothing_else_is() -> None:
    assert list_studies() == []
    kept = [small(seed=1), small("tense", seed=1), small(name="own")]
    Path("results/notes").mkdir()
    Path("results/notes.txt").write_text("mine")
    listed = list_studies()
    assert [entry["folder"] for entry in listed] == sorted(str(each.folder) for each in kept)
    assert {entry["runs"] for entry in listed} == {30}


def test_a_study_opened_is_the_study_that_was_run() -> None:
    kept, again = small(), open_study("duel")
    assert again.scenario == kept.scenario
    assert (
        again.scenario.digest()
        == load(SCENARIOS / "duel.toml").replace({"study.runs": 30, "study.days": 5}).digest()
    )
    assert (again.name, again.runs, again.days, again.seed, again.counts) == (
        kept.name,
        30,
        5,
        kept.seed,
        kept.counts,
    )
    pd.testing.assert_frame_equal(again.summary(), kept.summary())


def test_a_folder_is_named_by_all_that_a_study_assumes() -> None:
    """But not by the number of runs, of which more are more of the same study."""
    duel = load(SCENARIOS / "duel.toml")
    plain = folder_of(duel)
    assert plain.name.startswith("duel-")
    assert len(plain.name) == len("duel-") + 8
    others = [folder_of(duel, days=5), folder_of(duel, seed=9), folder_of(duel.replace({"world.level": 3.0}))]
    assert len({plain, *others}) == 4
    assert folder_of(duel.replace({"study.runs": 77})) == plain
    assert folder_of(duel, out="elsewhere", name="x") == Path("elsewhere/x")
