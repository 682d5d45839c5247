"""Where a hundred crises stand, day by day, and how far those go that are still going: one drawing with one axis of days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.app.live import View
from sim.app.svg import Days, apart, between, curve, drawing, line, tag, words
from sim.experiments.growing import Answer
from sim.reports.words import apportioned
from sim.results.states import PEACE, STATES, quantile, states, still_going
from sim.rules.measure import LEVEL_BINS
from sim.scenario.outcome_words import outcome_titles
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import ENDS, TITLES, TOLD, WAR_NAMES, WARS, Outcome
from sim.schema.stands import STAND_NAMES, STAND_TITLES, STANDS

BANDS = ((0.05, 0.95, "band90"), (0.2, 0.8, "band60"), (0.35, 0.65, "band30"))
LEVELS = np.arange(LEVEL_BINS, dtype=np.float64) / 100.0
A_LEVEL = 26.0  # pixels
TOP_LEVEL = 8.0  # of the fan; what is higher is war
HUNDRED = 100
NARROW = 560.0
STACK_HEIGHT = 190.0
LANE = 22.0
A_LETTER = 7.0  # pixels, at most, of a label of one run
SHORT = {TITLES["loss_of_control"]: "control lost"}  # where there is little room


@dataclass(frozen=True)
class RunLine:
    """One run: its level at the end of each day that it was played, and what it ended in."""

    run: int
    level: NDArray[np.float64]
    outcome: Outcome


def run_line(scenario: Scenario, run: int, outcome: Outcome, end_day: int) -> RunLine:
    """The course of one run, of which an answer has outcome and end."""
    from sim.engines.batch.engine import Program  # here, since numba takes long to import

    own = scenario.study
    level = Program.of(scenario).history(own.seed, run, 1, own.days)["level"][:, 0]
    return RunLine(run, level[: end_day + 1 if end_day >= 0 else own.days], outcome)


def course(view: View, width: float, run: RunLine | None = None) -> str:
    """The drawing as SVG, ``width`` pixels wide: the fan of crises still going, then the stack of all."""
    scenario, narrow = view.answer.scenario, width < NARROW
    days = Days(
        112.0 if narrow else 158.0, width - (16.0 if narrow else 132.0), scenario.study.days, scenario.start
    )
    top = 26.0
    fan_top = top + LANE
    fan_bottom = fan_top + A_LEVEL * TOP_LEVEL
    stack_top = fan_bottom + LANE + 44.0
    bottom = stack_top + STACK_HEIGHT
    height = bottom + (34.0 if scenario.start else 22.0)
    drawn = (
        words(0, 13, "How far crises go while they last", class_="title"),
        *_fan(view, days, fan_top, fan_bottom),
        *_rug(view.answer, days, top, fan_bottom, narrow),
        *(_run(run, days, fan_bottom, top, _titles(scenario)) if run else ()),
        words(0, stack_top - 14, "Where 100 crises stand, day by day", class_="title"),
        *_stack(view, days, stack_top, narrow),
        days.axis(bottom),
        tag("path", class_="crosshair", d=f"M0 {top}V{bottom}"),
    )
    return drawing(
        width,
        height,
        *drawn,
        said=summary(view),
        data_left=days.left,
        data_right=days.right,
        data_days=days.days,
    )


def _titles(scenario: Scenario) -> dict[str, str]:
    """What every state is called: outcomes in the scenario's own words."""
    found = outcome_titles(scenario) | STAND_TITLES
    return {name: SHORT.get(title, title) for name, title in found.items()}


def summary(view: View) -> str:
    """One sentence: where 100 crises are on the last day."""
    return f"Escalation by day and where 100 crises stand. {readings(view)[-1]}"


