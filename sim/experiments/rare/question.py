"""The probability of war where it is too rare to be counted."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import inf
from typing import TYPE_CHECKING, Any, ClassVar

from sim.experiments.question import Counts, Question, Stage, Stages, Tables
from sim.experiments.rare.counts import Hazards
from sim.experiments.rare.report import brief, page
from sim.experiments.rare.tables import rows, table_of

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class RareWar(Question):
    """The probability of war from its summed one-day chances, over the runs of a scenario's study plan."""

    kind: ClassVar[str] = "rare"

    def stages(self) -> Stages:
        """One: the hazard of each run."""
        yield Stage(self.kind, Hazards(self.scenario))

    def tables(self, counts: Counts) -> dict[str, pd.DataFrame]:
        """The table "rare"."""
        return {"rare": table_of(counts[self.kind])}

    def page(self, tables: Tables) -> str:
        """A paragraph about the probability of war."""
        return page(tables)

    def brief(self, tables: Tables) -> str:
        """The probability of war in a line."""
        return brief(tables)

    def to_json(self, tables: Tables) -> dict[str, Any]:
        """By outcome, the fields of :class:`sim.experiments.rare.tables.Probability`; what is boundless is None."""
        return {
            found.outcome: {
                key: None if value == inf else value
                for key, value in asdict(found).items()
                if key != "outcome"
            }
            for found in rows(tables["rare"])
        }


QUESTION = RareWar
