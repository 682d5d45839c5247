"""A scenario: a crisis and the plan to study it; its variants are new scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.errors import ScenarioError
from sim.scenario.build import armed, replaced
from sim.scenario.tables import ScenarioTables
from sim.text import shown, suggestion


class Scenario(ScenarioTables):
    """A crisis and the plan to study it. Made by :func:`sim.load`; never changed in place."""

    def arm(self, name: str) -> Scenario:
        """The scenario of one arm: what the arm sets laid over it, without arms and claim.

        Raises ScenarioError if there is no such arm.
        """
        found = next((arm for arm in self.arms if arm.name == name), None)
        if found is None:
            known = [arm.name for arm in self.arms]
            raise ScenarioError([f"{self.name}: there is no arm {shown(name)}{suggestion(name, known)}"])
        return armed(self, found)

    def replace(self, overrides: Mapping[str, Any]) -> Scenario:
        """A new scenario with other values, by dotted key: ``{"actors.caracas.resolve": 0.7}``.

        Raises ScenarioError with every mistake at once.
        """
        return replaced(self, overrides)
