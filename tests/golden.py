"""A yardstick for large changes: what every command answers, written down, and two such records compared.

    python -m tests.golden OUTDIR                   ask everything, and record the answers in OUTDIR/record
    python -m tests.golden --compare DIR_A DIR_B    say what differs between two records

With `--only run,story` either is done of the questions alone whose labels begin so, and of those that they need.

Brink is driven by its command line alone, from the checkout in which this file lies, so that everything behind it
may be renamed. Counts, tables, JSON, exit codes and the names of files must not move: if they do, the comparison
ends with 1. Text may: it is shown as a note. What names the program rather than its results (identities, folders,
versions, durations) is left out of the record.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parent.parent
HARD = {".csv", ".json"}  # what must not move; the rest is text
FIGURES = {".png", ".svg", ".pdf"}
LEFT_OUT = {"folder", "identity", "versions", "files", "sources", "seconds", "most_seconds"}
SHOWN_LINES, SHOWN_WIDTH = 6, 200

STANDOFF, DUEL = "scenarios/standoff.toml", "scenarios/duel.toml"
TWO = "scenarios/calm.toml scenarios/tense.toml"
OVER = "--over actors.north.resolve --over actors.south.resolve"
COMMANDS = (
    "run claims check new list sweep levers sensitivity show verify plot export story whatif windows schema"
)

# A scenario of its own, for what no shipped one has all of: a script, arms and a sweep.
OWN = """
extends = "{root}/scenarios/standoff.toml"
title = "A script, arms and a sweep"

[study]
runs = 120
days = 25
seed = 7

[world]
framework = 0.6

[[script]]
day = 3
actor = "washington"
signal = "call"

[sweep]
vary = {{ "actors.caracas.resolve" = [0.3, 0.6, 0.8] }}

[[arms]]
name = "firm"
title = "a firm Caracas"
[arms.set]
actors.caracas.resolve = 0.8

[[arms]]
name = "as_is"
title = "as it is"

