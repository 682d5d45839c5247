"""Places to write to: where a file or a link was planted, it goes, and nothing is written through it."""

from __future__ import annotations

from pathlib import Path


def cleared(path: Path) -> Path:
    """The path, at which neither a file nor a link lies any more. Raises OSError if that cannot be."""
    path.unlink(missing_ok=True)
    return path
