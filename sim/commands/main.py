"""The command ``brink``: what can be typed, and how it ends.

Exit codes: 0, 2 for a mistake of the user's, 130 after Ctrl-C (129 and 143 when the terminal or the system ends it),
1 for a bug, for work that failed, for what could not be printed and for a study that `brink verify` finds wrong. Each
but 0 comes with one plain message on stderr. Sub-commands live in
:mod:`sim.commands` or with their question and are imported when they are called, so that ``brink --help`` needs
nothing but click.
"""

from __future__ import annotations

import errno
import importlib
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple, NoReturn

import click
from click.shell_completion import CompletionItem

from sim.compute.interrupts import HOW_TO_GO_ON, asked, heed, ignore, listen
from sim.errors import BrinkError, Interrupted, Unfinished
from sim.experiments import catalogue
from sim.terminal.stdio import be_patient, lost
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
        "keys": Command("sim.commands.keys", "List the numbers of a scenario: key, value, range, meaning."),
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
    "Shell": {
        "completion": Command("sim.commands.completion", "Print what makes a shell complete names and keys."),
    },
}
"""All commands as ``brink --help`` shows them; the questions are those of the catalogue."""

COMMANDS: Mapping[str, Command] = {name: each for group in GROUPS.values() for name, each in group.items()}

COMPLETE = "_BRINK_COMPLETE"  # set by a shell that asks what a word may become
USER_MISTAKE, FAILED, SIGNALLED = 2, 1, 128
KEPT = "What is done is kept: run the same command again to compute only what is missing."
NO_ROOM = ("cannot allocate memory", "failed to map segment", "can't start new thread", "out of memory")
NO_MEMORY = f"There is not enough memory. {KEPT}"
NO_MEMORY_LINE = f"{NO_MEMORY}\n".encode()


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

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands that begin so, without importing them."""
        begun = [
            CompletionItem(name, help=each.about)
            for name, each in COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return [*begun, *click.Command.shell_complete(self, ctx, incomplete)]

    def main(self, args: Sequence[str] | None = None, *_: Any, **__: Any) -> NoReturn:
        """Run a command line and exit with its code; or complete one, if a shell asks for that."""
        if wanted := os.environ.get(COMPLETE):
            from click.shell_completion import shell_complete

            sys.exit(shell_complete(self, {}, "brink", COMPLETE, wanted))
        sys.exit(self._exit_code(list(sys.argv[1:] if args is None else args)))

    def _exit_code(self, args: list[str]) -> int:
        code = 0
        try:
            with self.make_context("brink", args) as ctx:
                self.invoke(ctx)
            sys.stdout.flush()
            heed()
        except click.exceptions.Exit as done:
            code = done.exit_code
        except (Exception, KeyboardInterrupt) as error:
            return _said(*_ending(error))
        reason = lost()
        return _said(FAILED, f"Not all could be printed: {reason}.") if reason and not code else code


def _ending(error: BaseException) -> tuple[int, str]:
    """The exit code for what stopped a command, and what is said of it."""
    if asked() or isinstance(error, KeyboardInterrupt | click.Abort | Interrupted):
        told = str(error) if isinstance(error, Interrupted) else ""
        return SIGNALLED + (asked() or signal.SIGINT), told or HOW_TO_GO_ON
    match error:
        case click.UsageError():
            return USER_MISTAKE, f"{_sentence(error.format_message())} Try `{_path(error)} --help`."
        case click.ClickException():
            return USER_MISTAKE, error.format_message()
        case BrinkError():
            return USER_MISTAKE, str(error)
        case Unfinished():
            return FAILED, f"{_sentence(printable(str(error)))} {KEPT}"
    return _unforeseen(error)


def _unforeseen(error: BaseException) -> tuple[int, str]:
    """The same of what Brink did not raise itself."""
    if os.environ.get("BRINK_DEBUG"):
        import traceback

        traceback.print_exception(error)
    if _lacks_memory(error):
        return FAILED, NO_MEMORY
    if isinstance(error, OSError) and error.filename is not None:
        return USER_MISTAKE, printable(f"{error.filename}: {error.strerror}")
    if isinstance(error, OSError) and error.errno:
        return FAILED, f"Something could not be read or written: {error.strerror}."
    what = f"{type(error).__name__}: {printable(str(error))}"
    return FAILED, (
        f"A bug in Brink ({what}). Please report it, with what you typed; "
        "BRINK_DEBUG=1 in front of the command shows where it happened."
    )


def _lacks_memory(error: BaseException | None) -> bool:
    """Whether an error comes of too little memory, for numbers, for a library or for a thread."""
    if error is None:
        return False
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return True
    told = str(error).lower()
    return any(each in told for each in NO_ROOM) or _lacks_memory(error.__context__)


def _thread_ended(what: threading.ExceptHookArgs) -> None:
    """A thread that dies for want of memory is waited for in vain: so nobody waits."""
    if what.exc_type is MemoryError:
        os.write(2, NO_MEMORY_LINE)
        os._exit(FAILED)
    threading.__excepthook__(what)


def _said(code: int, message: str) -> int:
    with suppress(OSError):  # there may be nobody left to tell
        click.echo("\n".join(map(printable, message.split("\n"))), err=True)
    return code


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _path(mistake: click.UsageError) -> str:
    return mistake.ctx.command_path if mistake.ctx else "brink"


def _closest(word: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, COMMANDS, n=1, cutoff=0.5)
    return f'; did you mean "{close[0]}"?' if close else f"; known: {', '.join(COMMANDS)}"


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
    threading.excepthook = _thread_ended
    listen()
    be_patient()
    try:
        brink.main()
    except KeyboardInterrupt as late:  # asked to end when it was about to
        sys.exit(_said(*_ending(late)))
    finally:
        ignore()