[[arms]]
name = "soft"
title = "a soft Caracas"
[arms.set]
actors.caracas.resolve = 0.3
"""

# Every question, by a label: its command lines in order. @ is the folder of results of the label itself, @other that
# of another, % the checkout.
QUESTIONS: dict[str, list[str]] = {
    "help": ["--version", "--help", *(f"{name} --help" for name in COMMANDS.split())],
    "schema": ["schema"],
    "check": [
        f"check scenarios/*.toml {STANDOFF}",
        "check scenarios/calm.toml scenarios/cuba1962.toml scenarios/claims/strikes.toml",
        f"check {STANDOFF} --set actors.caracas.resolv=0.7",
        f"check {STANDOFF} --set actors.caracas.resolve=7 --set world.nothing=1",
    ],
    "run-standoff": [
        f"run {STANDOFF} --runs 300 --days 60 --out @ --json",
        f"run {STANDOFF} --runs 300 --days 60 --out @",
        "show standoff --results @ --json",
        "show standoff --results @",
        "verify standoff --results @",
        f"run {STANDOFF} --runs 200 --days 60 --out @",
    ],
    "run-duel": [f"run {DUEL} --runs 300 --out @ --no-figures --json", "verify duel --results @ --pieces 5"],
    "run-cuba1962": ["run scenarios/cuba1962.toml --runs 300 --days 40 --out @ --no-figures --json"],
    "run-calm": ["run scenarios/calm.toml --runs 300 --days 60 --seed 5 --out @ --no-figures --json"],
    "run-set": [
        f"run {STANDOFF} --runs 300 --days 60 --set actors.caracas.resolve=0.7 --name firm --out @run-standoff --quiet",
        f"run {STANDOFF} --runs 200 --days 30 --set world.framework=0.9 --name working --out @ --no-figures --json",
    ],
    "run-no-rows": [f"run {STANDOFF} --runs 300 --days 30 --no-rows --twins --out @ --no-figures --json"],
    "run-mesa": [
        f"run {DUEL} --engine mesa --runs 30 --days 20 --out @ --no-figures --json",
        f"run {STANDOFF} --engine mesa --runs 20 --days 15 --twins --out @ --no-figures --json",
    ],
    "run-processes": [
        f"run {STANDOFF} --executor processes:2 --runs 2500 --days 10 --out @ --no-figures --json"
    ],
    "run-dask": [f"run {STANDOFF} --executor dask:2 --runs 300 --days 10 --out @ --no-figures --json"],
    "run-dry": [
        f"run {STANDOFF} --runs 1000 --out @ --dry-run --json",
        f"run {STANDOFF} --runs 1000 --out @ --dry-run",
        f"run {STANDOFF} --precision war=0.01 --out @ --dry-run",
    ],
    "growth": [
        "run scenarios/tense.toml --runs 150 --days 40 --twins --attribute --out @ --no-figures --json",
        "run scenarios/tense.toml --runs 300 --days 40 --twins --attribute --out @ --no-figures --json",
        "verify tense --results @",
    ],
    "twins": [
        f"run {STANDOFF} --runs 300 --days 60 --twins --out @ --json",
        "show standoff --results @",
        "show standoff --results @ --json",
        "verify standoff --results @",
    ],
    "attribution": [
        f"run {STANDOFF} --runs 300 --days 60 --attribute --out @ --json",
        "show standoff --results @",
        "verify standoff --results @",
    ],
    "rare": [
        "run scenarios/calm.toml --rare war --runs 400 --days 40 --out @ --json",
        "show calm --results @",
        "verify calm --results @",
    ],
    "rare-duel": [f"run {DUEL} --rare war --runs 300 --days 30 --out @ --no-figures --json"],
    "precision": [
        f"run {STANDOFF} --precision war=0.03 --precision exit=0.05 --days 40 --out @ --json",
        "show standoff --results @",
        "verify standoff --results @",
    ],
    "everything": [
        "run scenarios/tense.toml --twins --attribute --rare war --precision war=0.06 --days 40 --out @ --no-figures --json",
        "verify tense --results @",
    ],
    "arms": [
        "run @own/own.toml --twins --out @ --json",
        "run @own/own.toml --twins --out @",
        "verify own --results @",
    ],
    "arms-claim": [
        "run scenarios/claims/framework.toml --runs 200 --days 40 --out @ --no-figures --json",
        "show framework --results @",
    ],
    "compare": [
        f"run {TWO} --compare --runs 200 --days 40 --out @ --json",
        f"run {TWO} --compare --runs 200 --days 40 --out @",
        f"run {TWO} --compare --runs 300 --days 40 --name more --out @ --json",
    ],
    "compare-twins": [
        f"run {TWO} {STANDOFF} --compare --twins --runs 150 --days 30 --out @ --no-figures --json"
    ],
    "overview": [
        "run scenarios/ --runs 200 --days 30 --twins --out @ --no-figures --json",
        "run scenarios/ --runs 200 --days 30 --twins --out @ --no-figures",
        "list --results @ --json",
        "list --results @",
        "show @/scenarios-batch-* --json",
    ],
    "sweep-grid": [
        f"sweep {STANDOFF} --vary world.framework=0:1:3 --vary actors.caracas.resolve=0.4,0.7 --runs 200 --days 40 --twins --out @ --json",
        "show @/standoff-sweep-* --json",
        "verify @/standoff-sweep-*",
    ],
    "sweep-list": [
        f"sweep {STANDOFF} --vary world.framework=0.1,0.9 --runs 200 --days 40 --out @",
        f"sweep {STANDOFF} --vary world.framework=0.1,0.9 --runs 200 --days 40 --out @ --json",
    ],
    "sweep-latin": [
        f"sweep {STANDOFF} --design latin --points 12 --runs 100 --days 40 --out @ --no-figures --json"
    ],
    "sweep-sobol": [
        f"sweep {DUEL} --design sobol --points 8 {OVER} --runs 100 --days 40 --seed 3 --twins --out @ --no-figures --json"
    ],
    "sweep-own": ["sweep @own/own.toml --runs 100 --out @ --no-figures --json"],
    "levers": [
        f"levers {STANDOFF} --runs 64 --days 30 --out @ --json",
        "show @/standoff-levers-*",
        "verify @/standoff-levers-*",
    ],
    "levers-signals": [f"levers {DUEL} --signals --runs 64 --days 30 --out @ --no-figures --json"],
    "sensitivity": [
        f"sensitivity {STANDOFF} --rows 8 --runs 16 --days 40 --keep 3 --out @ --json",
        "show @/standoff-sensitivity-*",
        "verify @/standoff-sensitivity-*",
    ],
    "sensitivity-over": [
        f"sensitivity {DUEL} {OVER} --rows 16 --runs 16 --days 30 --keep 2 --discover war --out @ --no-figures --json"
    ],
    "claims": [
        "claims framework safe_passage --quick --runs 40 --out @ --no-figures --json",
        "show claims --results @",
    ],
    "story": [
        "story standoff --results @run-standoff",
        "story standoff --results @run-standoff --run 7",
        "story duel --results @run-duel --run 3",
        "story cuba1962 --results @run-cuba1962 --run 11",
        "story own --results @arms --run 2",
    ],
    "story-risk": [
        "story standoff --results @run-standoff --run 3 --risk --times 60 --json --figure @/risk.png",
        "story standoff --results @run-standoff --run 3 --risk --times 60",
        "story cuba1962 --results @run-cuba1962 --run 4 --risk --times 40 --json",
    ],
    "story-closest": [
        "story standoff --results @run-standoff --closest --times 60 --json",
        "story duel --results @run-duel --closest --times 40",
    ],
    "whatif": [
        "whatif standoff --results @run-standoff --run 3 --day 20 --actor washington --times 80 --json --figure @/whatif.png",
        "whatif standoff --results @run-standoff --run 3 --day 20 --actor washington --times 80",
        "whatif standoff --results @run-standoff --run 5 --day 8 --actor caracas --times 60 --json",
        "whatif duel --results @run-duel --run 1 --day 4 --actor north --times 60 --json",
    ],
    "windows": [
        f"windows {STANDOFF} --actor washington --signal call --every 14 --runs 200 --days 40 --json --out @/call.parquet --figure @/call.png",
        f"windows {STANDOFF} --actor washington --signal offer_exit --every 20 --runs 200 --days 40 --out @/offer.csv",
        f"windows {STANDOFF} --actor brasilia --signal mediate --every 20 --runs 150 --days 40 --json",
    ],
    "plot": [
        "plot standoff --results @run-standoff --figure timing --out @/timing.svg",
        "plot standoff firm --results @run-standoff --out @/two.png",
        "plot standoff --results @attribution --figure attribution --out @/attribution.png",
        "plot standoff --results @twins --figure regret --out @/regret.png",
        "plot own --results @arms --figure differences --out @/differences.pdf",
    ],
    "export": [
        "export standoff --results @run-standoff --out @/plain",
        "export standoff --results @attribution --out @/attribution",
        "export own --results @arms --out @/arms",
        "export tense --results @everything --out @/everything",
    ],
    "list": [
        "list --scenarios scenarios/claims --results @overview --json",
        "list --results @run-standoff",
        "list --results @nothing",
    ],
    "new": [
        "new mine --extends %/scenarios/calm.toml",
        "check @/scenarios/mine.toml",
        "run @/scenarios/mine.toml --runs 64 --days 20 --out @ --no-figures --json",
        "new mine --extends %/scenarios/calm.toml",
    ],
    "mistakes": [
        "rnu",
        "run nowhere.toml --out @",
        f"run {STANDOFF} --runs none --out @",
        f"run {STANDOFF} --set world.trust=2 --out @",
        f"run {TWO} --compare --attribute --out @",
        f"run {STANDOFF} --precision peace=0.1 --out @",
        f"sweep {STANDOFF} --vary world.frame=0:1:3 --out @",
        "story standoff --results @run-standoff --run 999999",
        "whatif standoff --results @run-standoff --run 1 --day 3 --actor nobody",
        f"windows {STANDOFF} --actor washington --signal smile --days 10 --runs 10",
        "show nothing --results @run-standoff",
        "claims nothing --out @",
        f"sensitivity {STANDOFF} --over world.nothing --out @",
    ],
}


@dataclass(frozen=True)
class Places:
    """Where results are made, and where they are recorded."""

    out: Path

    @property
    def record(self) -> Path:
        return self.out / "record"

    def work(self, label: str) -> Path:
        return self.out / "work" / label

    def plain(self, text: str) -> str:
        """The text without what names a place or a version of the program."""
        text = text.replace(str(self.out), "OUT").replace(str(ROOT), "ROOT")
        text = re.sub(r"\b[0-9a-f]{64}\b", "HASH", text)
        text = re.sub(r"(?<=[a-z0-9])-[0-9a-f]{8}(?![0-9A-Za-z])", "", text)
        return re.sub(r"about (\d+|an?) (second|minute|hour|day|year)s?", "about SO LONG", text)


def chosen(only: str) -> list[str]:
    """Labels that begin with one of the words, in order, and those whose results they use or that add to these."""
    labels = {label for label in QUESTIONS if label.startswith(tuple(only.split(",")))}
    while more := {other for label in labels for other in used(label) | adding(label)} - labels:
        labels |= more
    return [label for label in QUESTIONS if label in labels]


def used(label: str) -> set[str]:
    """Labels whose folders a question reads or adds to."""
    return set(re.findall(r"@([\w-]+)", " ".join(QUESTIONS[label]))) & QUESTIONS.keys()


def adding(label: str) -> set[str]:
    """Labels that write into the folder of another."""
    return {other for other, lines in QUESTIONS.items() if re.search(rf"--out @{label}\b", " ".join(lines))}


def record(places: Places, labels: list[str]) -> int:
    """Ask the questions and write down the answers; 1 if a command ended with a bug of Brink's."""
    places.work("own").mkdir(parents=True)
    (places.work("own") / "own.toml").write_text(OWN.format(root=ROOT), encoding="utf-8")
    raw: dict[str, str] = {}
    bugs = 0
    for label in labels:
        began = time.monotonic()
        codes = [ask(places, label, number, line) for number, line in enumerate(QUESTIONS[label], 1)]
        ends = {f"{number:02}": code for number, code in enumerate(codes, 1)}
        write_json(places.record / label / "exit.json", ends)
        raw |= record_results(places, label)
        bugs += codes.count(1)
        print(f"{label}: {time.monotonic() - began:.1f} s, ended {codes}", flush=True)
    digests = {"record": recorded_digests(places.record), "raw": raw}
    write_json(places.out / "digests.json", digests)
    return 1 if bugs else 0


