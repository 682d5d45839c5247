"""However a command ends, it ends with one plain line: asked to stop, with nobody to read it, with no memory."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.commands import main as cli
from sim.compute.interrupts import HOW_TO_GO_ON
from sim.terminal.stdio import harmless
from tests.conftest import REPOSITORY

FULL = "Not all could be printed: {}.\n"


def ended(
    *words: str, shell: str = "", before: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    """What came of ``brink WORDS`` in a process of its own, its streams redirected as a shell would."""
    return subprocess.run(
        ["bash", "-c", f'set -o pipefail; "$0" -m sim "$@" {shell}', sys.executable, *words],
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=before,
    )


# Nobody reads it ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shell", "reason"),
    [
        (">/dev/full", "No space left on device"),
        (">&-", "it is closed"),
        ("| head -0", "Broken pipe"),
        ("<&- >&-", "it is closed"),
    ],
)
def test_what_cannot_be_printed_is_one_line_and_1(shell: str, reason: str) -> None:
    done = ended("schema", shell=shell)
    assert (done.returncode, done.stderr) == (1, FULL.format(reason))


def test_with_stderr_closed_too_it_still_ends_with_1() -> None:
    done = ended("schema", shell=">/dev/full 2>&-")
    assert (done.returncode, done.stderr) == (1, "")


def test_a_study_whose_odds_nobody_reads_is_kept_whole() -> None:
    done = ended("run", "duel", "--runs", "20", "--days", "5", "--name", "x", "--no-figures", shell=">&-")
    assert (done.returncode, done.stderr) == (1, FULL.format("it is closed"))
    assert ended("verify", "x").returncode == 0
    assert sorted(path.name for path in Path("results").iterdir()) == ["x"]


def test_no_name_of_a_file_or_folder_reaches_a_terminal_raw() -> None:
    evil = "x\x1b[2J\x9b\u202ey"
    Path("scenarios/duel.toml").rename(f"scenarios/{evil}.toml")
    Path(f"results/.{evil}.pieces").mkdir(parents=True)
    terminal, end = os.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "sim", "list"],
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        stdout=end,
        check=True,
    )
    os.close(end)
    printed = os.read(terminal, 65536).decode()
    os.close(terminal)
    assert done.returncode == 0
    assert "x\\u001b[2J\\u009b\\u202ey" in printed
    assert not {"\x1b", "\x9b", "\u202e"} & set(printed)
    told = json.loads(ended("list", "--json").stdout)
    assert told["unfinished"][0]["folder"] == f"results/.{evil}.pieces"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("12\u202f%\u00a0a\tb\n", "12\u202f%\u00a0a\tb\n"),
        ("\x1b[2J", "\\u001b[2J"),
        ("\U000e0001", "\\udb40\\udc01"),
    ],
)
def test_what_a_terminal_would_obey_is_escaped_and_nothing_else(text: str, shown: str) -> None:
    assert harmless(text) == shown


# Asked to stop --------------------------------------------------------------------------------

ASKED_WHILE_IMPORTING = """
import os, signal, sys
class Asking:
    left = {after}
    def find_spec(self, *_):
        self.left -= 1
        if self.left in range(-{times}, 0):
            os.kill(os.getpid(), {number})
sys.meta_path.insert(0, Asking())
sys.argv = ["brink", *{words}]
from sim.__main__ import main
main()
"""


@pytest.mark.parametrize(
    ("number", "times", "after"),
    [
        (signal.SIGINT, 1, 25),
        (signal.SIGINT, 2, 60),
        (signal.SIGINT, 1, 250),
        (signal.SIGINT, 2, 450),
        (signal.SIGTERM, 1, 40),
        (signal.SIGTERM, 2, 300),
        (signal.SIGHUP, 1, 130),
        (signal.SIGHUP, 2, 500),
    ],
)
def test_asked_to_stop_while_it_starts_it_says_one_line(number: int, times: int, after: int) -> None:
    words = ["run", "duel", "--runs", "20", "--days", "5", "--no-figures"]
    code = ASKED_WHILE_IMPORTING.format(after=after, times=times, number=int(number), words=words)
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (128 + number, f"{HOW_TO_GO_ON}\n")


@pytest.mark.parametrize("executor", ["threads:2", "processes:2", "dask:2"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP, signal.SIGTERM])
@pytest.mark.deep
def test_asked_twice_at_work_it_ends_in_one_line_and_goes_on_when_run_again(
    number: int, executor: str
) -> None:
    words = ["run", "duel", "--runs", "60000", "--days", "30", "--name", "x", "--no-figures", "--no-rows"]
    words += ["--executor", executor]
    command = subprocess.Popen(
        [sys.executable, "-m", "sim", *words],
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # so that all its processes are asked, as by a terminal
    )
    while command.poll() is None and not list(Path("results").rglob("*.piece")):
        pass
    for _ in range(2):
        os.killpg(command.pid, number)
    _, said = command.communicate(timeout=120)
    assert (command.returncode, said) == (128 + number, f"{HOW_TO_GO_ON}\n")
    assert ended(*words).returncode == 0
    assert ended("verify", "x").returncode == 0
    assert sorted(path.name for path in Path("results").iterdir()) == ["x"]


# No memory ------------------------------------------------------------------------------------


@pytest.mark.parametrize("megabytes", [150, 250, 600, 1200])
def test_too_little_memory_is_said_in_plain_words(megabytes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20,) * 2)

    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    done = ended("run", "duel", "--runs", "20", "--days", "5", "--no-figures", before=limited)
    assert (done.returncode, done.stderr) == (1, f"{cli.NO_MEMORY}\n")
    assert not list(Path().rglob("*.parquet"))
