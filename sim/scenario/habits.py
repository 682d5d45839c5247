"""Habits that a scenario leaves out are those of the role."""

from __future__ import annotations

from sim.scenario.scenario import Scenario
from sim.schema.habits import habits_of


def with_habits(scenario: Scenario) -> Scenario:
    """The scenario, each actor with its role's inclination to every signal for which it has none.

    Only what the actor may send is filled in; signals that no role has a habit for stay at 0.
    """
    actors = {}
    for name, actor in scenario.actors.items():
        role, may = habits_of(actor.role), scenario.repertoire(name)
        filled = {signal: role[signal] for signal in may if signal in role} | actor.inclination
        actors[name] = actor.model_copy(update={"inclination": filled})
    return scenario.model_copy(update={"actors": actors})
