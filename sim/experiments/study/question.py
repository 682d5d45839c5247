"""A study as a question: all runs of one scenario, and what else is asked of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from sim.compute.experiment import Piece
from sim.experiments.planned_runs import identity
from sim.experiments.question import Counts, Figures, Question, Stage, Stages, Tables
from sim.experiments.study.answer import Study
from sim.experiments.study.box import box
from sim.experiments.study.figures import FIGURES
from sim.experiments.study.parts import part
from sim.experiments.study.report import brief, page
from sim.experiments.study.simulation import Players, Simulation, identity_of_players
from sim.experiments.study.verify import EVENTS_FILE, ROWS_FILE, SAMPLES_FILE, verified
from sim.reports.page import Box
from sim.results import outcomes
from sim.results.curves import curves, signals
from sim.results.study import COUNTS
from sim.results.tallies import tally_of
from sim.scenario.changes import changed_from, folder_name
from sim.schema.outcomes import COUNTED, WAR_NAMES
from sim.statistics.proportions import proportion
from sim.statistics.sequential import Target

if TYPE_CHECKING:
    from sim.results.folder import Kept
    from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class StudyQuestion(Question):
    """All runs of a scenario's own study plan, of which more may be asked for later.

    parts:     names of the questions that are carried along, in the order of PARTS
    precision: (observable, half-width) of what is to be known how well, if that decided how many runs there are
    called:    what the study is called, if not as its scenario
    players:   actors of a user's own; their runs can be computed only where their classes are
    """

    parts: tuple[str, ...] = ()
    precision: tuple[tuple[str, float], ...] = ()
    called: str = ""
    players: Players = ()

    kind: ClassVar[str] = "study"
    answer_class: ClassVar[type[Study]] = Study
    beyond_counts: ClassVar[tuple[str, ...]] = (ROWS_FILE, EVENTS_FILE, SAMPLES_FILE)
    on_demand: ClassVar[tuple[str, ...]] = tuple(name for name, each in FIGURES.items() if each.on_demand)
    look_first: ClassVar[str] = "escalation.png, then report.md"

    @property
    def name(self) -> str:
        """What its folder is called before the hash: as its scenario, and what was changed in it."""
        return folder_name(self.scenario)

    @property
    def runs(self) -> int:
        """How many runs are asked for."""
        return self.scenario.study.runs

    @property
    def targets(self) -> tuple[Target, ...]:
        """What is to be known how well."""
        return tuple(Target(name, half_width) for name, half_width in self.precision)

    @property
    def carried(self) -> tuple[Question, ...]:
        """The parts as questions, of as many runs."""
        return tuple(part(name, self.scenario) for name in self.parts)

    def of(self, runs: int) -> StudyQuestion:
        """The same study with so many runs."""
        return replace(self, scenario=self.scenario.replace({"study.runs": runs}))

    def identity(self) -> dict[str, Any]:
        """All that its runs depend on, the number of runs excepted."""
        return identity(self.scenario) | identity_of_players(self.players)

    def stages(self) -> Stages:
        """The plain runs, then each part."""
        yield Stage(COUNTS, Simulation(self.scenario, rows=False, players=self.players))
        for each in self.carried:
            yield from each.stages()

    def tables(self, counts: Counts) -> dict[str, pd.DataFrame]:
        """All tables that are made from counts; rows and samples come from the runs themselves."""
        found = tables_of(self.scenario, counts[COUNTS])
        for each in self.carried:
            found |= each.tables(counts)
        return found

    def page(self, tables: Tables) -> str:
        """What was run, what came out, how sure that is, what else was asked, and what it does not say."""
        study = Study(self, tables)
        return page(study, [each.page(tables) for each in self.carried], study.stopped) + self._played()

    def box(self, tables: Tables) -> Box:
        """How it stands, what drives it and moves it most, how firm that is, and what would change it."""
        return box(Study(self, tables), tables)

    def brief(self, tables: Tables) -> str:
        """How often each outcome occurred, and under it what else was asked."""
        study = Study(self, tables)
        return brief(study, [each.brief(tables) for each in self.carried], study.stopped) + self._played()

    def _played(self) -> str:
        """Who plays, if not the standard actors alone."""
        told = ", ".join(f"{actor} by {kind}" for actor, kind, _ in self.players)
        return f"\nPlayed by actors of the user's own: {told}.\n" if told else ""

    def next_command(self, name: str) -> str:
        """Of a changed study the overlay with the unchanged; else the numbers that can be changed."""
        scenario = self.scenario
        if changed_from(scenario):
            return f"brink plot {scenario.name} {name}"
        return f"brink keys {scenario.name}, then brink run {scenario.name} --set KEY=VALUE"

    def figures(self, tables: Tables) -> Figures:
        """Its own, then those of each part."""
        study = Study(self, tables)
        found = {name: figure.of(study) for name, figure in FIGURES.items()}
        for each in self.carried:
            found |= each.figures(tables)
        return found

    @property
    def computable(self) -> bool:
        """Whether the standard actors play, so that all can be computed again from the scenario."""
        return not self.players

    def verified(self, kept: Kept, pieces: int) -> Iterator[str]:
        """Rows of stretches of runs, samples, and the counts of the manifest."""
        return verified(self.scenario, kept, pieces)


QUESTION = StudyQuestion


def tables_of(planned: Scenario, piece: Piece) -> dict[str, pd.DataFrame]:
    """The tables summary, curves, signals and harm."""
    runs, tally = planned.study.runs, tally_of(piece)
    return {
        "summary": summary_of(counted(piece), runs),
        "curves": curves(tally, runs),
        "signals": signals(tally, planned),
        "harm": outcomes.harm_table(piece, planned),
    }


def summary_of(counts: Mapping[str, int], runs: int) -> pd.DataFrame:
    """The table summary: a row an outcome."""
    shares = {name: proportion(count, runs) for name, count in counts.items()}
    return pd.DataFrame([{"outcome": name, **vars(share)} for name, share in shares.items()])


def counted(piece: Piece) -> Mapping[str, int]:
    """How many runs were a war, saw limited force, and had each outcome."""
    return _with_wars(outcomes.counted(piece))


def counted_in(rows: pd.DataFrame) -> Mapping[str, int]:
    """The same from a row a run."""
    found = {str(name): int(count) for name, count in rows["outcome"].value_counts().items()}
    return _with_wars(found | {"limited_force": int(rows["limited_force"].sum())})


def _with_wars(found: Mapping[str, int]) -> Mapping[str, int]:
    """Counts of all that is counted, wars of any kind together among them."""
    every = {**found, "war": sum(found.get(name, 0) for name in WAR_NAMES)}
    return {name: every.get(name, 0) for name in COUNTED}
