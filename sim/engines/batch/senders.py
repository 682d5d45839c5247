"""Act, in lanes: what principals sent changes themselves."""

from __future__ import annotations

from typing import Any

from sim.engines.batch.compiler import kernel
from sim.engines.batch.lanes import LANES, ROW, marks_of, put_back, take_part
from sim.engines.batch.parameters import MARK
from sim.rules import act

POSTURE_ROW, COMMITMENT_ROW, CREDIBILITY, PRECEDENT, FATIGUE, INCONSISTENCY, LAST = (
    ROW[f"{name}.me"]
    for name in (
        "posture", "commitment", "credibility", "precedent", "fatigue", "inconsistency", "last_hostility"
    )
)  # fmt: skip
BLUFF, CREDIBILITY_C, COMMITMENT_C = ROW["bluff"], ROW["credibility.coercer"], ROW["commitment.coercer"]
HOSTILITY, RUNG, PUBLIC, POSTURE, COMMITMENT, FORCE, CONCEDES = (
    MARK[n] * LANES for n in ("hostility", "rung", "public", "posture", "commitment", "force", "concedes")
)


@kernel
def send(s: Any, role: Any, kept: Any, conduct: Any, me: Any) -> None:
    """Let today's signal change its sender."""
    marks = marks_of(s, role)
    for l in range(LANES):
        commitment, staked = s[COMMITMENT_ROW + l], marks[COMMITMENT + l]
        s[POSTURE_ROW + l] = act.deployed(s[POSTURE_ROW + l], marks[POSTURE + l], kept.posture, me.posture)
        s[CREDIBILITY + l] = act.credible(
            conduct,
            s[CREDIBILITY + l],
            commitment,
            staked,
            marks[PUBLIC + l] > 0.0,
            marks[FORCE + l] > 0.0,
            kept.credibility,
            me.credibility,
        )
        s[COMMITMENT_ROW + l] = act.staked(commitment, staked, kept.commitment)
    for l in range(LANES):
        hostility = marks[HOSTILITY + l]
        s[PRECEDENT + l] = act.crossed(s[PRECEDENT + l], marks[RUNG + l], kept.precedent)
        s[INCONSISTENCY + l] = act.contradicted(
            s[INCONSISTENCY + l], hostility, s[LAST + l], kept.inconsistency
        )
        s[LAST + l] = hostility


@kernel
def tire(s: Any, rival: Any, k: Any) -> None:
    """A day more of the crisis, and whether the rival gave something."""
    marks = marks_of(s, rival)
    for l in range(LANES):
        s[FATIGUE + l] = act.tired(k, s[FATIGUE + l], marks[CONCEDES + l] > 0.0)


@kernel
def lapse(s: Any, k: Any) -> None:
    """What an ultimatum that lapses costs the coercer."""
    for l in range(LANES):
        lapses = s[BLUFF + l] > 0.0
        credibility, commitment = s[CREDIBILITY_C + l], s[COMMITMENT_C + l]
        s[CREDIBILITY_C + l] = credibility * k.bluff_credibility if lapses else credibility
        s[COMMITMENT_C + l] = commitment * k.bluff_commitment if lapses else commitment


@kernel
def change_senders(s: Any, kept: Any, conduct: Any, going: Any, me: Any) -> None:
    """Both principals after what they sent."""
    for role in range(2):
        take_part(s, role)
        send(s, role, kept, conduct, me[role])
        tire(s, 1 - role, going)
        put_back(s, role)
    lapse(s, conduct)
