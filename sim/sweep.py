"""A sweep: what comes out as numbers of a scenario are moved through values, all points under common luck."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.analysis import THREADS, Findings, Means, Place, kept, markdown, planned, refuse_too_many
from sim.claim import Observable
from sim.design import Design, Spread, grid, label, spread
from sim.errors import StudyError
from sim.estimate import decimals
from sim.experiment import Piece
from sim.observed import OBSERVED
from sim.paired import Difference, words
from sim.points import MOST_RUNS, Points, difference_at, quantities, value_at
from sim.scenario import Scenario
from sim.shown import printable
from sim.vary import parsed

MOST_NAMED = 4  # numbers named in a heading
MOST_TOLD = 24  # points told one by one in the report
RUNS = 2_000  # a point, unless more or fewer are asked for


@dataclass(frozen=True)
class Sweep:
    """What a sweep found.

    table: a row a point and quantity: point, a column for each key, quantity, n, value, low, high, and what
           differs, run by run, from the scenario as it is: difference, difference_low, difference_high,
           distinguishable. Shares lie in 0..1; measures are in the unit that MODEL.md gives them.
    """

    scenario: Scenario
    keys: tuple[str, ...]
    table: pd.DataFrame
    text: str
    folder: Path | None


def sweep(
    scenario: Scenario,
    vary: Mapping[str, Any] | None = None,
    *,
    design: Design | None = None,
    runs: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    twins: bool = False,
    out: str | Path = "results",
    name: str | None = None,
    save: bool = True,
    figures: bool = True,
    means: Means = THREADS,
) -> Sweep:
    """Simulate a scenario at every point of a design, and compare each with the scenario as it is.

    ``vary``: values by dotted key, ``{"world.framework": [0.1, 0.5], "actors.caracas.resolve": "0.3:0.8:11"}``,
    all combinations of which are run; or else any ``design`` of :mod:`sim.design`; or else what the scenario's
    own ``[sweep]`` says. ``runs`` a point, 2,000 by default. With ``twins``, every run has its clear-sighted
    twin, and miscalculated war and the like are counted. All points share seed and run numbers. Kept under
    ``out`` unless ``save`` is False; the same again is read, not run, and what was stopped goes on.
    ``means`` says who computes.
    Raises ScenarioError for keys and values that are not allowed, StudyError for what cannot be run.
    """
    plan = planned(scenario, RUNS if runs is None else runs, days, seed)
    chosen = design or (grid(plan, vary) if vary is not None else design_of(scenario, plan.study.seed))
    refuse_too_many(plan.study.runs, MOST_RUNS)
    study = plan.study
    points = tuple(chosen.overrides(i) for i in range(len(chosen.points)))
    experiment = Points(plan, points, study.runs, study.days, study.seed, twins)

    def make() -> Findings:
        table = table_of(experiment, chosen, means.carry("points", experiment, plan, place))
        text = report(plan, chosen, table, study.runs, twins)
        drawn = _figures(plan, chosen, table) if figures else {}
        return Findings("sweep", place.name if place else plan.name, {"sweep": table}, text, drawn)

    identity = experiment.identity() | {"figures": figures}
    place = Place.of("sweep", plan, identity, out, name) if save else None
    found = kept(place, plan, make)
    return Sweep(plan, chosen.keys, found.tables["sweep"], found.text, found.folder)


def design_of(scenario: Scenario, seed: int) -> Design:
    """The design that the scenario's own ``[sweep]`` asks for; StudyError if it asks for nothing."""
    own = scenario.sweep
    if own.design == "grid":
        return grid(scenario, own.vary, "sweep.vary.")
    return spread(scenario, own.design, own.points, own.over, seed)


def design_asked(
    scenario: Scenario,
    vary: Sequence[str],
    kind: Spread | None,
    points: int | None,
    over: Sequence[str],
    seed: int | None,
) -> Design:
    """The design that a command line asks for; where it names none, the scenario's own."""
    if vary and kind:
        raise StudyError("--vary makes a grid, and --design spreads points over ranges; give one of them")
    if (points is not None or over) and not kind:
        raise StudyError("--points and --over are of use only with --design latin or --design sobol")
    luck = scenario.study.seed if seed is None else seed
    if kind:
        return spread(scenario, kind, scenario.sweep.points if points is None else points, over, luck)
    if not vary:
        return design_of(scenario, luck)
    asked = [parsed(text) for text in vary]
    twice = next((key for at, (key, _) in enumerate(asked) if key in dict(asked[:at])), None)
    if twice:
        raise StudyError(f"--vary {printable(twice)} is given twice")
    return grid(scenario, dict(asked), "--vary ")


def table_of(experiment: Points, design: Design, piece: Piece) -> pd.DataFrame:
    """The tidy table of a sweep."""
    return pd.DataFrame(_rows(experiment, design, piece))


