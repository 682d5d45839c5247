"""Whatever is kept in a results folder, found by its name: studies and the answers of all other questions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.errors import StudyError
from sim.experiments.runner import Answer, open_answer
from sim.results import store
from sim.results.folder import list_kept
from sim.scenario.files import load
from sim.scenario.find import find
from sim.scenario.scenario import Scenario
from sim.text import printable, suggestion


def open_kept(name: str | Path, results: str | Path = "results") -> Answer:
    """What is kept in a folder, or under its full name, or under its short one (then the newest of these).

    Raises StudyError that names what there is if there is none, StoreError if a file is not as it was written.
    """
    folder = folder_of_kept(name, results)
    found = open_answer(folder)
    if found is None:
        raise StudyError(f"{folder}: cannot be read")
    return found


def folder_of_kept(name: str | Path, results: str | Path = "results") -> Path:
    """The folder that a name means, as for :func:`open_kept`. Raises StudyError if there is none."""
    for folder in (Path(name), Path(results) / name):
        if store.read_manifest(folder) is not None:
            return folder
    every = list_kept(results)  # a folder whose manifest is damaged is no reason to refuse another
    named = [Path(each["folder"]) for each in every if each["name"] == str(name)]
    if not named:
        known = [Path(each["folder"]).name for each in every]
        close = suggestion(str(name), known)
        there = close or f"; there are: {', '.join(known) or 'none yet'}"
        raise StudyError(f"{printable(str(name))}: there is no such study in {results}/{there}")
    return max(named, key=lambda folder: ((folder / store.MANIFEST).stat().st_mtime_ns, folder.name))


def scenario_of(name: str, results: str | Path = "results") -> tuple[Scenario, bool]:
    """The scenario of that file or name; or else of what is kept under that name, and then True.

    Raises ScenarioError for a scenario that is not sound, StudyError if there is neither.
    """
    path = find(name)
    if path.is_file():
        return load(path), False
    try:
        return open_kept(name, results).question.scenario, True
    except StudyError:
        raise StudyError(
            f"{printable(name)}: there is no such scenario, and nothing of that name in {results}/"
        ) from None


def unfinished(results: str | Path = "results") -> list[dict[str, Any]]:
    """Of each answer that was stopped or is at work, the folder of its pieces and their ``bytes``, by name."""
    folders = sorted(each for each in Path(results).glob(f".*.{store.PIECES}") if each.is_dir())
    return [{"folder": str(folder), "bytes": _size(folder)} for folder in folders]


def _size(folder: Path) -> int:
    """Bytes of the files in a folder; what is taken away meanwhile counts as nothing."""
    total = 0
    for file in folder.rglob("*"):
        try:
            total += file.stat().st_size if file.is_file() else 0
        except OSError:
            continue
    return total
