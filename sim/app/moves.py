"""What moves war most: each number of the register to both ends of its honest range, one at a time, around what is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sim.app.asked import Asked, plain_number
from sim.app.levers import Lever
from sim.errors import BrinkError
from sim.experiments.growing import SIZES, Answer, growing
from sim.scenario.scenario import Scenario
from sim.statistics.differences import Difference

RUNS = SIZES[0]
SHOWN = 12


@dataclass(frozen=True)
class Move:
    """One number at both ends of its honest range, all else as it is: war there, and the paired difference."""

    lever: Lever
    low: float
    high: float
    war_low: float
    war_high: float
    swing: Difference

    @property
    def ends(self) -> str:
        """'0.45 to 0.7'."""
        return f"{plain_number(self.low)} to {plain_number(self.high)}".replace("-", "−")


def moves(asked: Asked, stop: Callable[[], bool]) -> Iterator[tuple[list[Move], int, int]]:
    """What was found so far, the widest swings first; how many numbers were tried, and how many there are.

    A number that cannot stand at an end of its range, beside the others as they are, is passed over.
    """
    tried = [lever for lever in asked.levers.values() if lever.has_range]
    scenario = asked.scenario
    found: list[Move] = []
    for done, lever in enumerate(tried, 1):
        if stop():
            return
        move = _move(scenario, lever)
        if move:
            found.append(move)
        found.sort(key=lambda each: -abs(each.swing.value))
        yield found, done, len(tried)


def _move(scenario: Scenario, lever: Lever) -> Move | None:
    low, high = lever.number(lever.low), lever.number(lever.high)
    try:
        below, above = (_war(scenario, lever.key, value) for value in (low, high))
    except BrinkError:
        return None
    war_low, war_high = below.share("war").rate, above.share("war").rate
    return Move(lever, low, high, war_low, war_high, above.change("war", below))


def _war(scenario: Scenario, key: str, value: float) -> Answer:
    return next(growing(scenario.replace({key: value}), (RUNS,)))
