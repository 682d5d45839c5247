"""The command `brink`: what it prints, what it writes, and how it ends."""

from __future__ import annotations

import importlib.metadata
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import click
import pandas as pd
import pytest
from click.testing import CliRunner, Result

import sim.figures
from sim.commands import main as cli
from sim.compute.experiment import Piece
from sim.compute.interrupts import HOW_TO_GO_ON
from sim.errors import Interrupted
from sim.experiments.study.simulation import Simulation
from sim.experiments.study.study import open_study
from sim.reports.tables import columns
from sim.scenario.files import load
from sim.terminal.cost import duration, size
from sim.terminal.inputs import FIGURE_FORMATS
from tests.conftest import REPOSITORY, in_a_new_process

STANDOFF = "scenarios/standoff.toml"


def brink(*words: str) -> Result:
    return CliRunner().invoke(cli.brink, words)


def failed(result: Result, code: int = 2) -> str:
    """The one message of a command that ended as it should: nothing on stdout, no traceback."""
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    return result.stderr.removesuffix("\n")


# Help and mistakes ----------------------------------------------------------------------------


def test_brink_alone_says_what_it_can_do() -> None:
    result = brink()
    assert result.exit_code == 0
    assert all(f"  {name} " in result.stdout for name in cli.COMMANDS)


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_explains_itself_with_an_example(name: str) -> None:
    result = brink(name, "--help")
    assert result.exit_code == 0
    assert f"Examples:\n    brink {name}" in result.stdout


def test_the_version_is_the_one_installed() -> None:
    assert brink("--version").stdout == f"brink {importlib.metadata.version('brink')}\n"


def test_a_mistyped_command_gets_the_closest_match() -> None:
    message = failed(brink("chek", STANDOFF))
    assert message == 'There is no command "chek"; did you mean "check"? Try `brink --help`.'


def test_a_mistyped_option_gets_the_closest_match() -> None:
    assert "'--runs'" in failed(brink("run", STANDOFF, "--rnus", "5"))


def test_control_characters_are_not_echoed() -> None:
    assert "\x1b" not in failed(brink("\x1b[2J"))
    assert "\x1b" not in failed(brink("run", STANDOFF, "--runs", "\x1b[2J"))
    assert "\x1b" not in failed(brink("new", "\x1b[2J"))


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--runs", "0", "--runs is 0; it must be a whole number between 1 and 1,000,000,000,000."),
        ("--runs", "many", '--runs is "many"; it must be a whole number between 1 and 1,000,000,000,000.'),
        ("--days", "-3", "--days is -3; it must be a whole number between 1 and 3,650."),
        ("--days", "1.5", '--days is "1.5"; it must be a whole number between 1 and 3,650.'),
        ("--seed", "-1", "--seed is -1; it must be a whole number between 0 and 9,223,372,036,854,775,807."),
        ("--seed", "9" * 5000, "it must be a whole number between 0 and 9,223,372,036,854,775,807."),
    ],
)
def test_a_number_out_of_range_is_refused_in_plain_words(option: str, value: str, said: str) -> None:
    assert said in failed(brink("run", STANDOFF, option, value))


def test_a_bug_says_so_in_one_line_and_shows_where_only_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(cli.Brink, "invoke", broken)
    message = failed(brink("schema"), code=1)
    assert message.startswith("A bug in Brink (ZeroDivisionError: by zero). Please report it")
    assert "\n" not in message
    monkeypatch.setenv("BRINK_DEBUG", "1")
    assert "Traceback" in brink("schema").stderr


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), Interrupted(), click.Abort()])
def test_a_stop_says_how_to_go_on(stop: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: Any) -> None:
        raise stop

    monkeypatch.setattr(cli.Brink, "invoke", stopped)
    assert failed(brink("schema"), code=130) == HOW_TO_GO_ON


# check, schema, list --------------------------------------------------------------------------


def test_check_says_what_a_sound_file_holds() -> None:
    result = brink("check", STANDOFF, "scenarios/duel.toml")
    assert result.exit_code == 0
    assert "scenarios/standoff.toml: sound; 8 actors" in result.stdout
    assert "scenarios/duel.toml: sound; 2 actors" in result.stdout
    assert brink("check", STANDOFF, "--quiet").stdout == ""


def test_every_mistake_of_every_file_and_override_is_told_at_once() -> None:
    Path("bad.toml").write_text('extends = "scenarios/duel.toml"\n[world]\nframework = 2\nlevel = "high"\n')
    message = failed(brink("check", "bad.toml", "missing.toml", STANDOFF))
    assert "bad.toml: world.framework is 2; it must be between 0 and 1" in message
    assert "bad.toml: world.level" in message
    assert "missing.toml: there is no such file" in message
    assert "standoff" not in message


