"""Marks: a sign that hardly ever turns is built in, whatever the claim's author thought of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.experiments.claims.findings import LEAST_DRAWS, mark_of
from sim.experiments.claims.question import FULL, QUICK
from sim.experiments.claims.robustness import Survival, survival
from sim.schema.claims import Claim, Expect, Mark
from sim.statistics.differences import Difference

DRAWS = 200
STEADY, TURNING, NO_SWEEP = (0.3, 0.2, 0.1), (0.3, 0.1, -0.2), ()


def claim(mark: Mark = "emergent", expect: Expect = "higher") -> Claim:
    return Claim(says="A claim.", mark=mark, primary="war", expect=expect)


def measured(value: float, half: float = 0.01) -> Difference:
    return Difference(1_000, value, value - half, value + half, half / 2, "")


def draws(turned: int, expect: Expect = "higher", of: int = DRAWS) -> Survival:
    """Effects that lie well apart and are known exactly, nearly; ``turned`` of them not as expected."""
    sizes = np.linspace(0.05, 0.15, of)
    sizes[:turned] *= -1
    values = sizes if expect == "higher" else -sizes
    return survival(pd.DataFrame({"value": values, "variance": 1e-8}), 1_000, expect)


def along(values: tuple[float, ...], sure: bool = True) -> pd.DataFrame:
    rows = [{"at": at, "value": value, "distinguishable": sure} for at, value in enumerate(values)]
    return pd.DataFrame(rows, columns=["at", "value", "distinguishable"])


@pytest.mark.parametrize("expect", ["higher", "lower"])
@pytest.mark.parametrize("own", ["emergent", "conditional", "assumed"])
@pytest.mark.parametrize("sweep", [STEADY, NO_SWEEP], ids=["steady", "no sweep"])
def test_a_sign_that_turns_nowhere_and_in_under_2_percent_of_draws_is_assumed(
    expect: Expect, own: Mark, sweep: tuple[float, ...]
) -> None:
    sign = 1 if expect == "higher" else -1
    for turned in (0, 3):
        found = mark_of(claim(own, expect), measured(sign * 0.1), draws(turned, expect), along(sweep))
        assert found == "assumed"


@pytest.mark.parametrize("expect", ["higher", "lower"])
@pytest.mark.parametrize("own", ["emergent", "conditional"])
@pytest.mark.parametrize("turned", [4, 10, 100])
def test_a_sign_that_turns_in_2_percent_of_draws_or_more_is_as_its_author_says(
    expect: Expect, own: Mark, turned: int
) -> None:
    sign = 1 if expect == "higher" else -1
    found = mark_of(claim(own, expect), measured(sign * 0.1), draws(turned, expect), along(STEADY))
    assert found == own


@pytest.mark.parametrize("own", ["emergent", "conditional"])
def test_a_sign_that_surely_turns_along_its_sweep_is_as_its_author_says(own: Mark) -> None:
    assert mark_of(claim(own), measured(0.1), draws(0), along(TURNING)) == own
    unsure = along(TURNING, sure=False)
    assert mark_of(claim(own), measured(0.1), draws(0), unsure) == "assumed"


@pytest.mark.parametrize(
    ("expect", "found"),
    [("none", measured(0.1)), ("higher", measured(0.1, half=0.2)), ("higher", measured(-0.1))],
    ids=["none is expected", "none can be told", "the other one is found"],
)
def test_without_the_expected_sign_the_author_s_mark_stands(expect: Expect, found: Difference) -> None:
    assert mark_of(claim("emergent", expect), found, draws(0, expect), along(STEADY)) == "emergent"


def test_a_mark_takes_as_many_draws_as_2_percent_can_be_told_of() -> None:
    few, enough = (draws(0, of=number) for number in (LEAST_DRAWS - 1, LEAST_DRAWS))
    assert mark_of(claim("emergent"), measured(0.1), few, along(STEADY)) == "emergent"
    assert mark_of(claim("emergent"), measured(0.1), enough, along(STEADY)) == "assumed"
    assert min(FULL.draws, QUICK.draws) >= LEAST_DRAWS
