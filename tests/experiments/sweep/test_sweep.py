"""Sweeps: each point is the plain simulation of its scenario, all share their luck, and the folder is no study."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from sim.commands import main as cli
from sim.engines.batch.engine import Program
from sim.errors import ScenarioError, StoreError, StudyError, Unfinished
from sim.experiments.design import grid
from sim.experiments.design_experiment import BesideBase, singles
from sim.experiments.runner import Answer, Means
from sim.experiments.study.study import list_studies, open_study, run
from sim.experiments.sweep.question import sweep
from sim.results.observables import observed
from sim.scenario.counterfactual import clear_sighted
from sim.scenario.files import load
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import WARS
from tests.conftest import REPOSITORY

RUNS, DAYS, SEED = 96, 40, 11


@pytest.fixture(scope="module")
def tense() -> Scenario:
    return load(REPOSITORY / "scenarios" / "tense.toml")


def swept(scenario: Scenario, vary: dict[str, object], twins: bool = True, **more: Any) -> Answer:
    asked = {"runs": RUNS, "days": DAYS, "seed": SEED, "twins": twins, "save": False, "figures": False} | more
    return sweep(scenario, vary, **asked)


def rows(found: Answer, quantity: str) -> pd.DataFrame:
    return found.table()[found.table()["quantity"] == quantity].set_index("point")


def test_every_point_is_the_plain_simulation_of_its_scenario_and_its_twin(tense: Scenario) -> None:
    vary: dict[str, object] = {"actors.caracas.suspicion": [-0.15, 0.3], "world.framework": [0.0, 0.9]}
    found = swept(tense, vary)
    for point, here in found.table().groupby("point"):
        first = here.iloc[0]
        scenario = tense.replace({key: float(first[key]) for key in vary})
        batch = Program.of(scenario).simulate(SEED, 0, RUNS, DAYS)
        twin = Program.of(clear_sighted(scenario)).simulate(SEED, 0, RUNS, DAYS)
        plain = observed(scenario, batch, twin)
        for _, row in here.iterrows():
            scale = (
                256 if row["quantity"] in ("deaths", "hardship", "days", "peak_level", "belief_error") else 1
            )
            assert row["value"] == pytest.approx(plain[row["quantity"]].mean() / scale, rel=1e-12), (
                point,
                row["quantity"],
            )


def test_a_point_that_changes_nothing_differs_by_exactly_nothing(tense: Scenario) -> None:
    found = swept(tense, {"world.framework": [tense.world.framework, 0.9]})
    same = found.table()[found.table()["point"] == 0]
    assert (same[["difference", "difference_se"]] == 0).all(axis=None)
    assert not same["distinguishable"].any()
    assert (found.table()[found.table()["point"] == 1]["difference"] != 0).any()


def test_differences_are_paired_run_by_run_under_common_luck(tense: Scenario) -> None:
    found = swept(tense, {"actors.caracas.resolve": [0.7]})
    base, moved = (
        np.isin(
            Program.of(each).simulate(SEED, 0, RUNS, DAYS).rows["outcome"], [int(o) for o in WARS]
        ).astype(int)
        for each in (tense, tense.replace({"actors.caracas.resolve": 0.7}))
    )
    row = rows(found, "war").loc[0]
    assert row["difference"] == pytest.approx((moved - base).mean())
    assert row["difference_se"] == pytest.approx((moved - base).std() / np.sqrt(RUNS))


def test_the_twin_that_is_made_from_a_program_is_the_clear_sighted_scenario(tense: Scenario) -> None:
    scenario = tense.replace({"actors.caracas.fog.rhetoric": 0.3})
    twin = Program.of(scenario).seeing_clearly()
    mine, true = (
        each.simulate(SEED, 0, 64, DAYS).rows for each in (twin, Program.of(clear_sighted(scenario)))
    )
    assert all((mine[name] == true[name]).all() for name in true)


def test_points_do_not_depend_on_how_they_are_cut_or_on_who_computes(tense: Scenario) -> None:
    rows = singles(("world.framework",), [(0.0,), (0.4,), (0.8,)])
    experiment = BesideBase.of(tense.replace({"study.runs": 32, "study.days": 20}), rows, twins=True)
    whole = experiment.compute(0, 3)
    parts = [experiment.compute(point, 1) for point in range(3)]
    for name, array in whole.items():
        assert (array == np.concatenate([part[name] for part in parts])).all()
    one, two = (
        swept(tense, {"world.framework": [0.1, 0.6]}, means=Means(executor))
        for executor in ("threads:1", "threads:3")
    )
    pd.testing.assert_frame_equal(one.table(), two.table())


def test_without_twins_nothing_that_rests_on_them_is_told(tense: Scenario) -> None:
    found = swept(tense, {"world.framework": [0.1]}, twins=False)
    assert {"war", "exit", "peak_level"} <= set(found.table()["quantity"])
    assert not {"miscalculated", "wrong_exit"} & set(found.table()["quantity"])


def test_the_scenario_s_own_plan_is_swept_if_nothing_else_is_asked(tense: Scenario) -> None:
    planned = tense.replace({"sweep": {"vary": {"world": {"framework": "0.1,0.6"}}}})
    found = sweep(planned, runs=16, days=10, twins=False, save=False, figures=False)
    assert list(rows(found, "war")["world.framework"]) == [0.1, 0.6]
    spread = tense.replace({"sweep": {"design": "latin", "points": 3, "over": ["world.readout_share"]}})
    assert len(rows(sweep(spread, runs=16, days=10, save=False, figures=False), "war")) == 3
    with pytest.raises(StudyError, match="nothing is varied"):
        sweep(tense, runs=16, save=False)


# The folder ------------------------------------------------------------------------------------


def test_the_same_sweep_again_is_read_and_not_run(tense: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    first = swept(tense, {"world.framework": [0.1, 0.6]}, save=True)
    assert first.folder
    before = {path.name: path.read_bytes() for path in first.folder.iterdir()}
    monkeypatch.setattr(BesideBase, "compute", None)
    again = swept(tense, {"world.framework": [0.1, 0.6]}, save=True)
    assert {path.name: path.read_bytes() for path in first.folder.iterdir()} == before
    pd.testing.assert_frame_equal(again.table(), first.table())
    assert again.report() == first.report()


def test_a_sweep_that_was_stopped_goes_on_where_it_was(
    tense: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    vary: dict[str, object] = {"world.framework": [0.1, 0.3, 0.6]}
    many = 600  # so that each point is a piece of its own
    whole, compute, done = swept(tense, vary, runs=many), BesideBase.compute, list[int]()

    def failing(self: BesideBase, first: int, count: int) -> object:
        if first == 2 and len(done) < 3:
            done.append(first)
            raise MemoryError
        return compute(self, first, count)

    monkeypatch.setattr(BesideBase, "compute", failing)
    with pytest.raises(Unfinished):
        swept(tense, vary, save=True, name="stopped", runs=many)
    asked: list[int] = []

    def noted(self: BesideBase, first: int, count: int) -> object:
        asked.append(first)
        return compute(self, first, count)

    monkeypatch.setattr(BesideBase, "compute", noted)
    again = swept(tense, vary, save=True, name="stopped", runs=many)
    assert asked == [2]
    pd.testing.assert_frame_equal(again.table(), whole.table())
    assert not list(Path("results").glob(".*"))


def test_a_damaged_sweep_is_made_again(tense: Scenario) -> None:
    first = swept(tense, {"world.framework": [0.1]}, save=True)
    assert first.folder
    table = first.folder / "sweep.parquet"
    good = table.read_bytes()
    table.write_bytes(good[:-9])
    swept(tense, {"world.framework": [0.1]}, save=True)
    assert table.read_bytes() == good


def test_a_sweep_s_folder_is_no_study(tense: Scenario) -> None:
    found = swept(tense, {"world.framework": [0.1]}, save=True, name="mine")
    assert found.folder == Path("results/mine")
    assert list_studies() == []
    assert json.loads((found.folder / "manifest.json").read_text())["what"] == "sweep"
    with pytest.raises(StudyError, match="is no study"):
        open_study("mine")
    with pytest.raises(StoreError, match="holds another sweep"):
        run(tense, runs=8, days=5, name="mine", figures=False)


def test_a_sweep_replaces_nothing_that_is_not_itself(tense: Scenario) -> None:
    swept(tense, {"world.framework": [0.1]}, save=True, name="mine")
    with pytest.raises(StoreError, match="holds another sweep"):
        swept(tense, {"world.framework": [0.2]}, save=True, name="mine")
    Path("results/else").mkdir()
    Path("results/else/notes.txt").write_text("x")
    with pytest.raises(StoreError, match="is no sweep of Brink's"):
        swept(tense, {"world.framework": [0.2]}, save=True, name="else")


def test_one_number_makes_a_line_and_two_make_a_heat_map(tense: Scenario) -> None:
    line = swept(tense, {"world.framework": [0.1, 0.6]}, save=True, figures=True)
    heat = swept(
        tense, {"world.framework": [0.1, 0.6], "world.readout_share": [0.1, 0.6]}, save=True, figures=True
    )
    for found in (line, heat):
        assert found.folder
        assert {path.name for path in found.folder.glob("*.png")} == {"sweep.png", "sweep-miscalculated.png"}


def test_a_grid_of_a_scenario_that_a_script_cannot_follow_says_so(tense: Scenario) -> None:
    scripted = tense.replace({"script": [{"day": 1, "actor": "caracas", "signal": "accept_exit"}]})
    with pytest.raises(ScenarioError, match="cannot send accept_exit"):
        sweep(scripted, design=grid(scripted, {"world.framework": [0.1]}), runs=16, save=False)


# The command -----------------------------------------------------------------------------------


def brink(*words: str) -> Result:
    return CliRunner().invoke(cli.brink, words)


def test_the_command_prints_the_report_and_writes_the_folder() -> None:
    small = ("--runs", "16", "--days", "10", "--no-figures")
    result = brink("sweep", "scenarios/tense.toml", "--vary", "world.framework=0.1,0.6", *small)
    assert result.exit_code == 0, result.output
    assert "\nworld: framework 0.1\n" in result.stdout
    assert "Results: results/tense-sweep-" in result.stdout
    told = brink("sweep", "scenarios/tense.toml", "--vary", "world.framework=0.1,0.6", *small, "--json")
    assert {row["world.framework"] for row in json.loads(told.stdout)["sweep"]} == {0.1, 0.6}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--vary", "world.framework=2"), "--vary world.framework is 2.0; it must be between 0 and 1"),
        (("--vary", "world.framework"), '--vary "world.framework": write KEY=VALUES'),
        (("--vary", "world.readout_share=0.1", "--vary", "world.readout_share=0.2"), "--vary world.readout_share is given twice"),
        (("--vary", "world.readout_share=0.1", "--design", "latin"), "give one of them"),
        (("--points", "8"), "of use only with --design"),
        (("--design", "latin", "--over", "world.hardship"), '--over "world.hardship": which has no range'),
        (("--design", "latin", "--executor", "elves"), 'executor "elves"'),
        ((), "nothing is varied; give --vary KEY=VALUES"),
    ],
)  # fmt: skip
def test_a_mistake_on_the_command_line_is_one_line_and_nothing_is_written(
    words: tuple[str, ...], said: str
) -> None:
    result = brink("sweep", "scenarios/tense.toml", *words)
    assert result.exit_code == 2, result.output
    assert said in result.stderr
    assert not Path("results").exists()
