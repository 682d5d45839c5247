"""Every figure of a small study of every question: no text too small, none cut off, none over another."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

import sim
from sim.experiments.claims.question import Effort, examine
from sim.experiments.diff.question import diff
from sim.experiments.drawing import plot
from sim.experiments.overview.question import overview
from sim.experiments.runner import Answer
from sim.figures.lettering import legible, shortened, width, wrapped
from sim.figures.style import encoded
from tests.conftest import REPOSITORY
from tests.figures.test_comparison_figures import collisions, written

PAGE = 7.2  # inches of a page, as a figure is wide with its blank edges
LEAST = 7.0  # points
CIVILIANS, FRAMEWORK = (
    REPOSITORY / "scenarios" / "claims" / f"{name}.toml" for name in ("civilians", "framework")
)
FEW: dict[str, Any] = {"save": False, "days": 30}


@cache
def answers() -> Mapping[str, Answer]:
    """A small answer of every question that has a figure."""
    standoff, cuba, duel = (sim.load(name) for name in ("standoff", "cuba1962", "duel"))
    moved = {"world.framework": [0.0, 0.5, 1.0], "actors.caracas.resolve": [0.4, 0.7]}
    return {
        "study": sim.run(standoff, 60, parts=("twins", "attribution"), **FEW),
        "cuba": sim.run(cuba, 40, **FEW),
        "comparison": sim.compare({"now": standoff, "calm": "calm", "tense": "tense"}, 40, **FEW),
        "sweep": sim.sweep(standoff, {"world.framework": [0.0, 0.5, 1.0]}, runs=20, **FEW),
        "sweep of two": sim.sweep(standoff, moved, runs=20, **FEW),
        "sweep of three": sim.sweep(standoff, {**moved, "world.outreach": [0.0, 1.0]}, runs=10, **FEW),
        "whatif": sim.what_if(standoff, 3, 2, "washington", times=20, save=False),
        "risk": sim.risk(standoff.replace({"study.days": 30}), 3, times=10, save=False),
        "levers": sim.levers(duel, runs=20, **FEW),
        "batch": overview([sim.run(duel, 60, **FEW), sim.run("calm", 60, **FEW)], "two", save=False),
        "diff": diff("calm", "tense", 40, **FEW),
        "claims": examine([CIVILIANS, FRAMEWORK], Effort(runs=60, draws=3, draw_runs=20), save=False),
        "windows": sim.windows(standoff, "washington", "call", every=15, runs=64, **FEW),
    }


FIGURES = (
    *(("study", name) for name in ("escalation", "timing", "signals", "beliefs", "split", "twins", "regret")),
    *(("study", name) for name in ("attribution", "routes")),
    ("cuba", "escalation"),
    *(("comparison", name) for name in ("differences", "arms")),
    *((name, "sweep") for name in ("sweep", "sweep of two", "sweep of three")),
    *((name, name) for name in ("whatif", "risk", "windows")),
    ("levers", "levers"),
    ("batch", "shares"),
    ("diff", "differences"),
    *(("claims", name) for name in ("claims", "civilians", "framework")),
    ("both", "escalation"),
    ("both", "timing"),
)


@cache
def drawn(answer: str, name: str) -> Figure:
    every = answers()
    figure = plot([every["study"], every["cuba"]], name) if answer == "both" else every[answer].plot(name)
    figure.draw_without_rendering()
    return figure


def test_no_figure_of_a_question_is_left_out() -> None:
    there = {(name, figure) for name, answer in answers().items() for figure in answer.figures}
    assert there - set(FIGURES) == {("cuba", name) for name in ("timing", "signals", "beliefs")}


@pytest.mark.parametrize(("answer", "name"), FIGURES)
def test_text_is_large_enough_on_a_page_and_never_over_other_text(answer: str, name: str) -> None:
    figure = drawn(answer, name)
    across = figure.get_tightbbox().width + 0.3
    shrunk = min(1.0, PAGE / across)
    sizes = {
        text.get_text(): float(text.get_fontsize()) for text in written(figure) if text.get_text().strip()
    }
    assert min(sizes.values()) * shrunk >= LEAST - 0.05, (across, min(sizes, key=sizes.__getitem__))
    assert not collisions(figure)


@pytest.mark.parametrize(("answer", "name"), FIGURES)
def test_a_figure_says_on_what_it_is_conditional(answer: str, name: str) -> None:
    said = " ".join(text.get_text() for text in drawn(answer, name).findobj(Text)).replace("\n", " ")
    assert "onditional on the assumptions in" in said


def test_lines_are_no_wider_than_asked_for_and_lose_no_word() -> None:
    text = "A title that goes on and on, with a word that is far too long: " + "x" * 80
    lines = wrapped(text, 2.0, 10)
    assert all(width(line, 10) <= 2.0 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert width(shortened(text, 2.0, 10), 10) <= 2.0


def test_letters_that_no_font_has_are_marked_and_pictures_left_out() -> None:
    assert legible("Crisis \U0010fffd!") == "Crisis !"
    title = "危機 crisis \U0001f525"
    toy = sim.load("duel").replace({"title": title})
    assert encoded(sim.run(toy, 5, 5, save=False).plot("timing"), "png")  # no warning of a missing letter
