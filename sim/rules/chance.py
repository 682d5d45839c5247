"""Chance: what nobody chose. Probabilities of one day, to be compared with a uniform draw. Assumptions."""

from __future__ import annotations

from sim.rules import rule
from sim.schema.coefficients import Chance


@rule
def incident_chance(k: Chance, rate: float, force: float, rival_force: float, tempo: float) -> float:
    """(27) Chance of a collision or interception today: rate · (4 · both forces + tempo)."""
    return rate * (k.incident_force * force * rival_force + tempo)


@rule
def control_chance(k: Chance, rate: float, tension: float, force: float, rival_force: float) -> float:
    """(28) Chance of war today that nobody ordered: rate · A² · 4 · both forces."""
    return rate * tension * tension * k.control_force * force * rival_force


@rule
def fade_chance(k: Chance, rate: float, tension: float) -> float:
    """(29) Chance that the crisis ends by itself today: rate · (1 - A/fade_tension)⁺²."""
    calm = 1.0 - tension / k.fade_tension
    return rate * calm * calm if calm > 0.0 else 0.0
