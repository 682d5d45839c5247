"""Arms under common luck: equal arms differ in nothing, and every number is that of the runs themselves."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import sim
from docs import SHIPPED
from sim.compute.experiment import merged
from sim.engines.batch.engine import Program
from sim.errors import ScenarioError
from sim.experiments.arms.counts import ArmsExperiment, arms_of, pairs_of
from sim.experiments.arms.part import ArmsOfScenario
from sim.experiments.arms.question import compare
from sim.experiments.arms.tables import tables_of
from sim.reports.numbers import difference_words as words
from sim.reports.tables import found, records
from sim.results.observables import OBSERVED, observed
from sim.scenario.counterfactual import clear_sighted
from sim.schema.claims import NAMES
from sim.statistics.differences import in_row

RUNS, DAYS, SEED = 600, 60, 3
STANDOFF = "scenarios/standoff.toml"


def experiment() -> ArmsExperiment:
    base = sim.load(STANDOFF)
    arms = {"as_is": base, "channels": base.replace({"world.framework": 0.8}), "same": base}
    return ArmsExperiment(arms, pairs_of(list(arms)), RUNS, DAYS, SEED)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    """The tables of three arms, the last of them the first again."""
    base = sim.load(next(path for path in SHIPPED if path.stem == "standoff"))
    arms = {"as_is": base, "channels": base.replace({"world.framework": 0.8}), "same": base}
    each = ArmsExperiment(arms, pairs_of(list(arms)), RUNS, DAYS, SEED)
    return tables_of(each, each.compute(0, RUNS))


def test_two_arms_that_differ_in_nothing_differ_in_exactly_nothing(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["differences"]
    same = table[table["arm"] == "same"]
    assert (same[["value", "gained", "lost", "se"]] == 0).all(axis=None)
    assert not same["distinguishable"].any()
    for row in records(same):
        assert words(in_row(row)).startswith("no difference at n = 600")


def test_differences_are_those_of_the_runs_one_by_one(tables: dict[str, pd.DataFrame]) -> None:
    base = sim.load(STANDOFF)
    values = []
    for arm in (base, base.replace({"world.framework": 0.8})):
        runs, clear = (Program.of(each).simulate(SEED, 0, RUNS, DAYS) for each in (arm, clear_sighted(arm)))
        values.append(observed(arm, runs, clear))
    for name, about in OBSERVED.items():
        apart = (values[1][name] - values[0][name]) / about.scale
        row = found(tables["differences"], against="as_is", arm="channels", observable=name)
        assert row["value"] == pytest.approx(apart.mean(), abs=1e-12)
        assert (row["gained"], row["lost"]) == ((apart > 0).sum(), (apart < 0).sum())
        assert row["low"] <= row["value"] <= row["high"]
        assert found(tables["arms"], arm="as_is", observable=name)["value"] == pytest.approx(
            (values[0][name] / about.scale).mean(), abs=1e-12
        )


def test_a_difference_of_arms_is_the_difference_of_their_values(tables: dict[str, pd.DataFrame]) -> None:
    for name in NAMES:
        from_, to = (
            found(tables["arms"], arm=arm, observable=name)["value"] for arm in ("as_is", "channels")
        )
        row = found(tables["differences"], against="as_is", arm="channels", observable=name)
        assert row["value"] == pytest.approx(to - from_, abs=1e-12)


def test_common_luck_makes_differences_sharper_than_luck_of_ones_own(tables: dict[str, pd.DataFrame]) -> None:
    shares = [found(tables["arms"], arm=arm, observable="war")["value"] for arm in ("as_is", "channels")]
    apart = (sum(p * (1 - p) for p in shares) / RUNS) ** 0.5
    assert found(tables["differences"], arm="channels", observable="war")["se"] < 0.8 * apart


def test_counts_do_not_depend_on_how_runs_are_cut() -> None:
    each = experiment()
    whole = each.compute(0, 40)
    cut = merged([each.compute(0, 7), each.compute(7, 20), each.compute(27, 13)])
    assert whole.keys() == cut.keys()
    assert all(np.array_equal(whole[name], cut[name]) for name in whole)


def test_an_arm_alone_is_a_study_of_its_own(tables: dict[str, pd.DataFrame]) -> None:
    study = sim.run(sim.load(STANDOFF), RUNS, DAYS, SEED, save=False)
    for name in ("war", "exit", "limited_force", "standoff"):
        assert found(tables["arms"], arm="as_is", observable=name)["value"] == study.counts[name] / RUNS
    curves = tables["arm_curves"]
    own = curves[(curves["arm"] == "as_is") & (curves["quantity"] != "war_share")].drop(columns="arm")
    pd.testing.assert_frame_equal(own.reset_index(drop=True), study.curves, check_dtype=False)
    wars = curves[(curves["arm"] == "as_is") & (curves["quantity"] == "war_share")]
    assert wars[wars["statistic"] == "mean"]["value"].iloc[-1] == study.counts["war"] / RUNS


def test_the_last_day_of_the_difference_in_war_is_the_difference_in_war(
    tables: dict[str, pd.DataFrame],
) -> None:
    curves, whole = tables["arm_curves"], tables["differences"]
    for row in records(whole[(whole["observable"] == "war") & (whole["against"] == "as_is")]):
        here = curves[(curves["arm"] == row["arm"]) & (curves["quantity"] == "war_difference")]
        last = here[here["day"] == DAYS - 1].set_index("statistic")["value"]
        assert last.to_dict() == {"mean": row["value"], "low": row["low"], "high": row["high"]}


def test_harm_by_outcome_adds_up_to_harm(tables: dict[str, pd.DataFrame]) -> None:
    rows = {row["outcome"]: row for row in records(tables["arm_harm"]) if row["arm"] == "as_is"}
    whole = rows.pop("all")
    for name in ("deaths", "hardship", "days"):
        assert sum(row[name] * row["runs"] for row in rows.values()) == pytest.approx(whole[name] * RUNS)
        assert whole[name] == pytest.approx(found(tables["arms"], arm="as_is", observable=name)["value"])
    assert whole["deaths_per_100_days"] == pytest.approx(100 * whole["deaths"] / whole["days"])


def test_scenarios_are_compared_by_name_and_said_in_words() -> None:
    base = sim.load("scenarios/duel.toml")
    compared = compare(
        {"soft": base, "firm": base.replace({"actors.south.resolve": 0.9})}, runs=200, seed=5, days=20
    )
    text = compared.report()
    assert "n = 200 runs of each arm and of its clear-sighted twin, horizon 20 days" in text
    row = found(compared.tables["differences"], observable="exit")
    assert words(in_row(row)) in text
    assert json.loads(json.dumps(compared.to_json())) == compared.to_json()
    with pytest.raises(ScenarioError, match="at least two"):
        compare({"soft": base})


def test_a_scenario_without_arms_has_nothing_to_compare() -> None:
    with pytest.raises(ScenarioError, match="has no arms"):
        arms_of(sim.load("scenarios/duel.toml"))


def test_the_part_of_a_study_compares_the_arms_of_its_scenario() -> None:
    arms = [{"name": "a"}, {"name": "b", "set": {"world": {"framework": 0.8}}}]
    planned = sim.load("scenarios/duel.toml").replace({"arms": arms, "study.runs": 50, "study.days": 15})
    each = arms_of(planned)
    assert list(each.arms) == ["a", "b"]
    assert each.arms["b"].world.framework == 0.8
    part = ArmsOfScenario(planned)
    tables = part.tables({"arms": each.compute(0, 50)})
    assert set(tables) == {"arms", "differences", "arm_harm", "arm_curves"}
    assert part.page(tables).startswith("## Arms\n")
    assert set(part.to_json(tables)) == {"arms", "differences", "arm_harm"}
