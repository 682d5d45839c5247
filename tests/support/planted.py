"""Do the two engines agree, and would we notice if they did not: the comparison, and bugs for it to find.

A bug in the Mesa engine is planted by putting another rule in place of one that it calls; the compiled
engine goes on with the real one. A bug in the batch engine is planted in the tables that it makes of a
scenario, or, where compiled code is switched off (NUMBA_DISABLE_JIT=1), in its loops; for the latter run
``python -m tests.support.planted``, which prints the names of the bugs that went unnoticed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

import sim.engines.batch.choice
import sim.engines.batch.effects
import sim.engines.batch.engine
import sim.engines.batch.inference
import sim.engines.batch.tallying
import sim.engines.mesa.many
from sim.engines.batch.engine import Program
from sim.engines.mesa.many import Counter
from sim.engines.mesa.model import CrisisModel
from sim.rules import act, adjust, chance, choose, end, infer, measure, perceive
from sim.scenario.files import load
from sim.scenario.scenario import Scenario
from tests.support.random_scenarios import SCENARIOS, Draw

Histories = list[dict[str, NDArray[np.float64]]]


def mesa_histories(draw: Draw) -> tuple[Any, Histories]:
    """The Mesa engine's batch, and of each run the whole state after each day that it lasted."""
    found: list[list[dict[str, float]]] = []

    class Recorder(Counter):
        def count_day(self, model: CrisisModel, day: int) -> None:
            super().count_day(model, day)
            if day == 0:
                found.append([])
            found[-1].append(model.state())

    with patch.object(sim.engines.mesa.many, "Counter", Recorder):
        batch = sim.engines.mesa.many.play(draw.scenario, draw.plays, draw.seed, draw.days, draw.lifted)
    return batch, [{name: np.array([day[name] for day in days]) for name in days[0]} for days in found]


def disagreements(draw: Draw, program: Program | None = None) -> list[str]:
    """Where the engines differ by a single bit, or show what is no number; [] if nowhere."""
    program = program or Program.of(draw.scenario)
    played = (draw.plays, draw.seed, draw.days, draw.lifted)
    compiled, history = program.play(*played), program.states(*played)
    stepped, histories = mesa_histories(draw)
    wrong = [f"{name} is no number" for name, values in history.items() if not np.isfinite(values).all()]
    for run, states in enumerate(histories):
        if set(states) != set(history):
            wrong.append(f"names of the state differ: {set(states) ^ set(history)}")
        for name in sorted(set(states) & set(history)):
            theirs = history[name][: len(states[name]), run]
            if not _same(states[name], theirs):
                day = int(np.argmax(states[name] != theirs))
                wrong.append(
                    f"{name} of run {run} differs from day {day}: {states[name][day]!r} and {theirs[day]!r}"
                )
    wrong += [f"rows: {n}" for n in compiled.rows if not _same(stepped.rows[n], compiled.rows[n])]
    names = [field.name for field in fields(compiled.tally)]
    wrong += [
        f"tally: {n}" for n in names if not _same(getattr(stepped.tally, n), getattr(compiled.tally, n))
    ]
    return wrong


def _same(a: NDArray[Any], b: NDArray[Any]) -> bool:
    """Whether two arrays are the same bits; -0.0 and 0.0, which print alike, count as equal."""
    return a.dtype == b.dtype and a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")


# Bugs -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bug:
    """A mistake: in which phase, and how it is planted (a context in which it is there)."""

    phase: str
    name: str
    plant: Callable[[], Any]


def _wrong(home: Any, name: str, bug: Callable[..., Any]) -> Bug:
    """A bug in place of ``home.name``; ``bug`` is given the real thing, and then its arguments."""
    real = getattr(home, name)
    phase = home.__name__.rpartition(".")[2]
    return Bug(phase, f"{phase}.{name}", lambda: patch.object(home, name, lambda *given: bug(real, *given)))


