"""``brink plot``: draw a figure of a result, or lay several studies over each other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.errors import BrinkError
from sim.terminal import completing
from sim.terminal.inputs import FIGURE_FORMATS, results_folder
from sim.terminal.opening import open_option, shown_to_user

if TYPE_CHECKING:
    from sim.experiments.runner import Answer


@click.command()
@click.argument("named", nargs=-1, required=True, metavar="NAME...", shell_complete=completing.results)
@click.option("--figure", metavar="NAME", help="Which of its figures.  [default: the first]")
@click.option(
    "--format", "form", type=click.Choice(FIGURE_FORMATS), help="[default: what --out ends with, else png]"
)
@click.option("--out", metavar="FILE", help="Where to write; by default beside the first result's folder.")
@results_folder
@open_option
def command(
    named: tuple[str, ...], figure: str | None, form: str | None, out: str | None, results: str, opens: bool
) -> None:
    """Draw a figure of a study, sweep or any other result, or lay several studies over each other.

    NAME is that of a result (the newest of that name is meant), or its folder. Studies have the figures escalation,
    timing, signals and beliefs; those run with --twins twins and regret too, with --attribute attribution, with arms
    arms and differences. A figure need not lie in the folder to be drawn. A name that a result does not have is answered with those that it has.

    \b
    Examples:
      brink plot standoff --figure timing
      brink plot standoff-sweep-5e6f7a8b --format svg
      brink plot standoff --format pdf --out escalation.pdf
      brink plot standoff firm
      brink plot standoff firm --figure timing
    """
    form = _form(form, out)
    from sim.experiments.drawing import plot
    from sim.experiments.kept import open_kept
    from sim.figures.style import save

    found = [open_kept(each, results) for each in named]
    drawn = plot(found, figure)
    path = Path(out) if out else _beside(found, figure, form)
    path.parent.mkdir(parents=True, exist_ok=True)
    click.echo(save(drawn, path))
    for each in found:
        for words in each.question.changed:
            click.echo(f"{getattr(each, 'name', each.question.subject)}: {words}", err=True)
    if opens:
        shown_to_user(path)


def _form(form: str | None, out: str | None) -> str:
    """The format asked for, by name or by the end of the file's name; BrinkError if they disagree."""
    suffix = Path(out).suffix.lower().lstrip(".") if out else ""
    if out and suffix not in FIGURE_FORMATS:
        *most, last = (f".{each}" for each in FIGURE_FORMATS)
        raise BrinkError(f"--out is {out}; it must end with {', '.join(most)} or {last}.")
    if form and suffix and form != suffix:
        raise BrinkError(f"--out is {out}, and --format is {form}; leave one of them out.")
    return form or suffix or "png"


def _beside(found: Sequence[Answer], figure: str | None, form: str) -> Path:
    """``results/standoff-1a2b3c4d-timing.png``, or ``results/standoff-vs-firm.png`` for several."""
    folders = [each.folder for each in found if each.folder is not None]
    if len(found) == 1:
        return folders[0].with_name(f"{folders[0].name}-{figure or found[0].figures[0]}.{form}")
    from sim.scenario.changes import safe

    names = [getattr(each, "name", each.question.subject) for each in found]
    told = names if len(set(names)) == len(names) else [folder.name for folder in folders]
    which = f"-{figure}" if figure else ""
    return folders[0].with_name(f"{'-vs-'.join(map(safe, told))}{which}.{form}")
