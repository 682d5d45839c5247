"""list, show, plot, export and verify: every kind of result, whatever question it answers."""

from __future__ import annotations

import importlib
import json
import shutil
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

import sim
from sim.commands import main as cli
from sim.compute.journal import packed, unpacked
from sim.experiments.catalogue import CATALOGUE
from sim.experiments.kept import open_kept
from sim.results import store
from sim.results.spreadsheet import write_workbook
from tests.conftest import REPOSITORY

DUEL = str(REPOSITORY / "scenarios/duel.toml")
SHORT = ("--days", "6", "--seed", "3")
ASKED: dict[str, tuple[str, ...]] = {
    "study": ("run", DUEL, *SHORT, "--runs", "200", "--twins"),
    "sweep": ("sweep", DUEL, *SHORT, "--runs", "64", "--vary", "world.framework=0.2,0.8"),
    "levers": ("levers", DUEL, *SHORT, "--runs", "32"),
    "sensitivity": ("sensitivity", DUEL, *SHORT, "--rows", "16", "--runs", "4", "--discover", "none"),
    "comparison": ("run", DUEL, "calm", "--compare", *SHORT, "--runs", "64"),
    "diff": ("diff", DUEL, "calm", *SHORT, "--runs", "64"),
}
KINDS = list(ASKED)


def brink(*words: str) -> Result:
    return CliRunner().invoke(cli.brink, words)


