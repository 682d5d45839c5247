"""A damaged or forged result is never read as true, by any command or by Python, and stops no other."""

from __future__ import annotations

import hashlib
import json
import resource
import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

import sim
from sim.commands.main import brink
from sim.errors import BrinkError
from sim.results import store

FORGED, WHOLE = Path("results/forged"), Path("results/whole")


def said(*words: str) -> Result:
    return CliRunner().invoke(brink, words, catch_exceptions=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three small studies, one of another seed."""
    out = tmp_path_factory.mktemp("made")
    for name, seed in ((FORGED.name, 1), (WHOLE.name, 1), ("other", 9)):
        sim.run("duel", runs=40, days=10, seed=seed, name=name, out=out, figures=False)
    return out


@pytest.fixture
def manifest(made: Path) -> dict[str, Any]:
    """Two small studies; of the one that will be forged, the manifest."""
    for folder in (FORGED, WHOLE):
        shutil.copytree(made / folder.name, folder)
    found: dict[str, Any] = json.loads((FORGED / store.MANIFEST).read_text())
    return found


def write(manifest: Any, sealed: bool = False) -> None:
    if sealed:
        manifest = manifest | {store.CHECKSUM: store.checksum(manifest)}
    (FORGED / store.MANIFEST).write_text(json.dumps(manifest))


Edit = Callable[[dict[str, Any]], Any]


def with_(key: str, value: Any) -> Edit:
    return lambda manifest: manifest | {key: value}


EDITS: dict[str, Edit] = {
    "more runs": with_("runs", 40_000),
    "other days": with_("days", 11),
    "other seed": with_("seed", 2),
    "another name": with_("name", "whole"),
    "another kind": with_("what", "sweep"),
    "an unknown kind": with_("what", "séance"),
    "a kind that is a list": with_("what", ["study"]),
    "counts that are text": with_("counts", "many"),
    "tables that are a number": with_("tables", 7),
    "a table outside": with_("tables", ["../whole/curves"]),
    "a file outside": lambda m: m | {"files": m["files"] | {"../whole/manifest.json": "0" * 64}},
    "no document": with_("document", {}),
    "a document of nonsense": lambda m: m | {"document": m["document"] | {"actors": 3}},
    "another resolve": lambda m: (
        m | {"document": json.loads(json.dumps(m["document"]).replace('"days": 10', '"days": 12'))}
    ),
    "asked for nothing known": with_("asked", {"séance": True}),
    "escape codes in its title": with_("title", "\x1b[2J\x1b[31mgone"),
    "no stages": with_("stages", {}),
    "not a table": lambda m: ["mine"],
    "missing keys": lambda m: {key: m[key] for key in ("what", "name", "format")},
    "deeply nested": with_("asked", {"a": json.loads("[" * 400 + "]" * 400)}),
}


COMMANDS = (
    ("show", "forged"),
    ("show", "forged", "--json"),
    ("plot", "forged"),
    ("export", "forged"),
    ("verify", "forged"),
    ("run", "duel", "--runs", "40", "--days", "10", "--name", "forged", "--no-figures"),
)


@pytest.mark.parametrize("edit", EDITS, ids=str)
def test_an_edited_manifest_is_refused_in_plain_words_by_every_command(
    manifest: dict[str, Any], edit: str
) -> None:
    write(EDITS[edit](manifest))
    for words in COMMANDS:
        result = said(*words)
        assert result.exit_code in (1, 2), (words, result.output)
        assert "A bug in Brink" not in result.output, (words, result.output)
        assert "\x1b" not in result.output
    with pytest.raises(BrinkError):
        sim.open_study("forged")


@pytest.mark.parametrize("edit", EDITS, ids=str)
def test_an_edited_manifest_with_a_checksum_of_its_own_is_no_bug_and_not_verified(
    manifest: dict[str, Any], edit: str
) -> None:
    forged = EDITS[edit](manifest)
    write(forged, sealed=isinstance(forged, dict))
    for words in COMMANDS:
        result = said(*words)
        assert "A bug in Brink" not in result.output, (words, result.output)
        assert "\x1b" not in result.output
        if words[0] == "verify":
            assert result.exit_code in (1, 2), result.output


@pytest.mark.parametrize("edit", EDITS, ids=str)
def test_a_forged_result_does_not_stop_the_others(manifest: dict[str, Any], edit: str) -> None:
    write(EDITS[edit](manifest))
    listed = said("list")
    assert listed.exit_code == 0, listed.output
    assert "whole" in listed.output
    assert said("show", "whole").exit_code == 0


@pytest.mark.parametrize("table", ["curves", "summary", "signals", "runs"])
def test_a_table_with_one_bit_flipped_is_never_read(manifest: dict[str, Any], table: str) -> None:
    path = FORGED / f"{table}.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    for words in COMMANDS[:5]:
        result = said(*words)
        assert result.exit_code in (1, 2), (words, result.output)
        assert f"{table}.parquet" in result.output
    with pytest.raises(BrinkError, match=f"{table}.parquet"):
        sim.open_study("forged").table(table)


def test_files_swapped_between_two_studies_are_noticed(manifest: dict[str, Any], made: Path) -> None:
    for name in ("summary.parquet", "counts.npz"):
        (FORGED / name).write_bytes((made / "other" / name).read_bytes())
    assert said("show", "forged").exit_code == 2
    assert said("verify", "forged").exit_code == 1


@pytest.mark.parametrize("length", [0, 1, 100, 1000])
def test_a_truncated_table_is_refused(manifest: dict[str, Any], length: int) -> None:
    path = FORGED / "summary.parquet"
    path.write_bytes(path.read_bytes()[:length])
    assert said("show", "forged").exit_code == 2
    assert said("export", "forged").exit_code == 2


@pytest.mark.parametrize("damage", ["cut", "swapped"])
def test_every_file_of_a_study_that_is_cut_or_swapped_is_noticed(
    manifest: dict[str, Any], made: Path, damage: str
) -> None:
    for name in manifest["files"]:
        whole, other = (FORGED / name).read_bytes(), (made / "other" / name).read_bytes()
        (FORGED / name).write_bytes(whole[: len(whole) // 2] if damage == "cut" else other)
        assert store.damaged(FORGED, manifest) == ([name] if other != whole or damage == "cut" else [])
        if other != whole or damage == "cut":
            told = said("verify", "forged")
            assert (told.exit_code, f"{name} is missing, or not as it was written" in told.output) == (
                1,
                True,
            )
            assert said("show", "forged").exit_code == 2, name
        (FORGED / name).write_bytes(whole)
    assert said("show", "forged").exit_code == 0


def test_a_table_far_larger_than_its_study_can_be_is_refused_before_it_is_held(
    manifest: dict[str, Any],
) -> None:
    """A forger's checksums may be right: hundreds of millions of equal rows take a few kilobytes."""
    content = bomb(100_000_000)
    assert len(content) < 1_000_000
    for name in ("summary", "curves", "runs"):
        (FORGED / f"{name}.parquet").write_bytes(content)
        manifest["files"][f"{name}.parquet"] = hashlib.sha256(content).hexdigest()
    write(manifest, sealed=True)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for words in COMMANDS[:5]:
        result = said(*words)
        assert result.exit_code in (1, 2), (words, result.output)
        assert "A bug in Brink" not in result.output
    for name in ("summary", "runs"):
        with pytest.raises(BrinkError, match="larger than"):
            sim.open_study("forged").table(name)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # kilobytes


def bomb(rows: int) -> bytes:
    """A Parquet file of so many equal rows, in groups of ten million."""
    group = pa.table({"value": pa.DictionaryArray.from_arrays(np.zeros(10_000_000, np.int8), ["x"])})
    buffer = BytesIO()
    with pq.ParquetWriter(buffer, group.schema, compression="zstd") as writer:
        for _ in range(rows // len(group)):
            writer.write_table(group)
    return buffer.getvalue()
