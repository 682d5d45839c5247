"""The report: every number in it comes from the tables, and it says what it does not say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.experiments.study.figures import FIGURES
from sim.experiments.study.report import page
from sim.reports.numbers import words
from sim.reports.words import average, in_counts, milestones
from sim.scenario.outcome_words import outcome_words
from sim.schema import outcomes
from sim.schema.outcomes import REPORTED as OUTCOMES
from sim.schema.outcomes import TITLES
from sim.schema.outcomes import WAR_NAMES as WARS
from sim.statistics.proportions import proportion
from tests.support.synthetic import NO_END, standoff, synthetic


def study(**kwargs: Any) -> Any:
    """A toy study, typed as whatever a report takes."""
    return synthetic(**kwargs)


def table(text: str, heading: str) -> list[list[str]]:
    """Cells of the table under a heading, without its head."""
    _, _, below = text.partition(f"## {heading}\n")
    lines = below.partition("\n## ")[0].splitlines()
    rows = [line.strip("|").split(" | ") for line in lines if line.startswith("|")]
    return [[cell.strip(" *–") for cell in row] for row in rows[2:]]


def test_wars_and_outcomes_are_those_of_the_rules() -> None:
    assert {outcome.name for outcome in outcomes.WARS} == set(WARS)
    assert {outcome.name for outcome in outcomes.Outcome} | {"war", "limited_force"} == set(OUTCOMES)
    assert set(outcome_words()) == set(OUTCOMES) == set(TITLES)


def test_each_outcome_stands_with_its_count_interval_and_exact_definition() -> None:
    toy = study(runs=300)
    counts = toy.rows["outcome"].value_counts()
    expected = {name: int(counts.get(name, 0)) for name in OUTCOMES}
    expected["war"] = int(toy.rows["outcome"].isin(WARS).sum())
    expected["limited_force"] = int(toy.rows["limited_force"].sum())
    meaning = outcome_words(standoff())
    for name, row in zip(OUTCOMES, table(page(toy), "How it ends"), strict=True):
        assert row == [
            TITLES[name],
            str(expected[name]),
            words(proportion(expected[name], 300)),
            meaning[name].definition,
        ]


def test_definitions_name_the_actors_of_the_scenario() -> None:
    meaning = outcome_words(standoff())
    assert meaning["invasion"].definition == "Washington invades"
    assert meaning["attack"].definition == "Caracas strikes first"
    assert meaning["exit"].definition == "the leadership of Caracas accepts a live offer to leave"
    assert outcome_words()["attack"].definition == "the target strikes first"


def test_an_outcome_that_never_occurred_is_below_a_bound_not_zero() -> None:
    rows = {row[0]: row for row in table(page(study(runs=200, hazards=NO_END)), "How it ends")}
    assert rows["war"][1:3] == ["0", "below 2 %"]  # 1 - 0.025^(1/200) = 1.83 %


def test_the_sentence_counts_in_hundreds_or_in_runs_if_fewer() -> None:
    toy = study(runs=400, days=3, hazards=NO_END)
    rows = toy.rows.copy()
    # 82 and 2 of 400 are 20.5 and 0.5 of 100: one is left over for two halves, and the first has it
    rows.loc[:81, "outcome"] = "invasion"
    rows.loc[82:83, "outcome"] = "exit"
    assert in_counts(toy.ending(rows)) == (
        "After 3 days, of 100 runs: 21 at war, 0 faded away, fewer than 1 ended by exit, "
        "0 ended by settlement, 79 still going."
    )
    assert in_counts(study(runs=1, days=1, hazards=NO_END)).startswith("After 1 day, of 1 run: 0 at war")


def test_when_ends_come_is_counted_by_hand() -> None:
    toy = study(runs=4, days=90, hazards=NO_END)
    rows = toy.rows.assign(outcome=["raid", "attack", "invasion", "standoff"])
    rows.loc[[0, 1, 2], "end_day"] = [29, 30, 89]
    war, _, exit_, _ = table(page(toy.ending(rows)), "When it ends")
    # Within 30 days is day 29 or before.
    assert war[1:4] == [words(proportion(count, 4)) for count in (1, 2, 3)]
    assert war[4] == "day 30 (29 to 30)"
    assert exit_[4] == "none"


def test_milestones_are_thirds_of_the_horizon() -> None:
    assert milestones(90) == (30, 60, 90)
    assert milestones(1) == (1,)
    assert milestones(2) == (1, 2)


def test_who_signals_is_in_order_and_comes_from_the_counts() -> None:
    toy = study(runs=50, days=20)
    rows = table(page(toy), "Who signals")
    loud = toy.signals[toy.signals["signal"] != "hold"]
    sums = (loud.groupby("actor")["count"].sum() / 50).sort_values(ascending=False)
    assert [row[:2] for row in rows[:2]] == [
        [standoff().label(actor), average(each)] for actor, each in sums.items()
    ][:2]
    assert len(rows) == len(standoff().actors)


def test_belief_errors_come_from_the_curves() -> None:
    toy = study(runs=50, days=30)
    first = table(page(toy), "How far beliefs are off")[0]
    curves = toy.curves[(toy.curves["quantity"] == "belief_error.coercer") & (toy.curves["day"] == 9)]
    value = curves.set_index("statistic")["value"]
    assert first[0] == "Washington about Caracas"
    assert first[1] == "9"
    assert first[3:5] == [f"{value['mean']:+.2f}", f"{value['absolute']:.2f}"]


def test_deaths_are_given_by_outcome_with_a_range_of_values_that_occurred() -> None:
    toy = study(runs=40, days=3, hazards=NO_END)
    rows = toy.rows.assign(outcome="standoff", deaths=np.arange(40) * 10.0, hardship=0.5)
    (only,) = table(page(toy.ending(rows)), "What it costs")
    # 5 and 95 % of 0, 10 … 390 lie at places 1.95 and 37.05: outward to 10 and 380.
    assert only == ["standoff", "40", "195", "10 to 380", "0.50"]


@pytest.mark.parametrize(
    "kwargs", [{"runs": 1, "days": 1}, {"hazards": (0, 0, 1, 0, 0, 0, 0)}, {"runs": 3, "days": 2}]
)
def test_any_study_has_a_report(kwargs: dict[str, Any]) -> None:
    assert "nan" not in page(study(**kwargs)).lower()


def test_the_same_study_gives_the_same_text_wherever_it_lies(tmp_path: Path) -> None:
    toy = study(runs=30, days=10)
    assert page(toy) == page(replace(study(runs=30, days=10), folder=tmp_path))


def test_each_figure_is_shown_and_explained() -> None:
    text = page(study(runs=10, days=5))
    assert [name for name in FIGURES if f"({name}.png)" in text] == list(FIGURES)


def test_limits_are_said() -> None:
    text = page(study(runs=10, days=5))
    for said in (
        "not a forecast",
        "share their luck",
        "sampling error only",
        "suspicion low",
        "validates nothing",
    ):
        assert said in text


def test_a_title_cannot_break_a_table() -> None:
    odd = standoff().replace({"actors.washington.title": "A|B"})
    assert "A\\|B raids" in page(study(runs=10, days=5, scenario=odd))