def done(*words: str) -> str:
    result = brink(*words)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a result of each kind, named as its kind."""
    folder = tmp_path_factory.mktemp("kinds") / "results"
    for kind, words in ASKED.items():
        done(*words, "--out", str(folder), "--name", kind)
    return folder


@pytest.fixture
def copied(results: Path, tmp_path: Path) -> Path:
    """The same, to be damaged."""
    return Path(shutil.copytree(results, tmp_path / "copied"))


def test_one_table_lists_all_kinds_and_fits_a_terminal(results: Path) -> None:
    listing = done("list", "--results", str(results))
    rows = {line.split()[0]: line.split() for line in listing.splitlines() if line.split()}
    for kind in KINDS:
        assert rows[kind][1] == kind
    assert max(map(len, listing.splitlines())) <= 80
    told = json.loads(done("list", "--results", str(results), "--json"))["results"]
    assert {each["name"]: each["what"] for each in told} == {kind: kind for kind in KINDS}
    [study] = [each for each in told if each["what"] == "study"]
    assert (study["runs"], study["days"], study["seed"]) == (200, 6, 3)
    assert study["wars"] == sim.open_study(results / "study").counts["war"]


def test_a_long_name_folds_the_table(results: Path) -> None:
    Path("results").mkdir()
    shutil.copytree(results / "sweep", Path("results", "n" * 90))
    lines = done("list").splitlines()
    assert "n" * 90 in lines
    assert max(map(len, (line for line in lines if "nnn" not in line))) <= 80


@pytest.mark.parametrize("kind", KINDS)
def test_a_result_is_shown_as_it_was_printed(kind: str, results: Path) -> None:
    by_name, by_folder = (
        done("show", *words) for words in ((kind, "--results", str(results)), (str(results / kind),))
    )
    assert by_name == by_folder
    assert by_name == done(*ASKED[kind], "--out", str(results), "--name", kind)
    shown = json.loads(done("show", str(results / kind), "--json"))
    assert shown["folder"] == str(results / kind)
    assert len(shown) > 1


@pytest.mark.parametrize("kind", KINDS)
def test_every_figure_of_a_result_is_drawn_and_another_name_is_answered_with_those(
    kind: str, results: Path
) -> None:
    names = open_kept(results / kind).figures
    for name in names:
        done("plot", kind, "--results", str(results), "--figure", name, "--out", f"{name}.svg")
        assert Path(f"{name}.svg").read_text().startswith("<?xml")
    refused = brink("plot", kind, "--results", str(results), "--figure", "nonsense")
    assert refused.exit_code == 2
    assert all(name in refused.stderr for name in names)


def test_a_figure_lies_beside_its_result_unless_said_otherwise(copied: Path) -> None:
    told = done("plot", "sweep", "--results", str(copied), "--format", "pdf")
    assert told.strip() == str(copied / "sweep-sweep.pdf")
    assert Path(told.strip()).read_bytes().startswith(b"%PDF")


def test_studies_are_laid_over_each_other_and_nothing_else_is(results: Path) -> None:
    study = open_kept(results / "study")
    assert sim.plot([study, study]).axes
    refused = brink("plot", str(results / "study"), str(results / "sweep"))
    assert refused.exit_code == 2
    assert "only studies are laid over each other, and duel is a sweep" in refused.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_every_table_is_exported_and_reads_back_as_the_same_numbers(kind: str, results: Path) -> None:
    tables = open_kept(results / kind).tables
    assert tables
    for form in ("csv", "parquet"):
        done("export", kind, "--results", str(results), "--format", form, "--out", form)
        assert sorted(path.stem for path in Path(form).iterdir()) == sorted(tables)
    done("export", kind, "--results", str(results), "--format", "xlsx", "--out", "book")
    sheets = read_workbook(Path("book", f"{kind}.xlsx"))
    assert list(sheets) == list(tables)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(pd.read_parquet(f"parquet/{name}.parquet"), table, check_dtype=False)
        numbers = table.select_dtypes("number").drop(columns=[c for c in table if table[c].dtype == "Int16"])
        again = pd.read_csv(f"csv/{name}.csv")[list(numbers)]
        for column in map(str, numbers):
            np.testing.assert_array_equal(again[column].to_numpy(float), numbers[column].to_numpy(float))
            cells = [float(row[column]) if row[column] else np.nan for row in sheets[name]]
            expected = numbers[column].to_numpy(float)
            np.testing.assert_array_equal(cells, expected)


def read_workbook(path: Path) -> dict[str, list[dict[str, str]]]:
    """The rows of each sheet, a dict by the cells of the first row; independent of the writer but for the format."""
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    found = {}
    with zipfile.ZipFile(path) as book:
        names = [
            each.get("name", "")
            for each in ElementTree.fromstring(book.read("xl/workbook.xml")).iter()
            if each.tag.endswith("}sheet")
        ]
        for number, name in enumerate(names, 1):
            sheet = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
            rows = [
                ["".join(cell.itertext()) for cell in row.findall("m:c", space)]
                for row in sheet.iter(f"{{{space['m']}}}row")
            ]
            found[name] = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    return found


def test_a_workbook_takes_any_text_and_is_the_same_bytes_each_time() -> None:
    table = pd.DataFrame(
        {"a<b": ['"quoted" & <tagged>', " blank "], "flag": [True, False], "n": [0.1, float("inf")]}
    )
    for file in ("one.xlsx", "two.xlsx"):
        write_workbook(Path(file), {"t": table, "u": table.head(1)})
    assert Path("one.xlsx").read_bytes() == Path("two.xlsx").read_bytes()
    sheets = read_workbook(Path("one.xlsx"))
    assert [row["a<b"] for row in sheets["t"]] == ['"quoted" & <tagged>', " blank "]
    assert [row["flag"] for row in sheets["t"]] == ["1", "0"]
    assert [row["n"] for row in sheets["t"]] == ["0.1", "inf"]


# verify -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_result_is_verified_stage_by_stage(kind: str, results: Path) -> None:
    told = done("verify", kind, "--results", str(results))
    manifest = json.loads((results / kind / store.MANIFEST).read_text())
    assert "checksums as written" in told
    for stage in manifest["stages"]:
        assert f"{stage}: " in told
    assert "as computed again" in told
    assert "as made again from the counts" in told
    assert told.splitlines()[-1].endswith("as it should be")


@pytest.mark.parametrize("kind", KINDS)
def test_a_count_that_was_changed_and_signed_again_is_found(kind: str, copied: Path) -> None:
    """One more in the counts of any stage, with checksums that fit: only computing it again can tell."""
    folder = copied / kind
    for stage in json.loads((folder / store.MANIFEST).read_text())["stages"]:
        file = folder / f"{stage}.npz"
        before = file.read_bytes()
        counts = unpacked(before)
        name = next(each for each in counts if counts[each].dtype.kind == "i" and counts[each].size)
        changed = counts[name].copy()
        changed.flat[0] += 1
        sign(folder, file.name, packed(counts | {name: changed}))
        result = brink("verify", str(folder))
        assert result.exit_code == 1
        assert stage in result.stderr
        sign(folder, file.name, before)
    assert done("verify", str(folder))


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_that_was_changed_and_signed_again_is_found(kind: str, copied: Path) -> None:
    folder = copied / kind
    sign(folder, "report.md", (folder / "report.md").read_bytes() + b"\n")
    result = brink("verify", str(folder))
    assert result.exit_code == 1
    assert "report.md is not what the counts give" in result.stderr


def test_a_question_that_was_changed_is_found(copied: Path) -> None:
    file = copied / "sweep" / store.MANIFEST
    manifest = json.loads(file.read_text())
    manifest["document"]["world"]["framework"] = 0.123
    manifest[store.CHECKSUM] = store.checksum(manifest)
    file.write_text(json.dumps(manifest))
    result = brink("verify", "sweep", "--results", str(copied))
    assert result.exit_code == 1
    assert "another question than was answered" in result.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_file_is_named_by_every_command_that_reads_it(kind: str, copied: Path) -> None:
    table = next((copied / kind).glob("*.parquet"))
    table.write_bytes(table.read_bytes()[:-1])
    checked = brink("verify", kind, "--results", str(copied))
    assert (checked.exit_code, table.name in checked.stderr) == (1, True)
    shown = brink("show", kind, "--results", str(copied))
    assert (shown.exit_code, table.name in shown.stderr) == (2, True)


def test_of_a_large_experiment_stretches_of_units_are_computed_again(
    monkeypatch: pytest.MonkeyPatch, copied: Path
) -> None:
    monkeypatch.setattr("sim.experiments.verify.FEW", 0)
    assert "points: points " in done("verify", "sweep", "--results", str(copied))
    file = copied / "sweep" / "points.npz"
    counts = unpacked(file.read_bytes())
    counts["row.sum"] = counts["row.sum"] + 1
    sign(file.parent, file.name, packed(counts))
    result = brink("verify", "sweep", "--results", str(copied))
    assert (result.exit_code, "row.sum" in result.stderr) == (1, True)


def sign(folder: Path, name: str, content: bytes) -> None:
    """Write a file of a result, its checksum into the manifest, and the manifest's own."""
    import hashlib

    (folder / name).write_bytes(content)
    manifest: dict[str, Any] = json.loads((folder / store.MANIFEST).read_text())
    manifest["files"][name] = hashlib.sha256(content).hexdigest()
    manifest[store.CHECKSUM] = store.checksum(manifest)
    (folder / store.MANIFEST).write_text(json.dumps(manifest))


