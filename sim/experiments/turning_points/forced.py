"""How a crisis is played in other ways: an act forced on it, and many plays on all cores."""

from __future__ import annotations

from sim.compute.experiment import Experiment, Piece, merged
from sim.compute.scheduler import Progress, carried_out
from sim.errors import Interrupted, StudyError
from sim.scenario.memo import remembered
from sim.scenario.scenario import Scenario
from sim.text import shown, suggestion


@remembered
def forced(scenario: Scenario, day: int, actor: str, signal: str, if_possible: bool = False) -> Scenario:
    """The scenario in which that actor sends that signal on that day, in the place of its script's if it has one."""
    kept = [entry.model_dump() for entry in scenario.script if (entry.day, entry.actor) != (day, actor)]
    act = {"day": day, "actor": actor, "signal": signal, "if_possible": if_possible}
    return scenario.replace({"script": [*kept, act]})


def refuse_strangers(scenario: Scenario, actor: str) -> None:
    """Raise StudyError if there is no such actor."""
    if actor not in scenario.actors:
        hint = suggestion(actor, scenario.actors) or f"; known: {', '.join(scenario.seats)}"
        raise StudyError(f"--actor is {shown(actor)}, who is not in {scenario.name}{hint}")


def whole(experiment: Experiment, progress: Progress | None) -> Piece:
    """All of an experiment, on all cores; ``progress`` is told plain runs done and in all.

    Raises Interrupted if stopped from the keyboard.
    """

    def in_runs(done: int, every: int) -> None:
        if progress:
            progress(round(done * experiment.weight), round(every * experiment.weight))

    try:
        return merged(carried_out(experiment, progress=in_runs))
    except KeyboardInterrupt:
        raise Interrupted from None
