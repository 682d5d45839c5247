"""Scenarios compared under common luck: what differs, where it is kept, and that it goes on."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

import sim
from sim.commands import main as cli
from sim.errors import ScenarioError
from sim.experiments.arms.question import labels_of, names_of
from sim.experiments.runner import Means
from sim.reports.numbers import difference_words as words
from sim.reports.tables import found
from sim.schema.claims import NAMES
from sim.statistics.differences import in_row
from tests.conftest import REPOSITORY

DUEL = str(REPOSITORY / "scenarios/duel.toml")
SMALL = ("--runs", "200", "--days", "30", "--seed", "7")


def brink(*said: str) -> Result:
    return CliRunner().invoke(cli.brink, said)


def firm(title: str = "A firm South") -> str:
    Path("firm.toml").write_text(
        f'extends = "scenarios/duel.toml"\ntitle = "{title}"\n[actors.south]\nresolve = 0.9\n'
    )
    return "firm.toml"


def folder(out: str = "results") -> Path:
    [only] = [path for path in Path(out).iterdir() if path.is_dir() and not path.name.startswith(".")]
    return only


def test_scenarios_are_compared_in_words_and_kept_in_one_folder() -> None:
    result = brink("run", DUEL, firm(), *SMALL, "--compare")
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    place = folder()
    assert place.name.startswith("duel-vs-firm-")
    files = {path.name for path in place.iterdir()}
    assert {
        "report.md",
        "arms.parquet",
        "differences.parquet",
        "arm_curves.parquet",
        "arm_harm.parquet",
    } <= files
    assert {"arms.png", "differences.png"} <= files
    table = pd.read_parquet(place / "differences.parquet")
    for name in ("war", "miscalculated", "exit", "settlement", "raid", "loss_of_control"):
        assert words(in_row(found(table, arm="firm", observable=name))) in result.stdout
    report = (place / "report.md").read_text()
    assert "## What this says, and what it does not" in report
    assert "A firm South" in report


def test_files_that_differ_in_nothing_differ_in_exactly_nothing() -> None:
    Path("copy.toml").write_text('extends = "scenarios/duel.toml"\n')
    compared = json.loads(brink("run", DUEL, "copy.toml", *SMALL, "--compare", "--json").stdout)["comparison"]
    assert {row["observable"] for row in compared["differences"]} == set(NAMES)
    assert all(row["value"] == row["gained"] == row["lost"] == 0 for row in compared["differences"])
    assert not any(row["distinguishable"] for row in compared["differences"])
    assert "no difference at n = 200" in brink("run", DUEL, "copy.toml", *SMALL, "--compare").stdout


def test_what_differs_is_what_the_studies_apart_would_show() -> None:
    firm()
    compared = sim.compare({"as_is": sim.load(DUEL), "firm": sim.load("firm.toml")}, 200, 30, 7, save=False)
    assert compared.folder is None
    for name, file in (("as_is", DUEL), ("firm", "firm.toml")):
        study = sim.run(sim.load(file), 200, 30, 7, save=False)
        row = found(compared.tables["arms"], arm=name, observable="war")
        assert row["value"] == study.counts["war"] / 200


def test_the_same_comparison_again_changes_nothing_and_computes_nothing() -> None:
    arms = {"duel": sim.load(DUEL), "firm": sim.load(firm())}
    first = sim.compare(arms, 200, 30, 7)
    assert first.folder is not None
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in first.folder.iterdir()}

    def never(*_: int) -> None:
        raise AssertionError("something was computed")

    again = sim.compare(arms, 200, 30, 7, means=Means(progress=never))
    assert before == {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in first.folder.iterdir()}
    for name, table in first.tables.items():
        pd.testing.assert_frame_equal(table, again.tables[name], check_dtype=False)


def test_a_comparison_that_was_stopped_goes_on_to_the_same_bytes() -> None:
    arms = {"duel": sim.load(DUEL), "firm": sim.load(firm())}

    def stop(done: int, every: int) -> None:
        if done < every:
            raise KeyboardInterrupt

    with pytest.raises(sim.errors.Interrupted):
        sim.compare(arms, 600, 20, 7, means=Means(progress=stop))
    [pieces] = Path("results").glob(".*.pieces")
    assert any(pieces.rglob("*.piece"))
    stopped = sim.compare(arms, 600, 20, 7)
    straight = sim.compare(arms, 600, 20, 7, out="other")
    assert stopped.folder and straight.folder
    assert not pieces.exists()
    for path in straight.folder.iterdir():
        assert path.read_bytes() == (stopped.folder / path.name).read_bytes(), path.name


def test_a_name_is_the_folder_and_holds_one_comparison_only() -> None:
    assert brink("run", DUEL, firm(), *SMALL, "--compare", "--name", "both", "--quiet").output == ""
    assert Path("results/both/report.md").is_file()
    other = brink("run", DUEL, "firm.toml", "--runs", "100", "--days", "30", "--compare", "--name", "both")
    assert other.exit_code == 2
    assert "choose another --name" in other.stderr


def test_a_dry_run_of_a_comparison_writes_nothing() -> None:
    result = brink("run", DUEL, firm(), *SMALL, "--compare", "--dry-run")
    assert "duel and firm, comparison: as long as 800 plain runs of 30 days" in result.stdout
    plan = json.loads(brink("run", DUEL, "firm.toml", *SMALL, "--compare", "--dry-run", "--json").stdout)
    assert plan["scenarios"] == ["duel", "firm"]
    assert (plan["days"], plan["seed"]) == (30, 7)
    assert not Path("results").exists()
    brink("run", DUEL, "firm.toml", *SMALL, "--compare")
    assert plan["folder"] == str(folder())


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--attribute",), "--compare and --attribute cannot go together"),
        (("--engine", "mesa"), "--compare and --engine cannot go together"),
    ],
)
def test_options_of_which_a_comparison_has_no_use_are_refused(more: tuple[str, ...], said: str) -> None:
    result = brink("run", DUEL, firm(), *SMALL, "--compare", *more)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert not Path("results").exists()


def test_one_scenario_has_nothing_to_be_compared_with() -> None:
    result = brink("run", DUEL, "--compare")
    assert result.exit_code == 2
    assert "--compare needs at least two scenarios, and 1 was given." in result.stderr
    with pytest.raises(ScenarioError, match="at least two"):
        sim.compare({"duel": sim.load(DUEL)})


def test_scenarios_of_one_name_are_told_apart() -> None:
    duel = sim.load(DUEL)
    assert names_of([duel, duel, duel]) == ["duel", "duel-2", "duel-3"]


def test_scenarios_are_called_by_their_titles_if_these_are_short_and_differ() -> None:
    duel, other = sim.load(DUEL), sim.load(firm())
    assert labels_of({"duel": duel, "firm": other}) == {"duel": "North and South", "firm": "A firm South"}
    assert labels_of({"duel": duel, "copy": duel}) == {"duel": "duel", "copy": "copy"}
    long = sim.load(firm("A South that is so firm that its title fits into no table"))
    assert labels_of({"duel": duel, "firm": long}) == {"duel": "duel", "firm": "firm"}