def ask(places: Places, label: str, number: int, line: str) -> int:
    """Run one command line, and record what it says."""
    own = places.work(label)
    own.mkdir(parents=True, exist_ok=True)
    words = [word for part in shlex.split(line) for word in expanded(places, label, part)]
    done = subprocess.run(
        [sys.executable, "-m", "sim", *words],
        cwd=own if words[0] == "new" else ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
    )
    answer = places.record / label / f"{number:02}-{words[0].strip('-')}"
    if done.returncode == 0 and ("--json" in words or line == "schema"):
        write_json(answer.with_suffix(".json"), cleaned(places, json.loads(done.stdout)))
    else:
        said = places.plain(f"$ brink {line}\n{done.stdout}")
        if words[0] == "list":  # as wide as the longest folder's name
            said = re.sub(" {2,}", "  ", said)
        write(answer.with_suffix(".txt"), said)
    if done.returncode:
        write(answer.with_suffix(".stderr.txt"), places.plain(done.stderr))
    return done.returncode


def expanded(places: Places, label: str, word: str) -> list[str]:
    """A word of a command line with its places filled in; a pattern of files stands for all of them."""
    word = word.replace("%", str(ROOT))
    word = re.sub(r"@([\w-]*)", lambda found: str(places.work(found[1] or label)), word)
    if "*" not in word:
        return [word]
    pattern = ROOT / word
    return [str(file).removeprefix(f"{ROOT}/") for file in sorted(pattern.parent.glob(pattern.name))]


