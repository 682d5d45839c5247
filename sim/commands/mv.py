"""``brink mv``: another name for a result."""

from __future__ import annotations

import click

from sim.errors import BrinkError
from sim.terminal.inputs import one_result, results_folder


@click.command()
@one_result
@click.argument("name", metavar="NEW")
@results_folder
def command(result: str, name: str, results: str) -> None:
    """Give a result another name, in the same results folder. A name in use is refused.

    \b
    Examples:
      brink mv standoff-1a2b3c4d baseline
      brink mv firm firmer
    """
    from sim.results.tidying import found, renamed

    folder = found(result, results)
    if folder.name.startswith("."):
        raise BrinkError(f"{folder}: is not finished; run it again first.")
    click.echo(f"{folder}: is now {renamed(folder, name)}")
