"""The folder of an answer: where it lies, what its manifest says, and what of it can be used again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from sim.compute.experiment import Piece
from sim.compute.fingerprints import presentation_digest
from sim.compute.journal import unpacked
from sim.errors import StoreError, StudyError
from sim.results import store
from sim.results.rows import COMPRESSION, ROW_GROUP, arrow
from sim.results.study import ROWS

TABLE, FIGURE, COUNTS, PAGE = ".parquet", ".png", ".npz", "report.md"
MOST_LETTERS = 100
MOST_CELLS = 10_000_000  # of a table that is held whatever its file's size
MOST_CELLS_A_BYTE = 100


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

    def is_whole(self, changed: Mapping[str, Any], wanted: Callable[[Sequence[str]], Sequence[str]]) -> bool:
        """Whether nothing needs to be made again: no file damaged, shown as this program shows it, and drawn.

        ``changed``: what the scenario was before it was changed, which may have become another. ``wanted`` says which
        of the figures are to be there.
        """
        shown = self.manifest.get("presentation") == presentation_digest()
        shown &= self.manifest.get("changed") == changed
        files = self.manifest["files"]
        drawn = all(f"{name}{FIGURE}" in files for name in wanted(self.manifest["figures"]))
        return shown and drawn and not self.damaged

    def table(self, name: str) -> pd.DataFrame:
        """A table as it was kept. Raises StudyError if its file is not as it was written."""
        file = f"{name}{TABLE}"
        return read(self.folder / file, self.manifest["files"].get(file, ""))

    def tables(self) -> Mapping[str, pd.DataFrame]:
        """All tables, each read when it is first asked for."""
        return LazyTables({name: partial(self.table, name) for name in self.manifest["tables"]})


class LazyTables(Mapping[str, pd.DataFrame]):
    """Tables by name, each made by its function when it is first asked for."""

    def __init__(self, makers: Mapping[str, Callable[[], pd.DataFrame]]) -> None:
        self._makers, self._made = makers, dict[str, pd.DataFrame]()

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


def read(path: Path, digest: str | None = None) -> pd.DataFrame:
    """A table as it was kept, with that SHA-256 if one is given. Raises StudyError if it is not, or cannot be read."""
    differs = StudyError(f"{path}: is missing, or not as it was written; run it again")
    try:
        if digest is not None and store.sha256_of(path) != digest:
            raise differs
        refuse_a_bomb(path)
        found = pd.read_parquet(path)
    except FileNotFoundError:
        raise differs from None
    except (OSError, ValueError) as error:
        raise StudyError(f"{path}: cannot be read ({error}); run it again") from None
    # The end day of a run is the only whole number that may be missing, which pandas reads as a float.
    return found.assign(end_day=found["end_day"].astype("Int16")) if path.stem == ROWS else found


def refuse_a_bomb(path: Path) -> None:
    """Raise StudyError for a table whose numbers, by its own account, are far more than its file can have been made from.

    Rows of runs shrink to a third, curves to a tenth; equal numbers, which no question gives, to a millionth.
    """
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        told = file.metadata
        cells = told.num_rows * told.num_columns
    if cells > MOST_CELLS and cells > MOST_CELLS_A_BYTE * path.stat().st_size:
        raise StudyError(f"{path}: is larger than any table of Brink's ({cells:,} numbers); it is not read")


def kept_in(
    folder: Path, what: str, identity: str, assumes: Mapping[str, Any] | None = None, replace: bool = False
) -> Kept:
    """What a folder has of that answer; nothing if it is free. Raises StoreError if it holds anything else.

    ``assumes``: what the identity is made of, if the manifest says it too, so that what differs can be named.
    ``replace``: another answer of Brink's counts as nothing, and will be replaced.
    """
    try:
        manifest = store.manifest_in(folder)
        empty = folder.is_dir() and not any(folder.iterdir())
        free = empty or not (folder.exists() or folder.is_symlink())
    except OSError as error:
        raise StoreError(f"{folder}: cannot be read ({error.strerror})") from None
    if manifest is None:
        if not free:
            raise StoreError(
                f"{folder}: exists and is no {what} of Brink's; move it away or choose another --name"
            )
        return Kept(folder)
    if manifest["what"] != what or manifest["identity"] != identity:
        if replace:
            return Kept(folder)
        raise StoreError(
            f"{folder}: holds {_other(manifest, assumes or {})}; choose another --name, or --replace it"
        )
    return Kept.of(folder, manifest)


def _other(manifest: Mapping[str, Any], assumes: Mapping[str, Any]) -> str:
    """'another sweep'; 'a study with another seed (1; this one has 2)' if that can be told."""
    there = manifest.get("assumes", {})
    for key, value in assumes.items():
        if key in there and there[key] != value:
            return f"a {manifest['what']} with another {key} ({_short(there[key])}; this one has {_short(value)})"
    return f"another {manifest['what']}"


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 16 else text[:12] + "…"


def list_kept(results: str | Path = "results") -> list[dict[str, Any]]:
    """Manifests of all answers in a results folder, by folder name, each with its ``folder``."""
    return [manifest | {"folder": str(folder)} for folder, manifest in _looked_at(results) if manifest]


def list_damaged(results: str | Path = "results") -> list[Path]:
    """The folders in a results folder whose manifest is not as it was written, by name."""
    return [folder for folder, manifest in _looked_at(results) if manifest is None]


def _looked_at(results: str | Path) -> Iterator[tuple[Path, store.Manifest | None]]:
    """Each folder of an answer with its manifest; None where that is not as it was written."""
    for folder in store.folders(results):
        try:
            manifest = store.read_manifest(folder)
        except StoreError:
            yield folder, None
        else:
            if manifest is not None:
                yield folder, manifest


def digest_of(identity: Mapping[str, Any]) -> str:
    """SHA-256 of plain JSON with sorted keys."""
    return hashlib.sha256(json.dumps(identity, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def parquet(table: pd.DataFrame) -> bytes:
    """A table as the bytes of a Parquet file, the same for the same table."""
    import pyarrow.parquet as pq

    buffer = BytesIO()
    pq.write_table(arrow(table), buffer, compression=COMPRESSION, row_group_size=ROW_GROUP)
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
