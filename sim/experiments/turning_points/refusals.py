"""What questions about turning points refuse before anything is computed."""

from __future__ import annotations

from sim.engines.branches import MOST_BRANCHES
from sim.errors import StudyError
from sim.scenario.scenario import Scenario
from sim.text import shown, suggestion


def refuse_strangers(scenario: Scenario, actor: str) -> None:
    """Raise StudyError if there is no such actor."""
    if actor not in scenario.actors:
        hint = suggestion(actor, scenario.actors) or f"; known: {', '.join(scenario.seats)}"
        raise StudyError(f"--actor is {shown(actor)}, who is not in {scenario.name}{hint}")


def refuse_numbers(option: str, number: int, most: int = MOST_BRANCHES) -> None:
    """Raise StudyError unless a number lies in 1..``most``; by default, as many as there are branches of luck."""
    if not 1 <= number <= most:
        raise StudyError(f"{option} is {number}; it must be a whole number between 1 and {most:,}.")
