"""What a study came to: the tables of its runs and of its parts, its figures, its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import pandas as pd

from sim.errors import StudyError
from sim.experiments.question import Question
from sim.experiments.runner import Answer
from sim.experiments.study.precision import Stopped
from sim.reports.numbers import words
from sim.reports.page import literals
from sim.reports.tables import markdown
from sim.results.events import EVENTS
from sim.results.folder import Kept
from sim.results.study import ROWS
from sim.scenario.changes import in_json, short_name
from sim.scenario.outcome_words import outcome_titles
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import REPORTED
from sim.statistics.proportions import proportion
from sim.statistics.sequential import Target

if TYPE_CHECKING:
    from sim.experiments.study.question import StudyQuestion


@dataclass(frozen=True, repr=False)
class Study(Answer):
    """The results of a study. Its tables are pandas DataFrames, read when they are first asked for.

    summary: a row an outcome: outcome, count, n, rate, low, high, method
    runs:    a row a run: run, outcome, end_day, ended_by, limited_force, counts, peak_level, deaths, …
    curves:  tidy: day, quantity, statistic, value, n
    signals: who sent what when: day, actor, signal, count
    samples: the first few runs: run, day, level, state
    events:  who sent, believed and felt what in the first runs, a row a run, day and actor, if that was asked for
    harm:    a row an outcome: outcome, runs, deaths_mean, deaths_q05, deaths_q95, hardship_mean

    ``parts`` names what else was asked of the scenario, and the tables of each.
    """

    question: StudyQuestion
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def opened(cls, question: Question, kept: Kept) -> Self:
        """The study that a folder has."""
        parts = {name: tuple(tables) for name, tables in kept.manifest["parts"].items()}
        return cls(question, kept.tables(), kept.folder, parts)  # type: ignore[arg-type]

    @property
    def scenario(self) -> Scenario:
        """What was studied, with the runs, days and seed that were used."""
        return self.question.scenario

    @property
    def name(self) -> str:
        """What it was called, or else its scenario with what was changed in it."""
        return self.question.called or short_name(self.scenario)

    @property
    def runs(self) -> int:
        """How many runs there are."""
        return self.scenario.study.runs

    @property
    def days(self) -> int:
        """How long each was followed."""
        return self.scenario.study.days

    @property
    def seed(self) -> int:
        """The seed of all luck."""
        return self.scenario.study.seed

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Runs by outcome, of war of any kind, and with limited force."""
        return {str(name): int(count) for name, count in self.summary()["count"].items()}

    @property
    def targets(self) -> tuple[Target, ...]:
        """What was to be known how well, if that decided how many runs there are."""
        return self.question.targets

    @property
    def stopped(self) -> Stopped | None:
        """How well is known what was asked to be known; None if runs were asked for by number."""
        return Stopped(self.targets, self.counts, self.runs) if self.targets else None

    def table(self, name: str | None = None) -> pd.DataFrame:
        """A table by its name; the summary if none is given. Raises StudyError if there is none of that name."""
        return super().table(ROWS if name == "rows" else name)

    @property
    def has_rows(self) -> bool:
        """Whether a row a run was kept."""
        return ROWS in self.tables

    @property
    def rows(self) -> pd.DataFrame:
        """A row a run. Raises StudyError if none were kept."""
        if not self.has_rows:
            raise StudyError(f"{self.name}: no row a run was kept; run it again, without --no-rows")
        return self.tables[ROWS]

    @property
    def events(self) -> pd.DataFrame:
        """The event log of the first runs: the columns of :data:`sim.results.events.COLUMNS`.

        Raises StudyError if none was kept.
        """
        if EVENTS not in self.tables:
            raise StudyError(
                f"{self.name}: no event log was kept; run it again, with --events and a number of runs"
            )
        return self.tables[EVENTS]

    @property
    def curves(self) -> pd.DataFrame:
        """Day, quantity, statistic, value, n."""
        return self.tables["curves"]

    @property
    def signals(self) -> pd.DataFrame:
        """Day, actor, signal, count."""
        return self.tables["signals"]

    @property
    def samples(self) -> pd.DataFrame:
        """Run, day, level, state of the first runs."""
        return self.tables["samples"]

    @property
    def harm(self) -> pd.DataFrame:
        """Outcome, runs, deaths_mean, deaths_q05, deaths_q95, hardship_mean."""
        return self.tables["harm"]

    def summary(self) -> pd.DataFrame:
        """Count, n, rate and 95 % interval of war, limited force and each outcome, a row each."""
        return self.tables["summary"].set_index("outcome")

    def part(self, name: str) -> dict[str, pd.DataFrame]:
        """The tables of a part, by name. Raises StudyError if the study has no such part."""
        if name not in self.parts:
            raise StudyError(f'{self.name}: has no part "{name}"; it has: {", ".join(self.parts) or "none"}')
        return {table: self.tables[table] for table in self.parts[name]}

    def to_json(self) -> dict[str, Any]:
        """The study as plain lists and numbers, as ``brink run --json`` prints it."""
        level = self.curves[self.curves["quantity"] == "level"]
        by_day = level.pivot(index="day", columns="statistic", values="value")
        plain = {
            "scenario": self.scenario.name,
            "name": self.name,
            "runs": self.runs,
            "days": self.days,
            "seed": self.seed,
            "folder": str(self.folder) if self.folder else None,
            "changed": in_json(self.question.among),
            "outcomes": {
                name: {"count": int(row["count"])} | {key: float(row[key]) for key in ("rate", "low", "high")}
                for name, row in self.summary().iterrows()
            },
            "level": {"day": [int(day) for day in by_day.index]}
            | {str(name): [float(x) for x in by_day[name]] for name in by_day.columns},
        }
        if self.stopped:
            plain["precision"] = self.stopped.to_json()
        return plain | {each.kind: each.to_json(self.tables) for each in self.question.carried}

    def headline(self) -> str:
        """How often each outcome came, with its interval."""
        titles = literals(outcome_titles(self.scenario))
        shares = {name: proportion(self.counts[name], self.runs) for name in REPORTED}
        rows = [(titles[name], f"{each.count:,}", words(each)) for name, each in shares.items()]
        return "\n".join(markdown(rows, ("outcome", "runs", "share, with its 95 % interval"), right=True))

    def __repr__(self) -> str:
        where = f", in {self.folder}/" if self.folder else ""
        return f"<study of {self.name}: {self.runs:,} runs of {self.days} days, seed {self.seed}{where}>"
