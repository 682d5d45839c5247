"""The package as others get it: a wheel, unpacked elsewhere and run in a folder that holds nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

SHIPPED = sorted(
    file.relative_to(REPOSITORY / "scenarios") for file in (REPOSITORY / "scenarios").rglob("*.toml")
)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout."""
    source = tmp_path_factory.mktemp("source")
    for folder in ("sim", "scenarios"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(REPOSITORY / folder, source / folder, symlinks=True, ignore=ignored)
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(REPOSITORY / file, source)
    return source


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel, built of it without a network."""
    built = tmp_path_factory.mktemp("built")
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--no-index")
    words = ("-m", "pip", "wheel", *options, "-w", str(built), str(source))
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    [found] = built.glob("brink-*.whl")
    return found


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the wheel."""
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(wheel) as file:
        file.extractall(folder)
    return folder


def python(unpacked: Path, *words: str) -> str:
    """What Python prints in an empty folder, with the package from the wheel and nothing of the checkout."""
    shutil.rmtree("scenarios", ignore_errors=True)
    done = subprocess.run(
        [sys.executable, *words],
        env=os.environ | {"PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_has_the_scenarios_that_ship_as_they_are_in_the_repository(unpacked: Path) -> None:
    home = unpacked / "sim/scenario/shipped"
    assert sorted(file.relative_to(home) for file in home.rglob("*.toml")) == SHIPPED
    for file in SHIPPED:
        assert (home / file).read_bytes() == (REPOSITORY / "scenarios" / file).read_bytes()


def test_the_wheel_has_the_licence_and_says_so(unpacked: Path) -> None:
    [info] = unpacked.glob("brink-*.dist-info")
    assert (info / "licenses/LICENSE").read_text().startswith("MIT License")
    told = (info / "METADATA").read_text().partition("\n\n")[0]
    assert "License-Expression: MIT" in told
    assert "Author: The Brink authors" in told
    assert "@" not in told.replace("Author-email:", "")


@pytest.mark.deep  # compiles the model where the package lies
def test_scenarios_are_run_checked_and_begun_in_an_empty_folder(unpacked: Path) -> None:
    assert str(unpacked) in python(unpacked, "-c", "import sim; print(sim.__file__)")
    checked = python(unpacked, "-m", "sim", "check", "standoff", "scenarios/duel.toml", "framework")
    assert checked.count(": sound; ") == 3
    assert "standoff" in python(unpacked, "-m", "sim", "list")
    assert "scenarios/mine.toml: written" in python(unpacked, "-m", "sim", "new", "mine")
    ran = ("-m", "sim", "run", "duel", "--runs", "64", "--days", "5", "--no-figures")
    assert "duel: 64 runs of 5 days" in python(unpacked, *ran)


def test_a_new_scenario_lies_over_a_shipped_one(unpacked: Path) -> None:
    python(unpacked, "-m", "sim", "new", "mine")
    done = subprocess.run(
        [sys.executable, "-m", "sim", "check", "mine"],
        env=os.environ | {"PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
    )
    assert done.stdout.startswith("mine: sound; 8 actors"), done.stderr


@pytest.mark.deep
def test_the_api_finds_what_ships(unpacked: Path) -> None:
    code = "import sim; print(sim.load('standoff').name, sim.run('duel', runs=64, days=5, save=False).runs)"
    assert python(unpacked, "-c", code) == "standoff 64\n"


def test_the_same_study_has_the_same_identity_installed_and_in_the_repository(
    unpacked: Path, source: Path
) -> None:
    code = "from sim.compute.fingerprints import counts_digest, presentation_digest; print(counts_digest(), presentation_digest())"
    assert python(unpacked, "-c", code) == python(source, "-c", code)


def test_the_citation_names_what_the_package_is_called() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    cited = (REPOSITORY / "CITATION.cff").read_text()
    assert f"\nversion: {project['version']}\n" in cited
    assert f"\nlicense: {project['license']}\n" in cited
    assert project["authors"] == [{"name": "The Brink authors"}]
    assert '  - name: "The Brink authors"' in cited
