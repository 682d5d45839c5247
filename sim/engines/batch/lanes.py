"""Where the lanes keep their state: one flat buffer, a row of LANES numbers for each quantity.

All rows lie in one array at offsets that are known when the kernels are compiled. The compiler then sees
that a row written is none of the rows read, and works on many lanes with one instruction; with an array a
row it could not tell, and with views it would count references in the innermost loops.

Rows whose place is known only when a kernel runs come last, and are reached by views (:func:`row`, :func:`block`):
the compiler checks before a loop that a view does not overlap the rest.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sim.engines.batch.compiler import kernel
from sim.engines.batch.parameters import MARKS
from sim.schema.signals import FADING, WORLD_EFFECTS

LANES = 64
MOST_ACTORS = 16

SHARED = (
    *FADING,
    "hardship",
    "deaths",
    "tempo",
    "tension",
    "level",
    "demand",
    "tender",
    "offer",
    "ultimatum",
    "called",
    "spoke",
    "bluff",
    "incident",
)

HIDDEN = (
    "own_level",
    "resolve",
    "appetite",
    "posture",
    "commitment",
    "credibility",
    "precedent",
    "mood",
    "fatigue",
    "inconsistency",
    "last_hostility",
    "fear",
    "belief",
    "variance",
    "appetite_belief",
    "appetite_variance",
)
"""What is so of a principal."""

OWN = (*HIDDEN, "volatility", "chance", "tempted")
"""The same, today's draw of its own debate, and how likely it takes which decisive act today."""

ACCOUNT = (
    "alive",
    "outcome",
    "share",
    "peak_level",
    "limited_force",
    "calls",
    "offers",
    "ultimatums",
    "strikes",
    "incidents",
    "hazard",
)

SCRATCH = (
    "reach",
    "draw",
    "second_draw",
    "own_force",
    "rival_force",
    "firm",
    "lever",
    "cost",
    "opening",
    "sure_yield",
    "sure_risk",
    "hope",
    "waiting",
    "waiting_told",
    "winning",
    "trial",
    "aggrieved",
    "best",
    "total",
    "before",
    "chosen",
    "decisive_utility",
    "decisive_act",
    "sent",
    "told",
    "told_mean",
    "told_square",
    "relished",
    "relished_mean",
    "relished_square",
    "through",
    "killed",
    "killed_coercer",
    "killed_target",
    "lost",
    "faded",
    "decided_coercer",
    "decided_target",
    "read_level",
    "most",
    "true_fear_coercer",
    "true_fear_target",
)

_NAMES = (
    *SHARED,
    *(f"{name}.coercer" for name in OWN),
    *(f"{name}.target" for name in OWN),
    *ACCOUNT,
    *SCRATCH,
    *(f"{name}.me" for name in OWN),
    *(f"{name}.rival" for name in OWN),
)

ROW = {name: index * LANES for index, name in enumerate(_NAMES)}
STATE = (
    *SHARED,
    *(f"{name}.coercer" for name in HIDDEN),
    *(f"{name}.target" for name in HIDDEN),
)
"""What the next day depends on, beside what third parties think."""

PRINCIPALS = ROW[f"{OWN[0]}.coercer"]
ME = ROW[f"{OWN[0]}.me"]
RIVAL = ROW[f"{OWN[0]}.rival"]
OWN_SIZE = len(OWN) * LANES
MARKS_SIZE = len(MARKS) * LANES
STANCE = len(ROW) * LANES  # + actor · LANES
MARK_COERCER = STANCE + MOST_ACTORS * LANES  # + mark · LANES
MARK_TARGET = MARK_COERCER + MARKS_SIZE
ADDED = MARK_TARGET + MARKS_SIZE  # + effect · LANES
TAKEN = ADDED + len(WORLD_EFFECTS) * LANES
FREE = TAKEN + len(WORLD_EFFECTS) * LANES


class Places(NamedTuple):
    """Where rows lie of which there is one for each signal.

    yields:  chance that the rival gives way, for each class of signals that share it
    risks:   risk of war, for each class of signals that share it
    weights: weights of a choice, by place in the repertoire
    weighed: of each principal, by place in its repertoire: two rows, utility and ∂U/∂θ
    wars:    of each principal, by place among its decisive acts: two rows, U - W and ∂(U - W)/∂θ; and once more to spare
    signals: how far apart the two are of coercer and target
    """

    yields: int
    risks: int
    weights: int
    weighed: int
    wars: int
    signals: int


def places(signals: int) -> Places:
    """Places for a vocabulary of so many signals."""
    one = (signals + 1) * LANES
    return Places(FREE, FREE + one, FREE + 2 * one, FREE + 3 * one, FREE + 7 * one, 2 * one)


def buffer_size(signals: int) -> int:
    """Length of the buffer of a block."""
    return FREE + 13 * (signals + 1) * LANES


@kernel
def row(s: Any, first: Any) -> Any:
    """The row that begins at ``first``, where that is not known when compiled.

    Indexing the view, rather than ``s[first + lane]``, spares the compiler to reckon with negative indices,
    which would keep the loop from being vectorised.
    """
    return s[first : first + LANES]


@kernel
def two_rows(s: Any, first: Any) -> Any:
    """Two rows, one after the other."""
    return s[first : first + 2 * LANES]


@kernel
def marks_of(s: Any, role: Any) -> Any:
    """What is looked up of the signal that a principal sent, to be read at ``MARK[name] * LANES + lane``."""
    first = MARK_COERCER + role * MARKS_SIZE
    return s[first : first + MARKS_SIZE]


@kernel
def take_part(s: Any, role: Any) -> None:
    """Copy the rows of a principal, and of its rival, to where kernels of both roles find them."""
    first, other = PRINCIPALS + role * OWN_SIZE, PRINCIPALS + (1 - role) * OWN_SIZE
    mine, theirs = s[first : first + OWN_SIZE], s[other : other + OWN_SIZE]
    for i in range(OWN_SIZE):
        s[ME + i] = mine[i]
    for i in range(OWN_SIZE):
        s[RIVAL + i] = theirs[i]


@kernel
def put_back(s: Any, role: Any) -> None:
    """Copy the rows of the principal that took part to where they belong."""
    first = PRINCIPALS + role * OWN_SIZE
    mine = s[first : first + OWN_SIZE]
    for i in range(OWN_SIZE):
        mine[i] = s[ME + i]