# The catalogue ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", CATALOGUE)
def test_every_question_of_the_catalogue_is_where_it_says(kind: str) -> None:
    entry = CATALOGUE[kind]
    assert importlib.import_module(f"{entry.home}.question").QUESTION.kind == kind
    has_command = importlib.util.find_spec(f"{entry.home}.command") is not None
    assert has_command == (entry.command is not None)
    if has_command:
        assert cli.COMMANDS[entry.command or kind].about == entry.about


def test_import_sim_gives_every_public_name() -> None:
    names = "load run compare sweep sensitivity levers examine risk what_if windows plot open_study Scenario CrisisModel"
    assert set(names.split()) <= set(dir(sim))
    for name in dir(sim):
        assert getattr(sim, name).__name__ == name


def test_public_functions_take_a_scenario_by_name_too() -> None:
    few: Any = {"days": 3, "figures": False, "save": False}
    assert sim.sweep("duel", {"world.framework": [0.2, 0.8]}, runs=8, **few).question.subject == "duel"
    assert sim.levers("duel", runs=8, **few).question.subject == "duel"
    assert sim.windows("duel", "north", "threaten", runs=64, **few).question.subject == "duel"
    assert sim.compare({"a": "duel", "b": "calm"}, runs=8, **few).question.subject == "a and b"
    assert sim.diff("duel", "calm", 0, save=False).question.subject == "duel and calm"
    assert sim.risk("duel", 0, times=2, save=False).question.subject == "duel"
