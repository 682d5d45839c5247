"""Sweep, levers and sensitivity as questions: who computes, what a stop costs, what is written, who knows the folder."""

from __future__ import annotations

import json
import pickle
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from sim.commands.main import brink
from sim.compute.experiment import Piece
from sim.errors import StudyError
from sim.experiments import design
from sim.experiments.design_experiment import DesignExperiment
from sim.experiments.levers.question import asked as levers_question
from sim.experiments.levers.question import levers
from sim.experiments.runner import Answer, open_answer
from sim.experiments.sensitivity import counts
from sim.experiments.sensitivity.counts import Effort
from sim.experiments.sensitivity.question import asked as sensitivity_question
from sim.experiments.sensitivity.question import sensitivity
from sim.experiments.sweep.question import asked as sweep_question
from sim.experiments.sweep.question import sweep
from sim.results import folder as results_folder
from sim.scenario.files import load, rebuilt
from sim.schema.plans import MOST_RUNS_A_POINT
from sim.terminal.plain import plain
from tests.conftest import in_a_new_process

OVER = ("actors.washington.resolve", "actors.washington.suspicion", "world.contact")
ASKED = {
    "sweep": ["duel", "--vary", "world.framework=0.1,0.3,0.6", "--runs", "900", "--days", "10"],
    "levers": ["duel", "--runs", "8", "--days", "5"],
    "sensitivity": [
        *("standoff", *(word for key in OVER for word in ("--over", key)), "--quick"),
        *("--rows", "32", "--runs", "32", "--keep", "2", "--days", "10"),
    ],
}
TABLES = {
    "sweep": ["sweep"],
    "levers": ["levers"],
    "sensitivity": ["screening", "indices", "points", "box"],
}
STAGES = {
    "sweep": ["points"],
    "levers": ["ends"],
    "sensitivity": ["screening", "indices", "points"],
}
QUICK = Effort(trajectories=8, screen_runs=64, points=40, point_runs=64)
each_kind = pytest.mark.parametrize("kind", ASKED)


def typed(*words: str) -> Result:
    return CliRunner().invoke(brink, list(words))


def asked(kind: str, *more: str) -> Result:
    return typed(kind, *ASKED[kind], "--name", "mine", *more)


def answered(kind: str, *more: str, out: str = "results") -> Answer:
    """What the command keeps without figures."""
    result = asked(kind, "--no-figures", "--out", out, *more)
    assert result.exit_code == 0, result.output
    found = open_answer("mine", out)
    assert found is not None
    return found


def same_tables(one: Answer, other: Answer) -> None:
    assert list(one.tables) == list(other.tables)
    for name, table in one.tables.items():
        pd.testing.assert_frame_equal(table, other.tables[name], check_exact=True)


@pytest.fixture(autouse=True)
def _quicker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "QUICK", QUICK)


