"""The command ``brink``: what can be typed, and how it ends.

Exit codes: 0, 2 for a mistake of the user's, 130 after Ctrl-C, 1 for a bug, for work that failed and for a
study that `brink verify` finds wrong. Each but 0 comes with one plain message on stderr. Sub-commands live in
:mod:`sim.commands` or with their question and are imported when they are called, so that ``brink --help`` needs
nothing but click.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, NoReturn

import click

from sim.compute.interrupts import listen
from sim.errors import BrinkError, Interrupted, Unfinished
from sim.experiments import catalogue
from sim.text import printable, shown


class Command(NamedTuple):
    """The module that has ``command``, and the line of help."""

    home: str
    about: str


GROUPS: Mapping[str, Mapping[str, Command]] = {
    "Questions": {
        name: Command(f"{each.home}.command", each.about) for name, each in catalogue.commands().items()
    }
    | {
        "story": Command("sim.experiments.story.command", "Tell one run of a study day by day."),
        "play": Command("sim.experiments.seat.command", "Play a capital yourself, day by day."),
        "app": Command("sim.commands.app", "Open a page to move assumptions and watch crises."),
    },
    "Scenarios": {
        "new": Command("sim.commands.new", "Write a commented scenario to start from."),
        "check": Command(
            "sim.commands.check", "Say whether scenario files are sound, and all that is wrong."
        ),
        "habits": Command(
            "sim.commands.habits", "Say how often each actor sends each signal, and its inclinations."
        ),
        "schema": Command("sim.commands.schema", "Print the JSON Schema of scenario files, for editors."),
    },
    "Results": {
        "list": Command("sim.commands.list", "List the scenarios here, all results, and what is unfinished."),
        "show": Command("sim.commands.show", "Print what a study or any other question found."),
        "plot": Command("sim.commands.plot", "Draw a figure of a result, or lay studies over each other."),
        "html": Command("sim.commands.html", "Write the page of a result as one HTML file to be mailed."),
        "export": Command("sim.commands.export", "Write the tables of a result for other programs."),
        "mv": Command("sim.commands.mv", "Give a result another name."),
        "rm": Command("sim.commands.rm", "Take results away, and what was kept to go on with them."),
        "verify": Command("sim.commands.verify", "Check a result: files, and a sample computed again."),
    },
}
"""All commands as ``brink --help`` shows them; the questions are those of the catalogue."""

COMMANDS: Mapping[str, Command] = {name: each for group in GROUPS.values() for name, each in group.items()}

USER_MISTAKE, BUG, STOPPED = 2, 1, 130
KEPT = "What is done is kept: run the same command again to compute only what is missing."
HOW_TO_GO_ON = "Stopped. Nothing half-written is left: run the same command again to go on."


class Brink(click.Group):
    """A group that imports a sub-command when it is called, and ends in plain words."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the commands, in the order in which a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now; None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name].home).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, but a mistyped command gets the closest match as a hint."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            raise click.UsageError(f"There is no command {shown(args[0])}{_closest(args[0])}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        widest = max(map(len, COMMANDS))
        for title, group in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(widest), each.about) for name, each in group.items()])

    def main(self, args: Sequence[str] | None = None, *_: Any, **__: Any) -> NoReturn:
        """Run a command line and exit with its code."""
        sys.exit(self._exit_code(list(sys.argv[1:] if args is None else args)))

    def _exit_code(self, args: list[str]) -> int:
        try:
            with self.make_context("brink", args) as ctx:
                self.invoke(ctx)
            sys.stdout.flush()
        except click.exceptions.Exit as done:
            return done.exit_code
        except BrokenPipeError:
            _give_up_stdout()
        except (KeyboardInterrupt, click.Abort, Interrupted) as stopped:
            return _said(STOPPED, str(stopped) or HOW_TO_GO_ON)
        except click.UsageError as mistake:
            return _said(
                USER_MISTAKE, f"{_sentence(mistake.format_message())} Try `{_path(mistake)} --help`."
            )
        except click.ClickException as mistake:
            return _said(USER_MISTAKE, mistake.format_message())
        except BrinkError as mistake:
            return _said(USER_MISTAKE, str(mistake))
        except Unfinished as trouble:
            return _said(BUG, f"{_sentence(printable(str(trouble)))} {KEPT}")
        except OSError as trouble:
            if trouble.filename is None or os.environ.get("BRINK_DEBUG"):
                return _bug(trouble)
            return _said(USER_MISTAKE, f"{trouble.filename}: {trouble.strerror}")
        except Exception as error:
            return _bug(error)
        return 0


def _said(code: int, message: str) -> int:
    click.echo(message, err=True)
    return code


def _bug(error: Exception) -> int:
    if os.environ.get("BRINK_DEBUG"):
        import traceback

        traceback.print_exception(error)
    what = f"{type(error).__name__}: {printable(str(error))}"
    return _said(
        BUG,
        f"A bug in Brink ({what}). Please report it, with what you typed; "
        "BRINK_DEBUG=1 in front of the command shows where it happened.",
    )


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _path(mistake: click.UsageError) -> str:
    return mistake.ctx.command_path if mistake.ctx else "brink"


def _closest(word: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, COMMANDS, n=1, cutoff=0.5)
    return f'; did you mean "{close[0]}"?' if close else f"; known: {', '.join(COMMANDS)}"


def _give_up_stdout() -> None:
    """The reader has gone (``brink list | head``): write the rest, and Python's last flush, to nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(
    cls=Brink,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="brink", message="brink %(version)s")
@click.pass_context
def brink(ctx: click.Context) -> None:
    """Simulated crises between states, and how much of their risk is misreading.

    \b
    Start here:
      brink run standoff                       10,000 crises: odds, curves, figures
      brink run standoff --set actors.caracas.resolve=0.7 --name firm
      brink plot standoff firm                 both curves over each other
      brink new mine                           a scenario of your own to edit

    `brink COMMAND --help` explains a command, with examples.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main() -> NoReturn:
    """Run ``brink`` with the arguments of this process."""
    listen()
    brink.main()
