"""Without figures, nothing speaks of a picture that is not there; with them, every picture that a page shows is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.commands.main import brink

PICTURE = re.compile(r"[\w-]+\.(?:png|svg)")
QUESTIONS = {
    "a study": ("run", "duel", "--runs", "60", "--days", "10", "--twins", "--attribute"),
    "arms": ("run", "duel", "calm", "--compare", "--runs", "40", "--days", "10"),
    "a sweep": ("sweep", "duel", "--design", "latin", "--points", "4", "--runs", "40", "--days", "10"),
    "levers": ("levers", "duel", "--runs", "20", "--days", "10"),
}


def said_and_written(*words: str) -> tuple[str, Path]:
    """What a command printed, and the folder that it wrote."""
    result = CliRunner().invoke(brink, [*words, "--name", "x"])
    assert result.exit_code == 0, result.output
    return result.stdout, Path("results/x")


@pytest.mark.parametrize("question", QUESTIONS)
def test_without_figures_no_picture_is_named(question: str) -> None:
    printed, folder = said_and_written(*QUESTIONS[question], "--no-figures")
    page = (folder / "report.md").read_text()
    assert PICTURE.findall(printed) == []
    assert PICTURE.findall(page) == []
    assert "report.md" in printed or question == "levers" or question == "a sweep"
    assert CliRunner().invoke(brink, ["verify", "x"]).exit_code == 0


def test_all_figures_are_drawn_where_they_are_asked_for_and_the_main_ones_else() -> None:
    asked = ("run", "duel", "--runs", "40", "--days", "8")
    _, folder = said_and_written(*asked, "--figures")
    assert {each.name for each in folder.glob("*.png")} == {"escalation.png", "timing.png"}
    said_and_written(*asked, "--figures", "all")
    assert {"signals.png", "beliefs.png"} < {each.name for each in folder.glob("*.png")}
    assert CliRunner().invoke(brink, ["verify", "x"]).exit_code == 0
    wrong = CliRunner().invoke(brink, ["run", "duel", "--figures", "every"])
    assert wrong.exit_code == 2 and "'main', 'all'" in wrong.output


def test_with_figures_every_picture_that_is_named_is_there_and_verified() -> None:
    printed, folder = said_and_written("run", "duel", "--runs", "40", "--days", "8")
    named = PICTURE.findall(printed) + PICTURE.findall((folder / "report.md").read_text())
    assert "escalation.png" in named
    assert all((folder / name).is_file() for name in named)
    assert CliRunner().invoke(brink, ["verify", "x"]).exit_code == 0
