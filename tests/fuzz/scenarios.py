"""Shipped scenarios with one thing changed: each loads, or is refused by file and key, soon and in plain words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

from docs import SHIPPED
from tests.scenario.test_bad_scenarios import damaged, renamed, tried, value_mutations


def begun() -> Callable[[Random], None]:
    """Copies of the shipped scenarios in the working folder; gives what damages one of them."""
    texts = {path.name: path.read_text() for path in SHIPPED}
    home = Path.cwd() / "scenarios"
    home.mkdir()
    for name, text in texts.items():
        (home / name).write_text(text)
    wrong = {name: [*value_mutations(text), *renamed(text)] for name, text in texts.items()}

    def case(luck: Random) -> None:
        name = luck.choice(sorted(texts))
        path = home / name
        try:
            if luck.random() < 0.5:
                _, text = luck.choice(wrong[name])
                path.write_text(text)
            else:
                path.write_bytes(damaged(texts[name], luck))
            tried(path)
        finally:
            path.write_text(texts[name])

    return case
