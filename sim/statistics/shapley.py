"""Shapley: who brought about how much, when players act together, in whole numbers.

A game of n players is given by what each of the 2ⁿ coalitions is worth. Coalition number c holds player i where
bit i of c is 1: 0 is the empty coalition, 2ⁿ - 1 the full one. Games stand side by side in columns, one a run.

All weights are fractions with one denominator, so what is said here is n! (or (n-1)!) times the index, exactly.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
MOST_PLAYERS = 6


def pairs(players: int) -> tuple[tuple[int, int], ...]:
    """All pairs of players, in the order of :func:`interactions`."""
    return tuple(combinations(range(players), 2))


def shapley_values(worth: NDArray[Any]) -> Whole:
    """n! times the Shapley (1953) value of each player, (n, runs), of whole-number ``worth`` (2ⁿ, runs).

    φᵢ = Σ |S|! (n-|S|-1)!/n! (v(S∪i) - v(S)) over the coalitions S without i: what i adds, averaged over all
    orders in which players may join. In each run the values add up to v(all) - v(none), which is checked.
    """
    worth, players = _checked(worth)
    values: Whole = value_weights(players) @ worth
    whole = factorial(players) * (worth[-1] - worth[0])
    assert np.array_equal(values.sum(axis=0), whole), "Shapley values do not add up"
    return values


def interactions(worth: NDArray[Any]) -> Whole:
    """(n-1)! times the Shapley interaction index of each pair of players, (pairs, runs), of ``worth`` (2ⁿ, runs).

    Iᵢⱼ = Σ |S|! (n-|S|-2)!/(n-1)! (v(S∪ij) - v(S∪i) - v(S∪j) + v(S)) over the coalitions S without i and j
    (Grabisch & Roubens 1999): above 0 where the two do more together than apart, below where they stand in for
    each other.
    """
    worth, players = _checked(worth)
    return pair_weights(players) @ worth


@cache
def value_weights(players: int) -> Whole:
    """The matrix (n, 2ⁿ) that makes n! times the values of what coalitions are worth."""
    weights = np.zeros((players, 2**players), np.int64)
    for player in range(players):
        for coalition in _without(players, player):
            size = coalition.bit_count()
            weight = factorial(size) * factorial(players - size - 1)
            weights[player, coalition | 1 << player] += weight
            weights[player, coalition] -= weight
    return weights


@cache
def pair_weights(players: int) -> Whole:
    """The matrix (pairs, 2ⁿ) that makes (n-1)! times the interactions of what coalitions are worth."""
    weights = np.zeros((len(pairs(players)), 2**players), np.int64)
    for row, (one, other) in enumerate(pairs(players)):
        for coalition in _without(players, one, other):
            size = coalition.bit_count()
            weight = factorial(size) * factorial(players - size - 2)
            weights[row, coalition | 1 << one | 1 << other] += weight
            weights[row, coalition | 1 << one] -= weight
            weights[row, coalition | 1 << other] -= weight
            weights[row, coalition] += weight
    return weights


def _without(players: int, *absent: int) -> list[int]:
    """The coalitions that none of these players is in."""
    barred = sum(1 << player for player in absent)
    return [coalition for coalition in range(2**players) if not coalition & barred]


def _checked(worth: NDArray[Any]) -> tuple[Whole, int]:
    """Worth as int64, and the number of players; ValueError if it is no game."""
    players = len(worth).bit_length() - 1
    if len(worth) != 2**players or not 1 <= players <= MOST_PLAYERS:
        raise ValueError(
            f"{len(worth)} coalitions; a game of n players has 2ⁿ, with n from 1 to {MOST_PLAYERS}"
        )
    if worth.dtype.kind not in "biu":
        raise ValueError(f"what coalitions are worth is {worth.dtype}; it must be whole numbers")
    return worth.astype(np.int64), players
