"""From utilities to a signal, in lanes: needs, the best, logit choice up the ladder, decisive acts."""

from __future__ import annotations

from typing import Any

from sim.engines.batch.compiler import kernel
from sim.engines.batch.lanes import LANES, ROW, WEIGHT, row
from sim.rules import choose

IMPOSSIBLE = choose.IMPOSSIBLE
DRAW, SECOND_DRAW = ROW["draw"], ROW["second_draw"]
BEST, TOTAL, BEFORE, CHOSEN, TRIAL = (ROW[n] for n in ("best", "total", "before", "chosen", "trial"))
DECISIVE_UTILITY, DECISIVE_ACT = ROW["decisive_utility"], ROW["decisive_act"]
CHANCE, TEMPTED = ROW["chance_coercer"], ROW["tempted_coercer"]  # the target's rows follow


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
def keep_best(s: Any, out: Any) -> None:
    """Raise the best utility so far."""
    utility = row(s, out)
    for l in range(LANES):
        s[BEST + l] = utility[l] if utility[l] > s[BEST + l] else s[BEST + l]


@kernel
def weigh(s: Any, out: Any, sharpness: Any) -> None:
    """From utilities to weights, and their total."""
    weights = row(s, out)
    for l in range(LANES):
        weight = choose.choice_weight(weights[l], s[BEST + l], sharpness)
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
def forget_best(s: Any) -> None:
    """Begin a choice."""
    for l in range(LANES):
        s[BEST + l] = IMPOSSIBLE
        s[DECISIVE_UTILITY + l] = IMPOSSIBLE
        s[DECISIVE_ACT + l] = 0.0
        s[TOTAL + l] = 0.0
        s[BEFORE + l] = 0.0
        s[CHOSEN + l] = 0.0


@kernel
def draw_ordinary(s: Any, repertoire: Any, sharpness: Any) -> None:
    """The signal of logit choice in each lane, as a place on the ladder, from the utilities in the weight rows."""
    n = 0
    while repertoire[n] >= 0:
        weigh(s, WEIGHT + n * LANES, sharpness)
        n += 1
    for place in range(n):
        step_up(s, WEIGHT + place * LANES, float(repertoire[place]))


@kernel
def keep_decisive(s: Any, act: Any) -> None:
    """Keep the decisive act if it is the best so far."""
    for l in range(LANES):
        better = s[TRIAL + l] > s[DECISIVE_UTILITY + l]
        s[DECISIVE_ACT + l] = act if better else s[DECISIVE_ACT + l]
        s[DECISIVE_UTILITY + l] = s[TRIAL + l] if better else s[DECISIVE_UTILITY + l]


@kernel
def settle_choice(s: Any, acts: Any, actor: Any, rate: Any, sharpness: Any) -> None:
    """Each lane's signal of a principal: the decisive act if it is taken up, else the ordinary one."""
    chances, tempted = row(s, CHANCE + actor * LANES), row(s, TEMPTED + actor * LANES)
    for l in range(LANES):
        chance = choose.decisive_chance(rate, s[DECISIVE_UTILITY + l], s[BEST + l], sharpness)
        chances[l] = chance
        tempted[l] = s[DECISIVE_ACT + l]
        act = s[DECISIVE_ACT + l] if s[SECOND_DRAW + l] < chance else s[CHOSEN + l]
        acts[actor * LANES + l] = int(act)
