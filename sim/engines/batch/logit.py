"""From utilities to a signal, in lanes: needs, the best, logit choice up the ladder."""

from __future__ import annotations

from typing import Any

from sim.engines.batch.compiler import kernel
from sim.engines.batch.lanes import LANES, ROW, row
from sim.rules import choose

IMPOSSIBLE = choose.IMPOSSIBLE
DRAW = ROW["draw"]
BEST, TOTAL, BEFORE, CHOSEN = (ROW[n] for n in ("best", "total", "before", "chosen"))


@kernel
def rule_out(s: Any, out: Any, needed: Any, least: Any) -> None:
    """Utilities of a signal, made impossible in the lanes in which its need is not met."""
    utility, quantity = row(s, out), row(s, needed)
    for l in range(LANES):
        utility[l] = utility[l] if quantity[l] > least else IMPOSSIBLE


@kernel
def apply_needs(s: Any, out: Any, needs: Any, least: Any) -> None:
    """Make a signal impossible where any of its needs is not met."""
    for n in range(needs.shape[0]):
        if needs[n] >= 0:
            rule_out(s, out, needs[n], least[n])


@kernel
def forget_best(s: Any) -> None:
    """Begin a choice."""
    for l in range(LANES):
        s[BEST + l] = IMPOSSIBLE
        s[TOTAL + l] = 0.0
        s[BEFORE + l] = 0.0
        s[CHOSEN + l] = 0.0


@kernel
def keep_best(s: Any, out: Any) -> None:
    """Raise the best utility so far."""
    utility = row(s, out)
    for l in range(LANES):
        s[BEST + l] = utility[l] if utility[l] > s[BEST + l] else s[BEST + l]


@kernel
def weigh(s: Any, out: Any, worth: Any, sharpness: Any) -> None:
    """From the utility of a signal to its weight, and the weight of all so far."""
    weights, utility = row(s, out), row(s, worth)
    for l in range(LANES):
        weight = choose.choice_weight(utility[l], s[BEST + l], sharpness)
        weights[l] = weight
        s[TOTAL + l] += weight


@kernel
def step_up(s: Any, out: Any, candidate: Any) -> None:
    """One step up the ladder of a logit choice."""
    weights = row(s, out)
    for l in range(LANES):
        weight = weights[l]
        s[CHOSEN + l] = choose.walk(
            s[CHOSEN + l], candidate, weight, s[BEFORE + l], s[DRAW + l] * s[TOTAL + l]
        )
        s[BEFORE + l] += weight


@kernel
def draw_ordinary(s: Any, weights: Any, worth: Any, apart: Any, repertoire: Any, sharpness: Any) -> None:
    """The signal of logit choice, as a place on the ladder, from utilities in rows so far ``apart`` from ``worth`` on."""
    n = 0
    while repertoire[n] >= 0:
        weigh(s, weights + n * LANES, worth + n * apart, sharpness)
        n += 1
    for place in range(n):
        step_up(s, weights + place * LANES, float(repertoire[place]))
