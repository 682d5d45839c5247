"""The journal gives back what was written, or nothing: damage of any kind is found."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from sim.compute.experiment import Piece
from sim.compute.journal import Journal, packed, unpacked

JOURNAL = Journal(Path("journal"), "a" * 64)


def piece(seed: int = 1) -> Piece:
    rng = np.random.default_rng(seed)
    return {
        "row.x": rng.normal(size=50),
        "row.flag": rng.random(50) < 0.5,
        "counts": rng.integers(0, 9, (4, 30)),
    }


def same(one: Piece | None, other: Piece) -> bool:
    return one is not None and all(np.array_equal(one[name], other[name]) for name in other | one)


def written() -> bytes:
    JOURNAL.write(7, 50, piece())
    return JOURNAL.path(7, 50).read_bytes()


def found_damaged(data: bytes) -> bool:
    JOURNAL.path(7, 50).write_bytes(data)
    return JOURNAL.read(7, 50) is None


def test_what_is_written_is_read() -> None:
    written()
    assert same(JOURNAL.read(7, 50), piece())
    assert JOURNAL.ranges() == [(7, 50)]


@given(arrays.arrays(np.int64, (3, 4), elements=st.integers(-(2**62), 2**62)))
def test_counts_of_any_size_keep_their_values(counts: Any) -> None:
    assert np.array_equal(unpacked(packed({"counts": counts}))["counts"], counts)
    assert unpacked(packed({"counts": counts}))["counts"].dtype == np.int64


def test_the_same_piece_is_the_same_bytes() -> None:
    assert packed(piece()) == packed(dict(reversed(piece().items())))


def test_a_file_cut_at_any_length_is_found() -> None:
    data = written()
    lengths = {*range(100), *range(0, len(data), 37), len(data) - 1}
    assert all(found_damaged(data[:length]) for length in lengths)
    assert not found_damaged(data)


def test_a_bit_flipped_at_any_of_many_places_is_found() -> None:
    data = written()
    drawn = Random(1)
    for place in (*range(60), *(drawn.randrange(len(data)) for _ in range(200))):
        flipped = bytearray(data)
        flipped[place] ^= 1 << drawn.randrange(8)
        assert found_damaged(bytes(flipped)), place


def test_a_piece_longer_than_it_was_is_found() -> None:
    assert found_damaged(written() + b"\0")


def test_a_piece_of_something_else_is_found() -> None:
    """Of another experiment, or of other units, though it is whole."""
    data = written()
    other = Journal(JOURNAL.folder, "b" * 64)
    assert other.read(7, 50) is None
    JOURNAL.path(8, 50).write_bytes(data)
    assert JOURNAL.read(8, 50) is None


def test_files_of_other_names_are_no_pieces() -> None:
    written()
    for name in ("x-3.piece", "3.piece", "3-0.piece", "-3-4.piece", "0-9.part", "٣-4.piece"):
        (JOURNAL.folder / name).write_bytes(b"")
    assert JOURNAL.ranges() == [(7, 50)]


def test_of_pieces_that_overlap_one_is_kept() -> None:
    for first, count in ((0, 10), (5, 10), (10, 5), (12, 1)):
        JOURNAL.write(first, count, piece())
    assert JOURNAL.ranges() == [(0, 10), (10, 5)]


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT, errno.EACCES])
@pytest.mark.parametrize("operation", ["open", "write", "replace"])
def test_a_piece_that_cannot_be_written_is_not_there(error: int, operation: str) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise OSError(error, os.strerror(error), "journal")

    written()
    before = JOURNAL.path(7, 50).read_bytes()
    home: Any = {"open": io, "write": Path, "replace": os}[operation]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(home, {"write": "write_bytes"}.get(operation, operation), fail)
        for first in (7, 60):
            with pytest.raises(OSError, match=os.strerror(error)):
                JOURNAL.write(first, 50, piece(2))
    assert [path.name for path in JOURNAL.folder.iterdir()] == ["7-50.piece"]
    assert JOURNAL.path(7, 50).read_bytes() == before
