"""What the command of every question does: refuse what is too large, show how far it is, print the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.terminal.opening import open_option, shown_to_user
from sim.terminal.options import (
    executor_option,
    figures_option,
    html_option,
    json_option,
    name_option,
    no_figures_option,
    out_option,
    quiet_option,
    replace_option,
)
from sim.terminal.plain import plain

if TYPE_CHECKING:
    from sim.experiments.question import Question, Stage
    from sim.experiments.runner import Answer, Drawing, Means

dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Say what would be run and what it would cost; write nothing."
)


@dataclass(frozen=True)
class Options:
    """How a question is to be answered, as it was typed."""

    figures: Drawing
    html: bool
    out: str
    name: str | None
    replace: bool
    executor: str
    as_json: bool
    dry_run: bool
    quiet: bool
    opens: bool


def question_options(function: Callable[..., None]) -> Callable[..., None]:
    """What every question takes: --figures, --no-figures, --html, --out, --name, --replace, --executor, --json, --dry-run, --quiet and --open; see :func:`taken`."""
    options = (
        open_option,
        quiet_option,
        dry_run_option,
        json_option,
        executor_option,
        replace_option,
        name_option,
        out_option,
        html_option,
        no_figures_option,
        figures_option,
    )
    for option in options:
        function = option(function)
    return function


def taken(given: dict[str, Any]) -> Options:
    """The options of :func:`question_options`, taken out of all that a command was given."""
    asked: Drawing = "all" if given["figures"] == "all" else True
    given["figures"] = False if given.pop("no_figures") else asked
    return Options(**{name: given.pop(name) for name in Options.__annotations__})


def beside(results: str, options: Options) -> Options:
    """The options of a question about a study in ``results``: its answer is kept there too, unless --out was typed."""
    source = click.get_current_context().get_parameter_source("out")
    return options if source is click.core.ParameterSource.COMMANDLINE else replace(options, out=results)


def copied(found: Answer | None, figure: str | None) -> None:
    """Draw the main figure of an answer to a .png, .svg or .pdf file too, if one was asked for."""
    if found and figure:
        from sim.figures.style import save  # matplotlib takes half a second to import

        save(found.plot(), figure)


def ask(question: Question, options: Options) -> Answer | None:
    """Answer a question and print the answer; with --dry-run only what it would cost.

    Raises StudyError if it would take over a week, or for an executor that there is not.
    """
    from sim.compute.executors import checked
    from sim.experiments.runner import answer

    checked(options.executor)
    if options.dry_run:
        say_cost(question, options)
        return None
    with watched(question, options) as means:
        found = answer(
            question,
            means=means,
            out=options.out,
            name=options.name,
            replace=options.replace,
            figures=options.figures,
        )
    say(found, options)
    return found


@contextmanager
def watched(question: Question, options: Options) -> Iterator[Means]:
    """Who computes, and a bar that names the stage and says how far it is. Refuses what would take over a week."""
    from sim.experiments.runner import Means
    from sim.terminal.cost import cost, refuse_the_impossible
    from sim.terminal.progress import live

    own, runs = question.scenario.study, round(question.plain_runs)
    title = f"{question.subject}, {question.kind}"
    need = cost(question.scenario, runs, own.days, "batch", rows=False)
    refuse_the_impossible(title, runs, own.days, need, Path(options.out))
    with live(title, runs, options.quiet) as shown:

        def begin(stage: Stage) -> None:
            shown.rename(f"{title}: {stage.name}")

        yield Means(options.executor, shown.progress, shown.announce, begin)


def say(found: Answer, options: Options) -> None:
    """Print an answer, as text or as one JSON object; write its page as HTML if that was asked for."""
    page = page_of(found, options) if options.html else None
    if options.as_json:
        import json

        click.echo(json.dumps(found.to_json(), ensure_ascii=False))
    elif not options.quiet:
        click.echo(told(found))
        if page:
            click.echo(f"To be mailed: {page}")
    if options.opens:
        opened(found, page)


def opened(found: Answer, page: Path | None) -> None:
    """Show an answer: its page to be mailed if that was written, else its main figure, else its page of text."""
    from sim.results.folder import FIGURE, PAGE

    if found.folder is None:
        return
    drawn = [found.folder / f"{name}{FIGURE}" for name in found.figures]
    shown_to_user(page or next((file for file in drawn if file.is_file()), found.folder / PAGE))


def page_of(found: Answer, options: Options) -> Path | None:
    """The page of an answer as one HTML file beside its folder; None if it has none."""
    from sim.experiments.drawing import write_html

    return write_html(found, figures=bool(options.figures)) if found.folder else None


def told(found: Answer) -> str:
    """What a terminal shows of an answer, and where it lies."""
    text = plain(found.brief()).rstrip("\n")
    return f"{text}\n\n{lies(found)}" if found.folder else text


def lies(found: Answer) -> str:
    """Where an answer lies, and which command a reader may want next."""
    first, name = found.look_first, found.folder.name if found.folder else ""
    look = f" - first look at {first}" if first else ""
    return f"Results: {found.folder}/{look}\nNext: {found.question.next_command(name)}"


def say_cost(question: Question, options: Options) -> None:
    """Print what a question would take, and where it would be kept, and write nothing."""
    from sim.experiments.runner import folder_of
    from sim.terminal.cost import cost, duration

    own, runs = question.scenario.study, round(question.plain_runs)
    folder = folder_of(question, options.out, options.name)
    need = cost(question.scenario, runs, own.days, "batch", rows=False)
    if options.as_json:
        import json

        told = {
            "scenarios": list(question.among),
            "what": question.kind,
            "plain_runs": runs,
            "days": own.days,
            "seed": own.seed,
            "folder": str(folder),
            "seconds": round(need.seconds, 1),
        }
        click.echo(json.dumps(told))
    elif not options.quiet:
        click.echo(
            f"{question.subject}, {question.kind}: as long as {runs:,} plain runs of {own.days} days, "
            f"about {duration(need.seconds)}, to {folder}/\nNothing was run or written."
        )
