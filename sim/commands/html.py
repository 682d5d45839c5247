"""``brink html``: the page of a result as one file that can be mailed."""

from __future__ import annotations

from pathlib import Path

import click

from sim.errors import BrinkError
from sim.terminal.inputs import one_result, results_folder


@click.command()
@one_result
@click.option(
    "--out", metavar="FILE", help="Where to write; by default NAME.html beside the result's folder."
)
@results_folder
def command(result: str, out: str | None, results: str) -> None:
    """Write the page of a study, sweep or any other result as one HTML file: mail it, print it, put it on a stick.

    Its figures are in it, its tables can be sorted, it shows light or dark, and it asks for nothing from anywhere.
    NAME is that of a result (the newest of that name is meant), or its folder.

    \b
    Examples:
      brink html standoff
      brink html standoff-sweep-5e6f7a8b --out sweep.html
    """
    if out and Path(out).suffix.lower() not in (".html", ".htm"):
        raise BrinkError(f"--out is {out}; it must end with .html.")
    from sim.experiments.drawing import write_html
    from sim.experiments.kept import open_kept

    path = Path(out) if out else None
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
    click.echo(write_html(open_kept(result, results), path))