@pytest.fixture
def pieces(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """What is computed from now on: units of a stage, and the first unit of the piece."""
    compute, done = DesignExperiment.compute, list[tuple[int, int]]()

    def noted(self: DesignExperiment, first: int, count: int) -> Piece:
        done.append((self.units, first))
        return compute(self, first, count)

    monkeypatch.setattr(DesignExperiment, "compute", noted)
    return done


@each_kind
def test_the_same_comes_of_any_executor(kind: str) -> None:
    one, many = (answered(kind, "--executor", f"threads:{n}", out=f"by{n}") for n in (1, 3))
    same_tables(one, many)


@each_kind
def test_every_stage_travels_to_another_process_and_counts_the_same_there(kind: str) -> None:
    stages = answered(kind).question.stages()
    stage = next(stages)
    for name in STAGES[kind]:
        assert stage.name == name
        here = stage.experiment.compute(1, 2)
        there = pickle.loads(pickle.dumps(stage.experiment)).compute(1, 2)
        assert {key: array.tobytes() for key, array in here.items()} == {
            key: array.tobytes() for key, array in there.items()
        }
        if name != STAGES[kind][-1]:
            stage = stages.send(stage.experiment.compute(0, stage.experiment.units))


@pytest.mark.parametrize(("kind", "killed"), [("sweep", 2), ("levers", 3), ("sensitivity", 9)])
def test_what_was_killed_goes_on_where_it_was(kind: str, killed: int, pieces: list[tuple[int, int]]) -> None:
    """Killed as the third piece, the fourth, and one of the second stage begins, with one thread at work."""
    whole = answered(kind, "--executor", "threads:1", out="whole")
    every = list(pieces)
    words = [kind, *ASKED[kind], "--name", "mine", "--no-figures", "--executor", "threads:1"]
    with pytest.raises(subprocess.CalledProcessError) as stopped:
        in_a_new_process(
            "import os, signal\n"
            "from sim.commands.main import brink\n"
            "from sim.experiments.sensitivity import counts\n"
            "from sim.experiments.design_experiment import DesignExperiment as Killed\n"
            "compute, begun = Killed.compute, []\n"
            "def killed(self, first, count):\n"
            f"    if len(begun) == {killed}:\n"
            "        os.kill(os.getpid(), signal.SIGKILL)\n"
            "    begun.append(first)\n"
            "    return compute(self, first, count)\n"
            "Killed.compute = killed\n"
            f"counts.QUICK = counts.{QUICK!r}\n"
            f"brink.main({words!r})\n"
        )
    assert stopped.value.returncode == -signal.SIGKILL
    assert not Path("results/mine").exists()
    pieces.clear()
    same_tables(answered(kind, "--executor", "threads:1"), whole)
    assert set(pieces) < set(every)
    assert len(pieces) <= len(every) - (killed - 1)  # the last that was begun may not have been written


@each_kind
def test_a_dry_run_says_what_it_costs_and_writes_nothing(kind: str, pieces: list[tuple[int, int]]) -> None:
    told = json.loads(asked(kind, "--dry-run", "--json").stdout)
    assert not pieces
    assert not Path("results").exists()
    found = answered(kind)
    assert told["plain_runs"] == round(found.question.plain_runs)
    assert told["folder"] == str(found.folder)
    assert "Nothing was run or written." in asked(kind, "--dry-run").stdout


@each_kind
def test_what_is_said_to_be_the_cost_is_what_all_stages_take(kind: str) -> None:
    question = answered(kind).question
    stages = question.stages()
    stage, total = next(stages), 0.0
    for name in STAGES[kind]:
        total += stage.experiment.units * stage.experiment.weight
        if name != STAGES[kind][-1]:
            stage = stages.send(stage.experiment.compute(0, stage.experiment.units))
    assert question.plain_runs == total


@each_kind
def test_json_has_the_rows_of_the_tables(kind: str) -> None:
    told = json.loads(asked(kind, "--no-figures", "--json").stdout)
    found = open_answer("mine")
    assert found is not None
    assert told == json.loads(json.dumps(found.to_json()))
    shown = [name for name in TABLES[kind] if name != "points"]
    assert list(told) == ["folder", "changed", *shown]
    assert [len(told[name]) for name in shown] == [len(found.table(name)) for name in shown]
    assert asked(kind, "--no-figures", "--quiet").output == ""


@each_kind
def test_the_folder_is_known_to_all_that_read_results(kind: str) -> None:
    result = asked(kind)
    assert result.exit_code == 0, result.output
    found = open_answer("mine")
    assert found is not None
    assert found.folder is not None
    assert {path.name for path in found.folder.iterdir()} == {
        "manifest.json",
        "report.md",
        *(f"{name}.parquet" for name in TABLES[kind]),
        *(f"{name}.npz" for name in STAGES[kind]),
        *(f"{name}.png" for name in found.figures),
    }
    assert found.figures
    assert result.stdout.startswith(plain(found.brief()).rstrip("\n"))
    assert (found.folder / "report.md").read_text() == found.report()
    listed = json.loads(typed("list", "--json").stdout)["results"]
    assert [(each["folder"], each["what"]) for each in listed] == [("results/mine", kind)]
    assert typed("show", "mine").stdout.startswith(plain(found.brief()).rstrip("\n"))
    for words, written in (
        (("plot", "mine", "--figure", found.figures[-1]), f"results/mine-{found.figures[-1]}.png"),
        (("export", "mine"), f"results/mine-csv/{TABLES[kind][0]}.csv"),
    ):
        assert typed(*words).exit_code == 0
        assert Path(written).stat().st_size
    verified = typed("verify", "mine")
    assert verified.exit_code == 0, verified.output


@each_kind
def test_what_is_only_shown_otherwise_is_drawn_again_from_its_counts(
    kind: str, pieces: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = answered(kind)
    pieces.clear()
    monkeypatch.setattr(results_folder, "presentation_digest", lambda: "of other reports")
    again = answered(kind)
    assert not pieces
    same_tables(first, again)
    assert again.question == first.question


def test_what_is_read_again_has_its_numbers_in_the_same_order() -> None:
    """A manifest has the tables of a scenario in the order of the alphabet, the file in another."""
    standoff = load("standoff")
    grid = {"world.contact": [0.1], "world.framework": [0.1]}
    for first in (
        sweep_question(standoff, design.grid(standoff, grid), 8, 5, None, False),
        levers_question(standoff, False, 8, 5, None),
        sensitivity_question(standoff, OVER, Effort(), None, 5, None),
    ):
        kept = json.loads(json.dumps([first.scenario.document(), first.asked()], sort_keys=True))
        again = type(first).again(rebuilt(kept[0], "standoff"), kept[1])
        assert list(again.scenario.assumptions) != list(first.scenario.assumptions)
        assert next(again.stages()).experiment.identity() == next(first.stages()).experiment.identity()


SMALL: dict[str, Any] = {"save": False, "figures": False}
IN_PYTHON: dict[str, Callable[..., Answer]] = {
    "sweep": lambda **given: sweep(load("duel"), {"world.framework": 0.1}, **given, **SMALL),
    "levers": lambda **given: levers(load("duel"), **given, **SMALL),
    "sensitivity": lambda runs=64, **given: sensitivity(
        load("standoff"), over=OVER, effort=Effort(runs=runs), **given, **SMALL
    ),
}


@each_kind
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"runs": 0}, r"runs is 0; it must be|at least 2 runs"),
        ({"runs": -5}, r"runs is -5; it must be|at least 2 runs"),
        ({"runs": MOST_RUNS_A_POINT + 1}, r"1,000,001 runs a point; at most 1,000,000 are allowed"),
        ({"days": 0}, r"days is 0; it must be a whole number between 1 and 3650"),
        ({"days": 4000}, r"days is 4000; it must be a whole number between 1 and 3650"),
        ({"days": 1.5}, r"days is 1\.5; it must be a whole number"),
        ({"seed": -1}, r"seed is -1; it must be a whole number between 0 and"),
    ],
)
def test_what_the_schema_does_not_allow_is_refused_in_our_words(
    kind: str, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(StudyError, match=said):
        IN_PYTHON[kind](**given)
