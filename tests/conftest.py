"""What all tests share: where the checkout is, and that nothing is ever written into it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from docs import SHIPPED

REPOSITORY = Path(__file__).parent.parent


def in_a_new_process(code: str) -> subprocess.CompletedProcess[str]:
    """What came of some Python code, in a process that has imported nothing; CalledProcessError if it failed."""
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test runs in a folder of its own that holds the shipped scenarios, and writes results there."""
    folder = tmp_path / "scenarios"
    folder.mkdir()
    for file in SHIPPED:
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / "claims").symlink_to(REPOSITORY / "scenarios" / "claims")
    monkeypatch.chdir(tmp_path)
