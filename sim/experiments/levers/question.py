"""Levers: what every number of a scenario does at both ends of its range, one at a time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Unpack

from sim.errors import StudyError
from sim.experiments.design_experiment import BesideBase
from sim.experiments.levers.box import box
from sim.experiments.levers.counts import Lever, lever_keys, levers_at, rows_of
from sim.experiments.levers.figures import figures_of
from sim.experiments.levers.report import report
from sim.experiments.levers.tables import table_of
from sim.experiments.question import Counts, Figures, Question, Stage, Stages, Tables, point_plan
from sim.experiments.runner import Answer, Keeping, answer
from sim.reports.page import Box
from sim.scenario.changes import typed
from sim.scenario.files import AnyScenario, scenario_from
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

RUNS = 4_000  # an end, unless more or fewer are asked for


@dataclass(frozen=True)
class Levers(Question):
    """Move every number of a scenario to both ends of its range, and count what differs run by run.

    Table "levers": a row a lever, end and quantity: lever, label, end (low, high), at (the value there), base (its
    value), registered, quantity, n, value (what differs, run by run, from the scenario as it is), low, high, se,
    distinguishable, changed (runs in which anything differs), mark, reason (why it has no effect, by design).
    Levers that do most to war come first.
    """

    keys: tuple[str, ...]

    kind: ClassVar[str] = "levers"

    @cached_property
    def pulled(self) -> tuple[Lever, ...]:
        """The levers, in the order of ``keys``."""
        return tuple(levers_at(self.scenario, self.keys))

    @property
    def experiment(self) -> BesideBase:
        """Every end of every lever, each beside the scenario as it is."""
        return BesideBase.of(self.scenario, rows_of(self.pulled), twins=True)

    def stages(self) -> Stages:
        """One: all ends."""
        yield Stage("ends", self.experiment)

    def tables(self, counts: Counts) -> dict[str, pd.DataFrame]:
        """The table "levers"."""
        return {"levers": table_of(self.experiment, self.scenario, self.pulled, counts["ends"])}

    def page(self, tables: Tables) -> str:
        """Levers that do most to war, and all that are odd."""
        return report(self.scenario, tables["levers"])

    def box(self, tables: Tables) -> Box:
        """What moves war most, and what that rests on."""
        return box(self.scenario, tables["levers"])

    def next_command(self, name: str) -> str:
        """What says more of the same."""
        return f"brink sensitivity {typed(self.scenario)}"

    def figures(self, tables: Tables) -> Figures:
        """What each lever does at its ends."""
        return figures_of(self.scenario, tables["levers"])


QUESTION = Levers


def asked(scenario: Scenario, signals: bool, runs: int | None, days: int | None, seed: int | None) -> Levers:
    """The question, with what is not given taken from the scenario.

    Raises StudyError for runs, days or a seed that are not allowed, and if there is no number to be moved.
    """
    plan = point_plan(scenario, RUNS if runs is None else runs, days, seed)
    question = Levers(plan, lever_keys(plan, signals))
    if not question.experiment.rows:
        raise StudyError(f"{plan.name}: no number can be moved")
    return question


def levers(
    scenario: AnyScenario,
    *,
    signals: bool = False,
    runs: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    **kept: Unpack[Keeping],
) -> Answer:
    """Move every number of a scenario to both ends of its range, and count what differs run by run.

    A lever is a number: of the world, what is kept, clocks, decisions, belief, fog, coefficients, actors'
    traits, and whatever is registered; with ``signals`` those of signals and habits too. A registered number
    moves to its low and high, any other by 20 % either way (0 by 0.1; whole numbers by 1 at least; of what is
    kept a day, what is lost moves by 20 %, or 0.01 if nothing is), within what the schema allows. ``runs`` an
    end, 4,000 by default. The answer has the table of :class:`Levers`; the rest is as for
    :func:`sim.experiments.runner.answer`. Raises StudyError for what cannot be run.
    """
    question = asked(scenario_from(scenario), signals, runs, days, seed)
    return answer(question, **kept)
