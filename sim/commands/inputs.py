"""What several commands take: scenario files, overrides and whole numbers, and how they are checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from sim.scenario import Scenario

T = TypeVar("T")

scenario_files = click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
settings = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    help="Replace a value of the scenario, as in actors.caracas.resolve=0.7; may be repeated.",
)
results_folder = click.option(
    "--results", default="results", show_default=True, metavar="DIR", help="Where the studies lie."
)
one_study = click.argument("study", metavar="STUDY")
figure_file = click.option("--figure", metavar="FILE", help="Also draw it, to a .png, .svg or .pdf file.")


class PlanNumber(click.ParamType[int]):
    """A whole number of a scenario's ``[study]`` table, in the range that the schema allows it."""

    name = "whole number"

    def __init__(self, field: str) -> None:
        self.field = field

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; a usage error in plain words if it is none or out of range."""
        from sim.scenario import StudyPlan
        from sim.shown import shown

        limits = {type(limit).__name__: limit for limit in StudyPlan.model_fields[self.field].metadata}
        low, high = limits["Ge"].ge, limits["Le"].le
        allowed = f"it must be a whole number between {low:,} and {high:,}."
        try:
            number = int(value)
        except ValueError:
            raise click.UsageError(f"--{self.field} is {shown(value)}; {allowed}", ctx) from None
        if not low <= number <= high:
            raise click.UsageError(f"--{self.field} is {shown(number)}; {allowed}", ctx)
        return number


def plan_option(field: str, meaning: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """An option ``--runs``, ``--days`` or ``--seed``; None if it is not given."""
    return click.option(f"--{field}", type=PlanNumber(field), metavar="N", help=meaning)


class WholeNumber(click.ParamType[int]):
    """A whole number in a range, refused in plain words."""

    name = "whole number"

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; a usage error if it is none or out of range."""
        from sim.shown import shown

        try:
            number = int(value)
        except ValueError:
            number = None
        if number is None or not self.least <= number <= self.most:
            option = param.opts[0] if param else "it"
            allowed = f"it must be a whole number between {self.least:,} and {self.most:,}."
            raise click.UsageError(f"{option} is {shown(value)}; {allowed}", ctx)
        return number


def times_option(what: str, default: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The option ``--times``: continuations with fresh luck, as many as there are branches of it at most."""
    return click.option(
        "--times",
        type=WholeNumber(1, 65_535),
        metavar="N",
        help=f"Continuations with fresh luck for {what}.  [default: {default:,}]",
    )


def loaded(files: Iterable[str], settings: Sequence[str]) -> list[Scenario]:
    """All scenarios with the overrides in place, or ScenarioError with the mistakes of all of them."""
    from sim.scenario_file import load_with, parse_override

    overrides = dict(_each_or_every_mistake(parse_override, settings))
    return _each_or_every_mistake(lambda file: load_with(file, overrides), files)


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
