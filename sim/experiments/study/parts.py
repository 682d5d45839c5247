"""What a study can carry along besides its plain runs: questions whose units are runs, and which grow with it."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from sim.errors import StudyError
from sim.experiments.question import Question
from sim.scenario.scenario import Scenario

PARTS: dict[str, str] = {
    "rare": "sim.experiments.rare.question",
    "twins": "sim.experiments.twins.question",
    "attribution": "sim.experiments.attribution.question",
    "arms": "sim.experiments.arms.part",
}
"""The module that has each, as ``QUESTION``; imported when it is first asked for."""


def part(name: str, planned: Scenario) -> Question:
    """The question of that name, asked of a scenario with the runs, days and seed that are used.

    Its stage, its kind and ``name`` are the same. Raises StudyError if there is none of that name.
    """
    if name not in PARTS:
        raise StudyError(f'there is no part "{name}"; known: {", ".join(PARTS)}')
    found: Question = import_module(PARTS[name]).QUESTION(planned)
    return found


def asked(planned: Scenario, names: tuple[str, ...]) -> tuple[str, ...]:
    """The parts that a study is to have, in the order of PARTS: those named, and those that the scenario asks for.

    That is arms if it has any, and twins if its study is of that kind. Raises StudyError for a name that is none.
    """
    wanted = {
        *names,
        *(("arms",) if planned.arms else ()),
        *(("twins",) if planned.study.kind == "twins" else ()),
    }
    for name in wanted - PARTS.keys():
        part(name, planned)
    return ordered(wanted)


def ordered(names: Iterable[str]) -> tuple[str, ...]:
    """Names of parts in the order in which they are carried out and told; what is unknown is left out."""
    found = set(names)
    return tuple(name for name in PARTS if name in found)
