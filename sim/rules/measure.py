"""Measure: how a day is counted. Whole numbers only, so that counts from any engine add up to the same bits."""

from __future__ import annotations

from sim.rules import rule
from sim.rules.portable import clamp

LEVEL_BINS = 1001  # of 0.01 rung, 0 to 10
ERROR_BINS = 301  # of 0.01, -1.5 to +1.5
ERROR_MOST = 1.5
FIXED_POINT = 65536.0


@rule
def level_bin(level: float) -> int:
    """Bin of an escalation level, 0..1000."""
    return int(level * 100.0 + 0.5)


@rule
def error_bin(error: float) -> int:
    """Bin of a belief error (belief minus truth), 0..300; errors beyond ±1.5 count as ±1.5."""
    return int((clamp(error, -ERROR_MOST, ERROR_MOST) + ERROR_MOST) * 100.0 + 0.5)


@rule
def fixed_point(x: float) -> int:
    """A quantity in whole 65536ths, to be summed without rounding."""
    return int(x * FIXED_POINT + 0.5)
