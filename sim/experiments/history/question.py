"""History: what the historical record has of crises, beside what the model does in a scenario and around it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from sim.errors import StudyError
from sim.experiments.design import spread
from sim.experiments.design_experiment import singles
from sim.experiments.history.counts import RecordedCrises
from sim.experiments.history.figures import figures_of
from sim.experiments.history.report import brief, page
from sim.experiments.history.tables import RECORD, compared, counted, drawn, replies
from sim.experiments.question import Counts, Figures, Question, Stage, Stages, Tables, planned
from sim.experiments.runner import Answer, Keeping, answer
from sim.scenario.files import AnyScenario, scenario_from
from sim.scenario.scenario import Scenario
from sim.schema.plans import MOST_DAYS

if TYPE_CHECKING:
    import pandas as pd

RUNS, GROUPS = 5_000, 50
"""Runs of the scenario itself, in groups that are resampled."""

POINTS, POINT_RUNS, HORIZON = 400, 20, 365
"""The population: points of a Latin hypercube over the registered ranges, runs at each, and how long they are followed."""

LEAST_IN_A_GROUP = 2  # a placebo takes the rival's acts from another run
SCENARIO, POPULATION = "scenario", "population"


@dataclass(frozen=True)
class History(Question):
    """Compare a scenario, and a population of crises drawn around it, with figures of the historical record.

    history: a row a sample (scenario, population) and figure of the record: group, statistic, unit, value, low, high,
             n of the model; record, record_low, record_high, record_n; verdict (inside, outside, beyond the horizon,
             too few cases), overlap; base_rate and base_inside, what the record's base rates alone would say;
             own_base and own_base_inside, what the model's own would; compared_with, source, how, note
    groups:  a row a sample and group, and "all": how many rows, comparable, inside, …
    replies: a row a sample, sort of event, and sort of first reply within a week: value, low, high, placebo, n
    """

    keys: tuple[str, ...]
    points: tuple[tuple[float, ...], ...]
    point_runs: int
    horizon: int
    share: float

    kind: ClassVar[str] = "history"
    look_first: ClassVar[str] = "history.png, then report.md"

    @property
    def parts(self) -> dict[str, RecordedCrises]:
        """The experiments by the names of their samples; without points no population."""
        own = self.scenario.study
        found = {SCENARIO: self._crises((), ((),) * GROUPS, own.runs // GROUPS, own.days)}
        if self.points:
            found[POPULATION] = self._crises(self.keys, self.points, self.point_runs, self.horizon)
        return found

    def _crises(
        self, keys: tuple[str, ...], points: tuple[tuple[float, ...], ...], runs: int, days: int
    ) -> RecordedCrises:
        own = self.scenario.study
        among = {self.scenario.name: self.scenario}
        return RecordedCrises(
            among,
            singles(keys, points),
            (),
            runs,
            days,
            own.seed,
            fresh=True,
            share=self.share,
            plain_days=own.days,
        )

    def stages(self) -> Stages:
        """The scenario in groups of runs, then the population."""
        for name, experiment in self.parts.items():
            yield Stage(name, experiment)

    @property
    def plain_runs(self) -> float:
        """Both stages."""
        return sum(each.units * each.weight for each in self.parts.values())

    def identity(self) -> dict[str, Any]:
        """As any question has it, with the record, which is no source of the program."""
        return super().identity() | {"record": hashlib.sha256(RECORD.read_bytes()).hexdigest()}

    def tables(self, counts: Counts) -> dict[str, pd.DataFrame]:
        """The tables "history", "groups" and "replies"."""
        import pandas as pd

        draws = {name: drawn(counts[name]) for name in self.parts}
        found = pd.concat(
            [compared(name, draws[name], each.days) for name, each in self.parts.items()], ignore_index=True
        )
        answers = pd.concat([replies(name, each) for name, each in draws.items()], ignore_index=True)
        return {"history": found, "groups": counted(found), "replies": answers}

    @property
    def about(self) -> dict[str, str]:
        """What was run, by sample."""
        own, among = self.scenario.study, self.parts
        told = {SCENARIO: f"{GROUPS * among[SCENARIO].runs:,} runs of {own.days} days, seed {own.seed}"}
        if POPULATION in among:
            told[POPULATION] = (
                f"{len(self.points):,} points of a Latin hypercube over {len(self.keys)} numbers, {self.point_runs} runs "
                f"of {self.horizon} days at each, seed {own.seed}"
            )
        return told

    def page(self, tables: Tables) -> str:
        """How many rows lie inside, the worst misses, and what the model cannot do."""
        return page(self.scenario, self.about, self.share, tables)

    def brief(self, tables: Tables) -> str:
        """The counts by group."""
        return brief(self.scenario, self.about, tables)

    def figures(self, tables: Tables) -> Figures:
        """All groups at a glance, and some of them figure by figure."""
        return figures_of(self.scenario, self.about, tables["history"])


QUESTION = History


def asked(
    scenario: Scenario,
    runs: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    points: int = POINTS,
    point_runs: int = POINT_RUNS,
    horizon: int = HORIZON,
    share: float = 1.0,
) -> History:
    """The question, with what is not given taken from the scenario but for the runs.

    Raises StudyError for numbers that are not allowed, or if points are asked for and no number has a range.
    """
    plan = planned(scenario, RUNS if runs is None else runs, days, seed)
    if plan.study.runs < LEAST_IN_A_GROUP * GROUPS:
        raise StudyError(f"{plan.study.runs:,} runs; at least {LEAST_IN_A_GROUP * GROUPS:,} are needed")
    if points and point_runs < LEAST_IN_A_GROUP:
        raise StudyError(f"{point_runs} runs a point; at least {LEAST_IN_A_GROUP} are needed")
    if not 1 <= horizon <= MOST_DAYS:
        raise StudyError(f"horizon is {horizon}; it must be a whole number between 1 and {MOST_DAYS}")
    if not 0 < share <= 100:
        raise StudyError(f"recording is {share:g}; it must be above 0 and at most 100")
    if not points:
        return History(plan, (), (), point_runs, horizon, share)
    design = spread(plan, "latin", points, seed=plan.study.seed)
    return History(plan, design.keys, design.points, point_runs, horizon, share)


def history(
    scenario: AnyScenario,
    *,
    runs: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    points: int = POINTS,
    point_runs: int = POINT_RUNS,
    horizon: int = HORIZON,
    share: float = 1.0,
    **kept: Unpack[Keeping],
) -> Answer:
    """Compare a scenario, and a population drawn around it, with the historical record.

    ``runs`` of the scenario itself, 5,000 by default, over its own days; ``points`` of a Latin hypercube over all
    registered ranges, 0 for none, ``point_runs`` at each, followed for ``horizon`` days; ``share`` multiplies the
    recording shares of recording.toml. The answer has the tables of :class:`History`; the rest is as for
    :func:`sim.experiments.runner.answer`. Raises StudyError for what is not allowed.
    """
    question = asked(scenario_from(scenario), runs, days, seed, points, point_runs, horizon, share)
    return answer(question, **kept)
