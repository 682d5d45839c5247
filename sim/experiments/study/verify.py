"""What of a study no count shows: its rows, against runs computed again, its samples, and what its manifest says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

from sim.compute.scheduler import PIECE
from sim.experiments.study.simulation import Simulation
from sim.experiments.verify import Differs
from sim.results import store
from sim.results.events import EVENTS, events_of, piece_size
from sim.results.folder import TABLE, Kept, parquet
from sim.results.rows import ROW_GROUP, arrow, rows_of, rows_table
from sim.results.study import ROWS
from sim.scenario.scenario import Scenario

ROWS_FILE, SAMPLES_FILE, EVENTS_FILE = (f"{name}{TABLE}" for name in (ROWS, "samples", EVENTS))


def verified(planned: Scenario, kept: Kept, pieces: int) -> Iterator[str]:
    """Compare ``pieces`` stretches of runs with their rows, the samples, and the counts of the manifest.

    A line for each thing compared; raises :class:`sim.experiments.verify.Differs` at the first difference.
    """
    simulation, summary = Simulation(planned), kept.tables()["summary"]
    if kept.has(ROWS_FILE):
        yield from _rows(kept.folder / ROWS_FILE, simulation, pieces)
    if kept.has(EVENTS_FILE):
        yield from _events(kept.folder / EVENTS_FILE, planned, int(kept.manifest[EVENTS]), pieces)
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


def _events(path: Path, planned: Scenario, runs: int, pieces: int) -> Iterator[str]:
    """Groups of runs against their events; which, the seed decides."""
    import pyarrow.parquet as pq

    size, kept = piece_size(planned), pq.ParquetFile(path)
    groups = -(-runs // size)
    if kept.num_row_groups != groups:
        raise Differs(f"{path.name} is not of the first {runs:,} runs")
    drawn = Random(planned.study.seed).sample(range(groups), min(pieces, groups))
    for group in sorted(drawn):
        first, count = group * size, min(size, runs - group * size)
        if not kept.read_row_group(group).equals(events_of(planned, first, count)):
            raise Differs(
                f"runs {first:,} to {first + count - 1:,}: {path.name} has other events than the runs"
            )
    yield f"events of {len(drawn):,} of {groups:,} groups of runs: as computed again"
