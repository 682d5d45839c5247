"""Study folders: whatever fails, there is the old study, the new one or none, and nothing foreign is touched."""

from __future__ import annotations

import errno
import fcntl
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from sim.commands.main import brink
from sim.compute.journal import Journal
from sim.errors import BrinkError, Interrupted, StoreError
from sim.experiments.study.study import Study, list_studies, open_study, run
from sim.results import store
from sim.scenario.files import load
from sim.scenario.scenario import Scenario
from tests.support.random_scenarios import SCENARIOS

REPOSITORY = Path(__file__).parents[2]
OLD = {"runs.parquet": b"old rows", "report.md": b"old words"}
NEW = {"runs.parquet": b"new rows", "report.md": b"new words", "timing.png": b"new picture"}


def manifest(files: dict[str, bytes]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "what": "toy",
        "name": "x",
        "scenario": "x",
        "title": "",
        "identity": "1",
        "asked": {},
    }
    return told | {
        "document": {},
        "stages": {},
        "tables": [],
        "figures": [],
        "presentation": "",
        "n": len(files),
    }


def put(folder: Path, files: dict[str, bytes]) -> None:
    with store.locked(folder):
        store.write(folder, files, manifest(files))


def names(folder: str | Path) -> list[str]:
    return sorted(path.name for path in Path(folder).iterdir())


def found(folder: Path) -> dict[str, bytes] | None:
    """What a folder holds beside its manifest, which must be that of all it holds; None if it is not there."""
    if not folder.exists():
        return None
    read = store.read_manifest(folder)
    assert read is not None
    assert store.damaged(folder, read) == []
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != store.MANIFEST}
    assert set(files) == set(read["files"])
    return files


def test_what_is_written_is_found() -> None:
    put(Path("results/a"), NEW)
    assert found(Path("results/a")) == NEW
    assert names("results") == ["a"]


def test_an_older_study_is_replaced_whole() -> None:
    put(Path("results/a"), OLD)
    put(Path("results/a"), NEW)
    assert found(Path("results/a")) == NEW
    assert names("results") == ["a"]


# Links ----------------------------------------------------------------------------------------


@pytest.fixture
def elsewhere() -> Path:
    """A folder on another disk, so to speak, that ``results/a`` is a link to."""
    folder = Path("disk/real")
    folder.mkdir(parents=True)
    Path("results").mkdir()
    Path("results/a").symlink_to(folder.absolute())
    return folder


def test_a_folder_that_is_a_link_stays_one_and_what_it_leads_to_is_written(elsewhere: Path) -> None:
    for files in (OLD, NEW):
        put(Path("results/a"), files)
        assert Path("results/a").is_symlink()
        assert found(elsewhere) == files
    assert names("disk") == ["real"]
    assert names("results") == ["a"]


def test_a_study_behind_a_link_grows_there(elsewhere: Path) -> None:
    for runs in (20, 30):
        assert study(runs=runs, name="a").runs == runs
        assert Path("results/a").is_symlink()
    assert open_study(elsewhere).runs == 30
    assert names("results") == ["a"]


def test_an_older_study_behind_a_link_is_put_back_after_a_kill(elsewhere: Path) -> None:
    put(Path("results/a"), OLD)
    elsewhere.rename(store.beside(elsewhere, "old"))
    with store.locked(Path("results/a")):
        assert found(elsewhere) == OLD


def test_nothing_is_written_through_a_planted_link() -> None:
    precious = Path("precious")
    precious.mkdir()
    (precious / "thesis").write_text("years of work")
    Path("results").mkdir()
    for suffix in ("part", "old"):
        store.beside(Path("results/a"), suffix).symlink_to(precious.absolute())
    put(Path("results/a"), OLD)
    Path("results/.chart.png.part").symlink_to((precious / "thesis").absolute())
    store.whole(Path("results/chart.png"), lambda part: part.write_text("a chart"))
    journal = Journal(Path("results/.a.pieces/toy"), "1")
    journal.folder.mkdir(parents=True)
    journal.path(0, 4).with_suffix(".part").symlink_to((precious / "thesis").absolute())
    journal.write(0, 4, {"count": np.arange(4)})
    assert {path.name: path.read_text() for path in precious.iterdir()} == {"thesis": "years of work"}
    assert Path("results/chart.png").read_text() == "a chart"
    assert found(Path("results/a")) == OLD
    assert journal.read(0, 4) is not None


