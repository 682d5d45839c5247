"""Where 100 crises are, day by day: every run in exactly one state, stacked, each named beside its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from sim.figures.lettering import shortened
from sim.figures.style import COLOURS, beside, day_axis, inches
from sim.reports.words import STILL_GOING, at_the_end, wholes_at_the_end
from sim.results.states import PEACE, STATES
from sim.results.study import by_day
from sim.scenario.outcome_words import outcome_titles
from sim.schema.outcomes import WAR_NAMES
from sim.schema.signals import shipped_vocabulary
from sim.schema.stands import STAND_NAMES, STANDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.results.study import StudyData
    from sim.scenario.scenario import Scenario

GROUPS = {"over without war": PEACE, "still going": STAND_NAMES, "at war": WAR_NAMES}
NAMED = 1.65  # inches for a name beside the panel
LINE = 0.152  # inches from one label to the next
EDGES = "white"


def stand_titles(scenario: Scenario) -> dict[str, str]:
    """What each stand is called, by name: what a scenario calls acts of its own goes before our words."""
    can = {*scenario.repertoire(scenario.coercer), *scenario.repertoire(scenario.target)}
    shipped = shipped_vocabulary()
    found = {}
    for stand in STANDS:
        own = [
            scenario.label(name)
            for name in scenario.ladder
            if name in can
            and scenario.signals[name].rung in stand.rungs
            and scenario.label(name) != shipped.get(name, {}).get("title")
        ]
        found[stand.name] = ", ".join(own[-2:]) if own and stand.rungs != (0,) else stand.title
    return found


def shares(study: StudyData) -> dict[str, NDArray[np.float64]]:
    """Share of runs in each state, in the order of the stack: before day 0 (all still going), then at each day's end."""
    start = next(stand.name for stand in STANDS if study.scenario.world.level <= stand.most)
    found = {}
    for name in STATES:
        values = by_day(study, "stand" if name in STAND_NAMES else "state", name)
        found[name] = np.concatenate([[float(name == start)], np.nan_to_num(values)])
    return found


def stack(study: StudyData, axes: Axes) -> None:
    """Draw the states of all runs, ends without war below and wars on top, with their numbers at the end."""
    seats = min(100, study.runs)
    elapsed, floor = np.arange(study.days + 1), np.zeros(study.days + 1)
    counts, wholes = at_the_end(study), wholes_at_the_end(study, seats)
    every = shares(study)
    titles = {**outcome_titles(study.scenario), **stand_titles(study.scenario)}
    marks: list[tuple[float, str, str]] = []
    for group, members in GROUPS.items():
        begun = floor
        for name in members:
            share = every[name]
            if share.any():
                axes.fill_between(
                    elapsed, floor, floor + share, color=COLOURS[name], edgecolor=EDGES, linewidth=0.3
                )
            if counts[name]:
                told = wholes[name] or "below 1"
                title = shortened(titles[name], NAMED, 8)
                marks.append((floor[-1] + share[-1] / 2, f"{title}  {told}", COLOURS[name]))
            floor = floor + share
        if begun.any():
            axes.plot(elapsed, begun, color="white", linewidth=1.2)
        if floor[-1] > begun[-1] + 1e-12:
            total = {"over without war": sum(wholes[name] for name in PEACE), "at war": wholes["war"]}
            marks.append((floor[-1], f"{group}  {total.get(group, wholes[STILL_GOING])}", ""))
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{seats * y:g}"))
    day_axis(axes, study.days, study.scenario.start)
    beside(axes, study.days, marks, LINE / inches(axes)[1])
    axes.set_title(f"Where {seats} {'crises stand' if seats > 1 else 'crisis stands'}")
