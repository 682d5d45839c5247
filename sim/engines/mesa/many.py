"""Many runs of the Mesa model, one after the other, counted as the batch engine counts its lanes."""

from __future__ import annotations

import mesa
import numpy as np
import pandas as pd

from sim.engines.branches import Plays
from sim.engines.mesa.model import CrisisModel
from sim.engines.mesa.own_actors import OwnActors
from sim.engines.tally import OWN, SHARED, Batch, Rows, Tally, empty_rows, sampled
from sim.rules import measure
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import Outcome


class Counter:
    """The rows and the tally of a batch, filled in as its runs are stepped."""

    def __init__(self, scenario: Scenario, first: int, count: int, days: int) -> None:
        self.first, self.count = first, count
        self.rows: Rows = empty_rows(count)
        self.tally = Tally.empty(scenario, days)
        self.places = {name: place for place, name in enumerate(scenario.seats)}
        self.rungs = {name: place for place, name in enumerate(scenario.ladder)}

    def count_day(self, model: CrisisModel, day: int) -> None:
        """Add a day that has just been stepped."""
        tally, (coercer, target) = self.tally, model.principals
        tally.ongoing[day] += 1
        tally.level[day, measure.level_bin(model.level)] += 1
        tally.error[0, day, measure.error_bin(coercer.belief - target.resolve)] += 1
        tally.error[1, day, measure.error_bin(target.belief - coercer.resolve)] += 1
        for name, actor in model.actors.items():
            tally.signals[day, self.places[name], self.rungs[actor.signal]] += 1
        shared = [getattr(model.world, name) for name in SHARED]
        own = [getattr(principal, name) for principal in model.principals for name in OWN]
        tally.sums[day] += [measure.fixed_point(value) for value in (*shared, *own)]
        if model.outcome > Outcome.standoff:
            tally.ended[day, model.outcome] += 1

    def count_signals(self, model: CrisisModel, row: int) -> None:
        """Add the day's notable signals to the row of the run."""
        signals = [(principal, principal.sent) for principal in model.principals]
        counts = {
            "calls": sum(signal.contact > 0.0 for _, signal in signals),
            "offers": model.coercer.sent.opens == "offer",
            "ultimatums": model.coercer.sent.opens == "ultimatum",
            "strikes": sum(signal.deaths > 0.0 and not signal.decisive for _, signal in signals),
            "incidents": model.incident,
        }
        for name, count in counts.items():
            self.rows[name][row] += np.int16(count)

    def close(self, model: CrisisModel, row: int, day: int) -> None:
        """Fill in the row of a run that has ended."""
        coercer, target = model.principals
        found = {
            "outcome": int(model.outcome),
            "end_day": day if model.outcome > Outcome.standoff else -1,
            "ended_by": self.places.get(model.ended_by, -1),
            "share": model.share,
            "limited_force": model.limited_force,
            "peak_level": model.peak_level,
            "deaths": model.world.deaths,
            "hardship": model.world.hardship,
            "resolve_coercer": coercer.resolve,
            "resolve_target": target.resolve,
            "error_coercer": coercer.belief - target.resolve,
            "error_target": target.belief - coercer.resolve,
            "hazard": model.hazard,
        }
        for name, value in found.items():
            self.rows[name][row] = value


def simulate(
    scenario: Scenario, seed: int, first: int, count: int, days: int, actors: OwnActors | None = None
) -> Batch:
    """Runs ``first`` to ``first + count - 1``; without ``actors`` of a user's own, to the same bits as the batch engine."""
    return play(scenario, Plays.of(first, count), seed, days, actors=actors)


def play(
    scenario: Scenario,
    plays: Plays,
    seed: int,
    days: int,
    lifted: int | None = None,
    actors: OwnActors | None = None,
) -> Batch:
    """Any list of plays; without ``actors`` of a user's own, to the same bits as the batch engine."""
    counter = Counter(scenario, int(plays.runs[0]), len(plays), days)
    for row, (run, branches, since) in enumerate(
        zip(plays.runs.tolist(), plays.branches.tolist(), plays.since.tolist(), strict=True)
    ):
        forks = list(zip(since, branches, strict=True))
        model = CrisisModel(scenario, seed, run, days, actors, observed=False, forks=forks, lifted=lifted)
        while model.running:
            day = model.day
            model.step()
            counter.count_day(model, day)
            counter.count_signals(model, row)
        counter.close(model, row, day)
        release(model)
    return Batch(counter.first, counter.count, counter.rows, counter.tally)


def levels(
    scenario: Scenario, seed: int, count: int, days: int, actors: OwnActors | None = None
) -> pd.DataFrame:
    """Run, day and level of the first runs; a run that has ended goes on reading 10 or 0."""
    found = []
    for run in range(count):
        model = CrisisModel(scenario, seed, run, days, actors, observed=False)
        for _ in range(days):
            model.step()
            found.append(model.level)
        release(model)
    return sampled(np.array(found).reshape(count, days))


def release(model: CrisisModel) -> None:
    """Let Mesa forget a model. Until 3.4 it keeps every model alive in a register that numbers its agents."""
    numbers = getattr(mesa.Agent, "_ids", None)
    if numbers is not None:
        numbers.pop(model, None)
