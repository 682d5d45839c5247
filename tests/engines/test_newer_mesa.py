"""The Mesa engine on Mesa versions that need a newer Python than the pinned ones do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

LEAST = (3, 12)  # that Mesa asks for from 3.4 on
TESTS = ("tests/engines/test_mesa_model.py", "tests/engines/test_own_actors.py")


def pythons() -> Iterator[str]:
    """Pythons that may be new enough: this one, those on the PATH, those of pyenv."""
    yield sys.executable
    for minor in range(LEAST[1], LEAST[1] + 4):
        if found := shutil.which(f"python3.{minor}"):
            yield found
    yield from map(str, sorted(Path.home().glob(".pyenv/versions/3.*/bin/python")))


def works(python: str) -> bool:
    """Whether it is new enough, and can make virtual environments."""
    code = f"import sys, venv, ensurepip; sys.exit(sys.version_info < {LEAST})"
    return subprocess.run([python, "-c", code], capture_output=True).returncode == 0


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The Python of a fresh environment with all that Brink needs but Mesa."""
    base = next(filter(works, pythons()), None)
    if base is None:
        pytest.skip(f"no Python of {LEAST[0]}.{LEAST[1]} or newer is installed")
    folder = tmp_path_factory.mktemp("newer")
    subprocess.run([base, "-m", "venv", str(folder)], check=True, capture_output=True)
    needs = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["dependencies"]
    inside = str(folder / "bin/python")
    install(inside, *(each for each in needs if not each.startswith("mesa")), "pytest", "hypothesis")
    return inside


def install(python: str, *packages: str) -> None:
    """Install packages; skip, saying why, where that cannot be."""
    words = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"{', '.join(packages)} cannot be installed here: {done.stderr.strip()[-300:]}")


@pytest.mark.deep
@pytest.mark.parametrize("newer", ["mesa>=3.4,<3.5", "mesa>=3.5,<4", "mesa>=4.0.0a0,<5"])
def test_the_mesa_engine_passes_its_tests_on_a_newer_mesa(newer: str, python: str) -> None:
    install(python, newer)
    words = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(words, cwd=REPOSITORY, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
