"""The command ``brink``: what can be typed, and how it ends.

Exit codes: 0, 2 for a mistake of the user's, 130 after Ctrl-C, 1 for a bug, for work that failed and for a
study that `brink verify` finds wrong. Each but 0 comes with one plain message on stderr. Sub-commands live one a
file in :mod:`sim.commands` and are imported when they are called, so that ``brink --help`` needs nothing but click.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import click

from sim.compute.interrupts import listen
from sim.errors import BrinkError, Interrupted, Unfinished
from sim.text import printable, shown

COMMANDS: Mapping[str, tuple[str, str]] = {
    "run": ("experiments.study.command", "Run scenarios many times: odds, curves and figures."),
    "claims": ("experiments.claims.command", "Put what people say of the crisis to the test."),
    "check": ("commands.check", "Say whether scenario files are sound, and all that is wrong."),
    "new": ("commands.new", "Write a commented scenario to start from."),
    "list": ("commands.list", "List the scenarios here and the studies run so far."),
    "sweep": ("experiments.sweep.command", "Move numbers of a scenario through values."),
    "levers": ("experiments.levers.command", "Say what every number does, one at a time."),
    "sensitivity": ("experiments.sensitivity.command", "Say which assumptions matter most."),
    "show": ("commands.show", "Print the odds that a study found."),
    "verify": ("commands.verify", "Check a study: files, and runs computed again."),
    "plot": ("commands.plot", "Draw a study, or lay several over each other."),
    "export": ("commands.export", "Write a study's tables for a spreadsheet."),
    "story": ("experiments.story.command", "Tell one run of a study day by day, and how its risk went."),
    "whatif": (
        "experiments.turning_points.what_if_command",
        "Say what each other signal of one day would have changed.",
    ),
    "windows": (
        "experiments.turning_points.windows_command",
        "Say when a signal matters, by the day on which it comes.",
    ),
    "schema": ("commands.schema", "Print the JSON Schema of scenario files, for editors."),
}
"""Where each command is, below sim, and what it does."""

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
        command: click.Command = importlib.import_module(f"sim.{COMMANDS[cmd_name][0]}").command
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
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in COMMANDS.items()])

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
      brink run scenarios/standoff.toml        10,000 crises: odds, curves, figures
      brink run scenarios/standoff.toml --set actors.caracas.resolve=0.7 --name firm
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
