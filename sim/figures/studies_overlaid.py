"""Several studies laid over each other, as the arms of one comparison are: war, what differs, and escalation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.figures.arms import ARMS, arm_curves
from sim.figures.escalation_fan import rung_labels
from sim.figures.incidence import overlaid_timing
from sim.figures.style import ran, short, titled
from sim.results.curves import Curve, in_rows, independent_difference, war_difference, war_share
from sim.results.pairs import BY_DAY, apart_by_day, war_days
from sim.results.study import ended
from sim.scenario.changes import changed_from, label
from sim.schema.outcomes import WAR_NAMES as WARS
from sim.schema.outcomes import Outcome

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.experiments.study.study import Study

MOST_KEYS = 2  # settings named in a legend; more are counted


def overlay(studies: Sequence[Study]) -> Figure:
    """Draw the share of each study's runs that has come to war, how it differs from the first's, and the level of those going.

    Where two have the same seed and a row a run, the difference is that of the runs that both have, pair by pair. Of more than
    six, the first six.
    """
    shown = list(studies)[: len(ARMS)]
    names = dict(zip((str(i) for i in range(len(shown))), told_apart(shown), strict=True))
    tables = []
    for arm, study in zip(names, shown, strict=True):
        level = study.curves[study.curves["quantity"] == "level_going"]
        table = pd.concat([level, in_rows(_wars(study, shown[0]))])
        table.insert(0, "arm", arm)
        tables.append(table)
    more = f"The first {len(shown)} of {len(studies)} studies are drawn." if len(studies) > len(shown) else ""
    starts = {study.scenario.start for study in shown}
    return arm_curves(
        pd.concat(tables, ignore_index=True),
        names,
        note=" ".join(each for each in (more, _how(shown)) if each),
        about=_about(shown),
        start=starts.pop() if len(starts) == 1 else None,
        rungs=rung_labels(shown[0].scenario),
        footer=ran(*shown),
    )


def timing_overlaid(studies: Sequence[Study]) -> Figure:
    """Draw how soon each study's runs end by war, exit, settlement and fading, a panel an end."""
    shown = list(studies)[: len(ARMS)]
    lines = [(name, *ARMS[i]) for i, name in enumerate(told_apart(shown))]
    return overlaid_timing(shown, lines, _about(shown))


def _about(studies: Sequence[Study]) -> str:
    titles = dict.fromkeys(titled(study.scenario, study.name) for study in studies)
    several = " | ".join(titles) if len(titles) <= 2 else f"{len(studies)} studies"
    changed = dict.fromkeys(words for study in studies if (words := changed_from(study.scenario)))
    return " · ".join([several, *changed])


def _how(studies: Sequence[Study]) -> str:
    """Whether the differences are those of pairs."""
    if len(studies) < 2:
        return ""
    if all(_paired(study, studies[0]) for study in studies[1:]):
        return "Differences are those of runs that share their luck, pair by pair."
    return "Where seeds differ or no row a run was kept, differences are those of runs that share no luck."


def _paired(study: Study, base: Study) -> bool:
    return study.seed == base.seed and study.has_rows and base.has_rows


def _wars(study: Study, base: Study) -> list[Curve]:
    """The share of runs at war by day, and what it is more than in another study."""
    found = war_share(ended(study, WARS), study.runs)
    days = min(study.days, base.days)
    if study is base:
        return found
    if not _paired(study, base):
        here, there = (ended(each, WARS)[:days] for each in (study, base))
        return [*found, *_padded(independent_difference(here, there, study.runs, base.runs), study.days)]
    n = min(study.runs, base.runs)
    here, there = (_war_days(each, n) for each in (study, base))
    apart = apart_by_day(here, there, days)
    return [*found, *_padded(war_difference(apart[BY_DAY[0]], apart[BY_DAY[1]], n), study.days)]


def _padded(found: list[Curve], days: int) -> list[Curve]:
    """Curves of fewer days, of no run on the days after."""
    return [
        (q, s, np.pad(values, (0, days - len(values))), np.pad(n, (0, days - len(n))))
        for q, s, values, n in found
    ]


def _war_days(study: Study, runs: int) -> NDArray[np.int64]:
    rows = study.rows.head(runs)
    codes = rows["outcome"].map(lambda name: int(Outcome[str(name)])).to_numpy(np.int64)
    return war_days(codes, rows["end_day"].fillna(study.days).to_numpy(np.int64), study.days)


def told_apart(studies: Sequence[Study]) -> list[str]:
    """A name for each study that no other has: its own with what was changed, the settings that differ, else a number."""
    settings = [dict(_flat(study)) for study in studies]
    told = []
    for study, mine in zip(studies, settings, strict=True):
        namesakes = [
            each for other, each in zip(studies, settings, strict=True) if _label(other) == _label(study)
        ]
        keys = sorted(
            {key for each in namesakes for key in each if len({repr(s.get(key)) for s in namesakes}) > 1}
        )
        shown = [f"{key} = {mine.get(key, 'none')}" for key in keys[:MOST_KEYS]]
        rest = [f"and {len(keys) - MOST_KEYS} more"] if len(keys) > MOST_KEYS else []
        told.append("\n".join([short(_label(study), 48), *shown, *rest]))
    twice = Counter(told)
    return [f"{name} ({i})" if twice[name] > 1 else name for i, name in enumerate(told, 1)]


def _label(study: Study) -> str:
    return label(study.name, study.scenario)


def _flat(study: Study) -> Iterator[tuple[str, Any]]:
    """Every value of a study's scenario by its dotted key, but for texts and sources; and how it was run."""
    yield from (("seed", study.seed), ("days", study.days), ("runs", study.runs))
    stack: list[tuple[str, Any]] = [("", study.scenario.document())]
    while stack:
        at, value = stack.pop()
        if isinstance(value, dict):
            stack += [(f"{at}.{key}" if at else str(key), inner) for key, inner in value.items()]
        elif at.split(".")[0] not in ("title", "description", "study", "assumptions", "rates"):
            yield at, value
