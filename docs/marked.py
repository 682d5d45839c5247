"""Parts of a document that are made, between two comments that name them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

MADE = re.compile(r"(<!-- made: (?P<name>[a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def marked(text: str) -> tuple[str, ...]:
    """Names of the made parts of a document, in their order."""
    return tuple(found["name"] for found in MADE.finditer(text))


def filled(text: str, parts: Mapping[str, str]) -> str:
    """The document with the made parts that are in ``parts`` put in; the others stay as they are."""

    def put_in(found: re.Match[str]) -> str:
        name = found["name"]
        return f"{found[1]}{parts[name].strip()}\n{found[3]}" if name in parts else found[0]

    return MADE.sub(put_in, text)


def rows(head: Sequence[str], body: Sequence[Sequence[str]], right: int = 0) -> str:
    """A Markdown table; the last ``right`` columns are flush right."""
    rule = ["---"] * (len(head) - right) + ["---:"] * right
    lines = [head, rule, *([cell.replace("|", "\\|") for cell in line] for line in body)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
