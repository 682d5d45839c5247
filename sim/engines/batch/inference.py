"""Perceive, in lanes: what the day's signal says of its sender, and what its wars are to be feared for."""

from __future__ import annotations

from typing import Any

from sim.engines.batch.compiler import kernel
from sim.engines.batch.lanes import LANES, ROW, row, two_rows
from sim.engines.batch.parameters import DECISIONS, SignalNumbers
from sim.rules import choose, infer

IMPOSSIBLE = choose.IMPOSSIBLE
ASSAULT = DECISIONS.index("assault")
BELIEF, APPETITE_BELIEF, FEAR = ROW["belief.me"], ROW["appetite_belief.me"], ROW["fear.me"]
RIVAL_RESOLVE, RIVAL_APPETITE = ROW["resolve.rival"], ROW["appetite.rival"]
BEST, TOTAL, MOST, SENT = ROW["best"], ROW["total"], ROW["most"], ROW["sent"]
TOLD, TOLD_MEAN, TOLD_SQUARE = ROW["told"], ROW["told_mean"], ROW["told_square"]
RELISHED, RELISHED_MEAN, RELISHED_SQUARE = ROW["relished"], ROW["relished_mean"], ROW["relished_square"]
RELISH = SignalNumbers._fields.index("relished")


@kernel
def expect_nothing(s: Any, acts: Any, sender: Any) -> None:
    """Begin: what was sent, and no expectation of it."""
    for l in range(LANES):
        s[SENT + l] = float(acts[sender * LANES + l])
        s[BEST + l] = IMPOSSIBLE
        s[TOTAL + l] = 0.0
        s[TOLD + l] = 0.0
        s[TOLD_MEAN + l] = 0.0
        s[TOLD_SQUARE + l] = 0.0
        s[RELISHED + l] = 0.0
        s[RELISHED_MEAN + l] = 0.0
        s[RELISHED_SQUARE + l] = 0.0


@kernel
def imagine(s: Any, out: Any, first: Any, relished: Any) -> None:
    """Utility of a signal to the sender as it is believed to be, and the best so far."""
    believed, weighed = row(s, out), two_rows(s, first)
    for l in range(LANES):
        gap = s[BELIEF + l] - s[RIVAL_RESOLVE + l]
        appetite_gap = s[APPETITE_BELIEF + l] - s[RIVAL_APPETITE + l]
        utility = infer.as_believed(weighed[l], weighed[LANES + l], relished, gap, appetite_gap)
        believed[l] = utility
        s[BEST + l] = utility if utility > s[BEST + l] else s[BEST + l]


@kernel
def expect(s: Any, out: Any, first: Any, relished: Any, sharpness: Any) -> None:
    """Add a signal to what is expected, by its weight in the choice of the sender as it is believed to be."""
    believed, weighed = row(s, out), two_rows(s, first)
    for l in range(LANES):
        told = weighed[LANES + l]
        weight = choose.choice_weight(believed[l], s[BEST + l], sharpness)
        s[TOTAL + l] += weight
        s[TOLD_MEAN + l] += weight * told
        s[TOLD_SQUARE + l] += weight * told * told
        s[RELISHED_MEAN + l] += weight * relished
        s[RELISHED_SQUARE + l] += weight * relished * relished


@kernel
def read_sent(s: Any, first: Any, signal: Any, relished: Any) -> None:
    """What a signal says, in the lanes in which it was sent."""
    weighed = two_rows(s, first)
    for l in range(LANES):
        sent = s[SENT + l] == signal
        s[TOLD + l] = weighed[LANES + l] if sent else s[TOLD + l]
        s[RELISHED + l] = relished if sent else s[RELISHED + l]


@kernel
def expect_signals(
    s: Any, acts: Any, at: Any, sender: Any, signals: Any, repertoire: Any, forced: Any, sharpness: Any
) -> None:
    """What was sent, and what a sender as it is believed to be would have sent."""
    first, n = at.weighed + sender * at.signals, 0
    expect_nothing(s, acts, sender)
    while repertoire[n] >= 0:
        imagine(s, at.weights + n * LANES, first + 2 * n * LANES, signals[repertoire[n], RELISH])
        n += 1
    for place in range(n):
        a, weighed = repertoire[place], first + 2 * place * LANES
        expect(s, at.weights + place * LANES, weighed, signals[a, RELISH], sharpness)
        read_sent(s, weighed, float(a), signals[a, RELISH])
    m = 0
    while forced[m] >= 0:
        read_sent(s, first + 2 * (n + m) * LANES, float(forced[m]), signals[forced[m], RELISH])
        m += 1


@kernel
def fear_war(s: Any, first: Any, rate: Any, days: Any, sharpness: Any, decisive: Any, decision: Any) -> None:
    """From what is believed this evening: how likely the rival goes to war. Its wars are in rows from ``first`` on."""
    for l in range(LANES):
        s[MOST + l] = IMPOSSIBLE
    n = 0
    while decisive[n] >= 0:
        if decision[decisive[n]] >= ASSAULT:
            fear_act(s, first + 2 * n * LANES)
        n += 1
    for l in range(LANES):
        s[FEAR + l] = infer.fear(rate, days, s[MOST + l], sharpness)


@kernel
def fear_act(s: Any, first: Any) -> None:
    """The most tempting war so far to the rival as it is believed to be."""
    war = two_rows(s, first)
    for l in range(LANES):
        gap = s[BELIEF + l] - s[RIVAL_RESOLVE + l]
        appetite_gap = s[APPETITE_BELIEF + l] - s[RIVAL_APPETITE + l]
        advantage = infer.advantage_as_believed(war[l], war[LANES + l], gap, appetite_gap)
        s[MOST + l] = advantage if advantage > s[MOST + l] else s[MOST + l]
