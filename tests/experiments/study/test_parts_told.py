"""What a study has besides its odds is printed under them, after a run and by `brink show`, and can be drawn."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sim.commands import main as cli
from sim.experiments.rare import tables as rare
from sim.experiments.rare.report import odds
from sim.experiments.study.study import Study, open_study
from sim.reports.numbers import difference_words as words
from sim.reports.numbers import words as share
from sim.reports.tables import found
from sim.statistics.differences import in_row
from sim.statistics.proportions import proportion
from tests.conftest import REPOSITORY

DUEL = REPOSITORY / "scenarios/duel.toml"
SMALL = ("--runs", "150", "--days", "20", "--seed", "7")
ARMS = """
[[arms]]
name = "as_is"
[[arms]]
name = "firm"
title = "South firm"
set.actors.south.resolve = 0.9
"""


def brink(*said: str) -> Result:
    return CliRunner().invoke(cli.brink, said)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Result]:
    """A results folder with a study that has every part, and what its run printed."""
    place = tmp_path_factory.mktemp("asked")
    file = place / "arms.toml"
    file.write_text(DUEL.read_text() + ARMS)
    out = str(place / "results")
    result = brink(
        "run", str(file), *SMALL, "--twins", "--attribute", "--rare", "war", "--out", out, "--name", "all"
    )
    assert result.exit_code == 0, result.stderr
    return out, result


@pytest.fixture
def study(asked: tuple[str, Result]) -> Study:
    return open_study("all", asked[0])


def test_show_prints_of_a_kept_study_what_its_run_printed(asked: tuple[str, Result]) -> None:
    out, result = asked
    assert brink("show", "all", "--results", out).stdout == result.stdout


def test_the_four_cells_and_the_net_stand_under_the_odds(asked: tuple[str, Result], study: Study) -> None:
    table = study.part("twins")["twins"]
    cells = table[table["quantity"] == "cell"].set_index("item")
    text = " ".join(asked[1].stdout.split())
    for cell in ("miscalculated", "structural", "prevented", "peace"):
        assert share(proportion(cells["count"][cell], cells["n"][cell])) in text
    net = table[table["quantity"] == "net"].set_index("item")
    assert f"Run less clear-sighted twin: war {words(in_row(net.loc['war'].to_dict()))}; faded " in text


def test_the_channels_of_fog_are_told_in_words_the_largest_first(
    asked: tuple[str, Result], study: Study
) -> None:
    table = study.part("attribution")["attribution"]
    here = table[(table["suspicion"] == "as is") & (table["game"] == "war")]
    lines = asked[1].stdout.split("What each channel of fog adds to war:\n")[1].splitlines()[:6]
    told = [in_row(row) for _, row in here.sort_values("value", key=abs, ascending=False).iterrows()]
    assert lines[5].split("  ")[1] == "all fog"
    assert sorted(line.split("  ")[-1].strip() for line in lines) == sorted(words(each) for each in told)


def test_differences_of_arms_are_told_in_words(asked: tuple[str, Result], study: Study) -> None:
    table = study.part("arms")["differences"]
    assert "South firm, less “as is”:" in asked[1].stdout
    for name in ("war", "miscalculated", "exit", "settlement"):
        assert words(in_row(found(table, arm="firm", observable=name))) in asked[1].stdout


def test_the_probability_of_war_is_told_beside_what_was_counted(
    asked: tuple[str, Result], study: Study
) -> None:
    [found_] = rare.rows(study.part("rare")["rare"])
    assert odds(found_) in asked[1].stdout
    assert "## Rare wars" in (Path(asked[0]) / "all" / "report.md").read_text()
    assert study.to_json()["rare"]["war"]["value"] == found_.value


def test_a_war_that_was_never_counted_has_odds_all_the_same() -> None:
    words_ = ("run", str(DUEL), "--runs", "2000", "--days", "15", "--rare", "war", "--json")
    calm = ("--set", "actors.south.resolve=0.2", "--set", "world.level=0")
    [study] = json.loads(brink(*words_, *calm).stdout)["studies"]
    found = study["rare"]["war"]
    assert found["count"] == study["outcomes"]["war"]["count"]
    assert 0 < found["low"] < found["value"] < found["high"]


def test_a_study_with_every_part_is_verified(asked: tuple[str, Result]) -> None:
    result = brink("verify", "all", "--results", asked[0])
    assert result.exit_code == 0, result.output


def test_only_war_can_be_asked_for_as_rare() -> None:
    result = brink("run", str(DUEL), "--rare", "exit")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--rare" in result.stderr


@pytest.mark.parametrize("figure", ["twins", "regret", "attribution", "arms", "differences"])
def test_figures_of_parts_are_drawn_one_by_one(figure: str, asked: tuple[str, Result]) -> None:
    result = brink("plot", "all", "--results", asked[0], "--figure", figure, "--out", f"{figure}.svg")
    assert result.exit_code == 0, result.stderr
    assert Path(f"{figure}.svg").read_text().startswith("<?xml")


def test_a_figure_of_a_part_that_a_study_has_not_is_a_plain_mistake() -> None:
    brink("run", str(DUEL), *SMALL, "--quiet")
    result = brink("plot", "duel", "--figure", "twins")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == 'there is no figure "twins"; there are: escalation, timing, signals, beliefs\n'
