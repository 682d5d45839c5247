"""Results taken away or given another name: their own files and journals, and nothing that is not Brink's."""

from __future__ import annotations

import shutil
from pathlib import Path

from sim.errors import StoreError, StudyError
from sim.results import store
from sim.results.folder import named_folder, pieces_of
from sim.text import printable


def found(name: str, results: str | Path) -> Path:
    """The folder of a result, or of the pieces of an unfinished one, that a path or the name of a folder means.

    Raises StudyError if it is neither, or a link, StoreError if its manifest is not as it was written: then nobody
    can tell what in it is Brink's.
    """
    for folder in (Path(name), Path(results) / name):
        pieces = folder.name.startswith(".") and folder.suffix == f".{store.PIECES}"
        if folder.is_symlink() or not folder.is_dir():
            continue
        if pieces or store.read_manifest(folder) is not None:
            return folder
    raise StudyError(f"{printable(name)}: is no folder of a result, here or in {results}/; see `brink list`")


def removed(folder: Path) -> list[str]:
    """Take away a result with its journals, or pieces alone; names of what stays, which others put there.

    Raises StoreError if another process is at work on it.
    """
    if folder.name.startswith("."):
        whole = folder.with_name(folder.name.removeprefix(".").removesuffix(f".{store.PIECES}"))
        with store.locked(whole):
            store.tidy(whole)
        return []
    with store.locked(folder):
        guests = store.guests(folder)
        store.tidy(folder)
        if not guests:
            shutil.rmtree(folder)
            return []
        for file in folder.iterdir():
            if file not in guests:
                file.unlink()
    return [guest.name for guest in guests]


def renamed(folder: Path, name: str) -> Path:
    """Give a result another folder name beside its own, and the name that it goes by; its new folder.

    Raises StudyError for a name that is none, StoreError for one in use, or if another process is at work on either.
    """
    new = named_folder(folder.parent, name)
    with store.locked(folder), store.locked(new):
        if new.exists() or pieces_of(new).exists():
            raise StoreError(f"{new}: is in use; choose another name, or `brink rm {name}` first")
        manifest = store.read_manifest(folder)
        if manifest is None:
            raise StoreError(f"{folder}: cannot be read")
        manifest["name"] = name
        if "called" in manifest["asked"]:
            manifest["asked"]["called"] = name
        folder.rename(new)
        if pieces_of(folder).exists():
            pieces_of(folder).rename(pieces_of(new))
        store.rewrite(new, manifest)
    return new
