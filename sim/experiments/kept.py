"""Whatever is kept in a results folder, found by its name: studies and the answers of all other questions."""

from __future__ import annotations

from pathlib import Path

from sim.errors import StudyError
from sim.experiments.runner import Answer, open_answer
from sim.experiments.study.study import Study, list_studies, open_study
from sim.results.folder import list_kept
from sim.scenario.files import load
from sim.scenario.find import find
from sim.scenario.scenario import Scenario
from sim.text import printable, suggestion


def open_kept(name: str | Path, results: str | Path = "results") -> Study | Answer:
    """A study or another answer: by its folder, its full name, or for a study its scenario's name (then the newest).

    Raises StudyError that names what there is if there is none of that name, StoreError if an answer is damaged.
    """
    answer = open_answer(name, results)
    if answer is not None:
        return answer
    known = [Path(each["folder"]).name for each in (*list_studies(results), *list_kept(results))]
    try:
        return open_study(name, results)
    except StudyError as error:
        if not known:
            raise
        told = f"{error}".partition(";")[0]
        raise StudyError(f"{told}; there are: {', '.join(known)}{suggestion(str(name), known)}") from None


def scenario_of(name: str, results: str | Path = "results") -> tuple[Scenario, bool]:
    """The scenario of that file or name; or else of what is kept under that name, and then True.

    Raises ScenarioError for a scenario that is not sound, StudyError if there is neither.
    """
    path = find(name)
    if path.is_file():
        return load(path), False
    try:
        found = open_kept(name, results)
    except StudyError:
        raise StudyError(
            f"{printable(name)}: there is no such scenario, and nothing of that name in {results}/"
        ) from None
    return (found.question.scenario if isinstance(found, Answer) else found.scenario), True
