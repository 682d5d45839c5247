"""Where runs are at the end of each day: each in exactly one state, read off the counts by day alone."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engines.tally import Tally
from sim.results.curves import curves
from sim.results.states import STATES, quantile, states, still_going
from sim.rules.end import level_after
from sim.rules.measure import LEVEL_BINS, level_bin
from sim.scenario.files import load
from sim.schema.outcomes import Outcome
from sim.schema.stands import STAND_NAMES, STANDS
from tests.conftest import REPOSITORY

DUEL = load(REPOSITORY / "scenarios" / "duel.toml")


def tally_of(runs: list[tuple[list[float], Outcome]], days: int) -> Tally:
    """The counts by day of runs, each by its levels before it ended and how it ended on its last day."""
    tally = Tally.empty(DUEL, days)
    for levels, outcome in runs:
        for day, level in enumerate(levels):
            last = day == len(levels) - 1 and outcome is not Outcome.standoff
            tally.ongoing[day] += 1
            tally.level[day, level_bin(level_after(level, outcome if last else 0))] += 1
            tally.ended[day, outcome] += last
    return tally


RUNS = [
    ([5.0, 4.65, 4.0], Outcome.standoff),
    ([3.0, 0.4], Outcome.exit),  # quiet when it ends
    ([7.0, 6.51, 10.0], Outcome.raid),
    ([0.0, 0.5, 0.51], Outcome.standoff),
]


def test_every_run_is_in_exactly_one_state_each_day() -> None:
    where = states(tally_of(RUNS, 3))
    told = [{name: int(n) for name, n in zip(STATES, day, strict=True) if n} for day in where]
    assert told == [
        {"sea": 1, "threats": 1, "land": 1, "quiet": 1},
        {"sea": 1, "exit": 1, "land": 1, "quiet": 1},
        {"forces": 1, "exit": 1, "raid": 1, "words": 1},
    ]


def test_runs_that_ended_have_no_level() -> None:
    going = still_going(tally_of(RUNS, 3))
    assert [np.flatnonzero(day).tolist() for day in going] == [[0, 300, 500, 700], [50, 465, 651], [51, 400]]


def test_the_quantile_of_those_still_going_is_a_level_that_one_has_and_none_has_none() -> None:
    going = still_going(tally_of([([5.0], Outcome.raid), ([2.0, 3.0], Outcome.exit)], 3))
    found = quantile(going, np.arange(LEVEL_BINS) / 100, 0.5)
    assert found[0] == 2.0
    assert np.isnan(found[1:]).all()


def test_shares_of_stands_and_of_ends_add_up_to_all_runs() -> None:
    table = curves(tally_of(RUNS, 3), len(RUNS))
    here = table[
        table["quantity"].isin(("state", "stand")) & (table["statistic"] != "ongoing") & (table["n"] == 4)
    ]
    assert here.groupby("day")["value"].sum().to_list() == pytest.approx([1, 1, 1])
    assert set(here["statistic"]) == set(STATES)


def test_bands_of_stands_leave_no_level_out() -> None:
    assert [stand.most for stand in STANDS] == sorted({stand.most for stand in STANDS})
    assert level_bin(STANDS[-1].most) == LEVEL_BINS - 1
    assert sorted(rung for stand in STANDS for rung in stand.rungs) == list(range(11))
    assert all(stand.most >= max(stand.rungs) for stand in STANDS[1:])
    assert len(set(STAND_NAMES)) == len(STANDS)
