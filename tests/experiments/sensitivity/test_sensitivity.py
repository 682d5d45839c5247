"""Sensitivity: indices are those of a known function however noisy it is, and screening finds what matters."""

from __future__ import annotations

import sys
import warnings
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from sim.compute.experiment import Piece
from sim.errors import StudyError
from sim.experiments.design import factors
from sim.experiments.design_experiment import Row
from sim.experiments.runner import Answer, Means
from sim.experiments.sensitivity.counts import Effort, SummedRows
from sim.experiments.sensitivity.question import quantity_named, sensitivity
from sim.scenario.files import load
from sim.scenario.scenario import Scenario
from sim.statistics.morris import effects, largest, step_sums, trajectories
from sim.statistics.sampling import OTHERS, problem, saltelli
from sim.statistics.sobol import Indices, indices, row_sums
from tests.conftest import REPOSITORY

SCALE = 1 / 256

# Ishigami & Homma (1990) with a = 7, b = 0.1: the variance, and the indices by hand.
FIRST, TOTAL = np.array([0.3139, 0.4424, 0.0]), np.array([0.5576, 0.4424, 0.2437])
VARIANCE = 49 / 8 + 0.1 * np.pi**4 / 5 + 0.01 * np.pi**8 / 18 + 0.5


def ishigami(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of points in the unit cube (last axis), each side stretched to -pi..pi."""
    x = np.pi * (2 * shares - 1)
    return np.asarray(
        np.sin(x[..., 0]) + 7 * np.sin(x[..., 1]) ** 2 + 0.1 * x[..., 2] ** 4 * np.sin(x[..., 0]),
        dtype=np.float64,
    )


def noisy(
    values: NDArray[np.float64], runs: int, spread: float, common: float, seed: int
) -> NDArray[np.int64]:
    """Runs of a row's points: whole numbers whose luck the points share in part, and larger where the value is."""
    luck = np.random.default_rng(seed)
    shared = common * luck.standard_normal((1, runs)) * (1 + 0.1 * values[:, None])
    own = np.sqrt(1 - common**2) * luck.standard_normal((len(values), runs))
    found = np.rint((values[:, None] + spread * (shared + own)) / SCALE).astype(np.int64)
    return np.asarray(found[:, None, :])


def merged_rows(rows: list[dict[str, Any]]) -> Piece:
    return {f"row.{name}": np.stack([row[name] for row in rows]) for name in rows[0]}


@cache
def estimated(
    runs: int, spread: float, common: float = 0.7, rows: int = 2048, seed: int = 1
) -> tuple[Indices, Piece]:
    """The indices of Ishigami's function by the code that simulations go through, all but the simulating."""
    values = ishigami(saltelli(3, (0, 1, 2), rows, seed))
    sums = [row_sums(noisy(row, runs, spread, common, j)) for j, row in enumerate(values)]
    piece = merged_rows(sums)
    return indices(piece, 0, runs, SCALE, draws=200), piece


# Indices ---------------------------------------------------------------------------------------


def test_without_chance_indices_are_the_known_ones() -> None:
    found, _ = estimated(4, 0.0)
    assert found.first == pytest.approx(FIRST, abs=0.02)
    assert found.total == pytest.approx(TOTAL, abs=0.02)
    assert found.variance == pytest.approx(VARIANCE, rel=0.02)
    assert found.chance == pytest.approx(0, abs=1e-9)


def test_without_chance_indices_are_those_of_salib_to_the_last_digits() -> None:
    from SALib.analyze import sobol

    found, piece = estimated(4, 0.0)
    outputs = piece["row.sum"][..., 0].reshape(-1) * SCALE / 4
    theirs = sobol.analyze(problem(3), outputs, calc_second_order=False, seed=1)
    assert found.first == pytest.approx(theirs["S1"], abs=1e-9)
    assert found.total == pytest.approx(theirs["ST"], abs=1e-9)


@pytest.mark.parametrize("common", [0.0, 0.7, 1.0])
def test_with_as_much_chance_as_variance_indices_are_still_the_known_ones(common: float) -> None:
    """Whatever luck the points of a row share. The seed is fixed; 0.05 is more than they missed by with any of three seeds."""
    found, _ = estimated(16, 12.0, common, rows=8192)
    assert 0.35 < found.chance < 0.65
    assert found.first == pytest.approx(FIRST, abs=0.05)
    assert found.total == pytest.approx(TOTAL, abs=0.05)
    assert found.variance == pytest.approx(VARIANCE, rel=0.1)


@pytest.mark.parametrize("common", [0.0, 0.7])
def test_the_naive_indices_of_a_noisy_function_are_visibly_wrong(common: float) -> None:
    found, _ = estimated(16, 12.0, common, rows=8192)

    def error(first: NDArray[np.float64], total: NDArray[np.float64]) -> float:
        return float(np.abs(np.concatenate([first - FIRST, total - TOTAL])).max())

    assert error(found.first_naive, found.total_naive) > 0.15
    assert error(found.first, found.total) < error(found.first_naive, found.total_naive) / 2


def test_a_share_of_chance_is_that_which_was_put_in() -> None:
    """Independent luck of standard deviation 8 in 16 runs: 4 of variance beside that of the function."""
    found, _ = estimated(16, 8.0, 0.0)
    assert found.chance == pytest.approx(4 / (4 + VARIANCE), abs=0.02)


def test_intervals_of_indices_hold_the_known_ones() -> None:
    found, _ = estimated(16, 12.0, rows=8192)
    for ends, known in ((found.first_ends, FIRST), (found.total_ends, TOTAL)):
        assert (ends[0] <= known).all()
        assert (known <= ends[1]).all()


def test_indices_of_what_never_varies_are_no_numbers() -> None:
    piece = merged_rows([row_sums(np.zeros((5, 1, 4), np.int64)) for _ in range(8)])
    found = indices(piece, 0, 4)
    assert np.isnan([*found.first, *found.total]).all()
    assert found.chance == 0


def test_all_others_move_together_as_the_last_point_before_b() -> None:
    whole, grouped = saltelli(5, range(5), 8, 3), saltelli(5, (1, 3), 8, 3)
    assert whole.shape == (8, 7, 5)
    assert grouped.shape == (8, 5, 5)
    a, b = grouped[:, 0], grouped[:, -1]
    for at, moved in ((1, [1]), (2, [3]), (3, [0, 2, 4])):
        expected = a.copy()
        expected[:, moved] = b[:, moved]
        assert (grouped[:, at] == expected).all()


def test_designs_are_the_same_for_the_same_seed() -> None:
    assert (saltelli(4, (0, 2), 8, 5) == saltelli(4, (0, 2), 8, 5)).all()
    assert (saltelli(4, (0, 2), 8, 5) != saltelli(4, (0, 2), 8, 6)).any()
    assert (trajectories(4, 3, 5) == trajectories(4, 3, 5)).all()


# Screening -------------------------------------------------------------------------------------


def screened(spread: float, runs: int = 16, count: int = 40) -> Any:
    """Effects of 3 x0 - 2 x1 + x2 x3, and x4 that does nothing."""
    points = trajectories(count, 5, 2)
    values = 3 * points[..., 0] - 2 * points[..., 1] + points[..., 2] * points[..., 3]
    piece = merged_rows([step_sums(noisy(row, runs, spread, 1.0, j)) for j, row in enumerate(values)])
    return effects(points, piece, 0, runs, SCALE, 1)


def test_effects_of_a_linear_function_are_its_slopes_without_spread() -> None:
    found = screened(0.0)
    assert found.mu[:2] == pytest.approx([3, -2], abs=0.01)
    assert found.mu_star[:2] == pytest.approx([3, 2], abs=0.01)
    assert found.sigma[:2] == pytest.approx([0, 0], abs=0.02)
    assert found.size[:2] == pytest.approx([3, 2], abs=0.01)
    assert found.sigma[2] > 0.2


def test_a_parameter_that_does_nothing_has_exactly_no_effect_under_common_luck() -> None:
    found = screened(2.0)
    assert found.mu_star[4] == found.size[4] == 0


def test_chance_is_taken_out_of_the_size_and_the_spread_of_effects() -> None:
    """Luck that grows with the value makes the linear effects spread, by chance alone."""
    found = screened(20.0)
    assert found.sigma[0] > 0.5
    assert found.sigma_free[0] < found.sigma[0] / 2
    assert found.size[0] == pytest.approx(3, abs=0.4)


def test_the_largest_are_picked_over_all_quantities() -> None:
    found = screened(0.0)
    assert largest([found], 2) == [0, 1]
    assert largest([found], 4) == [0, 1, 2, 3]


# Of a scenario ---------------------------------------------------------------------------------

SMALL = Effort(trajectories=4, screen_runs=16, rows=16, runs=16, keep=2, points=40, point_runs=16)


@pytest.fixture(scope="module")
def standoff() -> Scenario:
    return load(REPOSITORY / "scenarios" / "standoff.toml")


OVER = (
    "actors.washington.resolve",
    "actors.washington.suspicion",
    "world.readout_share",
    "signals.attack.reluctance",
)


def small(scenario: Scenario, **more: Any) -> Answer:
    asked: dict[str, Any] = {"over": OVER, "effort": SMALL, "days": 60, "save": False, "figures": False}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return sensitivity(scenario, **(asked | more))


def test_a_scenario_s_sensitivity_is_the_same_each_time_and_whoever_computes(standoff: Scenario) -> None:
    one, other = small(standoff), small(standoff, means=Means("threads:1"))
    for name, table in one.tables.items():
        pd.testing.assert_frame_equal(table, other.tables[name])
    assert one.report() == other.report()


def test_all_numbers_are_screened_and_those_not_kept_are_one_parameter(standoff: Scenario) -> None:
    found = small(standoff)
    screening, indices_ = found.table("screening"), found.table("indices")
    assert set(screening["parameter"]) == set(OVER)
    assert screening.groupby("quantity")["kept"].sum().eq(2).all()
    kept = screening.loc[screening["kept"], "parameter"].unique()
    assert list(indices_["parameter"].unique()) == [*kept, OTHERS]
    assert "all 2 others" in found.report()


def test_rows_have_luck_of_their_own_and_the_points_of_a_row_share_it(standoff: Scenario) -> None:
    row = Row(("world.readout_share",), ((0.3,), (0.3,)))
    same = SummedRows(
        {"standoff": standoff}, (row, row), ("war", "peak_level"), 32, 40, 1, fresh=True, summary=row_sums
    )
    first, second = same.values(0), same.values(1)
    assert (first[0] == first[1]).all()
    assert (first != second).any()


def test_a_folder_holds_tables_text_and_figures_and_is_read_again(
    standoff: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = small(standoff, save=True, figures=True)
    assert first.folder
    names = {path.name for path in first.folder.iterdir()}
    assert {f"{name}.parquet" for name in ("screening", "indices", "points", "box")} <= names
    assert {"report.md", "sensitivity.png", "screening-war.png", "screening-miscalculated.png"} <= names
    monkeypatch.setattr(SummedRows, "compute", None)
    again = small(standoff, save=True, figures=True)
    for name, table in first.tables.items():
        pd.testing.assert_frame_equal(table, again.tables[name])


def test_what_is_not_to_be_discovered_is_not(standoff: Scenario) -> None:
    assert set(small(standoff, discover=None).tables) == {"screening", "indices"}
    assert quantity_named("none") is None
    with pytest.raises(StudyError, match=r'"peace" is none of: war, miscalculated, exit, peak_level, none'):
        quantity_named("peace")


def test_a_design_that_cannot_be_is_refused(standoff: Scenario) -> None:
    with pytest.raises(StudyError, match="power of two"):
        small(standoff, effort=Effort(rows=100))
    with pytest.raises(StudyError, match="at least two numbers"):
        small(standoff, over=OVER[:1])
    with pytest.raises(StudyError, match="at least 2 runs"):
        small(standoff, effort=Effort(runs=1))


def test_without_salib_one_line_says_how_to_get_it(
    standoff: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [each for each in sys.modules if each.split(".")[0] == "SALib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "SALib", None)
    with pytest.raises(StudyError) as caught:
        small(standoff)
    assert str(caught.value) == (
        'sensitivity analysis needs SALib, which is not installed; pip install "brink[sensitivity]" installs it'
    )


def test_the_effort_that_is_told_is_that_which_is_made(standoff: Scenario) -> None:
    made = 2 * (4 * 5 * 16 + 16 * 5 * 16 + 40 * 16)
    assert SMALL.plain_runs(len(factors(standoff, OVER))) == made
