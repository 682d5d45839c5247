"""Levers: what every number of a scenario does at both ends of its range, one at a time, under common luck."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from sim.analysis import THREADS, Findings, Means, Place, kept, markdown, planned, refuse_too_many
from sim.claim import Observable
from sim.declared import SCENARIO, Declared
from sim.design import label
from sim.errors import ScenarioError, StudyError
from sim.experiment import Piece
from sim.inert import reason
from sim.paired import Difference, words
from sim.points import MOST_RUNS, Points, difference_at, quantities
from sim.scenario import Scenario
from sim.vary import NOT_VARIED, unswept

End = Literal["low", "high"]

RUNS = 4_000  # an end, unless more or fewer are asked for
SHARE = 0.2  # by which a number without a range is moved up and down
STEP, WHOLE_STEP = 0.1, 1  # by which 0 is moved, and a whole number at least
LOST = 0.01  # by which a share kept a day is moved if nothing is lost
MOST_TOLD = 20
TOLD: tuple[Observable, ...] = ("war", "miscalculated", "exit", "settlement", "peak_level")
DRAWN = TOLD[:4]

DEAD = "no effect on anything"
ONE_END = "at one end only"
BENT = "both ends move war the same way"


@dataclass(frozen=True)
class Lever:
    """A number of the scenario, and the ends that it is moved to; None where it is at that end already."""

    key: str
    label: str
    value: float
    low: float | None
    high: float | None
    registered: bool

    def ends(self) -> Iterator[tuple[End, float]]:
        """The ends there are."""
        if self.low is not None:
            yield "low", self.low
        if self.high is not None:
            yield "high", self.high


@dataclass(frozen=True)
class Levers:
    """What the levers of a scenario do.

    table: a row a lever, end and quantity: lever, label, end (low, high), at (the value there), base (its
           value), registered, quantity, n, value (what differs, run by run, from the scenario as it is), low,
           high, se, distinguishable, changed (runs in which anything differs), mark, reason (why it is dead by
           design). Levers that do most to war come first.
    """

    scenario: Scenario
    table: pd.DataFrame
    text: str
    folder: Path | None


def levers(
    scenario: Scenario,
    *,
    signals: bool = False,
    runs: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    out: str | Path = "results",
    name: str | None = None,
    save: bool = True,
    figures: bool = True,
    means: Means = THREADS,
) -> Levers:
    """Pull every lever of a scenario to both ends, and count what differs run by run.

    A lever is a number: of the world, what is kept, clocks, decisions, belief, fog, coefficients, actors'
    traits, and whatever is registered; with ``signals`` those of signals and habits too. A registered number
    moves to its low and high, any other by 20 % either way (0 by 0.1; whole numbers by 1 at least; of what is
    kept a day, what is lost moves by 20 %, or 0.01 if nothing is), within what the schema allows. ``runs`` an end, 4,000 by default. Kept as :func:`sim.sweep.sweep` keeps.
    Raises StudyError for what cannot be run.
    """
    plan = planned(scenario, RUNS if runs is None else runs, days, seed)
    study = plan.study
    refuse_too_many(study.runs, MOST_RUNS)
    pulled = tuple(levers_of(plan, signals))
    experiment = Points(plan, points_of(pulled), study.runs, study.days, study.seed, twins=True)
    if not experiment.points:
        raise StudyError(f"{plan.name}: no number can be moved")

    def make() -> Findings:
        table = table_of(experiment, pulled, means.carry("levers", experiment, plan, place))
        drawn = _figure(plan, table) if figures else {}
        return Findings("levers", plan.name, {"levers": table}, report(plan, table, study.runs), drawn)

    identity = experiment.identity() | {"what": "levers", "figures": figures}
    place = Place.of("levers", plan, identity, out, name) if save else None
    found = kept(place, plan, make)
    return Levers(plan, found.tables["levers"], found.text, found.folder)


# The levers -----------------------------------------------------------------------------------


def levers_of(scenario: Scenario, signals: bool = False) -> Iterator[Lever]:
    """The levers of a scenario in the order of its document."""
    scenario = unswept(scenario)
    for key, declared, value in numbers(scenario.document()):
        registered = key in scenario.assumptions
        habit = key.startswith("signals.") or ".inclination." in key
        if key.endswith(".seat") or (habit and not signals and not registered):
            continue
        low, high = _ends(scenario, key, declared, value)
        yield Lever(key, label(scenario, key), value, low, high, registered)


def numbers(
    tree: Mapping[str, Any], declared: Declared = SCENARIO, before: str = ""
) -> Iterator[tuple[str, Declared, float]]:
    """Every number of a scenario's document that may be varied: dotted key, what is declared of it, value."""
    for name, value in tree.items():
        inside, key = declared.inside(name, tree), f"{before}{name}"
        if isinstance(value, dict):
            if before or name not in NOT_VARIED:
                yield from numbers(value, inside, f"{key}.")
        elif inside.is_number and not isinstance(value, bool):
            yield key, inside, value


