"""``brink check``: whether scenario files are sound."""

from __future__ import annotations

from textwrap import fill

import click

from sim.terminal.folding import terminal_width
from sim.terminal.inputs import files_in, loaded, scenario_files, settings


@click.command()
@scenario_files
@settings
@click.option("--quiet", is_flag=True, help="Print nothing but what is wrong.")
def command(scenarios: tuple[str, ...], settings: tuple[str, ...], quiet: bool) -> None:
    """Say whether scenario files are sound: every mistake of every file, a line each; and what may surprise.

    Exit code 0 if all are, else 2. A note under a sound file tells what it says may surprise you: that is allowed, and
    stops nothing. Nothing is run or written.

    \b
    Examples:
      brink check standoff
      brink check scenarios/
      brink check mine.toml --set world.framework=0.8
    """
    from sim.scenario.surprises import surprises
    from sim.text import printable

    files = files_in(scenarios)
    for file, scenario in zip(files, loaded(files, settings), strict=True):
        if not quiet:
            actors, plan = len(scenario.actors), scenario.study
            arms = (
                f"; {len(scenario.arms)} arms{' and a claim' if scenario.claim else ''}"
                if scenario.arms
                else ""
            )
            click.echo(
                f"{file}: sound; {actors} actors, {len(scenario.signals)} signals, "
                f"{len(scenario.assumptions)} numbers with a range; {plan.runs:,} runs of {plan.days} days{arms}"
            )
            for key, words in surprises(scenario):
                note = f"note: {printable(key)} {printable(words)}"
                click.echo(fill(note, terminal_width(), initial_indent="  ", subsequent_indent="    "))
