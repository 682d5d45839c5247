"""``brink rm``: results taken away, asked for once more."""

from __future__ import annotations

import click

from sim.terminal import completing
from sim.terminal.inputs import results_folder


@click.command()
@click.argument("named", nargs=-1, required=True, metavar="NAME...", shell_complete=completing.results)
@click.option("-y", "--yes", is_flag=True, help="Do it without asking.")
@results_folder
def command(named: tuple[str, ...], yes: bool, results: str) -> None:
    """Take results away, with what was kept to go on with them. What you put into their folders yourself stays.

    NAME is the folder of a result, or the name of that folder. What was
    stopped before its end is named by the folder of its pieces, as `brink list` shows it. Nothing but results of
    Brink's is touched.

    \b
    Examples:
      brink rm firm
      brink rm standoff-1a2b3c4d calm-5e6f7a8b --yes
    """
    from sim.results.tidying import found, removed

    folders = [found(each, results) for each in dict.fromkeys(named)]
    if not yes:
        click.confirm(f"Take away {', '.join(map(str, folders))}?", abort=True, err=True)
    for folder in folders:
        left = removed(folder)
        stays = f"; {', '.join(left)} in it stays, which is not Brink's" if left else ""
        click.echo(f"{folder}: taken away{stays}")