def test_rows_and_exports_are_not_written_through_a_planted_link() -> None:
    thesis = Path("thesis").absolute()
    thesis.write_text("years of work")
    for place in ("results/.a.pieces/runs.parquet", "tables/.summary.csv.part"):
        Path(place).parent.mkdir(parents=True, exist_ok=True)
        Path(place).symlink_to(thesis)
    study(runs=20, name="a")
    result = CliRunner().invoke(brink, ["export", "a", "--out", "tables"])
    assert result.exit_code == 0, result.output
    assert thesis.read_text() == "years of work"
    assert not Path("tables/summary.csv").is_symlink()


# The n-th thing that is done to a file fails ----------------------------------------------------


@contextmanager
def at_operation(number: int, then: Callable[[], None]) -> Iterator[list[str]]:
    """Call ``then`` in place of the n-th operation on files (from 0); gives the list of those begun."""
    begun: list[str] = []

    def watched(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def operation(*given: Any, **named: Any) -> Any:
            begun.append(name)
            if len(begun) == number + 1:
                then()
            done = real(*given, **named)
            return Watched(done) if name == "io.open" else done

        return operation

    class Watched:
        """An open file whose writing is an operation too."""

        def __init__(self, file: Any) -> None:
            self.file = file
            self.write = watched("write", file.write)

        def __getattr__(self, name: str) -> Any:
            return getattr(self.file, name)

        def __enter__(self) -> Watched:
            return self

        def __exit__(self, *error: object) -> None:
            self.file.close()

    with pytest.MonkeyPatch.context() as patch:
        for home, names in (
            (os, ("open", "mkdir", "rename", "replace", "unlink", "rmdir", "fsync", "link")),
            (io, ("open",)),
        ):
            for name in names:
                patch.setattr(home, name, watched(f"{home.__name__}.{name}", getattr(home, name)))
        yield begun


def operations(before: dict[str, bytes] | None) -> list[str]:
    """All operations of one writing."""
    folder = Path("counted/a")
    if before:
        put(folder, before)
    with at_operation(-1, lambda: None) as begun:
        put(folder, NEW)
    return begun


def fail(number: int) -> Callable[[], None]:
    def then() -> None:
        raise OSError(number, os.strerror(number))

    return then


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT, errno.EACCES])
@pytest.mark.parametrize("before", [None, OLD], ids=["nothing there", "an older study there"])
def test_a_failed_operation_leaves_old_or_new(before: dict[str, bytes] | None, error: int) -> None:
    begun = operations(before)
    assert {"os.mkdir", "os.rename", "os.fsync", "io.open", "write", "os.open", "os.unlink"} <= set(begun)
    for number, name in enumerate(begun):
        folder = Path(f"results/{number}/a")
        if before:
            put(folder, before)
        refused: OSError | StoreError | None = None
        with at_operation(number, fail(error)):
            try:
                put(folder, NEW)
            except (OSError, StoreError) as told:
                refused = told
        if refused:
            assert isinstance(refused, StoreError), f"operation {number}, {name}: {refused!r}"
            assert str(folder.parent) in str(refused)
            assert os.strerror(error) in str(refused)
        after = found(folder)
        assert after in ([before, NEW] if refused else [NEW]), f"operation {number}, {name}"
        put(folder, NEW)
        assert found(folder) == NEW
        assert names(folder.parent) == ["a"]


def test_a_refusal_that_says_that_nothing_was_changed_is_true() -> None:
    begun = operations(OLD)
    for number, name in enumerate(begun):
        folder = Path(f"results/{number}/a")
        put(folder, OLD)
        with at_operation(number, fail(errno.EIO)):
            try:
                put(folder, NEW)
            except StoreError as told:
                if "nothing was changed" in str(told):
                    assert found(folder) == OLD, f"operation {number}, {name}"


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, {repository!r})
from tests.results.test_store import NEW, at_operation, put
with at_operation({number}, lambda: os.kill(os.getpid(), signal.SIGKILL)):
    put(Path({folder!r}), NEW)
