"""Tables of plain text, and the one that a study ends with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.study import Study


def columns(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Rows of cells under each other; columns numbered in ``right`` are flush right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = (
        "  ".join(
            cell.rjust(w) if i in right else cell.ljust(w)
            for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def odds(study: Study) -> str:
    """How often each outcome occurred, with 95 % intervals, and what war and limited force mean."""
    from sim.estimate import proportion, words
    from sim.report import OUTCOMES, TITLES, WARS, definitions, one_line, plural

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
    from sim.commands.parts import besides

    return odds(study) + besides(study)


def where(study: Study) -> str:
    """Where the results lie, and what to look at first; nothing if they were not kept."""
    if study.folder is None:
        return ""
    return f"Results: {study.folder}/ - first look at escalation.png, then report.md"
