"""Whether an answer is what its scenario gives: checksums, units computed again, tables made again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from sim.compute.experiment import ROW, Experiment, Piece, fingerprint, merged
from sim.compute.fingerprints import counts_digest, presentation_digest
from sim.compute.journal import unpacked
from sim.compute.scheduler import PIECE, carried_out
from sim.engines.warm_up import ready
from sim.errors import StoreError, StudyError
from sim.experiments.question import Question
from sim.experiments.runner import Answer, files_of, opened, page_beside
from sim.experiments.study.answer import Study
from sim.results import store
from sim.results.folder import COUNTS, FIGURE, PAGE, Kept

FEW = (
    65_536  # plain runs, or what takes as long, that are all computed again, so that every count is compared
)


class Differs(Exception):
    """The answer is not what its scenario gives; its text names the first difference."""


def verified(folder: Path, pieces: int) -> Iterator[str]:
    """Compare an answer with what its scenario gives; a line for each thing compared, once it is found the same.

    Of an experiment too large to be carried out again, ``pieces`` stretches of units are; which, the seed decides.
    Raises Differs at the first difference, StudyError if the folder holds no answer.
    """
    try:
        manifest = store.read_manifest(folder)
    except StoreError:
        raise Differs(f"{store.MANIFEST} is not as it was written") from None
    if manifest is None:
        raise StudyError(f"{folder}: holds no result")
    for name in store.damaged(folder, manifest):
        raise Differs(f"{name} is missing, or not as it was written")
    yield f"{len(manifest['files'])} files: checksums as written"
    if manifest.get("sources") != counts_digest():
        yield "made by another state of the program: nothing was computed again"
        return
    kept = Kept(folder, manifest)
    try:
        found = opened(kept)
    except StoreError as error:
        raise Differs(str(error)) from None
    question = found.question
    for key, value in _said_twice(question, found).items():
        if manifest.get(key, value) != value:
            raise Differs(f"{store.MANIFEST} says {key} {manifest[key]}, and its scenario {value}")
    ready(question.scenario)
    counts: dict[str, Piece] = {}
    if question.computable:
        yield from question.verified(kept, pieces)
    else:
        yield "played by actors of the user's own: no run was computed again"
    yield from _stages(question, kept, pieces, counts)
    yield from _made_again(question, kept, counts)


def _said_twice(question: Question, found: Answer) -> dict[str, Any]:
    """What a manifest repeats of the scenario and of what was asked."""
    own, scenario = question.scenario.study, question.scenario
    said = {"runs": own.runs, "days": own.days, "seed": own.seed, "title": scenario.title}
    said |= {"changes": list(question.changed)}
    return said | ({"name": found.name} if isinstance(found, Study) else {})


def _stages(question: Question, kept: Kept, pieces: int, counts: dict[str, Piece]) -> Iterator[str]:
    """The counts of each stage, which are put into ``counts``, against what its experiment gives."""
    stages = question.stages()
    stage = next(stages, None)
    while stage is not None:
        name, experiment = stage.name, stage.experiment
        note = kept.manifest["stages"].get(name)
        if note != {"units": experiment.units, "identity": fingerprint(experiment)}:
            raise Differs(f"{name}{COUNTS} is not what the scenario's {name} would be counted in")
        counts[name] = piece = unpacked((kept.folder / f"{name}{COUNTS}").read_bytes())
        if question.computable:
            yield _compared(name, experiment, piece, pieces, question.scenario.study.seed)
        try:
            stage = stages.send(piece)
        except StopIteration:
            stage = None


def _compared(name: str, experiment: Experiment, kept: Piece, pieces: int, seed: int) -> str:
    """What was compared of an experiment's counts. Raises Differs."""
    noun, units = experiment.noun, experiment.units
    if units * experiment.weight <= FEW:
        _same(name, merged(carried_out(experiment)), kept, f"{units:,} {noun}")
        return f"{name}: all counts of {units:,} {noun} as computed again"
    rows = {key: array for key, array in kept.items() if key.startswith(ROW)}
    if not rows:
        return f"{name}: the counts of {units:,} {noun} were not computed again, which are too many"
    length = max(1, min(units, round(PIECE / experiment.weight)))
    drawn = Random(seed)
    firsts = sorted({drawn.randrange(units - length + 1) for _ in range(pieces)})
    for first in firsts:
        again = experiment.compute(first, length)
        part = {key: array[first : first + length] for key, array in rows.items()}
        _same(name, {key: again[key] for key in rows if key in again}, part, _stretch(noun, first, length))
    told = ", ".join(_stretch("", first, length).strip() for first in firsts)
    return f"{name}: {noun} {told} of {units:,} as computed again"


def _stretch(noun: str, first: int, length: int) -> str:
    return f"{noun} {first:,} to {first + length - 1:,}" if length > 1 else f"{noun} {first:,}"


def _same(name: str, again: Piece, kept: Piece, units: str) -> None:
    for key in sorted(again.keys() | kept.keys()):
        if key not in kept or key not in again or not np.array_equal(again[key], kept[key]):
            raise Differs(f"{name}: {key} is not what {units} give")


def _made_again(question: Question, kept: Kept, counts: dict[str, Piece]) -> Iterator[str]:
    """All files that are made from counts against those counts, but for figures."""
    if kept.manifest["presentation"] != presentation_digest():
        yield "tables and page were made by another state of the program, and not made again"
        return
    found = Answer(question, question.tables(counts), kept.folder)
    again = files_of(found, figures=False)
    again[PAGE] = page_beside(found, kept.manifest["files"])
    others = (FIGURE, COUNTS, *question.beyond_counts)
    names = [name for name in kept.manifest["files"] if not name.endswith(others)]
    for name in names:
        content = again.get(name)
        if not isinstance(content, bytes) or content != (kept.folder / name).read_bytes():
            raise Differs(f"{name} is not what the counts give")
    yield f"{', '.join(names)}: as made again from the counts"
