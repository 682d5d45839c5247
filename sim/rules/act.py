"""Act: how the day's signals change their senders, the world and the clocks. Forms are assumptions."""

from __future__ import annotations

from sim.rules import rule
from sim.rules.portable import clamp


@rule
def probing_pressure(pressure: float, outreach: float) -> float:
    """(19) Pressure of the coercer's private words: all of it (twice) if they are leverage, none if a probe."""
    return pressure * 2.0 * (1.0 - outreach)


@rule
def probing_concession(concession: float, outreach: float) -> float:
    """(19) Concession in the coercer's private words: none if they are leverage, all of it (twice) if a probe."""
    return concession * 2.0 * outreach


@rule
def moved(quantity: float, added: float, kept: float, rest: float) -> float:
    """(20) A share of the world, in 0..1, after a day: the effects once, clamped, then decay toward its rest."""
    return rest + kept * (clamp(quantity + added, 0.0, 1.0) - rest)


@rule
def accumulated(quantity: float, added: float) -> float:
    """(22) Hardship or deaths, from 0 up: nothing is ever taken back."""
    return quantity + added


@rule
def paced(tempo: float, strikes: float, kept: float, cap: float) -> float:
    """(21) Pace of strikes [strikes/day], in 0..2: an average over the recent past (exponential smoothing)."""
    return kept * tempo + (1.0 - kept) * (strikes if strikes < cap else cap)


@rule
def deployed(posture: float, effect: float) -> float:
    """(23) Forces in place, in 0..1. They stay where they are until they are moved."""
    return clamp(posture + effect, 0.0, 1.0)


@rule
def staked(commitment: float, effect: float, kept: float) -> float:
    """(23) c, in 0..1: what was publicly staked fades, and is staked anew."""
    return clamp(kept * commitment + effect, 0.0, 1.0)


@rule
def contradicted(inconsistency: float, hostility: float, last_hostility: float, kept: float) -> float:
    """(23) How far a sender contradicts itself [hostility], in 0..2: an average of its changes of tone."""
    change = hostility - last_hostility
    return kept * inconsistency + (1.0 - kept) * (change if change > 0.0 else -change)


@rule
def wound(clock: float, started: bool, days: float) -> float:
    """A clock [days left]: set on the day on which it is started, one less each other day."""
    left = clock - 1.0 if clock > 0.0 else 0.0
    return days if started else left


@rule
def ultimatum_clocks(
    running: float, called: float, sent: bool, answered: bool, made_good: bool, given: float, calling: float
) -> tuple[float, float, bool]:
    """Days left of the ultimatum, days left on which it is called, and whether it lapses today.

    It runs ``given`` days from the day after; a concession of the target ends it. Unanswered, it is called
    for ``calling`` days, in which the coercer makes it good by force or is seen not to. A new one restarts it.
    """
    expires = (running == 1.0) & (not answered) & (not sent)
    lapses = (called == 1.0) & (not made_good) & (not sent)
    left = running - 1.0 if (running > 0.0) & (not answered) else 0.0
    called_left = called - 1.0 if (called > 0.0) & (not made_good) else 0.0
    next_running = given if sent else left
    next_called = 0.0 if sent else calling if expires else called_left
    return next_running, next_called, lapses


@rule
def escalated(level: float, rung: float, kept: float) -> float:
    """(24) Escalation level, in 0..10: the highest rung that a principal reached today, or the fading past."""
    faded = kept * level
    return rung if rung > faded else faded
