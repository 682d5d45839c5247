"""What of a study no count shows: its rows, against runs computed again, its samples, and what its manifest says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

from sim.compute.scheduler import PIECE
from sim.experiments.study.simulation import Simulation
from sim.experiments.verify import Differs
from sim.results import store
from sim.results.folder import TABLE, Kept, parquet
from sim.results.rows import ROW_GROUP, arrow, rows_of, rows_table
from sim.results.study import ROWS
from sim.scenario.scenario import Scenario

ROWS_FILE, SAMPLES_FILE = f"{ROWS}{TABLE}", f"samples{TABLE}"


def verified(planned: Scenario, kept: Kept, pieces: int) -> Iterator[str]:
    """Compare ``pieces`` stretches of runs with their rows, the samples, and the counts of the manifest.

    A line for each thing compared; raises :class:`sim.experiments.verify.Differs` at the first difference.
    """
    simulation, summary = Simulation(planned), kept.tables()["summary"]
    if kept.has(ROWS_FILE):
        yield from _rows(kept.folder / ROWS_FILE, simulation, pieces)
    if parquet(simulation.samples()) != (kept.folder / SAMPLES_FILE).read_bytes():
        raise Differs(f"{SAMPLES_FILE} is not what the first runs give")
    yield f"{SAMPLES_FILE}: as computed again"
    if dict(zip(summary["outcome"], summary["count"], strict=True)) != kept.manifest["counts"]:
        raise Differs(f"{store.MANIFEST} has other counts of outcomes than the runs")


def _rows(path: Path, simulation: Simulation, pieces: int) -> Iterator[str]:
    """Stretches of runs against their rows; which, the seed decides."""
    import pyarrow.parquet as pq

    runs = simulation.units
    length = min(PIECE, runs)
    drawn = Random(simulation.scenario.study.seed)
    firsts = sorted({drawn.randrange(runs - length + 1) for _ in range(pieces)})
    kept = pq.ParquetFile(path)
    for first in firsts:
        wanted = arrow(rows_table(rows_of(simulation.compute(first, length)), simulation.scenario, first))
        groups = range(first // ROW_GROUP, (first + length - 1) // ROW_GROUP + 1)
        found = kept.read_row_groups(list(groups)).slice(first - groups[0] * ROW_GROUP, length)
        for column in wanted.column_names:
            for run, (new, old) in enumerate(
                zip(wanted[column].to_pylist(), found[column].to_pylist(), strict=True), start=first
            ):
                if new != old:
                    raise Differs(f"run {run:,}: {column} is {old} in {path.name}, and {new} computed again")
        yield f"runs {first:,} to {first + length - 1:,}: every row as computed again"