def _ends(
    scenario: Scenario, key: str, declared: Declared, value: float
) -> tuple[float | None, float | None]:
    entry = scenario.assumptions.get(key)
    if entry is not None and entry.low < entry.high:
        low, high = entry.low, entry.high
    else:
        step = SHARE * (1 - value) or LOST if key.startswith("kept.") else SHARE * abs(value) or STEP
        step = max(round(step), WHOLE_STEP) if declared.kind is int else step
        low = max(value - step, -inf if declared.low is None else declared.low)
        high = min(value + step, inf if declared.high is None else declared.high)
    ends = (int(low), int(high)) if declared.kind is int else (float(low), float(high))
    bounded = declared.low is not None and declared.high is not None and not key.endswith(".deaths")
    below, above = (
        end if end != value and (bounded or _allowed(scenario, key, end)) else None for end in ends
    )
    return below, above


def _allowed(scenario: Scenario, key: str, value: float) -> bool:
    """Whether a scenario may have that value; most deaths depend on what else a signal is."""
    try:
        scenario.replace({key: value})
    except ScenarioError:
        return False
    return True


def points_of(pulled: tuple[Lever, ...]) -> tuple[dict[str, float], ...]:
    """A point for each end of each lever, in order."""
    return tuple({lever.key: value} for lever in pulled for _, value in lever.ends())


# What they do ---------------------------------------------------------------------------------


def table_of(experiment: Points, pulled: tuple[Lever, ...], piece: Piece) -> pd.DataFrame:
    """The table of :class:`Levers`."""
    table = pd.DataFrame(_rows(experiment, pulled, piece))
    war = table[table["quantity"] == "war"].groupby("lever")["value"].agg(lambda values: values.abs().max())
    order = table["lever"].map(war).to_numpy()
    changed = table.groupby("lever")["changed"].transform("max").to_numpy()
    keys = pd.DataFrame({"war": -order, "changed": -changed}).sort_values(["war", "changed"], kind="stable")
    return table.loc[keys.index].reset_index(drop=True)


def _rows(experiment: Points, pulled: tuple[Lever, ...], piece: Piece) -> Iterator[dict[str, Any]]:
    observables, n = quantities(True), experiment.runs
    point = 0
    for lever in pulled:
        ends = list(lever.ends())
        changed = [int(piece["row.changed"][point + at]) for at in range(len(ends))]
        apart = [
            {name: difference_at(name, piece, point + at, observables.index(name), n) for name in TOLD}
            for at in range(len(ends))
        ]
        said = mark(changed, [each["war"] for each in apart])
        why = reason(experiment.scenario, lever.key) if said == DEAD else ""
        for (end, at), runs, found in zip(ends, changed, apart, strict=True):
            for name, each in found.items():
                yield {
                    "lever": lever.key,
                    "label": lever.label,
                    "end": end,
                    "at": float(at),
                    "base": float(lever.value),
                    "registered": lever.registered,
                    "quantity": name,
                    "n": n,
                    "value": each.value,
                    "low": each.low,
                    "high": each.high,
                    "se": each.se,
                    "distinguishable": each.distinguishable,
                    "changed": runs,
                    "mark": said,
                    "reason": why,
                }
        point += len(ends)


