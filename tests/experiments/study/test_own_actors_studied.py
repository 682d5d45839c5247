"""A study whose actors are a user's own: played by the Mesa engine on all cores, kept, shown and grown as any other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

import sim
from sim.commands.main import brink
from sim.engines.mesa.agents import Target
from sim.errors import StudyError

SMALL: dict[str, Any] = {"runs": 96, "days": 6, "figures": False}


class Patient(Target):
    """Concedes every day, whatever it sees."""

    def choose(self) -> str:
        return "concede"


class Plain(Target):
    """A target of one's own that changes nothing."""


def test_one_that_changes_nothing_gives_the_numbers_of_the_standard_study() -> None:
    own = sim.run("duel", actors={"south": Plain}, save=False, executor="processes:2", **SMALL)
    standard = sim.run("duel", save=False, **SMALL)
    for name in ("summary", "runs", "curves", "signals", "samples", "harm"):
        pd.testing.assert_frame_equal(own.table(name), standard.table(name))


def test_what_the_class_chooses_is_what_the_study_counts_and_its_speed_is_said() -> None:
    said: list[str] = []
    study = sim.run("duel", actors={"south": Patient}, announce=said.append, **SMALL)
    sent = study.signals[study.signals["actor"] == "south"]
    assert set(sent[sent["count"] > 0]["signal"]) == {"concede"}
    assert any("96 runs by the Mesa model" in line and "a second" in line for line in said)
    assert "Patient" in study.report()
    assert study.plot("signals") is not None


def test_it_is_kept_apart_from_the_standard_study_and_found_and_grown() -> None:
    own = sim.run("duel", actors={"south": Patient}, executor="threads:1", **SMALL)
    standard = sim.run("duel", **SMALL)
    assert own.folder != standard.folder
    assert own.folder is not None
    rows, before = own.rows, (own.folder / "runs.parquet").stat().st_mtime_ns
    again = sim.run("duel", actors={"south": Patient}, executor="threads:1", **SMALL)
    assert (again.folder, (own.folder / "runs.parquet").stat().st_mtime_ns) == (own.folder, before)
    more = sim.run("duel", actors={"south": Patient}, executor="threads:1", **SMALL | {"runs": 128})
    assert more.runs == 128
    pd.testing.assert_frame_equal(more.rows.head(96), rows)


def test_commands_know_it_and_verify_says_what_it_cannot_do() -> None:
    study = sim.run("duel", actors={"south": Patient}, executor="threads:1", name="own", **SMALL)
    shown = CliRunner().invoke(brink, ["show", "own"])
    assert "Patient" in shown.stdout, shown.output
    checked = CliRunner().invoke(brink, ["verify", "own"])
    assert checked.exit_code == 0, checked.output
    assert "no run was computed again" in checked.stdout
    assert "as made again from the counts" in checked.stdout
    assert study.folder == Path("results/own")


def test_scenarios_that_ask_for_parts_are_played_without_and_parts_that_are_asked_for_are_refused() -> None:
    scenario = sim.load("duel").replace({"study.kind": "twins"})
    study = sim.run(scenario, actors={"south": Patient}, save=False, executor="threads:1", **SMALL)
    assert not study.parts
    with pytest.raises(StudyError, match="twins are played by standard actors only"):
        sim.run("duel", actors={"south": Patient}, parts=("twins",), save=False, **SMALL)
    with pytest.raises(StudyError, match="there is no sooth"):
        sim.run("duel", actors={"sooth": Patient}, save=False, **SMALL)
