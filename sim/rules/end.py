"""End: how a crisis ends."""

from __future__ import annotations

from sim.rules import rule
from sim.schema.outcomes import FIRST_WAR, LOSS_OF_CONTROL, ONGOING, SETTLEMENT

LEVEL_OF_WAR = 10.0  # the top of the scale, which a run reads after a war
LEVEL_OF_PEACE = 0.0  # its foot, after an exit or a settlement


@rule
def outcome_today(decisive: float, settled: bool, lost: bool) -> float:
    """Code of the outcome that ends the run today, 0 if none: a decisive act, else talks, else chance."""
    by_chance = SETTLEMENT if settled else LOSS_OF_CONTROL if lost else ONGOING
    return decisive if decisive > 0.0 else by_chance


@rule
def war_chance(coercer: float, target: float, target_fights: bool, coercer_first: bool) -> float:
    """(36) Chance that decisive acts bring war today, given the chances that each principal takes its own.

    The coercer's is always war, the target's only if it ``fights``; of two on one day the first stands.
    """
    both = coercer * target if coercer_first | target_fights else 0.0
    alone = target * (1.0 - coercer) if target_fights else 0.0
    return coercer * (1.0 - target) + alone + both


@rule
def control_lost_chance(settlement: float, control: float) -> float:
    """(36) Chance that control is lost on a day without a decisive act: talks that settle come first."""
    return (1.0 - settlement) * control


@rule
def level_after(level: float, outcome: float) -> float:
    """The level that is read from the last day on: 10 after a war, 0 after an exit or a settlement."""
    ended = LEVEL_OF_WAR if outcome >= FIRST_WAR else LEVEL_OF_PEACE
    return ended if outcome > 0.0 else level