def test_a_bad_override_names_itself() -> None:
    assert "world.trst" in failed(brink("run", STANDOFF, "--set", "world.trst=0.5"))
    both = failed(brink("run", STANDOFF, "--set", "world.trust", "--set", "=1"))
    assert both.count("write KEY=VALUE") == 2


@pytest.mark.parametrize(
    "override",
    [
        "." * 1000 + "=1",
        "a." * 1000 + "b=1",
        "a\udcff=1",
        "actors.caracas\udcff.resolve=1",
        "title=\udcff",
        'world={"\udcff"=1}',
        "world.\x1b[2J=1",
        "world=" + "[" * 1000,
        "world.trust=" + "9" * 5000,
    ],
)
def test_an_override_beyond_all_reason_is_one_short_line(override: str) -> None:
    message = failed(brink("run", STANDOFF, "--dry-run", "--set", override))
    assert message.startswith("--set ")
    assert "\n" not in message
    assert len(message) < 250
    assert message.isprintable()


def test_the_schema_is_json_for_scenario_files() -> None:
    schema = json.loads(brink("schema").stdout)
    assert "extends" in schema["properties"]


def test_list_shows_each_scenario_and_which_are_not_sound() -> None:
    Path("scenarios/broken.toml").write_text("nonsense")
    Path("scenarios/mine").mkdir()
    Path("scenarios/mine/firm.toml").write_text('extends = "../duel.toml"\n')
    listing = brink("list")
    assert listing.exit_code == 0, listing.stderr
    lines = {line.split()[0]: line for line in listing.stdout.splitlines() if line.startswith("scenarios/")}
    assert "Washington and Caracas" in lines[STANDOFF]
    assert "not sound: `brink check` says why" in lines["scenarios/broken.toml"]
    assert lines["scenarios/mine/:"].split()[1:3] == ["1", "more;"]
    assert "scenarios/mine/firm.toml" in brink("list", "--scenarios", "scenarios/mine").stdout


# new ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("base", ["standoff", "tense", "calm", "duel", "cuba1962"])
def test_a_new_scenario_is_sound_and_changes_nothing_yet(base: str) -> None:
    result = brink("new", "mine", "--extends", f"scenarios/{base}.toml")
    assert result.exit_code == 0, result.stderr
    assert brink("check", "scenarios/mine.toml").exit_code == 0
    mine, old = load("scenarios/mine.toml").document(), load(f"scenarios/{base}.toml").document()
    differing = {key for key in old if mine.get(key) != old[key]}
    assert differing <= {
        "title",
        "description",
        "assumptions",
    }  # assumptions: the sources are for the user to fill in


def test_new_never_overwrites() -> None:
    Path("scenarios/mine.toml").write_text("precious")
    assert "exists already" in failed(brink("new", "mine"))
    assert Path("scenarios/mine.toml").read_text() == "precious"


@pytest.mark.parametrize("name", ["", "../up", "a/b", "Upper", ".hidden", "two words", "x" * 41, "-dash"])
def test_new_refuses_names_that_are_no_good_and_writes_nothing(name: str) -> None:
    before = sorted(Path().rglob("*"))
    failed(brink("new", "--", name))
    assert sorted(Path().rglob("*")) == before


def test_new_leaves_only_the_scenario() -> None:
    before = set(Path().rglob("*"))
    brink("new", "mine")
    assert set(Path().rglob("*")) - before == {Path("scenarios/mine.toml")}


# What a study costs ---------------------------------------------------------------------------


def test_durations_and_sizes_are_said_in_round_numbers() -> None:
    assert [duration(s) for s in (0.2, 1.6, 119, 120, 7200, 200_000, 4e9)] == [
        "1 second", "2 seconds", "119 seconds", "2 minutes", "2 hours", "2 days", "127 years",
    ]  # fmt: skip
    assert [size(b) for b in (90, 1_500_000, 12.4e9, 3e15)] == ["0.1 kB", "1.5 MB", "12 GB", "3,000 TB"]


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert columns([("a", "1"), ("long", "20")], right=(1,)) == "a      1\nlong  20"


# Studies --------------------------------------------------------------------------------------

