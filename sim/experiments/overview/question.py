"""Studies of several scenarios side by side: a question that computes nothing, since the studies are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Unpack

from sim.experiments.overview.answer import SideBySide
from sim.experiments.overview.figures import drawn
from sim.experiments.overview.report import MISCALCULATED, brief, page
from sim.experiments.overview.tables import Counted, summary
from sim.experiments.question import Counts, Figures, Question, Stages, Tables
from sim.experiments.runner import Answer, Keeping, answer
from sim.reports.words import one_line
from sim.schema.outcomes import HEADLINES, HORIZON_NAMES

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.study.study import Study

OUTCOMES = (*HEADLINES, *HORIZON_NAMES)
LETTERS = 60  # of the name that a folder begins with


@dataclass(frozen=True)
class Overview(Question):
    """The shares of studies in one table; ``scenario`` is that of the first study.

    Table "summary": a row a scenario and outcome: scenario, title, study, outcome, runs, count, share, low, high.
    Miscalculated wars are among the outcomes of studies with twins.

    group:   what the scenarios have in common, the name of their folder
    studies: the fields of a :class:`Counted` for each
    """

    group: str
    studies: tuple[tuple[object, ...], ...]

    kind: ClassVar[str] = "batch"
    answer_class: ClassVar[type[Answer]] = SideBySide

    @property
    def counted(self) -> list[Counted]:
        """What each study came to."""
        return [Counted(*study) for study in self.studies]  # type: ignore[arg-type]

    @property
    def name(self) -> str:
        """The group as the name of a folder, and the kind."""
        plain = "".join(c if c.isalnum() or c in "-_." else "-" for c in self.group).lstrip(".-")[:LETTERS]
        return f"{plain or 'scenarios'}-{self.kind}"

    @property
    def subject(self) -> str:
        """How many studies there are."""
        return f"{len(self.studies)} studies"

    def stages(self) -> Stages:
        """None: all is computed."""
        yield from ()

    def tables(self, counts: Counts) -> dict[str, pd.DataFrame]:
        """The table "summary"."""
        return {"summary": summary(self.counted)}

    def page(self, tables: Tables) -> str:
        """All shares with their intervals, and where the studies lie."""
        return page(self.group, self.counted, tables["summary"])

    def brief(self, tables: Tables) -> str:
        """All shares with their intervals."""
        return brief(tables["summary"])

    def figures(self, tables: Tables) -> Figures:
        """The shares of war, miscalculated war and exit."""
        return {"shares": partial(drawn, tables["summary"], self.counted)}


QUESTION = Overview


def asked(studies: Sequence[Study], group: str) -> Overview:
    """The question about some studies, at least one."""
    told = [_counted(study, name) for study, name in zip(studies, names_of(studies), strict=True)]
    return Overview(studies[0].scenario, group, tuple(tuple(each) for each in told))


def overview(studies: Sequence[Study], group: str, **kept: Unpack[Keeping]) -> Answer:
    """The studies side by side, kept as ``out``/GROUP-batch-HASH8 unless ``save`` is False."""
    return answer(asked(studies, group), **kept)


def names_of(studies: Sequence[Study]) -> list[str]:
    """The scenarios' names; of those that are not alone with theirs, the folders'."""
    names = [study.scenario.name for study in studies]
    return [
        study.folder.name if names.count(name) > 1 and study.folder else name
        for name, study in zip(names, studies, strict=True)
    ]


def _counted(study: Study, name: str) -> Counted:
    counts = {each: int(study.counts[each]) for each in OUTCOMES}
    if "twins" in study.parts:
        table = study.part("twins")["twins"]
        [cell] = table.loc[(table["quantity"] == "cell") & (table["item"] == MISCALCULATED), "count"]
        counts = {"war": counts.pop("war"), MISCALCULATED: int(cell), **counts}
    folder = study.folder.name if study.folder else study.name
    title = one_line(study.scenario.title)
    return Counted(name, title, folder, study.runs, study.days, study.seed, tuple(counts.items()))
