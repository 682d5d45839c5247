"""The row a run on disk: a Parquet file written as runs come in, the same bytes however they were cut."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.compute.experiment import ROW, Piece, merged
from sim.compute.files import cleared
from sim.engines.tally import ROW_TYPES, Rows
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import Outcome

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


ROW_GROUP = 65_536
COMPRESSION = "zstd"


def arrow(table: pd.DataFrame) -> pa.Table:
    """A DataFrame as it is kept: without its index, and without the names of the libraries that made it."""
    import pyarrow as pa

    return pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)


def _length(rows: Piece) -> int:
    return len(next(iter(rows.values())))


class RowsFile:
    """A Parquet file of rows that is being written, a group of ROW_GROUP rows at a time; memory holds one group."""

    def __init__(self, path: Path, scenario: Scenario) -> None:
        self.path, self.scenario = path, scenario
        self.runs = 0
        self._new: list[Piece] = []  # of runs up to self.runs, not yet Arrow's
        self._held: list[pa.Table] = []
        self._writer: Any = None

    def __enter__(self) -> RowsFile:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = cleared(self.path).open("xb")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._file:
            try:
                if kind is None:
                    self._convert()
                    if self._held:
                        self._write(self._together())
                    self._writer.close()
            finally:
                if self._writer and self._writer.is_open:  # what went wrong first is what is told
                    with suppress(OSError):
                        self._writer.close()
                    self._writer.is_open = False  # or it would try again when it is collected

    def copy(self, path: Path) -> None:
        """Begin with the rows of another such file."""
        import pyarrow.parquet as pq

        with pq.ParquetFile(path) as old:
            for group in range(old.num_row_groups):
                self._add(old.read_row_group(group).replace_schema_metadata(None))

    def take(self, piece: Piece) -> Piece:
        """Add the rows of the runs that come next; gives back the counts alone."""
        self._new.append({name: array for name, array in piece.items() if name.startswith(ROW)})
        if sum(map(_length, self._new)) >= ROW_GROUP:
            self._convert()
        return {name: array for name, array in piece.items() if not name.startswith(ROW)}

    def _convert(self) -> None:
        if self._new:
            rows = rows_of(merged(self._new))
            self._new = []
            self._add(arrow(rows_table(rows, self.scenario, self.runs)))

    def _add(self, table: pa.Table) -> None:
        self.runs += len(table)
        self._held.append(table)
        if sum(map(len, self._held)) < ROW_GROUP:
            return
        together = self._together()
        whole = len(together) - len(together) % ROW_GROUP
        for first in range(0, whole, ROW_GROUP):
            self._write(together.slice(first, ROW_GROUP))
        self._held = [together.slice(whole)] if whole < len(together) else []

    def _together(self) -> pa.Table:
        import pyarrow as pa

        return pa.concat_tables(self._held)

    def _write(self, table: pa.Table) -> None:
        """Write a row group. Chunks are put together first, for pages of the file would show where they were."""
        import pyarrow.parquet as pq

        if self._writer is None:
            self._writer = pq.ParquetWriter(self._file, table.schema, compression=COMPRESSION)
        self._writer.write_table(table.combine_chunks(), row_group_size=ROW_GROUP)


def rows_of(piece: Piece) -> Rows:
    """The columns of ROW_TYPES of a piece."""
    return {name: piece[f"{ROW}{name}"] for name in ROW_TYPES}


def rows_table(rows: dict[str, NDArray[Any]], scenario: Scenario, first: int = 0) -> pd.DataFrame:
    """The rows of runs ``first`` on as people read them: outcomes and actors by name, no end day at the horizon."""
    import pandas as pd  # here, since workers do without

    count = len(rows["outcome"])
    names = np.array([outcome.name for outcome in Outcome], dtype=object)
    actors = np.array([*scenario.seats, ""], dtype=object)  # place -1 is nobody
    end_day = rows["end_day"]
    table = {"run": np.arange(first, first + count, dtype=np.int64), **rows}
    return pd.DataFrame(
        table
        | {
            "outcome": names[rows["outcome"]],
            "end_day": pd.arrays.IntegerArray(np.maximum(end_day, 0), end_day < 0),
            "ended_by": actors[rows["ended_by"]],
        }
    )
