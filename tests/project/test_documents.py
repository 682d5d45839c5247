"""Documents tell the truth: sessions, tables and results are the program's; every key, command, file and work is in them."""

from __future__ import annotations

import ast
import calendar
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import sim
from docs import site
from docs.__main__ import MADE
from docs.marked import filled, marked
from docs.tables import tables
from docs.transcripts import transcribed
from sim.commands.main import COMMANDS, brink
from sim.scenario.json_schema import model_schema
from sim.scenario.lookup import NOT_IN_FILES
from sim.schema.signals import shipped_vocabulary
from tests.conftest import REPOSITORY

DOCUMENTS = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").glob("*.md")])
NAMES = [path.relative_to(REPOSITORY).as_posix() for path in DOCUMENTS]
HOW = "run `python -m docs` and look at what moved"


def read(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


# What is run ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MADE)
def test_sessions_print_what_the_document_says(name: str, tmp_path: Path) -> None:
    if name == "README.md":
        after_make_study()
    assert transcribed(read(name), tmp_path) == read(name), HOW


def after_make_study() -> None:
    """Do what `make study` does, as the README's reader has before the session."""
    [command] = re.findall(r"^study: .*\n\t\$\(BIN\)/brink (.+)$", read("Makefile"), re.MULTILINE)
    assert CliRunner().invoke(brink, command.split()).exit_code == 0


def test_a_wrong_output_is_noticed(tmp_path: Path) -> None:
    session = "```pycon\n>>> 1 + 1\n3\n```\n\n```console\n$ brink --version\nbrink 9\n```\n"
    told = transcribed(session, tmp_path)
    assert told.startswith("```pycon\n>>> 1 + 1\n2\n```\n")
    assert "brink 9" not in told


def test_every_block_of_a_document_is_run_or_plain_text() -> None:
    kinds = {kind for name in NAMES for kind in re.findall(r"^```(\w+)$", read(name), re.MULTILINE)}
    assert kinds <= {"console", "pycon", "python", "toml", "sh", "text"}


def test_every_command_named_in_a_document_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    for name in NAMES:
        assert set(re.findall(r"`brink ([a-z]+)", read(name))) <= set(COMMANDS), name
        assert set(re.findall(r"(?:`|^)make ([a-z-]+)", read(name), re.MULTILINE)) <= targets, name


# What is made ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MADE)
def test_tables_are_those_of_the_schema_and_the_vocabulary(name: str) -> None:
    assert filled(read(name), tables()) == read(name), "run `python -m docs --tables`"


@pytest.mark.deep
def test_results_are_those_of_the_program() -> None:
    from docs.results import PICTURE, picture, results

    stated = results()
    for name in MADE:
        assert filled(read(name), stated) == read(name), HOW
    assert PICTURE.read_bytes() == picture(), HOW


def test_the_odds_that_the_model_states_are_those_of_ten_thousand_runs() -> None:
    from docs.results import caption, odds

    stated = {"odds": odds(), "caption": caption()}
    for name in ("README.md", "MODEL.md"):
        assert filled(read(name), stated) == read(name), HOW


def test_every_made_part_of_a_document_is_one_that_is_made() -> None:
    from docs import results

    known = set(tables()) | called_in(Path(results.__file__), "results")
    found = [part for name in MADE for part in marked(read(name))]
    assert set(found) == known
    assert len(found) == len(known)


def called_in(module: Path, function: str) -> set[str]:
    """Keys of the dictionary that a function returns, read from its source."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    [body] = [each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == function]
    [returned] = [each.value for each in ast.walk(body) if isinstance(each, ast.Return)]
    assert isinstance(returned, ast.Dict)
    return {str(ast.literal_eval(key)) for key in returned.keys if key is not None}


# What is complete -----------------------------------------------------------------------------


def keys_of(node: dict[str, Any], where: str, defs: dict[str, Any]) -> Iterator[str]:
    """Dotted keys of all that the JSON Schema lets a scenario say; NAME stands for a name."""
    node = defs[node["$ref"].rsplit("/", 1)[1]] if "$ref" in node else node
    inside = [*node.get("anyOf", ()), *node.get("oneOf", ())]
    named = [*node.get("patternProperties", {}).values()]
    if isinstance(node.get("additionalProperties"), dict):
        named.append(node["additionalProperties"])
    if not node.get("properties") and where:
        yield where
    for each in inside:
        yield from keys_of(each, where, defs) if "$ref" in each else ()
    for each in named:
        yield from keys_of(each, f"{where}.NAME", defs) if "$ref" in each or "oneOf" in each else ()
    if "$ref" in node.get("items", {}):
        yield from keys_of(node["items"], f"{where}[]", defs)
    for key, each in node.get("properties", {}).items():
        yield from keys_of(each, f"{where}.{key}" if where else key, defs)


def test_every_key_that_a_scenario_can_have_is_in_the_documents() -> None:
    schema = model_schema()
    keys = set(keys_of(schema, "", schema["$defs"])) - set(NOT_IN_FILES)
    keys = {key for key in keys if not key.startswith("assumptions")}
    keys = {re.sub(r"^coefficients\.(coercer|target)\.", "coefficients.ROLE.", key) for key in keys}
    text = read("docs/numbers.md")
    missing = sorted(key for key in keys if f"| `{key}` |" not in text and not key.endswith(".NAME"))
    assert len(keys) > 150
    assert not missing


def test_every_signal_that_ships_is_in_the_model() -> None:
    assert all(read("MODEL.md").count(f"| `{name}` |") >= 1 for name in shipped_vocabulary())


def test_the_equations_of_the_model_are_numbered_without_gaps() -> None:
    numbers = [int(n) for n in re.findall(r"^\((\d+)\)  ?", read("MODEL.md"), re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > 30


def test_rules_and_the_model_number_the_same_equations() -> None:
    told = {int(n) for n in re.findall(r"^\((\d+)\)  ?", read("MODEL.md"), re.MULTILINE)}
    rules = (REPOSITORY / "sim" / "rules").glob("*.py")
    coded = {int(n) for path in rules for n in re.findall(r'"""\((\d+)\) ', path.read_text(encoding="utf-8"))}
    assert coded == told


def test_names_in_the_equations_are_keys_of_a_scenario() -> None:
    """A name with an underscore in a block of equations is a key, or is named in the text as something else."""
    blocks = re.findall(r"^```text\n(.*?)^```$", read("MODEL.md"), re.DOTALL | re.MULTILINE)
    equations = "\n".join(block for block in blocks if re.search(r"^\(\d+\)", block, re.MULTILINE))
    keys = {
        key.rsplit(".", 1)[-1]
        for key in re.findall(r"^\| `([\w.]+)` \|", read("docs/numbers.md"), re.MULTILINE)
    }
    named = set(re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", equations))
    assert len(named) > 50
    own = {re.sub(r"_[ij]$", "", name) for name in named} - keys
    assert own <= {"h", "p", "force", "framework_switch", "h_last"}, "neither a key nor told in the text"


def test_every_command_is_named_where_a_reader_looks_first() -> None:
    text = "".join(map(read, ("README.md", "docs/questions.md", "docs/results.md", "docs/own-scenario.md")))
    assert not [name for name in COMMANDS if f"brink {name}" not in text]


def test_every_question_of_the_readme_has_its_command_in_the_answers() -> None:
    asked = set(re.findall(r"^\| [^|]+\? \| `brink ([a-z]+)", read("README.md"), re.MULTILINE))
    assert len(asked) > 5
    assert asked <= set(re.findall(r"^(?:\$ )?brink ([a-z]+)", read("docs/questions.md"), re.MULTILINE))


def test_every_file_of_a_study_is_in_the_documents() -> None:
    claim = sim.load(REPOSITORY / "scenarios" / "claims" / "framework.toml")
    study = sim.run(claim, runs=2, parts=("twins", "attribution"), figures=False)
    assert study.folder
    text = read("docs/results.md")
    named = {path.name for path in study.folder.iterdir() if path.suffix != ".npz"}
    assert {"twins.parquet", "attribution.parquet", "differences.parquet"} <= named
    assert not [name for name in named if f"`{name}`" not in text]


# Author and year, as "Wilson 1927", "Fay & Feuer (1997)" or "Louis's (1984)" have them.
CITED = re.compile(r"\b([A-Z][\wé]+)(?:'s?)?(?: and others| et\s+al\.)? \(?((?:18|19|20)\d\d)\b")
MONTHS = set(calendar.month_name)


def test_every_work_that_is_cited_is_among_the_sources() -> None:
    files = [
        *(REPOSITORY / "sim").rglob("*.py"),
        *(REPOSITORY / "sim").rglob("*.toml"),
        REPOSITORY / "MODEL.md",
        REPOSITORY / "docs" / "why.md",
    ]
    listed = [line for line in read("docs/sources.md").splitlines() if line.startswith("| ")]
    works = {
        work
        for file in files
        for work in CITED.findall(file.read_text(encoding="utf-8"))
        if work[0] not in MONTHS
    }
    assert len(works) > 30
    assert not [
        (name, year) for name, year in works if not any(name in line and year in line for line in listed)
    ]


# What is linked -------------------------------------------------------------------------------


def anchors(text: str) -> set[str]:
    """The anchors that GitHub gives the headings of a document."""
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        if target.startswith(("http://", "https://")):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.exists(), target
        assert there.is_relative_to(REPOSITORY), target
        if anchor:
            assert anchor in anchors(there.read_text(encoding="utf-8")), target


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_files_named_in_a_document_exist(path: Path) -> None:
    named = re.findall(r"`((?:sim|docs|tests|scenarios)/[\w./-]*)`", path.read_text(encoding="utf-8"))
    examples = {"scenarios/mine.toml"}
    assert not [each for each in named if each not in examples and not (REPOSITORY / each).exists()]


def test_the_picture_is_small() -> None:
    assert (REPOSITORY / "docs" / "escalation.png").stat().st_size < 200_000


def test_every_document_and_every_package_has_its_place_on_the_site() -> None:
    placed = set(re.findall(r"- (?:[\w ,:]+: )?([\w/-]+\.md)$", read("docs/mkdocs.yml"), re.MULTILINE))
    assert placed == set(NAMES) | {"reference/commands.md", *(name for name, _ in site.packages())}


def test_links_to_sources_lead_to_the_page_of_their_package_and_other_files_are_no_links(
    tmp_path: Path,
) -> None:
    pages = tmp_path / "pages"
    site.written(pages)
    text = (pages / "ARCHITECTURE.md").read_text()
    assert "[`rules`](reference/packages/rules.md)" in text and "](tests/" not in text
    assert "### brink html\n" in (pages / "reference" / "commands.md").read_text()
