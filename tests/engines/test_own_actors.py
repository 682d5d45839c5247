"""Actors of a user's own: which may play, what their runs depend on, and many runs of them in any cut and process."""

from __future__ import annotations

import importlib.util
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from sim.engines.mesa.agents import Coercer, Target
from sim.engines.mesa.many import levels, simulate
from sim.engines.mesa.own_actors import check, identity, travel
from sim.engines.tally import ROW_TYPES, Batch, joined
from sim.errors import StudyError
from sim.scenario.files import load


class Patient(Target):
    """Concedes every day, whatever it sees."""

    def choose(self) -> str:
        return "concede"


class Plain(Target):
    """A target of one's own that changes nothing."""


def played(first: int, count: int, actors: Any = None) -> Batch:
    return simulate(load("duel"), 5, first, count, 8, actors)


def same(one: Batch, other: Batch) -> bool:
    rows = all(np.array_equal(one.rows[name], other.rows[name]) for name in ROW_TYPES)
    return rows and all(
        np.array_equal(a, b)
        for a, b in zip(vars(one.tally).values(), vars(other.tally).values(), strict=True)
    )


def test_one_that_changes_nothing_gives_the_runs_of_the_batch_engine() -> None:
    from sim.engines.batch.engine import Program

    assert same(played(0, 40, {"south": Plain}), Program.of(load("duel")).simulate(5, 0, 40, 8))


def test_one_that_always_concedes_is_counted_as_conceding() -> None:
    scenario = load("duel")
    batch = played(0, 30, {"south": Patient})
    sent = batch.tally.signals[:, scenario.seats.index("south")]
    assert sent.sum() == batch.tally.ongoing.sum()
    assert sent[:, scenario.ladder.index("concede")].sum() == sent.sum()
    table = levels(scenario, 5, 2, 8, {"south": Patient})
    assert len(table) == 2 * 8


def test_runs_do_not_depend_on_the_cut_or_on_the_process() -> None:
    whole = played(0, 24, {"south": Patient})
    cuts = [(0, 5), (5, 11), (16, 8)]
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        parts = list(pool.map(partial(played, actors={"south": Patient}), *zip(*cuts, strict=True)))
    assert same(whole, joined(parts))


@pytest.mark.parametrize(
    ("actors", "said"),
    [
        ({"sooth": Patient}, 'there is no sooth in duel; did you mean "south"?'),
        ({"north": Patient}, 'north has the role "coercer", and Patient is no class of such an agent'),
        ({"south": Coercer}, 'south has the role "target", and Coercer'),
        ({"south": dict}, "dict is no class of such an agent"),
        ({"south": 5}, "5 is no class of such an agent"),
    ],
)
def test_what_cannot_play_a_part_is_refused_in_words(actors: Any, said: str) -> None:
    with pytest.raises(StudyError) as error:
        check(load("duel"), actors)
    assert said in str(error.value)


def module(path: Path, source: str) -> ModuleType:
    """A module of the user's own, as if imported from that file."""
    path.write_text(source)
    spec = importlib.util.spec_from_file_location("players", path)
    assert spec
    assert spec.loader
    made = importlib.util.module_from_spec(spec)
    sys.modules["players"] = made
    spec.loader.exec_module(made)
    return made


SOURCE = """
from sim.engines.mesa.agents import Target

def answer():
    return "concede"

class Patient(Target):
    def choose(self):
        return answer()

class More(Patient):
    pass
"""


@pytest.mark.parametrize("name", ["Patient", "More"])
def test_an_edit_of_the_users_file_makes_other_runs(name: str, tmp_path: Path) -> None:
    """Also in a function beside the class, and in a class that it is derived from."""
    kinds = [getattr(module(tmp_path / "players.py", source), name) for source in (SOURCE, SOURCE)]
    assert identity({"south": kinds[0]}) == identity({"south": kinds[1]})
    before = identity({"south": kinds[0]})
    other = getattr(module(tmp_path / "players.py", SOURCE.replace('"concede"', '"hold"')), name)
    assert identity({"south": other}) != before
    assert identity({"south": other})[0][:2] == ("south", f"players.{name}")
    sys.modules.pop("players")


def test_a_class_that_others_cannot_import_does_not_travel() -> None:
    class Local(Target):
        pass

    assert travel({"south": Patient})
    assert not travel({"south": Local})
    assert not travel({"south": Patient, "north": Local})
