"""What studies will be run, checked as far as it can be without running them, and what they will cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.compute.executors import checked
from sim.errors import BrinkError
from sim.experiments.runner import folder_of
from sim.experiments.study.question import StudyQuestion
from sim.experiments.study.study import asked, run
from sim.statistics.sequential import most_runs, planned_runs, schedule
from sim.terminal.cost import Cost, cost, duration, refuse_the_impossible, size

if TYPE_CHECKING:
    from sim.experiments.asking import Options
    from sim.experiments.study.simulation import Engine
    from sim.scenario.scenario import Scenario

# Of a row of the event log, measured on the standoff; at most, for runs that end early have fewer.
SECONDS_AN_EVENT, BYTES_AN_EVENT = 5e-6, 33
PILOT = 1_024  # runs from which it is guessed how many a precision takes


@dataclass(frozen=True)
class How:
    """How studies are to be run, as it was typed; ``precision`` as in "war=0.005"."""

    engine: Engine
    parts: tuple[str, ...]
    rows: bool
    precision: tuple[str, ...]
    options: Options
    events: int = 0


@dataclass(frozen=True)
class Planned:
    """One study that is about to be run, with the runs that it takes at least."""

    question: StudyQuestion
    folder: Path
    how: How

    @property
    def scenario(self) -> Scenario:
        """What is studied, with the runs, days and seed that are used."""
        return self.question.scenario

    @property
    def need(self) -> Cost:
        """What it will cost."""
        own, parts = self.scenario.study, sum(each.plain_runs for each in self.question.carried)
        found = cost(self.scenario, own.runs, own.days, self.how.engine, parts, self.how.rows)
        events = min(self.how.events, own.runs) * own.days * len(self.scenario.actors)
        written = events * BYTES_AN_EVENT
        return Cost(found.seconds + events * SECONDS_AN_EVENT, found.disk + written, found.room + written)


def plan(
    scenarios: Sequence[Scenario], runs: int | None, days: int | None, seed: int | None, how: How
) -> list[Planned]:
    """What will be run. Raises BrinkError if two studies would share a folder, or one is too large."""
    options = how.options
    checked(options.executor)
    if options.name is not None and len(scenarios) > 1:
        raise BrinkError(
            f"--name names one study, and {len(scenarios)} scenarios were given; run them one by one."
        )
    found: list[Planned] = []
    for scenario in scenarios:
        question = asked(scenario, runs, days, seed, how.parts, how.precision, options.name)
        if question.precision:
            question = question.of(schedule(question.targets)[0])
        planned = Planned(question, folder_of(question, options.out, options.name), how)
        own = planned.scenario.study
        refuse_the_impossible(scenario.name, own.runs, own.days, planned.need, Path(options.out))
        found.append(planned)
    folders = [each.folder for each in found]
    for folder in folders:
        if folders.count(folder) > 1:
            raise BrinkError(f"{folder}: two of the scenarios given would be written here; give each once.")
    return found


def guessed(planned: Planned) -> tuple[Planned, Planned | None]:
    """With as many runs as a precision will take, by what a few runs show, and with as many as it can take at most."""
    targets = planned.question.targets
    if not targets:
        return planned, None
    pilot = run(planned.scenario, PILOT, rows=False, save=False)
    likely = max(planned_runs(target, pilot.counts[target.observable] / PILOT) for target in targets)
    most = max(most_runs(target) for target in targets)
    return tuple(replace(planned, question=planned.question.of(runs)) for runs in (likely, most))  # type: ignore[return-value]


def in_json(told: Sequence[tuple[Planned, Planned | None]]) -> list[dict[str, Any]]:
    """What will be run, as plain values."""
    return [_plain(each) | ({"precision": _most(most)} if most else {}) for each, most in told]


def _plain(planned: Planned) -> dict[str, Any]:
    own, need = planned.scenario.study, planned.need
    return {
        "scenario": planned.scenario.name,
        "runs": own.runs,
        "days": own.days,
        "seed": own.seed,
        "actors": len(planned.scenario.actors),
        "folder": str(planned.folder),
        "seconds": round(need.seconds, 1),
        "bytes": need.disk,
    }


def _most(most: Planned) -> dict[str, Any]:
    return {
        "pilot_runs": PILOT,
        "most_runs": most.question.runs,
        "most_seconds": round(most.need.seconds, 1),
        "most_bytes": most.need.disk,
    }


def in_words(told: Sequence[tuple[Planned, Planned | None]]) -> Iterator[str]:
    """What will be run, a line or two a study."""
    for each, most in told:
        own, need = each.scenario.study, each.need
        yield (
            f"{each.scenario.name}: {'about ' if most else ''}{own.runs:,} runs of {own.days} days, "
            f"{len(each.scenario.actors)} actors, seed {own.seed}; about {duration(need.seconds)} and "
            f"{size(need.disk)}, to {each.folder}/"
        )
        if most:
            yield (
                f"  guessed from {PILOT:,} runs; at most {most.question.runs:,}, {duration(most.need.seconds)} and "
                f"{size(most.need.disk)}"
            )
    yield "Nothing was written." if any(most for _, most in told) else "Nothing was run or written."
