"""Claims and comparisons, which are asked of several scenarios: who computes, what a stop costs, who knows the folder."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import pytest
from click.testing import Result

import sim
from sim.compute.experiment import Piece
from sim.experiments.arms.counts import ArmsExperiment
from sim.experiments.arms.question import compare
from sim.experiments.design_experiment import PairedScenarios
from sim.experiments.runner import Answer, open_answer
from sim.terminal.plain import plain
from tests.conftest import in_a_new_process
from tests.experiments.test_designs_as_questions import same_tables, typed

CLAIM = """
extends = "duel.toml"
[study]
runs = 60
days = 6
[[arms]]
name = "a"
[[arms]]
name = "b"
set.actors.south.resolve = {resolve}
[claim]
says = "A firm target leaves less often."
mark = "conditional"
primary = "exit"
expect = "lower"
sweep.keys = ["world.framework"]
sweep.values = [0.1, 0.5]
"""
ASKED = {
    "claims": ["claims", "zealous", "able", "--quick", "--runs", "80"],
    "comparison": ["run", "zealous", "able", "duel", "--compare", "--runs", "9000", "--days", "8"],
}
STAGES = {
    "claims": [
        f"{name}-{stage}" for name in ("zealous", "able") for stage in ("arms", "sweep", "robustness")
    ],
    "comparison": ["arms"],
}
NAMES = {"claims": ["zealous", "able"], "comparison": ["zealous", "able", "duel"]}
each_kind = pytest.mark.parametrize("kind", ASKED)


@pytest.fixture(autouse=True)
def _claims() -> None:
    for name, resolve in (("zealous", 0.9), ("able", 0.7)):
        Path(f"scenarios/{name}.toml").write_text(CLAIM.format(resolve=resolve))


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What is computed from now on: digests of the scenarios of an experiment, and the first unit of the piece."""
    done: list[tuple[str, int]] = []
    for kind in (ArmsExperiment, PairedScenarios):

        def noted(self: ArmsExperiment, first: int, count: int, compute=kind.compute) -> Piece:  # type: ignore[no-untyped-def]
            done.append((json.dumps(self.identity(), sort_keys=True), first))
            return compute(self, first, count)  # type: ignore[no-any-return]

        monkeypatch.setattr(kind, "compute", noted)
    return done


def asked(kind: str, *more: str) -> Result:
    return typed(*ASKED[kind], "--name", "mine", *more)


def answered(kind: str, *more: str, out: str = "results") -> Answer:
    result = asked(kind, "--no-figures", "--out", out, *more)
    assert result.exit_code == 0, result.output
    found = open_answer("mine", out)
    assert found is not None
    return found


@each_kind
def test_the_same_comes_of_any_executor(kind: str) -> None:
    one, many = (answered(kind, "--executor", f"threads:{n}", out=f"by{n}") for n in (1, 3))
    same_tables(one, many)


@pytest.mark.parametrize(
    ("kind", "where", "done"),
    [
        ("claims", "design_experiment import PairedScenarios", 0),
        ("comparison", "arms.counts import ArmsExperiment", 2),
    ],
)
def test_what_was_killed_goes_on_where_it_was(
    kind: str, where: str, done: int, computed: list[tuple[str, int]]
) -> None:
    """Killed as the sweep of the first claim begins, when its arms are known; as the third piece of runs begins."""
    whole = answered(kind, "--executor", "threads:1", out="whole")
    every = set(computed)
    words = [*ASKED[kind], "--name", "mine", "--no-figures", "--executor", "threads:1"]
    with pytest.raises(subprocess.CalledProcessError) as stopped:
        in_a_new_process(
            "import os, signal\n"
            "from sim.commands.main import brink\n"
            f"from sim.experiments.{where} as Killed\n"
            "compute, begun = Killed.compute, []\n"
            "def killed(self, first, count):\n"
            f"    if len(begun) == {done}:\n"
            "        os.kill(os.getpid(), signal.SIGKILL)\n"
            "    begun.append(first)\n"
            "    return compute(self, first, count)\n"
            "Killed.compute = killed\n"
            f"brink.main({words!r})\n"
        )
    assert stopped.value.returncode == -signal.SIGKILL
    assert not Path("results/mine").exists()
    computed.clear()
    same_tables(answered(kind, "--executor", "threads:1"), whole)
    assert set(computed) < every


@each_kind
def test_a_dry_run_says_what_all_stages_cost_and_writes_nothing(
    kind: str, computed: list[tuple[str, int]]
) -> None:
    told = json.loads(asked(kind, "--dry-run", "--json").stdout)
    assert "Nothing was run or written." in asked(kind, "--dry-run").stdout
    assert not computed
    assert not Path("results").exists()
    found = answered(kind)
    stages = list(found.question.stages())
    assert [stage.name for stage in stages] == STAGES[kind]
    assert told["plain_runs"] == sum(each.experiment.units * each.experiment.weight for each in stages)
    assert told["folder"] == str(found.folder)
    assert told["scenarios"] == NAMES[kind]


@each_kind
def test_the_same_question_is_read_and_json_is_that_of_the_folder(
    kind: str, computed: list[tuple[str, int]]
) -> None:
    found = answered(kind)
    computed.clear()
    told = json.loads(asked(kind, "--no-figures", "--json").stdout)
    assert not computed
    assert told == json.loads(json.dumps(found.to_json()))
    assert list(told) == ["folder", "changed", kind]
    assert asked(kind, "--no-figures", "--quiet").output == ""


@each_kind
def test_a_folder_knows_all_scenarios_that_were_asked_of_in_their_order(kind: str) -> None:
    question = answered(kind).question
    assert list(question.among) == NAMES[kind]
    for name, scenario in question.among.items():
        assert scenario.digest() == sim.load(name).digest()
    assert question.identity()["scenarios"][1][0] == "able"
    assert typed(*ASKED[kind], "--dry-run").stdout.startswith(f"{question.subject}, {kind}: ")


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
        *(f"{name}.parquet" for name in found.tables),
        *(f"{name}.npz" for name in STAGES[kind]),
        *(f"{name}.png" for name in found.figures),
    }
    assert found.figures
    assert result.stdout.startswith(plain(found.brief()).rstrip("\n"))
    assert (found.folder / "report.md").read_text() == found.report()
    assert typed("show", "mine").stdout.startswith(plain(found.brief()).rstrip("\n"))
    assert [each["what"] for each in json.loads(typed("list", "--json").stdout)["results"]] == [kind]
    for words, written in (
        (("plot", "mine", "--figure", found.figures[-1]), f"results/mine-{found.figures[-1]}.png"),
        (("export", "mine"), f"results/mine-csv/{next(iter(found.tables))}.csv"),
    ):
        assert typed(*words).exit_code == 0
        assert Path(written).stat().st_size
    verified = typed("verify", "mine")
    assert verified.exit_code == 0, verified.output


def test_a_title_makes_another_comparison() -> None:
    arms = {name: sim.load(name) for name in ("able", "duel")}
    renamed = {"able": arms["able"].replace({"title": "Other"}), "duel": arms["duel"]}
    one, other = (compare(each, 40, 10, figures=False).folder for each in (arms, renamed))
    assert one != other
