"""Elementary functions are as exact as they say, and every rule gives the same bits compiled as interpreted."""

from __future__ import annotations

import inspect
import os
import random
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from math import cos, exp, inf, log, nextafter, pi, sin
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest
from numba.core import config
from pydantic import BaseModel

import sim
from sim.engines.batch import compiler, parameters
from sim.engines.batch.engine import Program
from sim.rules import RULES
from sim.rules.portable import clamp, cos_sin_turn, exp_neg, log_unit, logistic
from sim.schema import actors, coefficients, signals
from sim.schema import world as crisis
from sim.schema.plans import MOST_DAYS, MOST_RUNS
from tests.conftest import REPOSITORY

Rule = Callable[..., Any]


def compiled(rule: Rule) -> Rule:
    """A rule as the batch engine has it compiled, kept beside the engine's kernels."""
    before, kernels = config.CACHE_DIR, compiler.cache_folder()
    config.CACHE_DIR = kernels.replace("kernels-", "rules-")
    try:
        function: Rule = numba.njit(cache=bool(kernels), **compiler.OPTIONS)(rule)
    finally:
        config.CACHE_DIR = before
    return function


# Elementary functions ------------------------------------------------------------------------------


def test_exp_neg_is_as_exact_as_it_says() -> None:
    for x in np.linspace(-63.999, 0.0, 40_001).tolist():
        bound = 1e-12 if x > -40 else 1e-11
        assert abs(exp_neg(x) / exp(x) - 1) < bound, x


def test_exp_neg_is_exact_at_0_and_nothing_beyond_minus_64() -> None:
    assert exp_neg(0.0) == exp_neg(-0.0) == 1.0
    assert exp_neg(nextafter(-64.0, 0.0)) > 0.0
    for x in (-64.0, -1e3, -1e15, -1e301, -1e308, -inf):
        assert exp_neg(x) == 0.0


def test_exp_neg_and_logistic_never_fall() -> None:
    # Steps far above the rounding that each promises.
    grid = np.linspace(-64.5, 0.0, 20_001).tolist()
    assert all(exp_neg(a) <= exp_neg(b) for a, b in pairwise(grid))
    grid = np.linspace(-35.0, 35.0, 20_001).tolist()
    assert all(logistic(a) <= logistic(b) for a, b in pairwise(grid))


def test_logistic_is_as_exact_as_exp_neg() -> None:
    for x in np.linspace(-63.9, 63.9, 20_001).tolist():
        assert abs(logistic(x) * (1 + exp(-x)) - 1) < 1e-11, x


def test_logistic_is_symmetric_and_ends_at_0_and_1() -> None:
    assert logistic(0.0) == 0.5
    for x in np.linspace(0.0, 70.0, 5_001).tolist():
        assert abs(logistic(x) + logistic(-x) - 1) < 1e-15
    for x in (64.0, 1e3, 1e300, inf):
        assert logistic(x) == 1.0
        assert logistic(-x) == 0.0


def test_log_unit_is_as_exact_as_it_says() -> None:
    powers = (2.0 ** -np.linspace(0, 62, 20_001)).tolist()
    edges = [2.0**-k for k in range(1, 63)] + [1 - 2.0**-53, 1 - 2.0**-30, 0.7071067811865476]
    steps = [nextafter(x, 0.0) for x in edges if x > 2.0**-62] + [nextafter(x, 1.0) for x in edges]
    for x in [*powers[1:], *edges, *steps, *np.linspace(1e-4, 0.9999, 10_001).tolist()]:
        assert x == 1.0 or abs(log_unit(x) / log(x) - 1) < 1e-14, x
    assert log_unit(1.0) == 0.0


def test_cos_sin_turn_is_as_exact_as_it_says() -> None:
    eighths = [k / 8 for k in range(9)]
    near = [nextafter(x, to) for x in eighths for to in (0.0, 1.0)]
    for u in [*np.linspace(0.0, 1.0, 40_001).tolist(), *eighths, *near]:
        cosine, sine = cos_sin_turn(u)
        assert abs(cosine - cos(2 * pi * u)) < 1e-13, u
        assert abs(sine - sin(2 * pi * u)) < 1e-13, u


def test_quarter_turns_are_exact() -> None:
    assert [cos_sin_turn(k / 4) for k in range(5)] == [(1, 0), (0, 1), (-1, 0), (0, -1), (1, 0)]


def test_clamp_keeps_what_is_inside_and_nothing_else() -> None:
    assert [clamp(x, 0.25, 0.75) for x in (-inf, 0.2, 0.25, 0.5, 0.75, 0.8, inf)] == [
        0.25, 0.25, 0.25, 0.5, 0.75, 0.75, 0.75
    ]  # fmt: skip


