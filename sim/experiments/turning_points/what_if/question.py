"""What if another signal had been sent: what each that was possible on one day of one run would have changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from sim.engines.mesa.model import CrisisModel
from sim.errors import StudyError
from sim.experiments.question import Counts, Figures, Question, Stage, Stages, Tables, planned
from sim.experiments.runner import THREADS, Answer, Means, answer
from sim.experiments.turning_points.refusals import refuse_numbers, refuse_strangers
from sim.experiments.turning_points.report import page, plain
from sim.experiments.turning_points.what_if.counts import Alternatives
from sim.experiments.turning_points.what_if.figures import figure_of
from sim.experiments.turning_points.what_if.report import blocks, title
from sim.experiments.turning_points.what_if.tables import table_of
from sim.results.course import refuse_other_runs
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

TIMES = 2_000
"""Continuations for each signal, unless told otherwise."""


@dataclass(frozen=True)
class WhatIf(Question):
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

    def page(self, tables: Tables) -> str:
        """What was sent, and the change with each other signal."""
        return page(title(self.experiment), blocks(self.experiment, tables["whatif"], dict(self.impossible)))

    def brief(self, tables: Tables) -> str:
        """The same for a terminal."""
        return plain(blocks(self.experiment, tables["whatif"], dict(self.impossible)))

    def figures(self, tables: Tables) -> Figures:
        """The change in each outcome, a row a signal."""
        return {"whatif": lambda: figure_of(self.experiment, tables["whatif"])}

    def to_json(self, tables: Tables) -> dict[str, Any]:
        """What was asked, the signal that was sent, those that were impossible, and the table."""
        own = self.scenario.study
        return {
            "scenario": self.scenario.name,
            "seed": own.seed,
            "days": own.days,
            "run": self.run,
            "day": self.day,
            "actor": self.actor,
            "times": self.times,
            "sent": self.signals[0],
            "impossible": dict(self.impossible),
            **super().to_json(tables),
        }


QUESTION = WhatIf


def asked(
    scenario: Scenario,
    run: int,
    day: int,
    actor: str,
    times: int | None = None,
    days: int | None = None,
    seed: int | None = None,
) -> WhatIf:
    """The question, with what is not given taken from the scenario's study plan. Raises StudyError for what is refused."""
    plan = planned(scenario, None, days, seed)
    times = TIMES if times is None else times
    refuse_other_runs(scenario.name, plan.study.runs, run)
    refuse_numbers("--times", times)
    sent, others, impossible = could_send(plan, run, day, actor)
    return WhatIf(plan, run, day, actor, times, (sent, *others), tuple(impossible.items()))


def what_if(
    scenario: Scenario,
    run: int,
    day: int,
    actor: str,
    times: int | None = None,
    *,
    days: int | None = None,
    seed: int | None = None,
    out: str | Path = "results",
    name: str | None = None,
    save: bool = True,
    figures: bool = True,
    means: Means = THREADS,
) -> Answer:
    """What each signal that ``actor`` could have sent on ``day`` of a run would have changed, and its interval.

    Until that day all is as it was; on it the others send what they sent, with that day's luck; from the next
    day on the run is continued ``times`` times (1..65,535; 2,000 by default) with fresh luck, the same for every
    signal. A war is miscalculated if it does not come with the same luck where all fog lifts in the evening of
    ``day``: one that comes on the day itself therefore never is. The answer has the table of :class:`WhatIf`; the
    rest is as for :func:`sim.experiments.runner.answer`. Raises StudyError if there is no such run or actor, or if
    the run had ended before that day.
    """
    question = asked(scenario, run, day, actor, times, days, seed)
    return answer(question, means=means, out=out, name=name, save=save, figures=figures)


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