# One line of a rule each, wrong in a way that a slip of the pen may be.
IN_RULES = (
    _wrong(choose, "price", lambda real, *x: real(*x[:4], x[5], x[4], *x[6:])),  # stake and precedent swapped
    _wrong(choose, "walk", lambda real, c, i, w, before, u: real(c, i, w, before + w, u)),  # one rung too low
    _wrong(choose, "certainty", lambda real, slope, weight, variance: real(slope, weight, 0.0)),
    _wrong(choose, "decisive_chance", lambda real, rate, u, v, sharpness: real(rate, v, u, sharpness)),
    _wrong(choose, "alert", lambda real, k, ultimatum, concession: real(k, ultimatum, 0.0)),
    _wrong(choose, "grievance", lambda real, stance, coercer, target: real(stance, target, coercer)),
    _wrong(act, "staked", lambda real, c, effect, kept: real(c, 0.0, kept) + effect),  # clamped too early
    _wrong(act, "wound", lambda real, clock, started, days: real(clock, started, days + 1.0)),
    _wrong(act, "moved", lambda real, q, added, taken, kept, rest: real(q, added, taken, kept, 0.0)),
    _wrong(act, "tendered", lambda real, d, o, given, kept, most: real(d, o, given, 1.0, most)),
    _wrong(act, "turned", lambda real, k, a, coercer, target, *x: real(k, a, target, coercer, *x)),
    _wrong(chance, "incident_chance", lambda real, *x: 1.05 * real(*x)),
    _wrong(chance, "fade_chance", lambda real, k, rate, tension: rate * tension),
    _wrong(
        infer, "as_believed", lambda real, u, told, relished, gap, more: real(u, told, relished, -gap, more)
    ),
    _wrong(infer, "score", lambda real, sent, expected, sharpness: real(expected, sent, sharpness)),
    _wrong(
        infer, "fear", lambda real, rate, days, advantage, sharpness: real(rate, 1.0, advantage, sharpness)
    ),
    _wrong(perceive, "doubt", lambda real, fog, v, *x: v),  # never grows surer
    _wrong(perceive, "lost", lambda real, k, fog, kind, *x: real(k, fog, 1.0, *x)),  # all is words
    _wrong(
        perceive, "mood", lambda real, k, before, *x: real(k, before, *x[:-1], 0.0)
    ),  # forces are not felt
    _wrong(adjust, "adjusted", lambda real, *x: real(*x[:-1], -x[-1])),
    _wrong(end, "outcome_today", lambda real, decisive, lost, faded: real(decisive, faded, lost)),
    _wrong(end, "level_after", lambda real, level, outcome: level),
    _wrong(measure, "error_bin", lambda real, error: real(-error)),
)


def _in_table(
    phase: str, name: str, change: Callable[[Any], Any]
) -> tuple[str, str, Callable[[Program], Program]]:
    def planted(program: Program) -> Program:
        changed = np.array(getattr(program.tables, name))
        change(changed)
        return replace(program, tables=program.tables._replace(**{name: changed}))

    return phase, f"table {name}", planted


def _in_numbers(
    phase: str, table: str, name: str, factor: float
) -> tuple[str, str, Callable[[Program], Program]]:
    def planted(program: Program) -> Program:
        numbers = getattr(program.numbers, table)
        changed = numbers._replace(**{name: getattr(numbers, name) * factor})
        return replace(program, numbers=program.numbers._replace(**{table: changed}))

    return phase, f"{table}.{name}", planted


def _times(factor: float) -> Callable[[Any], None]:
    def change(array: Any) -> None:
        array *= factor

    return change


def _swap_first_rows(array: Any) -> None:
    array[[0, 1]] = array[[1, 0]]


IN_TABLES = (
    _in_table("choose", "inclination", _times(0.99)),
    _in_table("choose", "least", _times(1.3)),
    _in_table("choose", "class_of", _times(0)),
    _in_numbers("choose", "coercer", "yield_bar", 1.05),
    _in_table("act", "effects", _times(1.001)),
    _in_table("act", "effects", _swap_first_rows),  # friends and foes of the coercer
    _in_table("act", "rests", _times(0.0)),
    _in_table("act", "certain", _times(0.0)),
    _in_table("act", "speaks", _times(0.0)),
    _in_numbers("chance", "world", "incident_rate", 1.05),
    _in_numbers("chance", "world", "fade_rate", 1.5),
    _in_table("perceive", "fogs", _times(0.999)),
    _in_table("perceive", "seats", _swap_first_rows),
    _in_numbers("perceive", "belief", "appetite_drift", 1.01),
    _in_numbers("adjust", "me_target", "recovery", 0.99),
    _in_numbers("end", "chance", "control_deaths", 2.0),
)


