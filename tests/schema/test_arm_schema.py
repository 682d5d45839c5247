"""Arms and claims in a scenario file: what they may say, and in which words they are refused."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

import sim
from sim.errors import ScenarioError
from sim.scenario.files import load_with, rebuilt
from sim.scenario.json_schema import editor_schema

FOLDER = Path(__file__).parents[2] / "scenarios"
ARMS = """
[[arms]]
name = "as_is"
[[arms]]
name = "channels"
title = "working channels"
[arms.set]
world.framework = 0.8
"""
CLAIM = """
[claim]
says = "Channels matter."
mark = "emergent"
primary = "war"
expect = "lower"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(f'extends = "{FOLDER / "duel.toml"}"\n{text}')
    return path


def refused(folder: Path, text: str) -> str:
    """The only line by which a file is refused, without its name."""
    path = written(folder, text)
    with pytest.raises(ScenarioError) as caught:
        sim.load(path)
    [line] = caught.value.problems
    assert line.startswith(f"{path}: ")
    return line.removeprefix(f"{path}: ")


def test_an_arm_is_the_scenario_with_what_it_sets_and_nothing_else_changed(tmp_path: Path) -> None:
    scenario = sim.load(written(tmp_path, ARMS + CLAIM))
    arm = scenario.arm("channels")
    assert arm.world.framework == 0.8
    assert (arm.title, arm.arms, arm.claim) == ("working channels", (), None)
    plain = sim.load(FOLDER / "duel.toml").replace({"world.framework": 0.8})
    assert arm.digest() == plain.replace({"title": arm.title, "description": arm.description}).digest()


def test_an_override_moves_the_base_and_arms_lie_on_top(tmp_path: Path) -> None:
    scenario = load_with(written(tmp_path, ARMS), {"world.framework": 0.1, "world.backing": 0.7})
    assert scenario.arm("as_is").world.framework == 0.1
    assert scenario.arm("channels").world.framework == 0.8
    assert scenario.arm("channels").world.backing == 0.7


def test_a_file_that_extends_takes_arms_and_claim_along_unless_it_says_others(tmp_path: Path) -> None:
    base = written(tmp_path, ARMS + CLAIM)
    child = tmp_path / "child.toml"
    child.write_text(f'extends = "{base.name}"\n[world]\nbacking = 0.9\n')
    assert [arm.name for arm in sim.load(child).arms] == ["as_is", "channels"]
    child.write_text(
        f'extends = "{base.name}"\n[[arms]]\nname = "a"\n[[arms]]\nname = "b"\nset.world.backing = 1\n'
    )
    assert [arm.name for arm in sim.load(child).arms] == ["a", "b"]


def test_lists_and_new_actors_may_be_set_by_an_arm(tmp_path: Path) -> None:
    more = '[arms.set]\nactors.north.forbid = ["threaten"]\nscript = [{ day = 0, actor = "north", signal = "call" }]\n'
    more += 'actors.oslo = { role = "third", seat = 9 }\n'
    scenario = sim.load(written(tmp_path, ARMS + '[[arms]]\nname = "other"\n' + more))
    arm = scenario.arm("other")
    assert arm.principal("coercer").forbid == ("threaten",)
    assert [entry.signal for entry in arm.script] == ["call"]
    assert arm.third_parties == ("oslo",)


def test_arms_and_claim_survive_the_manifest_of_a_study(tmp_path: Path) -> None:
    scenario = sim.load(written(tmp_path, ARMS + CLAIM))
    assert rebuilt(scenario.document(), scenario.name) == scenario


WRONG_IN_ARM = {
    "world.framework = 1.8": "arms[1].set.world.framework is 1.8; it must be between 0 and 1",
    "world.framwork = 0.8": 'arms[1].set.world.framwork is not a key that exists here; did you mean "framework"?',
    "study.runs = 3": "arms[1].set.study is not for an arm to set: all arms share it",
    'actors.north.forbid = ["thraten"]': "arms[1].set.actors.north.forbid names the signal "
    '"thraten", which does not exist; did you mean "threaten"?',
    "world.backing = { value = 0.3, low = 0.5, high = 0.9 }": "arms[1].set.world.backing is 0.3, outside its own "
    "range of 0.5 to 0.9",
    'world = "much"': 'arms[1].set.world is "much"; it must be a table',
    'script = [{ day = 0, actor = "nobody", signal = "call" }]': "arms[1].set.script[0].actor is "
    '"nobody", which does not exist',
}


