"""``brink windows``: when a signal matters, by the day on which it comes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.errors import BrinkError
from sim.terminal.inputs import WholeNumber, figure_file, loaded, plan_option, settings
from sim.terminal.options import json_option

if TYPE_CHECKING:
    from sim.experiments.turning_points.windows import Windows


@click.command()
@click.argument("scenario", metavar="SCENARIO")
@click.option("--actor", required=True, metavar="ACTOR", help="Who sends it, by its name in the scenario.")
@click.option("--signal", required=True, metavar="SIGNAL", help="Which signal, by its name in the scenario.")
@click.option(
    "--every",
    type=WholeNumber(1, 3650),
    default=7,
    show_default=True,
    metavar="N",
    help="Days from one day looked at to the next.",
)
@plan_option("runs", "How many crises to run; by default what the scenario says, and at most 10,000.")
@plan_option("days", "How long to follow each of them.")
@plan_option("seed", "The seed of all luck: the same seed gives the same results.")
@settings
@figure_file
@click.option("--out", metavar="FILE", help="Also write the table, to a .csv or .parquet file.")
@json_option
def command(
    scenario: str,
    actor: str,
    signal: str,
    every: int,
    runs: int | None,
    days: int | None,
    seed: int | None,
    settings: tuple[str, ...],
    figure: str | None,
    out: str | None,
    as_json: bool,
) -> None:
    """When a signal matters: what it changes, by the day on which it comes.

    For each day looked at, all runs with the signal sent on that day wherever it can be, against the same
    runs as they are: the change in war, war by miscalculation, exit and settlement, over all runs and among
    those in which it could be sent.

    \b
    Examples:
      brink windows scenarios/standoff.toml --actor washington --signal offer_exit
      brink windows scenarios/standoff.toml --actor brasilia --signal mediate --every 14 --figure mediate.png
    """
    from sim.experiments.question import plan
    from sim.experiments.turning_points.as_json import windows_json
    from sim.experiments.turning_points.windows import MOST_RUNS, windows
    from sim.terminal.progress import live

    if out is not None and Path(out).suffix not in (".csv", ".parquet"):
        raise BrinkError(f"--out is {out}; it must end with .csv or .parquet.")
    (given,) = loaded([scenario], settings)
    planned = plan(given, min(given.study.runs, MOST_RUNS) if runs is None else runs, days, seed)
    with live(f"{actor}: {signal}", planned.study.runs, as_json) as shown:
        found = windows(planned, actor, signal, every, progress=shown.progress, announce=shown.announce)
    if out is not None:
        _write(found, Path(out))
    if figure:
        _draw(found, figure)
    click.echo(json.dumps(windows_json(found)) if as_json else _in_words(found))


def _in_words(found: Windows) -> str:
    from sim.experiments.story.telling import wrapped
    from sim.experiments.turning_points.ends import COMPARED
    from sim.reports.numbers import words
    from sim.reports.words import plural

    scenario, own = found.scenario, found.scenario.study
    now = ", ".join(f"{COMPARED[name]} {words(each)}" for name, each in found.base.items())
    n = plural(own.runs, "run")
    return "\n".join(
        [
            wrapped(
                f"{scenario.label(found.actor)}: {scenario.label(found.signal)}, by the day on which it comes. {n} of "
                f"{scenario.name} over {plural(own.days, 'day')}, seed {own.seed}. As they are: {now}."
            ),
            "",
            f"Of all {n}:",
            _table(found, among=False),
            "",
            "Of the runs in which it could be sent that day:",
            _table(found, among=True),
            "",
            wrapped(
                "Changes in points of 100 runs, with 95 % intervals, against the same runs as they are; where an interval "
                "holds 0, the change cannot be told from none. It could be sent where the crisis was still going and its "
                "needs were met; all other runs are left as they are. From day to day it is other runs in which it could "
                "be sent, so the days of the second table are not about the same crises."
            ),
        ]
    )


def _table(found: Windows, among: bool) -> str:
    from sim.experiments.story.grammar import span
    from sim.experiments.turning_points.ends import COMPARED
    from sim.reports.numbers import difference_words, words
    from sim.reports.tables import columns

    start = found.scenario.start
    rows = [("day", "runs" if among else "could be sent", *COMPARED.values())]
    for each in found.days:
        when = f"{each.day} ({span(start, each.day, each.day)})" if start else f"{each.day}"
        changes = each.among if among else each.overall
        n = f"{each.possible.count:,}" if among else words(each.possible)
        cells = [difference_words(changes[name], brief=True) if changes else "-" for name in COMPARED]
        rows.append((when, n, *cells))
    return columns(rows)


def _write(found: Windows, path: Path) -> None:
    part = path.with_name(f".{path.name}.part")
    table = found.table()
    try:
        if path.suffix == ".csv":
            table.to_csv(part, index=False, lineterminator="\n")
        else:
            table.to_parquet(part, index=False)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _draw(found: Windows, figure: str) -> None:
    from sim.figures import save, windows
    from sim.reports.words import one_line

    scenario = found.scenario
    name = one_line(scenario.title) or scenario.name
    table = found.table()
    drawn = windows(
        table[table["runs"] == "possible"],
        note="Among the runs in which it could be sent that day.",
        about=f"{scenario.label(found.actor)}: {scenario.label(found.signal)} · {name}",
        start=scenario.start,
        days=scenario.study.days,
    )
    save(drawn, Path(figure))
