"""`brink story --risk`, `brink whatif` and `brink windows`: what they print and write, and how mistakes are told."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from sim.experiments.study.study import run
from sim.scenario.files import load
from tests.commands.test_cli import STANDOFF, brink, failed


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("results")
    run(load(STANDOFF), runs=60, days=20, out=folder, figures=False)
    return str(folder)


def printed(*words: str) -> str:
    result = brink(*words)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_risk_follows_the_story_and_the_json_says_the_same(results: str) -> None:
    story = printed("story", "standoff", "--results", results, "--run", "4")
    told = printed("story", "standoff", "--results", results, "--run", "4", "--risk", "--times", "20")
    assert told.startswith(story.rstrip("\n")) and "Before day 0: war" in told
    found = json.loads(
        printed("story", "standoff", "--results", results, "--run", "4", "--risk", "--times", "20", "--json")
    )
    assert (found["run"], found["times"], found["evenings"][0]["day"]) == (4, 20, -1)
    assert all(each["chances"]["war"]["n"] == 20 for each in found["evenings"])
    acts = [act["actor"] for each in found["evenings"] for act in each["acts"]]
    assert {"washington", "caracas"} < set(acts)


def test_the_closest_call_is_found_and_told(results: str) -> None:
    words = " ".join(printed("story", "standoff", "--results", results, "--closest", "--times", "20").split())
    assert "of the first 60 runs that saw no war: run" in words
    found = json.loads(
        printed("story", "standoff", "--results", results, "--closest", "--times", "20", "--json")
    )
    assert found["looked_at"] == 60 and found["outcome"] in ("standoff", "deescalation", "exit", "settlement")


def test_whatif_prints_a_row_for_each_signal_and_marks_the_one_that_was_sent(results: str) -> None:
    ask = (
        "whatif",
        "standoff",
        "--results",
        results,
        "--run",
        "4",
        "--day",
        "3",
        "--actor",
        "caracas",
        "--times",
        "30",
    )
    found = json.loads(printed(*ask, "--json"))
    text = printed(*ask)
    assert text.count("(sent)") == 1 and text.count("as it was") == 4
    sent = next(each for each in found["signals"] if each["signal"] == found["sent"])
    assert {change["value"] for change in sent["changes"].values()} == {0.0}
    assert len(found["signals"]) == text.split("\n\n")[1].count("\n")


def test_windows_print_both_tables_and_write_one(tmp_path: Path) -> None:
    out = tmp_path / "calls.csv"
    ask = ("windows", STANDOFF, "--actor", "washington", "--signal", "call", "--runs", "50", "--days", "15")
    text = printed(*ask, "--out", str(out))
    assert "Of all 50 runs:" in text and "Of the runs in which it could be sent that day:" in text
    table = pd.read_csv(out)
    assert sorted(set(table["day"])) == [0, 7, 14]
    found = json.loads(printed(*ask, "--json"))
    assert [each["day"] for each in found["windows"]] == [0, 7, 14] and found["runs"] == 50
    assert [path.name for path in tmp_path.glob("*calls*")] == ["calls.csv"]  # and no part of it


def test_figures_are_written_where_they_are_asked_for(results: str, tmp_path: Path) -> None:
    study = ("standoff", "--results", results, "--run", "4", "--times", "10")
    printed("story", *study, "--risk", "--figure", str(tmp_path / "risk.png"))
    printed("whatif", *study, "--day", "3", "--actor", "caracas", "--figure", str(tmp_path / "whatif.svg"))
    printed("windows", STANDOFF, "--actor", "washington", "--signal", "call", "--runs", "20", "--days", "9",
            "--figure", str(tmp_path / "windows.pdf"))  # fmt: skip
    assert sorted(path.name for path in tmp_path.glob("*.*")) == ["risk.png", "whatif.svg", "windows.pdf"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["story", "standoff", "--json"], "--json goes with --risk or --closest."),
        (["story", "standoff", "--times", "5"], "--times goes with --risk or --closest."),
        (["story", "standoff", "--closest", "--run", "2"], "--closest finds a run by itself; leave --run out."),
        (["story", "standoff", "--risk", "--run", "60"], "--run is 60; standoff has the runs 0 to 59."),
        (["story", "standoff", "--risk", "--times", "0"], "--times is 0; it must be a whole number between 1 and 65,535."),
        (["story", "standoff", "--risk", "--times", "70000"], "--times is 70000; it must be a whole number between 1 and"),
        (["story", "standoff", "--risk", "--figure", "risk.gif"], "--figure is risk.gif; it must end with .png, .svg or .pdf."),
        (["whatif", "standoff", "--run", "99", "--day", "1", "--actor", "caracas"], "--run is 99; standoff has the runs"),
        (["whatif", "standoff", "--run", "1", "--day", "20", "--actor", "caracas"], "--day is 20; the days are 0 to 19."),
        (["whatif", "standoff", "--run", "1", "--day", "2", "--actor", "paris"], '--actor is "paris", who is not in standoff; known: '),
        (["windows", STANDOFF, "--actor", "paris", "--signal", "call"], '--actor is "paris", who is not in standoff; known: '),
        (["windows", STANDOFF, "--actor", "caracas", "--signal", "raid"], '--signal is "raid", which caracas cannot send; it can send '),
        (["windows", STANDOFF, "--actor", "caracas", "--signal", "call", "--out", "x.txt"], "--out is x.txt; it must end with .csv or .parquet."),
        (["windows", STANDOFF, "--actor", "caracas", "--signal", "call", "--every", "0"], "--every is 0; it must be a whole number between 1 and 3,650."),
    ],
)  # fmt: skip
def test_mistakes_are_told_in_one_plain_line(words: list[str], message: str, results: str) -> None:
    place = [] if words[0] == "windows" else ["--results", results]
    told = failed(brink(*words, *place))
    assert told.startswith(message) and "\n" not in told
