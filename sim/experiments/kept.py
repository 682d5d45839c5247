"""Whatever is kept in a results folder, found by its name: studies and the answers of all other questions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.compute.fingerprints import counts_digest, presentation_digest
from sim.compute.scheduler import Announce, to_stderr
from sim.errors import StudyError
from sim.experiments.runner import Answer, open_answer
from sim.reports.words import plural
from sim.results import store
from sim.results.folder import list_kept
from sim.scenario.files import load
from sim.scenario.find import END, find
from sim.scenario.scenario import Scenario
from sim.text import printable, suggestion


def open_kept(name: str | Path, results: str | Path = "results") -> Answer:
    """What is kept in a folder, or under a name, as for :func:`folder_of_kept`.

    Raises StudyError that names what there is if there is none, StoreError if a file is not as it was written.
    """
    folder = folder_of_kept(name, results)
    found = open_answer(folder)
    if found is None:
        raise StudyError(f"{folder}: cannot be read")
    if (store.read_manifest(folder) or {}).get("presentation") != presentation_digest():
        to_stderr(
            f"{folder}: made by another state of the program, so that this one may show less of it than there is; "
            "run the same again to have it whole"
        )
    return found


def folder_of_kept(name: str | Path, results: str | Path = "results", tell: Announce = to_stderr) -> Path:
    """The folder that a name means: a folder itself, what a result is called, or a folder's name without its hash.

    The name of a scenario is that of the study of its unchanged file, with its own days and seed if there is one.
    Where several fit it is the newest, and ``tell`` hears which was taken. Raises StudyError if there is none.
    """
    name = str(name)
    for folder in (Path(name), Path(results) / name):
        if store.read_manifest(folder) is not None:
            return folder
    every = list_kept(results)  # a folder whose manifest is damaged is no reason to refuse another
    called = Path(name).stem if name.endswith(END) else name
    fits = [each for each in every if called in (each["name"], HASH.sub("", Path(each["folder"]).name))]
    if not fits:
        raise StudyError(f"{printable(name)}: {_missing(called, every, results)}")
    taken, *others = sorted(fits, key=lambda each: (not each.get("changed"), _age(each)), reverse=True)
    if others:
        tell(
            f"{printable(name)}: {plural(len(fits), 'result')} fit; taken is {_told(taken)}; "
            f"the others: {', '.join(map(_told, others))}"
        )
    return Path(taken["folder"])


HASH = re.compile(r"-[0-9a-f]{8}$")


def _missing(name: str, every: Sequence[Mapping[str, Any]], results: str | Path) -> str:
    """Why there is none of that name, and what there is."""
    changed = [
        Path(each["folder"]).name for each in every if each["what"] == "study" and each["scenario"] == name
    ]
    if changed:
        return (
            f"there is no study of the unchanged scenario in {results}/, which `brink run {name}` makes; "
            f"changed ones: {', '.join(changed)}"
        )
    known = [Path(each["folder"]).name for each in every]
    there = suggestion(name, known) or f"; there are: {', '.join(known) or 'none yet'}"
    return f"there is no such study in {results}/{there}"


def _age(manifest: Mapping[str, Any]) -> tuple[int, str]:
    folder = Path(manifest["folder"])
    return (folder / store.MANIFEST).stat().st_mtime_ns, folder.name


def _told(manifest: Mapping[str, Any]) -> str:
    """'standoff-1a2b3c4d (10,000 runs of 90 days, seed 1)', and whether another state of the program made it."""
    own = manifest["document"]["study"]
    made = "" if manifest.get("sources") == counts_digest() else ", of another state of the program"
    return (
        f"{Path(manifest['folder']).name} "
        f"({plural(own['runs'], 'run')} of {plural(own['days'], 'day')}, seed {own['seed']}{made})"
    )


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
