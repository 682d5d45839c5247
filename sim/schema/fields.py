"""How a number of the model is declared: name, default, range, unit, meaning and source, once.

Everything that shows a number (error messages, the JSON Schema for editors, MODEL.md) is made from
these declarations.
"""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

ASSUMPTION = "assumption"
MOST_TEXT = 500

# Text without control characters, or marks that turn the order of characters round: it will be printed.
LINE = r"^[^\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]*$"
LINES = r"^[^\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]*$"
A_LINE = f"text in quotes, on one line, of at most {MOST_TEXT} characters, none a control character"


class Table(BaseModel):
    """A table of a scenario file: frozen, no unknown keys, no silent conversions."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        populate_by_name=True,
        defer_build=True,  # validators are built once, for the whole scenario, when the first is checked
    )


def number(default: float, low: float, high: float, unit: str, meaning: str, source: str = ASSUMPTION) -> Any:
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


def optional(low: float, high: float, unit: str, meaning: str, source: str = ASSUMPTION) -> Any:
    """Declare a number that may be left out for something else to hold, else in ``low``..``high``."""
    return number(None, low, high, unit, meaning, source)  # type: ignore[arg-type]


def text(default: str, meaning: str) -> Any:
    """Declare a line of text of the schema, at most 500 characters."""
    return Field(default, max_length=MOST_TEXT, pattern=LINE, description=meaning)


def table() -> Any:
    """Declare a table that may be left out: it then has the defaults of all that is in it."""
    return Field({}, validate_default=True)


def is_line(value: str) -> bool:
    """Whether text may be a title or a source."""
    return len(value) <= MOST_TEXT and re.fullmatch(LINE, value) is not None


class Assumption(Table):
    """A number of the register: what is assumed, within what range, on what ground."""

    value: float
    low: float
    high: float
    source: str = text(ASSUMPTION, "on what ground")
