"""Compiled kernels are read only from a folder that is this user's alone: numba's index files are pickles."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from sim.engines.batch import compiler


def chosen(monkeypatch: pytest.MonkeyPatch, home: Path, temporary: Path) -> Path:
    """The cache folder of a process with these two places for it."""
    monkeypatch.setenv("BRINK_CACHE", str(home))
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    return Path(compiler.cache_folder.__wrapped__())


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    home.mkdir()
    temporary.mkdir()
    return home, temporary


def test_kernels_are_kept_at_home_in_a_folder_closed_to_others(
    places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = chosen(monkeypatch, *places)
    assert folder.parent == places[0] / "brink"
    assert folder.stat().st_mode & 0o777 == folder.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o755])
def test_a_folder_that_others_may_enter_is_not_used(
    places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    home, temporary = places
    for parent in (home / "brink", temporary / f"brink-{os.getuid()}"):
        parent.mkdir()
        parent.chmod(mode)
    folder = chosen(monkeypatch, *places)
    assert folder.parent == temporary
    assert folder.name.startswith("brink-")
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_planted_by_another_user_is_not_used(
    places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can give a folder to another user")
    home, temporary = places
    for parent in (home / "brink", temporary / "brink-0"):
        parent.mkdir(mode=0o700)
        os.chown(parent, 1234, 1234)
    assert chosen(monkeypatch, *places).parent == temporary


def test_a_link_is_not_followed(places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    home, temporary = places
    elsewhere = temporary / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    (home / "brink").symlink_to(elsewhere)
    assert chosen(monkeypatch, *places).parent == temporary / f"brink-{os.getuid()}"


def test_without_any_place_nothing_is_kept(
    places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(compiler, "is_private", lambda folder: False)
    monkeypatch.setattr(tempfile, "mkdtemp", full)
    assert str(chosen(monkeypatch, *places)) == "."
