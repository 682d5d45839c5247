"""Tables of plain text, and the one that a study ends with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.reports.tables import columns

if TYPE_CHECKING:
    from sim.experiments.study.study import Study


def odds(study: Study) -> str:
    """How often each outcome occurred, with 95 % intervals, and what war and limited force mean."""
    from sim.reports.numbers import words
    from sim.reports.words import one_line, plural
    from sim.results.observables import definitions
    from sim.schema.outcomes import REPORTED as OUTCOMES
    from sim.schema.outcomes import TITLES
    from sim.schema.outcomes import WAR_NAMES as WARS
    from sim.statistics.proportions import proportion

    rows = [("", "runs", "share, with its 95 % interval")]
    for name in OUTCOMES:
        title = f"  {TITLES[name]}" if name in WARS else TITLES[name]
        count = study.counts[name]
        rows.append((title, f"{count:,}", words(proportion(count, study.runs))))
    meaning = definitions(study.scenario)
    head = f"{study.name}: {plural(study.runs, 'run')} of {plural(study.days, 'day')}, seed {study.seed}"
    title = one_line(study.scenario.title)
    lines = [*([title] if title else []), head, "", columns(rows, right=(1,)), ""]
    lines += [f"{TITLES[name].capitalize()}: {meaning[name]}." for name in ("war", "limited_force")]
    return "\n".join([*lines, "Shares of simulated crises under the scenario's assumptions; no forecast."])


def findings(study: Study) -> str:
    """The odds, and under them what else was found: twins, channels of fog, arms, rare wars."""
    from sim.experiments.study.parts_brief import besides

    return odds(study) + besides(study)


def where(study: Study) -> str:
    """Where the results lie, and what to look at first; nothing if they were not kept."""
    if study.folder is None:
        return ""
    return f"Results: {study.folder}/ - first look at escalation.png, then report.md"
