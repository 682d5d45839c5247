"""``brink history``: the model beside the historical record."""

from __future__ import annotations

from typing import Any

import click

from sim.experiments.asking import ask, question_options, taken
from sim.terminal.inputs import plan_option, settings
from sim.terminal.options import one_scenario


@click.command()
@one_scenario
@plan_option("runs", "Runs of the scenario itself; 5,000 by default.")
@plan_option("days", "How long to follow each of them.")
@plan_option("seed", "The seed of all luck, and of the population.")
@click.option(
    "--points",
    type=int,
    default=400,
    metavar="N",
    help="Crises drawn around the scenario, 400 by default; 0 for none.",
)
@click.option("--point-runs", type=int, default=20, metavar="N", help="Runs of each of them; 20 by default.")
@click.option(
    "--horizon", type=int, default=365, metavar="DAYS", help="How long to follow these; 365 by default."
)
@click.option(
    "--recording",
    type=float,
    default=1.0,
    metavar="FACTOR",
    help="Multiply the chance that an act is recorded.",
)
@settings
@question_options
def command(
    scenario: str,
    runs: int | None,
    days: int | None,
    seed: int | None,
    points: int,
    point_runs: int,
    horizon: int,
    recording: float,
    settings: tuple[str, ...],
    **options: Any,
) -> None:
    """Lay a scenario, and crises drawn around it, beside the historical record: what lies inside, what is missed.

    The record: replies and their lags, reciprocity, persistence, threats, ends, durations, violence, mediation.

    \b
    Examples:
      brink history standoff
      brink history standoff --recording 0.5
      brink history duel --points 0
    """
    from sim.experiments.history.question import asked
    from sim.terminal.inputs import loaded

    [played] = loaded([scenario], settings)
    ask(asked(played, runs, days, seed, points, point_runs, horizon, recording), taken(options))
