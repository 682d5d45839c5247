"""How much each of the five channels of fog adds to the risk of war, at each height of suspicion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from sim.experiments.attribution.counts import Attribution
from sim.experiments.attribution.figures import figures_of
from sim.experiments.attribution.report import brief, page
from sim.experiments.attribution.tables import tables_of
from sim.experiments.question import Counts, Figures, Question, Stage, Stages, Tables

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class WhichChannel(Question):
    """Shapley values of the channels of fog, over the runs of a scenario's study plan."""

    kind: ClassVar[str] = "attribution"

    def stages(self) -> Stages:
        """One: every run with each subset of the channels on."""
        yield Stage(self.kind, Attribution.of(self.scenario))

    def tables(self, counts: Counts) -> dict[str, pd.DataFrame]:
        """The tables attribution, interactions, coalitions and routes."""
        return tables_of(self.scenario, counts[self.kind])

    def page(self, tables: Tables) -> str:
        """What the channels add to war, how that depends on suspicion, and what they do in pairs."""
        return page(self.scenario, tables)

    def brief(self, tables: Tables) -> str:
        """What each channel adds to war, the largest first."""
        return brief(tables)

    def figures(self, tables: Tables) -> Figures:
        """Bars of what each channel adds."""
        return figures_of(self.scenario, tables)

    def to_json(self, tables: Tables) -> dict[str, Any]:
        """Each table as a list of its rows."""
        return {
            name: tables[name].to_dict("records")
            for name in ("attribution", "interactions", "coalitions", "routes")
        }


QUESTION = WhichChannel
