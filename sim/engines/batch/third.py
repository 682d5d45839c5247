"""Choose, in lanes: third parties, which react to events."""

from __future__ import annotations

from typing import Any

from sim.engines.batch.compiler import kernel
from sim.engines.batch.lanes import LANES, ROW, STANCE, row
from sim.engines.batch.logit import apply_needs, draw_ordinary, forget_best, keep_best
from sim.engines.batch.parameters import ReactionNumbers
from sim.rules import choose

HOSTILITY_C, HOSTILITY_T = ROW["last_hostility.coercer"], ROW["last_hostility.target"]
SPOKE, TENSION, FEAR_T = ROW["spoke"], ROW["tension"], ROW["fear.target"]
AGGRIEVED, CHOSEN = ROW["aggrieved"], ROW["chosen"]


@kernel
def reaction_at(t: Any, i: Any) -> Any:
    """What makes one signal worth more to third parties, as a named tuple."""
    return ReactionNumbers(t[i, 0], t[i, 1], t[i, 2], t[i, 3], t[i, 4], t[i, 5], t[i, 6])


@kernel
def bear_grievance(s: Any, actor: Any) -> None:
    """What the side that it is against did yesterday."""
    stance = row(s, STANCE + actor * LANES)
    for l in range(LANES):
        s[AGGRIEVED + l] = choose.grievance(stance[l], s[HOSTILITY_C + l], s[HOSTILITY_T + l])


@kernel
def weigh_reaction(s: Any, out: Any, actor: Any, k: Any, reaction: Any, cost: Any, inclination: Any) -> None:
    """Utility of one signal to a third party."""
    utility, stance = row(s, out), row(s, STANCE + actor * LANES)
    for l in range(LANES):
        utility[l] = choose.third_party_utility(
            k,
            reaction,
            cost,
            inclination,
            stance[l],
            s[AGGRIEVED + l],
            s[SPOKE + l],
            s[TENSION + l],
            s[FEAR_T + l],
        )


@kernel
def choose_third_party(
    s: Any, acts: Any, at: Any, actor: Any, k: Any, reactions: Any, costs: Any, repertoire: Any, inclination: Any,
    needs: Any, least: Any, temperature: Any,
) -> None:  # fmt: skip
    """A third party's signal. Its utilities stand where principals have the chances that a rival gives way."""
    bear_grievance(s, actor)
    forget_best(s)
    n = 0
    while repertoire[n] >= 0:
        a, out = repertoire[n], at.yields + n * LANES
        weigh_reaction(s, out, actor, k, reaction_at(reactions, a), costs[a], inclination[a])
        apply_needs(s, out, needs[a], least[a])
        keep_best(s, out)
        n += 1
    draw_ordinary(s, at.weights, at.yields, LANES, repertoire, 1.0 / temperature)
    for l in range(LANES):
        acts[actor * LANES + l] = int(s[CHOSEN + l])
