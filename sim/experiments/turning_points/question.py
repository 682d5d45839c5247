"""What questions about turning points have in common: their page and JSON, and what they refuse."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

from sim.engines.branches import MOST_BRANCHES
from sim.errors import StudyError
from sim.experiments.question import Question, Tables
from sim.reports.page import literal
from sim.scenario.scenario import Scenario
from sim.text import shown, suggestion


class TurningPoint(Question):
    """A question whose answer is told in plain text, on its page as on a terminal."""

    heading: ClassVar[str]

    @abstractmethod
    def brief(self, tables: Tables) -> str:
        """What a terminal shows of the answer."""

    def page(self, tables: Tables) -> str:
        """The same under a heading."""
        title = literal(self.scenario.title) or self.scenario.name
        return f"# {title}: {self.heading}\n\n```text\n{self.brief(tables)}\n```\n"

    def to_json(self, tables: Tables) -> dict[str, Any]:
        """What was asked, and the rows of each table."""
        own = self.scenario.study
        plan = {"scenario": self.scenario.name, "seed": own.seed, "runs": own.runs, "days": own.days}
        return {**plan, **self.asked(), **super().to_json(tables)}


def refuse_strangers(scenario: Scenario, actor: str) -> None:
    """Raise StudyError if there is no such actor."""
    if actor not in scenario.actors:
        hint = suggestion(actor, scenario.actors) or f"; known: {', '.join(scenario.seats)}"
        raise StudyError(f"--actor is {shown(actor)}, who is not in {scenario.name}{hint}")


def refuse_beyond(option: str, number: int, most: int = MOST_BRANCHES) -> None:
    """Raise StudyError unless a number lies in 1..``most``; by default, as many as there are branches of luck."""
    if not 1 <= number <= most:
        raise StudyError(f"{option} is {number}; it must be a whole number between 1 and {most:,}.")
