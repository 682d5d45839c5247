"""The notebook that ships runs from top to bottom, holds no stale output, and shows what a notebook should."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.errors import BrinkError, ScenarioError
from tests.conftest import REPOSITORY

NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))


def code_of(path: Path) -> list[str]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_each_last_line_can_be_shown(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session: dict[str, Any] = {}
    for source in code_of(path):
        *most, last = ast.parse(source).body
        shown = last if isinstance(last, ast.Expr) else None
        exec(compile(ast.Module([*most, *([] if shown else [last])], []), path.name, "exec"), session)
        if shown:
            value = eval(compile(ast.Expression(shown.value), path.name, "eval"), session)
            assert hasattr(value, "_repr_html_") or hasattr(value, "_repr_png_"), source
    assert "did you mean actors.washington.resolve or actors.caracas.resolve?" in capsys.readouterr().out


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_ships_without_outputs(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert not [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")]


def test_an_answer_shows_its_headline_table_and_what_was_changed() -> None:
    firm = sim.load("duel").replace({"actors.south.resolve": 0.9})
    study = sim.run(firm, runs=20, days=5, save=False)
    told = study._repr_html_()
    assert repr(study) == "<study of duel resolve=0.9: 20 runs of 5 days, seed 1>"
    assert "Changed from duel: South&#x27;s resolve 0.55 → 0.9" in told
    assert told.count("<table") == 1
    assert "limited force" in told
    compared = sim.compare({"as is": "duel", "firm": firm}, runs=20, days=5, save=False)
    assert "firm, less" in compared._repr_html_()
    assert compared.plot()._repr_png_()  # type: ignore[attr-defined]


def test_studies_are_overlaid_by_name_too() -> None:
    sim.run("duel", runs=20, days=5, figures=False)
    assert sim.plot(["duel", "duel"]).axes
    with pytest.raises(BrinkError, match="there is no such study"):
        sim.plot(["duel", "nothing"])


def test_a_notebook_shows_a_mistake_as_a_terminal_does() -> None:
    with pytest.raises(ScenarioError) as raised:
        sim.load("duel").replace({"resolve": 0.9, "world.framework": 7})
    assert raised.value._render_traceback_() == str(raised.value).splitlines()
    assert len(raised.value._render_traceback_()) == 2
