"""Whatever a scenario file holds, it loads or is refused in plain words: file, key, what is allowed.

The fuzzing here knows the shape of the files: it changes one thing of a shipped file at a time.
"""

import os
import random
import re
import shutil
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docs import SHIPPED
from sim.errors import ScenarioError
from sim.scenario.files import load, load_with, parse_override

FOLDER = Path(__file__).parents[2] / "scenarios"
SECONDS = 1.0  # of processor time, at most, for any file
each_shipped = pytest.mark.parametrize("path", SHIPPED, ids=[path.stem for path in SHIPPED])


def refused(path: Path, overrides: dict[str, Any] | None = None) -> list[str]:
    """The lines by which a file is refused, none of which could harm a terminal."""
    with pytest.raises(ScenarioError) as caught:
        load_with(path, overrides or {})
    assert caught.value.problems
    assert all(line.isprintable() for line in caught.value.problems)
    return list(caught.value.problems)


def tried(path: Path) -> list[str]:
    """What is wrong with a file, nothing if it loads; every line names a file of its folder."""
    began = time.process_time()
    try:
        load(path)
        lines = []
    except ScenarioError as error:
        lines = list(error.problems)
        assert lines, "an error without a word"
    assert time.process_time() - began < SECONDS
    for line in lines:
        assert line.isprintable(), line
        assert re.match(rf"{re.escape(str(path.parent))}/\w+\.toml: ", line), line
    return lines


# Files that are none --------------------------------------------------------------------------


def test_a_missing_file_is_refused_with_a_suggestion(tmp_path: Path) -> None:
    (tmp_path / "blockade.toml").touch()
    path = tmp_path / "blokade.toml"
    assert refused(path) == [f'{path}: there is no such file; did you mean "blockade.toml"?']


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path) == [f"{tmp_path}: is not a regular file"]


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    assert refused(tmp_path / "pipe.toml") == [f"{tmp_path}/pipe.toml: is not a regular file"]


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/full", "/dev/tty"])
def test_a_device_is_refused(device: str) -> None:
    assert refused(Path(device)) == [f"{device}: is not a regular file"]


def test_a_loop_of_links_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.toml").symlink_to("b.toml")
    (tmp_path / "b.toml").symlink_to("a.toml")
    assert str(tmp_path / "a.toml") in refused(tmp_path / "a.toml")[0]


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret.toml"
    path.touch()

    def forbidden(*_: object) -> None:  # root reads what it may not, so the mode would not do here
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)
    assert refused(path) == [f"{path}: cannot be read (Permission denied)"]


@pytest.mark.parametrize("name", ["a" * 300, "a\0b", "a\nb\x1b[31m", "\udcff", "~", "a" * 5000, "..", ""])
def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path, name: str) -> None:
    refused(tmp_path / name)


@pytest.mark.parametrize("base", ["3", "true", '""', '"."', '"/dev/zero"', '"\\u0000"', '"a\\u001bb"', "{}"])
def test_a_file_that_extends_no_file_is_refused_by_name(tmp_path: Path, base: str) -> None:
    path = tmp_path / "child.toml"
    path.write_text(f"extends = {base}\n")
    [line] = refused(path)
    assert line.startswith(f"{path}: extends ")


# Texts that are none --------------------------------------------------------------------------

