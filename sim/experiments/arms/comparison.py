"""Whole scenarios compared under common luck: the first as it is, and what differs in each other one, run by run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.errors import ScenarioError
from sim.experiments.arms.counts import ArmsExperiment, pairs_of
from sim.experiments.arms.question import Comparison
from sim.experiments.arms.tables import Tables, tables_of
from sim.experiments.runner import THREADS, Means, kept, planned
from sim.reports.words import limits, one_line, plural
from sim.results.folder import Findings, Place, digest_of
from sim.scenario.scenario import Scenario
from sim.schema.claims import MOST_ARMS, Observable
from sim.schema.outcomes import WAR_NAMES as WARS

HEADLINES: tuple[Observable, ...] = ("war", *WARS, "miscalculated", "exit", "settlement")  # type: ignore[assignment]
"""What a comparison is told by."""


NAMED = 4  # scenarios named in the name of a folder
LETTERS = 80  # of such a name, its hash excepted
LABEL = 28  # letters that a scenario's title may have if it is to stand in a table or beside a line


def compare(
    arms: Mapping[str, Scenario],
    runs: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    *,
    out: str | Path = "results",
    name: str | None = None,
    save: bool = True,
    figures: bool = True,
    means: Means = THREADS,
) -> Comparison:
    """Run scenarios, by name, as arms under common luck; the first is what the others differ from.

    Runs, days and seed are those of the first scenario unless given. Kept under ``out`` unless ``save`` is False:
    a page of text, tables and figures. The same again is read, not run, and what was stopped goes on. ``means``
    says who computes. Raises ScenarioError for fewer than two scenarios, or more than 64.
    """
    experiment = experiment_of(arms, runs, days, seed)
    labels, first = labels_of(arms), next(iter(experiment.arms.values()))
    place = place_of(experiment, labels, out, name, figures) if save else None

    def make() -> Findings:
        tables = tables_of(experiment, means.carry("arms", experiment, first, place), labels)
        text = _page(experiment, labels, tables)
        drawn = _figures(experiment, labels, tables) if figures else {}
        return Findings("comparison", place.name if place else "", tables, text, drawn)

    found = kept(place, first, make)
    return Comparison(labels, experiment.runs, experiment.days, experiment.seed, found.tables, found.folder)


def experiment_of(
    arms: Mapping[str, Scenario], runs: int | None = None, days: int | None = None, seed: int | None = None
) -> ArmsExperiment:
    """What is computed: every scenario with the plan of the first, and its twin."""
    if not 2 <= len(arms) <= MOST_ARMS:
        raise ScenarioError(
            [f"{len(arms)} to compare; there must be at least two scenarios, and at most {MOST_ARMS}"]
        )
    own = planned(next(iter(arms.values())), runs, days, seed).study
    played = {name: planned(arm, own.runs, own.days, own.seed) for name, arm in arms.items()}
    return ArmsExperiment(played, pairs_of(list(arms)), own.runs, own.days, own.seed)


def labels_of(arms: Mapping[str, Scenario]) -> dict[str, str]:
    """What people call the scenarios: their titles, or if any is long or missing, or two are the same, their names."""
    titles = {name: one_line(arm.title) for name, arm in arms.items()}
    good = len(set(titles.values())) == len(titles) and all(0 < len(t) <= LABEL for t in titles.values())
    return titles if good else {name: name for name in arms}


def place_of(
    experiment: ArmsExperiment,
    labels: Mapping[str, str],
    out: str | Path,
    name: str | None,
    figures: bool = True,
) -> Place:
    """Where a comparison is kept: ``out``/A-vs-B-HASH8, or ``out``/``name``."""
    identity: dict[str, Any] = experiment.identity() | {
        "runs": experiment.runs,
        "labels": dict(labels),
        "figures": figures,
    }
    if name is None:
        name = f"{_folder_name(list(experiment.arms))}-{digest_of(identity)[:8]}"
    return Place.of("comparison", next(iter(experiment.arms.values())), identity, out, name)


def _folder_name(names: list[str]) -> str:
    """'calm-vs-tense'; of many, how many others there are."""
    plain = ["".join(c if c.isalnum() or c in "-_." else "-" for c in name).lstrip(".-") for name in names]
    whole = "-vs-".join(plain)
    if len(names) <= NAMED and len(whole) <= LETTERS:
        return whole
    return f"{plain[0][: LETTERS - 20]}-vs-{len(names) - 1}-others"


def _page(experiment: ArmsExperiment, labels: Mapping[str, str], tables: Tables) -> str:
    compared = Comparison(labels, experiment.runs, experiment.days, experiment.seed, tables)
    lines = [
        f"# {', '.join(labels.values())}: compared",
        "",
        f"{plural(len(labels), 'scenario')}, {plural(experiment.runs, 'run')} of each over "
        f"{plural(experiment.days, 'day')}, seed {experiment.seed}. A difference between two of them is owed to what "
        "the scenarios assume, and to nothing else: all draws are the same, run by run.",
        "",
        *(f"- {labels[name]}: {one_line(arm.title) or name}" for name, arm in experiment.arms.items()),
        "",
        *compared.sections(),
        "",
        "![Escalation and war in each](arms.png)",
        "",
        "![What differs](differences.png)",
        "",
        *limits(),
    ]
    return "\n".join(lines) + "\n"


def _figures(experiment: ArmsExperiment, labels: Mapping[str, str], tables: Tables) -> dict[str, bytes]:
    from sim import figures as plots
    from sim.experiments.arms.figures import curves_together, shares_apart

    first, differences = next(iter(experiment.arms.values())), tables["differences"]
    about = (
        f"{plural(experiment.runs, 'run')} of {plural(experiment.days, 'day')} each, seed {experiment.seed}"
    )
    told = differences[differences["observable"].isin(HEADLINES)]
    drawn = {
        "arms.png": curves_together(tables["arm_curves"], labels, first, about),
        "differences.png": shares_apart(told, about, "What differs between scenarios that share their luck"),
    }
    return {file: plots.encoded(figure, "png") for file, figure in drawn.items()}
