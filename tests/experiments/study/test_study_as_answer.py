"""A study is an answer like any other; what only shows it is made again from its counts, and its parts can be asked alone."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from matplotlib.figure import Figure

from sim.commands.main import brink
from sim.compute import scheduler
from sim.compute.fingerprints import counts_digest, presentation_digest
from sim.errors import StoreError, StudyError
from sim.experiments import runner
from sim.experiments.kept import open_kept
from sim.experiments.question import plan
from sim.experiments.runner import Answer, Means, answer
from sim.experiments.study import report
from sim.experiments.study.parts import PARTS, part
from sim.experiments.study.study import Study, open_study, run
from sim.results.folder import list_kept
from sim.results.study import COUNTS, TABLES
from sim.scenario.files import load
from tests.conftest import REPOSITORY
from tests.results.test_store import contents
from tests.support.random_scenarios import SCENARIOS

RUNS, DAYS = 60, 6
ALONE = [name for name in PARTS if name != "arms"]


def typed(*words: str) -> Result:
    return CliRunner().invoke(brink, list(words))


def study(**given: Any) -> Study:
    asked: dict[str, Any] = {"runs": RUNS, "days": DAYS, "figures": False, "name": "x"}
    return run(load(SCENARIOS / "duel.toml"), **asked | given)


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the experiments of which a piece is computed from now on, a name a piece."""
    done: list[str] = []
    real = scheduler.carried_out

    def noted(experiment: Any, **given: Any) -> Iterator[Any]:
        for piece in real(experiment, **given):
            done.append(type(experiment).__name__)
            yield piece

    monkeypatch.setattr(runner, "carried_out", noted)
    return done


# An answer ----------------------------------------------------------------------------------------


def test_a_study_is_an_answer_in_memory_and_opened() -> None:
    made, kept = study(save=False, parts=("twins",)), study(parts=("twins",), figures="all")
    assert repr(made) == "<study of x: 60 runs of 6 days, seed 1>"
    assert repr(kept) == "<study of x: 60 runs of 6 days, seed 1, in results/x/>"
    for found in (made, kept, open_kept("x"), open_study("x")):
        assert isinstance(found, Study)
        assert list(found.tables)[:6] == ["summary", *TABLES]
        pd.testing.assert_frame_equal(found.table(), made.summary().reset_index())
        pd.testing.assert_frame_equal(found.table("rows"), made.rows)
        assert found.figures == ("escalation", "timing", "signals", "beliefs", "split", "twins", "regret")
        assert isinstance(found.plot(), Figure)
        assert found.report() == Path("results/x/report.md").read_text()
        assert "<td>standoff</td>" in found._repr_html_()
        assert found.to_json() | {"folder": None} == made.to_json()
        with pytest.raises(StudyError, match="there are: summary, runs, curves"):
            found.table("odds")


def test_its_manifest_says_what_that_of_any_answer_says_and_more() -> None:
    study(parts=("rare",))
    [manifest] = list_kept()
    assert (manifest["what"], manifest["name"], manifest["scenario"]) == ("study", "x", "duel")
    assert manifest["asked"].items() >= {"parts": ["rare"], "precision": [], "called": "x"}.items()
    assert {name: note["units"] for name, note in manifest["stages"].items()} == {COUNTS: RUNS, "rare": RUNS}
    assert manifest["tables"] == ["summary", *TABLES, "rare"]
    assert manifest["parts"] == {"rare": ["rare"]}
    assert (manifest["runs"], manifest["days"], manifest["seed"]) == (RUNS, DAYS, 1)
    assert manifest["counts"] == dict(open_study("x").counts)
    assert manifest["presentation"] == presentation_digest()
    assert manifest["assumes"]["sources"] == counts_digest()


def test_the_commands_about_results_know_a_study_and_its_parts() -> None:
    study(parts=("twins",))
    assert json.loads(typed("list", "--json").stdout)["results"][0]["what"] == "study"
    assert json.loads(typed("show", "x", "--json").stdout)["twins"]["n"] == RUNS
    assert "summary.csv" in typed("export", "x").stdout
    assert typed("plot", "x", "--figure", "regret").exit_code == 0
    assert typed("verify", "x").exit_code == 0


# Two digests --------------------------------------------------------------------------------------


