"""``brink run A B --compare``: what it checks, says beforehand, and prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from sim.errors import BrinkError
from sim.experiments.arms.report import _title, difference_lines
from sim.terminal.options import watched

if TYPE_CHECKING:
    from sim.experiments.arms.question import Comparison
    from sim.experiments.arms.tables import Tables
    from sim.scenario.scenario import Scenario


def compare_scenarios(
    scenarios: Sequence[Scenario],
    runs: int | None,
    days: int | None,
    seed: int | None,
    *,
    out: str,
    name: str | None,
    executor: str,
    figures: bool,
    as_json: bool,
    dry_run: bool,
    quiet: bool,
) -> None:
    """Compare scenarios under common luck, keep what comes out, and print it."""
    from sim.experiments.arms.comparison import compare, experiment_of, labels_of, place_of

    if len(scenarios) < 2:
        raise BrinkError(f"--compare needs at least two scenarios, and {len(scenarios)} was given.")
    arms = dict(zip(names_of(scenarios), scenarios, strict=True))
    experiment = experiment_of(arms, runs, days, seed)
    plain = round(experiment.units * experiment.weight)
    if dry_run:
        folder = place_of(experiment, labels_of(arms), out, name).folder
        _say_plan(experiment.arms, plain, str(folder), as_json, quiet)
        return
    title = " and ".join(arms) if len(arms) == 2 else f"{len(arms)} scenarios"
    first = next(iter(experiment.arms.values()))
    with watched(title, first, plain, experiment.days, out, executor, quiet or as_json) as means:
        found = compare(arms, runs, days, seed, out=out, name=name, figures=figures, means=means)
    if as_json:
        import json

        click.echo(json.dumps({"comparison": _json(found)}, ensure_ascii=False))
    elif not quiet:
        click.echo(in_words(found, experiment.arms))
        click.echo(f"\nResults: {found.folder}/ - first look at differences.png, then report.md")


def names_of(scenarios: Sequence[Scenario]) -> list[str]:
    """A name for each scenario that no other has: its own, with a number where that is taken."""
    names: list[str] = []
    for scenario in scenarios:
        number = sum(other.name == scenario.name for other in scenarios[: len(names)])
        name = scenario.name if not number else f"{scenario.name}-{number + 1}"
        while name in names:
            number += 1
            name = f"{scenario.name}-{number + 1}"
        names.append(name)
    return names


def in_words(found: Comparison, arms: Mapping[str, Scenario]) -> str:
    """Each scenario's shares under each other, then what differs from the first, run by run."""
    from sim.experiments.arms.comparison import HEADLINES
    from sim.reports.tables import columns
    from sim.reports.words import one_line, plural
    from sim.results.observables import definitions

    first = next(iter(found.labels))
    rows = [("", *found.labels), *_shares(found.labels, found.tables)]
    titles = [(f"{name}:", one_line(arm.title)) for name, arm in arms.items() if arm.title]
    head = (
        f"{plural(found.runs, 'run')} of {plural(found.days, 'day')} of each, seed {found.seed}; "
        "all share their luck, run by run"
    )
    lines = [*([columns(titles)] if titles else []), head, "", columns(rows), ""]
    lines += [*difference_lines({name: name for name in found.labels}, found.tables, HEADLINES), ""]
    lines += [f"War: {definitions()['war']}. Miscalculated: war in the run, none in its clear-sighted twin."]
    lines += [f"Differences are less “{first}”, run by run, with 95 % intervals."]
    return "\n".join([*lines, "Shares of simulated crises under the scenarios' assumptions; no forecast."])


def _shares(labels: Mapping[str, str], tables: Tables) -> Iterator[tuple[str, ...]]:
    from sim.experiments.arms.comparison import HEADLINES
    from sim.experiments.arms.report import said
    from sim.reports.tables import found

    for name in HEADLINES:
        cells = (said(found(tables["arms"], arm=arm, observable=name)) for arm in labels)
        yield _title(name), *cells


def _json(found: Comparison) -> dict[str, Any]:
    head = {
        "folder": str(found.folder),
        "runs": found.runs,
        "days": found.days,
        "seed": found.seed,
        "labels": dict(found.labels),
    }
    return head | found.to_json()


def _say_plan(arms: Mapping[str, Scenario], plain: int, folder: str, as_json: bool, quiet: bool) -> None:
    from sim.terminal.cost import cost, duration

    first = next(iter(arms.values()))
    own = first.study
    need = cost(first, plain, own.days, "batch", rows=False)
    if as_json:
        import json

        plan = {
            "scenarios": list(arms),
            "runs": own.runs,
            "days": own.days,
            "seed": own.seed,
            "folder": folder,
            "seconds": round(need.seconds, 1),
            "bytes": need.disk,
        }
        click.echo(json.dumps({"comparison": plan}))
    elif not quiet:
        click.echo(
            f"{', '.join(arms)}: {own.runs:,} runs of {own.days} days of each and of its clear-sighted twin, seed "
            f"{own.seed}; about {duration(need.seconds)}, to {folder}/\nNothing was run or written."
        )
