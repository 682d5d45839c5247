"""The same study gives the same bytes: threads, pieces, order, lanes, engine, process and folder do not matter.

And the rules on disk are the rules that run: compiled code is never older than its sources.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import fields
from functools import cache
from pathlib import Path
from random import Random

import pandas as pd
import pytest

import sim.compute.scheduler
import sim.engines.mesa.many
from sim.engines.batch.compiler import cache_folder, is_compiled
from sim.engines.batch.engine import Program
from sim.engines.tally import Batch, joined
from sim.experiments.study.study import Study, run
from sim.results.study import TABLES
from sim.scenario.files import load
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import Outcome
from tests.conftest import REPOSITORY, in_a_new_process
from tests.support.random_scenarios import SCENARIOS


@cache
def standoff() -> Scenario:
    return load(SCENARIOS / "standoff.toml")


def sha256(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def of_batch(batch: Batch) -> str:
    """Hash of all that a batch counts."""
    tally = (getattr(batch.tally, field.name).tobytes() for field in fields(batch.tally))
    return sha256([*(column.tobytes() for column in batch.rows.values()), *tally])


def of_study(study: Study) -> str:
    """Hash of a study's tables."""
    return sha256(pd.util.hash_pandas_object(study.table(name)).to_numpy().tobytes() for name in TABLES)


def of_folder(folder: Path) -> dict[str, str]:
    """Hash of each file in a folder."""
    return {path.name: sha256([path.read_bytes()]) for path in sorted(folder.iterdir())}


# One study, however it is computed --------------------------------------------------------------


@pytest.mark.parametrize(("threads", "piece"), [(1, 1024), (2, 64), (5, 100), (3, 7), (1, 1)])
def test_threads_and_pieces_do_not_matter(threads: int, piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = of_study(run(standoff(), runs=300, days=12, save=False))
    monkeypatch.setattr(sim.compute.scheduler, "PIECE", piece)
    monkeypatch.setattr(os, "cpu_count", lambda: threads)
    assert of_study(run(standoff(), runs=300, days=12, save=False)) == expected


def test_the_engine_does_not_matter() -> None:
    studies = [run(standoff(), runs=40, days=15, engine=engine, save=False) for engine in ("batch", "mesa")]
    assert of_study(studies[0]) == of_study(studies[1])


def test_the_order_in_which_pieces_are_computed_does_not_matter() -> None:
    program, pieces = Program.of(standoff()), list(range(0, 500, 50))
    expected = of_batch(program.simulate(3, 0, 500, 20))
    Random(1).shuffle(pieces)
    found = {first: program.simulate(3, first, 50, 20) for first in pieces}
    assert of_batch(joined(found[first] for first in sorted(found))) == expected


@pytest.mark.parametrize("first", [5, 63, 64, 10**12 - 90])
def test_a_runs_lane_does_not_matter(first: int) -> None:
    """73 runs that begin in the middle of a block of 64 are those of a longer stretch that begins elsewhere."""
    program = Program.of(standoff())
    alone, among = program.simulate(3, first, 73, 20), program.simulate(3, first - 5, 90, 20)
    for name, column in alone.rows.items():
        assert (column == among.rows[name][5:78]).all(), name
    single = joined(program.simulate(3, first + place, 1, 20) for place in range(73))
    assert of_batch(single) == of_batch(alone)


def test_another_seed_gives_other_bytes() -> None:
    program = Program.of(standoff())
    assert of_batch(program.simulate(3, 0, 64, 5)) != of_batch(program.simulate(4, 0, 64, 5))


def study_elsewhere(folder: Path, hash_seed: int) -> None:
    """The study of the test below, by another process with another order of its sets."""
    environment = os.environ | {
        "PYTHONHASHSEED": str(hash_seed),
        "PYTHONPATH": str(REPOSITORY),
        "TZ": "Asia/Tokyo",
    }
    code = f"import sim; sim.run(sim.load({str(SCENARIOS / 'standoff.toml')!r}), runs=120, days=20, out={str(folder)!r})"
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, cwd=folder.parent)


def test_the_same_study_is_the_same_bytes_in_every_file(tmp_path: Path) -> None:
    """Tables, report, manifest and figures: again, in another folder, and in another process."""
    here = run(standoff(), runs=120, days=20, out=tmp_path / "here").folder
    study_elsewhere(tmp_path / "elsewhere", hash_seed=12345)
    assert here is not None
    files = of_folder(here)
    assert len(files) == 11
    assert of_folder(tmp_path / "elsewhere" / here.name) == files
    again = run(standoff(), runs=120, days=20, out=tmp_path / "there" / "deep", name=here.name).folder
    assert again is not None
    different = {name for name, digest in of_folder(again).items() if files[name] != digest}
    assert different <= {"manifest.json", "report.md"}  # which tell its name


# The rules on disk are the rules that run -------------------------------------------------------

