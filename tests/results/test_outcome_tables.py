"""What runs cost, from counts: as from a row a run."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.compute.experiment import merged
from sim.engines.tally import ROW_TYPES, Rows
from sim.experiments.study.study import run
from sim.results.outcomes import BINS, EXACT, certain, death_bin, harm_counts, harm_table, least_deaths
from sim.scenario.files import load
from sim.schema.outcomes import Outcome
from tests.support.random_scenarios import SCENARIOS


def bin_of(deaths: float) -> int:
    return int(death_bin(np.array([deaths]))[0])


@given(st.integers(0, EXACT * 2**16 - 1))
def test_a_bin_holds_a_number_of_deaths_to_one_part_in_a_thousand(deaths: int) -> None:
    least = least_deaths(bin_of(deaths))
    assert least <= deaths < least + max(1, deaths / 1000)
    assert 0 <= bin_of(deaths) < BINS


def test_bins_follow_each_other() -> None:
    assert [bin_of(least_deaths(number)) for number in range(BINS)] == list(range(BINS))
    assert bin_of(1e30) == BINS - 1
    assert bin_of(-3) == 0


def rows(deaths: list[float], outcome: Outcome, hardship: float = 0.5) -> Rows:
    found: Rows = {name: np.zeros(len(deaths), kind) for name, kind in ROW_TYPES.items()}
    found["outcome"] = np.full(len(deaths), outcome, np.int8)
    found["deaths"] = np.array(deaths)
    found["hardship"] = np.full(len(deaths), hardship)
    return found


def test_means_and_quantiles_by_hand() -> None:
    """5 and 95 % of 80, 90 … 470 lie at places 1.95 and 37.05: outward to 90 and 460."""
    standoff = load(SCENARIOS / "standoff.toml")
    (row,) = harm_table(
        harm_counts(rows([80.0 + 10 * i for i in range(40)], Outcome.exit), standoff), standoff
    ).to_dict("records")
    assert row == {
        "outcome": "exit", "runs": 40, "deaths_mean": 275.0, "deaths_q05": 90.0, "deaths_q95": 460.0, "hardship_mean": 0.5,
    }  # fmt: skip


def test_deaths_that_an_end_is_certain_to_bring_do_not_blur_the_others() -> None:
    """A nuclear war of 100,000 dead: one more is one more."""
    cuba = load(SCENARIOS / "cuba1962.toml")
    lost = Outcome.loss_of_control
    assert certain(cuba)[lost] == 100_000.0
    table = harm_table(harm_counts(rows([100_003.0], lost), cuba), cuba)
    assert table["deaths_q05"].to_list() == table["deaths_q95"].to_list() == [100_003.0]


@pytest.mark.parametrize("name", ["standoff", "duel", "cuba1962"])
def test_the_table_is_what_the_rows_say(name: str) -> None:
    study = run(load(SCENARIOS / f"{name}.toml"), 800, 60, 3, save=False)
    for outcome, own in study.rows.groupby("outcome"):
        row = study.harm.set_index("outcome").loc[str(outcome)]
        deaths = own["deaths"]
        assert row["runs"] == len(own)
        assert row["deaths_mean"] == pytest.approx(deaths.mean(), abs=1 / 256)
        assert row["hardship_mean"] == pytest.approx(own["hardship"].mean(), abs=1 / 256)
        assert row["deaths_q05"] == pytest.approx(deaths.quantile(0.05, interpolation="lower"), abs=0.5)
        assert row["deaths_q95"] == pytest.approx(deaths.quantile(0.95, interpolation="higher"), abs=0.5)
    assert set(study.harm["outcome"]) == set(study.rows["outcome"])


def test_counts_of_parts_add_up_to_those_of_all() -> None:
    duel = load(SCENARIOS / "duel.toml")
    every = rows([3.0, 5000.0, 7.25], Outcome.raid)
    cut = [{name: column[part] for name, column in every.items()} for part in (slice(1), slice(1, 3))]
    together = merged(harm_counts(part, duel) for part in cut)
    assert all(np.array_equal(together[k], counts) for k, counts in harm_counts(every, duel).items())
