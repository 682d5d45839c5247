"""Folders of answers on disk: written whole or not at all, the same bytes for the same answer.

A folder is written beside its place under a hidden name, synced, and renamed. Whatever happens, there is the
old answer, the new one, or none.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sim.compute.files import cleared
from sim.errors import StoreError

FORMAT = "brink answer 3"
MANIFEST = "manifest.json"
CHECKSUM = "checksum"
KEYS: Mapping[str, type] = {
    "what": str,
    "name": str,
    "scenario": str,
    "title": str,
    "identity": str,
    "asked": dict,
    "document": dict,
    "stages": dict,
    "tables": list,
    "figures": list,
    "presentation": str,
    "files": dict,
}
"""What every manifest says, and as what."""


MORE_KEYS: Mapping[str, Mapping[str, type]] = {
    "study": {
        "runs": int,
        "days": int,
        "seed": int,
        "counts": dict,
        "assumes": dict,
        "parts": dict,
        "precision": list,
    }
}
"""What manifests of some kinds say besides."""


TRIES = 10
PIECES = "pieces"  # where a question at work keeps its journals, beside its folder
Manifest = dict[str, Any]


def folders(results: str | Path) -> list[Path]:
    """The folders in a results folder that are not hidden, by name."""
    inside = sorted(Path(results).glob("[!.]*")) if Path(results).is_dir() else []
    return [each for each in inside if each.is_dir()]


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of an answer; None if the folder holds none of ours, or one that cannot be read.

    Raises StoreError if there is one that is not as it was written.
    """
    try:
        return manifest_in(folder)
    except OSError:
        return None


def manifest_in(folder: Path) -> Manifest | None:
    """As :func:`read_manifest`, but raises OSError if there is one that cannot be read."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError, RecursionError):
        return None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        return None
    if manifest.get(CHECKSUM) != checksum(manifest) or not _has_its_shape(manifest):
        raise StoreError(
            f"{folder / MANIFEST}: is not as it was written, so that nothing in this folder can be trusted; "
            "move it away and run the same again"
        )
    return manifest


def checksum(manifest: Manifest) -> str:
    """SHA-256 of all else that a manifest says, as plain JSON with sorted keys."""
    said = {key: value for key, value in manifest.items() if key != CHECKSUM}
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _has_its_shape(manifest: Manifest) -> bool:
    """Whether a manifest says what it must, as what it must, and names no file outside its folder."""
    keys = {**KEYS, **MORE_KEYS.get(str(manifest.get("what")), {})}
    if not all(type(manifest.get(key)) is kind for key, kind in keys.items()):
        return False
    named = [*manifest["files"], *manifest["tables"], *manifest["figures"]]
    return all(isinstance(name, str) and name and name == Path(name).name for name in named)


def damaged(folder: Path, manifest: Manifest) -> list[str]:
    """Names of files that are missing, cannot be read, or whose checksum is not that of the manifest."""
    return [name for name, digest in manifest["files"].items() if not is_as_written(folder / name, digest)]


def is_as_written(path: Path, digest: str) -> bool:
    """Whether a file is there, can be read, and has that SHA-256."""
    try:
        return sha256_of(path) == digest
    except OSError:
        return False


def sha256_of(content: bytes | Path) -> str:
    """SHA-256 of some bytes or of a file. Raises OSError if the file cannot be read."""
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    with content.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the only right to write a folder; StoreError if another process has it."""
    lock = folder.parent / f".{folder.name}.lock"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        handle = _locked_file(lock)
    except OSError as error:
        raise StoreError(f"{folder.parent}: cannot be written ({error.strerror})") from None
    if handle is None:
        raise StoreError(f"{folder}: another process is writing this study; wait for it to end")
    try:
        _recover(folder)
        yield
    finally:
        with suppress(OSError):  # a lock file that stays is let go all the same
            lock.unlink()
        os.close(handle)


def _locked_file(lock: Path) -> int | None:
    """A handle that holds the lock, or None if another has it.

    Whoever had it before may take the file away between our opening and our locking it: then we have locked
    a file that nobody else will find, and must try again.
    """
    for _ in range(TRIES):
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(handle).st_ino == lock.stat().st_ino:
                return handle
        except BlockingIOError:
            os.close(handle)
            return None
        except FileNotFoundError:
            pass
        os.close(handle)
    return None


