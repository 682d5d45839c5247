"""`brink story --risk`, `--closest`, `brink whatif` and `brink windows`: what they print, keep and refuse, as any question."""

from __future__ import annotations

import json
import pickle
import signal
import subprocess
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.compute.experiment import Piece
from sim.experiments.runner import Answer, open_answer
from sim.experiments.study.study import run
from sim.experiments.turning_points.closest.counts import Hazards, Looks, short_list
from sim.experiments.turning_points.risk.counts import Continuations
from sim.experiments.turning_points.what_if.counts import Alternatives
from sim.experiments.turning_points.windows.counts import OnDays
from sim.results import folder as results_folder
from sim.scenario.files import load
from sim.terminal.plain import plain
from tests.commands.test_cli import STANDOFF, brink, failed
from tests.conftest import in_a_new_process

ASKED = {
    "risk": ("story", "standoff", "--run", "4", "--risk", "--times", "150"),
    "closest": ("story", "standoff", "--closest", "--times", "20"),
    "whatif": ("whatif", "standoff", "--run", "4", "--day", "3", "--actor", "caracas", "--times", "150"),
    "windows": (
        *("windows", STANDOFF, "--actor", "washington", "--signal", "call"),
        *("--runs", "400", "--days", "15"),
    ),
}
STAGES = {
    "risk": ["continuations"],
    "closest": ["runs", "looks", "continuations"],
    "whatif": ["continuations"],
    "windows": ["runs"],
}
COUNTED: dict[str, Any] = {"risk": Continuations, "closest": Looks, "whatif": Alternatives, "windows": OnDays}
each_kind = pytest.mark.parametrize("kind", ASKED)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("results")
    run(load(STANDOFF), runs=60, days=20, out=folder, figures=False)
    return str(folder)


def printed(*words: str) -> str:
    result = brink(*words)
    assert result.exit_code == 0, result.output
    return result.stdout


def words_of(kind: str, results: str, *more: str) -> tuple[str, ...]:
    study = () if kind == "windows" else ("--results", results)
    return (*ASKED[kind], *study, "--name", "mine", *more)


def answered(kind: str, results: str, *more: str, out: str = "results") -> Answer:
    """What the command keeps without figures."""
    printed(*words_of(kind, results, "--no-figures", "--out", out, *more))
    return opened(out)


def opened(out: str = "results") -> Answer:
    found = open_answer("mine", out)
    assert found is not None
    return found


def same_tables(one: Answer, other: Answer) -> None:
    assert list(one.tables) == list(other.tables)
    for name, table in one.tables.items():
        pd.testing.assert_frame_equal(table, other.tables[name], check_exact=True)


