"""The historical crises that ship know day 0 and no more, and say of each number where it is from."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from sim.engines.batch.engine import Program
from sim.scenario.files import load
from sim.scenario.find import find
from sim.scenario.surprises import surprises
from sim.schema.outcomes import Outcome
from tests.conftest import REPOSITORY

HISTORY = sorted((REPOSITORY / "scenarios" / "history").glob("*.toml"))
CHECKED = 300  # runs of each: that it plays, and that no end is certain


def ids(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", HISTORY, ids=ids)
def test_every_number_of_the_world_and_of_the_actors_has_a_source(path: Path) -> None:
    tree = tomllib.loads(path.read_text(encoding="utf-8"))
    assert tree["world"]
    for table in (tree["world"], *tree["actors"].values()):
        for key, value in table.items():
            if key not in ("seat", "inclination"):
                assert not isinstance(value, int | float), f"{key} stands bare"
    assert all(each.source for each in load(path).assumptions.values())


@pytest.mark.parametrize("path", HISTORY, ids=ids)
def test_nothing_after_day_0_is_scripted_and_nothing_surprises_but_habits_and_forces(path: Path) -> None:
    scenario = load(path)
    assert scenario.start is not None
    assert all(act.day == 0 for act in scenario.script)
    assert {key.rpartition(".")[2] for key, _ in surprises(scenario)} <= {"inclination", "posture"}


@pytest.mark.parametrize("path", HISTORY, ids=ids)
def test_each_plays_and_no_end_is_certain(path: Path) -> None:
    scenario = load(path)
    ends = Program.of(scenario).simulate(1, 0, CHECKED, scenario.study.days).rows["outcome"]
    assert max((ends == outcome).mean() for outcome in Outcome) < 0.95


def test_they_are_found_by_name_and_are_no_part_of_the_folder_of_the_first_ones() -> None:
    assert len(HISTORY) == 7
    for path in HISTORY:
        assert find(path.stem).name == path.name
        assert not (REPOSITORY / "scenarios" / path.name).exists()
