"""Infer: what a signal says of its sender's resolve and appetite, since not every type would have sent it.

An observer knows all of the sender but the two traits. It asks what a sender as it believes it to be would have
done today, and moves its belief along the score of that quantal response (McKelvey & Palfrey 1995; the step is
that of a filter of first order, West & Harrison 1997).
"""

from __future__ import annotations

from sim.rules import rule
from sim.rules.choose import IMPOSSIBLE
from sim.rules.portable import exp_neg, logistic


@rule
def as_believed(utility: float, told: float, relished: float, gap: float, appetite_gap: float) -> float:
    """(30) U of a signal to the sender as it is believed to be [utility].

    ``told`` and ``relished`` are ∂U/∂θ and ∂U/∂η, the gaps belief minus truth. Impossible stays impossible.
    """
    believed = utility + gap * told + appetite_gap * relished
    return believed if utility > IMPOSSIBLE else utility


@rule
def score(sent: float, expected: float, sharpness: float) -> float:
    """(31) S: how far what was sent leans beyond what was expected, ∂ ln P/∂ trait [1/trait]."""
    return (sent - expected) * sharpness


@rule
def information(mean: float, mean_square: float, sharpness: float) -> float:
    """(31) I [1/trait²], from 0 up: how much the day's choice can tell (Fisher information of a quantal response)."""
    spread = mean_square - mean * mean
    return (spread if spread > 0.0 else 0.0) * sharpness * sharpness


@rule
def advantage_as_believed(advantage: float, told: float, gap: float, appetite_gap: float) -> float:
    """(36) U - W of an act of war to the rival as it is believed to be [utility]; impossible stays impossible."""
    believed = advantage + gap * told + appetite_gap
    return believed if advantage > IMPOSSIBLE else advantage


@rule
def fear(rate: float, days: float, advantage: float, sharpness: float) -> float:
    """(36) ν, in 0..1: chance that the rival goes to war in so many days if all stays as it is; 0 if it cannot."""
    hazard = rate * logistic(advantage * sharpness) if advantage > IMPOSSIBLE else 0.0
    return 1.0 - exp_neg(-days * hazard)