def mark(changed: list[int], war: list[Difference]) -> str:
    """What is odd about a lever, from how many runs each end changes and what it does to war; "" if nothing is."""
    if not any(changed):
        return DEAD
    if len(changed) == 2 and not all(changed):
        return ONE_END
    if len(war) == 2 and all(each.distinguishable for each in war) and war[0].value * war[1].value > 0:
        return BENT
    return ""


# Words and figure -----------------------------------------------------------------------------


def report(scenario: Scenario, table: pd.DataFrame, runs: int, most: int = MOST_TOLD) -> str:
    """The page of the levers, in Markdown: those that do most to war, and all that are odd."""
    study = scenario.study
    order = list(dict.fromkeys(table["lever"]))
    lines = [
        f"# {scenario.title}: what every number does",
        "",
        f"{len(order):,} numbers, one at a time to both ends, {runs:,} runs each of {study.days} days, seed {study.seed}. "
        "What differs run by run from the scenario as it is, all luck shared; a registered number over its range, "
        f"marked by *, any other by {SHARE:.0%} either way.".replace("%", " %"),
        "",
    ]
    heads = ("number", "end", "war", "miscalculated war", "exit")
    lines += markdown(_told(table, order[:most]), heads)
    lines += ["", *_odd(table), *_of_nothing(table), "All numbers: levers.parquet.", ""]
    return "\n".join(lines)


def _told(table: pd.DataFrame, chosen: list[str]) -> Iterator[tuple[str, ...]]:
    rows: list[Any] = table[table["lever"].isin(chosen)].to_dict("records")
    by_end: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        by_end.setdefault((row["lever"], row["end"]), {})[row["quantity"]] = row
    for (lever, _), found in by_end.items():
        war = found["war"]
        star = "*" if war["registered"] else ""
        cells = (short(found[name]) for name in ("war", "miscalculated", "exit"))
        yield (f"{lever}{star}", f"{war['base']:g} → {war['at']:g}", *cells)


def short(row: Mapping[str, Any]) -> str:
    """What a row says in points, without what could not be told from 0."""
    found = Difference(row["n"], row["value"], row["low"], row["high"], row["se"], "paired")
    if not found.distinguishable:
        return "no difference" if found.unchanged else "-"
    return words(found).replace(" points", "")


def _odd(table: pd.DataFrame) -> Iterator[str]:
    """A line for each kind of oddity but the first, naming its levers."""
    for said in (BENT, ONE_END):
        found = list(dict.fromkeys(table.loc[table["mark"] == said, "lever"]))
        if found:
            yield f"{said.capitalize()}: {', '.join(found)}."
            yield ""


def _of_nothing(table: pd.DataFrame) -> Iterator[str]:
    """Which levers change not one run, each with its reason if it has one."""
    dead = table[table["mark"] == DEAD].drop_duplicates("lever")
    if dead.empty:
        yield "Every number changes something."
        yield ""
        return
    yield f"{DEAD.capitalize()}, not one run differs:"
    yield ""
    for lever, row in dead.set_index("lever").iterrows():
        ends = " and ".join(f"{at:g}" for at in table.loc[table["lever"] == lever, "at"].unique())
        yield f"- {lever} ({row['base']:g}, moved to {ends}): {row['reason'] or 'it does not bind in this scenario'}"
    yield ""


def _figure(scenario: Scenario, table: pd.DataFrame) -> dict[str, bytes]:
    from sim import plots

    study = scenario.study
    about = f"{scenario.title}, {study.days} days, seed {study.seed}"
    return {"levers.png": plots.encoded(plots.levers(drawn(table), about=about), "png")}


def drawn(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of a figure, which calls dead what is 0 throughout: without levers that only do something else."""
    here = table[table["quantity"].isin(DRAWN)]
    moves = (here["value"] != 0).groupby(here["lever"]).transform("any")
    return here[moves | (here["mark"] == DEAD)]
