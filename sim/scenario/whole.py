"""A whole scenario to start from: every table that a crisis of one's own needs, filled in and explained."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from sim.errors import BrinkError
from sim.scenario.contradictions import MOST_THIRD_PARTIES
from sim.schema.fields import is_line
from sim.text import shown

TEMPLATE = Path(__file__).with_name("template.toml")
SPLIT = re.compile(r"^# --- third: one such table for each of them\n", re.MULTILINE)


def whole(name: str, coercer: str, target: str, thirds: Sequence[str]) -> str:
    """The text of a scenario file with these actors, in the words of the template.

    Raises BrinkError for titles that cannot be told apart, or of which no key can be made.
    """
    titles = [each.strip() for each in (coercer, target, *thirds)]
    if len(thirds) > MOST_THIRD_PARTIES:
        raise BrinkError(f"--third names {len(thirds)}; at most {MOST_THIRD_PARTIES} are allowed.")
    keys = [key_of(title) for title in titles]
    if twice := next((key for at, key in enumerate(keys) if key in keys[:at]), None):
        raise BrinkError(f"Two actors would both be called {twice}; give each a name of its own.")
    head, tail = SPLIT.split(TEMPLATE.read_text(encoding="utf-8"))
    words = {
        "name": name,
        "coercer": keys[0],
        "target": keys[1],
        "coercer_title": _quoted(titles[0]),
        "target_title": _quoted(titles[1]),
        "title": _quoted(f"{titles[0]} and {titles[1]}"),
    }
    parts = [_with(head, words)]
    for seat, (key, title) in enumerate(zip(keys[2:], titles[2:], strict=True), start=2):
        parts.append(_with(tail, words | {"third": key, "third_title": _quoted(title), "seat": str(seat)}))
    return "".join(parts).rstrip() + "\n"


def key_of(title: str) -> str:
    """``buenos_aires`` of ``Buenos Aires``: small plain letters, what else there is as ``_``."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    key = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40]
    if not re.match("[a-z]", key) or not is_line(title):
        raise BrinkError(
            f"{shown(title)} is no good name of an actor: its key needs a letter from a to z first."
        )
    return key


def _quoted(title: str) -> str:
    return json.dumps(title, ensure_ascii=False)


def _with(text: str, words: dict[str, str]) -> str:
    """The text with ``<word>`` replaced."""
    return re.sub(r"<([a-z_]+)>", lambda found: words[found[1]], text)
