"""Who computes: threads of this process, processes, a Dask cluster, or any executor of the caller's.

What is computed never depends on it.
"""

from __future__ import annotations

import logging
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from functools import lru_cache, partial
from typing import Any

from sim.compute.experiment import Experiment, Piece
from sim.compute.interrupts import held, unreached
from sim.compute.journal import squeezed
from sim.errors import StudyError

KNOWN = "threads, threads:N, processes, processes:N, dask, dask:N or dask:tcp://HOST:PORT"
MOST_WORKERS = 1024
Computed = Piece | bytes
"""A piece as it comes from whoever computed it: squeezed (:func:`sim.compute.journal.squeezed`) if it had to travel."""


UNWATCHED = {
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.worker.profile.enabled": False,
    "distributed.worker.memory.monitor-interval": "2s",
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.admin.tick.interval": "2s",
}
"""Nobody looks at a cluster that lives for one command; to watch itself took it 5 % of two cores."""


class Crew:
    """Workers that pieces are given to. ``hire`` makes their executor, and makes it anew when it broke."""

    def __init__(self, workers: int, hire: Callable[[], Executor], travels: bool, renews: bool) -> None:
        self.workers = workers
        self.renews = renews
        self._hire, self._travels = hire, travels
        self._executor = hire()
        self._packed: tuple[Experiment, bytes] | None = None

    def submit(self, experiment: Experiment, first: int, count: int) -> Future[Computed]:
        """Begin to compute a piece. Raises BrokenExecutor if there is nobody left to do it."""
        try:
            return self._submit(experiment, first, count)
        except BrokenExecutor:
            if not self.renews:
                raise
            self._executor.shutdown(wait=False)
            self._executor = self._hire()
            return self._submit(experiment, first, count)

    def _submit(self, experiment: Experiment, first: int, count: int) -> Future[Computed]:
        compute: Callable[[int, int], Computed] = experiment.compute
        if self._travels:
            if self._packed is None or self._packed[0] is not experiment:
                self._packed = experiment, pickle.dumps(experiment)
            compute = partial(computed, self._packed[1])
        with unreached():  # the first piece begins the workers
            return self._executor.submit(compute, first, count)

    def dismiss(self) -> None:
        """Let all workers go; what they had not begun is not done."""
        self._executor.shutdown(wait=True, cancel_futures=True)


def computed(packed: bytes, first: int, count: int) -> bytes:
    """A piece of a pickled experiment, squeezed: what a worker in another process runs."""
    return squeezed(_unpickled(packed).compute(first, count))


@lru_cache(maxsize=4)
def _unpickled(packed: bytes) -> Experiment:
    experiment: Experiment = pickle.loads(packed)
    return experiment


@contextmanager
def crew(executor: Executor | str | None = None) -> Iterator[Crew]:
    """The workers that ``executor`` names, dismissed at the end; an executor of the caller's is left as it is.

    Raises StudyError if it names none, or if Dask is asked for and not installed or not reached.
    """
    if isinstance(executor, Executor):
        workers = getattr(executor, "_max_workers", None) or _cores()
        yield Crew(
            workers, lambda: executor, travels=not isinstance(executor, ThreadPoolExecutor), renews=False
        )
        return
    kind, where = checked(executor)
    if kind == "dask":
        with _dask(where) as found:
            yield found
        return
    workers = int(where) if where else _cores()
    found = Crew(workers, lambda: _pool(kind, workers), travels=kind == "processes", renews=True)
    try:
        yield found
    finally:
        found.dismiss()


def checked(executor: str | None) -> tuple[str, str]:
    """Kind of workers, and how many or where, of ``--executor``; StudyError if it is no such thing."""
    kind, _, where = (executor or "threads").partition(":")
    number = where.isdecimal() and where.isascii() and 1 <= int(where) <= MOST_WORKERS
    address = kind == "dask" and "://" in where
    if kind not in ("threads", "processes", "dask") or not (
        number or address or (not where and executor != f"{kind}:")
    ):
        raise StudyError(f'executor "{executor}": allowed are {KNOWN}, N from 1 to {MOST_WORKERS}')
    return kind, where


def _pool(kind: str, workers: int) -> Executor:
    if kind == "threads":
        return ThreadPoolExecutor(workers)
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    with unreached():  # its helpers begin here
        return ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_serve)


def _serve() -> None:
    """Ctrl-C reaches every process of a terminal, and only the one that gives out the work answers it; with it all go."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    """A worker whose parent was killed would wait for work for ever."""
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)


@contextmanager
def _dask(where: str) -> Iterator[Crew]:
    """A cluster inside this process with ``where`` threads, or the one at that address."""
    try:
        import dask
        import distributed
    except ImportError:
        raise StudyError(
            'executor "dask": Dask is not installed; pip install "brink[distributed]" installs it'
        ) from None
    remote = "://" in where
    with ExitStack() as opened:
        try:
            with held(), dask.config.set({} if remote else UNWATCHED):
                at = where if remote else opened.enter_context(_own_cluster(int(where or _cores())))
                client: Any = distributed.Client(at, set_as_default=False)
                opened.callback(_leave, client)
        except (OSError, TimeoutError) as error:
            raise StudyError(f'executor "dask:{where}": cannot be reached ({error})') from None
        executor = client.get_executor(pure=False)
        yield Crew(max(1, sum(client.nthreads().values())), lambda: executor, travels=True, renews=False)


@contextmanager
def _own_cluster(threads: int) -> Iterator[Any]:
    """A Dask cluster that nobody else can reach: scheduler and worker talk within this process, and no port is open."""
    import distributed

    async def stop_listening() -> None:
        for node in (cluster.scheduler, *cluster.workers.values()):
            node.http_server.stop()  # which Dask opens even if it serves nothing

    cluster = distributed.LocalCluster(
        n_workers=1,
        threads_per_worker=threads,
        processes=False,
        dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL,  # what fails comes back with its piece; the rest is leave-taking
    )
    try:
        cluster.sync(stop_listening)
        yield cluster
    finally:
        _leave(cluster)


def _leave(client_or_cluster: Any) -> None:
    with suppress(Exception):  # a scheduler that is gone cannot be taken leave of
        client_or_cluster.close()


def _cores() -> int:
    """Cores that this process may use."""
    return os.cpu_count() or 1
