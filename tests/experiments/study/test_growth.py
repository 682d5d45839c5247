"""A study grows, goes on after any stop, and gains parts: always to the bytes of one that was never disturbed."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, cast

import pandas as pd
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from sim.compute import scheduler as work
from sim.compute.experiment import ROW, Piece
from sim.errors import BrinkError, Interrupted, StoreError, StudyError
from sim.experiments.study import parts
from sim.experiments.study.simulation import Simulation
from sim.experiments.study.study import Study, list_studies, open_study, run
from sim.results import rows
from sim.results.rows import RowsFile
from sim.scenario.files import load
from sim.scenario.scenario import Scenario
from tests.results.test_store import at_operation, contents, fail, names
from tests.support.random_scenarios import SCENARIOS

REPOSITORY = Path(__file__).parents[3]
RUNS, DAYS = 60, 6


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "PIECE", 10)
    monkeypatch.setitem(parts.PARTS, "digits", "tests.support.toys")


@cache
def duel() -> Scenario:
    return load(SCENARIOS / "duel.toml")


def study(**given: Any) -> Study:
    asked: dict[str, Any] = {"runs": RUNS, "days": DAYS, "figures": False, "name": "x"}
    return run(duel(), **asked | given)


def whole(**given: Any) -> dict[str, bytes]:
    """Files of a study that nothing disturbed."""
    with TemporaryDirectory() as folder:
        made = study(out=folder, **given).folder
        assert made is not None
        return contents(made)


@contextmanager
def computing() -> Iterator[set[int]]:
    """The plain runs that are computed meanwhile; those that a sample is drawn from are not."""
    seen: set[int] = set()
    real = Simulation.compute

    def compute(self: Simulation, first: int, count: int) -> Piece:
        seen.update(range(first, first + count))
        return real(self, first, count)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Simulation, "compute", compute)
        yield seen


# Growing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize(("few", "many"), [(10, 60), (7, 23), (59, 60), (1, 2)])
def test_more_runs_of_a_study_are_added_and_give_that_of_all_runs(few: int, many: int, kept: bool) -> None:
    study(runs=few, rows=kept)
    with computing() as seen:
        study(runs=many, rows=kept)
    assert seen == set(range(few, many))
    assert contents(Path("results/x")) == whole(runs=many, rows=kept)
    assert names("results") == ["x"]


@pytest.mark.parametrize("group", [1, 7, 10, 64])
def test_row_groups_are_of_one_size_however_a_study_grew(group: int, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyarrow.parquet as pq

    monkeypatch.setattr(rows, "ROW_GROUP", group)
    for runs in (5, 20, 41, 70):
        study(runs=runs)
    assert contents(Path("results/x")) == whole(runs=70)
    meta = pq.ParquetFile("results/x/runs.parquet").metadata
    sizes = [meta.row_group(i).num_rows for i in range(meta.num_row_groups)]
    assert sizes == [group] * (70 // group) + ([70 % group] if 70 % group else [])
    assert list(open_study("x").rows["run"]) == list(range(70))


def test_fewer_runs_than_are_there_are_the_first_of_them_and_what_is_there_stays() -> None:
    study(runs=40)
    with computing() as seen:
        first = study(runs=20)
        assert first.summary()["n"].eq(20).all()
        assert len(first.rows) == 20
    assert not seen  # both are read from the rows that are there
    alone = run(duel(), runs=20, days=DAYS, save=False)
    assert first.folder is None
    assert set(first.tables) == set(alone.tables)
    for name, table in alone.tables.items():
        pd.testing.assert_frame_equal(first.tables[name], table)
    assert first.report() == alone.report()
    assert contents(Path("results/x")) == whole(runs=40)


def test_of_a_study_without_rows_fewer_runs_are_computed() -> None:
    study(runs=40, rows=False)
    assert study(runs=20, rows=False).counts == run(duel(), runs=20, days=DAYS, save=False).counts


def test_a_study_that_has_grown_beyond_the_plan_is_left_as_it_is_unless_told_otherwise() -> None:
    study(runs=40)
    with computing() as seen:
        assert run(duel().replace({"study.runs": 20}), days=DAYS, figures=False, name="x").runs == 40
    assert not seen


@pytest.mark.parametrize("file", ["counts.npz", "runs.parquet"])
def test_a_study_that_is_damaged_is_not_built_upon(file: str) -> None:
    study(runs=40)
    path = Path("results/x") / file
    path.write_bytes(path.read_bytes()[:-9])
    study(runs=50)
    assert contents(Path("results/x")) == whole(runs=50)


def test_what_is_made_from_counts_is_made_again_without_a_run() -> None:
    study()
    before = contents(Path("results/x"))
    Path("results/x/curves.parquet").write_bytes(b"")
    with computing() as seen:
        study()
    assert not seen
    assert contents(Path("results/x")) == before


def test_runs_that_never_met_in_one_memory_have_numbers_that_go_on() -> None:
    """Beyond 2³², where a number of a run no longer fits half a word."""
    far = 2**32 + 5
    with RowsFile(Path("far.parquet"), duel()) as file:
        file.runs = far
        piece = Simulation(duel(), "batch").compute(far, 3)
        file.take(piece)
    found = pd.read_parquet("far.parquet")
    assert list(found["run"]) == [far, far + 1, far + 2]
    one = Simulation(duel(), "batch").compute(far + 1, 1)
    assert found["deaths"][1] == one[f"{ROW}deaths"][0]


# Without rows -----------------------------------------------------------------------------------


def test_without_rows_all_else_is_the_same() -> None:
    with_rows, without = whole(), whole(rows=False)
    assert set(with_rows) - set(without) == {"runs.parquet"}
    assert {name for name in without if without[name] != with_rows[name]} == {"manifest.json"}


def test_rows_that_were_not_kept_are_told_in_words_and_made_when_they_are_asked_for() -> None:
    kept = study(rows=False)
    assert not kept.has_rows
    with pytest.raises(StudyError, match="no row a run was kept"):
        _ = kept.rows
    assert study().has_rows
    assert contents(Path("results/x")) == whole()
    assert study(rows=False).has_rows  # what is there is not thrown away


# Parts ------------------------------------------------------------------------------------------


def test_a_part_has_tables_json_and_a_section_before_the_limits() -> None:
    made = study(parts=("digits",))
    assert made.parts == {"digits": ("digits", "squares")}
    assert list(made.part("digits")["digits"]["count"]) == [6] * 10
    assert list(made.part("digits")["squares"]["square"]) == [run**2 for run in range(RUNS)]
    assert made.to_json()["digits"] == {"counts": [6] * 10}
    text = Path("results/x/report.md").read_text()
    assert "\n## Digits\n\n60 of 60 runs.\n\n" in text.split("## What this says")[0]
    assert {"digits.parquet", "squares.parquet", "digits.npz"} <= set(names("results/x"))
    assert study(parts=("digits",), save=False).to_json()["digits"] == {"counts": [6] * 10}


def test_a_part_that_is_missing_is_added_and_nothing_else_is_computed() -> None:
    study()
    with computing() as seen:
        made = study(parts=("digits",))
    assert not seen
    assert contents(Path("results/x")) == whole(parts=("digits",))
    before = {path.name: path.stat().st_mtime_ns for path in Path("results/x").iterdir()}
    assert study().parts == made.parts
    assert {path.name: path.stat().st_mtime_ns for path in Path("results/x").iterdir()} == before


def test_a_part_grows_with_its_study() -> None:
    study(runs=20, parts=("digits",))
    study(runs=45)
    assert contents(Path("results/x")) == whole(runs=45, parts=("digits",))


def test_a_part_that_does_not_exist_is_told_with_those_that_do() -> None:
    with pytest.raises(StudyError, match='no part "dice"; known: rare, twins, attribution, arms, digits'):
        study(parts=("dice",))
    with pytest.raises(StudyError, match='no part "digits"; it has: none'):
        study().part("digits")
    assert names("results") == ["x"]


def test_a_scenario_with_arms_always_has_the_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(parts.PARTS, "arms", "tests.support.toys")
    assert parts.asked(duel(), ()) == ()
    object.__setattr__(
        armed := duel().replace({"study.runs": 3}), "__dict__", armed.__dict__ | {"arms": (1,)}
    )
    assert parts.asked(armed, ()) == ("arms",)
    assert parts.asked(armed, ("twins", "arms")) == ("twins", "arms")


# Stopping ---------------------------------------------------------------------------------------

RUN = """
import sys
sys.path.insert(0, {repository!r})
import sim.compute.scheduler, sim.experiments.study.parts
from sim.errors import BrinkError
sim.compute.scheduler.PIECE = 10
sim.experiments.study.parts.PARTS["digits"] = "tests.support.toys"
from tests.results.test_store import at_operation
from tests.experiments.study.test_growth import study
import os, signal
with at_operation({number}, lambda: os.kill(os.getpid(), signal.SIGKILL)) as begun:
    study(out={out!r}, parts=("digits",))
