"""A scenario file says what is played: defaults, extends, overrides, the register of assumptions."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from docs import SHIPPED
from sim.errors import ScenarioError
from sim.scenario.files import load, load_with, parse_override
from sim.scenario.scenario import Scenario
from sim.schema.world import World

DUEL = """
[actors.north]
seat = 0
role = "coercer"
resolve = { value = 0.5, low = 0.4, high = 0.6, source = "a poll" }

[actors.south]
seat = 1
role = "target"
resolve = 0.7
"""


@pytest.fixture
def duel(tmp_path: Path) -> Path:
    return written(tmp_path / "duel.toml", DUEL)


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def problems(path: Path, overrides: dict[str, object] | None = None) -> list[str]:
    """The lines of the error that a file brings, without the folder that it is in."""
    with pytest.raises(ScenarioError) as caught:
        load_with(path, overrides or {})
    return [line.replace(f"{path.parent}/", "") for line in caught.value.problems]


def resolve(scenario: Scenario, name: str) -> float:
    return scenario.principal("coercer" if name == scenario.coercer else "target").resolve


# What a file says -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_scenario_loads(path: Path) -> None:
    assert load(path).name == path.stem


def test_a_file_needs_two_principals_and_nothing_else(duel: Path) -> None:
    scenario = load(duel)
    assert (scenario.coercer, scenario.target, scenario.third_parties) == ("north", "south", ())
    assert scenario.world == World()
    assert scenario.signals["raid"].decisive == "assault"  # the vocabulary that ships


def test_a_scenario_without_a_title_is_called_after_its_file(duel: Path) -> None:
    assert load(duel).title == "duel"
    assert load_with(duel, {"title": "North and South"}).title == "North and South"


def test_a_file_may_change_one_number_of_a_signal(duel: Path) -> None:
    duel.write_text(DUEL + "[signals.raid]\nprize = 0.25\n")
    shipped, changed = load_with(duel, {"signals.raid.prize": 1.1}), load(duel)
    assert changed.signals["raid"].prize == 0.25
    assert changed.signals["raid"].model_copy(update={"prize": 1.1}) == shipped.signals["raid"]


def test_a_file_may_add_a_signal(duel: Path) -> None:
    duel.write_text(DUEL + '[signals.parade]\nclass = "verbal"\nsenders = ["target"]\nhostility = 0.35\n')
    assert "parade" in load(duel).repertoire("south")


def test_a_windows_file_reads_the_same(duel: Path) -> None:
    here = load(duel)
    duel.write_bytes(DUEL.replace("\n", "\r\n").encode())
    assert load(duel) == here


# Extends --------------------------------------------------------------------------------------


def test_a_child_says_only_what_differs(duel: Path) -> None:
    child = written(duel.parent / "child.toml", 'extends = "duel.toml"\n[actors.south]\nresolve = 0.2\n')
    assert resolve(load(child), "south") == 0.2
    assert resolve(load(child), "north") == 0.5
    assert load(child).assumptions == load(duel).assumptions


def test_extends_is_relative_to_the_files_own_folder(duel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = duel.parent / "variants"
    folder.mkdir()
    written(folder / "middle.toml", 'extends = "../duel.toml"\n[world]\nbacking = 0.9\n')
    child = written(duel.parent / "child.toml", 'extends = "variants/middle.toml"\n[world]\ncontact = 0.8\n')
    monkeypatch.chdir("/")
    assert (load(child).world.backing, load(child).world.contact) == (0.9, 0.8)


def test_title_and_description_are_not_inherited(duel: Path) -> None:
    duel.write_text('title = "Duel"\ndescription = "Two."\n' + DUEL)
    child = load(written(duel.parent / "child.toml", 'extends = "duel.toml"'))
    assert (child.title, child.description) == ("child", "")


def test_the_childs_script_replaces_the_parents(duel: Path) -> None:
    act = '[[script]]\nday = {day}\nactor = "north"\nsignal = "hold"\n'
    duel.write_text(DUEL + act.format(day=1) + act.format(day=2))
    child = written(duel.parent / "child.toml", 'extends = "duel.toml"\n' + act.format(day=9))
    assert [entry.day for entry in load(duel).script] == [1, 2]
    assert [entry.day for entry in load(child).script] == [9]


def test_a_file_that_extends_itself_is_refused_by_name(duel: Path) -> None:
    first = written(duel.parent / "first.toml", 'extends = "second.toml"')
    written(duel.parent / "second.toml", 'extends = "first.toml"')
    assert problems(first) == ['second.toml: extends "first.toml", and so extends itself']


def test_a_chain_of_nine_files_is_refused(duel: Path) -> None:
    for link in range(9):
        base = f"link{link + 1}.toml" if link < 8 else "duel.toml"
        written(duel.parent / f"link{link}.toml", f'extends = "{base}"')
    [line] = problems(duel.parent / "link0.toml")
    assert line.startswith('link7.toml: extends "link8.toml"')
    assert "more than 8" in line
    assert load(duel.parent / "link2.toml").coercer == "north"


def test_a_missing_base_is_said_by_the_file_that_asks_for_it(duel: Path) -> None:
    child = written(duel.parent / "child.toml", 'extends = "dual.toml"')
    assert problems(child) == [
        'child.toml: extends "dual.toml": there is no such file; did you mean "duel.toml"?'
    ]


def test_a_mistake_is_put_down_to_the_file_that_made_it(duel: Path) -> None:
    duel.write_text(DUEL.replace("0.7", "1.7"))
    child = written(duel.parent / "child.toml", 'extends = "duel.toml"\n[actors.north]\nresolv = 1\n')
    assert problems(child, {"world.backing": 2}) == [
        "--set world.backing is 2; it must be between 0 and 1",
        'child.toml: actors.north.resolv is not a key of an actor with the role "coercer"; '
        'did you mean "resolve"?',
        "duel.toml: actors.south.resolve is 1.7; it must be between 0 and 1",
    ]


# Overrides ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a.b=0.7", 0.7),
        ("a.b = 3", 3),
        ("a.b=true", True),
        ("a.b=2025-11-30", date(2025, 11, 30)),
        ('a.b=["x"]', ["x"]),
        ("a.b={ value = 1 }", {"value": 1}),
        ("a.b=two words", "two words"),
        ("a.b=1\nc=2", "1\nc=2"),
        ("a.b=", ""),
    ],
)
def test_the_value_of_an_override_is_toml_or_else_a_word(text: str, value: object) -> None:
    assert parse_override(text) == ("a.b", value)


@pytest.mark.parametrize("text", ["a.b", "=1", "", "a=" + "[" * 400, "a=" + "1" * 501])
def test_an_override_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(ScenarioError, match=r"^--set "):
        parse_override(text)


def test_an_override_stands_before_the_file(duel: Path) -> None:
    assert resolve(load_with(duel, {"actors.south.resolve": 0.1}), "south") == 0.1


def test_a_wrong_override_is_said_in_terms_of_the_command(duel: Path) -> None:
    said = problems(duel, {"actors.south.resolve": 1.7})
    assert said == ["--set actors.south.resolve is 1.7; it must be between 0 and 1"]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("actors.sauth.resolve", 'does not exist: there is no "sauth"; did you mean "south"?'),
        ("actors..resolve", "is not a key; write one as in actors.caracas.resolve"),
        ("wordl.backing", 'wordl is not a key that exists here; did you mean "world"?'),
        ("world.baking", 'is not a key that exists here; did you mean "backing"?'),
        ("title.short", "title is a table; it must be text in quotes"),
    ],
)
def test_an_override_that_leads_nowhere_is_refused(duel: Path, key: str, words: str) -> None:
    [line] = problems(duel, {key: 0.5})
    assert line.startswith("--set ")
    assert line.endswith(words)


def test_replace_gives_a_new_scenario_and_keeps_the_old(duel: Path) -> None:
    old = load(duel)
    new = old.replace({"actors.south.resolve": 0.1, "study.days": 30})
    assert (resolve(new, "south"), new.study.days, new.name) == (0.1, 30, "duel")
    assert (resolve(old, "south"), old.study.days) == (0.7, 90)
    assert new.replace({"actors.south.resolve": 0.7, "study.days": 90}) == old


def test_replace_by_nothing_changes_nothing() -> None:
    for path in SHIPPED:
        assert load(path).replace({}) == load(path)


def test_replace_and_an_override_of_the_file_agree(duel: Path) -> None:
    changes = {"actors.south.resolve": {"value": 0.3, "low": 0.1}, "world.backing": 0.9, "clocks.offer": 3}
    assert load(duel).replace(changes) == load_with(duel, changes)


def test_replace_names_the_key_and_no_file(duel: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(duel).replace({"actors.south.resolve": 1.7, "actors.south.resolv": 0.5})
    assert str(caught.value).splitlines() == [
        "actors.south.resolve is 1.7; it must be between 0 and 1",
        'actors.south.resolv is not a key of an actor with the role "target"; did you mean "resolve"?',
    ]


def test_replace_takes_numbers_from_numpy(duel: Path) -> None:
    new = load(duel).replace({"actors.south.resolve": np.float32(0.5), "study.runs": np.int64(7)})
    assert (resolve(new, "south"), new.study.runs) == (0.5, 7)


# The register of assumptions --------------------------------------------------------------------


def test_an_assumption_is_a_number_and_an_entry_of_the_register(duel: Path) -> None:
    scenario = load(duel)
    entry = scenario.assumptions["actors.north.resolve"]
    assert resolve(scenario, "north") == entry.value == 0.5
    assert (entry.low, entry.high, entry.source) == (0.4, 0.6, "a poll")


def test_an_assumption_without_a_range_is_sure(duel: Path) -> None:
    entry = load_with(duel, {"world.backing": {"value": 0.25}}).assumptions["world.backing"]
    assert (entry.low, entry.high, entry.source) == (0.25, 0.25, "assumption")


def test_a_plain_number_takes_the_place_of_an_assumption(duel: Path) -> None:
    assert load_with(duel, {"actors.north.resolve": 0.9}).assumptions == {}
    assert load(duel).replace({"actors.north.resolve": 0.9}).assumptions == {}


def test_one_end_of_a_range_can_be_moved(duel: Path) -> None:
    for scenario in (
        load(duel).replace({"actors.north.resolve.low": 0.1}),
        load_with(duel, {"actors.north.resolve": {"low": 0.1}}),
    ):
        entry = scenario.assumptions["actors.north.resolve"]
        assert (entry.value, entry.low, entry.high, entry.source) == (0.5, 0.1, 0.6, "a poll")


def test_a_whole_number_can_be_assumed_and_stays_whole(duel: Path) -> None:
    scenario = load_with(duel, {"clocks.offer": {"value": 14, "low": 7, "high": 30}})
    assert scenario.clocks.offer == 14
    assert scenario.replace({}) == scenario
    assert problems(duel, {"clocks.offer": {"value": 14, "low": 7.5}}) == [
        "--set clocks.offer.low is 7.5; it must be a whole number between 1 and 3650"
    ]


def test_numbers_of_open_tables_can_be_assumed(duel: Path) -> None:
    key = "actors.south.inclination.threaten"
    assert key in load_with(duel, {key: {"value": 0.1, "low": 0, "high": 0.2}}).assumptions


@pytest.mark.parametrize(
    ("key", "entry", "said"),
    [
        ("world.backing", {"value": 1.7}, "world.backing is 1.7; it must be between 0 and 1"),
        ("world.backing", {"value": "x"}, 'world.backing is "x"; it must be a number between 0 and 1'),
        ("world.backing", {"low": 0.1}, "world.backing has no value"),
        ("world.backing", {"value": 0.5, "low": -1}, "world.backing.low is -1; it must be between 0 and 1"),
        ("world.backing", {"value": 0.5, "high": True}, "world.backing.high is true; it must be a number"),
        ("world.backing", {"value": 0.5, "low": 0.6, "high": 1}, "outside its own range of 0.6 to 1"),
        ("world.backing", {"value": 0.5, "hihg": 1}, 'world.backing.hihg is not a key of an assumption; did you mean "high"?'),
        ("world.backing", {"value": 0.5, "source": 3}, "world.backing.source is 3; it must be text in quotes"),
        ("world.backing", {"value": 0.5, "source": "\x1b"}, r'world.backing.source is "\x1b"; it must be text'),
        ("title", {"value": "x"}, "title is a table; it must be text in quotes"),
        ("start", {"value": 3}, "start is a table; it must be a date such as 2025-11-30"),
        ("world", {"value": 3}, "world.value is not a key that exists here"),
        ("signals.raid.force", {"value": True}, "signals.raid.force is a table; it must be true or false"),
        ("signals.raid.ends", {"value": "raid"}, "signals.raid.ends is a table; it must be"),
    ],
)  # fmt: skip
def test_a_wrong_assumption_is_refused(duel: Path, key: str, entry: object, said: str) -> None:
    [line] = problems(duel, {key: entry})
    assert line.startswith("--set ")
    assert said in line


# All at once ----------------------------------------------------------------------------------


def test_mistakes_in_fields_and_across_fields_come_together(duel: Path) -> None:
    duel.write_text(
        DUEL.replace("resolve = 0.7", "resolve = 1.7\nseatt = 2")
        + """
