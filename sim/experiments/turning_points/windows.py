"""When a signal matters: what it changes, by the day on which it comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.compute.experiment import Piece
from sim.compute.scheduler import Announce, Progress
from sim.engines.batch.engine import Program
from sim.engines.branches import Plays
from sim.engines.warm_up import ready
from sim.errors import StudyError
from sim.experiments.planned_runs import PlannedRuns
from sim.experiments.turning_points.ends import COMPARED, compared
from sim.experiments.turning_points.forced import forced, refuse_strangers, whole
from sim.scenario.counterfactual import clear_sighted
from sim.scenario.scenario import Scenario
from sim.statistics.differences import Difference, paired_proportions
from sim.statistics.proportions import Estimate, proportion
from sim.text import shown, suggestion

EVERY = 7
"""Days from one day looked at to the next, unless told otherwise."""


MOST_RUNS = 10_000
"""Runs, unless more are asked for."""


@dataclass(frozen=True)
class OnDays(PlannedRuns):
    """Units are runs: each as it is, and with a signal forced where it can be on each of some days (an Experiment)."""

    actor: str
    signal: str
    on: tuple[int, ...]

    @property
    def weight(self) -> float:
        """Plain runs that a unit takes: without the signal, with it on each day, and a twin of each."""
        return 2 * (1 + len(self.on))

    def identity(self) -> dict[str, Any]:
        """All that the counts depend on but the number of runs."""
        return super().identity() | {"actor": self.actor, "signal": self.signal, "on": list(self.on)}

    @property
    def programs(self) -> tuple[tuple[Program, Program], ...]:
        """The crisis as it is and with the signal on each day, and the clear-sighted twin of each."""
        pushed = [forced(self.planned, day, self.actor, self.signal, if_possible=True) for day in self.on]
        return tuple((Program.of(each), Program.of(clear_sighted(each))) for each in (self.planned, *pushed))

    def compute(self, first: int, count: int) -> Piece:
        """``base``: (COMPARED,) without; by day, ``possible``: (days,); ``gained``, ``lost``: (days, COMPARED)."""
        own, plays = self.planned.study, Plays.of(first, count)
        (plain, seeing), *pushed = self.programs
        twin = seeing.play(plays, own.seed, own.days)
        played = plain.play(plays, own.seed, own.days)
        base = compared(played, twin)
        changes, possible = [], []
        for day, (program, clear) in zip(self.on, pushed, strict=True):
            record = program.record(plays, own.seed, own.days)
            # One that gave way to the rival's decisive act is not recorded, and shows only in another outcome.
            sent = self._sent(record.signals[day]) | (record.batch.rows["outcome"] != played.rows["outcome"])
            found = np.where(sent, compared(record.batch, clear.play(plays, own.seed, own.days)), base)
            changes.append(((found & ~base).sum(1), (base & ~found).sum(1)))
            possible.append(int(sent.sum()))
        gained, lost = np.array(changes).transpose(1, 0, 2)
        return {
            "base": base.sum(1),
            "possible": np.array(possible),
            "gained": gained,
            "lost": lost,
        }

    def _sent(self, signals: NDArray[np.uint8]) -> NDArray[np.bool_]:
        """Whether the actor sent the signal in each run, of what all (coercer, target, others by seat) sent."""
        scenario = self.planned
        place = (scenario.coercer, scenario.target, *scenario.third_parties).index(self.actor)
        sent: NDArray[np.bool_] = signals[place] == scenario.ladder.index(self.signal)
        return sent


@dataclass(frozen=True)
class Window:
    """What a signal changes if it comes on ``day``.

    possible: share of runs in which it could be sent then: still going, and its needs met
    overall:  change in the share of all runs that came to each of COMPARED
    among:    the same of the runs in which it could be sent; none if there are none
    """

    day: int
    possible: Estimate
    overall: Mapping[str, Difference]
    among: Mapping[str, Difference]


@dataclass(frozen=True)
class Windows:
    """What a signal of an actor changes, by the day on which it comes; ``base`` is how the runs go as they are."""

    scenario: Scenario
    actor: str
    signal: str
    base: Mapping[str, Estimate]
    days: tuple[Window, ...]

    def table(self) -> pd.DataFrame:
        """Day, runs (all, or those in which it was possible), quantity, value, low, high, n, possible."""
        return pd.DataFrame(
            {
                "day": window.day,
                "runs": runs,
                "quantity": name,
                "value": change.value,
                "low": change.low,
                "high": change.high,
                "n": change.n,
                "possible": window.possible.rate,
            }
            for window in self.days
            for runs, changes in (("all", window.overall), ("possible", window.among))
            for name, change in changes.items()
        )


def windows(
    scenario: Scenario,
    actor: str,
    signal: str,
    every: int = EVERY,
    *,
    progress: Progress | None = None,
    announce: Announce | None = None,
) -> Windows:
    """What a signal changes by its day: all runs of a study plan with it and without it, under common luck.

    On each day looked at (0, ``every``, …) the actor sends it in every run that is still going and in which
    its needs are met. The other runs are left as they are, and so is the twin that says whether their war was
    miscalculated; so the change among the first is that over all runs divided by their share. Days for which
    the script already says what the actor sends are left out. Raises StudyError if the actor or the signal
    does not exist, if the actor cannot send it, or if no day is left.
    """
    _check(scenario, actor, signal)
    scripted = {entry.day for entry in scenario.script if entry.actor == actor}
    on = tuple(day for day in range(0, scenario.study.days, every) if day not in scripted)
    if not on:
        raise StudyError(f"the script of {scenario.name} says what {actor} sends on every day looked at.")
    ready(scenario, announce)
    counts = whole(OnDays(scenario, actor, signal, on), progress)
    runs = scenario.study.runs
    base = {name: proportion(counts["base"][i], runs) for i, name in enumerate(COMPARED)}
    found = tuple(_window(day, place, counts, runs) for place, day in enumerate(on))
    return Windows(scenario, actor, signal, base, found)


def _check(scenario: Scenario, actor: str, signal: str) -> None:
    refuse_strangers(scenario, actor)
    role = scenario.actors[actor].role
    known = [name for name in scenario.ladder if role in scenario.signals[name].senders]
    if signal not in known:
        close = "" if signal in scenario.signals else suggestion(signal, known)
        hint = close or f"; it can send {', '.join(known)}"
        raise StudyError(f"--signal is {shown(signal)}, which {actor} cannot send{hint}")


def _window(day: int, place: int, counts: Piece, runs: int) -> Window:
    gained, lost, n = counts["gained"][place], counts["lost"][place], int(counts["possible"][place])
    return Window(
        day,
        proportion(n, runs),
        {name: paired_proportions(gained[i], lost[i], runs) for i, name in enumerate(COMPARED)},
        {name: paired_proportions(gained[i], lost[i], n) for i, name in enumerate(COMPARED)} if n else {},
    )