def shown_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a page had been edited: other words, and so another digest of what is shown."""
    monkeypatch.setattr(report, "limits", lambda: ["## Other words"])
    for module in ("sim.results.folder", "sim.experiments.runner"):
        monkeypatch.setattr(f"{module}.presentation_digest", lambda: "edited")


@pytest.mark.parametrize("rows", [True, False])
def test_what_is_shown_otherwise_is_made_again_from_counts_and_nothing_is_computed(
    rows: bool, monkeypatch: pytest.MonkeyPatch, computed: list[str]
) -> None:
    asked: dict[str, Any] = {"parts": ("twins", "attribution", "rare"), "rows": rows, "figures": True}
    study(**asked)
    assert set(computed) == {"Simulation", "Pairs", "Attribution", "Hazards"}
    before = contents(Path("results/x"))
    computed.clear()
    study(**asked)
    assert contents(Path("results/x")) == before
    shown_otherwise(monkeypatch)
    monkeypatch.setattr("sim.experiments.study.simulation.Simulation.samples", None)  # nor runs for samples
    study(**asked)
    after = contents(Path("results/x"))
    assert not computed
    assert after["report.md"].endswith(b"## Other words\n")
    assert {name for name in before if after[name] != before[name]} == {"report.md", "manifest.json"}
    assert json.loads(after["manifest.json"])["presentation"] == "edited"
    written = Path("results/x/report.md").stat().st_mtime_ns
    study(**asked)
    assert Path("results/x/report.md").stat().st_mtime_ns == written


def test_a_study_shown_otherwise_grows_from_the_counts_that_are_there(
    monkeypatch: pytest.MonkeyPatch, computed: list[str]
) -> None:
    study()
    before = Path("results/x/counts.npz").read_bytes()
    monkeypatch.setattr(scheduler, "PIECE", 10)
    computed.clear()
    shown_otherwise(monkeypatch)
    study(runs=RUNS + 10)
    assert computed == ["Simulation"]
    assert Path("results/x/counts.npz").read_bytes() != before
    assert contents(Path("results/x")) == contents(Path(str(study(out="whole", runs=RUNS + 10).folder)))


def test_other_sources_of_counts_are_another_study(
    monkeypatch: pytest.MonkeyPatch, computed: list[str]
) -> None:
    first, named = study(name=None), study()
    assert first.folder and named.folder
    before = contents(first.folder)
    computed.clear()
    monkeypatch.setattr("sim.experiments.planned_runs.counts_digest", lambda: "edited")
    again = study(name=None)
    assert computed == ["Simulation"]
    assert again.folder not in (None, first.folder)
    assert contents(first.folder) == before
    with pytest.raises(StoreError, match=r"another sources .*this one has edited"):
        study()


# Parts by themselves ------------------------------------------------------------------------------


def alone(name: str, **given: Any) -> Answer:
    question = part(name, plan(load(SCENARIOS / "duel.toml"), RUNS, DAYS, None))
    keeping: dict[str, Any] = {"name": "own", "figures": False}
    return answer(question, **keeping | given)


@pytest.mark.parametrize("name", ALONE)
def test_a_part_asked_alone_gives_the_tables_of_the_study_that_carries_it(
    name: str, computed: list[str]
) -> None:
    carried, own = study(parts=(name,)), alone(name, means=Means("threads:1"))
    assert own.kind == name
    assert list(own.tables) == list(carried.part(name))
    for table, found in carried.part(name).items():
        pd.testing.assert_frame_equal(own.table(table), found, check_exact=True)
    assert own.question.page(own.tables) in carried.report()
    assert own.brief() in carried.brief()
    assert own.to_json() == {"folder": "results/own", "changed": []} | carried.to_json()[name]
    counts = (Path(f"results/{each}/{name}.npz").read_bytes() for each in ("own", "x"))
    assert len(set(counts)) == 1
    computed.clear()
    opened = open_kept("own")
    assert alone(name).tables.keys() == opened.tables.keys()
    assert opened.question == own.question
    assert not computed
    assert typed("verify", "own").exit_code == 0


def test_a_part_alone_goes_on_after_a_kill() -> None:
    code = f"""
import os, signal, sys, time
from pathlib import Path
sys.path.insert(0, {str(REPOSITORY)!r})
from sim.compute import scheduler
from sim.experiments.twins.counts import Pairs
from tests.experiments.study.test_study_as_answer import alone
from sim.experiments.runner import Means
scheduler.PIECE = scheduler.LANES = 16
real = Pairs.compute
def compute(self, first, count):
    if first >= 20:
        while not list(Path("results").rglob("*.piece")):
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGKILL)
    return real(self, first, count)
Pairs.compute = compute
alone("twins", means=Means("threads:1"))
"""
    stopped = subprocess.run([sys.executable, "-c", code], check=False)
    assert stopped.returncode == -signal.SIGKILL
    assert [path.name for path in Path("results").iterdir() if path.suffix == ".pieces"] == [".own.pieces"]
    assert list(Path("results/.own.pieces").rglob("*.piece"))
    assert contents(Path(str(alone("twins").folder))) == contents(
        Path(str(alone("twins", out="whole").folder))
    )
    assert [path.name for path in Path("results").iterdir()] == ["own"]
