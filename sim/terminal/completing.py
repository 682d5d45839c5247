"""What a shell is offered at a TAB: scenarios, results, and keys of numbers. A mistake offers nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from click import Context, Parameter

from sim.errors import BrinkError
from sim.scenario.find import FOLDER, SHIPPED, scenario_files


def scenarios(_: Context, __: Parameter, begun: str) -> list[str]:
    """Names of the scenarios here and of those that ship; files and folders where a path was begun."""
    if "/" in begun:
        folder = Path(begun).parent if not begun.endswith("/") else Path(begun)
        return _starting(begun, (str(file) for file in scenario_files(folder)))
    return _starting(begun, (file.stem for home in (FOLDER, SHIPPED) for file in scenario_files(home)))


def results(ctx: Context, _: Parameter, begun: str) -> list[str]:
    """Names of the folders in the results folder."""
    home = ctx.params.get("results") or ctx.params.get("out") or "results"
    return _starting(begun, (file.parent.name for file in sorted(Path(home).glob("[!.]*/manifest.json"))))


def keys(_: Context, __: Parameter, begun: str) -> list[str]:
    """Keys of the numbers of the scenario that was typed, with "="; those that have what was begun if none begins so."""
    from sim.scenario.files import load
    from sim.scenario.lookup import numbers_in

    try:
        tree = load(_typed() or "standoff").document()
    except BrinkError:
        return []
    every = [".".join(map(str, key)) + "=" for key, _, _ in numbers_in(tree)]
    return _starting(begun, every) or [key for key in every if begun in key]


def _starting(begun: str, names: Iterable[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if name.startswith(begun)]


def _typed() -> str:
    """The first word behind the command that is no option, from what shells say of the line; click has lost it by then."""
    words = os.environ.get("COMP_WORDS", "").split()[2:]
    return next((word for word in words if not word.startswith("-")), "")
