"""Sessions in a document: run again, with what they really print put in.

Of the fenced blocks of a document, in their order and in one folder:

    console   lines that begin with "$ brink" are run, and all other lines are what they print
    pycon     as Python's own prompt: ">>> " and "... " are run, other lines are what is printed
    python    run, in the same session as pycon
    toml      written to the file that its first line names: "# scenarios/mine.toml"

All else (sh, text) is left alone. The eight characters at the end of a study's folder are made from all that
it assumes, the program's own text included; here they always read 1a2b3c4d.
"""

from __future__ import annotations

import ast
import io
import re
import shlex
from contextlib import chdir, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any

BLOCK = re.compile(r"^```(?P<kind>console|pycon|python|toml)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
FOLDER_HASH = re.compile(r"(?<=[a-z0-9_]-)[0-9a-f]{8}\b")


def transcribed(text: str, folder: Path) -> str:
    """The document with what its sessions print when they are run in ``folder``."""
    session: dict[str, Any] = {"__name__": "__main__"}

    def again(found: re.Match[str]) -> str:
        kind, body = found["kind"], found["body"]
        return f"```{kind}\n{_REDONE[kind](body, session)}```"

    with chdir(folder):
        return BLOCK.sub(again, text)


def _console(body: str, _: dict[str, Any]) -> str:
    commands = [line for line in body.splitlines() if line.startswith("$ ")]
    return "".join(f"{line}\n{_typed(line[2:])}" for line in commands)


def _typed(line: str) -> str:
    """What a command line prints on both streams."""
    from sim.commands.main import brink

    program, *words = shlex.split(line, comments=True)
    if program != "brink":
        raise ValueError(f"only brink is run in a console block, not {program}; make it a block of sh")
    printed = io.StringIO()
    with redirect_stdout(printed), redirect_stderr(printed), suppress(SystemExit):
        brink.main(words)
    return _tidy(printed.getvalue())


def _prompted(body: str, session: dict[str, Any]) -> str:
    sources: list[list[str]] = []
    for line in body.splitlines():
        if line.startswith(">>> "):
            sources.append([line[4:]])
        elif line.startswith("...") and sources:
            sources[-1].append(line[4:])
    return "".join(_shown(lines, session) for lines in sources)


def _shown(lines: list[str], session: dict[str, Any]) -> str:
    """One input at the prompt, and what it prints."""
    typed = "\n".join(f"{'...' if i else '>>>'} {line}".rstrip() for i, line in enumerate(lines))
    printed = io.StringIO()
    with redirect_stdout(printed):
        for statement in ast.parse("\n".join(lines)).body:
            exec(compile(ast.Interactive([statement]), "<session>", "single"), session)
    return f"{typed}\n{_tidy(printed.getvalue())}"


def _tidy(printed: str) -> str:
    """What was printed, without blanks at the ends of lines and with one and the same hash in folders."""
    return FOLDER_HASH.sub("1a2b3c4d", re.sub(r" +$", "", printed, flags=re.MULTILINE))


def _played(body: str, session: dict[str, Any]) -> str:
    exec(compile(body, "<session>", "exec"), session)
    return body


def _written(body: str, _: dict[str, Any]) -> str:
    first = body.splitlines()[0]
    if first.startswith("# ") and first.endswith(".toml"):
        Path(first[2:]).write_text(body, encoding="utf-8")
    return body


_REDONE = {"console": _console, "pycon": _prompted, "python": _played, "toml": _written}
