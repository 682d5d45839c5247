"""What was changed in a scenario is said, in one sentence and one short name, however it was changed."""

from __future__ import annotations

import json

import pytest

import sim
from sim.scenario.changes import (
    change_words,
    changed_from,
    changes_of,
    folder_name,
    in_json,
    label,
    safe,
    short_name,
    typed,
)
from sim.scenario.files import load_with, rebuilt
from sim.scenario.scenario import Scenario

RESOLVE = "actors.caracas.resolve"


@pytest.fixture(scope="module")
def base() -> Scenario:
    return sim.load("standoff")


def test_a_scenario_as_in_its_file_has_no_changes(base: Scenario) -> None:
    assert (base.changed, changed_from(base), short_name(base)) == ({}, "", "standoff")
    assert base.replace({"study.runs": 5}).changed == {}


def test_a_changed_number_is_said_with_what_it_was_and_is(base: Scenario) -> None:
    firm = base.replace({RESOLVE: 0.9})
    assert changed_from(firm) == "Changed from standoff: Caracas's resolve 0.6 → 0.9"
    assert (short_name(firm), folder_name(firm)) == ("standoff resolve=0.9", "standoff-resolve-0.9")
    [row] = in_json({"x": firm})
    assert row == {"scenario": "x", "changed_from": "standoff", "key": RESOLVE, "before": 0.6, "after": 0.9}


def test_typed_and_in_python_the_same_is_changed() -> None:
    typed, coded = load_with("standoff", {RESOLVE: 0.9}), sim.load("standoff").replace({RESOLVE: 0.9})
    assert typed == coded
    assert typed.changed == coded.changed != {}


def test_only_the_difference_from_the_file_counts_however_many_steps_led_there(base: Scenario) -> None:
    twice = base.replace({RESOLVE: 0.3}).replace({RESOLVE: 0.9})
    assert twice.changed == base.replace({RESOLVE: 0.9}).changed
    assert not changes_of(twice.replace({RESOLVE: 0.6}))


def test_what_does_not_differ_is_no_change(base: Scenario) -> None:
    assert base.replace({"world.immunity": base.world.immunity, "title": "another"}).changed in (
        {},
        {"world.immunity.low": None} | base.replace({"world.immunity": base.world.immunity}).changed,
    )
    assert changed_from(base.replace({"world.immunity": base.world.immunity})) == ""


def test_days_and_seed_are_kept_but_left_to_the_heading(base: Scenario) -> None:
    other = base.replace({"study.days": 30, "study.seed": 7})
    assert other.changed == {"study.days": 90, "study.seed": 1}
    assert (changed_from(other), short_name(other)) == ("", "standoff")


def test_equal_last_words_are_told_apart_and_many_are_counted(base: Scenario) -> None:
    both = base.replace({RESOLVE: 0.9, "actors.washington.resolve": 0.2})
    assert short_name(both) == "standoff caracas.resolve=0.9 washington.resolve=0.2"
    many = both.replace({"world.framework": 1, "fog.suspicion": 0, "fog.acts": 0})
    assert change_words(many).endswith("and 1 more")
    assert "suspicion (fog) 1 → 0" in change_words(many)
    assert folder_name(many).endswith("-and-2")


def test_acts_lists_and_ranges_are_changes_too(base: Scenario) -> None:
    act = {"day": 3, "actor": "washington", "signal": "call"}
    assert "script[0].day" in base.replace({"script": [act]}).changed
    silent = base.replace({"actors.caracas.forbid": ["concede"]})
    assert change_words(silent) == "Caracas's forbid none → concede"
    wider = base.replace({f"{RESOLVE}.high": 0.9})
    assert change_words(wider) == "Caracas's resolve high 0.75 → 0.9"


def test_what_was_changed_outlives_a_manifest_and_leaves_the_digest_alone(base: Scenario) -> None:
    firm = base.replace({RESOLVE: 0.9})
    kept = json.loads(json.dumps([firm.document(), firm.name, firm.changed], sort_keys=True))
    assert changed_from(rebuilt(*kept)) == changed_from(firm)
    assert rebuilt(firm.document(), firm.name).digest() == firm.digest()


def test_a_changed_scenario_is_typed_with_its_changes(base: Scenario) -> None:
    assert typed(base) == "standoff"
    assert typed(base.replace({RESOLVE: 0.9})) == f"standoff --set {RESOLVE}=0.9"
    assert typed(base.replace({"actors.caracas.forbid": ["concede"]})) == "standoff --set …"


def test_a_legend_says_what_a_name_does_not(base: Scenario) -> None:
    firm = base.replace({RESOLVE: 0.9})
    assert label("firm", firm) == "firm (resolve=0.9)"
    assert label(short_name(firm), firm) == "standoff resolve=0.9"
    assert label("mine", base) == "mine"


def test_a_file_that_is_mended_by_what_is_set_says_what_was_set() -> None:
    from pathlib import Path

    Path("broken.toml").write_text('extends = "standoff.toml"\n[world]\nframework = 7\n')
    assert changed_from(load_with("broken.toml", {"world.framework": 0.5})).endswith(
        "framework (world) none → 0.5"
    )


@pytest.mark.parametrize("name", ["a b=1", "../x", ".hidden", "ü=−1", "x" * 200, ""])
def test_a_safe_name_is_one_for_a_folder(name: str) -> None:
    from sim.results.folder import named_folder

    assert named_folder("results", safe(name)).parent.name == "results"
