"""The planted bugs are bugs, and a sample of them is noticed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import REPOSITORY
from tests.mutants.change import mutants

SOURCE = "def f(x):\n    return x * 2 if x > 1 else -x\n"


def test_each_mutant_differs_from_the_program_in_one_place_and_says_where() -> None:
    names = [each.name for each in mutants(SOURCE)]
    assert names == [
        "f: x * 2 if x > 1 else -x -> -x if x > 1 else x * 2",
        "f: x > 1 -> x >= 1",
        "f: x * 2 -> x / 2",
        "f: -x -> x",
        "f: 1 -> 2",
        "f: 2 -> 3",
    ]
    sources = {each.source for each in mutants(SOURCE)}
    assert len(sources) == len(names)
    assert "def f(x):\n    return x * 2 if x >= 1 else -x" in sources


@pytest.mark.deep
def test_a_sample_of_planted_bugs_is_noticed() -> None:
    words = [sys.executable, "-m", "tests.mutants", "rules", "journals", "--sample", "8", "--budget", "90"]
    done = subprocess.run(
        [*words, "--least", "0.8"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
