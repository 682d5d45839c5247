"""Odds at once: the first runs of a scenario as soon as they are there, then more; counts and flags, no tables, no files.

Run n always has the same luck, whatever the scenario's numbers and however many runs are asked for, so that any two
answers can be laid beside each other run by run.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sim.compute.cores import cores
from sim.compute.scheduler import LANES, PIECE
from sim.engines.tally import Batch, Tally, joined
from sim.engines.warm_up import ready
from sim.errors import StudyError
from sim.scenario.counterfactual import clear_sighted, unfogged
from sim.scenario.files import AnyScenario, scenario_from
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import COUNTED, REPORTED, WARS, Outcome
from sim.schema.plans import MOST_RUNS_A_POINT
from sim.statistics.differences import Difference, paired_proportions
from sim.statistics.proportions import Estimate, proportion

Sight = Literal["fogged", "unfogged", "clear"]
SIZES = (1_024, 10_000)
AT_ONCE = (
    2  # pieces that are handed out at a time for each core: enough to keep it busy, few enough to stop soon
)
SEEN: dict[Sight, Callable[[Scenario], Scenario]] = {
    "fogged": lambda scenario: scenario,
    "unfogged": unfogged,
    "clear": clear_sighted,
}
WAR_CODES = [int(outcome) for outcome in WARS]


@dataclass(frozen=True)
class Answer:
    """What the first ``runs`` runs of a scenario came to, in one sight.

    scenario:      what was run; its days and seed are those of its own study plan
    sight:         "fogged", "unfogged" or "clear"
    outcome:       (runs,) code of :class:`sim.schema.outcomes.Outcome`, int8
    end_day:       (runs,) day of the end, int16; -1 at the horizon
    limited_force: (runs,) whether there was a strike short of war, bool
    tally:         counts by day over all runs (:class:`sim.engines.tally.Tally`)
    """

    scenario: Scenario
    sight: Sight
    outcome: NDArray[np.int8]
    end_day: NDArray[np.int16]
    limited_force: NDArray[np.bool_]
    tally: Tally

    @property
    def runs(self) -> int:
        """How many runs there are."""
        return len(self.outcome)

    @cached_property
    def counts(self) -> dict[str, int]:
        """Runs by outcome, of war of any kind, and with limited force; as ``Study.counts``."""
        ends = np.bincount(self.outcome, minlength=len(Outcome))
        found = {each.name: int(ends[each]) for each in Outcome}
        groups = {name: int(self.flags(name).sum()) for name in COUNTED if name not in found}
        return {name: (groups | found)[name] for name in COUNTED}

    def flags(self, name: str) -> NDArray[np.bool_]:
        """(runs,) Whether each run came to war, limited force or an outcome. Raises StudyError for any other name."""
        if name not in REPORTED:
            raise StudyError(f'"{name}" is none of {", ".join(REPORTED)}')
        if name == "limited_force":
            return self.limited_force
        return np.isin(self.outcome, WAR_CODES if name == "war" else [int(Outcome[name])])

    def share(self, name: str) -> Estimate:
        """The share of runs that came to it, with its 95 % interval, as in the summary of a study."""
        return proportion(self.counts[name], self.runs)

    def change(self, name: str, before: Answer) -> Difference:
        """By how much that share differs from the one of ``before``, with its 95 % interval, run by run.

        Over the runs that both have. Raises StudyError if their seeds differ, for then they share no luck.
        """
        seeds = self.scenario.study.seed, before.scenario.study.seed
        if seeds[0] != seeds[1]:
            raise StudyError(f"seeds {seeds[0]} and {seeds[1]} share no luck; give both answers one seed")
        both = min(self.runs, before.runs)
        now, then = self.flags(name)[:both], before.flags(name)[:both]
        gained, lost = int((now & ~then).sum()), int((then & ~now).sum())
        return paired_proportions(gained, lost, both)


def growing(
    scenario: AnyScenario,
    sizes: Sequence[int] = SIZES,
    *,
    sight: Sight = "fogged",
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[Answer]:
    """Answers for the first ``sizes[0]`` runs of a scenario, then for the first ``sizes[1]``, and so on.

    A later answer holds the runs of the earlier ones and only adds to them. The counts are those of ``sim.run`` with as
    many runs. Days and seed are the scenario's own; ``sight`` is how its principals see. All cores of this process
    compute. Once the first answer was given, ``stop`` is asked before each piece of about a thousand runs; if it says
    yes, nothing more comes.

    Nothing is compiled anew when numbers change, and nothing is written:

        for answer in sim.growing(scenario.replace({"actors.caracas.resolve": 0.7})):
            print(answer.runs, answer.share("war").rate)

    Raises StudyError for sizes that do not ascend from 1 to a million, or no such sight; ScenarioError if a script
    cannot be followed.
    """
    asked = scenario_from(scenario)
    if not sizes or list(sizes) != sorted({*sizes}) or not 1 <= sizes[0] <= sizes[-1] <= MOST_RUNS_A_POINT:
        raise StudyError(f"sizes are {list(sizes)}; they must ascend, from 1 to {MOST_RUNS_A_POINT:,}")
    if sight not in SEEN:
        raise StudyError(f'sight is "{sight}"; allowed are {", ".join(SEEN)}')
    return _growing(asked, SEEN[sight](asked), tuple(sizes), sight, stop)


def _growing(
    asked: Scenario, seen: Scenario, sizes: tuple[int, ...], sight: Sight, stop: Callable[[], bool]
) -> Iterator[Answer]:
    ready(seen)
    done: Batch | None = None
    for size in sizes:
        first = done.count if done else 0
        never = (lambda: False) if done is None else stop
        more = list(_batches(seen, first, size, never))
        if sum(batch.count for batch in more) < size - first:
            return
        done = joined([done, *more] if done else more)
        yield _answer(asked, sight, done)


def _batches(seen: Scenario, first: int, end: int, stop: Callable[[], bool]) -> Iterator[Batch]:
    """Runs ``first`` to ``end - 1`` in order, in pieces; fewer if stopped."""
    from sim.engines.batch.engine import Program  # here, since numba takes long to import

    program, own, pool = Program.of(seen), seen.study, _pool()
    waiting = deque(_cuts(first, end, cores()))
    at_work: deque[Future[Batch]] = deque()
    try:
        while waiting or at_work:
            while waiting and len(at_work) < AT_ONCE * cores():
                at, count = waiting.popleft()
                at_work.append(pool.submit(program.simulate, own.seed, at, count, own.days))
            yield at_work.popleft().result()
            if stop():
                return
    finally:
        for each in at_work:
            each.cancel()


def _cuts(first: int, end: int, workers: int) -> Iterator[tuple[int, int]]:
    """First run and number of each piece: whole blocks of lanes, a piece a core at least, none larger than PIECE."""
    a_core = -(-(end - first) // workers)
    size = min(PIECE, -(-a_core // LANES) * LANES)
    for at in range(first, end, size):
        yield at, min(size, end - at)


def _answer(asked: Scenario, sight: Sight, batch: Batch) -> Answer:
    rows: dict[str, Any] = dict(batch.rows)
    return Answer(asked, sight, rows["outcome"], rows["end_day"], rows["limited_force"], batch.tally)


@cache
def _pool() -> ThreadPoolExecutor:
    """One pool for as long as the process lives: to make one anew takes longer than some answers."""
    return ThreadPoolExecutor(cores(), thread_name_prefix="growing")
