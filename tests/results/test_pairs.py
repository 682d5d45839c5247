"""Two times the same runs: who is at war in one and not in the other, day by day."""

from __future__ import annotations

import numpy as np

from sim.results.pairs import apart_by_day, war_days
from sim.schema.outcomes import Outcome

DAYS = 4


def days(*ends: tuple[Outcome, int]) -> np.ndarray:
    """The days of war of runs that end so: (outcome, day), day -1 at the horizon."""
    return war_days(np.array([int(o) for o, _ in ends]), np.array([day for _, day in ends]), DAYS)


def test_only_a_war_has_a_day_of_war() -> None:
    found = days((Outcome.raid, 0), (Outcome.exit, 1), (Outcome.standoff, -1), (Outcome.loss_of_control, 3))
    assert list(found) == [0, DAYS, DAYS, 3]


def test_a_run_differs_from_the_day_of_one_war_until_that_of_the_other() -> None:
    here = days((Outcome.raid, 1), (Outcome.attack, 3), (Outcome.raid, 2), (Outcome.exit, 0))
    base = days((Outcome.raid, 3), (Outcome.raid, 0), (Outcome.invasion, 2), (Outcome.standoff, -1))
    found = apart_by_day(here, base, DAYS)
    assert found["gained_by_day"].tolist() == [0, 1, 1, 0]  # the first run, on days 1 and 2
    assert found["lost_by_day"].tolist() == [1, 1, 1, 0]  # the second, on days 0 to 2


def test_what_is_gained_less_what_is_lost_is_the_difference_of_shares_on_every_day() -> None:
    rng = np.random.default_rng(1)
    here, base = rng.integers(0, 41, (2, 500))
    found = apart_by_day(here, base, 40)
    more = [int((here <= day).sum()) - int((base <= day).sum()) for day in range(40)]
    assert (found["gained_by_day"] - found["lost_by_day"]).tolist() == more
    assert apart_by_day(here, base, 10)["gained_by_day"].tolist() == found["gained_by_day"][:10].tolist()
