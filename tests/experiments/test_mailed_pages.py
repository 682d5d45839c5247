"""The page of any question as one HTML file: written beside its folder, small, with its figures, and safe to open."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt
from markdown_it.token import Token

import sim
from sim.commands.main import brink
from sim.experiments.arms.question import compare
from sim.experiments.claims.question import Effort, examine
from sim.experiments.diff.question import diff
from sim.experiments.levers.box import box as levers_box
from sim.experiments.levers.question import levers
from sim.experiments.overview.question import overview
from sim.experiments.runner import Answer
from sim.experiments.study.answer import Study
from sim.experiments.sweep.question import sweep
from sim.experiments.turning_points.windows.question import windows
from sim.reports.page import MOST_WORDS
from sim.scenario.files import load
from sim.scenario.scenario import Scenario

LARGEST = 1_500_000
EVIL = "<img src=x onerror=alert(1)> [x](javascript:alert(1)) ![y](https://example.org/z.png)"
DUEL = Path(__file__).parents[2] / "scenarios" / "duel.toml"
ARMS = """
[[arms]]
name = "a"
title = "A {evil}"
[[arms]]
name = "b"
title = "B {evil}"
set.actors.south.resolve = 0.9
[claim]
says = "Says {evil}"
source = "Source {evil}"
mark = "conditional"
primary = "exit"
expect = "lower"
sweep.keys = ["world.framework"]
sweep.values = [0.1, 0.5]
sweep.what = "what {evil}"
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """A duel in which every text that a user may write tries to become a picture, a link or a tag."""
    text = (
        DUEL.read_text()
        .replace('"North and South"', f'"{EVIL}"')
        .replace('title = "North"', f'title = "N {EVIL}"')
    )
    path = tmp_path_factory.mktemp("hostile") / "evil.toml"
    path.write_text(
        text.replace("runs = 10000", "runs = 40").replace("days = 90", "days = 20") + ARMS.format(evil=EVIL)
    )
    return load(path)


@pytest.fixture(scope="module")
def studied(hostile: Scenario) -> Study:
    return sim.run(hostile, parts=("rare", "twins", "attribution"), save=False)


ASKED: dict[str, Callable[[Scenario], Answer]] = {
    "sweep": lambda hostile: sweep(
        hostile, {"actors.north.resolve": [0.4, 0.7]}, runs=20, days=10, save=False
    ),
    "levers": lambda hostile: levers(hostile, runs=4, days=3, save=False),
    "diff": lambda hostile: diff(
        hostile, hostile.replace({"actors.north.resolve": 0.6}), runs=20, save=False
    ),
    "comparison": lambda hostile: compare({"one": hostile, "two": load(DUEL)}, runs=20, days=10, save=False),
    "windows": lambda hostile: windows(hostile, "north", "call", runs=20, days=10, every=5, save=False),
    "claims": lambda hostile: examine(hostile, Effort(20, 4, 8), save=False),
}


def tokens_of(text: str) -> Iterator[Token]:
    """All tokens of Markdown in which tags and links are allowed."""
    for token in MarkdownIt("commonmark", {"html": True}).enable("table").parse(text):
        yield token
        yield from token.children or ()


def is_harmless(found: Answer) -> None:
    own = {f"{name}.png" for name in found.figures}
    for token in tokens_of(found.report()):
        assert token.type not in ("html_inline", "html_block", "link_open"), token
        assert token.type != "image" or token.attrs["src"] in own, token
    assert not [file for file in own if f"]({file})" not in found.report()], "every figure is on its page"
    text = found.html(figures=False)
    assert not re.findall(r"<(?:img|a|script)\b(?! href=\"#|>)[^>]*>", text)


@pytest.mark.parametrize("kind", ASKED)
def test_what_a_user_wrote_stays_text_on_the_page_of(kind: str, hostile: Scenario) -> None:
    is_harmless(ASKED[kind](hostile))


