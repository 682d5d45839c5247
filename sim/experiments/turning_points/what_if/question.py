"""What if another signal had been sent: what each that was possible on one day of one run would have changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from sim.engines.mesa.model import CrisisModel
from sim.errors import StudyError
from sim.experiments.question import Counts, Figures, Stage, Stages, Tables, planned
from sim.experiments.runner import Answer, Keeping, answer
from sim.experiments.turning_points.figures import what_if_figure
from sim.experiments.turning_points.question import TurningPoint, refuse_beyond, refuse_strangers
from sim.experiments.turning_points.what_if.counts import Alternatives
from sim.experiments.turning_points.what_if.report import told
from sim.experiments.turning_points.what_if.tables import table_of
from sim.results.course import refuse_other_runs
from sim.scenario.files import AnyScenario, scenario_from
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

TIMES = 2_000
"""Continuations for each signal, unless told otherwise."""


@dataclass(frozen=True)
class WhatIf(TurningPoint):
    """Continue one run after each signal that an actor could have sent on one day, with the same fresh luck for all.

    Table "whatif": a row a signal, worst for war first, and outcome: signal, label, quantity (war, miscalculated, exit,
    settlement), value, low, high (the change of its share against the signal that was sent, -1..1), n, sent, chance,
    chance_low, chance_high (the share itself, 0..1; known where the signal ends the run on the day).
    """

    run: int
    day: int
    actor: str
    times: int
    signals: tuple[str, ...]  # that it could have sent; the first is the one that was sent
    impossible: tuple[tuple[str, str], ...]  # the others that it may ever send, and what was too low for them

    kind: ClassVar[str] = "whatif"
    heading: ClassVar[str] = "what if another signal had been sent"

    @property
    def experiment(self) -> Alternatives:
        """The continuations after each signal."""
        return Alternatives(self.scenario, self.run, self.day, self.actor, self.signals, self.times)

    def stages(self) -> Stages:
        """One: all continuations."""
        yield Stage("continuations", self.experiment)

    def tables(self, counts: Counts) -> dict[str, pd.DataFrame]:
        """The table "whatif"."""
        return {"whatif": table_of(self.experiment, counts["continuations"])}

    def brief(self, tables: Tables) -> str:
        """What was sent, and the change with each other signal."""
        return told(self.experiment, tables["whatif"], dict(self.impossible))

    def figures(self, tables: Tables) -> Figures:
        """The change in each outcome, a row a signal."""
        asked = self.scenario, self.run, self.day, self.actor
        return {"whatif": lambda: what_if_figure(*asked, tables["whatif"])}

    def to_json(self, tables: Tables) -> dict[str, Any]:
        """What was asked, the signal that was sent, what the others lacked that were impossible, and the table."""
        return {
            **super().to_json(tables),
            "sent": self.signals[0],
            "impossible": dict(self.impossible),
        }


QUESTION = WhatIf


def asked(scenario: Scenario, run: int, day: int, actor: str, times: int | None = None) -> WhatIf:
    """The question. Raises StudyError as :func:`what_if` does."""
    times = TIMES if times is None else times
    refuse_other_runs(scenario.name, scenario.study.runs, run)
    refuse_beyond("--times", times)
    sent, others, impossible = could_send(scenario, run, day, actor)
    plan = planned(scenario, None, None, None)
    return WhatIf(plan, run, day, actor, times, (sent, *others), tuple(impossible.items()))


def what_if(
    scenario: AnyScenario, run: int, day: int, actor: str, times: int | None = None, **kept: Unpack[Keeping]
) -> Answer:
    """What each signal that ``actor`` could have sent on ``day`` of a run would have changed, and its interval.

    Until that day all is as it was; on it the others send what they sent, with that day's luck; from the next
    day on the run is continued ``times`` times (1..65,535; 2,000 by default) with fresh luck, the same for every
    signal. A war is miscalculated if it does not come with the same luck where all fog lifts in the evening of
    ``day``: one that comes on the day itself therefore never is. The answer has the table of :class:`WhatIf`;
    ``kept`` is as for :func:`sim.experiments.runner.answer`. Raises StudyError if the scenario's study plan has no
    such run or day, if there is no such actor, or if the run had ended before that day.
    """
    return answer(asked(scenario_from(scenario), run, day, actor, times), **kept)


def could_send(
    scenario: Scenario, run: int, day: int, actor: str
) -> tuple[str, tuple[str, ...], dict[str, str]]:
    """The signal that an actor sent on a day of a run, the others that it could have sent, and those it could not.

    Up the ladder, the last with a quantity that was too low for them. An act that gave way to the other principal's
    decisive one counts as a hold, as which it was carried out. Raises StudyError if there is no such actor or day.
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
