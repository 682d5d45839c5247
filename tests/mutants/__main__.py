"""``python -m tests.mutants``: how many of a sample of planted bugs the tests notice.

A copy of the program gets one change at a time (:mod:`tests.mutants.change`), and the tests of what was changed are run,
interpreted (NUMBA_DISABLE_JIT=1) where rules are changed. Which changes, the seed decides; ``--budget`` is the seconds
after which no further one is begun. Survivors that change nothing are explained in survivors.toml. Ends with 1 if less
than ``--least`` of the others were killed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.conftest import REPOSITORY
from tests.mutants.change import Mutant, mutants

EXPLAINED = Path(__file__).parent / "survivors.toml"
PATIENCE = 300  # seconds, after which a test that never ends has noticed


class Target(NamedTuple):
    """Files that are changed, and what pytest is told to run."""

    files: str
    tests: tuple[str, ...]


TARGETS: Mapping[str, Target] = {
    "rules": Target("sim/rules/*.py", ("tests/rules", "-k", "not lanes_in_plain_python")),
    "statistics": Target("sim/statistics/*.py", ("tests/statistics", "-k", "not study")),
    "twins": Target("sim/experiments/twins/[ct]*.py", ("tests/experiments/twins",)),
    "stores": Target(
        "sim/results/store.py",
        ("tests/results/test_store.py", "-k", "not stud and not kill and not elsewhere"),
    ),
    "journals": Target("sim/compute/journal.py", ("tests/compute/test_journal.py",)),
}
INTERPRETED = ("rules",)


class Bug(NamedTuple):
    """A change to a file of a target."""

    target: str
    file: str
    mutant: Mutant

    @property
    def name(self) -> str:
        """Where it is and what it is, as survivors.toml has it."""
        return f"{self.file} {self.mutant.name}"


def bugs(targets: Sequence[str]) -> list[Bug]:
    """All changes of all files of these targets."""
    return [
        Bug(target, str(path.relative_to(REPOSITORY)), mutant)
        for target in targets
        for path in sorted(REPOSITORY.glob(TARGETS[target].files))
        for mutant in mutants(path.read_text())
    ]


def is_noticed(bug: Bug, copy: Path) -> bool:
    """Whether the tests of its target fail with the bug in a copy of the program."""
    path = copy / bug.file
    whole = path.read_text()
    path.write_text(bug.mutant.source)
    own = f"{TARGETS[bug.target].tests[0]}/test_{path.stem}.py"
    try:
        return ((copy / own).is_file() and not pass_in(copy, bug.target, own)) or not pass_in(
            copy, bug.target
        )
    finally:
        path.write_text(whole)


def pass_in(copy: Path, target: str, own: str = "") -> bool:
    """Whether the tests of a target, all or those in one file, pass in a copy of the program."""
    home, *chosen = TARGETS[target].tests
    interpreted = {"NUMBA_DISABLE_JIT": "1"} if target in INTERPRETED else {}
    words = [sys.executable, "-m", "pytest", "-n0", "-q", "-x", "-p", "no:cacheprovider"]
    try:
        done = subprocess.run(
            [*words, own or home, *chosen],
            cwd=copy,
            env=os.environ | interpreted,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def copied(folder: Path) -> Path:
    """A copy of the program and its tests in a folder; what is not changed is linked."""
    for each in REPOSITORY.iterdir():
        if each.name == "sim":
            shutil.copytree(each, folder / "sim", ignore=shutil.ignore_patterns("__pycache__"), symlinks=True)
        elif not each.name.startswith(".") and each.name != "results":
            (folder / each.name).symlink_to(each)
    for name in ("tests", "docs"):  # whose files say where the repository is
        (folder / name).unlink()
        shutil.copytree(REPOSITORY / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def main() -> int:
    """Plant a sample of bugs, and tell which lived."""
    asked = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    asked.add_argument("targets", nargs="*", help=f"of {', '.join(TARGETS)}; all by default")
    asked.add_argument("--sample", type=int, default=60, help="how many bugs are planted (60)")
    asked.add_argument("--seed", type=int, default=1, help="which they are (1)")
    asked.add_argument("--budget", type=float, default=1800, help="seconds (1800)")
    asked.add_argument("--least", type=float, default=0.95, help="share that has to be noticed (0.95)")
    given = asked.parse_args()
    every = bugs(given.targets or list(TARGETS))
    explained = tomllib.loads(EXPLAINED.read_text())
    sample = Random(given.seed).sample(every, min(given.sample, len(every)))
    began, killed, lived, known = time.monotonic(), 0, list[Bug](), 0
    with tempfile.TemporaryDirectory(prefix="brink-mutants-") as folder:
        copy = copied(Path(folder))
        for target in sorted({bug.target for bug in sample}):
            if not pass_in(copy, target):
                sys.exit(f"{target}: its tests fail with nothing planted")
        for bug in sample:
            if time.monotonic() - began > given.budget:
                break
            if is_noticed(bug, copy):
                killed += 1
            elif bug.name in explained:
                known += 1
            else:
                lived.append(bug)
                print(f"lived: {bug.name}", flush=True)
    planted = killed + len(lived)
    share = killed / planted if planted else 1.0
    print(
        f"{killed} of {planted} killed ({share:.0%}), {known} more explained; {len(every):,} there are, seed {given.seed}"
    )
    return int(share < given.least)


if __name__ == "__main__":
    sys.exit(main())
