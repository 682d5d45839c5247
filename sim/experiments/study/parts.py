"""What a study can have besides its plain runs, each an experiment of its own with tables, report and figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from sim.compute.experiment import Experiment, Piece
from sim.errors import StudyError

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.scenario import Scenario


Tables = Mapping[str, "pd.DataFrame"]


class Part(Protocol):
    """One kind of question asked of a scenario beside its odds. ``planned`` has the runs, days and seed used."""

    @property
    def name(self) -> str:
        """Key in JSON and in the manifest, and name of the file of its counts."""
        ...

    def experiment(self, planned: Scenario) -> Experiment:
        """What is to be computed."""
        ...

    def tables(self, planned: Scenario, piece: Piece) -> dict[str, pd.DataFrame]:
        """Tables by name, of all units merged; each is kept as NAME.parquet."""
        ...

    def to_json(self, tables: Tables) -> dict[str, Any]:
        """What ``brink run --json`` says of it."""
        ...

    def sections(self, planned: Scenario, tables: Tables) -> list[str]:
        """Lines of Markdown for the report, a heading first."""
        ...

    def figures(self) -> tuple[str, ...]:
        """Names of its figures in :data:`sim.experiments.study.figures.FIGURES`."""
        ...


PARTS: dict[str, str] = {
    "rare": "sim.experiments.rare.question",
    "twins": "sim.experiments.twins.question",
    "attribution": "sim.experiments.attribution.question",
    "arms": "sim.experiments.arms.question",
}
"""The module that holds each part, as ``PART``; imported when it is first asked for."""


def part(name: str) -> Part:
    """The part of that name. Raises StudyError if there is none."""
    if name not in PARTS:
        raise StudyError(f'there is no part "{name}"; known: {", ".join(PARTS)}')
    found: Part = import_module(PARTS[name]).PART
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
        part(name)
    return ordered(wanted)


def ordered(names: Iterable[str]) -> tuple[str, ...]:
    """Names of parts in the order in which they are carried out and told; what is unknown is left out."""
    found = set(names)
    return tuple(name for name in PARTS if name in found)
