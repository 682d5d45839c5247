"""Luck with an address: the generator is the published one, and a draw depends on nothing but its address."""

from __future__ import annotations

from itertools import product
from math import cos, log, pi, sin, sqrt

import numba
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import chi2, poisson

import sim
from sim.engines.batch import compiler
from sim.engines.batch.engine import Program
from sim.rules import draws
from sim.rules.portable import exp_neg
from sim.schema.actors import Actor
from sim.schema.plans import MOST_DAYS, MOST_RUNS

FALSE_ALARM = 1e-8  # each statistical test of this file, at a fixed seed; seven of them

# Random123 (Salmon et al. 2011), kat_vectors: counter, key, output of philox4x32-10.
ONES = 0xFFFFFFFF
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES,) * 4, (ONES,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]
ADDRESS = {"seed": 11, "run": 5, "day": 3, "seat": 2, "purpose": 1, "object_": 4, "branch": 0}
MOST = {
    "seed": 2**63 - 1,
    "run": MOST_RUNS,
    "day": MOST_DAYS - 1,
    "seat": 255,
    "purpose": 255,
    "object_": 255,
    "branch": 65535,
}

compiled_philox = numba.njit(**compiler.OPTIONS)(draws.philox)
compiled_uniforms = numba.njit(**compiler.OPTIONS)(draws.uniforms)


@pytest.mark.parametrize(("counter", "key", "output"), KNOWN)
def test_the_generator_is_philox4x32_10(
    counter: tuple[int, ...], key: tuple[int, ...], output: tuple[int, ...]
) -> None:
    assert draws.philox(*counter, *key) == output
    assert compiled_philox(*counter, *key) == output


def test_the_words_of_an_address_are_those_of_the_generator() -> None:
    # Key: seed, low word first. Counter: run, low word first; day·256 + seat; purpose + 256·object + 65536·branch.
    seed, run = 0x0123456789ABCDEF, 0xFEDCBA9876
    words = draws.philox(0xDCBA9876, 0xFE, 7 * 256 + 3, 5 + 256 * 9 + 65536 * 2, 0x89ABCDEF, 0x01234567)
    u, v = draws.uniforms(seed, run, 7, 3, 5, 9, 2)
    cells = [((words[i] >> 6) << 26) + (words[i + 1] >> 6) for i in (0, 2)]
    assert [u, v] == [(cell + 0.5) / 2**52 for cell in cells]


def test_uniform_draws_lie_strictly_inside_0_and_1() -> None:
    assert draws.unit(0, 0) == 2.0**-53
    assert draws.unit(ONES, ONES) == 1 - 2.0**-53
    assert 0.0 < draws.unit(0, 0) < draws.unit(0, ONES) < draws.unit(ONES, 0) < draws.unit(ONES, ONES) < 1.0


@pytest.mark.parametrize("part", ADDRESS)
def test_addresses_that_differ_in_one_part_have_draws_of_their_own(part: str) -> None:
    values = {0, 1, 2, 255, MOST[part] - 1, MOST[part]} if part != "purpose" else set(range(6))
    if part in ("seed", "run"):
        values |= {2**31, 2**32 - 1, 2**32, 2**32 + 1, 2**33}
    found = [draws.uniforms(**{**ADDRESS, part: value}) for value in sorted(values)]
    numbers = [number for pair in found for number in pair]
    assert len(set(numbers)) == 2 * len(values)
    assert [compiled_uniforms(*{**ADDRESS, part: value}.values()) for value in sorted(values)] == found


def test_no_two_parts_of_an_address_share_a_bit() -> None:
    # Each corner of the box of addresses has a counter and a key of its own.
    corners = list(product(*((0, most) for most in MOST.values())))
    assert len({draws.uniforms(*corner) for corner in corners}) == len(corners) == 128


def test_an_address_has_room_for_every_seat_day_and_run() -> None:
    seat = next(m.le for m in Actor.model_fields["seat"].metadata if hasattr(m, "le"))
    assert seat < 256
    assert (MOST_DAYS - 1) * 256 + seat < 2**32
    assert MOST_RUNS < 2**63


def test_a_draw_depends_on_nothing_but_its_address() -> None:
    addresses = [
        (9, run, day, seat, purpose, 0, 0) for run, day, seat, purpose in product(range(3), repeat=4)
    ]
    forward = [draws.uniforms(*address) for address in addresses]
    backward = [draws.uniforms(*address) for address in reversed(addresses)]
    assert forward == backward[::-1]


