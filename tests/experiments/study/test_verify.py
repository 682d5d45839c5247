"""A study is verified by computing again; whatever is changed in it is found and named."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import Result

from sim.compute.journal import packed, unpacked
from sim.experiments.study import parts
from sim.experiments.study.study import run
from sim.experiments.verify import Differs, verified
from sim.results import store
from sim.results.rows import arrow
from sim.scenario.files import load
from tests.support.random_scenarios import SCENARIOS

FOLDER = Path("results/x")


@pytest.fixture(autouse=True)
def _with_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(parts.PARTS, "digits", "tests.support.toys")


def study(**given: Any) -> None:
    run(load(SCENARIOS / "duel.toml"), 1500, 6, figures=False, name="x", parts=("digits",), **given)


def seal(manifest: dict[str, Any]) -> None:
    """Write a forged manifest with the checksum that it ought to have."""
    sealed = manifest | {store.CHECKSUM: store.checksum(manifest)}
    (FOLDER / store.MANIFEST).write_text(json.dumps(sealed))


def forge(name: str, content: bytes) -> None:
    """Change a file and its checksum, as somebody would who wants to be believed."""
    (FOLDER / name).write_bytes(content)
    manifest = json.loads((FOLDER / store.MANIFEST).read_text())
    manifest["files"][name] = hashlib.sha256(content).hexdigest()
    seal(manifest)


def forge_rows() -> None:
    import pyarrow.parquet as pq

    rows = pd.read_parquet(FOLDER / "runs.parquet")
    deaths = rows["deaths"].where(rows["run"] != 700, -1.0)
    pq.write_table(arrow(rows.assign(deaths=deaths, end_day=rows["end_day"].astype("Int16"))), "forged")
    forge("runs.parquet", Path("forged").read_bytes())


def forge_counts(name: str, key: str) -> Callable[[], None]:
    def then() -> None:
        counts = unpacked((FOLDER / name).read_bytes())
        counts[key].flat[0] += 1
        forge(name, packed(counts))

    return then


def forge_manifest() -> None:
    manifest = json.loads((FOLDER / store.MANIFEST).read_text())
    manifest["counts"]["war"] += 1
    seal(manifest)


@pytest.mark.parametrize("rows", [True, False])
def test_a_study_as_it_was_made_is_as_it_should_be(rows: bool) -> None:
    study(rows=rows)
    told = list(verified(FOLDER, 2))
    assert sum("every row" in line for line in told) == (2 if rows else 0)
    assert "counts: all counts of 1,500 runs as computed again" in told
    assert "digits: all counts of 1,500 points as computed again" in told
    assert any("curves.parquet" in line and "report.md" in line for line in told)


@pytest.mark.parametrize(
    ("forged", "found"),
    [
        (lambda: (FOLDER / "curves.parquet").write_bytes(b"x"), "curves.parquet is missing, or not as"),
        (forge_rows, r"run 700: deaths is -1.0 in runs.parquet, and .* computed again"),
        (forge_counts("counts.npz", "tally.signals"), "counts: tally.signals is not what 1,500 runs give"),
        (forge_counts("digits.npz", "digits"), "digits: digits is not what 1,500 points give"),
        (lambda: forge("report.md", b"All is well."), "report.md is not what the counts give"),
        (forge_manifest, "manifest.json has other counts"),
    ],
)
def test_what_was_changed_is_named(forged: Callable[[], None], found: str) -> None:
    study()
    forged()
    with pytest.raises(Differs, match=found):
        list(verified(FOLDER, 8))


def test_a_study_of_another_state_of_the_program_is_not_computed_again() -> None:
    study()
    manifest = json.loads((FOLDER / store.MANIFEST).read_text())
    manifest["sources"] = "0" * 64
    seal(manifest)
    assert list(verified(FOLDER, 1))[-1].startswith("made by another state of the program")


def test_the_command_ends_with_0_or_with_1_and_the_difference() -> None:
    from click.testing import CliRunner

    from sim.commands.main import brink

    def verdict() -> Result:
        return CliRunner().invoke(brink, ["verify", "x"])

    study()
    sound = verdict()
    assert (sound.exit_code, sound.stdout.splitlines()[-1]) == (0, f"{FOLDER}: as it should be")
    forge("report.md", b"All is well.")
    wrong = verdict()
    assert (wrong.exit_code, wrong.stderr) == (1, f"{FOLDER}: report.md is not what the counts give\n")
