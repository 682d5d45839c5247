"""``brink claims``: what the model says of what people say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from sim.experiments.asking import ask, question_options, taken
from sim.terminal.inputs import files_in, loaded, plan_option, settings


@click.command()
@click.argument("claims", nargs=-1, metavar="[CLAIM]...")
@plan_option("runs", "How many runs each arm has; by default what the claim's file says.")
@click.option("--quick", is_flag=True, help="Fewer runs and draws, for a first look.")
@settings
@question_options
def command(
    claims: tuple[str, ...], runs: int | None, quick: bool, settings: tuple[str, ...], **options: Any
) -> None:
    """Put claims to the test: verdicts, paired differences, and whether they survive other assumptions.

    Every CLAIM is a file with [[arms]] and a [claim], or the name of one in scenarios/claims, or a folder; without
    any, all of that folder. All arms share all luck. After Ctrl-C, the same command goes on.

    \b
    Examples:
      brink claims --quick
      brink claims framework strikes
      brink claims mine.toml --runs 50000
      brink claims --json | jq '.claims[] | {name, verdict}'
    """
    from sim.experiments.claims.question import FULL, QUICK, asked

    scenarios = loaded(files_in(claims or ("scenarios/claims",)), settings)
    effort = QUICK if quick else FULL
    effort = effort if runs is None else replace(effort, runs=runs)
    ask(asked(scenarios, effort), taken(options))
