"""What a user waits for and what a large study takes: the command in processes of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.entrants import SCENARIO

# A new process counts the memory of the one that started it as its own most. So a small one starts the command.
SMALL_PARENT = """
import os, sys
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
print(usage.ru_maxrss, file=sys.stderr)
sys.exit(os.waitstatus_to_exitcode(status))
"""


@dataclass(frozen=True)
class Starts:
    """Seconds to wait, and the most memory that a large study held [MiB]; ``cold`` is None if not measured."""

    bare_python: float
    help: float
    check: float
    first_result: float
    first_figures: float
    cold: float | None
    large_runs: int
    large_seconds: float
    large_memory: float


def python(*arguments: str) -> list[str]:
    """A command line for this Python."""
    return [sys.executable, *arguments]


def brink(*arguments: str) -> list[str]:
    """A command line for the installed ``brink``, or the package where there is no such script."""
    script = Path(sys.executable).with_name("brink")
    return [str(script), *arguments] if script.exists() else python("-m", "sim", *arguments)


def seconds(command: Sequence[str], **environment: str) -> float:
    """Seconds that a command takes to its end; raises CalledProcessError if it fails."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=os.environ | environment)
    return time.perf_counter() - start


def told(command: Sequence[str]) -> float:
    """Seconds until a command has said its first line; it is let go on to its end."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        assert child.stdout
        child.stdout.readline()
        waited = time.perf_counter() - start
        child.stdout.read()
    if child.returncode:
        raise RuntimeError(f"{' '.join(command)}: ended with {child.returncode}")
    return waited


def memory(command: Sequence[str]) -> float:
    """The most memory that a command holds [MiB]."""
    done = subprocess.run(python("-c", SMALL_PARENT, *command), check=True, capture_output=True, text=True)
    unit = 2**20 if sys.platform == "darwin" else 2**10  # ru_maxrss is in bytes there, in KiB elsewhere
    return int(done.stderr.split()[-1]) / unit


def in_turns(commands: dict[str, list[str]], repeats: int) -> dict[str, float]:
    """Median seconds of each command; the commands take turns."""
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(repeats):
        for name, command in commands.items():
            taken[name].append(seconds(command))
    return {name: median(each) for name, each in taken.items()}


def study(runs: int, folder: Path) -> list[str]:
    """The command for a study of so many runs with its results in a folder."""
    return brink("run", SCENARIO, "--runs", str(runs), "--out", str(folder))


def starts(quick: bool) -> Starts:
    """Measure help, check, a first result with no compiled code and with it, and a large study."""
    repeats, some, large = (5, 2, 50_000) if quick else (15, 5, 1_000_000)
    quickest = in_turns(
        {"python": python("-c", "pass"), "help": brink("--help"), "check": brink("check", SCENARIO)}, repeats
    )
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        seconds(study(100, folder / "warming"))
        first = median(told(study(100, folder / f"told{n}")) for n in range(some))
        figures = median(seconds(study(100, folder / f"drawn{n}")) for n in range(some))
        # A home of its own: whatever cache there is, of kernels or of fonts, starts out empty.
        home = {
            "HOME": temporary,
            "XDG_CACHE_HOME": f"{temporary}/cache",
            "BRINK_CACHE": f"{temporary}/brink",
        }
        cold = None if quick else seconds(study(100, folder / "cold"), **home)
        start = time.perf_counter()
        held = memory(study(large, folder / "large"))
        took = time.perf_counter() - start
    return Starts(
        quickest["python"], quickest["help"], quickest["check"], first, figures, cold, large, took, held
    )
