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
from contextlib import contextmanager, suppress
from functools import lru_cache, partial
from typing import Any

from sim.compute.experiment import Experiment, Piece
from sim.compute.journal import squeezed
from sim.errors import StudyError

KNOWN = "threads, threads:N, processes, processes:N, dask, dask:N or dask:tcp://HOST:PORT"
MOST_WORKERS = 1024
Computed = Piece | bytes
"""A piece as it comes from whoever computed it: squeezed (:func:`sim.compute.journal.squeezed`) if it had to travel."""


UNWATCHED = {
    "distributed.worker.profile.enabled": False,
    "distributed.worker.memory.monitor-interval": "2s",
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.admin.tick.interval": "2s",
}
"""Nobody looks at the dashboard of a cluster that lives for one command; to watch itself took it 5 % of two cores."""


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
    """A cluster on this machine with ``where`` processes, or the one at that address."""
    try:
        import dask
        import distributed
    except ImportError:
        raise StudyError(
            'executor "dask": Dask is not installed; pip install "brink[distributed]" installs it'
        ) from None
    remote = "://" in where
    options: dict[str, Any] = (
        {"address": where}
        if remote
        else {
            "n_workers": int(where or _cores()),
            "threads_per_worker": 1,
            "processes": True,
            "dashboard_address": None,
            "silence_logs": logging.CRITICAL,  # what fails comes back with its piece; the rest is leave-taking
        }
    )
    try:
        with dask.config.set({} if remote else UNWATCHED):
            client: Any = distributed.Client(**options, set_as_default=False)
    except (OSError, TimeoutError) as error:
        raise StudyError(f'executor "dask:{where}": cannot be reached ({error})') from None
    try:
        threads = sum(client.nthreads().values()) if remote else int(where or _cores())
        executor = client.get_executor(pure=False)
        yield Crew(max(1, threads), lambda: executor, travels=True, renews=False)
    finally:
        with suppress(Exception):  # a scheduler that is gone cannot be taken leave of
            client.close()
        if not remote:
            with suppress(Exception):
                client.cluster.close()


def _cores() -> int:
    """Cores that this process may use."""
    return os.cpu_count() or 1
