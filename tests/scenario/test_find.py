"""Where a scenario is found by its name: in the working folder, or else among those that ship."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario.files import load
from sim.scenario.find import SHIPPED, find, find_folder, nearby, shipped_name

NAMES = ("standoff", "standoff.toml", "scenarios/standoff", "scenarios/standoff.toml")
CLAIMS = ("framework", "framework.toml", "claims/framework", "scenarios/claims/framework.toml")


@pytest.fixture
def _nothing_here() -> None:
    """A working folder without scenarios."""
    shutil.rmtree("scenarios")


@pytest.mark.usefixtures("_nothing_here")
@pytest.mark.parametrize("name", NAMES + CLAIMS)
def test_a_shipped_scenario_is_found_by_any_of_its_names(name: str) -> None:
    expected = SHIPPED / ("standoff.toml" if "standoff" in name else "claims/framework.toml")
    assert find(name) == expected
    assert load(name).name == expected.stem
    assert shipped_name(find(name)) == expected.relative_to(SHIPPED).as_posix()


@pytest.mark.parametrize("name", NAMES)
def test_a_file_in_the_working_folder_wins(name: str) -> None:
    assert find(name) == Path("scenarios/standoff.toml")
    assert shipped_name(find(name)) is None


def test_a_file_beside_comes_before_one_in_scenarios() -> None:
    Path("standoff.toml").write_text('extends = "scenarios/duel.toml"\n')
    assert find("standoff") == find("standoff.toml") == Path("standoff.toml")
    assert find("scenarios/standoff") == Path("scenarios/standoff.toml")


@pytest.mark.usefixtures("_nothing_here")
def test_what_a_file_extends_is_looked_for_beside_it_then_by_name() -> None:
    Path("mine.toml").write_text('extends = "duel"\ntitle = "Mine"\n')
    assert (
        load("mine").digest()
        == load(SHIPPED / "duel.toml")
        .replace({"title": "Mine", "description": load("mine").description})
        .digest()
    )
    Path("duel.toml").write_text('extends = "standoff.toml"\n')
    assert set(load("mine").actors) == set(load("standoff").actors)


@pytest.mark.usefixtures("_nothing_here")
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("standof", 'standof: there is no such file; did you mean "standoff"?'),
        (
            "scenarios/standof.toml",
            'scenarios/standof.toml: there is no such file; did you mean "standoff.toml"?',
        ),
        ("framewrk", 'did you mean "framework"?'),
        ("xyzzy", "xyzzy: there is no such file"),
        ("", "is not a regular file"),
        ("../standoff", "there is no such file"),
        ("/standoff", "there is no such file"),
        ("a\0b", "there is no such file"),
        ("x" * 5000, "cannot be read"),
    ],
)
def test_a_name_that_is_none_is_refused_with_the_closest(name: str, said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        load(name)
    assert said in str(error.value)


def test_what_is_there_and_no_file_is_refused_and_not_passed_over() -> None:
    Path("scenarios/standoff.toml").unlink()
    os.mkfifo("scenarios/standoff.toml")
    with pytest.raises(ScenarioError, match="is not a regular file"):
        load("scenarios/standoff.toml")


def test_a_folder_of_scenarios_is_found_too() -> None:
    assert find_folder("scenarios/claims") == Path("scenarios/claims")
    shutil.rmtree("scenarios")
    assert find_folder("scenarios/claims") == SHIPPED / "claims"
    assert find_folder("scenarios") == SHIPPED
    assert find_folder("nowhere") is None
    assert find_folder("..") == Path("..")


def test_a_suggestion_is_in_the_form_of_what_was_typed() -> None:
    assert nearby(Path("dul")) == '; did you mean "duel"?'
    assert nearby(Path("dul.toml")) == '; did you mean "duel.toml"?'
