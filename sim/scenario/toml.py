"""TOML from strangers: refused in plain words, before parsing, wherever it could hurt."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from sim.errors import ScenarioError
from sim.scenario.find import nearby
from sim.text import printable

MOST_BYTES = 65_536
MOST_LINE = 500
MOST_DEPTH = 8
Tree = dict[str, Any]

STRING_OR_COMMENT = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*', re.DOTALL
)

BRACKET = re.compile(r"[\[\]{}]")
DOTTED_KEY = re.compile(r'(?:[\w-]+|"")(?:[ \t]*\.[ \t]*(?:[\w-]+|""))+')


def read_toml(path: Path, asked_by: str) -> Tree:
    """The tables of one file.

    Raises ScenarioError if it cannot be opened, in the name of ``asked_by`` (the file itself, or the
    one that extends it), or if its text is no TOML of a reasonable size, in the name of the file.
    """
    content = _content(path, asked_by)
    where = printable(str(path))
    try:
        text = content.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise ScenarioError([f"{where}: is not UTF-8 text (byte {error.start})"]) from None
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > MOST_LINE:
            words = f"line {number} has {len(line)} characters; at most {MOST_LINE} are allowed"
            raise ScenarioError([f"{where}: {words}"])
    if depth(text) > MOST_DEPTH:
        raise ScenarioError([f"{where}: brackets or dotted keys are nested more than {MOST_DEPTH} deep"])
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError([f"{where}: is not valid TOML: {printable(str(error))}"]) from None
    except (ValueError, RecursionError):
        raise ScenarioError([f"{where}: is not valid TOML: a number or a table beyond all limits"]) from None


def _content(path: Path, asked_by: str) -> bytes:
    """All bytes of a regular file; nothing else is opened, for a pipe would never end."""
    try:
        if not path.is_file():
            what = "is not a regular file" if path.exists() else f"there is no such file{nearby(path)}"
            raise ScenarioError([f"{asked_by}: {what}"])
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a file name"
        raise ScenarioError([f"{asked_by}: cannot be read ({reason})"]) from None
    if len(content) > MOST_BYTES:
        where = printable(str(path))
        raise ScenarioError([f"{where}: is larger than {MOST_BYTES} bytes, the most a scenario may have"])
    return content


def depth(text: str) -> int:
    """Deepest nesting of brackets, or most parts of a dotted key, outside strings and comments."""
    bare = STRING_OR_COMMENT.sub(lambda match: "" if match[0][0] == "#" else '""', text)
    level = deepest = 0
    for bracket in BRACKET.findall(bare):
        level = level + 1 if bracket in "[{" else max(0, level - 1)
        deepest = max(deepest, level)
    parts = (str(key).count(".") + 1 for key in DOTTED_KEY.findall(bare))
    return max(deepest, *parts, 0)


def parse_value(text: str) -> Any:
    """The value that a piece of TOML stands for; text that is no TOML stands for itself."""
    if len(text) > MOST_LINE or depth(text) > MOST_DEPTH:
        raise ScenarioError([f"the value is longer than {MOST_LINE} characters or too deeply nested"])
    try:
        parsed = tomllib.loads(f"value = {text.strip()}")
    except (ValueError, RecursionError):
        return text.strip()
    return parsed["value"] if len(parsed) == 1 else text.strip()
