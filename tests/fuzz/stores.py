"""A study with one file damaged: no command, nor Python, reads it as true, and the study beside it is read as ever."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

import pandas as pd
from click.testing import CliRunner

import sim
from sim.commands.main import brink
from sim.errors import BrinkError

FORGED, OTHER = Path("results/forged"), Path("results/other")
READING = (("show", "forged"), ("show", "forged", "--json"), ("export", "forged", "--out", "tables"))
BUG, ESCAPE = "A bug in Brink", "\x1b"


def flipped(luck: Random, content: bytes, _: bytes) -> bytes:
    """One bit is another."""
    place = luck.randrange(len(content))
    return content[:place] + bytes([content[place] ^ 1 << luck.randrange(8)]) + content[place + 1 :]


def cut(luck: Random, content: bytes, _: bytes) -> bytes:
    """The end is missing."""
    return content[: luck.randrange(len(content))]


def grown(luck: Random, content: bytes, _: bytes) -> bytes:
    """Something is appended."""
    return content + luck.randbytes(luck.randint(1, 100))


def swapped(_: Random, __: bytes, other: bytes) -> bytes:
    """The same file of another study."""
    return other


def zeroed(luck: Random, content: bytes, _: bytes) -> bytes:
    """A stretch was never written."""
    first = luck.randrange(len(content))
    last = min(len(content), first + luck.choice([1, 64, 4096]))
    return content[:first] + bytes(last - first) + content[last:]


DAMAGES = (flipped, cut, grown, swapped, zeroed)


def said(*words: str) -> tuple[int, str]:
    """How a command ended, and what it printed."""
    result = CliRunner().invoke(brink, words)
    assert BUG not in result.output, f"{words}: {result.output}"
    assert ESCAPE not in result.output, f"{words}: {result.output!r}"
    return result.exit_code, result.output


def looked_at(name: str, whole: dict[str, pd.DataFrame]) -> None:
    """Damage of this file is seen by all who could take it for true."""
    assert said("verify", "forged")[0] in (1, 2), f"{name}: verify passed"
    for words in READING:
        assert said(*words)[0] in (1, 2), f"{name}: {words} read it"
    assert said("list")[0] == 0
    assert said("show", "other")[0] == 0, "the study beside it is not read"
    with suppress(BrinkError):
        for table, there in tables().items():
            assert there.equals(whole[table]), f"{name}: Python read {table}"


def tables() -> dict[str, pd.DataFrame]:
    """All tables of the study, as Python reads them."""
    study = sim.open_study("forged")
    return {table: study.table(table) for table in study.tables}


def begun() -> Callable[[Random], None]:
    """Two small studies of other seeds; gives what damages a file of one of them, and puts it back."""
    for seed, folder in enumerate((FORGED, OTHER), 1):
        sim.run("duel", runs=40, days=10, seed=seed, name=folder.name, figures=False)
    true = tables()
    names = sorted(path.name for path in FORGED.iterdir())

    def case(luck: Random) -> None:
        path = FORGED / luck.choice(names)
        whole, other = path.read_bytes(), (OTHER / path.name).read_bytes()
        damage = luck.choice(DAMAGES)
        changed = damage(luck, whole, other)
        if changed == whole:
            return
        path.write_bytes(changed)
        try:
            looked_at(f"{path.name}, {damage.__name__}", true)
        finally:
            path.write_bytes(whole)

    return case