BOMBS = {
    "brackets": "x = " + "[" * 400,
    "brackets over lines": "x = " + "[\n" * 5000 + "]\n" * 5000,
    "tables": "x = " + "{a=" * 100,
    "dotted key": "a." * 240 + "a = 1",
    "dotted key in a table": "x = { " + "a." * 200 + "a = 1 }",
    "dotted header": "[" + "a . " * 100 + "a]",
    "quoted key": '"a".' * 100 + "a = 1",
    "brackets behind a comment": 'x = [ # """\n' + "[\n" * 3000 + '# """',
    "brackets behind an apostrophe": "x = [ # it's\n" + "[\n" * 3000,
    "long line": "title = " + '"' + "a" * 500 + '"',
    "64 KiB in one line": "title = " + '"' * 65_000,
    "large": "# a comment\n" * 6000,
    "open text": 'title = """' + "a\n" * 20_000,
    "quotes": ('"""' + "\n") * 15_001,
    "apostrophes": ("'''" + "\n") * 15_001,
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_at_once(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bomb.toml"
    path.write_text(text)
    [line] = tried(path)
    assert line.startswith(f"{path}: ")


FLOODS = {
    "unknown keys": "".join(f"key{i} = 1\n" for i in range(5000)),
    "unknown tables": "".join(f"[t{i}]\n" for i in range(6000)),
    "unknown actors": "".join(f"[actors.a{i}]\n" for i in range(3500)),
    "third parties": "".join(f'[actors.a{i}]\nrole="third"\nseat=1\n' for i in range(1500)),
    "signals": "".join(f'[signals.s{i}]\nclass="quiet"\nsenders=["third"]\n' for i in range(1200)),
    "script": '[[script]]\nday=1\nactor="a"\nsignal="b"\n' * 1500,
    "wrong script": "[[script]]\nday=-1\n" * 3000,
    "rates": "[rates.a]\n" + "".join(f"k{i}=9\n" for i in range(5000)),
    "signals that nobody knows": '[actors.a]\nrole="third"\n[actors.a.inclination]\n'
    + "".join(f"call{i}=1\n" for i in range(5000)),
    "signals left out": "".join(f'[signals.s{i}]\nclass="quiet"\nsenders=["x"]\n' for i in range(600))
    + "".join(f'[signals.t{i}]\nclass="quiet"\nsenders=["third"]\n' for i in range(200))
    + '[actors.a]\nrole="third"\n[rates.a]\n'
    + "".join(f"s{i}=0\n" for i in range(2000)),
    "assumptions": "[rates.a]\n" + "".join(f"k{i}={{value=1,low=2}}\n" for i in range(2500)),
    "changed signals": "".join(f"[signals.hold]\ncost{i} = 1\n"[15 * (i > 0) :] for i in range(4000)),
}


@pytest.mark.parametrize("text", FLOODS.values(), ids=FLOODS)
def test_a_flood_of_mistakes_is_answered_soon_and_shortly(tmp_path: Path, text: str) -> None:
    path = tmp_path / "flood.toml"
    path.write_text(text)
    assert path.stat().st_size <= 65_536
    assert 1 <= len(tried(path)) <= 101


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "actors is missing"),
        (b"\xff\xfe", "is not UTF-8 text (byte 0)"),
        (b"title = \x00", "is not valid TOML"),
        (b"title = '\x1b[31m'", "is not valid TOML"),
        (b"title = 1\ntitle = 2", "is not valid TOML"),
        (b"[world]\n[world]", "is not valid TOML"),
        (b"title = ", "is not valid TOML"),
        (b"\xef\xbb\xbftitle = 'x'", "is not valid TOML"),
    ],
)
def test_a_text_that_is_no_toml_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(content)
    [line] = refused(path)
    assert line.startswith(f"{path}: ")
    assert words in line


def test_control_characters_are_escaped_where_they_are_shown() -> None:
    [line] = refused(FOLDER / "duel.toml", {"title": "\x1b[31m\u202e"})
    assert r'title is "\x1b[31m\u202e"; it must be text' in line
    [line] = refused(FOLDER / "duel.toml", {"world.\x1b": 1})
    assert r"world.\x1b is not a key" in line


# Overrides from Python ------------------------------------------------------------------------

LOOP: dict[str, Any] = {}
LOOP["x"] = LOOP
ODD = [
    None,
    object(),
    b"x",
    10**5000,
    Fraction(10) ** 400,
    1j,
    {1: 2},
    {"a": {3: 4}},
    LOOP,
    [LOOP],
    (),
    float("nan"),
    "\udcff",
    {1},
    int,
]


