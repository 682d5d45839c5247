"""Whether a kept study is what its scenario gives: checksums, runs computed again, tables made again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np

from sim.compute.experiment import Experiment, Piece, fingerprint, merged
from sim.compute.fingerprints import counts_digest
from sim.compute.scheduler import PIECE, carried_out
from sim.errors import StudyError
from sim.experiments.study.build import Made, There
from sim.experiments.study.parts import part
from sim.experiments.study.simulation import Simulation
from sim.experiments.study.study import files_of, open_study, study_of
from sim.results import store
from sim.results.rows import ROW_GROUP, arrow, rows_of, rows_table
from sim.results.study import COUNTS, RUNS

FEW = (
    65_536  # plain runs, or what takes as long, that are all computed again, so that every count is compared
)


class Differs(Exception):
    """The study is not what its scenario gives; its text names the first difference."""


def verified(folder: Path, pieces: int) -> Iterator[str]:
    """Compare a study with what its scenario gives; a line for each thing compared, once it is found the same.

    ``pieces`` stretches of PIECE runs each are computed again; which, the study's seed decides. Raises Differs
    at the first difference, StudyError if there is no study.
    """
    manifest = store.read_manifest(folder)
    if manifest is None:
        raise StudyError(f"{folder}: holds no study")
    for name in store.damaged(folder, manifest):
        raise Differs(f"{name} is missing, or not as it was written")
    yield f"{len(manifest['files'])} files: checksums as written"
    if manifest["identity"]["sources"] != counts_digest():
        yield "made by another state of the program: nothing was computed again"
        return
    there, planned = There(folder, manifest), open_study(folder).scenario
    counts = there.read(COUNTS)
    if counts is None:
        raise Differs(f"{COUNTS} is missing")
    simulation = Simulation(planned)
    simulation.prepare()
    if there.has(RUNS):
        yield from _rows(folder / RUNS, simulation, pieces)
    yield from _counts("runs", Simulation(planned, rows=False), counts)
    parts = {}
    for name in there.parts:
        experiment = part(name).experiment(planned)
        done = there.part(name, fingerprint(experiment), experiment.units)
        if done is None or done.units != experiment.units:
            raise Differs(f"{name}.npz is not what the scenario's {name} would be counted in")
        yield from _counts(name, experiment, done.piece)
        parts[name] = done
    rows = folder / RUNS if there.has(RUNS) else None
    yield from _tables(there, Made(counts, simulation.samples(), rows, parts))


def _rows(path: Path, simulation: Simulation, pieces: int) -> Iterator[str]:
    """Stretches of runs against their rows."""
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


def _counts(name: str, experiment: Experiment, kept: Piece) -> Iterator[str]:
    """All counts of an experiment against what they are computed again, if it is small."""
    size = f"{experiment.units:,} {experiment.noun}"
    if experiment.units * experiment.weight > FEW:
        yield f"{name}: the counts of {size} were not computed again, which are too many"
        return
    again = merged(carried_out(experiment))
    for key in sorted(again.keys() | kept.keys()):
        if key not in kept or key not in again or not np.array_equal(again[key], kept[key]):
            raise Differs(f"{name}: {key} is not what {size} give")
    yield f"{name}: all counts of {size} as computed again"


def _tables(there: There, made: Made) -> Iterator[str]:
    """All files that are made from counts against those counts."""
    names = [name for name in there.manifest["files"] if name != RUNS and not name.endswith(".png")]
    kept = open_study(there.folder)
    study = study_of(kept.scenario, there.manifest["name"], there.folder, made, kept.targets)
    if dict(study.counts) != there.manifest["counts"]:
        raise Differs(f"{store.MANIFEST} has other counts of outcomes than {COUNTS}")
    again = files_of(study, made, figures=False)
    for name in names:
        content = again.get(name)
        if not isinstance(content, bytes) or content != (there.folder / name).read_bytes():
            raise Differs(f"{name} is not what the counts give")
    yield f"{', '.join(names)}: as made again from the counts"
