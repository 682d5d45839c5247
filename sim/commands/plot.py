"""``brink plot``: draw a study, or lay several over each other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.errors import BrinkError
from sim.terminal.inputs import results_folder

if TYPE_CHECKING:
    from sim.experiments.study.study import Study


# As in sim.figures, which takes a second to import; a test holds them together.
FIGURES = ("escalation", "timing", "signals", "beliefs")
OF_PARTS = ("twins", "regret", "attribution", "arms", "differences")
FORMATS = ("png", "svg", "pdf")


@click.command()
@click.argument("studies", nargs=-1, required=True, metavar="STUDY...")
@click.option(
    "--figure",
    type=click.Choice((*FIGURES, *OF_PARTS)),
    help="Which figure of one study.  [default: escalation]",
)
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help="[default: what --out ends with, else png]"
)
@click.option("--out", metavar="FILE", help="Where to write; by default beside the first study's folder.")
@results_folder
def command(
    studies: tuple[str, ...], figure: str | None, form: str | None, out: str | None, results: str
) -> None:
    """Draw a study, or lay several over each other: how far they escalate, and how soon there is war.

    STUDY is the name of a study (the newest of that name is meant) or its folder. The figures twins and regret
    are of studies run with --twins, attribution with --attribute, arms and differences of scenarios with arms.

    \b
    Examples:
      brink plot standoff --figure timing
      brink plot standoff --figure twins
      brink plot standoff --format pdf --out escalation.pdf
      brink plot standoff firm
    """
    if figure and len(studies) > 1:
        raise BrinkError(
            f"--figure is for one study, and {len(studies)} were given; several have one figure of their own."
        )
    form = _form(form, out)
    from sim.experiments.study.figures import draw
    from sim.experiments.study.study import open_study
    from sim.figures import overlay, save

    found = [open_study(study, results) for study in studies]
    drawn = overlay(found).get_figure(root=True) if len(found) > 1 else draw(found[0], figure or "escalation")
    assert drawn is not None
    path = Path(out) if out else _beside(found, figure or "escalation", form)
    path.parent.mkdir(parents=True, exist_ok=True)
    click.echo(save(drawn, path))


def _form(form: str | None, out: str | None) -> str:
    """The format asked for, by name or by the end of the file's name; BrinkError if they disagree."""
    suffix = Path(out).suffix.lower().lstrip(".") if out else ""
    if out and suffix not in FORMATS:
        raise BrinkError(
            f"--out is {out}; it must end with {', '.join(f'.{each}' for each in FORMATS[:-1])} or .{FORMATS[-1]}."
        )
    if form and suffix and form != suffix:
        raise BrinkError(f"--out is {out}, and --format is {form}; leave one of them out.")
    return form or suffix or "png"


def _beside(studies: Sequence[Study], figure: str, form: str) -> Path:
    """``results/standoff-1a2b3c4d-timing.png``, or ``results/standoff-vs-firm.png`` for several."""
    folders = [study.folder for study in studies if study.folder is not None]
    if len(studies) == 1:
        return folders[0].with_name(f"{folders[0].name}-{figure}.{form}")
    names = [study.name for study in studies]
    told = names if len(set(names)) == len(names) else [folder.name for folder in folders]
    return folders[0].with_name(f"{'-vs-'.join(told)}.{form}")
