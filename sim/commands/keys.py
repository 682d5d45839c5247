"""``brink keys``: the numbers of a scenario, and how each is typed."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import click

from sim.errors import BrinkError
from sim.terminal.options import json_option, one_scenario

if TYPE_CHECKING:
    from sim.scenario.keys import Number


@click.command()
@one_scenario
@click.argument("words", nargs=-1, metavar="[WORD...]")
@click.option(
    "--all", "every", is_flag=True, help="Also what signals weigh and do, a few dozen numbers each."
)
@json_option
def command(scenario: str, words: tuple[str, ...], every: bool, as_json: bool) -> None:
    """List the numbers that a scenario can be changed in: key, value, allowed range, unit, meaning and source.

    With WORDs only those that have them all in their key, meaning or source. A key is what --set, --vary and
    `Scenario.replace` take.

    \b
    Examples:
      brink keys standoff resolve
      brink keys standoff caracas
      brink keys standoff raid reluctance
      brink run standoff --set actors.caracas.resolve=0.7
    """
    from sim.scenario.files import load
    from sim.scenario.keys import LATER, numbers_of
    from sim.text import shown

    own, wanted = load(scenario), " ".join(words)
    numbers = numbers_of(own)
    if wanted:
        found = [each for each in numbers if each.fits(wanted)]
        found.sort(key=lambda each: not all(word in each.key for word in wanted.casefold().split()))
    else:
        found = [each for each in numbers if every or each.key.partition(".")[0] not in LATER]
    if not found:
        raise BrinkError(f"{own.name}: no number has {shown(wanted)}; `brink keys {scenario}` lists them.")
    if as_json:
        import json

        click.echo(json.dumps([vars(each) for each in found], ensure_ascii=False))
        return
    click.echo(_table(found))
    left = len(numbers) - len(found)
    if not wanted and left:
        click.echo(f"\nAnd {left:,} of signals: --all, or a signal as WORD, as in `raid`.")
    click.echo(f"\nNext: brink run {scenario} --set {found[0].key}=VALUE")


def _table(found: list[Number]) -> str:
    """A line or two for each number, and under it its meaning and source."""
    from sim.scenario.lookup import plain
    from sim.terminal.folding import fitting, terminal_width

    head = ("KEY", "VALUE", "ALLOWED", "UNIT")
    rows = [
        (each.key, "none" if each.value is None else plain(each.value), each.allowed, each.unit)
        for each in found
    ]
    lines = fitting([head, *rows], right=(1,)).split("\n")
    deep = len(lines) // (len(rows) + 1)
    told = lines[:deep]
    for place, each in enumerate(found, start=1):
        told += lines[place * deep : (place + 1) * deep]
        told += textwrap.wrap(_about(each), terminal_width(), initial_indent="    ", subsequent_indent="    ")
    return "\n".join(told)


def _about(each: Number) -> str:
    from sim.scenario.lookup import plain

    known = f"assumed {' to '.join(map(plain, each.assumed))}: " if each.assumed else ""
    return f"{each.meaning}; {known}{each.source}"
