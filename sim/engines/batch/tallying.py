"""End and count, in lanes: who has ended, and what the day adds to the tally and to the rows."""

from __future__ import annotations

from typing import Any

from sim.engines.batch.compiler import kernel
from sim.engines.batch.lanes import LANES, MARK_COERCER, MARK_TARGET, ROW, row
from sim.engines.batch.parameters import MARK
from sim.engines.tally import QUANTITIES
from sim.rules import act, end, measure
from sim.schema import outcomes

level_bin, error_bin, fixed_point = measure.level_bin, measure.error_bin, measure.fixed_point
LOSS_OF_CONTROL = outcomes.LOSS_OF_CONTROL
ALIVE, OUTCOME, PEAK, READ_LEVEL = ROW["alive"], ROW["outcome"], ROW["peak_level"], ROW["read_level"]

LIMITED_FORCE, CALLS, OFFERS, ULTIMATUMS = (
    ROW[n] for n in ("limited_force", "calls", "offers", "ultimatums")
)

STRIKES, INCIDENTS, SHARE = ROW["strikes"], ROW["incidents"], ROW["share"]
LEVEL, HARDSHIP, DEATHS = ROW["level"], ROW["hardship"], ROW["deaths"]
LOST, FADED, INCIDENT = ROW["lost"], ROW["faded"], ROW["incident"]
HAZARD = ROW["hazard"]
RESOLVE_C, RESOLVE_T = ROW["resolve.coercer"], ROW["resolve.target"]
BELIEF_C, BELIEF_T = ROW["belief.coercer"], ROW["belief.target"]
DECIDED_C, DECIDED_T = ROW["decided_coercer"], ROW["decided_target"]
MARKED_OUTCOME, MARKED_CALLS, MARKED_STRIKES = (MARK[n] * LANES for n in ("outcome", "calls", "strikes"))

MARKED_FORCE, MARKED_OFFERS, MARKED_ULTIMATUMS = (
    MARK[n] * LANES for n in ("force", "offers", "sets_ultimatum")
)

SUMMED = tuple(ROW[name] for name in QUANTITIES)
N_SUMMED = len(SUMMED)


@kernel
def end_day(s: Any, k: Any) -> None:
    """Outcome of the day in each lane, the level that is read, and what a war by accident costs."""
    for l in range(LANES):
        coercer, target = s[MARK_COERCER + MARKED_OUTCOME + l], s[MARK_TARGET + MARKED_OUTCOME + l]
        s[DECIDED_C + l] = coercer
        s[DECIDED_T + l] = target
        decided = coercer if coercer > 0.0 else target
        outcome = end.outcome_today(decided, s[LOST + l] > 0.0, s[FADED + l] > 0.0)
        lost = outcome == LOSS_OF_CONTROL
        s[DEATHS + l] = act.accumulated(s[DEATHS + l], k.control_deaths if lost else 0.0)
        s[HARDSHIP + l] = act.accumulated(s[HARDSHIP + l], k.control_hardship if lost else 0.0)
        level = end.level_after(s[LEVEL + l], outcome)
        s[READ_LEVEL + l] = level
        s[PEAK + l] = level if level > s[PEAK + l] else s[PEAK + l]
        s[OUTCOME + l] = outcome


@kernel
def count_signals(s: Any) -> None:
    """Add the day's notable signals to what each lane has counted."""
    for l in range(LANES):
        force = (s[MARK_COERCER + MARKED_FORCE + l] > 0.0) | (s[MARK_TARGET + MARKED_FORCE + l] > 0.0)
        s[LIMITED_FORCE + l] = 1.0 if force else s[LIMITED_FORCE + l]
        s[CALLS + l] += s[MARK_COERCER + MARKED_CALLS + l] + s[MARK_TARGET + MARKED_CALLS + l]
        s[OFFERS + l] += s[MARK_COERCER + MARKED_OFFERS + l]
        s[ULTIMATUMS + l] += s[MARK_COERCER + MARKED_ULTIMATUMS + l]
        s[STRIKES + l] += s[MARK_COERCER + MARKED_STRIKES + l] + s[MARK_TARGET + MARKED_STRIKES + l]
        s[INCIDENTS + l] += s[INCIDENT + l]


@kernel
def sum_quantity(s: Any, first: Any) -> Any:
    """Sum of a row over the lanes still going, in 65536ths."""
    total, quantity = 0, row(s, first)
    for l in range(LANES):
        total += fixed_point(quantity[l]) if s[ALIVE + l] > 0.0 else 0
    return total


@kernel
def count_day(
    s: Any,
    acts: Any,
    day: Any,
    in_seat_order: Any,
    ongoing: Any,
    level: Any,
    error: Any,
    signals: Any,
    sums: Any,
) -> None:
    """Add the day to the tally, for the lanes that were still going when it began."""
    for l in range(LANES):
        if s[ALIVE + l] > 0.0:
            ongoing[day] += 1
            level[day, level_bin(s[READ_LEVEL + l])] += 1
            error[0, day, error_bin(s[BELIEF_C + l] - s[RESOLVE_T + l])] += 1
            error[1, day, error_bin(s[BELIEF_T + l] - s[RESOLVE_C + l])] += 1
    for place in range(in_seat_order.shape[0]):
        first = in_seat_order[place] * LANES
        for l in range(LANES):
            if s[ALIVE + l] > 0.0:
                signals[day, place, acts[first + l]] += 1
    for q in range(N_SUMMED):
        sums[day, q] += sum_quantity(s, SUMMED[q])


@kernel
def close_rows(
    s: Any,
    day: Any,
    last: Any,
    rows: Any,
    place_coercer: Any,
    place_target: Any,
    whole: Any,
    real: Any,
    ended: Any,
) -> Any:
    """Fill in the rows of runs that end today; returns how many lanes are still going.

    ``whole`` has outcome, end day, ended by, limited force and five counts; ``real`` the nine measures.
    """
    alive = 0
    for l in range(LANES):
        if s[ALIVE + l] > 0.0:
            outcome = int(s[OUTCOME + l])
            early = outcome > 0
            if early or last:
                r = rows[l]
                whole[0, r] = outcome
                whole[1, r] = day if early else -1
                whole[2, r] = (
                    place_coercer
                    if s[DECIDED_C + l] > 0.0
                    else place_target
                    if s[DECIDED_T + l] > 0.0
                    else -1
                )
                whole[3, r] = int(s[LIMITED_FORCE + l])
                whole[4, r] = int(s[CALLS + l])
                whole[5, r] = int(s[OFFERS + l])
                whole[6, r] = int(s[ULTIMATUMS + l])
                whole[7, r] = int(s[STRIKES + l])
                whole[8, r] = int(s[INCIDENTS + l])
                real[0, r] = s[PEAK + l]
                real[1, r] = s[DEATHS + l]
                real[2, r] = s[HARDSHIP + l]
                real[3, r] = s[RESOLVE_C + l]
                real[4, r] = s[RESOLVE_T + l]
                real[5, r] = s[BELIEF_C + l] - s[RESOLVE_T + l]
                real[6, r] = s[BELIEF_T + l] - s[RESOLVE_C + l]
                real[7, r] = s[HAZARD + l]
                real[8, r] = s[SHARE + l]
                s[ALIVE + l] = 0.0
                if early:
                    ended[day, outcome] += 1
            else:
                alive += 1
    return alive
