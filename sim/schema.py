"""How a number of the model is declared: name, default, range, unit, meaning and source, once.

Everything that shows a number (error messages, the JSON Schema for editors, MODEL.md) is made from
these declarations.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

ASSUMPTION = "assumption"


class Table(BaseModel):
    """A table of a scenario file: frozen, no unknown keys, no silent conversions."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, populate_by_name=True
    )


def number(
    default: float, low: float, high: float, unit: str, meaning: str, source: str = ASSUMPTION
) -> Any:
    """Declare a number of the schema, allowed in ``low``..``high`` (both included)."""
    return Field(
        default,
        ge=low,
        le=high,
        description=meaning,
        json_schema_extra={"unit": unit, "source": source},
    )


def whole(default: int, low: int, high: int, unit: str, meaning: str) -> Any:
    """Declare a whole number of the schema, allowed in ``low``..``high`` (both included)."""
    return Field(
        default,
        ge=low,
        le=high,
        description=meaning,
        json_schema_extra={"unit": unit, "source": ASSUMPTION},
    )


def text(default: str, meaning: str) -> Any:
    """Declare a line of text of the schema, at most 500 characters."""
    return Field(default, max_length=500, description=meaning)
