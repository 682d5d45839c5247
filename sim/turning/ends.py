"""What a crisis came to, as yes or no for each play, and acts that are forced on it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.batch.compiler import is_compiled
from sim.errors import Interrupted, StudyError
from sim.estimate import Estimate, words
from sim.experiment import Experiment, Piece, merged
from sim.rules.end import WARS, Outcome
from sim.scenario import Scenario, suggestion
from sim.shown import shown
from sim.tally import Batch
from sim.work import carried_out

Progress = Callable[[int, int], None]
Announce = Callable[[str], None]
Flags = NDArray[np.bool_]

ENDS = {
    "war": [int(outcome) for outcome in WARS],
    "exit": [int(Outcome.exit)],
    "settlement": [int(Outcome.settlement)],
}
"""Ends before the horizon, and the outcomes that count as each."""

COMPARED = {"war": "war", "miscalculated": "miscalculated war", "exit": "exit", "settlement": "settlement"}
"""What is compared between plays, in words; miscalculated is a war that does not come where all see clearly."""


def ended(batch: Batch) -> Flags:
    """Whether each play came to each of ENDS: (ends, plays)."""
    outcome = batch.rows["outcome"]
    return np.array([np.isin(outcome, codes) for codes in ENDS.values()])


def compared(batch: Batch, twin: Batch) -> Flags:
    """Whether each play came to each of COMPARED: (4, plays); ``twin`` is the same plays seeing clearly."""
    (war, *others), twin_war = ended(batch), ended(twin)[0]
    return np.array([war, war & ~twin_war, *others])


def end_of(outcome: Outcome) -> str | None:
    """Which of ENDS an outcome counts as; None for those of the horizon."""
    return next((name for name, codes in ENDS.items() if outcome in codes), None)


def forced(scenario: Scenario, day: int, actor: str, signal: str, if_possible: bool = False) -> Scenario:
    """The scenario in which that actor sends that signal on that day, in the place of its script's if it has one."""
    kept = [entry.model_dump() for entry in scenario.script if (entry.day, entry.actor) != (day, actor)]
    act = {"day": day, "actor": actor, "signal": signal, "if_possible": if_possible}
    return scenario.replace({"script": [*kept, act]})


def known(chance: Estimate) -> Estimate:
    """A chance, 0 or 1, that no luck is left to change."""
    return Estimate(chance.count, chance.n, chance.rate, chance.rate, chance.rate, "known")


def share(chance: Estimate) -> str:
    """'34 % (29 to 39)', or '0 %' and '100 %' of what is known."""
    return f"{100 * chance.rate:.0f} %" if chance.low == chance.high else words(chance)


def refuse_strangers(scenario: Scenario, actor: str) -> None:
    """Raise StudyError if there is no such actor."""
    if actor not in scenario.actors:
        hint = suggestion(actor, scenario.actors) or f"; known: {', '.join(scenario.seats)}"
        raise StudyError(f"--actor is {shown(actor)}, who is not in {scenario.name}{hint}")


def whole(experiment: Experiment, progress: Progress | None, announce: Announce | None) -> Piece:
    """All of an experiment, on all cores; ``announce`` is told if the model has to be compiled first.

    ``progress`` is told plain runs done and in all. Raises Interrupted if stopped from the keyboard.
    """
    if announce and not is_compiled():
        announce("Compiling the model; this happens once and takes about 20 seconds.")

    def in_runs(done: int, every: int) -> None:
        if progress:
            progress(round(done * experiment.weight), round(every * experiment.weight))

    try:
        return merged(carried_out(experiment, progress=in_runs))
    except KeyboardInterrupt:
        raise Interrupted from None
