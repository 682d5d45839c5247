"""``brink new``: a commented scenario to start from."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.compute.files import cleared
from sim.errors import BrinkError

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.schema.fields import Table


NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")

WORLD = ("contact", "framework", "tension", "outreach", "immunity")
FOG = ("framework", "rhetoric", "strikes", "opacity", "suspicion")
ACTOR = ("resolve", "audience_cost", "dual_track", "suspicion")

TEMPLATE = """\
# {name}: a scenario of your own, laid over {base}. Change a number or two, then:
#
#     brink check {name}
#     brink run {name}
#     brink run {base_name}   # what to compare it with
#     brink plot {base_name} {name}
#     brink diff {base_name} {name}   # or both at once: what differs, and what follows
#
# What is not said here is as in {base}; `brink schema` lists all that can be said. A number stands alone
# or as an assumption {{ value, low, high, source }}: the study is run with its value, and sweeps and checks
# move it from low to high. What stands in brackets is the unit and what is allowed.

extends = {extends}
title = {title}

[study]
runs = {runs}
days = {days}
seed = {seed} # the same seed gives the same luck: keep it to compare two scenarios

[world] # on day 0
{world}

[fog] # channels of misreading: 0 takes one away, 1 is the full law
{fog}

[actors.{coercer}] # the coercer, which makes demands
{coercer_numbers}

[actors.{target}] # the target, on which they are made
{target_numbers}

# One act that is forced, whatever the actor would have chosen that day. Take the signs away to use it;
# copy it for another.
# [[script]]
# day = 10
# actor = "{coercer}"
# signal = "call"
"""


@click.command()
@click.argument("name", metavar="NAME")
@click.option(
    "--extends",
    "base",
    metavar="SCENARIO",
    help="The scenario that the new one is laid over.  [default: standoff]",
)
@click.option("--coercer", metavar="TITLE", help="Who makes demands: a whole scenario is written.")
@click.option("--target", metavar="TITLE", help="On whom they are made.")
@click.option("--third", default="", metavar="TITLE,...", help="Who watches and joins, with commas between.")
def command(name: str, base: str | None, coercer: str | None, target: str | None, third: str) -> None:
    """Write scenarios/NAME.toml, a commented scenario to start from.

    With --coercer and --target it is a whole crisis of your own, which extends nothing: its numbers are those of the
    middle of the road, each an assumption for you to replace. Else it is laid over another scenario and says the numbers
    that are most often changed. A file that exists is never overwritten.

    \b
    Examples:
      brink new mine
      brink new quiet --extends calm
      brink new falklands --coercer London --target "Buenos Aires" --third Washington,Lima
    """
    from sim.scenario.files import load
    from sim.scenario.find import find, shipped_name
    from sim.scenario.whole import whole
    from sim.text import shown

    if not NAME.fullmatch(name):
        raise BrinkError(
            f"{shown(name)} is no good name: use small letters, digits, _ and -, a letter first, at most 40."
        )
    path = Path("scenarios", f"{name}.toml")
    if path.exists():
        raise BrinkError(f"{path}: exists already, and is not overwritten; choose another name.")
    if coercer is not None or target is not None or third:
        if coercer is None or target is None or base is not None:
            raise BrinkError("A whole scenario needs --coercer and --target, and goes without --extends.")
        text = whole(name, coercer, target, [each for each in third.split(",") if each.strip()])
    else:
        file = find(base or "standoff")
        if shipped_name(file) == path.name:
            raise BrinkError(
                f"{shown(name)} is what the scenario that it extends is called; choose another name."
            )
        below = shipped_name(file) or os.path.relpath(file, path.parent)
        text = filled(name, load(file), Path(below))
    path.parent.mkdir(exist_ok=True)
    _write_new(path, text)
    click.echo(f"{path}: written; edit it, then `brink check {name}` and `brink run {name}`")


def filled(name: str, base: Scenario, extends: Path) -> str:
    """The text of a scenario that is laid over ``base`` and repeats its most telling numbers."""
    coercer, target = base.coercer, base.target
    return TEMPLATE.format(
        name=name,
        base=extends.name,
        base_name=base.name,
        extends=json.dumps(extends.as_posix(), ensure_ascii=False),
        title=json.dumps(f"{name}: a variant of {base.name}", ensure_ascii=False),
        runs=base.study.runs,
        days=base.study.days,
        seed=base.study.seed,
        world=_lines(base, "world", base.world, WORLD),
        fog=_lines(base, "fog", base.fog, FOG),
        coercer=coercer,
        coercer_numbers=_lines(base, f"actors.{coercer}", base.actors[coercer], ACTOR),
        target=target,
        target_numbers=_lines(base, f"actors.{target}", base.actors[target], ACTOR),
    )


def _lines(base: Scenario, where: str, table: Table, fields: Iterable[str]) -> str:
    """Two lines for each field: its meaning, then its value, with its range if ``base`` gives one."""
    lines = []
    for field in fields:
        value = repr(getattr(table, field))
        known = base.assumptions.get(f"{where}.{field}")
        if known:
            value = (
                f'{{ value = {value}, low = {known.low!r}, high = {known.high!r}, source = "assumption" }}'
            )
        lines += [f"# {_meaning(table, field)}", f"{field} = {value}"]
    return "\n".join(lines)


def _meaning(table: Table, field: str) -> str:
    declared = type(table).model_fields[field]
    limits = {type(limit).__name__: limit for limit in declared.metadata}
    unit = declared.json_schema_extra["unit"]  # type: ignore[index]
    return f"{declared.description} [{unit}, {limits['Ge'].ge:g} to {limits['Le'].le:g}]"


def _write_new(path: Path, text: str) -> None:
    """Write a file that did not exist: all of it or nothing, and never over another."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        cleared(part).write_text(text, encoding="utf-8")
        os.link(part, path)
    except FileExistsError:
        raise BrinkError(f"{path}: exists already, and is not overwritten; choose another name.") from None
    finally:
        part.unlink(missing_ok=True)
