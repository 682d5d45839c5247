"""Colours of the page: those of the schema as a style sheet, and drawings that leave the page with theirs in them."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from pathlib import Path

from sim.schema.outcomes import COLOURS
from sim.schema.stands import STAND_COLOURS

FIGURE_CSS = Path(__file__).parent / "static" / "figure.css"
LIGHT_DARK = re.compile(r"light-dark\(([^,()]+), [^()]+(?:\([^()]*\))?\)")
VARIABLE = re.compile(r"var\((--[\w-]+)\)")
DECLARED = re.compile(r"(--[\w-]+): ([^;]+);")
ALONE = """
svg { background: #fff; font-family: "DejaVu Sans", Verdana, sans-serif; }
.crosshair { display: none; }
"""


def colours() -> str:
    """Colours of outcomes and of where crises stand, as a style sheet, from the schema; lighter on dark."""
    named = {f"o-{name}": colour for name, colour in COLOURS.items()}
    named |= {f"s-{name}": colour for name, colour in STAND_COLOURS.items()}
    lines = []
    for name, colour in named.items():
        dark = f"color-mix(in oklab, {colour} {'62%, white' if name[0] == 'o' else '45%, #12161d'})"
        lines.append(f"  --{name}: light-dark({colour}, {dark});")
    rules = [
        f".{name} {{ fill: var(--{name}); background-color: var(--{name}); stroke: var(--{name}); }}"
        for name in named
    ]
    return "\n".join([":root {", *lines, "}", *rules, ""])


def standing_alone(svg: str, said: str) -> str:
    """A drawing of the page as a file: its colours in it, light, on white, with a title that says what it is of."""
    start, _, rest = svg.partition(">")
    white = '<rect width="100%" height="100%" fill="#fff"/>'
    return f"{start}><title>{escape(said)}</title><style>{_light()}{ALONE}</style>{white}{rest}"


@cache
def _light() -> str:
    """The rules of figures with every colour as it is on a light page."""
    css = LIGHT_DARK.sub(r"\1", colours() + FIGURE_CSS.read_text(encoding="utf-8"))
    known = dict(DECLARED.findall(css))
    return VARIABLE.sub(lambda found: known.get(found[1], "#000"), css)