def readings(view: View) -> list[str]:
    """What there is to say of the start and of the end of each day, in counts of 100 crises that add up."""
    answer = view.answer
    days = Days(0, 1, answer.scenario.study.days, answer.scenario.start)
    titles = outcome_titles(answer.scenario)
    told = {
        name: TOLD[name] if titles[name] == TITLES[name] and name in TOLD else f"ended by {titles[name]}"
        for name in PEACE
    }
    found = [f"Day 0{_dated(days, 0)}: all 100 crises are going."]
    for day, counts in enumerate(states(answer.tally).tolist(), 1):
        of_100 = dict(zip(STATES, apportioned(counts, HUNDRED), strict=True))
        war = sum(of_100[name] for name in WAR_NAMES)
        going = sum(of_100[name] for name in STAND_NAMES)
        ends = [f"{of_100[name]} {told[name]}" for name in PEACE if of_100[name]]
        said = ", ".join([f"{war} at war", *ends, f"{going} going"])
        found.append(f"Day {day}{_dated(days, day)}: of 100 crises, {said}.")
    return found


def _dated(days: Days, day: int) -> str:
    return f" ({days.date(day)})" if days.start else ""


# How far crises go -----------------------------------------------------------------------------


def _fan(view: View, days: Days, top: float, bottom: float) -> Iterator[str]:
    low = 0.0
    for stand in STANDS:
        high = min(stand.most, TOP_LEVEL)
        y = bottom - A_LEVEL * high
        yield line(days.left, y, days.right, y, "grid")
        middle = bottom - A_LEVEL * (low + high) / 2
        yield words(days.left - 8, middle + 4, _short(stand.title, days.left), "end", "small")
        low = high
    yield line(days.left, bottom, days.right, bottom, "grid")
    for low_share, high_share, class_ in BANDS:
        xs, lower = _by_day(view.answer, days, bottom, low_share)
        _, upper = _by_day(view.answer, days, bottom, high_share)
        yield between(xs, lower, upper, class_)
    if not view.is_baseline:
        yield curve(list(zip(*_by_day(view.baseline, days, bottom, 0.5), strict=True)), "baseline")
    yield curve(list(zip(*_by_day(view.answer, days, bottom, 0.5), strict=True)), "median")


def _by_day(answer: Answer, days: Days, bottom: float, share: float) -> tuple[list[float], list[float]]:
    """Where a quantile of the crises still going lies at the start and at the end of each day, as long as any is."""
    level = quantile(still_going(answer.tally), LEVELS, share)
    level = np.concatenate([[answer.scenario.world.level], level])
    on = np.flatnonzero(~np.isnan(level))
    last = int(on[-1]) + 1
    return days.xs[:last], (bottom - A_LEVEL * np.minimum(level[:last], TOP_LEVEL)).tolist()


def _rug(answer: Answer, days: Days, top: float, bottom: float, narrow: bool) -> Iterator[str]:
    """A tick for each of the first 100 crises that end, above in war, below without; and how many."""
    first = min(HUNDRED, answer.runs)
    ends = list(zip(answer.outcome[:first].tolist(), answer.end_day[:first].tolist(), strict=True))
    for war, y, said in ((True, top, "in war"), (False, bottom, "without war")):
        mine = [
            (Outcome(code), day)
            for code, day in ends
            if Outcome(code) in ENDS and (Outcome(code) in WARS) is war
        ]
        yield words(days.left - 8, y + 15, f"ends {said}" if not narrow else said, "end", "small strong")
        for outcome, day in mine:
            x = days.x(day + 1)
            yield line(x, y + 4, x, y + LANE - 4, f"tick o-{outcome.name}")
        if not narrow:
            yield words(days.right + 8, y + 15, f"{len(mine)} of the first {first}", class_="small")


