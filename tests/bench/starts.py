"""What a user waits for and what a large study takes: the command in processes of its own."""

from __future__ import annotations

import json
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


@dataclass(frozen=True)
class Process:
    """A finished process: seconds of wall time, and the most memory that it held [MiB]."""

    seconds: float
    memory: float


def python(*arguments: str) -> list[str]:
    """A command line for this Python."""
    return [sys.executable, *arguments]


def brink(*arguments: str) -> list[str]:
    """A command line for the installed ``brink``, or the package where there is no such script."""
    script = Path(sys.executable).with_name("brink")
    return [str(script), *arguments] if script.exists() else python("-m", "sim.cli", *arguments)


def process(
    command: Sequence[str], environment: dict[str, str] | None = None, out: Path | None = None
) -> Process:
    """Run a command to its end; raises RuntimeError if it fails. Its output goes to ``out`` or nowhere."""
    target = os.fspath(out) if out else os.devnull
    actions = [
        (os.POSIX_SPAWN_OPEN, 1, target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0o600),
    ]
    start = time.perf_counter()
    child = os.posix_spawnp(command[0], list(command), os.environ | (environment or {}), file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status):
        raise RuntimeError(f"{' '.join(command)}: ended with {os.waitstatus_to_exitcode(status)}")
    unit = 2**20 if sys.platform == "darwin" else 2**10  # ru_maxrss is in bytes there, in KiB elsewhere
    return Process(seconds, usage.ru_maxrss / unit)


def told(command: Sequence[str]) -> float:
    """Seconds until a command first says something; it is let go on to its end."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        assert child.stdout
        child.stdout.read(1)
        seconds = time.perf_counter() - start
        child.stdout.read()
    if child.returncode:
        raise RuntimeError(f"{' '.join(command)}: ended with {child.returncode}")
    return seconds


def in_turns(commands: dict[str, list[str]], repeats: int) -> dict[str, float]:
    """Median seconds of each command; the commands take turns."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(repeats):
        for name, command in commands.items():
            seconds[name].append(process(command).seconds)
    return {name: median(each) for name, each in seconds.items()}


def study(runs: int, folder: Path) -> list[str]:
    """The command for a study of so many runs with its results in a folder."""
    return brink("run", SCENARIO, "--runs", str(runs), "--out", str(folder), "--json")


@dataclass(frozen=True)
class Starts:
    """Seconds to wait [s] and memory held [MiB]."""

    bare_python: float
    help: float
    check: float
    cold: float
    first_result: float
    first_figures: float
    memory_runs: int
    memory: Process


def starts(quick: bool) -> Starts:
    """Measure help, check, a first result with no compiled code and with it, and a large study's memory."""
    repeats = 5 if quick else 15
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        # A home of its own: whatever cache the engine keeps, it starts out empty.
        home = {
            "HOME": temporary,
            "XDG_CACHE_HOME": f"{temporary}/cache",
            "BRINK_CACHE": f"{temporary}/brink",
        }
        cold = process(study(100, folder / "cold"), home, folder / "cold.json")
        json.loads((folder / "cold.json").read_text())  # one JSON object and nothing else
        process(study(100, folder / "warming"))
        some = range(max(repeats // 3, 2))
        first = median(told(study(100, folder / f"told{n}")) for n in some)
        figures = median(process(study(100, folder / f"drawn{n}")).seconds for n in some)
        quickest = in_turns({"python": python("-c", "pass"), "help": brink("--help")}, repeats)
        check = in_turns({"check": brink("check", SCENARIO)}, repeats)["check"]
        runs = 50_000 if quick else 1_000_000
        memory = process(study(runs, folder / "large"))
    return Starts(quickest["python"], quickest["help"], check, cold.seconds, first, figures, runs, memory)