print(len(begun))
"""


def other_process(out: str, number: int) -> subprocess.Popen[str]:
    code = RUN.format(repository=str(REPOSITORY), number=number, out=out)
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)


def killed_at(numbers: list[int]) -> None:
    undisturbed = whole(parts=("digits",))
    for number in numbers:
        out = str(Path(f"killed/{number}").absolute())
        stopped = other_process(out, number)
        stopped.communicate()
        assert stopped.returncode == -signal.SIGKILL, number
        found = Path(out, "x")
        assert not found.exists() or contents(found) == undisturbed
        study(out=out, parts=("digits",))
        assert contents(found) == undisturbed, number
        assert names(out) == ["x"]


def operations() -> int:
    """How many operations on files a study is."""
    with at_operation(-1, lambda: None) as begun:
        study(out="counted", parts=("digits",))
    return len(begun)


def test_a_study_killed_at_an_operation_on_a_file_goes_on_to_the_same_bytes() -> None:
    killed_at(Random(1).sample(range(operations()), 3))


@pytest.mark.deep
def test_a_study_killed_at_any_of_many_operations_goes_on_to_the_same_bytes() -> None:
    every = range(operations())
    killed_at(Random(2).sample(every, min(40, len(every))))


@pytest.mark.deep
def test_a_study_killed_at_any_moment_goes_on_to_the_same_bytes() -> None:
    undisturbed, drawn = whole(parts=("digits",)), Random(3)
    began = time.monotonic()
    other_process(str(Path("timed").absolute()), -1).communicate()
    lasts = time.monotonic() - began
    for number in range(20):
        out = str(Path(f"killed/{number}").absolute())
        for _ in range(drawn.randrange(1, 4)):
            stopped = other_process(out, -1)
            time.sleep(lasts * drawn.uniform(0.3, 1.0))
            stopped.kill()
            stopped.communicate()
        study(out=out, parts=("digits",))
        assert contents(Path(out, "x")) == undisturbed
        assert names(out) == ["x"]


ERRORS = [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT, errno.EACCES]


@pytest.mark.parametrize("error", ERRORS)
def test_a_study_whose_files_cannot_be_written_is_the_old_one_or_the_new(error: int) -> None:
    failing(error, 4)


@pytest.mark.deep
@pytest.mark.parametrize("error", ERRORS)
def test_whichever_operation_on_a_file_fails_the_study_is_the_old_one_or_the_new(error: int) -> None:
    failing(error)


def failing(error: int, most: int = 10**9) -> None:
    """One line says so, nothing is half-written, and the same again goes on."""
    old, new = whole(runs=20), whole(runs=40, parts=("digits",))

    def grow(out: str) -> None:
        study(out=out, runs=40, parts=("digits",), executor="threads:1")

    study(out="counted", runs=20)
    with at_operation(-1, lambda: None) as begun:
        grow("counted")
    every = range(len(begun))
    for number in Random(error).sample(every, min(most, len(every))):
        out = f"results/{number}"
        study(out=out, runs=20)
        refused: BrinkError | None = None
        with at_operation(number, fail(error)):
            try:
                grow(out)
            except BrinkError as told:
                refused = told
        found = contents(Path(out, "x"))
        assert found in ([old, new] if refused else [new]), (number, begun[number])
        if refused:
            assert "\n" not in str(refused)
            assert os.strerror(error) in str(refused)
        grow(out)
        assert contents(Path(out, "x")) == new
        assert names(out) == ["x"]


def test_a_second_process_on_the_same_study_is_refused() -> None:
    refused: list[BrinkError] = []

    def meanwhile(*_: int) -> None:
        if not refused:
            with pytest.raises(StoreError, match="another process is writing this study") as told:
                study()
            refused.append(told.value)

    study(progress=meanwhile)
    assert len(refused) == 1
    assert contents(Path("results/x")) == whole()


class Stopped(RuleBasedStateMachine):
    """Any course of running, stopping and damage; at its end the study is that which nothing disturbed."""

    def __init__(self) -> None:
        super().__init__()
        self.home = TemporaryDirectory()
        self.runs = 0  # of the study that is whole

    @rule(runs=st.sampled_from([15, 33, 60]), digits=st.booleans(), kept=st.booleans())
    def run(self, runs: int, digits: bool, kept: bool) -> None:
        if runs < self.runs:  # answered from the first runs of those that are there
            assert study(out=self.home.name, runs=runs).runs == runs
            return
        study(out=self.home.name, runs=runs, parts=("digits",) if digits else (), rows=kept)
        self.runs = runs

    @rule(after=st.integers(1, 9), runs=st.sampled_from([33, 60]), digits=st.booleans())
    def stop(self, after: int, runs: int, digits: bool) -> None:
        told: list[int] = []

        def progress(done: int, every: int) -> None:
            told.append(done)
            if len(told) == after:
                raise KeyboardInterrupt

        if runs < self.runs:
            return
        try:
            study(out=self.home.name, runs=runs, parts=("digits",) if digits else (), progress=progress)
        except Interrupted:
            return
        self.runs = runs

    @rule(seed=st.integers(0, 2**32))
    def damage(self, seed: int) -> None:
        place = Random(seed)  # how many pieces there are when work was stopped is the threads' affair
        pieces = sorted(Path(self.home.name).rglob("*.piece")) + sorted(Path(self.home.name).rglob("*.npz"))
        pieces += sorted(Path(self.home.name).rglob("*.parquet"))
        for path in place.sample(pieces, min(2, len(pieces))):
            data = bytearray(path.read_bytes())
            if place.random() < 0.5 or not data:
                path.write_bytes(bytes(data[: place.randrange(len(data) + 1)]))
            else:
                data[place.randrange(len(data))] ^= 1 << place.randrange(8)
                path.write_bytes(bytes(data))

    @rule()
    def lose_a_piece(self) -> None:
        for path in sorted(Path(self.home.name).rglob("*.piece"))[1:2]:
            path.unlink()

    @invariant()
    def there_is_one_study_or_none(self) -> None:
        found = list_studies(self.home.name)
        assert [each["runs"] for each in found] == ([self.runs] if self.runs else [])

    def teardown(self) -> None:
        made = study(out=self.home.name, runs=60, parts=("digits",))
        assert made.folder is not None
        assert contents(made.folder) == undisturbed()
        assert names(self.home.name) == ["x"]
        self.home.cleanup()


@cache
def undisturbed() -> dict[str, bytes]:
    return whole(runs=60, parts=("digits",))


def stateful(examples: int) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    def machine() -> Stopped:
        """Not the class itself: to find its source, the file is parsed, at which CPython 3.11 sometimes fails (gh-106905)."""
        return Stopped()

    run_state_machine_as_test(
        cast(Any, machine),
        settings=settings(max_examples=examples, stateful_step_count=6, deadline=None, derandomize=True),
    )


def test_any_course_of_stops_and_damage_ends_in_the_same_bytes() -> None:
    stateful(5)


@pytest.mark.deep
def test_any_long_course_of_stops_and_damage_ends_in_the_same_bytes() -> None:
    stateful(200)


# Whoever computes -------------------------------------------------------------------------------


@pytest.mark.parametrize("executor", ["threads:1", "threads:3", "processes:2"])
def test_whoever_computes_a_study_its_bytes_are_the_same(executor: str) -> None:
    study(executor=executor, parts=("digits",))
    assert contents(Path("results/x")) == whole(parts=("digits",))


@pytest.mark.deep
def test_a_dask_cluster_gives_the_same_bytes() -> None:
    study(executor="dask:2", parts=("digits",))
    assert contents(Path("results/x")) == whole(parts=("digits",))


def test_a_script_that_cannot_be_followed_names_the_lowest_run_whoever_computes() -> None:
    script = [{"day": 0, "actor": "north", "signal": "raid"}]
    needy = duel().replace({"signals.raid.needs": {"posture": 2.0}, "script": script})
    said = set()
    for executor in ("threads:1", "threads:3"):
        with pytest.raises(BrinkError, match="run 0") as told:
            run(needy, RUNS, DAYS, executor=executor, save=False)
        said.add(str(told.value))
    assert len(said) == 1