# Every rule, interpreted and compiled ------------------------------------------------------------------

TABLES: dict[str, tuple[type[BaseModel], Any, dict[str, Any]]] = {
    "Coercer": (coefficients.Coercer, parameters.WeightNumbers, {}),
    "Target": (coefficients.Target, parameters.WeightNumbers, {}),
    "Choice": (coefficients.Choice, parameters.ChoiceNumbers, {}),
    "GoingOn": (coefficients.GoingOn, parameters.GoingOnNumbers, {}),
    "Assault": (coefficients.Assault, parameters.AssaultNumbers, {}),
    "Exit": (coefficients.Exit, parameters.ExitNumbers, {}),
    "Terms": (coefficients.Terms, parameters.TermsNumbers, {}),
    "Reacting": (coefficients.Reacting, parameters.ReactingNumbers, {}),
    "Perception": (coefficients.Perception, parameters.PerceptionNumbers, {}),
    "Feeling": (coefficients.Feeling, parameters.FeelingNumbers, {}),
    "Conduct": (coefficients.Conduct, parameters.ConductNumbers, {}),
    "Adjustment": (coefficients.Adjustment, parameters.AdjustmentNumbers, {}),
    "Chance": (coefficients.Chance, parameters.ChanceNumbers, {}),
    "Fog": (crisis.Fog, parameters.FogNumbers, {}),
    "Reaction": (signals.Reaction, parameters.ReactionNumbers, {}),
    "Principal": (actors.Principal, parameters.PrincipalNumbers, {"role": "target"}),
    "Signal": (signals.Signal, parameters.SignalNumbers, {"senders": ["target"], "class": "quiet"}),
}
# What arguments may be, by name, where it is not a number of -1..2 with its edges.
RANGES: dict[str, tuple[float, float]] = {
    **dict.fromkeys(["variance", "information", "tempo", "inconsistency", "deaths"], (0.0, 2.0)),
    **dict.fromkeys(["rate", "through", "tension"], (0.0, 1.0)),
    **dict.fromkeys(["weight", "u", "draw"], (2.0**-53, 1 - 2.0**-53)),
    **dict.fromkeys(["level", "rung", "slope", "sharpness"], (0.0, 10.0)),
    "mean": (0.0, 50.0),
}
WHOLE = {
    **dict.fromkeys(["clock", "running", "called", "days", "given", "calling"], 14),
    **dict.fromkeys(["chosen", "candidate"], 27),
    **dict.fromkeys(["c0", "c1", "c2", "c3", "k0", "k1", "high", "low"], 2**32 - 1),
    "kind": 4, "decisive": 7, "outcome": 7,
    "seed": 2**63 - 1, "run": MOST_RUNS, "day": MOST_DAYS - 1, "seat": 255, "purpose": 9, "object_": 255, "branch": 99,
}  # fmt: skip
OWN_RANGES: dict[tuple[str, str], tuple[float, float]] = {
    ("exp_neg", "x"): (-70.0, 0.0),
    ("logistic", "x"): (-70.0, 70.0),
    ("log_unit", "x"): (2.0**-62, 1.0),
    ("clamp", "low"): (-1.0, 0.0),
    ("believed", "low"): (-2.0, 0.0),
    ("believed", "high"): (1.0, 3.0),
    ("conceded", "concession"): (0.0, 1.0),
    ("clamp", "high"): (0.0, 1.0),
}


def random_table(name: str, luck: random.Random) -> tuple[Any, Any]:
    """A table of the schema with random numbers in their ranges, edges often; and its twin in the batch engine."""
    schema, twin, rest = TABLES[name]
    chosen: dict[str, Any] = {}
    for key, field in schema.model_fields.items():
        if field.annotation is bool:
            chosen[key] = luck.random() < 0.5
        elif field.annotation in (int, float):
            low, high = (next(getattr(m, b) for m in field.metadata if hasattr(m, b)) for b in ("ge", "le"))
            chosen[key] = luck.choice([low, high]) if luck.random() < 0.3 else luck.uniform(low, high)
            chosen[key] = int(chosen[key]) if field.annotation is int else float(chosen[key])
    table = schema.model_validate({**chosen, **rest})
    if twin is parameters.SignalNumbers:
        return table, twin(*(float(getattr(table, key, 0.0)) for key in twin._fields))
    return table, parameters.frozen(twin, table)


