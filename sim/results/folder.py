"""The folder of an answer: where it lies, what its manifest says, and what of it can be used again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from sim.compute.experiment import Piece
from sim.compute.fingerprints import presentation_digest
from sim.compute.journal import unpacked
from sim.errors import StoreError, StudyError
from sim.results import store
from sim.results.rows import COMPRESSION, arrow

TABLE, FIGURE, COUNTS, PAGE = ".parquet", ".png", ".npz", "report.md"
KEYS = {
    "what",
    "name",
    "scenario",
    "title",
    "identity",
    "asked",
    "document",
    "stages",
    "tables",
    "presentation",
    "files",
}
MOST_LETTERS = 100


@dataclass(frozen=True)
class Kept:
    """What a folder holds already: its manifest, and which of its files are not as they were written."""

    folder: Path
    manifest: Mapping[str, Any] = field(default_factory=dict)
    damaged: frozenset[str] = frozenset()

    @classmethod
    def of(cls, folder: Path, manifest: Mapping[str, Any] | None) -> Kept:
        """What the folder has, of which ``manifest`` is the manifest; all its files are looked through."""
        return (
            cls(folder, manifest, frozenset(store.damaged(folder, dict(manifest))))
            if manifest
            else cls(folder)
        )

    def has(self, file: str) -> bool:
        """Whether a file is there and whole."""
        return file in self.manifest.get("files", {}) and file not in self.damaged

    def counts(self, name: str, identity: str, units: int) -> tuple[int, Piece] | None:
        """Units and counts of a stage, if they are whole, of that identity, and of no more than so many units."""
        note = self.manifest.get("stages", {}).get(name)
        if (
            not note
            or note["identity"] != identity
            or note["units"] > units
            or not self.has(f"{name}{COUNTS}")
        ):
            return None
        return note["units"], unpacked((self.folder / f"{name}{COUNTS}").read_bytes())

    def is_whole(self, figures: bool) -> bool:
        """Whether nothing needs to be made again: no file damaged, shown as this program shows it, and drawn."""
        shown = self.manifest.get("presentation") == presentation_digest()
        drawn = not figures or all(
            f"{name}{FIGURE}" in self.manifest["files"] for name in self.manifest["figures"]
        )
        return shown and drawn and not self.damaged

    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables, as they lie there."""
        return {name: pd.read_parquet(self.folder / f"{name}{TABLE}") for name in self.manifest["tables"]}


def manifest_of(folder: Path) -> dict[str, Any] | None:
    """The manifest of an answer; None if the folder holds none, or its manifest is not whole."""
    try:
        manifest = json.loads((folder / store.MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return manifest if isinstance(manifest, dict) and manifest.keys() >= KEYS else None


def kept_in(folder: Path, what: str, identity: str) -> Kept:
    """What a folder has of that answer; nothing if it is free. Raises StoreError if it holds anything else."""
    manifest = manifest_of(folder)
    if manifest is None:
        if folder.is_symlink() or (folder.exists() and not (folder.is_dir() and not any(folder.iterdir()))):
            raise StoreError(
                f"{folder}: exists and is no {what} of Brink's; move it away or choose another --name"
            )
        return Kept(folder)
    if manifest["what"] != what or manifest["identity"] != identity:
        raise StoreError(f"{folder}: holds another {manifest['what']}; choose another --name")
    return Kept.of(folder, manifest)


def list_kept(results: str | Path = "results") -> list[dict[str, Any]]:
    """Manifests of the sweeps, levers, … in a results folder, by folder name, each with its ``folder``."""
    found = ((folder, manifest_of(folder)) for folder in store.folders(results))
    return [manifest | {"folder": str(folder)} for folder, manifest in found if manifest]


def digest_of(identity: Mapping[str, Any]) -> str:
    """SHA-256 of plain JSON with sorted keys."""
    return hashlib.sha256(json.dumps(identity, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def parquet(table: pd.DataFrame, row_group: int | None = None) -> bytes:
    """A table as the bytes of a Parquet file, the same for the same table."""
    import pyarrow.parquet as pq

    buffer = BytesIO()
    pq.write_table(arrow(table), buffer, compression=COMPRESSION, row_group_size=row_group)
    return buffer.getvalue()


def pieces_of(folder: Path) -> Path:
    """Where the journals of an answer are kept while it is at work."""
    return store.beside(folder, store.PIECES)


def named_folder(out: str | Path, name: str) -> Path:
    """``out``/``name``. Raises StudyError for a name that is none for a folder."""
    letters = all(c.isalnum() or c in "-_." for c in name)
    if not name or name.startswith(".") or len(name) > MOST_LETTERS or not letters:
        raise StudyError(f'--name "{name}": use letters, digits, - and _, at most {MOST_LETTERS}')
    return Path(out) / name