def environment() -> dict[str, str]:
    """That of this process, with nothing in it that changes what is printed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BRINK_DEBUG")}
    return kept | {"PYTHONPATH": str(ROOT), "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}


def record_results(places: Places, label: str) -> dict[str, str]:
    """Record what lies in the folders of results of a label; the digest of each binary file as it is."""
    work = places.work(label)
    files = sorted(
        file
        for file in work.rglob("*")
        if file.is_file() and not any(part.startswith(".") for part in file.relative_to(work).parts)
    )
    raw: dict[str, str] = {}
    names = []
    for file in files:
        name = places.plain(str(file.relative_to(work)))
        names.append(name)
        record_file(places, file, places.record / label / name)
        if file.suffix in {".parquet", ".npz"}:
            raw[f"{label}/{name}"] = digest(file)
    if names:
        write_json(places.record / label / "files.json", names)
    return raw


def record_file(places: Places, file: Path, place: Path) -> None:
    """Record one file of results in a form that can be read and compared by line; figures by their names only."""
    if file.suffix == ".parquet":
        write(place.with_suffix(".csv"), table_text(places, file))
    elif file.suffix == ".npz":
        write(place.with_suffix(".npz.csv"), counts_text(file))
    elif file.name == "manifest.json":  # says what the program is as well as what it found: text
        content = cleaned(places, json.loads(file.read_text(encoding="utf-8")))
        write(place.with_suffix(".txt"), json_text(content))
    elif file.suffix == ".json":
        write_json(place, cleaned(places, json.loads(file.read_text(encoding="utf-8"))))
    elif file.suffix not in FIGURES:
        text = file.read_text(encoding="utf-8")
        text = text.replace(os.path.relpath(ROOT, file.parent) + "/scenarios/", "ROOT/scenarios/")
        write(place, places.plain(text))


def table_text(places: Places, file: Path) -> str:
    """A table as lines, its columns in the order of their names, with their types, and numbers in full."""
    table = pq.read_table(file)
    names = sorted(table.column_names)
    columns = [table.column(name).to_pylist() for name in names]
    head = ",".join(f"{name}:{table.schema.field(name).type}" for name in names)
    rows = (",".join(cell(places, value) for value in row) for row in zip(*columns, strict=True))
    return "\n".join([head, *rows]) + "\n"


def cell(places: Places, value: Any) -> str:
    if value is None:
        return ""
    return json.dumps(places.plain(value), ensure_ascii=False) if isinstance(value, str) else repr(value)


def counts_text(file: Path) -> str:
    """Arrays of counts as lines: for each its name, type and shape, then a line for each of its rows."""
    lines = []
    with np.load(file) as arrays:
        for name in sorted(arrays):
            array = arrays[name]
            lines.append(f"{name},{array.dtype},{'x'.join(map(str, array.shape))}")
            rows = array.reshape(-1, array.shape[-1] or 1) if array.ndim else array.reshape(1, 1)
            lines += [",".join(map(str, row)) for row in rows.tolist()]
    return "\n".join(lines) + "\n"


def cleaned(places: Places, value: Any) -> Any:
    """JSON without what names a place or a version of the program."""
    if isinstance(value, dict):
        return {
            places.plain(key): cleaned(places, each) for key, each in value.items() if key not in LEFT_OUT
        }
    if isinstance(value, list):
        return [cleaned(places, each) for each in value]
    return places.plain(value) if isinstance(value, str) else value


def json_text(content: Any) -> str:
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def write_json(place: Path, content: Any) -> None:
    write(place, json_text(content))


def write(place: Path, text: str) -> None:
    """Write a file; beside it, if two folders of results have one name: both are to be seen."""
    place.parent.mkdir(parents=True, exist_ok=True)
    while place.exists():
        place = place.with_name(f"again-{place.name}")
    with place.open("x", encoding="utf-8", newline="") as file:
        file.write(text)


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def recorded_digests(folder: Path) -> dict[str, str]:
    """The digest of each recorded file that must not move."""
    return {name: digest(file) for name, file in recorded(folder).items() if file.suffix in HARD}


def recorded(folder: Path) -> dict[str, Path]:
    return {str(file.relative_to(folder)): file for file in sorted(folder.rglob("*")) if file.is_file()}


def compare(one: Path, other: Path, labels: list[str]) -> int:
    """Say what differs between two records; 1 if anything that must not move has moved."""
    in_one, in_other = (
        {name: file for name, file in recorded(each / "record").items() if name.split("/")[0] in labels}
        for each in (one, other)
    )
    hard: list[str] = []
    soft: list[str] = []
    for name in sorted(in_one.keys() | in_other.keys()):
        what = difference(name, in_one.get(name), in_other.get(name))
        if what:
            (hard if Path(name).suffix in HARD else soft).append(what)
    for each in (*soft, *hard):
        print(each, end="\n\n")
    note_raw(one, other)
    print(f"{len(in_one)} and {len(in_other)} files; text: {len(soft)} differ", end="; ")
    print(f"counts, tables, JSON, exit codes and names of files: {len(hard)} differ")
    return 1 if hard or not in_one else 0


def difference(name: str, one: Path | None, other: Path | None) -> str:
    """What differs between two recorded files, in a few lines; nothing if they are the same."""
    if one is None or other is None:
        return f"{name}: only in {'B' if one is None else 'A'}"
    before, after = (file.read_text(encoding="utf-8") for file in (one, other))
    if before == after:
        return ""
    lines = unlike(before.split("\n"), after.split("\n"))
    return "\n".join([f"{name}: differs", *lines])


def unlike(before: list[str], after: list[str]) -> Iterator[str]:
    """The first lines that differ, each from where it begins to differ; whole added or lost lines in text."""
    if len(before) != len(after):
        yield f"  {len(before)} lines in A, {len(after)} in B"
        shown = [
            each for each in unified_diff(before[:2000], after[:2000], n=0, lineterm="") if each[:1] in "+-"
        ]
        yield from (f"  {each[:SHOWN_WIDTH]}" for each in shown[2 : 2 + 2 * SHOWN_LINES])
        return
    pairs = [(at, *pair) for at, pair in enumerate(zip(before, after, strict=True), 1) if pair[0] != pair[1]]
    yield f"  {len(pairs)} of {len(before)} lines"
    for line, a, b in pairs[:SHOWN_LINES]:
        same = next((at for at, pair in enumerate(zip(a, b, strict=False)) if pair[0] != pair[1]), 0)
        start = max(0, same - 40)
        yield f"  A {line}: {a[start : start + SHOWN_WIDTH]}"
        yield f"  B {line}: {b[start : start + SHOWN_WIDTH]}"


def note_raw(one: Path, other: Path) -> None:
    """Say which binary files hold the same content in other bytes: the order of columns, say, or a folder's name."""
    if not all((each / "digests.json").exists() for each in (one, other)):
        print("one of the records is not complete: it has no digests.json", end="\n\n")
        return
    a, b = (json.loads((each / "digests.json").read_text(encoding="utf-8"))["raw"] for each in (one, other))
    moved = sorted(name for name in a.keys() & b.keys() if a[name] != b[name])
    if moved:
        print(f"{len(moved)} binary files have other bytes: {', '.join(moved)}", end="\n\n")


def main() -> int:
    """Record, or compare two records."""
    parser = argparse.ArgumentParser(prog="python -m tests.golden", description="Record what Brink answers.")
    parser.add_argument("out", nargs="?", type=Path, metavar="OUTDIR", help="a folder that is not there yet")
    parser.add_argument("--compare", nargs=2, type=Path, metavar=("DIR_A", "DIR_B"))
    parser.add_argument("--only", default="", metavar="LABELS", help="beginnings of labels, with commas")
    given = parser.parse_args()
    labels = chosen(given.only)
    if not labels:
        parser.error(f"--only {given.only}: there are the labels {', '.join(QUESTIONS)}")
    if (given.out is None) == (given.compare is None):
        parser.error("give either OUTDIR or --compare DIR_A DIR_B")
    if given.compare:
        one, other = given.compare
        return compare(one, other, labels)
    if given.out.exists() and any(given.out.iterdir()):
        parser.error(f"{given.out} is not empty")
    return record(Places(given.out.resolve()), labels)


if __name__ == "__main__":
    sys.exit(main())
