"""The JSON Schema of scenario files: for editors, for error messages and for the tables of MODEL.md."""

from __future__ import annotations

from functools import cache
from typing import Any

from sim.scenario import Scenario

Schema = dict[str, Any]
NOT_IN_FILES = ("name", "assumptions")


@cache
def model_schema() -> Schema:
    """The schema of a checked scenario: every number plain. Not to be changed in place."""
    return Scenario.model_json_schema(by_alias=True)


def editor_schema() -> Schema:
    """The schema of a scenario *file*, draft 2020-12.

    A file may leave out what it extends or what has a default, and may give any number as a number or
    as an assumption ``{ value, low, high, source }``.
    """
    schema = _with_assumptions(model_schema())
    for key in NOT_IN_FILES:
        schema["properties"].pop(key)
    schema["properties"]["extends"] = {
        "type": "string",
        "description": "a scenario file that this one is laid over, relative to its own folder",
    }
    for table in (schema, *schema["$defs"].values()):
        if table is not schema["$defs"]["Assumption"]:
            table.pop("required", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": "made by `brink schema`",
        **schema,
        "title": "Brink scenario",
    }


def _with_assumptions(node: Any, inside: str = "") -> Any:
    if isinstance(node, list):
        return [_with_assumptions(each, inside) for each in node]
    if not isinstance(node, dict):
        return node
    if node.get("type") == "number" and inside != "Assumption":
        shown = {key: node[key] for key in ("default", "description", "unit", "source") if key in node}
        bare = {key: value for key, value in node.items() if key not in shown}
        return {"anyOf": [bare, {"$ref": "#/$defs/Assumption"}], **shown}
    return {
        key: _with_assumptions(value, key if key in ("Assumption",) else inside)
        for key, value in node.items()
    }


def field_schema(path: list[int | str], tree: Schema) -> Schema:
    """The schema of the field at a path; an empty table where there is none.

    ``tree`` is the scenario as plain tables: an actor's role there says which kind of actor it is.
    """
    schema = model_schema()
    node: Schema = schema
    at: Any = tree
    for part in path:
        node = _resolved(node, at, schema)
        if isinstance(part, int):
            node = node.get("items", {})
        else:
            node = node.get("properties", {}).get(part) or _as_schema(node.get("additionalProperties"))
        at = at.get(part) if isinstance(at, dict) else None
    return _resolved(node, at, schema)


def _as_schema(node: Any) -> Schema:
    return node if isinstance(node, dict) else {}


def _resolved(node: Schema, at: Any, schema: Schema) -> Schema:
    if "discriminator" in node:
        role = at.get("role") if isinstance(at, dict) else None
        reference = node["discriminator"]["mapping"].get(role)
        return schema["$defs"][reference.rpartition("/")[2]] if reference else {}
    for branch in node.get("anyOf", ()):
        if branch.get("type") != "null":
            node = {**node, **branch}
    if "$ref" in node:
        return dict(schema["$defs"][node["$ref"].rpartition("/")[2]])
    return node