def _recover(folder: Path) -> None:
    """Put back an older study if its writer was killed between taking it away and putting in the new one."""
    old = beside(folder.resolve(), "old")
    if old.is_dir() and not old.is_symlink() and not folder.exists():
        with suppress(OSError):
            old.rename(folder.resolve())


def tidy(folder: Path) -> None:
    """Take away what lies hidden beside an answer that is whole: its journals, and what a stopped writer left."""
    for place in (beside(folder, PIECES), *(beside(folder.resolve(), suffix) for suffix in ("part", "old"))):
        shutil.rmtree(place, ignore_errors=True)


def beside(folder: Path, suffix: str) -> Path:
    """A hidden place beside a folder, for what belongs to it and is no result."""
    return folder.parent / f".{folder.name}.{suffix}"


def write(folder: Path, files: Mapping[str, bytes | Path], manifest: Manifest) -> Manifest:
    """Put an answer in its place, and give back its manifest with the checksums of its files.

    An older one there is replaced, and what others put in its folder is kept. A file is given by its bytes, or by
    a path, beside the folder or in it, where it lies already. A folder that is a link to another place stays one.
    Raises StoreError, and leaves what was there.
    """
    said, folder = folder, folder.resolve()
    part, old = beside(folder, "part"), beside(folder, "old")
    try:
        digests = {name: sha256_of(data) for name, data in sorted(files.items())}
        content, text = _signed(manifest | {"format": FORMAT, "files": digests})
        for left in (part, old):
            if left.is_symlink():  # planted: it goes, and what it leads to stays
                left.unlink()
            shutil.rmtree(left, ignore_errors=True)
        part.mkdir()
        for name, data in (*files.items(), (MANIFEST, text.encode())):
            if isinstance(data, bytes):
                _write_synced(part / name, data)
            else:
                _link_synced(part / name, data)
        for guest in guests(folder):
            _copy(guest, part / guest.name)
        _sync(part)
        if folder.exists():
            folder.rename(old)
        part.rename(folder)
    except OSError as error:
        if old.exists() and not folder.exists():
            old.rename(folder)
        shutil.rmtree(part, ignore_errors=True)
        raise StoreError(f"{said}: cannot be written ({error.strerror}); nothing was changed") from None
    with suppress(OSError):  # the answer is in its place; that its name outlives a power cut is all this adds
        _sync(folder.parent)
    shutil.rmtree(old, ignore_errors=True)
    return content


def whole(path: Path, write: Callable[[Path], object]) -> Path:
    """Let ``write`` write a file that is no part of an answer: all of it gets to ``path``, or nothing. Gives ``path``."""
    part = cleared(path.with_name(f".{path.name}.part"))
    try:
        write(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def _signed(manifest: Manifest) -> tuple[Manifest, str]:
    """A manifest with its checksum, and its text."""
    content = manifest | {CHECKSUM: checksum(json.loads(json.dumps(manifest)))}
    return content, json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def rewrite(folder: Path, manifest: Manifest) -> None:
    """Put another manifest in the place of that of a folder, all of it or nothing."""
    whole(folder / MANIFEST, lambda part: part.write_text(_signed(manifest)[1], encoding="utf-8"))


def guests(folder: Path) -> list[Path]:
    """Files in a folder that are not the answer's."""
    try:
        manifest = manifest_in(folder)
    except StoreError:
        manifest = None
    own = {MANIFEST, *(manifest["files"] if manifest else ())}
    return sorted(path for path in folder.iterdir() if path.name not in own) if folder.is_dir() else []


def _copy(guest: Path, place: Path) -> None:
    if guest.is_dir() and not guest.is_symlink():
        shutil.copytree(guest, place, symlinks=True)
    elif not place.exists():
        shutil.copy2(guest, place, follow_symlinks=False)


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _link_synced(path: Path, source: Path) -> None:
    """The same file under another name; a copy where a disk knows no such thing."""
    try:
        path.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, path)
    _sync(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
