"""Pages made of paragraphs and tables, for a terminal and in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sim.reports.numbers import words
from sim.reports.tables import columns, markdown
from sim.reports.words import wrapped
from sim.statistics.proportions import Estimate

Rows = Sequence[tuple[str, ...]]
Block = str | tuple[str, Rows]
"""A paragraph; or a line, which may be empty, and the table under it, its heads first."""


def share(chance: Estimate) -> str:
    """'34 % (29 to 39)', or '0 %' and '100 %' of what is known."""
    return f"{100 * chance.rate:.0f} %" if chance.low == chance.high else words(chance)


def plain(blocks: Iterable[Block]) -> str:
    """The blocks as a terminal shows them."""
    return "\n\n".join(
        wrapped(block) if isinstance(block, str) else "\n".join([*_lead(block), columns(block[1])])
        for block in blocks
    )


def page(title: str, blocks: Iterable[Block]) -> str:
    """The blocks under a title, in Markdown."""
    parts = [f"# {title}"]
    for block in blocks:
        if isinstance(block, str):
            parts.append(block)
        else:
            heads, *rows = block[1]
            parts += [*_lead(block), "\n".join(markdown(rows, heads))]
    return "\n\n".join([*parts, ""])


def _lead(block: tuple[str, Rows]) -> list[str]:
    return [block[0]] if block[0] else []