@pytest.mark.parametrize("first", [2**32 - 3, 10**12 - 70])
def test_runs_beyond_the_first_word_keep_their_luck_wherever_a_batch_begins(first: int) -> None:
    program, seed = Program.of(sim.load("scenarios/duel.toml")), 2**62 + 1
    with np.errstate(
        over="ignore"
    ):  # without the compiler, NumPy's whole numbers wrap like compiled ones, but say so
        many, one = program.simulate(seed, first, 70, 6).rows, program.simulate(seed, first + 66, 1, 6).rows
        again = program.simulate(seed, first + 2**32, 70, 6).rows
    assert {name: rows[66] for name, rows in many.items()} == {name: rows[0] for name, rows in one.items()}
    assert len({*many["resolve_coercer"].tolist(), *again["resolve_coercer"].tolist()}) == 140


def test_purposes_are_published_and_never_change() -> None:
    # 3 and 4 were the first model's talks and loss of control.
    table = {
        "START": 0, "CHOOSE": 1, "DEATHS": 2, "PERCEIVE": 5, "APPETITE": 6, "INTENT": 7, "INCIDENT": 8, "ENDING": 9
    }  # fmt: skip
    assert {name: getattr(draws, name) for name in table} == table
    whole = {n for n, value in vars(draws).items() if n.isupper() and type(value) is int}
    assert whole == {*table, "NOBODY", "TRUNK", "MASK"}  # a new purpose joins the table above
    assert draws.NOBODY == draws.TRUNK == 0


def test_normal_draws_are_box_and_mullers() -> None:
    for run in range(300):
        u, v = draws.uniforms(3, run, 1, 2, 5, 6, 0)
        radius = sqrt(-2 * log(u))
        assert draws.normals(3, run, 1, 2, 5, 6, 0) == pytest.approx(
            (radius * cos(2 * pi * v), radius * sin(2 * pi * v)), abs=1e-10
        )


@pytest.mark.parametrize("mean", [0.01, 0.5, 3.5, 6.0, 20.0, 50.0])
def test_poisson_draws_invert_the_distribution_function(mean: float) -> None:
    # The count is the least k with P(at most k) > u: just below and above each step of the exact function.
    for count in range(int(mean + 6 * sqrt(mean) + 3)):
        step = float(poisson.cdf(count, mean))
        if 1e-9 < step < 1 - 1e-9:
            assert draws.poisson(mean, step - 1e-10) == count
            assert draws.poisson(mean, step + 1e-10) == count + 1
    assert draws.poisson(mean, 2.0**-53) == (0 if mean < 36 else poisson.ppf(2.0**-53, mean))


def test_a_poisson_draw_on_a_step_is_above_it() -> None:
    # P(none) is not > u where they are equal.
    assert draws.poisson(1.0, exp_neg(-1.0)) == 1


def test_poisson_draws_stop_at_the_edges() -> None:
    assert draws.poisson(0.0, 1 - 2.0**-53) == 0
    assert draws.poisson(50.0, 1 - 2.0**-53) <= draws.MOST_DEATHS


def tail(stream: NDArray[np.floating]) -> float:
    """Chi-squared tail of neighbours in a stream of uniforms: are pairs spread evenly over 16 × 16 cells?"""
    cells = np.floor(stream * 16).astype(int)
    counts = np.bincount(cells[:-1:2] * 16 + cells[1::2], minlength=256)
    expected = counts.sum() / 256
    return float(chi2.sf(((counts - expected) ** 2 / expected).sum(), 255))


@pytest.mark.parametrize("part", ["seed", "run", "day", "seat", "purpose", "object_"])
def test_neighbours_along_each_part_of_an_address_are_independent_and_uniform(part: str) -> None:
    length = 256 if part in ("seat", "purpose", "object_") else 3000
    blocks = -(-8192 // length)
    stream = [
        draws.uniforms(**{**ADDRESS, "branch": block, part: value})[0]
        for block in range(blocks)
        for value in range(length)
    ]
    assert tail(np.array(stream)) > FALSE_ALARM


def test_the_same_check_catches_streams_that_are_dependent_or_uneven() -> None:
    # Planted bugs: multiples of the golden ratio are uniform, but each follows from the one before; u² favours 0.
    golden = np.arange(8192) * 0.6180339887498949 % 1
    even = np.array([draws.uniforms(1, run, 0, 0, 0, 0, 0)[0] for run in range(8192)])
    assert tail(golden) < FALSE_ALARM
    assert tail(even**2) < FALSE_ALARM
    assert tail(even) > FALSE_ALARM
