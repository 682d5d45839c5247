"""Names of results: a bare scenario's name is its unchanged study, names in use are replaced only when told, rm and mv are safe."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import sim
from sim.commands import main as cli
from sim.experiments.kept import folder_of_kept
from sim.results import store

SHORT: dict[str, Any] = {"runs": 20, "days": 5, "figures": False}
FIRM = {"actors.south.resolve": 0.9}


def brink(*words: str, answer: str = "") -> Result:
    return CliRunner().invoke(cli.brink, words, input=answer)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of the duel: as it is, with a firmer South, and that again by the name of firm."""
    out = tmp_path_factory.mktemp("names") / "results"
    firm = sim.load("duel").replace(FIRM)
    sim.run("duel", out=out, **SHORT)
    sim.run(firm, out=out, **SHORT)
    sim.run(firm, out=out, name="firm", **SHORT)
    return out


@pytest.fixture
def results(made: Path) -> Path:
    """The same, in the working folder, to be changed."""
    return Path(shutil.copytree(made, "results"))


def test_a_bare_name_is_the_study_of_the_unchanged_scenario(made: Path) -> None:
    assert folder_of_kept("duel", made).name.rpartition("-")[0] == "duel"
    for name in ("duel resolve=0.9", "duel-resolve-0.9"):
        assert folder_of_kept(name, made).name.startswith("duel-resolve-0.9-")
    assert folder_of_kept("scenarios/duel.toml", made) == folder_of_kept("duel", made)


def test_where_several_fit_it_is_said_which_was_taken(results: Path) -> None:
    sim.run("duel", **SHORT | {"days": 4})
    heard: list[str] = []
    taken = folder_of_kept("duel", tell=heard.append)
    assert f"duel: 2 results fit; taken is {taken.name} (20 runs of " in heard[0]


def test_without_a_study_of_the_unchanged_one_it_is_said_how_to_make_it(results: Path) -> None:
    shutil.rmtree(folder_of_kept("duel"))
    refused = brink("show", "duel")
    assert refused.exit_code == 2
    assert "no study of the unchanged scenario in results/, which `brink run duel` makes" in refused.stderr
    assert "duel-resolve-0.9-" in refused.stderr


def test_what_was_changed_is_said_by_every_command(results: Path) -> None:
    said = "South's resolve"
    assert "changed from duel: " + said in brink("list").stdout
    assert "Changed from duel: " + said in brink("show", "firm").stdout
    [row] = json.loads(brink("show", "firm", "--json").stdout)["changed"]
    assert (row["changed_from"], row["key"], row["after"]) == ("duel", "actors.south.resolve", 0.9)
    assert f"**Changed from duel.** {said} 0.55 → 0.9." in (results / "firm" / "report.md").read_text()


def test_a_changed_study_is_verified_with_what_was_changed(results: Path) -> None:
    assert brink("verify", "firm").exit_code == 0
    manifest = store.read_manifest(results / "firm")
    assert manifest is not None
    store.rewrite(results / "firm", manifest | {"changes": ["Changed from duel: nothing"]})
    assert brink("verify", "firm").exit_code == 1


def test_a_name_in_use_is_replaced_only_when_told(results: Path) -> None:
    (results / "firm" / "notes.txt").write_text("mine")
    words = ("run", "duel", "--runs", "20", "--days", "5", "--no-figures", "--name", "firm", "-q")
    refused = brink(*words)
    assert refused.exit_code == 2
    assert "--replace" in refused.stderr
    assert sim.open_study("firm").scenario.changed
    assert brink(*words, "--replace").exit_code == 0
    assert "actors.south.resolve" not in sim.open_study("firm").scenario.changed
    assert (results / "firm" / "notes.txt").read_text() == "mine"


def test_nothing_foreign_is_replaced() -> None:
    Path("results/mine").mkdir(parents=True)
    Path("results/mine/notes.txt").write_text("mine")
    refused = brink("run", "duel", "--runs", "20", "--name", "mine", "--replace")
    assert refused.exit_code == 2
    assert Path("results/mine/notes.txt").read_text() == "mine"


def test_rm_asks_and_takes_away_the_result_and_its_journal(results: Path) -> None:
    pieces = results / ".firm.pieces"
    pieces.mkdir()
    assert brink("rm", "firm", answer="n\n").exit_code == 130
    assert (results / "firm").exists()
    assert brink("rm", "firm", answer="y\n").exit_code == 0
    assert not (results / "firm").exists()
    assert not pieces.exists()
    assert [each.name for each in results.glob(".*")] == []


def test_rm_leaves_what_is_not_brinks(results: Path) -> None:
    (results / "firm" / "notes.txt").write_text("mine")
    told = brink("rm", "firm", "--yes").stdout
    assert [each.name for each in (results / "firm").iterdir()] == ["notes.txt"]
    assert "notes.txt" in told


@pytest.mark.parametrize("name", ["scenarios", ".", "..", "results", "/", "nothing", "link"])
def test_rm_touches_nothing_but_results(name: str, results: Path) -> None:
    (results / "link").symlink_to((results / "firm").resolve())
    before = sorted(map(str, Path().rglob("*")))
    assert brink("rm", name, "--yes").exit_code == 2
    assert sorted(map(str, Path().rglob("*"))) == before


def test_rm_takes_away_the_pieces_of_what_was_stopped() -> None:
    Path("results/.x-sweep.pieces/runs-1a2b3c4d").mkdir(parents=True)
    assert brink("rm", ".x-sweep.pieces", "--yes").exit_code == 0
    assert not Path("results/.x-sweep.pieces").exists()


def test_mv_gives_another_name_everywhere_and_the_study_stays_sound(results: Path) -> None:
    assert brink("mv", "firm", "firmer").exit_code == 0
    assert not (results / "firm").exists()
    assert "firmer: 20 runs" in brink("show", "firmer").stdout
    assert brink("verify", "firmer").exit_code == 0
    refused = brink("mv", "firmer", folder_of_kept("duel").name)
    assert refused.exit_code == 2
    assert "is in use" in refused.stderr
    assert brink("mv", "firmer", "../out").exit_code == 2


def test_a_result_of_another_state_of_the_program_is_said_to_be_one(results: Path) -> None:
    manifest = store.read_manifest(results / "firm")
    assert manifest is not None
    assert brink("show", "firm").stderr == ""
    store.rewrite(results / "firm", manifest | {"presentation": "0" * 64})
    assert "made by another state of the program" in brink("show", "firm").stderr


def test_open_shows_the_figure_that_was_drawn(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def launch(path: str) -> int:
        opened.append(path)
        return 1

    monkeypatch.setattr("click.launch", launch)
    told = brink("plot", "firm", "--figure", "beliefs", "--open")
    assert opened == ["results/firm-beliefs.png"]
    assert "firm: Changed from duel: South's resolve" in told.stderr
    assert "open it yourself" in told.stderr
    brink("run", "duel", "--runs", "20", "--days", "5", "--no-figures", "-q", "--open")
    assert opened[1].endswith("/report.md")
