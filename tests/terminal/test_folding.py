"""Tables that do not fit the terminal."""

from __future__ import annotations

import pytest

from sim.reports.tables import columns, markdown
from sim.terminal import folding
from sim.terminal.folding import fitted, fitting, folded

ROWS = [("world.framework", "0.15", "x" * 60), ("a | b", "", "y")]
TABLE = "\n".join(["before", "", *markdown(ROWS, ("number", "value", "what follows")), "after"])


def test_a_table_that_fits_stays_as_it_is() -> None:
    assert folded(TABLE, max(map(len, TABLE.split("\n")))) == TABLE


def test_a_table_that_is_too_wide_becomes_a_block_a_row() -> None:
    assert folded(TABLE, 80).split("\n") == [
        "before",
        "",
        "world.framework",
        "  value: 0.15",
        f"  what follows: {'x' * 60}",
        r"a \| b",
        "  what follows: y",
        "after",
    ]


def test_only_a_terminal_gets_a_table_folded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fitted(TABLE) == TABLE
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setattr(folding, "terminal_width", lambda: 80)
    assert fitted(TABLE) == folded(TABLE, 80)


def test_columns_that_are_too_wide_stand_on_two_lines_a_row() -> None:
    rows = [("RESULT", "KIND", "RUNS"), ("n" * 70, "sensitivity", "1"), ("short", "study", "1,000")]
    assert fitting(rows[::2], right=(2,)) == columns(rows[::2], right=(2,))
    lines = fitting(rows, right=(2,)).split("\n")
    assert lines == [
        "RESULT",
        "  KIND          RUNS",
        "n" * 70,
        "  sensitivity      1",
        "short",
        "  study        1,000",
    ]
    assert max(map(len, lines)) <= 80
