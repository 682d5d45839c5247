"""Designs: what may be varied and how it is written, and points spread over the ranges of the register."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from random import Random

import numpy as np
import pytest

from sim.errors import ScenarioError, StudyError
from sim.experiments.design import Design, factors, grid, label, laid, scaled, spread
from sim.experiments.levers.counts import numbers
from sim.scenario.files import load
from sim.scenario.scenario import Scenario

STANDOFF = "scenarios/standoff.toml"


@pytest.fixture(scope="module")
def standoff() -> Scenario:
    from tests.conftest import REPOSITORY

    return load(REPOSITORY / STANDOFF)


def refusal(scenario: Scenario, key: str, values: object) -> str:
    with pytest.raises(ScenarioError) as caught:
        grid(scenario, {key: values}, "--vary ")
    return str(caught.value)


# How it is written -----------------------------------------------------------------------------


def test_a_range_is_its_ends_and_even_steps_between(standoff: Scenario) -> None:
    found = grid(standoff, {"actors.washington.resolve": "0.3:0.8:11"})
    assert [point[0] for point in found.points] == [
        0.3,
        0.35,
        0.4,
        0.45,
        0.5,
        0.55,
        0.6,
        0.65,
        0.7,
        0.75,
        0.8,
    ]


def test_a_list_is_taken_in_its_order_and_a_grid_is_every_combination(standoff: Scenario) -> None:
    found = grid(standoff, {"world.framework": "0.5,0.1", "world": {"readout_share": [0, 1]}})
    assert found == Design(
        "grid", ("world.framework", "world.readout_share"), tuple(product((0.5, 0.1), (0.0, 1.0)))
    )


def test_whole_numbers_stay_whole(standoff: Scenario) -> None:
    found = grid(standoff, {"clocks.offer": "7:28:4"})
    assert [type(point[0]) for point in found.points] == [int] * 4
    assert refusal(standoff, "clocks.offer", "7:28:5") == (
        "--vary clocks.offer is 12.25; it must be a whole number between 1 and 3650"
    )


@pytest.mark.parametrize(
    ("key", "values", "said"),
    [
        ("world.framework", "0:1", 'is "0:1"; write from:to:number, as in 0.3:0.8:11, or values, as in 0.1,0.5,0.9'),
        ("world.framework", "1:0:3", 'is "1:0:3"; it must rise, in 2 to 1,000 values'),
        ("world.framework", "0:1:1", 'is "0:1:1"; it must rise, in 2 to 1,000 values'),
        ("world.framework", "0:1:2.5", 'is "0:1:2.5"; it must rise, in 2 to 1,000 values'),
        ("world.framework", "0.5,1.5", "is 1.5; it must be between 0 and 1"),
        ("world.framework", [0.5, 0.5], "has 0.5 twice"),
        ("world.framework", [], "is a list; write"),
        ("world.framework", [0.5, True], "is true; it must be a number between 0 and 1"),
        ("world.framework", "a", 'has "a", which is no number'),
        ("world.framework", "nan", 'has "nan", which is no number'),
        ("world.framwork", "0.5", 'is not a key that exists here; did you mean "framework"?'),
        ("actors.carcas.resolve", "0.5", 'there is no "carcas"; did you mean "caracas"?'),
        ("actors.caracas.title", "0.5", "is no number; only numbers can be varied"),
        ("actors.caracas.seat", "1,2", "cannot be varied: a seat keys its actor's luck"),
        ("study.days", "30,60", "cannot be varied: all points share runs, days and seed"),
        ("rates.bogota.hold", "0.5", "cannot be varied: rates are a record"),
    ],
)  # fmt: skip
def test_what_cannot_be_varied_is_refused_with_key_value_and_what_is_allowed(
    standoff: Scenario, key: str, values: object, said: str
) -> None:
    told = refusal(standoff, key, values)
    assert told.startswith(f"--vary {key} ")
    assert said in told


def test_all_mistakes_are_told_at_once(standoff: Scenario) -> None:
    with pytest.raises(ScenarioError) as caught:
        grid(standoff, {"world.framework": "2", "world.readout_share": "0:1"})
    assert len(caught.value.problems) == 2


def test_a_grid_without_end_is_refused(standoff: Scenario) -> None:
    with pytest.raises(StudyError, match=r"1,000,000 points; at most 10,000"):
        grid(standoff, {"world.framework": "0:1:1000", "world.readout_share": "0:1:1000"})
    with pytest.raises(StudyError, match="nothing is varied"):
        grid(standoff, {})


def written(table: str) -> Path:
    file = Path("scenarios/swept.toml")
    file.write_text(f'extends = "standoff.toml"\n{table}', encoding="utf-8")
    return file


def test_a_file_may_say_what_is_swept_in_nested_tables_or_dotted_keys() -> None:
    nested = load(written('[sweep.vary]\nworld.framework = [0.1, 0.5]\nclocks.offer = "7:14:2"\n'))
    dotted = load(written('[sweep]\nvary = { "world.framework" = [0.1, 0.5], "clocks.offer" = "7:14:2" }\n'))
    assert grid(nested, nested.sweep.vary) == grid(dotted, dotted.sweep.vary)


def test_what_a_file_sweeps_is_no_part_of_the_crisis(standoff: Scenario) -> None:
    assert (
        load(written('title = "x"\ndescription = ""\n')).replace({"title": standoff.title}).digest()
        == load(
            written(
                f'title = "{standoff.title}"\ndescription = ""\n[sweep.vary]\nworld.framework = [0.1]\n',
            )
        ).digest()
    )


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("[sweep]\ndesign = 'latn'", 'sweep.design is "latn"; it must be "grid", "latin" or "sobol"'),
        ("[sweep]\nvari = {}", 'sweep.vari is not a key that exists here; did you mean "vary"?'),
        ("[sweep.vary]\nworld.framework = [2]", "sweep.vary.world.framework is 2; it must be between 0 and 1"),
        ("[sweep.vary]\nworld.framwork = [0.5]", 'sweep.vary.world.framwork is not a key that exists here; did you mean "framework"?'),
        ("[sweep]\nover = ['world.readout_share']", 'sweep.over is of use only with design = "latin" or "sobol"'),
        ("[sweep]\ndesign = 'latin'\npoints = 1", "sweep.points is 1; it must be between 2 and 10000"),
        ("[sweep]\ndesign = 'latin'\nover = ['world.hardship']", 'sweep.over names "world.hardship", which has no range'),
        ("[sweep]\ndesign = 'sobol'\nvary = { world.readout_share = [0.5] }", 'sweep.vary is of use only with design = "grid"'),
        ("sweep = 3", "sweep is 3; it must be a table"),
    ],
)  # fmt: skip
def test_a_wrong_sweep_in_a_file_is_told_as_any_other_mistake(table: str, said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(written(table))
    assert f"scenarios/swept.toml: {said}" in str(caught.value)


# Where points lie ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["latin", "sobol"])
def test_spread_points_lie_in_the_declared_ranges_and_are_the_same_for_the_same_seed(
    standoff: Scenario, kind: str
) -> None:
    found = spread(standoff, kind, 32, seed=7)  # type: ignore[arg-type]
    moved = factors(standoff)
    assert found == spread(standoff, kind, 32, seed=7)  # type: ignore[arg-type]
    assert found != spread(standoff, kind, 32, seed=8)  # type: ignore[arg-type]
    assert found.keys == tuple(each.key for each in moved)
    for point in found.points:
        assert all(each.low <= value <= each.high for each, value in zip(moved, point, strict=True))


def test_a_latin_hypercube_has_one_point_in_each_slice_of_each_range(standoff: Scenario) -> None:
    [moved] = factors(standoff, ["world.readout_share"])
    found = spread(standoff, "latin", 20, ["world.readout_share", "world.outreach"], seed=3)
    column = np.array(found.points)[:, found.keys.index("world.readout_share")]
    assert sorted(np.floor(20 * (column - moved.low) / (moved.high - moved.low))) == list(range(20))


def test_a_whole_number_with_a_range_is_spread_over_whole_numbers(standoff: Scenario) -> None:
    ranged = standoff.replace({"clocks.offer": {"value": 14, "low": 7, "high": 28, "source": "x"}})
    moved = factors(ranged, ["clocks.offer"])
    assert scaled(moved, np.array([[0.0], [0.49], [1.0]])) == ((7,), (17,), (28,))


def test_only_numbers_with_a_range_are_spread(standoff: Scenario) -> None:
    assert len(factors(standoff)) == len(standoff.assumptions)
    with pytest.raises(ScenarioError, match=r'--over "world.hardship": which has no range'):
        factors(standoff, ["world.hardship"])
    with pytest.raises(StudyError, match="no number of the scenario has a range"):
        factors(standoff.replace({"title": "x"}).model_copy(update={"assumptions": {}}))


def test_a_point_laid_over_a_scenario_is_the_scenario_with_its_values_replaced(standoff: Scenario) -> None:
    """Also for many numbers at once, each of which is allowed by itself."""
    rng = Random(5)
    keys = [(key, declared) for key, declared, _ in numbers(standoff.document()) if not key.endswith(".seat")]
    for _ in range(5):
        overrides: dict[str, float] = {}
        for key, declared in rng.sample(keys, 40):
            if declared.low is not None and declared.high is not None and not key.endswith(".deaths"):
                drawn = rng.uniform(declared.low, declared.high)
                overrides[key] = round(drawn) if declared.kind is int else drawn
        assert laid(standoff, overrides).document() == standoff.replace(overrides).document()


def test_a_number_has_a_name_for_people(standoff: Scenario) -> None:
    assert label(standoff, "actors.bogota.alignment") == "Bogotá: alignment"
    assert label(standoff, "world.loss_of_control") == "world: loss of control"
    assert label(standoff, "coefficients.coercer.risk_bar") == "coefficients: coercer risk bar"
