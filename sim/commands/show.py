"""``brink show``: what a study or any other question found."""

from __future__ import annotations

import json

import click

from sim.terminal.inputs import one_result, results_folder
from sim.terminal.options import json_option


@click.command()
@one_result
@results_folder
@json_option
def command(result: str, results: str, as_json: bool) -> None:
    """Print what a study, sweep or any other question found, with 95 % intervals.

    NAME is that of a result (the newest of that name is meant), or its folder.

    \b
    Examples:
      brink show standoff
      brink show results/standoff-1a2b3c4d
      brink show standoff --json | jq .outcomes.war
      brink show standoff --json | jq .twins.miscalculated
      brink show standoff-sweep-5e6f7a8b
    """
    from sim.experiments.asking import told
    from sim.experiments.kept import open_kept

    found = open_kept(result, results)
    click.echo(json.dumps(found.to_json(), ensure_ascii=False) if as_json else told(found))