def _rows(experiment: Points, design: Design, piece: Piece) -> Iterator[dict[str, Any]]:
    n = experiment.runs
    for point in range(len(design.points)):
        for place, name in enumerate(quantities(experiment.twins)):
            value, low, high = value_at(name, piece, point, place, n)
            apart = difference_at(name, piece, point, place, n)
            yield {
                "point": point,
                **design.overrides(point),
                "quantity": name,
                "n": n,
                "value": value,
                "low": low,
                "high": high,
                "difference": apart.value,
                "difference_low": apart.low,
                "difference_high": apart.high,
                "difference_se": apart.se,
                "distinguishable": apart.distinguishable,
            }


# Words ----------------------------------------------------------------------------------------


def told(twins: bool) -> tuple[Observable, ...]:
    """The quantities that reports and figures show."""
    return ("war", "miscalculated", "exit", "settlement") if twins else ("war", "exit", "settlement")


def report(scenario: Scenario, design: Design, table: pd.DataFrame, runs: int, twins: bool) -> str:
    """The page of a sweep, in Markdown."""
    study = scenario.study
    names = [label(scenario, key) for key in design.keys]
    lines = [
        f"# {scenario.title}: sweep of {', '.join(names) if len(names) <= MOST_NAMED else f'{len(names)} numbers'}",
        "",
        f"{len(design.points):,} points ({design.kind}), {runs:,} runs each of {study.days} days, seed {study.seed}. "
        "All points share their luck run by run with each other and with the scenario as it is.",
        "",
    ]
    if len(names) <= MOST_NAMED and len(design.points) <= MOST_TOLD:
        heads = (
            *names,
            *(f"{OBSERVED[name].title}, % (95 %)" for name in told(twins)),
            "war against the scenario as it is",
        )
        lines += markdown(_told(design, table, twins), heads)
    else:
        lines += [_extremes(scenario, design, table, name) for name in told(twins)]
    lines += [
        "",
        "Shares of simulated crises under the scenario's assumptions; no forecast. All points: sweep.parquet.",
        "",
    ]
    return "\n".join(lines)


def _told(design: Design, table: pd.DataFrame, twins: bool) -> Iterator[tuple[str, ...]]:
    rows: list[Any] = table.to_dict("records")
    found = {(row["point"], row["quantity"]): row for row in rows}
    for point, values in enumerate(design.points):
        shown = (f"{value:g}" for value in values)
        yield (
            *shown,
            *(share_words(found[point, name]) for name in told(twins)),
            difference_words(found[point, "war"]),
        )


def share_words(row: Mapping[str, Any]) -> str:
    """'20.5 (19.7 to 21.3)': a share in percent, with as many decimals as its interval bears."""
    value, low, high = (100 * float(row[end]) for end in ("value", "low", "high"))
    places = decimals((high - low) / 4) if high > low else 1
    return f"{value:.{places}f} ({low:.{places}f} to {high:.{places}f})"


def difference_words(row: Mapping[str, Any]) -> str:
    """What a row says of the difference from the scenario as it is."""
    ends = (float(row[f"difference{end}"]) for end in ("", "_low", "_high", "_se"))
    value, low, high, se = ends
    return words(Difference(int(row["n"]), value, low, high, se, "paired"))


def _extremes(scenario: Scenario, design: Design, table: pd.DataFrame, name: Observable) -> str:
    """Where a quantity is least and most."""
    rows: list[Any] = table[table["quantity"] == name].to_dict("records")
    ends = []
    for row in (min(rows, key=lambda row: row["value"]), max(rows, key=lambda row: row["value"])):
        shown = ", ".join(f"{label(scenario, key)} {row[key]:.3g}" for key in design.keys)
        where = shown if len(design.keys) <= MOST_NAMED else f"point {row['point']}"
        ends.append(f"{share_words(row)} at {where}")
    return f"- {OBSERVED[name].title}, %: from {ends[0]} to {ends[1]}"


# Figures --------------------------------------------------------------------------------------


def _figures(scenario: Scenario, design: Design, table: pd.DataFrame) -> dict[str, bytes]:
    """A line with its band for one parameter, a heat map for two on a grid; nothing for more."""
    if design.kind != "grid" or len(design.keys) > 2 or len(design.points) < 2:
        return {}
    from sim import plots

    names = {key: label(scenario, key) for key in design.keys}
    about = f"{scenario.title}, {scenario.study.days} days, seed {scenario.study.seed}"
    drawn = {}
    for name in [each for each in ("war", "miscalculated") if each in set(table["quantity"])]:
        file = "sweep.png" if name == "war" else f"sweep-{name}.png"
        if len(design.keys) == 1:
            figure = plots.sweep_line(table, design.keys[0], name, names=names, about=about)
        else:
            figure = plots.sweep_heat(table, design.keys[0], design.keys[1], name, names=names, about=about)
        drawn[file] = plots.encoded(figure, "png")
    return drawn