"""


def kill_all(before: dict[str, bytes] | None, numbers: range) -> None:
    for number in numbers:
        folder = Path(f"killed/{number}/a").absolute()
        if before:
            put(folder, before)
        code = KILLED.format(repository=str(REPOSITORY), number=number, folder=str(folder))
        done = subprocess.run([sys.executable, "-c", code], check=False)
        assert done.returncode == -signal.SIGKILL
        assert found(folder) in (before, None, NEW)
        put(folder, NEW)
        assert found(folder) == NEW
        assert names(folder.parent) == ["a"]


@pytest.mark.deep
@pytest.mark.parametrize("before", [None, OLD], ids=["nothing there", "an older study there"])
def test_a_kill_at_any_operation_leaves_nothing_half_written(before: dict[str, bytes] | None) -> None:
    kill_all(before, range(len(operations(before))))


def test_a_kill_at_the_renames_leaves_nothing_half_written() -> None:
    begun = operations(OLD)
    first = begun.index("os.rename")
    kill_all(OLD, range(first, first + 2))


# Studies ----------------------------------------------------------------------------------------


def duel() -> Scenario:
    return load(SCENARIOS / "duel.toml")


def study(**given: Any) -> Study:
    return run(given.pop("scenario", None) or duel(), **{"runs": 50, "days": 8, "figures": False} | given)


def folder_of(kept: Study) -> Path:
    assert kept.folder is not None
    return kept.folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


KILLED_STUDY = """
import os, signal, sys
sys.path.insert(0, {repository!r})
import sim, sim.results.store
real = sim.results.store._write_synced
def killed(path, data):
    if path.name == "signals.parquet":
        path.write_bytes(data[:20])
        os.kill(os.getpid(), signal.SIGKILL)
    real(path, data)
sim.results.store._write_synced = killed
sim.run(sim.load({scenario!r}), runs=50, days=8, figures=False)
"""


def test_a_killed_study_is_the_same_when_run_again() -> None:
    code = KILLED_STUDY.format(repository=str(REPOSITORY), scenario=str(SCENARIOS / "duel.toml"))
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -signal.SIGKILL
    assert list_studies() == []
    undisturbed = contents(folder_of(study(out="elsewhere")))
    again = folder_of(study())
    assert contents(again) == undisturbed
    assert names("results") == [again.name]


def test_the_same_study_again_is_read_and_not_run() -> None:
    folder = folder_of(study())
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    told: list[int] = []
    assert folder_of(study(progress=lambda done, runs: told.append(done))) == folder
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    assert told == []


@pytest.mark.parametrize(
    "name", ["runs.parquet", "curves.parquet", "signals.parquet", "samples.parquet", "report.md"]
)
@pytest.mark.parametrize("damage", ["flipped", "cut", "gone"])
def test_a_damaged_file_is_found_and_made_anew(name: str, damage: str) -> None:
    folder = folder_of(study())
    before, path = contents(folder), folder / name
    whole = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(whole[:-3] if damage == "cut" else whole[:40] + bytes([whole[40] ^ 1]) + whole[41:])
    study()
    assert contents(folder) == before


def test_another_number_of_runs_takes_the_place_of_the_study() -> None:
    folder = folder_of(study(runs=50))
    assert folder_of(study(runs=60)) == folder
    assert open_study(folder).runs == 60
    assert names("results") == [folder.name]


@pytest.mark.parametrize(
    "content", [{"thesis.tex": b"years of work"}, {"manifest.json": b"{}"}, {"manifest.json": b'["mine"]'}]
)
def test_a_foreign_folder_is_refused_and_untouched(content: dict[str, bytes]) -> None:
    folder = Path("results/mine")
    folder.mkdir(parents=True)
    for name, data in content.items():
        (folder / name).write_bytes(data)
    with pytest.raises(StoreError, match="results/mine: exists and is no study"):
        study(name="mine")
    assert contents(Path("results")) == content


def test_a_file_of_the_users_in_a_study_folder_is_not_lost() -> None:
    """When more runs take the place of the study: it is kept, or the study refused."""
    folder = folder_of(study(runs=50))
    (folder / "notes.txt").write_text("mine")
    try:
        study(runs=60)
    except StoreError as error:
        assert "notes.txt" in str(error)  # noqa: PT017
    assert (folder / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("place", ["file", "link", "dangling link"])
def test_what_is_no_folder_is_refused_and_untouched(place: str) -> None:
    Path("results").mkdir()
    Path("elsewhere.txt").write_text("mine")
    path = Path("results/mine")
    if place == "file":
        path.write_text("mine")
    else:
        path.symlink_to(Path("elsewhere.txt" if place == "link" else "nowhere").absolute())
    with pytest.raises(StoreError, match="results/mine: exists and is no study"):
        study(name="mine")
    assert path.is_symlink() or path.read_text() == "mine"
    assert Path("elsewhere.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("key", "changed"),
    [
        ("scenario", {"scenario": duel().replace({"world.level": 3.0})}),
        ("days", {"days": 9}),
        ("seed", {"seed": 2}),
    ],
)
def test_another_study_under_the_same_name_is_refused(key: str, changed: dict[str, Any]) -> None:
    folder = folder_of(study(name="mine"))
    before = contents(folder)
    with pytest.raises(StoreError, match=f"another {key} .*choose another --name"):
        study(name="mine", **changed)
    assert contents(folder) == before


def test_a_manifest_with_something_missing_is_told_in_words() -> None:
    """Or is made anew; but it never raises what only a programmer reads."""
    folder = folder_of(study())
    path = folder / store.MANIFEST
    whole = json.loads(path.read_text())
    raised = []
    for key in whole:
        for look in (study, list_studies, lambda: open_study(folder), lambda: open_study("duel")):
            path.write_text(json.dumps({k: v for k, v in whole.items() if k != key}))
            try:
                look()
            except BrinkError:
                continue
            except Exception as error:
                raised.append((key, repr(error)))
    assert not raised


def test_a_second_writer_is_refused() -> None:
    folder = Path("results/a")
    with (
        store.locked(folder),
        pytest.raises(StoreError, match="another process is writing"),
        store.locked(folder),
    ):
        pass
    with store.locked(folder):
        pass


HOLDS = """
import sys, time
from pathlib import Path
sys.path.insert(0, {repository!r})
from sim.results import store
with store.locked(Path({folder!r})):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_lock_is_gone_with_the_process_that_held_it() -> None:
    folder = Path("results/a").absolute()
    code = HOLDS.format(repository=str(REPOSITORY), folder=str(folder))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreError, match="another process is writing"):
            put(folder, NEW)
        holder.kill()
    put(folder, NEW)
    assert found(folder) == NEW


