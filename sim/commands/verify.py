"""``brink verify``: whether a result is what its scenario gives."""

from __future__ import annotations

import click

from sim.terminal.inputs import WholeNumber, one_result, results_folder


@click.command()
@one_result
@click.option(
    "--pieces",
    type=WholeNumber(1, 1000),
    default=3,
    show_default=True,
    metavar="K",
    help="How many stretches of runs to compute again, of what is too large to compute all of it.",
)
@results_folder
def command(result: str, pieces: int, results: str) -> None:
    """Check a result: the checksum of each file, a sample computed again, and all tables made again from the counts.

    NAME is that of a study, sweep or any other result (the newest of that name is meant), or its folder. Which runs
    are computed again is drawn from the seed of the study, so that the same command checks the same runs. The
    command exits with 1 and names the first difference if there is one.

    \b
    Examples:
      brink verify standoff
      brink verify results/standoff-1a2b3c4d --pieces 20
    """
    from sim.experiments.kept import folder_of_kept
    from sim.experiments.verify import Differs, verified

    folder = folder_of_kept(result, results)
    try:
        for line in verified(folder, pieces):
            click.echo(line)
    except Differs as difference:
        click.echo(f"{folder}: {difference}", err=True)
        raise click.exceptions.Exit(1) from None
    click.echo(f"{folder}: as it should be")
