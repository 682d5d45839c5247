"""Which state of the program made a result: one digest for what is counted, one for how it is shown.

A file of the package belongs to the first unless it is listed below, so that a new file is in by default. A result
whose counts were made by other sources is computed again. One that only shows them otherwise is made again from
its counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent.parent

PRESENTATION: Mapping[str, str] = {
    "reports/**/*.py": "words and tables for people, made from tables",
    "figures/**/*.py": "charts of tables",
    "results/curves.py": "tables by day, made from counts",
    "experiments/**/tables.py": "tables, made from counts",
    "experiments/**/report.py": "pages, made from tables",
    "experiments/**/box.py": "what pages say first, made from tables",
    "experiments/**/figures.py": "charts, made from tables",
    "experiments/claims/findings.py": "verdicts, made from tables",
    "experiments/claims/robustness.py": "shares of draws, made from tables",
    "experiments/claims/section.py": "a part of a page, made from tables",
    "experiments/story/*.py": "one run told in words",
}
"""Files that change what is shown of counts, and never a count; each with its reason."""

NEITHER: Mapping[str, str] = {
    "commands/**/*.py": "what is typed and printed; nothing of it is kept",
    "terminal/**/*.py": "options and progress; nothing of it is kept",
    "app/**/*.py": "a page; what is kept from it is kept by the questions",
    "experiments/growing.py": "answers for a page; nothing of them is kept",
    "experiments/**/command.py": "what is typed and printed; nothing of it is kept",
    "experiments/kept.py": "finds what is kept",
    "experiments/verify.py": "compares what is kept with what is computed again",
    "experiments/drawing.py": "draws what is kept",
    "results/spreadsheet.py": "writes tables for other programs",
    "__main__.py": "starts the command",
    "scenario/shipped/**/*.toml": "scenarios; a result names all numbers of its own",
}
"""Files on which nothing that is kept depends; each with its reason."""


def matched(patterns: Iterable[str]) -> set[Path]:
    """Files of the package that match any of the patterns."""
    return {path for pattern in patterns for path in PACKAGE.glob(pattern)}


def counting() -> set[Path]:
    """Files on which counts may depend: all that are not listed above."""
    return matched(("**/*.py", "**/*.toml")) - matched((*PRESENTATION, *NEITHER))


def digest_of_files(files: Iterable[Path]) -> str:
    """SHA-256 of files of the package, by name and content."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.relative_to(PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def counts_digest() -> str:
    """SHA-256 of all sources on which counts may depend."""
    return digest_of_files(counting())


@cache
def presentation_digest() -> str:
    """SHA-256 of all sources that make tables, pages and figures of counts."""
    return digest_of_files(matched(PRESENTATION) - matched(NEITHER))