def random_argument(rule: Rule, name: str, kind: str, luck: random.Random) -> tuple[Any, Any]:
    """One argument for the interpreted and for the compiled rule."""
    if kind in TABLES or "|" in kind:
        return random_table(luck.choice(kind.split(" | ")), luck)
    if kind == "bool":
        value: Any = luck.random() < 0.5
    elif name in WHOLE and rule.__name__ != "clamp":
        whole = luck.choice([0, 1, WHOLE[name], luck.randint(0, WHOLE[name])])
        value = whole if kind == "int" else float(whole)
    else:
        low, high = OWN_RANGES.get((rule.__name__, name)) or RANGES.get(name, (-1.0, 2.0))
        edges = [low, high] + [x for x in (0.0, 1.0) if low <= x <= high]
        value = luck.choice(edges) if luck.random() < 0.3 else luck.uniform(low, high)
    return value, value


def bits(result: Any) -> Any:
    """A result so that equal means the same bits: whole numbers are exact as floats here, and -0 is not 0."""
    if isinstance(result, tuple):
        return [bits(part) for part in result]
    return float(result).hex()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.__module__}.{rule.__name__}"[10:])
def test_every_rule_gives_the_same_bits_compiled_as_interpreted(rule: Rule) -> None:
    luck, fast = random.Random(rule.__name__), compiled(rule)
    for _ in range(300):
        pairs = [
            random_argument(rule, p.name, p.annotation, luck)
            for p in inspect.signature(rule).parameters.values()
        ]
        plain, quick = rule(*(a for a, _ in pairs)), fast(*(b for _, b in pairs))
        assert bits(plain) == bits(quick), pairs


def test_the_same_check_catches_a_library_function() -> None:
    # Planted bug: a "rule" that sums in another order when compiled (fast-math) differs in the last bit.
    def total(a: float, b: float, c: float, d: float) -> float:
        return a / d + b / d + c / d

    fast = numba.njit(fastmath=True)(total)
    if not config.DISABLE_JIT:
        luck = random.Random(1)
        draws = [[luck.random() for _ in range(4)] for _ in range(300)]
        assert any(bits(total(*four)) != bits(fast(*four)) for four in draws)


# Reads past the end -------------------------------------------------------------------------------------


def rows_of(scenario: str, runs: int, days: int) -> str:
    """The rows and the signals of the first runs of a shipped scenario, as hexadecimal text."""
    batch = Program.of(sim.load(REPOSITORY / f"scenarios/{scenario}.toml")).simulate(7, 0, runs, days)
    return " ".join(table.tobytes().hex() for table in (*batch.rows.values(), batch.tally.signals))


def rows_by_another(scenario: str, runs: int, days: int, **environment: str) -> str:
    """The same by a fresh Python in another environment."""
    script = f"from tests.rules.test_portable import rows_of; print(rows_of({scenario!r}, {runs}, {days}))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True, text=True, check=True, cwd=REPOSITORY, env={**os.environ, **environment},
    )  # fmt: skip
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("scenario", "days"), [("duel", 1), pytest.param("tense", 2, marks=pytest.mark.deep)]
)
def test_lanes_in_plain_python_which_checks_its_indices_give_the_same_rows(scenario: str, days: int) -> None:
    plain = rows_by_another(scenario, 64, days, NUMBA_DISABLE_JIT="1")
    assert plain == rows_of(scenario, 64, days)


@pytest.mark.deep
@pytest.mark.parametrize("scenario", ["duel", "standoff"])
def test_lanes_that_check_their_indices_give_the_same_rows(scenario: str, tmp_path: Path) -> None:
    checked = rows_by_another(scenario, 128, 20, NUMBA_BOUNDSCHECK="1", BRINK_CACHE=str(tmp_path / "cache"))
    assert checked == rows_of(scenario, 128, 20)


@pytest.mark.deep
def test_the_same_switch_catches_a_read_past_the_end() -> None:
    # Planted bug: the tenth of three parameters.
    script = "import numba, numpy; numba.njit(error_model='numpy')(lambda a, i: a[i])(numpy.zeros(3), 9)"
    environment = {**os.environ, "NUMBA_BOUNDSCHECK": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, env=environment
    )
    assert "IndexError" in done.stderr


@pytest.mark.deep
def test_the_rules_pass_their_tests_without_the_compiler() -> None:
    files = [
        f"tests/rules/test_{name}.py"
        for name in ("draws", "choose", "act", "chance", "perceive", "infer", "adjust", "end")
    ]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files],
        capture_output=True, text=True, check=False, cwd=REPOSITORY,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
