"""`python -m docs`: make again all that the documents have from the program.

Tables from the schema, the vocabulary and the tests; results from studies of 10,000 runs (a minute or two);
what the sessions print; the picture. With --tables the tables only, in a second; with names of documents the
sessions of these alone.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

from docs.marked import filled
from docs.tables import tables
from docs.transcripts import transcribed

ROOT = Path(__file__).parent.parent
MADE = (
    "README.md",
    "MODEL.md",
    "CONTRIBUTING.md",
    "docs/findings.md",
    "docs/own-scenario.md",
    "docs/write-a-crisis.md",
    "docs/mesa.md",
    "docs/promises.md",
    "docs/numbers.md",
    "docs/why.md",
    "docs/questions.md",
    "docs/worked-example.md",
)


def refill(parts: Mapping[str, str], sessions: bool) -> None:
    """Write the documents with these parts filled in, and their sessions run again."""
    for name in MADE:
        text = filled((ROOT / name).read_text(encoding="utf-8"), parts)
        (ROOT / name).write_text(rerun(text) if sessions else text, encoding="utf-8")


def rerun(text: str) -> str:
    """The document with what its sessions print, run in a folder that holds nothing but the scenarios."""
    with TemporaryDirectory() as folder:
        copytree(ROOT / "scenarios", Path(folder) / "scenarios")
        return transcribed(text, Path(folder))


def main(words: list[str]) -> None:
    """Refill all documents; with --tables only what needs no simulation, with their names the sessions of some."""
    if words == ["--tables"]:
        refill(tables(), sessions=False)
        return
    for path in (ROOT / word for word in words):
        path.write_text(rerun(path.read_text(encoding="utf-8")), encoding="utf-8")
    if words:
        return
    from docs.results import PICTURE, picture, results

    refill(tables() | results(), sessions=True)
    PICTURE.write_bytes(picture())


if __name__ == "__main__":
    main(sys.argv[1:])
