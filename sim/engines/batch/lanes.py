"""Where the lanes keep their state: one flat buffer, a row of LANES numbers for each quantity.

All rows lie in one array at offsets that are known when the kernels are compiled. The compiler then sees
that a row written is none of the rows read, and works on many lanes with one instruction; with an array a
row it could not tell, and with views it would count references in the innermost loops.
"""

from __future__ import annotations

from typing import Any

from sim.engines.batch.compiler import kernel
from sim.schema.signals import FADING

LANES = 64
MOST_ACTORS = 16


def _rows(names: tuple[str, ...], first: int) -> dict[str, int]:
    return {name: (first + index) * LANES for index, name in enumerate(names)}


SHARED = (
    *FADING,
    "hardship",
    "deaths",
    "tempo",
    "level",
    "offer",
    "ultimatum",
    "called",
    "coercer_conceded",
    "target_conceded",
    "bluff",
    "incident",
    "leak",
)

OWN = ("resolve", "own_level", "posture", "commitment", "inconsistency", "last_hostility")
STATE = (*SHARED, *(f"{name}.coercer" for name in OWN), *(f"{name}.target" for name in OWN))

ACCOUNT = (
    "alive",
    "outcome",
    "peak_level",
    "limited_force",
    "calls",
    "offers",
    "ultimatums",
    "strikes",
    "incidents",
    "leaks",
    "hazard",
)

SCRATCH = (
    "draw",
    "second_draw",
    "alarm",
    "sure_yield",
    "sure_risk",
    "leverage",
    "bare",
    "dread",
    "opening",
    "alert",
    "stake",
    "risk",
    "best",
    "total",
    "before",
    "chosen",
    "trial",
    "decisive_utility",
    "decisive_act",
    "chance_coercer",
    "chance_target",
    "tempted_coercer",
    "tempted_target",
    "settled",
    "lost",
    "killed",
    "decided_coercer",
    "decided_target",
    "own_draw_coercer",
    "own_draw_target",
    "seen_kind",
    "seen_hostility",
    "read_level",
    "seen_belief_c",
    "seen_belief_t",
    "seen_variance_c",
    "seen_variance_t",
)

ROW = _rows((*STATE, *ACCOUNT, *SCRATCH), 0)
_FIRST_ACTOR_ROW = len(ROW)
BELIEF = _FIRST_ACTOR_ROW * LANES  # + actor · LANES
VARIANCE = BELIEF + MOST_ACTORS * LANES
MARK_COERCER = VARIANCE + MOST_ACTORS * LANES  # + mark · LANES
MARK_TARGET = MARK_COERCER + 16 * LANES
ADDED = MARK_TARGET + 16 * LANES  # + effect · LANES
WEIGHT = ADDED + 16 * LANES  # + place in the repertoire · LANES


def buffer_size(signals: int) -> int:
    """Length of the buffer of a block."""
    return WEIGHT + (signals + 1) * LANES


@kernel
def row(s: Any, first: Any) -> Any:
    """The row that begins at ``first``, where that is not known when compiled.

    Indexing the view, rather than ``s[first + lane]``, spares the compiler to reckon with negative indices,
    which would keep the loop from being vectorised.
    """
    return s[first : first + LANES]
