"""One run told day by day, in plain English: each sentence states a fact of that run.

The run is not stored. It is played again by the Mesa engine from the scenario, the seed and its number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import StudyError
from sim.experiments.story.course import replay
from sim.experiments.story.telling import told

if TYPE_CHECKING:
    from sim.experiments.study.study import Study


def tell(study: Study, run: int) -> str:
    """The story of one run of a study. Raises StudyError if the study has no such run."""
    refuse_other_runs(study, run)
    return told(replay(study.scenario, study.seed, run, study.days))


def refuse_other_runs(study: Study, run: int) -> None:
    """Raise StudyError if the study has no run of that number."""
    if not 0 <= run < study.runs:
        raise StudyError(f"--run is {run}; {study.name} has the runs 0 to {study.runs - 1:,}.")
