"""The journal of a study at work: finished pieces, a file each, so that whatever stops it loses little.

A file is written under a temporary name and renamed, and begins with a checksum of all that it says and of
what it belongs to. What is torn, changed or of another experiment is therefore found, and computed again:
nothing here needs to be synced.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compute.experiment import ROW, Piece
from sim.compute.files import cleared

MAGIC = b"brink piece 1\n"
SUFFIX = ".piece"
CODEC = "zstd"  # counts of few runs are mostly zeros
SIZE = 8  # bytes that tell how long the content is before compression


@dataclass(frozen=True)
class Journal:
    """Finished pieces of one experiment in a folder of their own; ``identity`` is its fingerprint."""

    folder: Path
    identity: str

    def ranges(self) -> list[tuple[int, int]]:
        """(first, count) of the pieces there, in order, none overlapping another, none looked into."""
        found = sorted(range_ for path in self._files() if (range_ := _range(path)))
        kept: list[tuple[int, int]] = []
        for first, count in found:
            if not kept or first >= sum(kept[-1]):
                kept.append((first, count))
        return kept

    def read(self, first: int, count: int) -> Piece | None:
        """A piece that was kept; None if it is not there, damaged, or of something else."""
        try:
            data = self.path(first, count).read_bytes()
        except OSError:
            return None
        head = len(MAGIC) + hashlib.sha256().digest_size
        body = data[head:]
        if data[:head] != MAGIC + self._checksum(first, count, body):
            return None
        return unsqueezed(body)

    def write(self, first: int, count: int, piece: Piece | bytes) -> None:
        """Keep a piece, squeezed or not. Raises OSError if it cannot be written; then nothing has its name."""
        data = piece if isinstance(piece, bytes) else squeezed(piece)
        path = self.path(first, count)
        part = path.with_suffix(".part")
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            cleared(part).write_bytes(MAGIC + self._checksum(first, count, data) + data)
            part.replace(path)
        except OSError:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise

    def _files(self) -> Iterator[Path]:
        yield from self.folder.glob(f"*{SUFFIX}")

    def path(self, first: int, count: int) -> Path:
        """Where a piece is kept."""
        return self.folder / f"{first}-{count}{SUFFIX}"

    def _checksum(self, first: int, count: int, data: bytes) -> bytes:
        return hashlib.sha256(f"{self.identity} {first} {count}\n".encode() + data).digest()


def _range(path: Path) -> tuple[int, int] | None:
    """First unit and number of units that a file's name tells; None if it tells none."""
    first, _, count = path.stem.partition("-")
    if not (first.isascii() and first.isdecimal() and count.isascii() and count.isdecimal() and int(count)):
        return None
    return int(first), int(count)


def squeezed(piece: Piece) -> bytes:
    """A piece as it is kept in a journal and sent from one process to another: packed, and compressed."""
    import pyarrow

    content = packed(piece)
    return len(content).to_bytes(SIZE, "little") + bytes(pyarrow.compress(content, CODEC, asbytes=True))


def unsqueezed(data: bytes) -> Piece:
    """The piece of which :func:`squeezed` made these bytes."""
    import pyarrow

    size = int.from_bytes(data[:SIZE], "little")
    return unpacked(pyarrow.decompress(data[SIZE:], size, CODEC, asbytes=True))


def packed(piece: Piece) -> bytes:
    """A piece as a numpy .npz without pickle, uncompressed: the same bytes for the same numbers everywhere.

    Counts take the smallest type of whole numbers that holds them.
    """
    buffer = BytesIO()
    arrays = {n: array if n.startswith(ROW) else _narrow(array) for n, array in sorted(piece.items())}
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def unpacked(data: bytes) -> Piece:
    """The piece of which :func:`packed` made these bytes. Raises ValueError or OSError if it did not."""
    with np.load(BytesIO(data), allow_pickle=False) as arrays:
        return {n: arrays[n] if n.startswith(ROW) else arrays[n].astype(np.int64) for n in arrays.files}


def _narrow(counts: NDArray[Any]) -> NDArray[Any]:
    low, high = (counts.min(), counts.max()) if counts.size else (0, 0)
    kinds = (np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int32, np.int64)
    return counts.astype(next(k for k in kinds if np.iinfo(k).min <= low and high <= np.iinfo(k).max))
