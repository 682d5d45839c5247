"""What if another signal had been sent: one day of one crisis, each signal that could have been, the same luck."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from sim.compute.experiment import Piece
from sim.compute.scheduler import Announce, Progress
from sim.engines.batch.engine import Program
from sim.engines.branches import Plays
from sim.engines.mesa.model import CrisisModel
from sim.engines.warm_up import ready
from sim.errors import StudyError
from sim.experiments.planned_runs import identity
from sim.experiments.turning_points.ends import COMPARED, compared, known
from sim.experiments.turning_points.forced import forced, refuse_strangers, whole
from sim.scenario.scenario import Scenario
from sim.statistics.differences import Difference, paired_proportions
from sim.statistics.proportions import Estimate, proportion

TIMES = 2_000
"""Continuations for each signal, unless told otherwise."""


@dataclass(frozen=True)
class Alternatives:
    """Units are branches of luck: one run gone on with each after each of some signals (an Experiment)."""

    scenario: Scenario
    run: int
    day: int
    actor: str
    signals: tuple[str, ...]  # the first is the one that was sent
    times: int

    noun: ClassVar[str] = "continuations"

    @property
    def units(self) -> int:
        """How many branches of luck."""
        return self.times

    @property
    def weight(self) -> float:
        """Plain runs that a unit takes: each signal, and its clear-sighted twin."""
        return 2 * len(self.signals)

    def identity(self) -> dict[str, Any]:
        """All that the counts depend on but the number of branches."""
        return identity(self.scenario) | {
            "run": self.run,
            "day": self.day,
            "actor": self.actor,
            "signals": list(self.signals),
        }

    @property
    def programs(self) -> tuple[Program, ...]:
        """The crisis with each signal forced."""
        each = (forced(self.scenario, self.day, self.actor, signal) for signal in self.signals)
        return tuple(Program.of(scenario) for scenario in each)

    def compute(self, first: int, count: int) -> Piece:
        """(signals, COMPARED): ``count`` came to each; ``gained``, ``lost``: against the first signal.

        ``over``: (signals,) how many were over on the day itself.
        """
        own = self.scenario.study
        plays = Plays.continuations(self.run, [self.day + 1], count, first + 1)
        flags, over = [], []
        for program in self.programs:
            batch = program.play(plays, own.seed, own.days)
            flags.append(compared(batch, program.play(plays, own.seed, own.days, lifted=self.day)))
            over.append(np.count_nonzero(batch.rows["end_day"] == self.day))
        found = np.array(flags)
        return {
            "count": found.sum(2),
            "gained": (found & ~found[0]).sum(2),
            "lost": (found[0] & ~found).sum(2),
            "over": np.array(over),
        }


@dataclass(frozen=True)
class Alternative:
    """One signal that could have been sent: the chance of each of COMPARED with it, and its change."""

    signal: str
    sent: bool
    chances: Mapping[str, Estimate]
    changes: Mapping[str, Difference]


@dataclass(frozen=True)
class WhatIf:
    """Every signal that an actor could have sent on a day of a run, worst for war first."""

    scenario: Scenario
    run: int
    day: int
    actor: str
    times: int
    alternatives: tuple[Alternative, ...]
    impossible: Mapping[str, str]  # the other signals that it may ever send, and what was too low for them

    @property
    def sent(self) -> Alternative:
        """The signal that was sent."""
        return next(each for each in self.alternatives if each.sent)

    def table(self) -> pd.DataFrame:
        """Signal, label, quantity, value, low, high (of the change), n, sent, chance: a row a signal and quantity."""
        return pd.DataFrame(
            {
                "signal": each.signal,
                "label": self.scenario.label(each.signal),
                "quantity": name,
                "value": change.value,
                "low": change.low,
                "high": change.high,
                "n": change.n,
                "sent": each.sent,
                "chance": each.chances[name].rate,
            }
            for each in self.alternatives
            for name, change in each.changes.items()
        )


def what_if(
    scenario: Scenario,
    run: int,
    day: int,
    actor: str,
    times: int = TIMES,
    *,
    progress: Progress | None = None,
    announce: Announce | None = None,
) -> WhatIf:
    """What each signal that ``actor`` could have sent on ``day`` of a run would have changed, and its interval.

    Until that day all is as it was; on it the others send what they sent, with that day's luck; from the next
    day on the run is gone on ``times`` times (1..65,535) with fresh luck, the same for every signal. A war is
    miscalculated if it does not come with the same luck where all fog lifts in the evening of ``day``: one
    that comes on the day itself therefore never is. Raises StudyError if there is no such actor, or if the
    run had ended before that day.
    """
    sent, others, impossible = could_send(scenario, run, day, actor)
    ready(scenario, announce)
    alternatives = Alternatives(scenario, run, day, actor, (sent, *others), times)
    counts = whole(alternatives, progress)
    found = [_alternative(signal, place, counts, times) for place, signal in enumerate(alternatives.signals)]
    order = scenario.ladder.index
    found.sort(key=lambda each: (-each.changes["war"].value, -order(each.signal)))
    return WhatIf(scenario, run, day, actor, times, tuple(found), impossible)


def could_send(
    scenario: Scenario, run: int, day: int, actor: str
) -> tuple[str, tuple[str, ...], dict[str, str]]:
    """The signal that an actor sent on a day of a run, the others that it could have sent, and those it could not.

    Up the ladder, the last with a quantity that was too low for them.

    An act that gave way to the other principal's decisive one counts as a hold, as which it was carried out.
    """
    refuse_strangers(scenario, actor)
    own = scenario.study
    if not 0 <= day < own.days:
        raise StudyError(f"--day is {day}; the days are 0 to {own.days - 1:,}.")
    model = CrisisModel(scenario, seed=own.seed, run=run, days=own.days, observed=False)
    while model.day < day and model.running:
        model.step()
    if not model.running:
        raise StudyError(
            f"--day is {day}, and run {run:,} ended on day {model.day - 1} ({model.outcome.name}); "
            f"ask for day {model.day - 1} or before."
        )
    agent = model.actors[actor]
    names = scenario.repertoire(actor) + scenario.repertoire(actor, decisive=True)
    lacking = {name: agent.unmet(name) for name in sorted(names, key=scenario.ladder.index)}
    model.step()
    others = tuple(name for name, unmet in lacking.items() if not unmet and name != agent.signal)
    return agent.signal, others, {name: unmet[0] for name, unmet in lacking.items() if unmet}


def _alternative(signal: str, place: int, counts: Piece, times: int) -> Alternative:
    count, gained, lost = (counts[name][place] for name in ("count", "gained", "lost"))
    chances = {name: proportion(count[i], times) for i, name in enumerate(COMPARED)}
    if counts["over"][place]:
        chances = {name: known(each) for name, each in chances.items()}
    changes = {name: paired_proportions(gained[i], lost[i], times) for i, name in enumerate(COMPARED)}
    return Alternative(signal, place == 0, chances, changes)
