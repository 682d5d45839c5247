"""Figures and pages of answers: a figure of one, several studies laid over each other, a page that can be mailed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import StudyError
from sim.experiments.kept import open_kept
from sim.experiments.runner import Answer
from sim.experiments.study.answer import Study
from sim.results.store import whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure


AnyAnswer = Answer | str | Path
"""An answer, or the folder or name under which it is kept."""


def plot(results: AnyAnswer | Sequence[AnyAnswer], figure: str | None = None) -> Figure:
    """Draw a figure of an answer, by default its first; of several studies, war, what differs and escalation in each.

    An answer may be given by its name, as ``brink plot`` takes it. Of several studies there is "timing" too. Raises StudyError if there is no figure of that name, and for several that are
    not all studies.
    """
    given = [results] if isinstance(results, Answer | str | Path) else list(results)
    every = [each if isinstance(each, Answer) else open_kept(each) for each in given]
    return every[0].plot(figure) if len(every) == 1 else _overlaid(every, figure)


def _overlaid(every: Sequence[Answer], figure: str | None) -> Figure:
    from sim.figures.studies_overlaid import overlay, timing_overlaid

    draws = {"escalation": overlay, "timing": timing_overlaid}
    if not every or (figure is not None and figure not in draws):
        raise StudyError(f'several studies have no figure "{figure}" together; there are: {", ".join(draws)}')
    studies = [each for each in every if isinstance(each, Study)]
    other = next((each for each in every if not isinstance(each, Study)), None)
    if other is not None:
        raise StudyError(
            f"only studies are laid over each other, and {other.question.subject} is a {other.kind}"
        )
    return draws[figure or "escalation"](studies)


def write_html(found: Answer, path: Path | None = None, figures: bool = True) -> Path:
    """Write the page of a kept answer as one HTML file, by default beside its folder; all of it or nothing."""
    assert path is not None or found.folder is not None
    place = path or found.folder.with_name(f"{found.folder.name}.html")  # type: ignore[union-attr]
    return whole(place, lambda part: part.write_text(found.html(figures), encoding="utf-8"))
