"""``brink whatif``: what each other signal of one day would have changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.terminal.inputs import figure_file, one_study, results_folder, times_option
from sim.terminal.options import json_option

if TYPE_CHECKING:
    from sim.experiments.turning_points.what_if import Alternative, WhatIf
    from sim.scenario.scenario import Scenario


@click.command()
@one_study
@click.option("--run", type=int, required=True, metavar="N", help="Which run, from 0.")
@click.option("--day", type=int, required=True, metavar="D", help="Which day of it, from 0.")
@click.option("--actor", required=True, metavar="ACTOR", help="Whose signal, by its name in the scenario.")
@times_option("each signal", 2_000)
@figure_file
@json_option
@results_folder
def command(
    study: str,
    run: int,
    day: int,
    actor: str,
    times: int | None,
    figure: str | None,
    as_json: bool,
    results: str,
) -> None:
    """What if another signal had been sent: what each that was possible would have changed.

    One actor on one day of one run: all that happened before stays, and so does what the others sent that
    day; from the next day on the run is gone on with fresh luck, the same for every signal. What changes is
    the chance of war, of war by miscalculation, of an exit and of a settlement.

    \b
    Examples:
      brink whatif standoff --run 7 --day 12 --actor washington
      brink whatif standoff --run 7 --day 12 --actor caracas --times 10000 --figure whatif.png
    """
    from sim.experiments.story import refuse_other_runs
    from sim.experiments.study.study import open_study, plan
    from sim.experiments.turning_points.as_json import whatif_json
    from sim.experiments.turning_points.what_if import TIMES, what_if
    from sim.terminal.progress import live

    found = open_study(study, results)
    refuse_other_runs(found, run)
    planned = plan(found.scenario, found.runs, found.days, found.seed)
    times = TIMES if times is None else times
    with live(f"{actor} on day {day}", times, as_json) as shown:
        asked = what_if(planned, run, day, actor, times, progress=shown.progress, announce=shown.announce)
    if figure:
        _draw(asked, figure)
    click.echo(json.dumps(whatif_json(asked)) if as_json else _in_words(asked))


def _in_words(asked: WhatIf) -> str:
    from sim.experiments.story.course import Act
    from sim.experiments.story.telling import wrapped
    from sim.experiments.story.words import phrase
    from sim.experiments.turning_points.ends import COMPARED, share
    from sim.reports.numbers import difference_words
    from sim.reports.tables import columns

    label, sent = asked.scenario.label, asked.sent
    did = phrase(asked.scenario, Act(asked.actor, sent.signal, scripted=False))
    now = ", ".join(f"{COMPARED[name]} {share(each)}" for name, each in sent.chances.items())
    rows = [(f"instead of {label(sent.signal)}", *COMPARED.values())]
    for each in asked.alternatives:
        cells = ("as it was",) * len(COMPARED)
        if not each.sent:
            cells = tuple(difference_words(each.changes[name], brief=True) for name in COMPARED)
        rows.append((_named(asked.scenario, each), *cells))
    lacking = [f"{label(name)} ({quantity})" for name, quantity in asked.impossible.items()]
    impossible = (
        f" Not possible that day, for lack of what stands beside it: {', '.join(lacking)}." if lacking else ""
    )
    return "\n".join(
        [
            wrapped(
                f"Run {asked.run:,} of {asked.scenario.name}, day {asked.day}: {label(asked.actor)} {did}. From that "
                f"evening, over {asked.times:,} continuations with fresh luck: {now}.{impossible}"
            ),
            "",
            columns(rows),
            "",
            wrapped(
                f"Changes in points of 100 continuations, with 95 % intervals, n = {asked.times:,} for each signal; "
                "where an interval holds 0, the change cannot be told from none. Until that day all is the same, and on "
                "it all but this one signal; from the next day on all signals meet the same luck. A war is "
                "miscalculated if it does not come, with that luck, where all see clearly from that evening on; one that "
                "comes on the day itself is counted as meant."
            ),
        ]
    )


def _named(scenario: Scenario, each: Alternative) -> str:
    """'raid (ends it)', 'call (sent)'."""
    ends = " (ends it)" if scenario.signals[each.signal].decisive else ""
    return f"{scenario.label(each.signal)}{ends}{' (sent)' if each.sent else ''}"


def _draw(asked: WhatIf, figure: str) -> None:
    from sim.figures import save, whatif
    from sim.reports.words import one_line

    scenario = asked.scenario
    name = one_line(scenario.title) or scenario.name
    about = f"{name}, run {asked.run:,}, day {asked.day}, {scenario.label(asked.actor)}"
    save(whatif(asked.table(), about=about), Path(figure))
