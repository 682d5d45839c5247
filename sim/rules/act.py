"""Act: how the day's signals change their senders, the world, the terms and the clocks. Forms are assumptions."""

from __future__ import annotations

from sim.rules import rule
from sim.rules.portable import clamp
from sim.schema.coefficients import Conduct, GoingOn, Terms


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
def moved(quantity: float, added: float, taken: float, kept: float, rest: float) -> float:
    """(19) A share of the world, in 0..1, after a day.

    ``added`` and ``taken`` are the day's sums of positive and negative effects: what is nearly full is hardly
    filled, what is nearly empty hardly emptied. Then it returns toward its rest.
    """
    effected = clamp(quantity + added * (1.0 - quantity) - taken * quantity, 0.0, 1.0)
    return rest + kept * (effected - rest)


@rule
def accumulated(quantity: float, added: float) -> float:
    """(20) Hardship or deaths, from 0 up: nothing is ever taken back."""
    return quantity + added


@rule
def paced(tempo: float, strikes: float, kept: float, cap: float) -> float:
    """(20) Pace of strikes [strikes/day], in 0..2: an average over the recent past (exponential smoothing)."""
    return kept * tempo + (1.0 - kept) * (strikes if strikes < cap else cap)


@rule
def deployed(posture: float, effect: float, kept: float, home: float) -> float:
    """(21) p, forces in place, in 0..1: moved by signals, with diminishing returns, and going home."""
    change = effect * (1.0 - posture) if effect > 0.0 else effect * posture
    return clamp(home + kept * (posture - home) + change, 0.0, 1.0)


@rule
def staked(commitment: float, effect: float, kept: float) -> float:
    """(21) c, in 0..1: what was publicly staked fades, and is staked anew."""
    return clamp(kept * commitment + effect, 0.0, 1.0)


@rule
def crossed(precedent: float, rung: float, kept: float) -> float:
    """(21) q, in 0..1 [rung/10]: the highest line that was crossed of late."""
    faded = kept * precedent
    reached = rung / 10.0
    return reached if reached > faded else faded


@rule
def credible(
    k: Conduct,
    credibility: float,
    commitment: float,
    effect: float,
    public: bool,
    force: bool,
    kept: float,
    home: float,
) -> float:
    """(22) k, in 0..1: lost by a public retreat from what was staked, gained by force on land, returning home."""
    given_up = commitment if commitment < -effect else -effect
    less = credibility - (k.retreat_credibility * given_up if (effect < 0.0) & public else 0.0)
    more = less + (k.force_credibility * (1.0 - less) if force else 0.0)
    return clamp(home + kept * (more - home), 0.0, 1.0)


@rule
def contradicted(inconsistency: float, hostility: float, last_hostility: float, kept: float) -> float:
    """(32) How far a sender contradicts itself [hostility], in 0..2: an average of its changes of tone."""
    change = hostility - last_hostility
    return kept * inconsistency + (1.0 - kept) * (change if change > 0.0 else -change)


@rule
def heated(k: Conduct, tension: float, coercer: float, target: float, killed: bool, kept: float) -> float:
    """(23) A, tension, in 0..1: an average of the recent days' heat, the more hostile act of the two and blood."""
    hostile = coercer if coercer > target else target
    heat = (hostile if hostile > 0.0 else 0.0) + (k.blood if killed else 0.0)
    return kept * tension + (1.0 - kept) * (heat if heat < 1.0 else 1.0)


@rule
def tired(k: GoingOn, fatigue: float, relieved: bool) -> float:
    """(24) f, in 0..1: fatigue grows day by day, and is eased by a concession of the rival."""
    grown = fatigue + (1.0 - fatigue) / k.patience
    return k.relief * grown if relieved else grown


@rule
def conceded(k: Terms, concession: float, public: bool) -> float:
    """(25) Share of the gap, from 0 up, by which a concession moves its sender's terms."""
    return k.give * concession * (1.0 if public else k.private)


@rule
def demanded(demand: float, tender: float, given: float, kept: float) -> float:
    """(25) d, in 0..1: what the coercer demands; lowered by its concessions, and going stale toward all."""
    return clamp(1.0 - kept * (1.0 - demand) - given * (demand - tender), 0.0, 1.0)


@rule
def tendered(demand: float, tender: float, given: float, kept: float, most: float) -> float:
    """(25) o, in 0..d: what the target would give; raised by its concessions, and going stale toward nothing."""
    return clamp(kept * tender + given * (demand - tender), 0.0, most)


@rule
def turned(k: Conduct, stance: float, by_coercer: bool, by_target: bool, kept: float, home: float) -> float:
    """(26) a, in -1..1: a stance turns away from who killed today, and returns."""
    away = stance - (k.stance_shift * (1.0 - (stance if stance > 0.0 else -stance)) if by_coercer else 0.0)
    back = away + (k.stance_shift * (1.0 - (away if away > 0.0 else -away)) if by_target else 0.0)
    return home + kept * (clamp(back, -1.0, 1.0) - home)


@rule
def escalated(level: float, rung: float, kept: float) -> float:
    """Escalation level, in 0..10, for figures only: the highest rung that a principal reached today, or the fading past."""
    faded = kept * level
    return rung if rung > faded else faded
