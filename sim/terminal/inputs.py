"""What several commands take: scenario files, overrides and whole numbers, and how they are checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sim.errors import BrinkError
from sim.terminal import completing

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


T = TypeVar("T")
scenario_files = click.argument(
    "scenarios",
    nargs=-1,
    required=True,
    metavar="SCENARIO...",
    shell_complete=completing.scenarios,
)

settings = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    shell_complete=completing.keys,
    help="Replace a value of the scenario, as in actors.caracas.resolve=0.7; may be repeated.",
)

results_folder = click.option(
    "--results", default="results", show_default=True, metavar="DIR", help="Where results lie."
)

one_study = click.argument("study", metavar="STUDY", shell_complete=completing.results)

one_result = click.argument("result", metavar="NAME", shell_complete=completing.results)

FIGURE_FORMATS = ("png", "svg", "pdf")
"""As in :mod:`sim.figures.style`, which takes half a second to import; a test holds them together."""


def _drawable(_: click.Context, __: click.Parameter, file: str | None) -> str | None:
    """The file, if a figure can be written to it; known before anything is computed."""
    if file is not None and Path(file).suffix.lower().lstrip(".") not in FIGURE_FORMATS:
        raise BrinkError(f"--figure is {file}; it must end with .png, .svg or .pdf.")
    return file


figure_file = click.option(
    "--figure", metavar="FILE", callback=_drawable, help="Also draw it, to a .png, .svg or .pdf file."
)


class WholeNumber(click.ParamType[int]):
    """A whole number in a range, refused in plain words."""

    name = "whole number"

    def __init__(self, least: int, most: int) -> None:
        self._limits = least, most

    @property
    def limits(self) -> tuple[int, int]:
        """The least and the most that is allowed."""
        return self._limits

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; a usage error in plain words if it is none or out of range."""
        from sim.text import shown

        least, most = self.limits
        try:
            number = int(value)
        except ValueError:
            number = None
        if number is None or not least <= number <= most:
            option, found = param.opts[0] if param else "it", shown(value if number is None else number)
            allowed = f"it must be a whole number between {least:,} and {most:,}."
            raise click.UsageError(f"{option} is {found}; {allowed}", ctx) from None
        return number


class PlanNumber(WholeNumber):
    """A whole number of a scenario's ``[study]`` table, in the range that the schema allows it."""

    def __init__(self, field: str) -> None:
        self.field = field

    @property
    def limits(self) -> tuple[int, int]:
        """The least and the most that is allowed."""
        from sim.schema.plans import StudyPlan

        found = {type(limit).__name__: limit for limit in StudyPlan.model_fields[self.field].metadata}
        return found["Ge"].ge, found["Le"].le


def plan_option(field: str, meaning: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """An option ``--runs``, ``--days`` or ``--seed``; None if it is not given."""
    return click.option(f"--{field}", type=PlanNumber(field), metavar="N", help=meaning)


def times_option(what: str, default: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The option ``--times``: continuations with fresh luck, as many as there are branches of it at most."""
    return click.option(
        "--times",
        type=WholeNumber(1, 65_535),
        metavar="N",
        help=f"Continuations with fresh luck for {what}.  [default: {default:,}]",
    )


def files_in(named: Sequence[str]) -> list[str]:
    """Scenario files and names, each folder replaced by the .toml files directly in it, by name.

    Raises ScenarioError for folders that hold none.
    """
    from sim.errors import ScenarioError
    from sim.scenario.find import find_folder, scenario_files

    found: list[str] = []
    empty: list[str] = []
    for each in named:
        folder = find_folder(each)
        inside = [str(file) for file in scenario_files(folder)] if folder else [each]
        found += inside
        empty += [] if inside else [f"{each}: holds no scenario, no file that ends with .toml"]
    if empty:
        raise ScenarioError(empty)
    return found


def group_of(named: Sequence[str]) -> str:
    """What scenarios given together are called: the folder given, or that in which all of them lie."""
    homes = {(Path(each) if Path(each).is_dir() else Path(each).parent).resolve() for each in named}
    return homes.pop().name or "scenarios" if len(homes) == 1 else "scenarios"


def loaded(files: Iterable[str], settings: Sequence[str]) -> list[Scenario]:
    """All scenarios with the overrides in place, or ScenarioError with the mistakes of all of them."""
    from sim.scenario.files import load_with

    overrides = overrides_of(settings)
    return _each_or_every_mistake(lambda file: load_with(file, overrides), files)


def overrides_of(settings: Sequence[str]) -> dict[str, Any]:
    """Keys and values of ``--set``, or ScenarioError with the mistakes of all of them."""
    from sim.scenario.files import parse_override

    return dict(_each_or_every_mistake(parse_override, settings))


def _each_or_every_mistake(read: Callable[[str], T], texts: Iterable[str]) -> list[T]:
    """What ``read`` makes of each text, or one ScenarioError with the mistakes of all."""
    from sim.errors import ScenarioError

    made: list[T] = []
    problems: list[str] = []
    for text in texts:
        try:
            made.append(read(text))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(list(dict.fromkeys(problems)))
    return made
