"""When a signal matters: what it changes, by the day on which it comes, wherever it can be sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Unpack

from sim.errors import StudyError
from sim.experiments.question import Counts, Figures, Stage, Stages, Tables, planned
from sim.experiments.runner import Answer, Keeping, answer
from sim.experiments.turning_points.figures import windows_figure
from sim.experiments.turning_points.question import TurningPoint, refuse_beyond, refuse_strangers
from sim.experiments.turning_points.windows.counts import OnDays
from sim.experiments.turning_points.windows.report import told
from sim.experiments.turning_points.windows.tables import tables_of
from sim.scenario.files import AnyScenario, scenario_from
from sim.scenario.scenario import Scenario
from sim.text import shown, suggestion

if TYPE_CHECKING:
    import pandas as pd

EVERY, MOST_EVERY = 7, 3_650
"""Days from one day looked at to the next, unless told otherwise, and at most."""

MOST_RUNS = 10_000
"""Runs, unless more are asked for."""


@dataclass(frozen=True)
class Windows(TurningPoint):
    """Play all runs with a signal sent on each day looked at, wherever it can be, and as they are.

    Table "windows": a row a day, group of runs (all, or those in which it was possible) and outcome: day, runs,
    quantity (war, miscalculated, exit, settlement), value, low, high (the change of its share, -1..1), n, possible
    (the share of runs in which it was). "as_it_is": the share of each outcome in the runs as they are: quantity,
    value, low, high, n. "possible": the share of runs in which it could be sent: day, value, low, high, n.
    """

    actor: str
    signal: str
    every: int

    kind: ClassVar[str] = "windows"
    heading: ClassVar[str] = "when a signal matters"

    @property
    def on(self) -> tuple[int, ...]:
        """The days looked at: those on which the script does not say what the actor sends."""
        scripted = {entry.day for entry in self.scenario.script if entry.actor == self.actor}
        return tuple(day for day in range(0, self.scenario.study.days, self.every) if day not in scripted)

    def stages(self) -> Stages:
        """One: all runs, as they are and with the signal on each day."""
        yield Stage("runs", OnDays(self.scenario, self.actor, self.signal, self.on))

    def tables(self, counts: Counts) -> dict[str, pd.DataFrame]:
        """The tables "windows", "as_it_is" and "possible"."""
        return tables_of(self.on, self.scenario.study.runs, counts["runs"])

    def brief(self, tables: Tables) -> str:
        """How the runs go as they are, and what the signal changes by day."""
        return told(self.scenario, self.actor, self.signal, tables)

    def figures(self, tables: Tables) -> Figures:
        """The change in each outcome by day, among the runs in which it could be sent; none if there are none."""
        drawn = tables["windows"][tables["windows"]["runs"] == "possible"]
        asked = self.scenario, self.actor, self.signal
        return {} if drawn.empty else {"windows": lambda: windows_figure(*asked, drawn)}


QUESTION = Windows


def asked(
    scenario: Scenario,
    actor: str,
    signal: str,
    every: int = EVERY,
    runs: int | None = None,
    days: int | None = None,
    seed: int | None = None,
) -> Windows:
    """The question, with what is not given taken from the study plan. Raises StudyError as :func:`windows` does."""
    refuse_strangers(scenario, actor)
    role = scenario.actors[actor].role
    known = [name for name in scenario.ladder if role in scenario.signals[name].senders]
    if signal not in known:
        close = "" if signal in scenario.signals else suggestion(signal, known)
        hint = close or f"; it can send {', '.join(known)}"
        raise StudyError(f"--signal is {shown(signal)}, which {actor} cannot send{hint}")
    refuse_beyond("--every", every, MOST_EVERY)
    plan = planned(scenario, min(scenario.study.runs, MOST_RUNS) if runs is None else runs, days, seed)
    question = Windows(plan, actor, signal, every)
    if not question.on:
        raise StudyError(f"the script of {scenario.name} says what {actor} sends on every day looked at.")
    return question


def windows(
    scenario: AnyScenario,
    actor: str,
    signal: str,
    every: int = EVERY,
    *,
    runs: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    **kept: Unpack[Keeping],
) -> Answer:
    """What a signal changes by its day: all runs with it and without it, under common random numbers.

    On each day looked at (0, ``every``, …) the actor sends it in every run that is still going and in which
    its needs are met. The other runs are left as they are, and so is the twin that says whether their war was
    miscalculated; so the change among the first is that over all runs divided by their share. Days for which
    the script already says what the actor sends are left out. ``runs`` are those of the study plan by default, and
    10,000 at most. The answer has the tables of :class:`Windows`; ``kept`` is as for
    :func:`sim.experiments.runner.answer`. Raises StudyError if the actor or the signal does not exist, if the actor
    cannot send it, or if no day is left.
    """
    return answer(asked(scenario_from(scenario), actor, signal, every, runs, days, seed), **kept)
