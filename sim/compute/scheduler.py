"""Carry out an experiment: cut into pieces, computed anywhere in any order, given in order, kept as they come."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from dataclasses import dataclass

from sim.compute.executors import Computed, Crew, crew
from sim.compute.experiment import RUNS, Experiment, Piece
from sim.compute.interrupts import heed
from sim.compute.journal import Journal, unsqueezed
from sim.errors import BrinkError, Unfinished

Progress = Callable[[int, int], None]
Announce = Callable[[str], None]
PIECE = 1024  # plain runs simulated at a stretch, at least; results do not depend on it
PIECES = 16  # of that size; a study of more is cut into more and larger ones, both by its square root
A_SHARE = 8  # pieces that there are for each worker, if they need not be smaller for it
LANES = 64  # runs that the compiled engine plays side by side: fewer take it as long
A_WORKER = 3  # pieces that are handed out at a time for each worker
TRIES = 3  # that a piece has


def carried_out(
    experiment: Experiment,
    *,
    executor: Executor | str | None = None,
    journal: Journal | None = None,
    progress: Progress | None = None,
    announce: Announce | None = None,
    first: int = 0,
) -> Iterator[Piece]:
    """Pieces of an experiment in order, from unit ``first`` on; those of the journal are read, not computed.

    What is computed is kept in the journal at once. A piece that fails, or whose worker is lost, is tried
    again; after three times the rest is carried on, kept, and Unfinished raised, which names it. A BrinkError
    is the user's and is raised as soon as all units before are done: that of the first units always.
    ``progress`` is told units done and units in all; ``announce`` what was damaged (else stderr is).
    """
    if first >= experiment.units:
        return
    with crew(executor) as workers:
        cuts = tiling(experiment, first, journal.ranges() if journal else [], workers.workers)
        yield from _Work(experiment, workers, journal, progress, announce or to_stderr).pieces(cuts)


def piece_size(units: int, weight: float, grain: int = 1, workers: int = 1) -> int:
    """Units in a piece, in whole grains: PIECE plain runs, doubled until no more than PIECES for each PIECE in it.

    Three hundred pieces for ten million runs, a thousand for a hundred million: each has its price, in adding up
    and in the journal, and each is lost if the work is killed. For many workers pieces stay smaller, so that
    the last of them do not wait long for one another.
    """
    runs = PIECE
    while units * weight > max(PIECES * (runs / PIECE), A_SHARE * workers) * runs:
        runs *= 2
    return grain * max(1, round(runs / weight / grain))


@dataclass(eq=False)
class Cut:
    """A stretch of units on its way: stored, or at work, or done, or given up."""

    first: int
    count: int
    stored: bool = False
    alone: bool = False  # at work with no other beside it
    tries: int = 0
    piece: Piece | None = None
    error: BaseException | None = None

    def units(self, noun: str) -> str:
        """'runs 1,024 to 2,047'."""
        return f"{noun} {self.first:,} to {self.first + self.count - 1:,}"


def tiling(experiment: Experiment, first: int, stored: list[tuple[int, int]], workers: int = 1) -> list[Cut]:
    """Cuts that cover units ``first`` on: what is stored as it lies, the gaps between in pieces of one size."""
    grain = min(LANES, PIECE) if experiment.noun == RUNS else 1
    size = piece_size(experiment.units, experiment.weight, grain, workers)
    cuts: list[Cut] = []
    at = first
    usable = [each for each in stored if each[0] >= first and sum(each) <= experiment.units]
    for start, count in [*usable, (experiment.units, 0)]:
        while at < start:
            step = min(size - at % size, start - at)
            cuts.append(Cut(at, step))
            at += step
        if count:
            cuts.append(Cut(start, count, stored=True))
            at = start + count
    return cuts


class _Work:
    """The state of one carrying out: who is at what, and what has failed."""

    def __init__(
        self,
        experiment: Experiment,
        workers: Crew,
        journal: Journal | None,
        progress: Progress | None,
        announce: Announce,
    ) -> None:
        self.experiment, self.workers, self.journal = experiment, workers, journal
        self.progress, self.announce = progress, announce
        self.at_work: dict[Future[Computed], Cut] = {}
        self.again: deque[Cut] = deque()  # to be handed out again
        self.suspects: set[Cut] = set()  # one of them has broken the executor
        self.failed: list[Cut] = []
        self.refused = False  # by a mistake of the user's

    def pieces(self, cuts: list[Cut]) -> Iterator[Piece]:
        """All pieces in order; no more than a bounded number is held."""
        waiting, begun = deque(cuts), deque[Cut]()
        done = cuts[0].first if cuts else 0
        try:
            while waiting or begun:
                heed()
                self._begin(waiting, begun)
                head = begun[0]
                if isinstance(head.error, BrinkError):
                    raise head.error
                if head.stored and not self.failed:
                    self._fetch(head)
                if head.piece is None and head.error is None and not head.stored:
                    self._settle()
                    continue
                begun.popleft()
                done = head.first + head.count
                if self.progress:
                    self.progress(done, self.experiment.units)
                piece, head.piece = head.piece, None  # the list of cuts must not hold them all
                if piece is not None and not self.failed:
                    yield piece
                del piece
            if self.failed:
                raise self._unfinished()
        finally:
            for future in self.at_work:
                future.cancel()

    def _begin(self, waiting: deque[Cut], begun: deque[Cut]) -> None:
        """Hand out work, as much as is at work or held at a time; only one piece while one is suspected."""
        most = self.workers.workers * A_WORKER
        held = sum(not cut.stored for cut in begun)
        while waiting and held < most and not self.refused:
            cut = waiting.popleft()
            begun.append(cut)
            if not cut.stored:
                held += 1
                self.again.append(cut)
        while self.again and not (self.suspects and self.at_work):
            cut = next((each for each in self.again if each in self.suspects), self.again[0])
            self.again.remove(cut)
            self._hand_out(cut)

    def _hand_out(self, cut: Cut) -> None:
        try:
            future = self.workers.submit(self.experiment, cut.first, cut.count)
        except BrokenExecutor as error:
            raise Unfinished(f"the executor is broken ({_told(error)})") from None
        cut.alone = cut in self.suspects and not self.at_work
        self.at_work[future] = cut

    def _fetch(self, cut: Cut) -> None:
        """Read a stored piece; if it is damaged, say so and have it computed."""
        assert self.journal
        cut.piece = self.journal.read(cut.first, cut.count)
        if cut.piece is None:
            self.announce(
                f"{self.journal.path(cut.first, cut.count)}: damaged; {cut.units(self.experiment.noun)} recomputed"
            )
            cut.stored = False
            self.again.append(cut)

    def _settle(self) -> None:
        """Wait for work to be done, and take it in."""
        if not self.at_work:
            return
        done, _ = wait(self.at_work, return_when=FIRST_COMPLETED)
        for future in sorted(done, key=lambda future: self.at_work[future].first):
            self._take(self.at_work.pop(future), future)

    def _take(self, cut: Cut, future: Future[Computed]) -> None:
        try:
            came = future.result()
        except BrinkError as error:
            cut.error, self.refused = error, True
        except (BrokenExecutor, CancelledError) as error:
            if cut.alone:
                self._failed(cut, error)
            else:
                self.suspects.add(cut)
                self.again.append(cut)
        except Exception as error:
            self._failed(cut, error)
        else:
            self.suspects.discard(cut)
            cut.piece = unsqueezed(came) if isinstance(came, bytes) else came
            if self.journal:
                self.journal.write(cut.first, cut.count, came)

    def _failed(self, cut: Cut, error: BaseException) -> None:
        cut.tries += 1
        if cut.tries < TRIES:
            self.again.append(cut)
            return
        cut.error = error
        self.suspects.discard(cut)
        self.failed.append(cut)
        if self.journal is None:  # nothing of the rest could be kept
            raise self._unfinished()

    def _unfinished(self) -> Unfinished:
        noun = self.experiment.noun
        named = [f"{cut.units(noun)} ({_told(cut.error)})" for cut in self.failed[:TRIES]]
        more = f" and {len(self.failed) - TRIES:,} other pieces" if len(self.failed) > TRIES else ""
        what = f"{', '.join(named)}{more} failed {TRIES} times"
        return Unfinished(what[0].upper() + what[1:])


def _told(error: BaseException | None) -> str:
    if isinstance(error, MemoryError):
        return "there is not enough memory"
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def to_stderr(line: str) -> None:
    """Print a line where messages go."""
    print(line, file=sys.stderr)