inclination = { hold = 0.1, rade = 0.5 }

[actors.east]
seat = 0
role = "umpire"

[actors.west]
seat = 0
role = "third"
forbid = ["hold"]

[world]
backing = { value = 0.5, low = -1, high = 2 }

[signals.raid.needs]
postur = 0.5

[[script]]
day = -1
actor = "north"
signal = "hold"

[[script]]
day = 1
actor = "nort"
signal = "hold"

[study]
runs = 1.5
"""
    )
    assert problems(duel) == [
        "duel.toml: study.runs is 1.5; it must be a whole number between 1 and 1000000000000",
        "duel.toml: world.backing.low is -1; it must be between 0 and 1",
        "duel.toml: world.backing.high is 2; it must be between 0 and 1",
        'duel.toml: signals.raid.needs.postur is no quantity of the model; did you mean "posture"?; '
        "known: posture, commitment, offer, ultimatum, called, contact, framework, sanctions, opposition, "
        "backing, support, access, mediation, guarantee, asylum, hardship, tempo, tension, level, deaths",
        "duel.toml: actors.south.resolve is 1.7; it must be between 0 and 1",
        'duel.toml: actors.south.seatt is not a key of an actor with the role "target"; did you mean "seat"?',
        "duel.toml: actors.south.inclination.hold is not allowed: the inclination to hold is 0, "
        "and the others are measured against it",
        'duel.toml: actors.south.inclination.rade names the signal "rade", which does not exist; '
        'did you mean "raid"?',
        'duel.toml: actors.east.role is "umpire"; it must be "coercer", "target" or "third"',
        "duel.toml: actors.west.seat is 0, which north has; each actor needs a seat of its own",
        "duel.toml: actors.west.forbid names hold, which cannot be forbidden",
        "duel.toml: script[0].day is -1; it must be between 0 and 3649",
        'duel.toml: script[1].actor is "nort", which does not exist; did you mean "north"?',
    ]


def test_a_wrong_role_brings_no_false_alarms(duel: Path) -> None:
    duel.write_text(DUEL.replace('"target"', '"traget"') + "[rates.south]\nthreaten = 0.1\n")
    assert problems(duel) == [
        'duel.toml: actors.south.role is "traget"; it must be "coercer", "target" or "third"'
    ]


def test_a_missing_role_is_named(duel: Path) -> None:
    duel.write_text(DUEL.replace('role = "target"\n', ""))
    assert problems(duel) == [
        'duel.toml: actors.south.role is missing; it must be "coercer", "target" or "third"'
    ]
