"""A question asked of scenarios: what is computed, the tables that come of it, its page and its figures.

Every question is answered by one runner (:mod:`sim.experiments.runner`), so each has executors, goes on after a stop,
and is kept in a folder that ``list``, ``show``, ``plot``, ``export`` and ``verify`` know.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, Self

from sim.compute.experiment import Experiment, Piece
from sim.compute.fingerprints import counts_digest
from sim.errors import StudyError
from sim.reports.page import Box
from sim.reports.tables import records
from sim.scenario.changes import changed_from, folder_name, short_name
from sim.scenario.scenario import Scenario
from sim.schema.plans import MOST_RUNS_A_POINT, StudyPlan, SweepPlan
from sim.text import printable

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from sim.experiments.runner import Answer
    from sim.results.folder import Kept

Counts = Mapping[str, Piece]
"""What the stages of a question came to, by the names of the stages."""

Tables = Mapping[str, "pd.DataFrame"]
"""Tidy tables by name; each is kept as NAME.parquet."""

Figures = Mapping[str, Callable[[], "Figure"]]
"""How to draw each figure, by name, the main one first; each is kept as NAME.png."""


@dataclass(frozen=True)
class Stage:
    """One experiment of a question; ``name`` is that of the file of its counts, and what progress calls it."""

    name: str
    experiment: Experiment


Stages = Generator[Stage, Piece, None]
"""Experiments one after the other; each is sent what it came to, so that a later one may depend on it."""


@dataclass(frozen=True)
class Question(ABC):
    """What is asked of a scenario, whose study plan has the runs, days and seed that are used.

    Fields other than ``scenario`` are plain values (numbers, text, None, or tuples of these), so that a question can
    be kept in a manifest and asked again. All refusals happen before a question is made.
    """

    scenario: Scenario

    kind: ClassVar[str]
    answer_class: ClassVar[type[Answer] | None] = None
    """The class of its answer, if that is more than an Answer."""
    beyond_counts: ClassVar[tuple[str, ...]] = ()
    """Files that no count makes; :meth:`verified` compares them."""
    on_demand: ClassVar[tuple[str, ...]] = ()
    """Figures that are drawn where all are asked for, or one by its name."""
    look_first: ClassVar[str] = ""
    """What a reader of its folder opens first, as "differences.png, then report.md"."""

    @abstractmethod
    def stages(self) -> Stages:
        """What is to be computed, in order."""

    @abstractmethod
    def tables(self, counts: Counts) -> dict[str, pd.DataFrame]:
        """The tables of all counts."""

    @abstractmethod
    def page(self, tables: Tables) -> str:
        """The page of text, in Markdown; its box, and pictures that it names nowhere, are put into it later."""

    def box(self, tables: Tables) -> Box:
        """What the page says first, in at most 150 words; nothing unless a question has it."""
        return ()

    def figures(self, tables: Tables) -> Figures:
        """The figures; none unless a question has some."""
        return {}

    def brief(self, tables: Tables) -> str:
        """What a terminal shows of the answer; the page unless a question says it shorter."""
        return self.page(tables)

    def next_command(self, name: str) -> str:
        """What a reader of the answer, kept in the folder ``name``, may want to type next."""
        return f"brink html {name}"

    def to_json(self, tables: Tables) -> dict[str, Any]:
        """The answer as plain values: the rows of each table unless a question says more."""
        return {name: records(table) for name, table in tables.items()}

    @property
    def computable(self) -> bool:
        """Whether all of it can be computed again from what is kept."""
        return True

    def verified(self, kept: Kept, pieces: int) -> Iterator[str]:
        """Compare what no count shows, ``pieces`` stretches of units; a line for each thing found the same.

        Raises :class:`sim.experiments.verify.Differs` at the first difference.
        """
        yield from ()

    @property
    def plain_runs(self) -> float:
        """How many plain runs it takes as long as; of questions with later stages, those included by an estimate."""
        first = next(self.stages(), None)
        return first.experiment.units * first.experiment.weight if first else 0.0

    @property
    def name(self) -> str:
        """What its folder is called before the hash."""
        return f"{folder_name(self.scenario)}-{self.kind}"

    @property
    def subject(self) -> str:
        """What it is asked of, in a few words."""
        return short_name(self.scenario)

    @property
    def changed(self) -> tuple[str, ...]:
        """A sentence for each scenario that is not as in its file: what was changed in it."""
        return tuple(words for each in self.among.values() if (words := changed_from(each)))

    @property
    def among(self) -> Mapping[str, Scenario]:
        """All scenarios that it is asked of, by name."""
        return {self.scenario.name: self.scenario}

    def asked(self) -> dict[str, Any]:
        """The fields other than scenarios, as plain JSON."""
        return {
            each.name: _plain(getattr(self, each.name))
            for each in fields(self)
            if each.name not in ("scenario", "scenarios")
        }

    @classmethod
    def again(cls, scenario: Scenario, asked: Mapping[str, Any], **more: Any) -> Self:
        """The question of which :meth:`asked` gave these fields; ``more`` are fields that are no plain values."""
        return cls(scenario, **more, **{name: _frozen(value) for name, value in asked.items()})

    def identity(self) -> dict[str, Any]:
        """All that its counts depend on, as plain JSON."""
        own = self.scenario.study
        return {
            "what": self.kind,
            "scenario": self.scenario.digest(),
            "runs": own.runs,
            "days": own.days,
            "seed": own.seed,
            "asked": self.asked(),
            "sources": counts_digest(),
        }


@dataclass(frozen=True)
class OfMany(Question):
    """What is asked of several scenarios, by name; ``scenario`` is the first of them."""

    scenarios: Mapping[str, Scenario]

    @property
    def subject(self) -> str:
        """Two scenarios by their names, more by their number."""
        names = list(self.scenarios)
        return " and ".join(names) if len(names) <= 2 else f"{len(names)} scenarios"

    @property
    def among(self) -> Mapping[str, Scenario]:
        """All scenarios, by name."""
        return self.scenarios

    @property
    def changed(self) -> tuple[str, ...]:
        """As of one scenario, each sentence with the name that the scenario has here."""
        told = ((name, changed_from(each)) for name, each in self.scenarios.items())
        return tuple(f"{printable(name)}: {words[0].lower()}{words[1:]}" for name, words in told if words)

    def identity(self) -> dict[str, Any]:
        """All that its counts depend on: every scenario and its plan, in order."""
        plans = {name: (scenario, scenario.study) for name, scenario in self.scenarios.items()}
        each = [[name, s.digest(), own.runs, own.days, own.seed] for name, (s, own) in plans.items()]
        return super().identity() | {"scenarios": each}


def _plain(value: Any) -> Any:
    """Tuples as lists, as JSON has them."""
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def _frozen(value: Any) -> Any:
    """Lists as tuples, as a question has them."""
    return tuple(_frozen(each) for each in value) if isinstance(value, list) else value


def plan(scenario: Scenario, runs: int | None, days: int | None, seed: int | None) -> Scenario:
    """The scenario with the runs, days and seed that are used. Raises StudyError for what the schema does not allow."""
    given = {"runs": runs, "days": days, "seed": seed}
    for key, value in given.items():
        low, high = bounds(key)
        if value is not None and not (isinstance(value, int) and low <= value <= high):
            raise StudyError(f"{key} is {value}; it must be a whole number between {low} and {high}")
    changed = {f"study.{key}": value for key, value in given.items() if value is not None}
    return scenario.replace(changed) if changed else scenario


def planned(scenario: Scenario, runs: int | None, days: int | None, seed: int | None) -> Scenario:
    """As :func:`plan`, without a plan of a sweep and without twins, which are no part of other questions."""
    own = plan(scenario, runs, days, seed).study
    alone = StudyPlan(runs=own.runs, days=own.days, seed=own.seed)
    return scenario.model_copy(update={"study": alone, "sweep": SweepPlan()})


def point_plan(scenario: Scenario, runs: int, days: int | None, seed: int | None) -> Scenario:
    """As :func:`planned`, for runs at each point of a design. Raises StudyError also for more than are held in memory."""
    if runs > MOST_RUNS_A_POINT:
        raise StudyError(f"{runs:,} runs a point; at most {MOST_RUNS_A_POINT:,} are allowed")
    return planned(scenario, runs, days, seed)


def bounds(key: str) -> tuple[int, int]:
    """Least and most of a number of the study plan, as the schema has them."""
    limits = {type(limit).__name__: limit for limit in StudyPlan.model_fields[key].metadata}
    return limits["Ge"].ge, limits["Le"].le