@pytest.mark.parametrize("set_", WRONG_IN_ARM)
def test_a_mistake_of_an_arm_names_file_arm_key_value_and_what_is_allowed(tmp_path: Path, set_: str) -> None:
    text = f'[[arms]]\nname = "a"\n[[arms]]\nname = "b"\n[arms.set]\n{set_}\n'
    assert refused(tmp_path, text) == WRONG_IN_ARM[set_]


def test_a_mistake_of_the_base_is_told_once_not_once_an_arm(tmp_path: Path) -> None:
    assert (
        refused(tmp_path, "[world]\nbacking = 7\n" + ARMS) == "world.backing is 7; it must be between 0 and 1"
    )


TWO = '[[arms]]\nname = "a"\n[[arms]]\nname = "b"\nset.world.backing = 0.9\n'
WRONG = {
    '[[arms]]\nname = "a"\n': "arms has one arm; there must be at least two to compare, or none",
    TWO.replace('"b"', '"a"'): 'arms[1].name is "a", which arms[0] has',
    '[[arms]]\nname = "a"\n[[arms]]\nname = "b"\n': "arms[1] sets nothing, as arms[0] does; it would be the same again",
    TWO.replace(
        '"b"', '"B b"'
    ): "arms[1].name is no good name: use small letters, digits and _, a letter first, at most 40",
    '[[arms]]\nset.world.backing = 1\n[[arms]]\nname = "b"\n': "arms[0].name is missing",
    CLAIM: "claim is about no arms; give at least two, each a table [[arms]]",
    TWO
    + CLAIM.replace(
        "emergent", "emerging"
    ): 'claim.mark is "emerging"; it must be "assumed", "conditional" or "emergent"',
    TWO + CLAIM + 'contrasts = [["a", "c"]]\n': 'claim.contrasts[0] names the arm "c", which does not exist',
    TWO + CLAIM + 'contrasts = [["a", "a"]]\n': "claim.contrasts[0] has the same arm twice",
    TWO + CLAIM + 'beside.war = "higher"\n': "claim.beside.war is what the claim is judged by already",
    TWO
    + CLAIM.replace('"lower"', '"none"')
    + 'beside.exit = "lower"\n': "claim.beside expects something of a claim that expects none",
    TWO
    + CLAIM
    + 'sweep = { keys = ["world.trus"], values = [0, 1] }\n': 'claim.sweep.keys[0] is "world.trus", '
    "which is no number of this scenario",
    TWO
    + CLAIM
    + 'sweep = { keys = ["world.backing"], values = [0, 1] }\n': 'claim.sweep.keys[0] is "world.backing", '
    "which arms[1] sets, so that a sweep cannot",
    TWO
    + CLAIM
    + 'sweep = { keys = ["world.outreach"], values = [0, 7] }\n': "claim.sweep.values[1] is 7; it must be "
    "between 0 and 1, for world.outreach",
    TWO
    + CLAIM
    + 'sweep = { keys = ["world.outreach"], values = [1, 0] }\n': "claim.sweep.values must rise from one "
    "to the next",
}


@pytest.mark.parametrize("text", WRONG)
def test_arms_and_claims_are_refused_in_plain_words(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path, text) == WRONG[text]


def test_more_than_64_arms_are_refused(tmp_path: Path) -> None:
    many = "".join(f'[[arms]]\nname = "a{i}"\nset.world.backing = {i / 100}\n' for i in range(65))
    assert "64" in refused(tmp_path, many)


def test_there_is_no_arm_of_another_name(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match='there is no arm "chanels"; did you mean "channels"'):
        sim.load(written(tmp_path, ARMS)).arm("chanels")


def test_editors_know_what_an_arm_may_set() -> None:
    editor = jsonschema.Draft202012Validator(editor_schema())
    arms = [{"name": "a"}, {"name": "b", "set": {"world": {"framework": 0.8}}}]
    assert not list(editor.iter_errors({"arms": arms}))
    for wrong in ({"world": {"framework": 8}}, {"world": {"frame": 0.8}}, {"study": {"runs": 5}}):
        assert list(editor.iter_errors({"arms": [{"name": "b", "set": wrong}]}))
