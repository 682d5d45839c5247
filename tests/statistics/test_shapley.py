"""Shapley values and interactions: games whose answer is known, and that nothing is lost or found in any run."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import permutations
from math import factorial

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.statistics.shapley import interactions, pairs, shapley_values

Coalition = frozenset[int]
Worth = Callable[[Coalition], int]


def members(coalition: int) -> Coalition:
    return frozenset(i for i in range(5) if coalition >> i & 1)


def game(players: int, worth: Worth) -> NDArray[np.int64]:
    """What all coalitions are worth, as one column."""
    return np.array([[worth(members(c))] for c in range(2**players)], np.int64)


def values(players: int, worth: Worth) -> list[Fraction]:
    return [Fraction(int(x), factorial(players)) for x in shapley_values(game(players, worth))[:, 0]]


def indices(players: int, worth: Worth) -> dict[tuple[int, int], Fraction]:
    found = interactions(game(players, worth))[:, 0]
    return {
        pair: Fraction(int(x), factorial(players - 1)) for pair, x in zip(pairs(players), found, strict=True)
    }


def random_games(seed: int, players: int, runs: int) -> NDArray[np.int64]:
    return np.random.default_rng(seed).integers(0, 2, (2**players, runs))


def test_glove_game() -> None:
    # Two left gloves and a right one, a pair is worth 1: 1/6, 1/6 and 2/3 (the textbook's example).
    assert values(3, lambda s: int(2 in s and bool(s & {0, 1}))) == [
        Fraction(1, 6),
        Fraction(1, 6),
        Fraction(2, 3),
    ]


def test_majority_of_five_gives_each_a_fifth_and_of_three_no_interaction_on_the_whole() -> None:
    assert values(5, lambda s: int(len(s) >= 3)) == [Fraction(1, 5)] * 5
    # Of three: together without the third they gain 1, with it they are one too many and lose 1; halves of each.
    assert set(indices(3, lambda s: int(len(s) >= 2)).values()) == {0}


def test_shapley_and_shubik_on_the_security_council_in_little() -> None:
    # Shapley & Shubik (1954): weights 3, 2, 1, 1 and a quota of 4 have the indices 1/2, 1/6, 1/6, 1/6.
    weights = (3, 2, 1, 1)
    found = values(4, lambda s: int(sum(weights[i] for i in s) >= 4))
    assert found == [Fraction(1, 2), *[Fraction(1, 6)] * 3]


def test_in_an_additive_game_each_has_its_own_and_no_two_interact() -> None:
    own = (5, -3, 0, 7, 1)
    assert values(5, lambda s: sum(own[i] for i in s)) == list(own)
    assert set(indices(5, lambda s: sum(own[i] for i in s)).values()) == {0}


def test_a_dummy_gets_nothing_and_interacts_with_nobody() -> None:
    def worth(s: Coalition) -> int:
        return int(len(s - {3}) >= 2)

    assert values(5, worth)[3] == 0
    assert {index for pair, index in indices(5, worth).items() if 3 in pair} == {0}


def test_players_that_are_alike_get_alike() -> None:
    found = values(5, lambda s: int(0 in s and len(s & {1, 2}) == 1))
    assert found[1] == found[2]
    assert found[3] == found[4] == 0


def test_a_pure_pair_shares_alike_and_all_of_it_is_their_interaction() -> None:
    # The unanimity game of {1, 4}: a half each, and an interaction of 1 (Grabisch & Roubens 1999).
    assert values(5, lambda s: int({1, 4} <= s)) == [0, Fraction(1, 2), 0, 0, Fraction(1, 2)]
    assert {pair: index for pair, index in indices(5, lambda s: int({1, 4} <= s)).items() if index} == {
        (1, 4): 1
    }


def test_two_that_stand_in_for_each_other_interact_negatively() -> None:
    assert indices(2, lambda s: int(len(s) >= 1)) == {(0, 1): -1}


def test_unanimity_of_three_is_an_interaction_of_a_half_for_each_pair() -> None:
    # Grabisch & Roubens (1999): in the unanimity game of T, I of a pair within T is 1/(|T| - 1).
    found = indices(4, lambda s: int({0, 1, 2} <= s))
    assert found == {pair: Fraction(1, 2) if 3 not in pair else 0 for pair in pairs(4)}


@pytest.mark.parametrize("players", [1, 2, 3, 4, 5])
def test_values_are_what_players_add_averaged_over_all_orders_of_joining(players: int) -> None:
    worth = random_games(1, players, 40)
    added = np.zeros((players, 40), np.int64)
    for order in permutations(range(players)):
        coalition = 0
        for player in order:
            added[player] += worth[coalition | 1 << player] - worth[coalition]
            coalition |= 1 << player
    assert np.array_equal(shapley_values(worth), added)


@pytest.mark.parametrize("players", [2, 3, 4, 5])
def test_an_interaction_is_the_value_with_the_other_there_less_that_without(players: int) -> None:
    """Grabisch & Roubens' recursion: the index of i and j in v is φᵢ of v with j always in, less with j left out."""
    worth = random_games(2, players, 40)
    everybody = np.arange(2**players)
    for row, (one, other) in enumerate(pairs(players)):
        there, absent = (worth[everybody[(everybody >> other & 1) == side]] for side in (1, 0))
        place = one - (other < one)
        assert np.array_equal(
            interactions(worth)[row], (shapley_values(there) - shapley_values(absent))[place]
        )


def test_nothing_is_lost_or_found_in_any_run() -> None:
    worth = random_games(3, 5, 10_000)
    assert np.array_equal(shapley_values(worth).sum(axis=0), 120 * (worth[-1] - worth[0]))


def test_values_of_yes_or_no_are_within_one_and_interactions_within_two() -> None:
    worth = random_games(4, 5, 10_000)
    assert np.abs(shapley_values(worth)).max() <= 120
    assert np.abs(interactions(worth)).max() <= 2 * 24


def test_truths_are_whole_numbers_too() -> None:
    worth = random_games(5, 5, 50)
    assert np.array_equal(shapley_values(worth.astype(bool)), shapley_values(worth))


@pytest.mark.parametrize(
    "wrong", [np.zeros((31, 3), int), np.zeros((128, 3), int), np.zeros((8, 3)), np.zeros((1, 3), int)]
)
def test_what_is_no_game_is_refused(wrong: NDArray[np.int64]) -> None:
    with pytest.raises(ValueError, match="coalitions"):
        shapley_values(wrong)
