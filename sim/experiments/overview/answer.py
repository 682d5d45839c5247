"""Studies side by side as they are kept: what they came to in one table, and their curves laid over each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiments.overview.report import OVERLAID, OVERLAY
from sim.experiments.runner import Answer, open_answer
from sim.experiments.study.answer import Study
from sim.results.store import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

    from sim.experiments.overview.question import Overview


@dataclass(frozen=True, repr=False)
class SideBySide(Answer):
    """Its figure "escalation" is drawn from the folders of the studies, so there is none where one of them is gone."""

    question: Overview

    @cached_property
    def _figures(self) -> Mapping[str, Callable[[], Figure]]:
        found = dict(self.question.figures(self.tables))
        folders = [self.folder.parent / each.study for each in self.question.counted] if self.folder else []
        if folders and all((each / MANIFEST).is_file() for each in folders):
            found[OVERLAID] = partial(_overlaid, folders)
        return found

    def report(self) -> str:
        """The page, which names the figure only where it can be drawn."""
        page = super().report()
        return page if OVERLAID in self.figures else page.replace(f"{OVERLAY}\n\n", "")


def _overlaid(folders: Sequence[Path]) -> Figure:
    from sim.figures.studies_overlaid import overlay

    return overlay([each for each in map(open_answer, folders) if isinstance(each, Study)])
