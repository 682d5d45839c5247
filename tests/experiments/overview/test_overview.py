"""Many scenarios in one call: a study each, one table of them all, and what happens when something goes wrong."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import rmtree
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from matplotlib.text import Text

import sim.experiments.study.study
from sim.commands import main as cli
from sim.errors import Interrupted, ScenarioError, Unfinished
from sim.experiments.runner import open_answer
from sim.experiments.study.study import Study, open_study
from sim.reports.numbers import words
from sim.statistics.proportions import proportion
from sim.terminal.inputs import files_in, group_of
from sim.terminal.plain import plain

SMALL = ("--runs", "120", "--days", "20")


def brink(*said: str) -> Result:
    return CliRunner().invoke(cli.brink, said)


@pytest.fixture
def crises() -> Path:
    """A folder of three small scenarios, and something that is none."""
    folder = Path("crises")
    (folder / "below").mkdir(parents=True)
    for name, resolve in (("b_soft", 0.1), ("a_firm", 0.9), ("c_middle", 0.5)):
        text = f'extends = "../scenarios/duel.toml"\n[actors.south]\nresolve = {resolve}\n'
        (folder / f"{name}.toml").write_text(text)
    (folder / "below" / "ignored.toml").write_text("nonsense")
    (folder / "notes.txt").write_text("nonsense")
    return folder


def batches() -> list[Path]:
    return sorted(path for path in Path("results").iterdir() if "-batch-" in path.name)


def test_a_folder_is_all_scenarios_directly_in_it_by_name(crises: Path) -> None:
    files = ["crises/a_firm.toml", "crises/b_soft.toml", "crises/c_middle.toml"]
    assert files_in([str(crises)]) == files
    assert files_in(["x.toml", str(crises)]) == ["x.toml", *files]
    with pytest.raises(ScenarioError, match="holds no scenario"):
        files_in(["crises/below/..", "results_to_come", "."])
    assert group_of([str(crises)]) == group_of(files) == "crises"
    assert group_of(["crises/a_firm.toml", "scenarios/duel.toml"]) == "scenarios"


def test_every_scenario_becomes_a_study_and_all_of_them_one_table(crises: Path) -> None:
    result = brink("run", f"{crises}/", *SMALL)
    assert result.exit_code == 0, result.stderr
    [folder] = batches()
    assert folder.name.startswith("crises-batch-")
    assert {path.name for path in folder.iterdir()} == {
        "manifest.json", "report.md", "shares.png", "escalation.png", "summary.parquet",
    }  # fmt: skip
    table = pd.read_parquet(folder / "summary.parquet")
    assert list(dict.fromkeys(table["scenario"])) == ["a_firm", "b_soft", "c_middle"]
    for name in ("a_firm", "b_soft", "c_middle"):
        study = open_study(name)
        told = [words(proportion(study.counts[each], 120)) for each in ("war", "exit", "standoff")]
        [line] = [line for line in result.stdout.splitlines() if line.startswith(f"{name} ")]
        assert all(each in line for each in told)
        row = table[(table["scenario"] == name) & (table["outcome"] == "war")].iloc[0]
        assert row["count"] == study.counts["war"]
    assert "## What this says, and what it does not" in (folder / "report.md").read_text()


def test_the_curves_of_a_batch_are_laid_over_each_other_as_long_as_its_studies_are_there(
    crises: Path,
) -> None:
    brink("run", f"{crises}/", *SMALL)
    [folder] = batches()
    drawn = open_answer(folder)
    assert drawn is not None and drawn.figures == ("shares", "escalation")
    names = {text.get_text() for text in drawn.plot("escalation").findobj(Text)}
    assert any("a_firm" in each for each in names) and any("c_middle" in each for each in names)
    assert brink("verify", folder.name).exit_code == 0
    rmtree(open_study("a_firm").folder or Path())
    left = open_answer(folder)
    assert left is not None and left.figures == ("shares",)
    assert brink("verify", folder.name).exit_code == 0


def test_files_named_one_by_one_are_a_batch_too_and_one_alone_is_none(crises: Path) -> None:
    brink("run", "crises/a_firm.toml", "--quiet", *SMALL)
    assert batches() == []
    found = json.loads(brink("run", "crises/a_firm.toml", "crises/b_soft.toml", *SMALL, "--json").stdout)
    assert len(found["studies"]) == 2
    assert found["batch"]["folder"] == str(batches()[0])
    rows = found["batch"]["summary"]
    assert {row["scenario"] for row in rows} == {"a_firm", "b_soft"}
    assert {row["outcome"] for row in rows} == {"war", "exit", "settlement", "deescalation", "standoff"}


def test_with_twins_the_table_has_miscalculated_wars(crises: Path) -> None:
    result = brink("run", str(crises), *SMALL, "--twins")
    assert "miscalculated war" in result.stdout.splitlines()[-6]
    table = pd.read_parquet(batches()[0] / "summary.parquet")
    assert (table["outcome"] == "miscalculated").sum() == 3


def test_the_same_batch_again_changes_nothing(crises: Path) -> None:
    first = brink("run", str(crises), *SMALL).stdout
    before = {path: path.stat().st_mtime_ns for path in Path("results").rglob("*") if path.is_file()}
    assert brink("run", str(crises), *SMALL).stdout == first
    assert before == {path: path.stat().st_mtime_ns for path in Path("results").rglob("*") if path.is_file()}


def test_files_that_do_not_load_are_told_all_at_once_and_nothing_runs(crises: Path) -> None:
    (crises / "d_bad.toml").write_text('extends = "../scenarios/duel.toml"\n[world]\nreadout_share = 2\n')
    (crises / "e_bad.toml").write_text("nonsense")
    result = brink("run", str(crises), *SMALL)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "d_bad.toml: world.readout_share is 2" in result.stderr
    assert "e_bad.toml" in result.stderr
    assert not Path("results").exists()


def failing(monkeypatch: pytest.MonkeyPatch, name: str, error: Exception) -> None:
    run = sim.experiments.study.study.run

    def sometimes(scenario: Any, *args: Any, **more: Any) -> Study:
        if scenario.name == name:
            raise error
        return run(scenario, *args, **more)

    monkeypatch.setattr(sim.experiments.study.study, "run", sometimes)


def test_a_study_that_fails_does_not_stop_the_others_and_is_named_at_the_end(
    crises: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        failing(patch, "a_firm", Unfinished("runs 0 to 119 (OSError: gone) failed 3 times"))
        result = brink("run", str(crises), *SMALL)
    assert result.exit_code == 1
    assert "a_firm-" in result.stderr
    assert "runs 0 to 119 (OSError: gone) failed 3 times" in result.stderr
    assert open_study("b_soft").runs == open_study("c_middle").runs == 120
    assert any(line.startswith("c_middle ") for line in result.stdout.splitlines())
    assert batches() == []  # a batch is kept when it is whole
    assert brink("run", str(crises), *SMALL).exit_code == 0
    assert len(batches()) == 1


def test_a_batch_that_was_interrupted_goes_on_with_what_is_missing(
    crises: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        failing(patch, "b_soft", Interrupted())
        assert brink("run", str(crises), *SMALL).exit_code == 130
    [first] = Path("results").glob("a_firm-*")
    before = (first / "manifest.json").stat().st_mtime_ns
    assert brink("run", str(crises), *SMALL).exit_code == 0
    assert (first / "manifest.json").stat().st_mtime_ns == before
    assert len(batches()) == 1


def test_a_dry_run_of_a_folder_plans_each_and_writes_nothing(crises: Path) -> None:
    plans = json.loads(brink("run", str(crises), *SMALL, "--dry-run", "--json").stdout)["studies"]
    assert [plan["scenario"] for plan in plans] == ["a_firm", "b_soft", "c_middle"]
    assert not Path("results").exists()


def test_all_that_read_results_know_the_folder_of_a_batch_and_it_says_what_the_studies_came_to(
    crises: Path,
) -> None:
    result = brink("run", str(crises), *SMALL)
    [folder] = batches()
    found = open_answer(folder)
    assert found is not None
    pd.testing.assert_frame_equal(found.table(), found.question.tables({})["summary"])
    assert [study[0] for study in found.question.asked()["studies"]] == ["a_firm", "b_soft", "c_middle"]
    assert plain(found.brief()) in result.stdout
    assert brink("show", folder.name).stdout.startswith(plain(found.brief()))
    assert json.loads(brink("show", folder.name, "--json").stdout) == json.loads(json.dumps(found.to_json()))
    for said in (("plot", folder.name), ("export", folder.name), ("verify", folder.name)):
        assert brink(*said).exit_code == 0, said
    table = folder / "summary.parquet"
    good = table.read_bytes()
    table.write_bytes(good[:-9])
    assert brink("verify", folder.name).exit_code != 0
    brink("run", str(crises), *SMALL)
    assert table.read_bytes() == good


def test_without_figures_none_is_drawn(crises: Path) -> None:
    brink("run", str(crises), *SMALL, "--no-figures")
    assert not list(Path("results").rglob("*.png"))