@pytest.fixture
def pieces(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """First units of the pieces that are computed from now on."""
    done: list[int] = []
    for each in COUNTED.values():

        def noted(self: Any, first: int, count: int, compute: Any = each.compute) -> Piece:
            done.append(first)
            found: Piece = compute(self, first, count)
            return found

        monkeypatch.setattr(each, "compute", noted)
    return done


# What is said ---------------------------------------------------------------------------------


def test_the_story_in_json_has_an_entry_for_each_day_and_says_what_the_words_say(results: str) -> None:
    found = json.loads(printed("story", "standoff", "--results", results, "--run", "4", "--json"))
    assert (found["run"], found["days"]) == (4, 20)
    assert [each["number"] for each in found["course"]] == list(range(20))
    acts = {act["actor"] for each in found["course"] for act in each["acts"]}
    assert {"washington", "caracas"} < acts
    text = " ".join(printed("story", "standoff", "--results", results, "--run", "4").split())
    assert f"The level peaks at {found['peak_level']:.1f}" in text
    assert not Path("results").exists()  # a story is told and not kept


def test_risk_follows_the_story_and_the_json_says_the_same(results: str) -> None:
    story = printed("story", "standoff", "--results", results, "--run", "4")
    told = printed(*words_of("risk", results, "--out", "results"))
    assert told.startswith(story.rstrip("\n")) and "Before day 0: war" in told
    found = json.loads(printed(*words_of("risk", results, "--out", "results", "--json")))
    assert (found["run"], found["times"], found["risk"][0]["day"]) == (4, 150, -1)
    assert all(each["n"] == 150 for each in found["risk"])
    assert (
        found["course"]
        == json.loads(printed("story", "standoff", "--results", results, "--run", "4", "--json"))["course"]
    )


def test_the_closest_call_is_found_and_told(results: str) -> None:
    words = " ".join(printed(*words_of("closest", results, "--out", "results")).split())
    assert "of the first 60 runs that saw no war: run" in words
    found = json.loads(printed(*words_of("closest", results, "--out", "results", "--json")))
    assert found["closest"][0]["looked_at"] == 60
    assert found["closest"][0]["run"] == found["run"]
    assert found["outcome"] in ("standoff", "deescalation", "exit", "settlement")


def test_whatif_prints_a_row_for_each_signal_and_marks_the_one_that_was_sent(results: str) -> None:
    ask = words_of("whatif", results, "--out", "results")
    found = json.loads(printed(*ask, "--json"))
    text = printed(*ask)
    assert text.count("(sent)") == 1 and text.count("as it was") == 4
    sent = [each for each in found["whatif"] if each["signal"] == found["sent"]]
    assert {each["value"] for each in sent} == {0.0}
    assert len({each["signal"] for each in found["whatif"]}) == text.split("\n\n")[1].count("\n")


def test_windows_print_both_tables(results: str) -> None:
    text = printed(*words_of("windows", results))
    assert "Of all 400 runs:" in text and "Of the runs in which it could be sent that day:" in text
    found = json.loads(printed(*words_of("windows", results, "--json")))
    assert sorted({each["day"] for each in found["windows"]}) == [0, 7, 14]
    assert [each["day"] for each in found["possible"]] == [0, 7, 14] and found["runs"] == 400


def test_figures_are_written_where_they_are_asked_for_too(results: str, tmp_path: Path) -> None:
    figures = {kind: tmp_path / f"{kind}.{form}" for kind, form in zip(ASKED, ("png", "svg", "png", "pdf"), strict=True)}  # fmt: skip
    for kind, file in figures.items():
        printed(*words_of(kind, results, "--out", kind, "--figure", str(file)))
        assert file.stat().st_size
    [kept] = Path("risk/mine").glob("*.png")
    assert kept.read_bytes() == figures["risk"].read_bytes()


# As any question ------------------------------------------------------------------------------


@each_kind
def test_the_same_comes_of_any_executor(kind: str, results: str) -> None:
    one, many = (answered(kind, results, "--executor", f"threads:{n}", out=f"by{n}") for n in (1, 3))
    same_tables(one, many)


@each_kind
def test_every_stage_travels_to_another_process_and_counts_the_same_there(kind: str, results: str) -> None:
    stages = answered(kind, results).question.stages()
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


@each_kind
def test_what_was_killed_goes_on_where_it_was(kind: str, results: str, pieces: list[int]) -> None:
    """Killed in the third piece, with one thread at work and time for the first to be written."""
    alone = ("--executor", "threads:1")
    whole = answered(kind, results, *alone, out="whole")
    every, counted = list(pieces), COUNTED[kind]
    words = [*words_of(kind, results, "--no-figures", "--out", "results"), *alone]
    with pytest.raises(subprocess.CalledProcessError) as stopped:
        in_a_new_process(
            "import os, signal, time\n"
            "from sim.commands.main import brink\n"
            f"from {counted.__module__} import {counted.__name__} as Killed\n"
            "compute, begun = Killed.compute, []\n"
            "def killed(self, first, count):\n"
            "    if len(begun) == 2:\n"
            "        time.sleep(1)\n"
            "        os.kill(os.getpid(), signal.SIGKILL)\n"
            "    begun.append(first)\n"
            "    return compute(self, first, count)\n"
            "Killed.compute = killed\n"
            f"brink.main({words!r})\n"
        )
    assert stopped.value.returncode == -signal.SIGKILL
    assert not Path("results/mine").exists()
    pieces.clear()
    same_tables(answered(kind, results, *alone), whole)
    assert 0 < len(pieces) < len(every)


@each_kind
def test_a_dry_run_says_what_it_costs_and_writes_nothing(kind: str, results: str, pieces: list[int]) -> None:
    ask = words_of(kind, results, "--out", "results", "--dry-run")
    told = json.loads(printed(*ask, "--json"))
    assert "Nothing was run or written." in printed(*ask)
    assert not pieces and not Path("results").exists()
    found = answered(kind, results)
    assert told["plain_runs"] == round(found.question.plain_runs)
    assert told["folder"] == str(found.folder)


@each_kind
def test_the_folder_is_known_to_all_that_read_results(kind: str, results: str) -> None:
    text = printed(*words_of(kind, results, "--out", "results"))
    found = opened()
    assert found.folder is not None and found.figures
    assert text.startswith(plain(found.brief()).rstrip("\n")) and found.brief() in found.report()
    assert {path.name for path in found.folder.iterdir()} == {
        "manifest.json",
        "report.md",
        *(f"{name}.parquet" for name in found.tables),
        *(f"{name}.npz" for name in STAGES[kind]),
        *(f"{name}.png" for name in found.figures),
    }
    told = json.loads(printed(*words_of(kind, results, "--out", "results", "--json")))
    assert told == json.loads(json.dumps(found.to_json()))
    assert printed(*words_of(kind, results, "--out", "results", "--quiet")) == ""
    listed = json.loads(printed("list", "--json"))["results"]
    assert [(each["folder"], each["what"]) for each in listed] == [("results/mine", kind)]
    assert printed("show", "mine").startswith(plain(found.brief()).rstrip("\n"))
    printed("plot", "mine", "--format", "svg")
    assert Path(f"results/mine-{found.figures[0]}.svg").stat().st_size
    printed("export", "mine")
    first = next(iter(found.tables))
    assert len(pd.read_csv(f"results/mine-csv/{first}.csv")) == len(found.table())
    printed("verify", "mine")


@each_kind
def test_what_is_only_shown_otherwise_is_drawn_again_from_its_counts(
    kind: str, results: str, pieces: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = answered(kind, results)
    pieces.clear()
    monkeypatch.setattr(results_folder, "presentation_digest", lambda: "of other reports")
    again = answered(kind, results)
    assert not pieces
    same_tables(first, again)
    assert again.question == first.question


def test_what_is_asked_of_a_study_is_kept_beside_it(tmp_path: Path) -> None:
    run(load(STANDOFF), runs=20, days=8, out=tmp_path / "studies", figures=False)
    for kind in ("risk", "closest", "whatif"):
        told = printed(*ASKED[kind], "--results", str(tmp_path / "studies"), "--no-figures")
        assert f"Results: {tmp_path}/studies/standoff-{kind}-" in told
    assert not Path("results").exists()


def test_both_sieves_of_the_closest_call_count_the_same_however_they_are_cut() -> None:
    scenario = load(STANDOFF).replace({"study.runs": 40, "study.days": 12})
    hazards = Hazards(scenario)
    looks = short_list(scenario, hazards.compute(0, 40))
    assert looks.units == 12 and len(set(looks.runs)) == 12
    for experiment, cut in ((hazards, 17), (looks, 5)):
        whole = experiment.compute(0, experiment.units)
        parts = experiment.compute(0, cut), experiment.compute(cut, experiment.units - cut)
        for name, array in whole.items():
            assert list(array) == [*parts[0][name], *parts[1][name]], name


# Mistakes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["story", "standoff", "--times", "5"], "--times goes with --risk or --closest."),
        (["story", "standoff", "--figure", "a.png"], "--figure goes with --risk or --closest."),
        (["story", "standoff", "--executor", "threads:1"], "--executor goes with --risk or --closest."),
        (["story", "standoff", "--dry-run"], "--dry-run goes with --risk or --closest."),
        (["story", "standoff", "--closest", "--run", "2"], "--closest finds a run by itself; leave --run out."),
        (["story", "standoff", "--run", "60"], "--run is 60; standoff has the runs 0 to 59."),
        (["story", "standoff", "--risk", "--run", "60"], "--run is 60; standoff has the runs 0 to 59."),
        (["story", "standoff", "--risk", "--times", "0"], "--times is 0; it must be a whole number between 1 and 65,535."),
        (["story", "standoff", "--risk", "--times", "70000"], "--times is 70000; it must be a whole number between 1 and"),
        (["story", "standoff", "--risk", "--figure", "risk.gif"], "--figure is risk.gif; it must end with .png, .svg or .pdf."),
        (["story", "standoff", "--risk", "--executor", "elves"], 'executor "elves"'),
        (["whatif", "standoff", "--run", "99", "--day", "1", "--actor", "caracas"], "--run is 99; standoff has the runs"),
        (["whatif", "standoff", "--run", "1", "--day", "20", "--actor", "caracas"], "--day is 20; the days are 0 to 19."),
        (["whatif", "standoff", "--run", "1", "--day", "2", "--actor", "paris"], '--actor is "paris", who is not in standoff; known: '),
        (["windows", STANDOFF, "--actor", "paris", "--signal", "call"], '--actor is "paris", who is not in standoff; known: '),
        (["windows", STANDOFF, "--actor", "caracas", "--signal", "raid"], '--signal is "raid", which caracas cannot send; it can send '),
        (["windows", STANDOFF, "--actor", "caracas", "--signal", "call", "--out", "x.csv"], "--out is x.csv; it names a folder of results, and `brink export`"),
        (["windows", STANDOFF, "--actor", "caracas", "--signal", "call", "--every", "0"], "--every is 0; it must be a whole number between 1 and 3,650."),
    ],
)  # fmt: skip
def test_mistakes_are_told_in_one_plain_line(words: list[str], message: str, results: str) -> None:
    place = [] if words[0] == "windows" else ["--results", results]
    told = failed(brink(*words, *place))
    assert told.startswith(message) and "\n" not in told
    assert not Path("results").exists()