DUEL = "scenarios/duel.toml"
SMALL = ("--runs", "300", "--days", "30", "--seed", "7")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A results folder with two small studies of the duel: `duel` and, with a firmer South, `firm`."""
    folder = str(tmp_path_factory.mktemp("results"))
    scenario = str(REPOSITORY / DUEL)
    for more in ((), ("--set", "actors.south.resolve=0.9", "--name", "firm")):
        result = brink("run", scenario, *SMALL, "--out", folder, *more)
        assert result.exit_code == 0, result.stderr
        assert result.stderr == ""  # no bar and no notes where nobody watches
    return folder


def folders(results: str) -> list[str]:
    return sorted(path.name for path in Path(results).iterdir() if path.is_dir())


def test_a_study_ends_with_its_odds_and_where_they_lie(results: str) -> None:
    shown = brink("show", "firm", "--results", results).stdout
    assert "North and South\nfirm: 300 runs of 30 days, seed 7\n" in shown
    lines = {line.strip().split("  ")[0] for line in shown.splitlines()}
    assert {"war", "raid", "limited force", "exit", "settlement", "faded", "standoff"} <= lines
    assert "War: raid, invasion, attack or loss of control before the horizon." in shown
    assert "Limited force: " in shown
    *_, where, then = shown.splitlines()
    assert f"{Path(results, 'firm')}/" in where
    assert then == "Next: brink plot duel firm"
    again = brink("run", str(REPOSITORY / DUEL), *SMALL, "--out", results).stdout
    assert again == brink("show", "duel", "--results", results).stdout


def test_json_is_one_object_with_every_outcome_and_the_curve(results: str) -> None:
    run = brink("run", str(REPOSITORY / DUEL), *SMALL, "--out", results, "--json")
    (study,) = json.loads(run.stdout)["studies"]
    assert {key: study[key] for key in ("scenario", "runs", "days", "seed")} == {
        "scenario": "duel", "runs": 300, "days": 30, "seed": 7,
    }  # fmt: skip
    ends = {name: found for name, found in study["outcomes"].items() if name not in ("war", "limited_force")}
    assert sum(found["count"] for found in ends.values()) == 300
    wars = ("raid", "invasion", "attack", "loss_of_control")
    assert study["outcomes"]["war"]["count"] == sum(ends[name]["count"] for name in wars)
    assert all(found["low"] <= found["rate"] <= found["high"] for found in study["outcomes"].values())
    assert len(study["level"]["day"]) == len(study["level"]["mean"]) == len(study["level"]["q95"]) == 30
    assert json.loads(brink("show", "duel", "--results", results, "--json").stdout) == study


def test_quiet_prints_nothing(results: str) -> None:
    result = brink("run", str(REPOSITORY / DUEL), *SMALL, "--out", results, "--quiet")
    assert (result.exit_code, result.output) == (0, "")


def test_an_override_lands_in_a_folder_of_its_own(results: str) -> None:
    names = folders(results)
    assert sum(name.startswith("duel-") for name in names) == 1
    assert "firm" in names


def test_a_dry_run_says_what_it_would_cost_and_writes_nothing() -> None:
    before = sorted(Path().rglob("*"))
    result = brink("run", STANDOFF, DUEL, "--dry-run", "--days", "40")
    assert result.exit_code == 0
    assert "standoff: 10,000 runs of 40 days, 8 actors, seed 1; about" in result.stdout
    assert "Nothing was run or written." in result.stdout
    plans = json.loads(brink("run", STANDOFF, DUEL, "--dry-run", "--json").stdout)["studies"]
    assert [each["actors"] for each in plans] == [8, 2]
    assert sorted(Path().rglob("*")) == before


def test_nothing_runs_unless_every_file_is_sound() -> None:
    Path("bad.toml").write_text('extends = "scenarios/duel.toml"\n[world]\nframework = 2\n')
    assert "world.framework" in failed(brink("run", DUEL, "bad.toml", *SMALL))
    assert not Path("results").exists()


def test_two_studies_for_one_folder_are_refused() -> None:
    assert "give each once" in failed(brink("run", DUEL, f"./{DUEL}", *SMALL))
    assert "--name names one study" in failed(brink("run", DUEL, STANDOFF, "--name", "both"))
    assert not Path("results").exists()


def test_a_study_too_large_to_finish_or_to_hold_says_so_before_it_starts() -> None:
    assert "a week is the most" in failed(brink("run", DUEL, "--runs", str(10**12), "--days", "3650"))
    assert "are free" in failed(brink("run", DUEL, "--runs", str(10**12), "--days", "1"))
    assert not Path("results").exists()


def test_list_shows_each_study_with_its_war_rate(results: str) -> None:
    listing = brink("list", "--results", results)
    rows = [line for line in listing.stdout.splitlines() if "300" in line]
    assert len(rows) == 2
    assert all(" % " in row or "below" in row or "above" in row for row in rows)
    assert len(json.loads(brink("list", "--results", results, "--json").stdout)["results"]) == 2


def test_what_was_not_finished_is_listed() -> None:
    kept = Path("results/.duel-12345678.pieces/runs-87654321")
    kept.mkdir(parents=True)
    (kept / "0-64.piece").write_bytes(b"x" * 300_000)
    listing = brink("list")
    assert f"{kept.parent}: pieces of what was stopped or is at work, 0.3 MB" in listing.stdout
    [found] = json.loads(brink("list", "--json").stdout)["unfinished"]
    assert found == {"folder": str(kept.parent), "bytes": 300_000}


def test_an_unknown_study_is_a_plain_mistake(results: str) -> None:
    for command in (["show"], ["plot"], ["export"], ["story"]):
        assert "nowhere" in failed(brink(*command, "nowhere", "--results", results))


def test_figures_are_drawn_in_the_format_asked_for(results: str) -> None:
    assert brink("plot", "duel", "--results", results, "--out", "one.svg").stdout == "one.svg\n"
    assert Path("one.svg").read_text().startswith("<?xml")
    both = brink("plot", "duel", "firm", "--results", results, "--format", "pdf", "--out", "both.pdf")
    assert both.exit_code == 0, both.stderr
    assert Path("both.pdf").read_bytes().startswith(b"%PDF")
    assert ".png, .svg or .pdf" in failed(brink("plot", "duel", "--results", results, "--out", "one.gif"))
    assert "leave one" in failed(brink("plot", "duel", "--out", "one.svg", "--format", "png"))
    assert 'have no figure "pie" together' in failed(
        brink("plot", "duel", "firm", "--figure", "pie", "--results", results)
    )


def test_the_formats_known_to_the_commands_are_those_of_figures() -> None:
    assert FIGURE_FORMATS == sim.figures.FORMATS


def test_an_export_reads_back_as_the_same_numbers(results: str) -> None:
    result = brink("export", "duel", "--results", results, "--out", "tables")
    assert result.exit_code == 0, result.stderr
    assert sorted(path.name for path in Path("tables").iterdir()) == [
        "curves.csv", "harm.csv", "runs.csv", "samples.csv", "signals.csv", "summary.csv",
    ]  # fmt: skip
    curves = pd.read_csv("tables/curves.csv")
    study = open_study("duel", results)
    assert curves["value"].to_list() == study.curves["value"].to_list()


def test_without_rows_a_study_is_shown_drawn_and_exported_all_the_same() -> None:
    result = brink("run", DUEL, *SMALL, "--no-rows", "--name", "bare", "--executor", "threads:2")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "runs.parquet" not in [path.name for path in Path("results/bare").iterdir()]
    assert brink("plot", "bare", "--figure", "timing").exit_code == 0
    assert "runs.csv" not in brink("export", "bare").stdout
    assert brink("verify", "bare").exit_code == 0


def test_an_executor_that_is_none_is_a_plain_mistake() -> None:
    assert "allowed are threads, threads:N" in failed(brink("run", DUEL, "--executor", "cloud"))
    assert not Path("results").exists()


def test_work_that_fails_ends_with_1_and_one_line_that_says_how_to_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(self: Simulation, first: int, count: int) -> Piece:
        raise MemoryError("no room")

    monkeypatch.setattr(Simulation, "compute", broken)
    result = brink("run", DUEL, *SMALL)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"Runs 0 to 299 (there is not enough memory) failed 3 times. {cli.KEPT}\n"


def test_ctrl_c_that_python_dropped_is_heard_before_the_next_piece() -> None:
    """Raised in a destructor, as it may be in a callback of the import system, the exception comes to nothing."""
    code = (
        "import os, signal, sys, time\n"
        "from sim.compute import interrupts\n"
        "class Dropped:\n"
        "    def __del__(self): os.kill(os.getpid(), signal.SIGINT); time.sleep(0.1)\n"
        "interrupts.listen()\n"
        "Dropped()\n"
        "print('went on')\n"
        "try: interrupts.heed()\n"
        "except KeyboardInterrupt: print('heard')\n"
    )
    done = in_a_new_process(code)
    assert (done.stdout, done.stderr) == ("went on\nheard\n", "")


@pytest.mark.usefixtures("results")  # so that the model is compiled by now
def test_ctrl_c_ends_with_130_and_one_line_that_says_how_to_go_on() -> None:
    words = [sys.executable, "-m", "sim", "run", DUEL, "--runs", "5000000", "--out", "kept"]
    command = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while command.poll() is None and not list(Path("kept").rglob("*.piece")):
        time.sleep(0.05)
    command.send_signal(signal.SIGINT)
    stdout, stderr = command.communicate(timeout=300)
    assert (command.returncode, stdout) == (130, "")
    assert stderr == f"{HOW_TO_GO_ON}\n"
    assert [path.suffix for path in Path("kept").iterdir()] == [".pieces"]
