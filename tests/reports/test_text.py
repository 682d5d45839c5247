"""Numbers and tables as text: as many decimals as an interval bears, and tables that read well before they are rendered."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.reports.numbers import difference_words, interval, percent
from sim.reports.tables import columns, found, markdown, records
from sim.statistics.differences import Difference


@pytest.mark.parametrize(
    ("value", "low", "high", "said"),
    [
        (20.46, 19.66, 21.34, "20.5 (19.7 to 21.3)"),
        (20.46, 10.2, 30.9, "20 (10 to 31)"),
        (0.00123, 0.00119, 0.00128, "0.00123 (0.00119 to 0.00128)"),
        (12345.6, 12000.0, 12700.0, "12,346 (12,000 to 12,700)"),
        (-0.001, -0.4, 0.4, "0.0 (-0.4 to 0.4)"),
        (3.5, 3.5, 3.5, "3.500 (3.500 to 3.500)"),
        (40.0, 40.0, 40.0, "40 (40 to 40)"),
        (1.0, float("-inf"), float("inf"), "1 (-inf to inf)"),
    ],
)
def test_a_value_is_told_with_as_many_decimals_as_its_interval_bears(
    value: float, low: float, high: float, said: str
) -> None:
    assert interval(value, low, high) == said


def test_unit_sign_and_decimals_can_be_asked_for() -> None:
    assert interval(3.1, 2.7, 3.5, " points", sign="+") == "+3.1 points (2.7 to 3.5)"
    assert interval(3.14159, 2.7, 3.5, places=2) == "3.14 (2.70 to 3.50)"
    assert percent(0.2046, 0.1966, 0.2134, " %") == "20.5 % (19.7 to 21.3)"


def test_a_difference_that_is_sure_never_looks_as_if_it_might_be_0() -> None:
    assert difference_words(Difference(100, 0.05, 0.004, 0.1, 0.02, "")) == "+5.0 points (0.4 to 10.0)"
    assert difference_words(Difference(100, 0.05, 0.004, 0.1, 0.02, ""), brief=True) == "+5.0 (0.4 to 10.0)"


def test_a_table_is_aligned_as_plain_text_and_as_markdown() -> None:
    rows = [("war", "1,234", "a | b"), ("exit", "5", "c")]
    assert markdown(rows, ("end", "runs", "why:"), right=True) == [
        "| end  |  runs | why    |",
        "| ---- | ----: | ------ |",
        "| war  | 1,234 | a \\| b |",
        "| exit |     5 | c      |",
    ]
    assert markdown([("a", "b")], ("x", "y:")) == ["| x   | y:  |", "| --- | --- |", "| a   | b   |"]
    assert columns([("", "runs"), ("war", "7")], right=(1,)) == "     runs\nwar     7"


def test_rows_are_plain_values_and_one_is_found_by_what_it_holds() -> None:
    table = pd.DataFrame({"arm": ["a", "b"], "n": [1, 2], "high": [0.5, float("inf")]})
    assert records(table) == [{"arm": "a", "n": 1, "high": 0.5}, {"arm": "b", "n": 2, "high": None}]
    assert found(table, arm="b")["n"] == 2
    with pytest.raises(KeyError, match="0 rows"):
        found(table, arm="c")
