"""``brink show``: the odds that a study found, or what a sweep, levers, sensitivity or comparison came to."""

from __future__ import annotations

import click

from sim.terminal.inputs import one_study, results_folder
from sim.terminal.options import json_option, say


@click.command()
@one_study
@results_folder
@json_option
def command(study: str, results: str, as_json: bool) -> None:
    """Print the odds that a study found, with 95 % intervals, and what else it was asked.

    STUDY is the name of a study (the newest of that name is meant) or its folder. Of a sweep, levers, sensitivity,
    a comparison or a batch, the report is printed; its tables are in --json.

    \b
    Examples:
      brink show standoff
      brink show results/standoff-1a2b3c4d
      brink show standoff --json | jq .outcomes.war
      brink show standoff --json | jq .twins.miscalculated
      brink show standoff-sweep-5e6f7a8b
    """
    import json

    from sim.experiments.runner import open_analysis

    analysis = open_analysis(study, results)
    if analysis:
        say(analysis.text, analysis.folder, analysis.tables, as_json, quiet=False)
        return
    from sim.experiments.study.brief import findings, where
    from sim.experiments.study.study import open_study

    found = open_study(study, results)
    click.echo(json.dumps(found.to_json()) if as_json else f"{findings(found)}\n\n{where(found)}")
