"""TODO."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import inf
from typing import TYPE_CHECKING, Any

from sim.compute.experiment import Piece
from sim.experiments.rare.counts import Hazards, reckoned, rows
from sim.experiments.rare.report import told
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd


# What is told -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rare:
    """The part of a study in which the probability of war is reckoned."""

    name: str = "rare"

    def experiment(self, planned: Scenario) -> Hazards:
        """What is computed."""
        return Hazards(planned)

    def tables(self, planned: Scenario, piece: Piece) -> dict[str, pd.DataFrame]:
        """One table, "rare", a row an outcome; columns are the fields of :class:`Reckoned`."""
        import pandas as pd

        return {"rare": pd.DataFrame([asdict(reckoned(piece))])}

    def to_json(self, tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
        """By outcome, the fields of :class:`Reckoned`; what is boundless is None."""
        return {
            found.outcome: {
                key: None if value == inf else value
                for key, value in asdict(found).items()
                if key != "outcome"
            }
            for found in rows(tables["rare"])
        }

    def sections(self, planned: Scenario, tables: Mapping[str, pd.DataFrame]) -> list[str]:
        """What the report says, as lines of Markdown."""
        return ["## Rare wars", "", *(line for found in rows(tables["rare"]) for line in told(found))]

    def figures(self) -> tuple[str, ...]:
        """None."""
        return ()


PART = Rare()
