"""The schema that editors get says the same as the check, and every number in it is accounted for."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from docs import SHIPPED
from sim.errors import ScenarioError
from sim.scenario.files import load_with
from sim.scenario.json_schema import editor_schema, model_schema
from sim.scenario.lookup import declared_at

FOLDER = Path(__file__).parents[2] / "scenarios"
EDITOR = jsonschema.Draft202012Validator(editor_schema())
# What has no default because it must be said, and the parts of an assumption, which are the user's own.
SAID_BY_THE_USER = {"Scripted", "Assumption"}


def document(path: Path) -> dict[str, Any]:
    tables: dict[str, Any] = json.loads(json.dumps(tomllib.loads(path.read_text()), default=str))
    return tables


def nested(key: str, value: object) -> dict[str, Any]:
    for part in reversed(key.split(".")):
        value = {part: value}
    assert isinstance(value, dict)
    return value


def numbers() -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and schema of every number that has a key of its own."""
    for table, schema in model_schema()["$defs"].items():
        for name, field in schema["properties"].items():
            kinds = [field, *field.get("anyOf", ())]
            if table not in SAID_BY_THE_USER and any(
                kind.get("type") in ("number", "integer") for kind in kinds
            ):
                limits = {
                    key: each for kind in kinds for key, each in kind.items() if key in ("minimum", "maximum")
                }
                yield f"{table}.{name}", field | limits


@pytest.mark.parametrize(("name", "field"), list(numbers()), ids=[name for name, _ in numbers()])
def test_every_number_has_unit_range_default_source_and_meaning(name: str, field: dict[str, Any]) -> None:
    assert {"default", "minimum", "maximum"} <= field.keys()
    assert all(field[key] for key in ("unit", "source", "description"))
    assert field["minimum"] < field["maximum"]
    if field["default"] is not None:  # one that may be left out for something else to hold
        assert field["minimum"] <= field["default"] <= field["maximum"]


def test_the_editor_schema_is_a_json_schema_of_2020_12() -> None:
    jsonschema.Draft202012Validator.check_schema(editor_schema())
    assert editor_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_editors_accept_every_shipped_scenario(path: Path) -> None:
    assert [error.message for error in EDITOR.iter_errors(document(path))] == []


WRONG: dict[str, object] = {
    "world.backing": 1.7,
    "world.baking": 0.5,
    "world.contact": "much",
    "world.framework": {"value": 0.5, "high": 1.2},
    "world.asylum": {"value": 0.5, "hihg": 1},
    "title": {"value": "x"},
    "study.runs": 1.5,
    "study.days": {"value": 0},
    "actors.North": {"role": "third", "seat": 9},
    "actors.north": {"stance": 0.5, "resolve": 0.5},
    "actors.south.fog.framework": 2,
    "actors.south.inclination.threaten": -11,
    "signals.raid.class": "loud",
    "signals.raid.senders": [],
    "script": [{"day": -1, "actor": "north", "signal": "hold"}],
    "rates.north.threaten": 2,
    "name": "x",
    "assumptions": {},
    "extends": 3,
}
RIGHT: dict[str, object] = {
    "world.backing": 1,
    "world.contact": {"value": 0.5, "low": 0, "high": 1, "source": "said so"},
    "clocks.offer": {"value": 7},
    "actors.north": {"suspicion": 0.1},
    "actors.south.fog.framework": {"value": 0.5},
    "actors.south.inclination.threaten": {"value": -1},
    "signals.parade": {"class": "verbal", "senders": ["target"]},
    "signals.raid.goldstein": -9.5,
    "script": [{"day": 1, "actor": "north", "signal": "hold"}],
}


@pytest.mark.parametrize(("key", "value"), WRONG.items(), ids=WRONG)
def test_editors_and_the_check_refuse_the_same(key: str, value: object) -> None:
    assert not EDITOR.is_valid(nested(key, value))
    if key != "extends":
        with pytest.raises(ScenarioError):
            load_with(FOLDER / "duel.toml", {key: value})


@pytest.mark.parametrize(("key", "value"), RIGHT.items(), ids=RIGHT)
def test_editors_and_the_check_accept_the_same(key: str, value: object) -> None:
    assert EDITOR.is_valid(nested(key, value))
    load_with(FOLDER / "duel.toml", {key: value})


def test_making_the_editor_schema_leaves_the_models_schema_as_it_is() -> None:
    before = json.dumps(model_schema())
    editor_schema()
    assert json.dumps(model_schema()) == before


def test_what_is_declared_at_a_key_is_what_the_schema_says() -> None:
    tables = document(FOLDER / "duel.toml")
    assert declared_at(("actors", "north", "resolve"), tables).allowed(bare=True) == "between 0 and 1"
    assert declared_at(("actors", "north", "fog", "framework"), tables).is_number
    assert declared_at(("script", 0, "day"), tables).allowed() == "a whole number between 0 and 3649"
    assert declared_at(("world", "nothing"), tables).kind is None
    assert "class" in declared_at(("signals", "raid"), tables).keys({})
