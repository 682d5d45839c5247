"""The letters of figures: fonts that have them, how wide text is, and how it is broken into lines and kept legible."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache

from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text
from matplotlib.textpath import text_to_path
from matplotlib.ticker import FixedFormatter

FONT = "DejaVu Sans"  # comes with matplotlib, so all machines have it
OTHERS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "PingFang SC",
    "Hiragino Sans",
    "Apple SD Gothic Neo",
    "Microsoft YaHei",
    "Yu Gothic",
    "Malgun Gothic",
    "Noto Sans Symbols2",
    "Noto Emoji",
    "Symbola",
    "Segoe UI Emoji",
)
"""Fonts that have what ours has not, East Asian letters and emoji; used where a machine has them."""


@cache
def families() -> list[str]:
    """Our font, and those of OTHERS that are there."""
    there = set(font_manager.get_font_names())
    return [FONT, *(name for name in OTHERS if name in there)]


@cache
def _fonts() -> list[FT2Font]:
    return [
        font_manager.get_font(font_manager.findfont(FontProperties(family=[name]))) for name in families()
    ]


@cache
def _drawable(letter: str) -> bool:
    return letter == "\n" or any(font.get_char_index(ord(letter)) for font in _fonts())


def legible(text: str) -> str:
    """The text with what no font here can draw left out if it is a picture, and as '·' if it is a letter."""
    if text.isascii():
        return text
    told = (c if _drawable(c) else "·" if unicodedata.category(c)[0] in "LN" else "" for c in text)
    return "".join(told).strip()


def make_legible(figure: Figure) -> None:
    """Change all text of a figure so that a font here has its letters."""
    for text in figure.findobj(Text):
        text.set_text(legible(text.get_text()))
    for axes in figure.findobj(Axes):
        for axis in (axes.xaxis, axes.yaxis):
            named = axis.get_major_formatter()
            if isinstance(named, FixedFormatter):
                axis.set_major_formatter(FixedFormatter([legible(str(label)) for label in named.seq]))


@cache
def _em(letter: str, bold: bool) -> float:
    font = FontProperties(family=families(), size=100, weight="bold" if bold else "normal")
    return float(text_to_path.get_text_width_height_descent(letter, font, ismath=False)[0]) / 100


def width(text: str, size: float, bold: bool = False) -> float:
    """Inches that a line of text takes at ``size`` points."""
    return size / 72 * sum(_em(letter, bold) for letter in legible(text))


def room(labels: Iterable[str], size: float) -> float:
    """Inches that the longest line of labels needs at ``size`` points beside what it names."""
    return 0.2 + max((width(line, size) for label in labels for line in label.split("\n")), default=0.0)


def wrapped(text: str, across: float, size: float, bold: bool = False) -> list[str]:
    """The text in lines of at most so many inches; a word that is wider, as in scripts without blanks, is broken."""
    lines: list[str] = []
    line = ""
    for word in legible(text).split():
        longer = f"{line} {word}" if line else word
        if width(longer, size, bold) <= across:
            line = longer
            continue
        lines += [line] if line else []
        line = ""
        for letter in word:
            if line and width(line + letter, size, bold) > across:
                lines.append(line)
                line = ""
            line += letter
    return [*lines, line] if line else lines


def shortened(text: str, across: float, size: float, bold: bool = False) -> str:
    """The text, cut with '…' where it would be wider than so many inches."""
    if width(text, size, bold) <= across:
        return text
    while text and width(f"{text}…", size, bold) > across:
        text = text[:-1].rstrip()
    return f"{text}…"