def test_a_lock_that_was_let_go_between_opening_and_locking_is_not_taken_for_ours() -> None:
    """Another process may end, and take its lock file away, just between our two calls."""
    folder, lock = Path("results/a"), Path("results/.a.lock")
    real = fcntl.flock

    def late(handle: int, how: int) -> None:
        lock.unlink()
        real(handle, how)

    held = store.locked(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fcntl, "flock", late)
        try:
            held.__enter__()
        except StoreError:
            return
    try:
        with pytest.raises(StoreError), store.locked(folder):
            pass
    finally:
        held.__exit__(None, None, None)


def test_a_read_only_place_is_told_in_words() -> None:
    Path("results").write_text("a file where the folder should be")
    with pytest.raises(StoreError, match="results: cannot be written"):
        study()


@pytest.mark.parametrize("engine", ["batch", "mesa"])
def test_an_interrupted_study_keeps_its_pieces_out_of_sight_and_nothing_else(engine: Any) -> None:
    def interrupt(done: int, runs: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(Interrupted):
        study(engine=engine, progress=interrupt)
    assert [name.partition("-")[0] for name in names("results")] == [".duel"]
    assert list_studies() == []
    kept = folder_of(study(engine=engine))
    assert names("results") == [kept.name]
    assert contents(kept) == contents(folder_of(study(out="elsewhere")))


def test_a_study_interrupted_while_it_draws_is_not_there() -> None:
    def interrupt(words: str) -> None:
        if "figures" in words:
            raise KeyboardInterrupt

    stopped: BaseException | None = None
    try:
        study(figures=True, announce=interrupt)
    except (Interrupted, KeyboardInterrupt) as error:  # the latter would end the tests themselves
        stopped = error
    assert list_studies() == []
    assert isinstance(stopped, Interrupted)


def test_figures_asked_for_later_are_drawn() -> None:
    folder = folder_of(study(figures=False))
    study(figures=True)
    main = {"escalation.png", "timing.png"}
    assert {path.name for path in folder.glob("*.png")} == main
    page = (folder / "report.md").read_text()
    assert (
        "`brink plot NAME --figure signals` draws it" in page
        and "`brink plot NAME --figure timing`" not in page
    )
    written = (folder / "manifest.json").stat().st_mtime_ns
    study(figures=True)
    assert (folder / "manifest.json").stat().st_mtime_ns == written  # whole without the others
    study(figures="all")
    assert {path.name for path in folder.glob("*.png")} == main | {"signals.png", "beliefs.png"}
    assert "not drawn" not in (folder / "report.md").read_text()


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", ".hidden", "x" * 101, "a b", "a\n"])
def test_a_name_that_is_no_plain_folder_name_is_refused(name: str) -> None:
    with pytest.raises(BrinkError, match="--name"):
        study(name=name)
    assert not Path("results").exists()