@contextmanager
def _swapped_draws(engine: Any) -> Iterator[None]:
    real = engine.draw_choice

    def always_the_coercers(s: Any, seed: Any, runs: Any, luck: Any, day: Any, seat: Any) -> None:
        real(s, seed, runs, luck, day, 0)

    with patch.object(engine, "draw_choice", always_the_coercers):
        yield


@contextmanager
def _early_end(engine: Any) -> Iterator[None]:
    real = engine.close_rows

    def early(s: Any, day: Any, *given: Any) -> Any:
        return real(s, 0, *given)

    with patch.object(engine, "close_rows", early):
        yield


# A loop over the lanes left out or gone wrong, which only shows where the loops are not compiled.
IN_LOOPS = (
    Bug(
        "choose",
        "needs are not looked at",
        lambda: patch.object(sim.engines.batch.choice, "apply_needs", lambda *x: None),
    ),
    Bug("choose", "one draw for two choices", lambda: _swapped_draws(sim.engines.batch.engine)),
    Bug(
        "act",
        "the world stands still",
        lambda: patch.object(sim.engines.batch.effects, "move", lambda *x: None),
    ),
    Bug(
        "act",
        "clocks stand still",
        lambda: patch.object(sim.engines.batch.engine, "wind_clocks", lambda *x: None),
    ),
    Bug("chance", "no luck", lambda: patch.object(sim.engines.batch.engine, "strike_luck", lambda *x: None)),
    Bug(
        "perceive",
        "nobody infers",
        lambda: patch.object(sim.engines.batch.inference, "read_sent", lambda *x: None),
    ),
    Bug(
        "adjust",
        "resolve stands still",
        lambda: patch.object(sim.engines.batch.engine, "adjust_lanes", lambda *x: None),
    ),
    Bug("end", "ends on the first day", lambda: _early_end(sim.engines.batch.engine)),
    Bug(
        "end",
        "the day is not counted",
        lambda: patch.object(sim.engines.batch.engine, "count_day", lambda *x: None),
    ),
)


def stormy(days: int, count: int) -> Draw:
    """A short crisis in which every phase has something to do: all that can happen, happens often."""
    scenario = load(SCENARIOS / "duel.toml")
    overrides: dict[str, float] = {
        "world.fade_rate": 0.3, "coefficients.chance.fade_tension": 0.8, "world.tension": 0.2, "world.incident_rate": 0.2, "world.loss_of_control": 0.2,
        "world.contact": 0.5, "world.level": 2.0, "world.tender": 0.1, "decisive.rate": 0.3,
        "signals.raid.reluctance": -0.3, "signals.invade.reluctance": -0.3, "signals.attack.reluctance": -0.3,
        "coefficients.chance.control_deaths": 10.0,
        "actors.north.posture": 0.8, "actors.north.suspicion": 0.3, "actors.south.suspicion": -0.1,
        "actors.south.posture": 0.6,
    }  # fmt: skip
    overrides |= {
        f"actors.north.inclination.{name}": 0.3 for name in ("ultimatum", "land_strike", "boat_strike")
    }
    overrides |= {"actors.north.inclination.offer_exit": 0.1, "actors.south.inclination.clash": 0.3}
    return Draw(scenario.replace(overrides), 1, 0, count, days)


def unnoticed_in_loops() -> list[str]:
    """Names of the bugs in loops that the comparison does not see; the loops must not be compiled."""
    draw = stormy(days=4, count=24)
    assert not disagreements(draw), "the interpreted loops differ from the Mesa engine by themselves"
    found = []
    for bug in IN_LOOPS:
        with bug.plant():
            if not disagreements(draw):
                found.append(bug.name)
    return found


def with_bystanders(scenario: Scenario) -> Scenario:
    """The scenario with a third party added on each side that can do all that third parties can."""
    able = {"role": "third", "voice": 0.8, "access": 0.5, "arms": 0.6}
    ally, friend = able | {"seat": 9, "stance": -0.6}, able | {"seat": 8, "stance": 0.5}
    return scenario.replace({"actors.ally": ally, "actors.friend": friend})


if __name__ == "__main__":
    print(*unnoticed_in_loops(), sep="\n", end="")