EDITED = [
    ("rules/act.py", "return kept * tempo", "return 0.5 * kept * tempo"),
    ("schema/coefficients.py", '"steepness of the war risk"', '"the steepness of the war risk"'),
    ("engines/tally.py", '"contact",', '"contact",  # edited'),
    ("engines/batch/choice.py", '"""Choose, in lanes:', '"""Choose, in the lanes:'),
    ("schema/signals.toml", "hostility = 0.45", "hostility = 0.46"),
    ("results/curves.py", '"""Curves by day', '"""The curves by day'),
    ("rules/end.py", '"""End: how', '"""How'),
]
COMPILES = {"schema/signals.toml": False, "results/curves.py": False}
SHOWS = {"results/curves.py"}  # tables of counts; all others make counts


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the package, to be edited."""
    shutil.copytree(
        REPOSITORY / "sim", tmp_path / "copy" / "sim", ignore=shutil.ignore_patterns("__pycache__")
    )
    return tmp_path / "copy"


def in_copy(copy: Path, code: str, cache: Path | None = None) -> str:
    """What a script prints that runs on the copied package, with a cache of its own unless one is given."""
    environment = os.environ | {
        "PYTHONPATH": str(copy),
        "BRINK_CACHE": str(cache or copy / "cache"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=copy, capture_output=True, text=True, check=True
    )
    return done.stdout


def edit(copy: Path, file: str, before: str, after: str) -> None:
    path = copy / "sim" / file
    text = path.read_text(encoding="utf-8")
    assert before in text, f"{file} no longer has {before!r}"
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


STATES = """
from sim.compute.fingerprints import PACKAGE, counts_digest, presentation_digest
from sim.engines.batch.compiler import cache_folder
for file, before, after in {edited!r}:
    path = PACKAGE / file
    text = path.read_text()
    for content in (text, text.replace(before, after, 1), text):
        path.write_text(content)
        for made in (counts_digest, presentation_digest, cache_folder): made.cache_clear()
        print(file, counts_digest(), presentation_digest(), cache_folder())
"""


def test_an_edit_of_any_source_names_another_state(copied: Path) -> None:
    """Of results always, of compiled code where it is made from that file; and the old text the old state."""
    for file, before, _ in EDITED:
        assert before in (copied / "sim" / file).read_text(encoding="utf-8"), (
            f"{file} no longer has {before!r}"
        )
    lines = [line.split() for line in in_copy(copied, STATES.format(edited=EDITED)).splitlines()]
    assert len(lines) == 3 * len(EDITED)
    for old, new, restored in zip(lines[::3], lines[1::3], lines[2::3], strict=True):
        assert old == restored
        assert (old[1] != new[1]) == (old[0] not in SHOWS), old[0]
        assert (old[2] != new[2]) == (old[0] in SHOWS), old[0]
        assert (old[3] != new[3]) == COMPILES.get(old[0], True), old[0]


def test_another_copy_of_the_package_is_not_taken_for_compiled(copied: Path) -> None:
    """Kernels are kept by place: in a second checkout they are compiled before work begins, which is said."""
    Program.of(load(REPOSITORY / "scenarios" / "duel.toml")).compile()
    assert is_compiled()
    told = "from sim.engines.batch import engine, compiler; print(compiler.is_compiled())"
    assert in_copy(copied, told, cache=Path(cache_folder()).parents[1]).split() == ["False"]


def test_compiled_code_is_kept_for_every_source_that_it_is_made_from() -> None:
    """No module that the kernels see imports one of ours that the name of the cache does not know of."""
    code = (
        "import sys, sim.engines.batch.engine, sim.compute.fingerprints, sim.engines.batch.compiler as c\n"
        "known = {p for pattern in c.COMPILED for p in sim.compute.fingerprints.PACKAGE.glob(pattern)}\n"
        "for n, m in sorted(sys.modules.items()):\n"
        "    if n.startswith('sim.') and m.__file__ and not any(str(p) == m.__file__ for p in known): print(n)"
    )
    done = in_a_new_process(code)
    # They hold no number that a kernel uses: scenarios are read by Python, which hands their numbers over.
    harmless = {
        f"sim.{name}"
        for name in (
            "compute", "compute.fingerprints", "engines", "engines.branches", "errors", "schema", "schema.claims",
            "schema.plans", "text",
        )
    }  # fmt: skip
    found = {name for name in done.stdout.split() if not name.startswith("sim.scenario")}
    assert found <= harmless


RESULT = """
import hashlib, sim
from sim.engines.batch.engine import Program
batch = Program.of(sim.load({scenario!r})).simulate(1, 0, 256, 30)
print(hashlib.sha256(b"".join(column.tobytes() for column in batch.rows.values())).hexdigest())
"""


@pytest.mark.deep
def test_an_edited_rule_moves_the_result_with_a_warm_cache(copied: Path) -> None:
    """Compiled again where a rule was edited, not where it was put back."""
    code = RESULT.format(scenario=str(SCENARIOS / "duel.toml"))
    before = in_copy(copied, code)
    assert in_copy(copied, code) == before
    edit(copied, "rules/choose.py", "+ 0.5 * me.reciprocity", "+ 0.7 * me.reciprocity")
    assert in_copy(copied, code) != before
    edit(copied, "rules/choose.py", "+ 0.7 * me.reciprocity", "+ 0.5 * me.reciprocity")
    assert in_copy(copied, code) == before
    assert len(list((copied / "cache" / "brink").iterdir())) == 2


def test_outcomes_keep_their_published_numbers() -> None:
    names = [
        "standoff",
        "deescalation",
        "exit",
        "settlement",
        "raid",
        "invasion",
        "attack",
        "loss_of_control",
    ]
    assert [outcome.name for outcome in Outcome] == names
    assert [int(outcome) for outcome in Outcome] == list(range(8))
