"""``brink story``: one run of a study, told day by day, and how its risk went."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.errors import BrinkError
from sim.terminal.inputs import figure_file, one_study, results_folder, times_option

if TYPE_CHECKING:
    from sim.experiments.turning_points.closest import ClosestCall
    from sim.experiments.turning_points.risk import Risk
    from sim.scenario.scenario import Scenario


@click.command()
@one_study
@click.option("--run", type=int, metavar="N", help="Which run, from 0.  [default: 0]")
@click.option("--risk", is_flag=True, help="Say how likely war was each evening, and what turned it.")
@click.option(
    "--closest", is_flag=True, help="Find the run at peace that came closest to war; with its risk."
)
@times_option("each evening", 400)
@figure_file
@click.option("--json", "as_json", is_flag=True, help="Print the risk as one JSON object and nothing else.")
@results_folder
def command(
    study: str,
    run: int | None,
    risk: bool,
    closest: bool,
    times: int | None,
    figure: str | None,
    as_json: bool,
    results: str,
) -> None:
    """Tell one run of a study day by day: what was done, what was meant, and how it was read.

    The run is not stored; it is played again from its seed, and comes out the same. With --risk it is also
    gone on from every evening with fresh luck, many times over: the share that ends in war is how likely
    war was, given all that had happened until then.

    \b
    Examples:
      brink story standoff
      brink story standoff --run 7
      brink story standoff --run 7 --risk --figure risk.png
      brink story standoff --closest
    """
    from sim.experiments.story import refuse_other_runs, tell
    from sim.experiments.study.study import open_study, plan

    asked = {"--times": times is not None, "--figure": figure is not None, "--json": as_json}
    if not risk and not closest and any(asked.values()):
        raise BrinkError(f"{next(name for name in asked if asked[name])} goes with --risk or --closest.")
    if closest and run is not None:
        raise BrinkError("--closest finds a run by itself; leave --run out.")
    found, chosen = open_study(study, results), run or 0
    if not risk and not closest:
        click.echo(tell(found, chosen))
        return
    refuse_other_runs(found, chosen)
    planned = plan(found.scenario, found.runs, found.days, found.seed)
    traced, call = _traced(planned, None if closest else chosen, times, as_json)
    if figure:
        _draw(traced, figure)
    click.echo(_in_json(traced, call) if as_json else _in_words(traced, call))


def _traced(
    planned: Scenario, run: int | None, times: int | None, quiet: bool
) -> tuple[Risk, ClosestCall | None]:
    """The risk of a run; of the closest call, and that, if none is named."""
    from sim.experiments.turning_points.closest import closest_call
    from sim.experiments.turning_points.risk import TIMES, risk
    from sim.terminal.progress import live

    times = TIMES if times is None else times
    title = "closest call" if run is None else f"risk of run {run:,}"
    with live(title, times, quiet) as shown:
        if run is not None:
            return risk(planned, run, times, progress=shown.progress, announce=shown.announce), None
        call = closest_call(planned, times, progress=shown.progress, announce=shown.announce)
        return call.risk, call


def _in_words(traced: Risk, call: ClosestCall | None) -> str:
    from sim.experiments.story.telling import told
    from sim.experiments.turning_points import report as telling

    found = [told(traced.course), telling.told(traced)]
    return "\n\n".join([telling.closest_told(call), *found] if call else found)


def _in_json(traced: Risk, call: ClosestCall | None) -> str:
    from sim.experiments.turning_points.as_json import closest_json, risk_json

    return json.dumps(closest_json(call) if call else risk_json(traced))


def _draw(traced: Risk, figure: str) -> None:
    from sim.figures import risk, save
    from sim.reports.words import one_line

    course = traced.course
    scenario = course.scenario
    last = traced.evenings[-1].day
    end = (last, course.outcome.name.replace("_", " "))
    about = f"{one_line(scenario.title) or scenario.name}, run {course.run:,}, seed {course.seed}"
    drawn = risk(
        traced.table(),
        traced.acts(),
        None if traced.no_return == last else traced.no_return,
        end,
        about=about,
        start=scenario.start,
    )
    save(drawn, Path(figure))
