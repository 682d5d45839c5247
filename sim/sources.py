"""Which state of the program made a result."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent
# All that can move a byte of a study: everything but the command line and the stories, which only show it.
RESULTS = ("*.toml", "*.py", "rules/*.py", "batch/*.py", "mesa_engine/*.py", "plots/*.py")


@cache
def sources_digest(patterns: tuple[str, ...] = RESULTS) -> str:
    """SHA-256 of the package's files that match any of the patterns."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in PACKAGE.glob(pattern)}):
        digest.update(path.relative_to(PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
