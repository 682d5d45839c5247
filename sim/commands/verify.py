"""``brink verify``: whether a study is what its scenario gives."""

from __future__ import annotations

import click

from sim.terminal.inputs import WholeNumber, one_study, results_folder


@click.command()
@one_study
@click.option(
    "--pieces",
    type=WholeNumber(1, 1000),
    default=3,
    show_default=True,
    metavar="K",
    help="How many stretches of runs to compute again.",
)
@results_folder
def command(study: str, pieces: int, results: str) -> None:
    """Check a study: the checksum of each file, and stretches of its runs computed again.

    STUDY is the name of a study (the newest of that name is meant) or its folder. Which runs are computed again
    is drawn from the study's own seed, so that the same command checks the same runs. The command exits with 1
    and names the first difference if there is one. Of a sweep, levers, sensitivity, a comparison or a batch, the
    checksums are checked.

    \b
    Examples:
      brink verify standoff
      brink verify results/standoff-1a2b3c4d --pieces 20
    """
    from sim.experiments.runner import open_analysis
    from sim.experiments.study.study import open_study
    from sim.experiments.study.verify import Differs, verified

    analysis = open_analysis(study, results)
    if analysis:
        click.echo(f"{analysis.folder}: files are as they were written")
        return
    folder = open_study(study, results).folder
    assert folder is not None
    try:
        for line in verified(folder, pieces):
            click.echo(line)
    except Differs as difference:
        click.echo(f"{folder}: {difference}", err=True)
        raise click.exceptions.Exit(1) from None
    click.echo(f"{folder}: as it should be")
