"""End: how a crisis ends."""

from __future__ import annotations

from sim.rules import rule
from sim.schema.outcomes import FADED, FIRST_WAR, LOSS_OF_CONTROL, ONGOING, SETTLEMENT

LEVEL_OF_WAR = 10.0  # the top of the scale, which a run reads after a war
LEVEL_OF_PEACE = 0.0  # its foot, after any other end


@rule
def outcome_today(decisive: float, lost: bool, faded: bool) -> float:
    """Code of the outcome that ends the run today, 0 if none: a decisive act, else loss of control, else fading."""
    by_chance = LOSS_OF_CONTROL if lost else FADED if faded else ONGOING
    return decisive if decisive > 0.0 else by_chance


@rule
def war_chance(
    coercer: float, target: float, coercer_fights: bool, target_fights: bool, coercer_first: bool
) -> float:
    """Chance that decisive acts bring war today, given the chances that each principal takes its own.

    Each is war only if its sender ``fights``; of two on one day the first stands.
    """
    first_fights = coercer_fights if coercer_first else target_fights
    by_coercer = coercer * (1.0 - target) if coercer_fights else 0.0
    by_target = target * (1.0 - coercer) if target_fights else 0.0
    return by_coercer + by_target + (coercer * target if first_fights else 0.0)


@rule
def agreed_share(outcome: float, by_coercer: bool, demand: float, tender: float) -> float:
    """Share of what was at stake that a settlement gives the coercer: what the other side had asked or offered; else 0."""
    share = tender if by_coercer else demand
    return share if outcome == SETTLEMENT else 0.0


@rule
def level_after(level: float, outcome: float) -> float:
    """The level that is read from the last day on: 10 after a war, 0 after any other end."""
    ended = LEVEL_OF_WAR if outcome >= FIRST_WAR else LEVEL_OF_PEACE
    return ended if outcome > 0.0 else level
