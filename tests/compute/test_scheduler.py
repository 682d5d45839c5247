"""Work is cut, done anywhere in any order and given in order: nothing is lost, doubled or hidden."""

from __future__ import annotations

import threading
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.compute import scheduler as work
from sim.compute.executors import checked
from sim.compute.experiment import Piece, fingerprint, merged
from sim.compute.journal import Journal
from sim.compute.scheduler import carried_out, piece_size, tiling
from sim.errors import ScenarioError, StudyError, Unfinished
from tests.support.toys import Refused, Slow, Squares, Troubled


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "PIECE", 10)


def same(one: Piece, other: Piece) -> bool:
    return one.keys() == other.keys() and all(
        one[name].dtype == other[name].dtype and np.array_equal(one[name], other[name]) for name in one
    )


def whole(units: int) -> Piece:
    return merged([Squares(units).compute(0, units)])


def journal(experiment: Any, folder: str = "journal") -> Journal:
    return Journal(Path(folder), fingerprint(experiment))


# In order, whoever does it ----------------------------------------------------------------------


class Shuffled(Executor):
    """Does what it is given in another order than it was given, as late as it can."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.given: list[tuple[Future[Any], Any, tuple[Any, ...]]] = []
        self.most = 0

    def submit(self, fn: Any, /, *args: Any, **_: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.given.append((future, fn, args))
        self.most = max(self.most, len(self.given))
        if len(self.given) == 1:
            threading.Timer(0.01, self._do).start()
        return future

    def _do(self) -> None:
        given, self.given = self.given, []
        self.random.shuffle(given)
        for future, fn, args in given:
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(fn(*args))
            except Exception as error:
                future.set_exception(error)


@pytest.mark.parametrize(
    "executor", [None, "threads:1", "threads:3", "processes:2", ThreadPoolExecutor(2), Shuffled(1)]
)
def test_whoever_computes_and_in_whatever_order_it_comes_to_the_same(executor: Any) -> None:
    assert same(merged(carried_out(Squares(137), executor=executor)), whole(137))


def test_pieces_come_in_order_and_progress_goes_up_to_all() -> None:
    told: list[tuple[int, int]] = []
    pieces = carried_out(Squares(45), executor=Shuffled(2), progress=lambda *done: told.append(done))
    assert [int(piece["row.square"][0]) for piece in pieces] == [0, 100, 400, 900, 1600]
    assert told == [(10, 45), (20, 45), (30, 45), (40, 45), (45, 45)]


def test_no_more_is_handed_out_than_a_few_pieces_for_each_worker() -> None:
    """Though the reader of the pieces is slow, and though the first piece is."""
    executor = Shuffled(3)
    executor._max_workers = 2  # type: ignore[attr-defined]
    assert same(merged(carried_out(Squares(1000), executor=executor)), whole(1000))
    assert executor.most <= 2 * work.A_WORKER


@pytest.mark.parametrize(
    ("runs", "size"),
    [(1, 1024), (16_384, 1024), (16_385, 2048), (1_000_000, 8192), (10**7, 32_768), (10**8, 131_072)],
)
def test_pieces_are_small_for_small_studies_and_no_more_than_thousands_for_large_ones(
    runs: int, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "PIECE", 1024)
    assert piece_size(runs, 1.0) == size
    for workers in (1, 16, 1000):
        pieces = runs / piece_size(runs, 1.0, 1, workers)
        assert min(runs / 1024, 4 * workers) <= pieces <= max(16, 8 * workers, 2 * runs / size)
    assert piece_size(runs // 4, 4.0) in (size // 4, size // 8)  # four runs to a unit
    assert piece_size(1, 10**6) == 1


@given(st.data(), st.integers(1, 300), st.integers(0, 50))
def test_any_tiling_covers_each_unit_once(data: Any, units: int, first: int) -> None:
    first = min(first, units)
    cuts = data.draw(st.lists(st.integers(0, 320), unique=True, max_size=8).map(sorted))
    stored = [(a, b - a) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    tiled = tiling(Squares(units), first, stored)
    assert [unit for cut in tiled for unit in range(cut.first, cut.first + cut.count)] == [
        *range(first, units)
    ]
    assert {(cut.first, cut.count) for cut in tiled if cut.stored} <= set(stored)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=8))
def test_any_cut_of_the_units_merges_to_the_same(counts: list[int]) -> None:
    firsts = np.cumsum([0, *counts[:-1]])
    cut = (Squares(0).compute(int(first), count) for first, count in zip(firsts, counts, strict=True))
    assert same(merged(cut), whole(sum(counts)))


# What was done is not done again ----------------------------------------------------------------


def test_what_the_journal_has_is_not_computed_again() -> None:
    units = Squares(95)
    for first, count in ((0, 7), (30, 10), (50, 3), (90, 5)):
        journal(units).write(first, count, units.compute(first, count))
    asked: list[tuple[int, int]] = []

    class Asked(Squares):
        def compute(self, first: int, count: int) -> Piece:
            asked.append((first, count))
            return super().compute(first, count)

    assert same(merged(carried_out(Asked(95), journal=journal(units))), whole(95))
    assert not {*range(7), *range(30, 40), *range(50, 53), *range(90, 95)} & {
        unit for first, count in asked for unit in range(first, first + count)
    }
    asked.clear()
    assert same(merged(carried_out(Asked(120), journal=journal(units))), whole(120))
    assert sum(count for _, count in asked) == 25


def test_what_is_done_when_work_stops_is_kept() -> None:
    pieces: Any = carried_out(Squares(150), executor="threads:1", journal=journal(Squares(150)))
    next(pieces)
    next(pieces)
    pieces.close()
    assert journal(Squares(150)).ranges()[:2] == [(0, 10), (10, 10)]
    assert not list(Path("journal").glob("*.part"))


def test_a_damaged_piece_is_named_and_computed_again() -> None:
    units = Squares(50)
    assert same(merged(carried_out(units, journal=journal(units))), whole(50))
    path = journal(units).path(20, 10)
    path.write_bytes(path.read_bytes()[:-1])
    said: list[str] = []
    assert same(merged(carried_out(units, journal=journal(units), announce=said.append)), whole(50))
    assert said == [f"{path}: damaged; points 20 to 29 recomputed"]
    assert journal(units).read(20, 10) is not None


def test_damage_is_told_on_stderr_if_nobody_else_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    units = Squares(10)
    journal(units).folder.mkdir()
    journal(units).path(0, 10).write_bytes(b"")
    merged(carried_out(units, journal=journal(units)))
    assert "recomputed" in capsys.readouterr().err


# What fails -------------------------------------------------------------------------------------


def test_a_piece_that_fails_twice_is_tried_again() -> None:
    troubled = Troubled(60, at=25, times=2)
    assert same(merged(carried_out(troubled)), whole(60))


def test_a_piece_that_fails_three_times_is_named_and_the_rest_is_done_and_kept() -> None:
    troubled = Troubled(60, at=25)
    with pytest.raises(Unfinished, match=r"Points 20 to 29 \(ZeroDivisionError: unit 25\) failed 3 times"):
        merged(carried_out(troubled, journal=journal(troubled)))
    assert len(list(Path("tries").iterdir())) == 3
    assert journal(troubled).ranges() == [(first, 10) for first in (0, 10, 30, 40, 50)]
    mended: list[int] = []

    class Mended(Squares):
        def compute(self, first: int, count: int) -> Piece:
            mended.append(first)
            return super().compute(first, count)

    assert same(merged(carried_out(Mended(60), journal=journal(troubled))), whole(60))
    assert mended == [20]


@pytest.mark.parametrize("executor", ["threads:4", "threads:1", "processes:2", Shuffled(4)])
def test_a_mistake_of_the_users_is_raised_at_once_and_is_that_of_the_lowest_unit(executor: Any) -> None:
    refused = Refused(400, at=(33, 47, 95, 399))
    for _ in range(1 if executor == "processes:2" else 3):
        with pytest.raises(ScenarioError, match="unit 33 is refused") as told:
            merged(carried_out(refused, executor=executor, journal=journal(refused)))
        assert told.value.problems == ("unit 33 is refused", "and that is all")


@pytest.mark.parametrize(("how", "times"), [("exit", 1), pytest.param("kill", 2, marks=pytest.mark.deep)])
def test_pieces_of_a_lost_worker_are_done_by_another(how: str, times: int) -> None:
    troubled = Troubled(120, how=how, at=25, times=times)
    assert same(merged(carried_out(troubled, executor="processes:2")), whole(120))


@pytest.mark.deep
def test_a_piece_that_takes_every_worker_with_it_is_named_and_no_other_is() -> None:
    troubled = Troubled(120, how="exit", at=25)
    with pytest.raises(Unfinished, match=r"^Points 20 to 29 \(BrokenProcessPool: [^)]*\) failed 3 times$"):
        merged(carried_out(troubled, executor="processes:2", journal=journal(troubled)))
    assert sum(count for _, count in journal(troubled).ranges()) == 110


def test_an_executor_of_the_callers_is_left_at_work() -> None:
    with ThreadPoolExecutor(1) as pool:
        merged(carried_out(Squares(30), executor=pool))
        assert pool.submit(int, "3").result() == 3


@pytest.mark.parametrize(
    "named",
    [
        "",
        "thread",
        "threads:",
        "threads:0",
        "threads:x",
        "processes:-1",
        "dask:",
        "threads:²",
        "threads:9999",
    ],
)
def test_an_executor_that_is_none_is_refused_with_those_there_are(named: str) -> None:
    if named:
        with pytest.raises(StudyError, match="allowed are threads, threads:N, processes"):
            checked(named)


def test_dask_not_being_installed_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(StudyError, match=r'pip install "brink\[distributed\]"'):
        merged(carried_out(Squares(10), executor="dask:2"))


def test_without_a_journal_the_first_piece_that_fails_for_good_ends_the_work() -> None:
    begun: list[int] = []

    class Failing(Squares):
        def compute(self, first: int, count: int) -> Piece:
            begun.append(first)
            raise ZeroDivisionError(f"unit {first}")

    with pytest.raises(Unfinished, match="failed 3 times"):
        list(carried_out(Failing(100_000), executor="threads:1"))
    assert len(begun) < 20


# Dask -------------------------------------------------------------------------------------------


def test_a_dask_cluster_of_this_machine_comes_to_the_same_and_opens_no_port() -> None:
    psutil = pytest.importorskip("psutil")
    pieces = carried_out(Slow(600), executor="dask:2")
    first = next(pieces)
    me = psutil.Process()
    assert [c for c in me.net_connections("inet") if c.status == psutil.CONN_LISTEN] == []
    assert same(merged([first, *pieces]), whole(600))


@pytest.mark.deep
def test_a_scheduler_elsewhere_that_loses_a_worker_comes_to_the_same() -> None:
    """Two workers, each a process, at a scheduler on loopback; one is killed in the middle."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        pids = [worker.process.process.pid for worker in cluster.workers.values()]
        pieces = carried_out(Slow(600), executor=f"dask:{cluster.scheduler_address}")
        found = [next(pieces), next(pieces)]
        __import__("os").kill(pids[0], 9)
        assert same(merged([*found, *pieces]), whole(600))