def _run(run: RunLine, days: Days, bottom: float, top: float, titles: dict[str, str]) -> Iterator[str]:
    """One run on top, to the lane in which it ends."""
    points = [
        (days.x(day + 1), bottom - A_LEVEL * min(float(level), TOP_LEVEL))
        for day, level in enumerate(run.level)
    ]
    ended, war = run.outcome in ENDS, run.outcome in WARS
    x, y = points[-1]
    if ended:
        y = top + LANE / 2 if war else bottom + LANE / 2
        points[-1] = (x, y)
    yield curve(points, "run-halo")
    yield curve(points, "run")
    if ended:
        yield tag("circle", cx=x, cy=y, r=4.5, class_=f"o-{run.outcome.name} dot")
        said = f"run {run.run}: {titles[run.outcome.name]}, day {len(run.level) - 1}"
        right = x + A_LETTER * len(said) > days.right
        place, height = x + (-8 if right else 8), y + (LANE if war else -LANE / 2 - 4)
        yield words(place, height, said, "end" if right else "start", "small strong halo")


# Where they stand ------------------------------------------------------------------------------


def _stack(view: View, days: Days, top: float, narrow: bool) -> Iterator[str]:
    def y(share: float) -> float:
        return top + STACK_HEIGHT * (1 - share)

    shares = _shares(view.answer)
    edges = np.concatenate([np.zeros((len(shares), 1)), shares.cumsum(axis=1)], axis=1)
    marks, titles = [], _titles(view.answer.scenario)
    last = apportioned(states(view.answer.tally)[-1].tolist(), HUNDRED)
    for i, name in enumerate(STATES):
        if shares[:, i].any():
            lower, upper = ([y(each) for each in edges[:, j].tolist()] for j in (i, i + 1))
            yield between(days.xs, lower, upper, f"{_class(name)} area")
            if last[i]:
                marks.append(((lower[-1] + upper[-1]) / 2, name, last[i]))
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        yield line(days.left - 4, y(share), days.left, y(share), "axis")
        yield words(days.left - 8, y(share) + 4, f"{100 * share:.0f}", "end", "small")
    if not view.is_baseline:
        yield from _baseline_edges(view.baseline, days, y)
    if not narrow:
        marks.reverse()  # the stack grows from below, the labels go down
        for height, (_, name, count) in zip(
            apart([m[0] for m in marks], 14, top + 4, top + STACK_HEIGHT), marks, strict=True
        ):
            yield tag("rect", x=days.right + 6, y=height - 5, width=9, height=9, class_=_class(name))
            yield words(days.right + 20, height + 4, f"{count} {_short(titles[name], 110)}", class_="small")


def _shares(answer: Answer) -> NDArray[np.float64]:
    """(days + 1, states) Shares of the crises in each state, before day 0 and at the end of each day."""
    by_day = states(answer.tally) / answer.runs
    start = np.zeros((1, len(STATES)))
    level = answer.scenario.world.level
    stand = next(stand.name for stand in STANDS if level <= stand.most)
    start[0, STATES.index(stand)] = 1.0
    return np.concatenate([start, by_day])


def _baseline_edges(baseline: Answer, days: Days, y: object) -> Iterator[str]:
    """At the baseline: where ends without war end, and where war begins."""
    shares = _shares(baseline)[: days.days + 1]
    wars = shares[:, [STATES.index(name) for name in WAR_NAMES]].sum(axis=1)
    peace = shares[:, : len(PEACE)].sum(axis=1)
    for edge in (peace, 1 - wars):
        yield curve([(x, y(each)) for x, each in zip(days.xs, edge.tolist(), strict=False)], "baseline")  # type: ignore[operator]


def legend(view: View) -> list[tuple[str, str, int]]:
    """Class of its colour, title and count of 100 of every state on the last day that any crisis is in, wars first."""
    last = apportioned(states(view.answer.tally)[-1].tolist(), HUNDRED)
    titles = _titles(view.answer.scenario)
    return [(_class(name), titles[name], n) for name, n in zip(STATES, last, strict=True) if n][::-1]


def _class(name: str) -> str:
    return f"s-{name}" if name in STAND_NAMES else f"o-{name}"


def _short(title: str, room: float) -> str:
    """The title, or what stands before its first comma where there is no room for all."""
    return title if len(title) * 6.2 <= room - 10 else title.partition(",")[0]
