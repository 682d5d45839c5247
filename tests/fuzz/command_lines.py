"""Command lines of words that belong nowhere: each ends with 0, 1 or 2, a plain message and no bug."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import click
from click.testing import CliRunner

from sim.commands.main import COMMANDS, brink

QUICK = ("check", "schema", "list", "show", "plot", "export", "verify", "new")
"""Commands that compute nothing; the others are given --dry-run."""

WORDS = (
    "duel", "standoff", "nowhere", "", " ", ".", "..", "/", "/dev/null", "-", "--", "-1", "0", "1e999", "nan", "9" * 400,
    "a" * 5000, "\x1b[2J", "\u202eabc", "\udcff", "\0", "$(id)", "%s", "{}", "[]", "a=b", "world.tension=0.5", "." * 1000,
    "actors.north.resolve=2", "world=" + "[" * 50, "signals={}", "=", "war=0.005", "results/../results", "*", "caf\u00e9",
)  # fmt: skip


def begun() -> Callable[[Random], None]:
    """What tries one command line; nothing is made ready."""
    context = click.Context(brink)
    options = {
        name: sorted(
            {word for each in command.params if isinstance(each, click.Option) for word in each.opts}
        )
        for name in COMMANDS
        if (command := brink.get_command(context, name)) is not None
    }

    def case(luck: Random) -> None:
        name = luck.choice([*QUICK, *(each for each in COMMANDS if "--dry-run" in options[each])])
        words = [luck.choice((*WORDS, *options[name])) for _ in range(luck.randint(0, 5))]
        line = [name, *([] if name in QUICK else ["--dry-run"]), *words]
        result = CliRunner().invoke(brink, line)
        assert result.exit_code in (0, 1, 2), f"{line}: {result.exit_code}"
        assert "A bug in Brink" not in result.output, f"{line}: {result.output}"
        assert "\x1b" not in result.output, f"{line}: {result.output!r}"
        assert "\u202e" not in result.output, f"{line}: {result.output!r}"

    return case
