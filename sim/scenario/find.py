"""Where scenarios lie: in the working folder, or else among those that ship with the program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from sim.text import suggestion

SHIPPED = Path(__file__).parent / "shipped"
"""The scenarios that ship; in the repository a link to its folder ``scenarios``."""

FOLDER = "scenarios"  # of the working folder, where scenarios are looked for
HOMES = ("", "claims", "history")  # of that folder and of the shipped ones
END = ".toml"
MOST_NAMES = 1000  # that a mistyped name is compared with


def find(name: str | Path, beside: Path | None = None) -> Path:
    """The file that a name means: ``standoff``, ``standoff.toml``, ``scenarios/standoff`` or ``scenarios/standoff.toml``.

    A file of the working folder (or of the folder ``beside``, for ``extends``) comes before one of its
    ``scenarios/``, and both before one that ships. What is not found comes back as it was given.
    """
    name = Path(name)
    given = beside / name if beside else name
    if given.suffix == END and _exists(given):  # what is no regular file is refused by whoever reads it
        return given
    return next((path for path in _candidates(name, given) if _is_file(path)), given)


def find_folder(name: str | Path) -> Path | None:
    """The folder of scenarios that a name means, such as ``scenarios/claims``; None if there is none."""
    name = Path(name)
    places = (name, *(SHIPPED / each for each in _below_shipped(name)))
    return next((path for path in places if _is_folder(path)), None)


def scenario_files(folder: str | Path) -> list[Path]:
    """The scenario files directly in a folder, by name."""
    return sorted(file for file in Path(folder).glob(f"*{END}") if file.is_file())


def shipped_name(path: Path) -> str | None:
    """``standoff.toml`` or ``claims/framework.toml``, by which a shipped file is found; None for any other file."""
    return path.relative_to(SHIPPED).as_posix() if path.is_relative_to(SHIPPED) else None


def nearby(path: Path) -> str:
    """'; did you mean "…"?' for a name like one that there is: beside it, in ``scenarios/``, or shipped."""
    folders = (path.parent, *(root / home for root in (Path(FOLDER), SHIPPED) for home in HOMES))
    found = (file for folder in folders for file in folder.glob(f"*{END}"))
    names = (file.name if path.suffix else file.stem for file in islice(found, MOST_NAMES))
    return suggestion(path.name, dict.fromkeys(names))


def _candidates(name: Path, given: Path) -> Iterator[Path]:
    """Files that a name may mean, best first."""
    yield from _with_end(given)
    for home in HOMES:
        yield from _with_end(Path(FOLDER) / home / name)
    for below in _below_shipped(name):
        for home in HOMES:
            yield from _with_end(SHIPPED / home / below)


def _with_end(path: Path) -> tuple[Path, ...]:
    return (path,) if path.suffix == END else (path, path.with_name(f"{path.name}{END}")) if path.name else ()


def _below_shipped(name: Path) -> tuple[Path, ...]:
    """Where a name lies below the shipped scenarios, if it can: never outside of them."""
    if name.is_absolute() or ".." in name.parts:
        return ()
    return (Path(*name.parts[1:]) if name.parts[:1] == (FOLDER,) else name,)


def _exists(path: Path) -> bool:
    return _asked(path.exists)


def _is_file(path: Path) -> bool:
    return _asked(path.is_file)


def _is_folder(path: Path) -> bool:
    return _asked(path.is_dir)


def _asked(whether: Callable[[], bool]) -> bool:
    """The answer of a disk; no for a name that no disk could have."""
    try:
        return whether()
    except (OSError, ValueError):
        return False
