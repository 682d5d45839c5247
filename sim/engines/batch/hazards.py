"""How likely war was today, in lanes; and how likely it would have been to someone who saw truly."""

from __future__ import annotations

from typing import Any

from sim.engines.batch.compiler import kernel
from sim.engines.batch.lanes import BELIEF, LANES, MARK_COERCER, MARK_TARGET, ROW, VARIANCE
from sim.engines.batch.parameters import MARK
from sim.rules import chance, end
from sim.schema import outcomes

ALIVE, HAZARD, PROGRESS, LEVEL = ROW["alive"], ROW["hazard"], ROW["progress"], ROW["level"]
CHANCE_C, CHANCE_T = ROW["chance_coercer"], ROW["chance_target"]
TEMPTED_C, TEMPTED_T = ROW["tempted_coercer"], ROW["tempted_target"]
RESOLVE_C, RESOLVE_T = ROW["resolve.coercer"], ROW["resolve.target"]
BELIEF_C, BELIEF_T = BELIEF, BELIEF + LANES
VARIANCE_C, VARIANCE_T = VARIANCE, VARIANCE + LANES
SEEN = tuple(ROW[f"seen_{name}"] for name in ("belief_c", "belief_t", "variance_c", "variance_t"))
OUTCOME, PRECEDENCE = MARK["outcome"], MARK["precedence"]
MARKED_OUTCOME = OUTCOME * LANES
FIRST_WAR = outcomes.FIRST_WAR


@kernel
def weigh_war(s: Any, marks: Any) -> None:
    """Add to each lane's hazard the chance that its principals bring war today."""
    for l in range(LANES):
        coercer, target = int(s[TEMPTED_C + l]), int(s[TEMPTED_T + l])
        fights = marks[1, OUTCOME, target] >= FIRST_WAR
        first = marks[0, PRECEDENCE, coercer] <= marks[1, PRECEDENCE, target]
        s[HAZARD + l] += end.war_chance(s[CHANCE_C + l], s[CHANCE_T + l], fights, first)


@kernel
def weigh_control(s: Any, k: Any, world: Any) -> None:
    """Add to each lane's hazard the chance that control is lost today; none on a day with a decisive act."""
    for l in range(LANES):
        decided = (s[MARK_COERCER + MARKED_OUTCOME + l] > 0.0) | (s[MARK_TARGET + MARKED_OUTCOME + l] > 0.0)
        settlement = chance.settlement_chance(world.settlement_rate, s[PROGRESS + l])
        control = chance.control_chance(k, world.loss_of_control, s[LEVEL + l])
        s[HAZARD + l] += 0.0 if decided else end.control_lost_chance(settlement, control)


@kernel
def someone_fights(s: Any, acts: Any, marks: Any) -> Any:
    """Whether a principal starts a war today in any lane that is still going."""
    for l in range(LANES):
        fights = marks[0, OUTCOME, acts[l]] >= FIRST_WAR or marks[1, OUTCOME, acts[LANES + l]] >= FIRST_WAR
        if s[ALIVE + l] > 0.0 and fights:
            return True
    return False


@kernel
def note_chances(s: Any, acts: Any, marks: Any, out: Any, row: Any) -> None:
    """Of each war that a principal starts today, the chance that it would: ``out[0]`` as it saw its rival."""
    for l in range(LANES):
        if s[ALIVE + l] > 0.0 and row + l < out.shape[1]:
            if marks[0, OUTCOME, acts[l]] >= FIRST_WAR:
                out[0, row + l] = s[CHANCE_C + l]
            elif marks[1, OUTCOME, acts[LANES + l]] >= FIRST_WAR:
                out[0, row + l] = s[CHANCE_T + l]


@kernel
def note_true_chances(s: Any, acts: Any, marks: Any, out: Any, row: Any) -> None:
    """The same chances, ``out[1]``, after principals have chosen again as they would had they seen truly."""
    for l in range(LANES):
        if s[ALIVE + l] > 0.0 and row + l < out.shape[1]:
            if marks[0, OUTCOME, acts[l]] >= FIRST_WAR:
                war = marks[0, OUTCOME, int(s[TEMPTED_C + l])] >= FIRST_WAR
                out[1, row + l] = s[CHANCE_C + l] if war else 0.0
            elif marks[1, OUTCOME, acts[LANES + l]] >= FIRST_WAR:
                war = marks[1, OUTCOME, int(s[TEMPTED_T + l])] >= FIRST_WAR
                out[1, row + l] = s[CHANCE_T + l] if war else 0.0


@kernel
def see_truly(s: Any) -> None:
    """Lay aside what principals believe, and let them know each other's resolve."""
    for l in range(LANES):
        s[SEEN[0] + l], s[SEEN[1] + l] = s[BELIEF_C + l], s[BELIEF_T + l]
        s[SEEN[2] + l], s[SEEN[3] + l] = s[VARIANCE_C + l], s[VARIANCE_T + l]
        s[BELIEF_C + l], s[BELIEF_T + l] = s[RESOLVE_T + l], s[RESOLVE_C + l]
        s[VARIANCE_C + l], s[VARIANCE_T + l] = 0.0, 0.0


@kernel
def see_again(s: Any) -> None:
    """Take up again what principals believe."""
    for l in range(LANES):
        s[BELIEF_C + l], s[BELIEF_T + l] = s[SEEN[0] + l], s[SEEN[1] + l]
        s[VARIANCE_C + l], s[VARIANCE_T + l] = s[SEEN[2] + l], s[SEEN[3] + l]
