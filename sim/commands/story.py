"""``brink story``: one run of a study, told day by day."""

from __future__ import annotations

import click

from sim.commands.inputs import one_study, results_folder


@click.command()
@one_study
@click.option("--run", type=int, default=0, show_default=True, metavar="N", help="Which run, from 0.")
@results_folder
def command(study: str, run: int, results: str) -> None:
    """Tell one run of a study day by day: what was done, what was meant, and how it was read.

    The run is not stored; it is played again from its seed, and comes out the same.

    \b
    Examples:
      brink story standoff
      brink story standoff --run 7
    """
    from sim.story import tell
    from sim.study import open_study

    click.echo(tell(open_study(study, results), run))