@pytest.mark.parametrize("value", ODD, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize(
    "key", ["world.backing", "title", "actors.caracas", "study.runs", "script", "rates", "start"]
)
def test_any_object_is_refused_in_plain_words(key: str, value: Any) -> None:
    scenario = load(FOLDER / "standoff.toml")
    if (key, value) in (("script", ()), ("start", None)):
        return  # which is to leave it out
    with pytest.raises(ScenarioError) as caught:
        scenario.replace({key: value})
    assert all(line.startswith((key, f"{key}.")) and line.isprintable() for line in caught.value.problems)


@pytest.mark.parametrize(
    "key",
    ["", ".", "a.", 3, None, "name", "assumptions", "extends", "x" * 10_000, "\0", "[key]", "world.\udcff"],
)
def test_any_key_that_is_none_is_refused(key: Any) -> None:
    with pytest.raises(ScenarioError):
        load(FOLDER / "duel.toml").replace({key: 1})


# Fuzzing the shipped files --------------------------------------------------------------------

ASSIGNMENT = re.compile(r"^([\w]+) = (.*)$")
NO_NUMBER = [
    '"x"',
    "nan",
    "inf",
    "-inf",
    "true",
    "[]",
    "{}",
    "1e999",
    "-1e9",
    "9" * 400,
    "1979-05-27",
    "07:30:00",
]
NO_NUMBER += ['"\\u0007\\u001b[2J"', "[[1]]", "{ value = nan }", "{ value = 0.5, low = 1e9 }", "{ low = 0 }"]
NO_TEXT = [
    "3",
    "true",
    "[]",
    "{}",
    "nan",
    "1979-05-27",
    '{ value = "x" }',
    '"\\u001b[31m"',
    '"' + "x" * 480 + '\\n"',
]


def lines_with_keys(text: str) -> Iterator[tuple[int, str, str]]:
    """Number, dotted key and value of each line that sets one; lines within long texts left out."""
    header, entries, inside = "", 0, False
    for number, line in enumerate(text.split("\n")):
        if line.count('"""') % 2:
            inside = not inside
        elif inside:
            continue
        elif line.startswith("[["):
            header, entries = f"script[{entries}]", entries + 1
        elif line.startswith("["):
            header = line.partition("]")[0].strip("[")
        elif found := ASSIGNMENT.match(line):
            yield number, f"{header}.{found[1]}" if header else found[1], found[2]


def value_mutations(text: str) -> Iterator[tuple[str, str]]:
    """(key, text) for each way to give one key a value that it cannot have."""
    lines = text.split("\n")
    for number, key, value in lines_with_keys(text):
        name = lines[number].partition(" = ")[0]
        is_text = value.startswith('"') and name not in ("extends",)
        if key.startswith("signals.") and ".needs" in key:
            continue  # any number may be needed
        for wrong in NO_TEXT if is_text else NO_NUMBER:
            if name in ("senders", "sends", "forbid", "start", "force", "needs") and wrong in (
                "[]",
                "true",
                "1979-05-27",
                "{}",
            ):
                continue
            if name == "description" and wrong.endswith('\\n"'):
                continue  # it may have many lines
            if "extends" in text and wrong in ("{}", "{ low = 0 }"):
                continue  # which changes a part of what the base says
            yield key, "\n".join([*lines[:number], f"{name} = {wrong}", *lines[number + 1 :]])
        for end in re.findall(r"low|high", value) if value.startswith("{") else ():
            changed = re.sub(rf"\b{end} = [-\d.e]+", f"{end} = -1e9", value)
            yield key, "\n".join([*lines[:number], f"{name} = {changed}", *lines[number + 1 :]])


def renamed(text: str) -> Iterator[tuple[str, str]]:
    """(key, text) for each key that is written with a letter too many."""
    lines = text.split("\n")
    for number, key, _ in lines_with_keys(text):
        yield key, "\n".join([*lines[:number], lines[number].replace(" = ", "x = ", 1), *lines[number + 1 :]])


def damaged(text: str, luck: random.Random) -> bytes:
    """The file after one of the accidents that befall files."""
    content, lines = text.encode(), text.split("\n")
    at, line = luck.randrange(len(content)), luck.randrange(len(lines))
    tables = [i for i, each in enumerate(lines) if each.startswith("[")] + [len(lines)]
    table = luck.randrange(len(tables) - 1)
    return luck.choice(
        [
            content[:at],
            content[:at] + bytes([content[at] ^ (1 << luck.randrange(8))]) + content[at + 1 :],
            content[:at] + luck.randbytes(3) + content[at:],
            content[:at]
            + luck.choice(["[", "{", '"', "\\", ".", "=", "#", "\n", "\0", "'''"]).encode()
            + content[at:],
            "\n".join([*lines[: line + 1], *lines[line:]]).encode(),
            "\n".join([*lines[:line], *lines[line + 1 :]]).encode(),
            "\n".join([*lines[: tables[table]], *lines[tables[table + 1] :]]).encode(),
            "\n".join([*lines[:line], "x = " + "[" * luck.choice([3, 9, 400]), *lines[line:]]).encode(),
        ]
    )


def workshop(path: Path, tmp_path: Path) -> Path:
    """A copy of the shipped files in which one may be spoilt."""
    return Path(shutil.copytree(FOLDER, tmp_path / "files")) / path.name


def some(cases: Iterator[tuple[str, str]], most: int, luck: random.Random) -> list[tuple[str, str]]:
    found = list(cases)
    return luck.sample(found, min(most, len(found)))


def names_what_is_wrong(path: Path, key: str, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    lines = tried(path)
    assert any(line.startswith(f"{path}: {key}") for line in lines), (key, lines)


@each_shipped
def test_a_wrong_value_is_refused_by_file_and_key(path: Path, tmp_path: Path) -> None:
    copy, luck = workshop(path, tmp_path), random.Random(path.stem)
    for key, text in some(value_mutations(path.read_text()), 30, luck):
        names_what_is_wrong(copy, key, text)


@each_shipped
def test_a_misspelt_key_is_refused_by_file_and_key(path: Path, tmp_path: Path) -> None:
    copy, luck = workshop(path, tmp_path), random.Random(path.stem)
    for key, text in some(renamed(path.read_text()), 15, luck):
        names_what_is_wrong(copy, key, text)


@each_shipped
def test_a_damaged_file_loads_or_is_refused_and_nothing_is_written(path: Path, tmp_path: Path) -> None:
    copy, luck = workshop(path, tmp_path), random.Random(path.stem)
    before = {each.name for each in tmp_path.rglob("*")}
    for _ in range(30):
        copy.write_bytes(damaged(path.read_text(), luck))
        tried(copy)
    assert {each.name for each in tmp_path.rglob("*")} == before


@pytest.mark.deep
@each_shipped
def test_hundreds_of_wrong_values_and_keys_are_refused(path: Path, tmp_path: Path) -> None:
    copy, luck, text = workshop(path, tmp_path), random.Random(path.stem), path.read_text()
    for key, spoilt in [*some(value_mutations(text), 600, luck), *renamed(text)]:
        names_what_is_wrong(copy, key, spoilt)
    for _ in range(500):
        copy.write_bytes(damaged(text, luck))
        tried(copy)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.dates() | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
WORDS = [
    "actors",
    "caracas",
    "signals",
    "raid",
    "world",
    "script",
    "study",
    "value",
    "low",
    "role",
    "needs",
    "seat",
]
KEYS = st.lists(st.sampled_from(WORDS) | st.text(max_size=5), max_size=4).map(".".join)


@pytest.mark.deep
@settings(max_examples=3000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(overrides=st.dictionaries(KEYS, ANYTHING, max_size=3))
def test_any_overrides_make_a_scenario_or_a_plain_refusal(overrides: dict[str, Any]) -> None:
    lines: tuple[str, ...] = ()
    try:
        load_with(FOLDER / "standoff.toml", overrides)
    except ScenarioError as error:
        lines = error.problems
    assert all(line.isprintable() for line in lines)


@pytest.mark.deep
@settings(max_examples=3000, deadline=None)
@given(text=st.text(alphabet="ab.=[]{}\"'\\\n# 1", max_size=60))
def test_any_text_of_an_override_is_parsed_or_refused(text: str) -> None:
    said = ""
    try:
        parse_override(text)
    except ScenarioError as error:
        said = str(error)
    assert said.isprintable()
