"""A crisis in which an act is forced on an actor."""

from __future__ import annotations

from sim.scenario.memo import remembered
from sim.scenario.scenario import Scenario


@remembered
def forced(scenario: Scenario, day: int, actor: str, signal: str, if_possible: bool = False) -> Scenario:
    """The scenario in which that actor sends that signal on that day, in the place of its script's if it has one."""
    kept = [entry.model_dump() for entry in scenario.script if (entry.day, entry.actor) != (day, actor)]
    act = {"day": day, "actor": actor, "signal": signal, "if_possible": if_possible}
    return scenario.replace({"script": [*kept, act]})
