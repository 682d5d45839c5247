"""Luck with an address: every draw is a pure function of where in the crisis it is made.

Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011): key = seed, counter = (run, run, day and seat,
purpose, object and branch). Two runs that differ in an assumption share all their luck, because a draw
does not depend on how many were made before it.
"""

from __future__ import annotations

import math

from sim.rules import rule
from sim.rules.portable import cos_sin_turn, exp_neg, log_unit

# What a draw is for. Published numbers: a new purpose takes a new one, none is ever used again.
START = 0  # (own level of resolve, error of the first belief about the rival's)
CHOOSE = 1  # (ordinary signal, decisive act)
DEATHS = 2  # (killed by the day's strike, unused)
# 3 and 4 were settlement, incident, loss of control and leak of the first model
PERCEIVE = 5  # (what is made up about the rival's resolve, the observer's own volatility)
APPETITE = 6  # on day 0 only: (own appetite, error of the first belief about the rival's)
INTENT = 7  # (what is made up about the rival's appetite, unused)
INCIDENT = 8  # (incident, unused)
ENDING = 9  # (loss of control, fading)

FIRST_DAY = (
    START,
    APPETITE,
)  # purposes of day 0's start, which are of the run's own luck whatever it goes over to

NOBODY = 0  # the seat of draws that belong to no actor; their purposes have no others
TRUNK = 0  # the branch of an ordinary run

MASK = 0xFFFFFFFF
MOST_DEATHS = 250.0


@rule
def philox(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> tuple[int, int, int, int]:
    """Four random 32-bit words from a counter of four and a key of two (Philox4x32-10).

    Masks after each shift keep compiled 64-bit arithmetic, which wraps, equal to Python's, which does not.
    """
    for _ in range(10):
        p = 0xD2511F53 * c0
        q = 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (
            ((q >> 32) & MASK) ^ c1 ^ k0,
            q & MASK,
            ((p >> 32) & MASK) ^ c3 ^ k1,
            p & MASK,
        )
        k0 = (k0 + 0x9E3779B9) & MASK
        k1 = (k1 + 0xBB67AE85) & MASK
    return c0, c1, c2, c3


@rule
def unit(high: int, low: int) -> float:
    """A number strictly between 0 and 1 from two 32-bit words: the middle of one of 2⁵² cells."""
    return ((high >> 6) * 67108864 + (low >> 6) + 0.5) * 2.220446049250313e-16


@rule
def uniforms(
    seed: int, run: int, day: int, seat: int, purpose: int, object_: int, branch: int
) -> tuple[float, float]:
    """Two independent uniform draws in (0, 1) for one address."""
    a, b, c, d = philox(
        run & MASK,
        (run >> 32) & MASK,
        day * 256 + seat,
        purpose + 256 * object_ + 65536 * branch,
        seed & MASK,
        (seed >> 32) & MASK,
    )
    return unit(a, b), unit(c, d)


@rule
def normals(
    seed: int, run: int, day: int, seat: int, purpose: int, object_: int, branch: int
) -> tuple[float, float]:
    """Two independent standard normal draws for one address (Box & Muller 1958)."""
    u, turn = uniforms(seed, run, day, seat, purpose, object_, branch)
    radius = math.sqrt(-2.0 * log_unit(u))
    cosine, sine = cos_sin_turn(turn)
    return radius * cosine, radius * sine


@rule
def poisson(mean: float, u: float) -> float:
    """A Poisson draw [count] with the given mean (at most 50) by inversion of one uniform draw."""
    count = 0.0
    mass = exp_neg(-mean)
    below = mass
    while below <= u and count < MOST_DEATHS:
        count += 1.0
        mass = mass * mean / count
        below += mass
    return count
