"""Chance: what nobody chose. Probabilities of one day, to be compared with a uniform draw. Assumptions."""

from __future__ import annotations

from sim.rules import rule
from sim.schema.coefficients import Chance


@rule
def settlement_chance(rate: float, progress: float) -> float:
    """(25) Chance that talks settle the crisis today: rate · progress²."""
    return rate * progress * progress


@rule
def incident_chance(k: Chance, rate: float, posture: float, rival_posture: float, tempo: float) -> float:
    """(26) Chance of a collision or interception today: rate · (4 · both postures + tempo)."""
    return rate * (k.incident_posture * posture * rival_posture + tempo)


@rule
def control_chance(k: Chance, rate: float, level: float) -> float:
    """(27) Chance of war today that nobody ordered: rate for each rung above the threshold."""
    above = level - k.control_level
    return rate * (above if above > 0.0 else 0.0)
