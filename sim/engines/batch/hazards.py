"""How likely war was today, in lanes; and how likely it would have been to someone who saw truly."""

from __future__ import annotations

from typing import Any

from sim.engines.batch.compiler import kernel
from sim.engines.batch.inference import ASSAULT
from sim.engines.batch.lanes import LANES, MARK_COERCER, MARK_TARGET, OWN_SIZE, ROW, row
from sim.engines.batch.parameters import MARK
from sim.rules import chance, choose, end, infer
from sim.schema import outcomes

ALIVE, HAZARD, TENSION = ROW["alive"], ROW["hazard"], ROW["tension"]
POSTURE_C, POSTURE_T = ROW["posture.coercer"], ROW["posture.target"]
CHANCE_C, CHANCE_T = ROW["chance.coercer"], ROW["chance.target"]
TEMPTED_C, TEMPTED_T = ROW["tempted.coercer"], ROW["tempted.target"]
BELIEF, VARIANCE, FEAR = ROW["belief.me"], ROW["variance.me"], ROW["fear.me"]
CHANCE, TEMPTED, RIVAL_RESOLVE = ROW["chance.me"], ROW["tempted.me"], ROW["resolve.rival"]
TRUE_FEAR, MOST = ROW["true_fear_coercer"], ROW["most"]  # the target's row follows
OUTCOME, PRECEDENCE = MARK["outcome"], MARK["precedence"]
MARKED_OUTCOME = OUTCOME * LANES
FIRST_WAR = outcomes.FIRST_WAR
IMPOSSIBLE = choose.IMPOSSIBLE


@kernel
def weigh_war(s: Any, marks: Any) -> None:
    """Add to each lane's hazard the chance that its principals bring war today."""
    for l in range(LANES):
        coercer, target = int(s[TEMPTED_C + l]), int(s[TEMPTED_T + l])
        coercer_fights = marks[0, OUTCOME, coercer] >= FIRST_WAR
        target_fights = marks[1, OUTCOME, target] >= FIRST_WAR
        first = marks[0, PRECEDENCE, coercer] <= marks[1, PRECEDENCE, target]
        s[HAZARD + l] += end.war_chance(
            s[CHANCE_C + l], s[CHANCE_T + l], coercer_fights, target_fights, first
        )


@kernel
def weigh_control(s: Any, k: Any, world: Any, coercer: Any, target: Any) -> None:
    """Add to each lane's hazard the chance that control is lost today; none on a day with a decisive act."""
    for l in range(LANES):
        decided = (s[MARK_COERCER + MARKED_OUTCOME + l] > 0.0) | (s[MARK_TARGET + MARKED_OUTCOME + l] > 0.0)
        force, rival = choose.force(coercer, s[POSTURE_C + l]), choose.force(target, s[POSTURE_T + l])
        control = chance.control_chance(k, world.loss_of_control, s[TENSION + l], force, rival)
        s[HAZARD + l] += 0.0 if decided else control


@kernel
def someone_fights(s: Any, acts: Any, marks: Any) -> Any:
    """Whether a principal starts a war today in any lane that is still going."""
    for l in range(LANES):
        fights = marks[0, OUTCOME, acts[l]] >= FIRST_WAR or marks[1, OUTCOME, acts[LANES + l]] >= FIRST_WAR
        if s[ALIVE + l] > 0.0 and fights:
            return True
    return False


@kernel
def note_chances(s: Any, acts: Any, marks: Any, out: Any, rows: Any) -> None:
    """Of each war that a principal starts today, the chance that it would: ``out[0]`` as it saw its rival."""
    for l in range(LANES):
        if s[ALIVE + l] > 0.0:
            if marks[0, OUTCOME, acts[l]] >= FIRST_WAR:
                out[0, rows[l]] = s[CHANCE_C + l]
            elif marks[1, OUTCOME, acts[LANES + l]] >= FIRST_WAR:
                out[0, rows[l]] = s[CHANCE_T + l]


@kernel
def note_true_chances(s: Any, acts: Any, marks: Any, role: Any, out: Any, rows: Any) -> None:
    """The same chances, ``out[1]``, of one principal, after it has chosen again as it would had it seen truly."""
    for l in range(LANES):
        fights = marks[role, OUTCOME, acts[role * LANES + l]] >= FIRST_WAR
        if fights and s[ALIVE + l] > 0.0:
            war = marks[role, OUTCOME, int(s[TEMPTED + l])] >= FIRST_WAR
            out[1, rows[l]] = s[CHANCE + l] if war else 0.0


@kernel
def note_urges(s: Any, marks: Any, out: Any, rows: Any) -> None:
    """Chance that each principal starts a war today as it sees its rival: added to ``out[role, 0]``."""
    for role in range(2):
        for l in range(LANES):
            war = marks[role, OUTCOME, int(s[TEMPTED_C + role * OWN_SIZE + l])] >= FIRST_WAR
            if war and s[ALIVE + l] > 0.0:
                out[role, 0, rows[l]] += s[CHANCE_C + role * OWN_SIZE + l]


@kernel
def note_errors(s: Any, marks: Any, role: Any, out: Any, rows: Any) -> None:
    """What error added to a principal's chance of war today, or took off, after it has chosen again seeing truly."""
    for l in range(LANES):
        here = role * OWN_SIZE + l
        tempted = marks[role, OUTCOME, int(s[TEMPTED_C + here])] >= FIRST_WAR
        truly = marks[role, OUTCOME, int(s[TEMPTED + l])] >= FIRST_WAR
        more = (s[CHANCE_C + here] if tempted else 0.0) - (s[CHANCE + l] if truly else 0.0)
        if s[ALIVE + l] > 0.0:
            out[role, 1, rows[l]] += more if more > 0.0 else 0.0
            out[role, 2, rows[l]] += 0.0 if more > 0.0 else -more


@kernel
def note_menace(s: Any, wars: Any, role: Any, k: Any, days: Any, decisive: Any, decision: Any) -> None:
    """Chance that a principal goes to war, on its own numbers of this morning: what its rival should fear."""
    for l in range(LANES):
        s[MOST + l] = IMPOSSIBLE
    n = 0
    while decisive[n] >= 0:
        if decision[decisive[n]] >= ASSAULT:
            advantage = row(s, wars + 2 * n * LANES)
            for l in range(LANES):
                s[MOST + l] = advantage[l] if advantage[l] > s[MOST + l] else s[MOST + l]
        n += 1
    feared = row(s, TRUE_FEAR + (1 - role) * LANES)
    for l in range(LANES):
        feared[l] = infer.fear(k.rate, days, s[MOST + l], 1.0 / k.temperature)


@kernel
def see_truly(s: Any, role: Any) -> None:
    """Let a principal know its rival's resolve and how likely it goes to war, until it is put in its place again."""
    feared = row(s, TRUE_FEAR + role * LANES)
    for l in range(LANES):
        s[BELIEF + l] = s[RIVAL_RESOLVE + l]
        s[VARIANCE + l] = 0.0
        s[FEAR + l] = feared[l]
