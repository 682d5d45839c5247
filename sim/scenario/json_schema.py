"""The JSON Schema of scenario files: for editors, and for the tables of MODEL.md."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

from sim.scenario.arm_validation import NOT_IN_ARMS
from sim.scenario.lookup import NOT_IN_FILES
from sim.scenario.scenario import Scenario

Schema = dict[str, Any]

# Tables that are in a file as they are in a checked scenario.
AS_THEY_ARE = ("Assumption", "Scripted", "Arm", "Claim", "Sweep", "SweepPlan")

# What stays beside the choice "a number or an assumption", for both are described by it.
ABOUT = ("title", "description", "default", "unit", "source")


@cache
def model_schema() -> Schema:
    """The schema of a checked scenario: every number plain. Not to be changed in place."""
    return Scenario.model_json_schema(by_alias=True)


def editor_schema() -> Schema:
    """The schema of a scenario *file*, draft 2020-12.

    A file may leave out what it extends or what has a default, and may give any number as a number or
    as an assumption ``{ value, low, high, source }``.
    """
    schema = deepcopy(model_schema())
    as_they_are = {name: schema["$defs"].pop(name) for name in AS_THEY_ARE}
    del as_they_are["Assumption"]["required"]
    as_they_are["Arm"]["properties"]["set"] = _what_arms_set(as_they_are["Arm"]["properties"]["set"])
    tables = [schema, *schema["$defs"].values()]
    for table in tables:
        table.pop("required", None)
        table["properties"] = {key: _in_a_file(each) for key, each in table["properties"].items()}
    for key in NOT_IN_FILES:
        del schema["properties"][key]
    schema["properties"]["extends"] = {
        "type": "string",
        "description": "a scenario file that this one is laid over, relative to its own folder",
    }
    schema["$defs"] |= as_they_are
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": "made by `brink schema`",
        **schema,
        "title": "Brink scenario",
    }


def _what_arms_set(node: Schema) -> Schema:
    """The schema of what an arm sets: a scenario file's own tables, but for those that all arms share."""
    return {"description": node["description"], "$ref": "#", "properties": dict.fromkeys(NOT_IN_ARMS, False)}


def _in_a_file(node: Schema) -> Schema:
    """The schema of a value, as a file may give it."""
    about = {key: value for key, value in node.items() if key in ABOUT and value is not None}
    bare = {key: value for key, value in node.items() if key not in ABOUT}
    if "null" in (branch.get("type") for branch in bare.get("anyOf", ())):
        # What may be left out; TOML itself has no null.
        [bare] = [branch for branch in bare["anyOf"] if branch.get("type") != "null"]
    if bare.get("type") in ("number", "integer"):
        ends = {"properties": dict.fromkeys(("value", "low", "high"), bare)}
        return {"anyOf": [bare, {"$ref": "#/$defs/Assumption", **ends}], **about}
    if "oneOf" in bare:  # without its role, which may stand in the file extended, an actor can be either
        return {"anyOf": bare["oneOf"], **about}
    if "patternProperties" in bare:
        named = {pattern: _in_a_file(each) for pattern, each in bare["patternProperties"].items()}
        bare |= {"patternProperties": named, "additionalProperties": False}
    elif isinstance(bare.get("additionalProperties"), dict):
        bare["additionalProperties"] = _in_a_file(bare["additionalProperties"])
    return bare | about
