"""Studies that run until a share is known as well as was asked: `--precision`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import sim
from sim.commands import main as cli
from sim.errors import Interrupted, StudyError
from sim.experiments.study.planning import PILOT
from sim.experiments.study.study import Study, open_study, run
from sim.statistics.sequential import Target, enough, looks, most_runs, schedule
from tests.conftest import REPOSITORY

DUEL = REPOSITORY / "scenarios/duel.toml"
DAYS, SEED = 30, 3
EXIT = "exit=0.03"
TARGET = (Target("exit", 0.03),)
SHORT = ("--days", "30", "--seed", "3")


def brink(*said: str) -> Result:
    return CliRunner().invoke(cli.brink, said)


def known(precision: str | tuple[str, ...] = EXIT, out: str = "results", **more: object) -> Study:
    return run(sim.load(DUEL), None, DAYS, SEED, precision=precision, out=out, **more)  # type: ignore[arg-type]


def test_it_stops_at_the_first_look_at_which_the_share_is_known() -> None:
    study = known(figures=False)
    rows = study.rows["outcome"] == "exit"
    seen = {n: enough(int(rows[:n].sum()), n, *TARGET) for n in schedule(TARGET) if n <= study.runs}
    assert [n for n, reached in seen.items() if reached] == [study.runs]
    assert len(seen) > 1
    assert study.stopped
    found = study.stopped.estimates()["exit"]
    assert found.high - found.low <= 0.06 + 1e-12


def test_it_is_the_study_of_that_many_runs_and_says_what_is_known() -> None:
    study = known()
    plain = run(sim.load(DUEL), study.runs, DAYS, SEED, out="plain")
    assert study.folder and plain.folder
    assert study.folder.name == plain.folder.name
    differing = {
        path.name
        for path in plain.folder.iterdir()
        if path.read_bytes() != (study.folder / path.name).read_bytes()
    }
    assert differing == {"report.md", "manifest.json"}
    report = (study.folder / "report.md").read_text()
    assert report.index("## As precise as was asked for") < report.index(
        "## What this says, and what it does not"
    )
    assert "As precise" not in (plain.folder / "report.md").read_text()
    assert json.loads((study.folder / "manifest.json").read_text())["precision"] == [["exit", 0.03]]
    assert study.stopped
    assert study.to_json()["precision"] == study.stopped.to_json()
    assert open_study(study.folder).stopped == study.stopped
    assert brink("verify", str(study.folder)).exit_code == 0


def test_the_same_again_computes_nothing_and_changes_nothing() -> None:
    study = known()
    assert study.folder
    before = {path: path.stat().st_mtime_ns for path in study.folder.iterdir()}

    def never(*_: int) -> None:
        raise AssertionError("something was computed")

    again = known(progress=never)
    assert again.runs == study.runs
    assert before == {path: path.stat().st_mtime_ns for path in study.folder.iterdir()}
    run(sim.load(DUEL), study.runs, DAYS, SEED)
    assert before == {path: path.stat().st_mtime_ns for path in study.folder.iterdir()}


def test_a_finer_precision_goes_on_and_a_coarser_one_is_reached_already() -> None:
    coarse = known(figures=False)
    firsts: list[int] = []
    fine = known("exit=0.02", figures=False, progress=lambda done, _: firsts.append(done))
    assert fine.runs > coarse.runs
    assert min(firsts) > coarse.runs  # what was there was not computed again
    straight = known("exit=0.02", out="straight", figures=False)
    assert fine.runs == straight.runs
    assert fine.folder and straight.folder
    for name in ("runs.parquet", "counts.npz", "report.md"):
        assert (fine.folder / name).read_bytes() == (straight.folder / name).read_bytes()
    firsts.clear()
    back = known(figures=False, progress=lambda done, _: firsts.append(done))
    assert (back.runs, firsts) == (fine.runs, [])
    assert back.targets == TARGET


def test_runs_that_are_there_are_kept_though_no_look_has_as_many() -> None:
    run(sim.load(DUEL), 3_000, DAYS, SEED, figures=False)
    firsts: list[int] = []
    study = known(figures=False, progress=lambda done, _: firsts.append(done))
    assert study.runs == next(n for n in looks() if n >= 3_000)
    assert min(firsts) > 3_000


def test_a_study_that_was_stopped_on_the_way_goes_on_to_the_same_bytes() -> None:
    def stop(done: int, every: int) -> None:
        if every > schedule(TARGET)[0]:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted):
        known(figures=False, progress=stop)
    assert [path.suffix for path in Path("results").iterdir()] == [".pieces"]
    study, straight = known(figures=False), known(out="straight", figures=False)
    assert study.folder and straight.folder
    assert not list(Path("results").glob(".*"))
    for path in straight.folder.iterdir():
        assert path.read_bytes() == (study.folder / path.name).read_bytes()


def test_several_shares_are_all_known_and_parts_are_of_all_runs() -> None:
    study = known((EXIT, "war=0.03"), parts=("twins",), save=False)
    assert study.stopped
    assert set(study.stopped.estimates()) == {"war", "exit"}
    assert (study.part("twins")["twins"].query("quantity == 'cell'")["n"] == study.runs).all()
    assert len(study.rows) == study.runs


def test_the_command_says_what_is_known() -> None:
    result = brink("run", str(DUEL), *SHORT, "--precision", EXIT)
    assert result.exit_code == 0, result.stderr
    study = open_study("duel")
    assert f"Known as well as was asked, at n = {study.runs:,}: exit " in result.stdout
    assert brink("show", "duel").stdout == result.stdout


def test_precision_and_a_number_of_runs_cannot_go_together() -> None:
    said = "--precision decides how many runs there are; leave out --runs, or it"
    result = brink("run", str(DUEL), "--precision", EXIT, "--runs", "100")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"{said}.\n")
    with pytest.raises(StudyError, match="leave out --runs"):
        run(sim.load(DUEL), 100, precision=EXIT)
    for wrong in ("exit", "exits=0.1", "exit=2"):
        failed = brink("run", str(DUEL), "--precision", wrong)
        assert failed.exit_code == 2
        assert wrong in failed.stderr
    assert not Path("results").exists()


def test_a_dry_run_guesses_from_a_pilot_and_says_so() -> None:
    result = brink("run", str(DUEL), *SHORT, "--precision", EXIT, "--dry-run")
    assert f"guessed from {PILOT:,} runs; at most {most_runs(*TARGET):,}" in result.stdout
    [plan] = json.loads(brink("run", str(DUEL), *SHORT, "--precision", EXIT, "--dry-run", "--json").stdout)[
        "studies"
    ]
    assert plan["precision"]["most_runs"] == most_runs(*TARGET)
    assert plan["runs"] in schedule(TARGET)
    assert not Path("results").exists()
