"""Tables that do not fit the terminal."""

from __future__ import annotations

from sim.reports.tables import columns, markdown
from sim.terminal.folding import fitting
from sim.terminal.plain import plain

ROWS = [("world.framework", "0.15", "x" * 60), ("a | b", "", "y")]
TABLE = "\n".join(["before", "", *markdown(ROWS, ("number", "value", "what follows")), "after"])


def test_a_table_that_fits_is_told_in_columns() -> None:
    assert plain(TABLE, 200).split("\n") == [
        "before",
        "",
        "number           value  what follows",
        f"world.framework  0.15   {'x' * 60}",
        "a | b                   y",
        "after",
    ]


def test_a_table_that_is_too_wide_becomes_a_block_a_row() -> None:
    assert plain(TABLE, 80).split("\n") == [
        "before",
        "",
        "world.framework",
        "  value: 0.15",
        f"  what follows: {'x' * 60}",
        "a | b",
        "  what follows: y",
        "after",
    ]


PAGE = """# A \\*title\\* \\[x\\](javascript:0)

> **How it stands.** *n* = 3, see [the guide](docs/own.md).

![Figure](x.png)

## What follows

| what | share |
| --- | ---: |
| **war** | 3 |

- an item
"""


def test_no_mark_of_markdown_is_left_and_nothing_escaped_is_lost() -> None:
    assert plain(PAGE, 80).split("\n") == [
        "A *title* [x](javascript:0)",
        "",
        "  How it stands. n = 3, see the guide.",
        "",
        "What follows",
        "------------",
        "",
        "what  share",
        "war       3",
        "",
        "- an item",
        "",
    ]


def test_prose_is_wrapped_and_items_are_indented() -> None:
    told = plain("- " + "word " * 40 + "\n\n> " + "word " * 40, 60)
    assert max(map(len, told.split("\n"))) <= 60
    assert told.split("\n")[1].startswith("  word")


def test_columns_and_a_star_between_numbers_stay_as_they_are() -> None:
    for line in ("war   268  27 % (24 to 30)", "2 * 3 * 4", "a_b_c", "  raid  176", "`brink run *.toml`"):
        assert plain(line, 80) == line


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
