"""The answers that a page shows, in stages: first a thousand crises at once, then in three sights, then all that are asked for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Lock
from time import perf_counter

from sim.app.asked import Asked
from sim.experiments.growing import SIZES, Answer, Sight, growing
from sim.scenario.scenario import Scenario
from sim.statistics.differences import Difference
from sim.statistics.proportions import Estimate

MOST_KEPT = 24  # answers, each of a megabyte or so
PATIENCE = 60.0  # seconds that all runs may take, by the first ones; beyond it the page stays with those
OTHERS: tuple[Sight, Sight] = ("unfogged", "clear")
PARTS = {
    "structural": ("clear", None),
    "private": ("unfogged", "clear"),
    "misperception": ("fogged", "unfogged"),
}
"""The parts of P(war): the sight that it is a share in, or the two that it lies between."""


@dataclass(frozen=True)
class View:
    """What is known so far: answers by sight of what is asked for, and of its baseline.

    engine:  seconds that the engine took for the first runs
    whole:   whether nothing more is to come
    hurried: whether all runs would have taken too long
    """

    asked: Asked
    now: dict[Sight, Answer]
    before: dict[Sight, Answer]
    engine: float = 0.0
    whole: bool = False
    hurried: bool = False

    @property
    def answer(self) -> Answer:
        """What the runs came to as it is, in fog."""
        return self.now["fogged"]

    @property
    def baseline(self) -> Answer:
        """What the runs of the baseline came to."""
        return self.before["fogged"]

    @property
    def is_baseline(self) -> bool:
        """Whether what is shown is the baseline itself."""
        return self.answer.scenario is self.baseline.scenario

    def part(self, name: str) -> Estimate | Difference | None:
        """A part of P(war), of PARTS; None while it is not known."""
        sight, less = PARTS[name]
        if not {*OTHERS} <= self.now.keys():
            return None
        if less is None:
            return self.now[sight].share("war")  # type: ignore[index]
        return self.now[sight].change("war", self.now[less])  # type: ignore[index]


@dataclass
class Answers:
    """Answers that were given of late, for whoever asks for the same again."""

    _kept: OrderedDict[tuple[int, Sight], Answer] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def growing(
        self, scenario: Scenario, sight: Sight, sizes: tuple[int, ...], stop: Callable[[], bool]
    ) -> Iterator[Answer]:
        """As :func:`sim.experiments.growing.growing`; what is there is given at once."""
        there = self._kept.get(
            (id(scenario), sight)
        )  # an answer holds its scenario, so that no other has its id
        if there and there.runs == sizes[-1]:
            yield from (there for _ in sizes)
            return
        for answer in growing(scenario, sizes, sight=sight, stop=stop):
            with self._lock:
                self._kept[id(scenario), sight] = answer
                self._kept.move_to_end((id(scenario), sight))
                while len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
            yield answer


def views(asked: Asked, answers: Answers, stop: Callable[[], bool]) -> Iterator[View]:
    """What is known of what is asked for, in four stages, the last of all runs in all sights.

    The first comes in any case; if ``stop`` says yes after it, no more does. Raises BrinkError for what cannot be run.
    """
    now, before = asked.scenario, asked.before
    sizes = tuple(dict.fromkeys(min(size, asked.runs) for size in (SIZES[0], asked.runs)))
    began = perf_counter()
    grown = {(True, "fogged"): answers.growing(now, "fogged", sizes, stop)}
    known: dict[tuple[bool, str], Answer] = {}

    def more(of_now: bool, sight: Sight) -> bool:
        key = (of_now, sight)
        if not of_now and now is before:
            found = known.get((True, sight))
        else:
            if key not in grown:
                grown[key] = answers.growing(now if of_now else before, sight, sizes, stop)
            found = next(grown[key], None)
        if found is not None:
            known[key] = found
        return found is not None

    more(True, "fogged")
    engine = perf_counter() - began
    more(False, "fogged")
    patient = engine * asked.runs / sizes[0] < PATIENCE

    def view(whole: bool = False) -> View:
        of_now, of_before = ({k[1]: a for k, a in known.items() if k[0] is side} for side in (True, False))
        return View(asked, of_now, of_before, engine, whole, not patient)  # type: ignore[arg-type]

    yield view()
    rounds = len(sizes) if patient else 1
    for turn in range(rounds):
        if turn:
            if stop() or not (more(True, "fogged") and more(False, "fogged")):
                return
            yield view()
        for sight in OTHERS:
            if stop() or not more(True, sight):
                return
        yield view(turn == rounds - 1)


def last(asked: Asked, answers: Answers) -> View:
    """All that is asked for, waited for. Raises BrinkError for what cannot be run."""
    *_, view = views(asked, answers, lambda: False)
    return view
