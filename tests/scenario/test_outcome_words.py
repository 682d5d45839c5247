"""Outcomes are called what a scenario calls them."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario.files import load
from sim.scenario.outcome_words import outcome_words


def test_cuba_has_its_own_words_for_a_raid_and_a_way_out() -> None:
    words = outcome_words(load("cuba1962"))
    assert (words["raid"].title, words["raid"].definition) == (
        "air strike",
        "Washington bombs the missile sites",
    )
    assert words["exit"].definition == "Moscow announces that it will withdraw"
    assert words["invasion"].definition == "Washington invades"
    assert words["war"].definition.startswith("air strike, invasion, attack or loss of control")


def test_a_table_of_outcomes_goes_before_the_signals_words() -> None:
    Path("mine.toml").write_text(
        'extends = "cuba1962.toml"\n[outcomes.raid]\ntitle = "bombing"\ndefinition = "{coercer} bombs {target}\'s sites"\n'
    )
    words = outcome_words(load("mine.toml"))["raid"]
    assert (words.title, words.definition) == ("bombing", "Washington bombs Moscow's sites")


def test_words_that_nobody_changed_are_the_schemas() -> None:
    assert outcome_words(load("standoff"))["raid"].definition == "Washington raids the leadership of Caracas"


def test_an_outcome_that_does_not_exist_is_refused() -> None:
    Path("mine.toml").write_text('extends = "duel.toml"\n[outcomes.raids]\ntitle = "x"\n')
    with pytest.raises(ScenarioError, match=r'outcomes.raids is no outcome; did you mean "raid"'):
        load("mine.toml")


def test_a_scenario_without_such_a_table_has_none_in_its_document() -> None:
    assert "outcomes" not in load("duel").document()