def test_what_a_user_wrote_stays_text_on_the_page_of_a_study_with_all_its_parts(studied: Study) -> None:
    assert EVIL in studied.brief(), "a terminal shows a title as it is"
    is_harmless(studied)


def test_the_file_of_a_study_with_all_its_parts_is_small_enough_to_be_mailed(studied: Study) -> None:
    text = studied.html()
    assert text.count("<img ") == len(studied.figures)
    assert len(text) < LARGEST


def test_what_a_user_wrote_stays_text_on_the_page_of_studies_side_by_side(studied: Study) -> None:
    is_harmless(overview([studied, studied], "two", save=False))


def test_a_study_says_its_answer_first_in_at_most_150_words(studied: Study) -> None:
    box = [line for line in studied.report().split("\n\n")[1].split("\n") if line.strip("> ")]
    heads = [re.findall(r"^> \*\*(.*?)\.\*\*", line)[0] for line in box]
    assert heads == [
        "How it stands",
        "What drives it",
        "What moves it most",
        "How firm that is",
        "What would change it",
    ]
    assert len(" ".join(box).replace(">", "").split()) <= MOST_WORDS


def test_a_study_without_parts_says_which_command_would_tell() -> None:
    box = sim.run("duel", 20, 5, save=False).report().split("\n\n")[1]
    assert "`brink run duel --twins --attribute`" in box and "`brink levers duel`" in box


def test_a_box_says_what_was_changed_and_still_ends_with_what_would_change_the_answer() -> None:
    settings = {
        f"actors.{name}.{key}": 0.5 for name in ("washington", "caracas") for key in ("resolve", "mood")
    }
    box = sim.run(load("standoff").replace(settings), 20, 5, save=False).report().split("\n\n")[1]
    assert "> **Changed from standoff.** " in box and "**What would change it.** " in box


def test_the_page_is_written_beside_the_folder_by_run_and_by_html(tmp_path: Path) -> None:
    out = str(tmp_path / "results")

    def typed(*words: str) -> str:
        result = CliRunner().invoke(brink, list(words))
        assert result.exit_code == 0, result.output
        return result.stdout

    said = typed(
        "run", "duel", "--runs", "20", "--days", "5", "--out", out, "--name", "mine", "--html", "--no-figures"
    )
    page = tmp_path / "results" / "mine.html"
    assert str(page) in said and b"<img " not in page.read_bytes()
    page.unlink()
    assert typed("html", "mine", "--results", out).strip() == str(page)
    first = page.read_bytes()
    assert first.count(b"<img ") == 4
    other = tmp_path / "new" / "sent.html"
    typed("html", "mine", "--results", out, "--out", str(other))
    assert other.read_bytes() == first, "the same answer gives the same page"
    refused = CliRunner().invoke(brink, ["html", "mine", "--results", out, "--out", "page.pdf"])
    assert refused.exit_code == 2 and "page.pdf" in refused.output
    vary = ("sweep", "duel", "--vary", "world.framework=0.1,0.3", "--runs", "20", "--days", "5", "--out", out)
    assert "moved.html" in typed(*vary, "--name", "moved", "--html", "--no-figures")
    assert "<title>" in (tmp_path / "results" / "moved.html").read_text()


def test_levers_say_first_which_number_moves_war_most_and_how_many_would_by_luck() -> None:
    found = levers("duel", runs=4, days=3, save=False).table()
    war = found.index[found["quantity"] == "war"]
    for at, value in ((war[2], -0.3), (war[7], 0.2)):
        found.loc[at, ["value", "low", "high", "se"]] = value, value - 0.1, value + 0.1, 0.05
    (_, most), (_, others), (_, firm), (_, change) = levers_box(load("duel"), found)
    first = found.loc[war[2]]
    assert f"at {first['at']:g} instead of {first['base']:g}: war -30 points (-40 to -20)." in most
    assert others.endswith("war +20 points (10 to 30).")
    assert (
        f"2 have an end whose interval leaves 0 out; of {len(war)} ends up to {round(0.05 * len(war))} would"
        in firm
    )
    assert "`brink sensitivity duel`" in change
