"""``brink habits``: what each actor does on its days, and the inclinations behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from sim.errors import BrinkError
from sim.terminal.inputs import WholeNumber

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

SHOWN, SOLVED = 2_000, 40_000  # runs: enough to see a share of days, and to solve for it
TOLERANCE = 0.02  # largest relative error of a rate
MOST_STEPS = 60


@click.command()
@click.argument("name", metavar="SCENARIO")
@click.option(
    "--solve", is_flag=True, help="Solve the inclinations for the scenario's [rates], and show them."
)
@click.option("--write", is_flag=True, help="Solve, and write what comes out into the file.")
@click.option(
    "--runs",
    type=WholeNumber(100, 10_000_000),
    metavar="N",
    help=f"Runs to simulate.  [default: {SHOWN:,}; {SOLVED:,} a step to solve]",
)
def command(name: str, solve: bool, write: bool, runs: int | None) -> None:
    """Show how often each actor sends each signal, and the inclinations that are behind it.

    An inclination is a liking or a dislike, in utility, beyond what an actor gains by a signal. Only differences count,
    so that of `hold` is 0 and all others are measured against it. An actor for which a scenario gives none has that of
    its role. Shares are of its days, days on which a capital decides left out, so they add up to 100.

    With --solve, inclinations are changed until simulated crises show the proportions in [rates.ACTOR], which count
    relative to each other: they need not add up to one.

    \b
    Examples:
      brink habits duel
      brink habits mine.toml --solve
      brink habits mine.toml --write
    """
    from sim.experiments.calibration.inclinations import rewritten, shares_of_days
    from sim.experiments.calibration.inclinations import solve as solved
    from sim.results.store import whole
    from sim.scenario.files import load
    from sim.scenario.find import find, shipped_name

    file, scenario, said = find(name), load(name), ""
    if write and shipped_name(file):
        raise BrinkError(
            f"{name} ships with the program and is not written over; copy it to scenarios/ first."
        )
    if solve or write:
        scenario, worst, steps = solved(scenario, runs or SOLVED, TOLERANCE, MOST_STEPS)
        said = f"solved in {steps} steps; the largest relative error of a rate is {worst:.1%}"
        if worst > TOLERANCE:
            said += f", more than the {TOLERANCE:.0%} aimed at: rates that cannot all be had"
    text = rewritten(file.read_text(encoding="utf-8"), scenario) if write else ""
    click.echo(_page(scenario, shares_of_days(scenario, runs or SHOWN)))
    if said:
        click.echo(f"\n{said}")
    if write:
        whole(file, lambda part: part.write_text(text, encoding="utf-8"))
        click.echo(f"{file}: inclinations written")


def _page(scenario: Scenario, shares: Mapping[str, Mapping[str, float]]) -> str:
    """A table an actor: what it does, most often first."""
    parts = [
        f"Habits in {scenario.name}: inclinations in utility (hold is 0), and on how many of\n"
        "100 days each signal is sent (days on which a capital decides are left out)."
    ]
    for name in scenario.seats:
        parts.append(
            f"{scenario.label(name)}, {scenario.actors[name].role}\n{_table(scenario, name, shares[name])}"
        )
    return "\n\n".join(parts)


def _table(scenario: Scenario, name: str, shares: Mapping[str, float]) -> str:
    from sim.reports.tables import columns
    from sim.schema.habits import habits_of

    actor, wanted = scenario.actors[name], scenario.rates.get(name, {})
    role, total = habits_of(actor.role), sum(wanted.get(signal, 0.0) for signal in shares)
    rows: list[Sequence[str]] = [
        ("signal", "inclination", "role's", "of 100 days", *(["wanted"] if wanted else []))
    ]
    for signal, share in sorted(shares.items(), key=lambda each: -each[1]):
        own, usual = actor.inclination.get(signal, 0.0), role.get(signal, 0.0)
        aim = [f"{100 * wanted.get(signal, 0.0) / total:.1f}"] if wanted else []
        rows.append((signal, f"{own:.2f}", f"{usual:.2f}", f"{100 * share:.1f}", *aim))
    return columns(rows, right=(1, 2, 3, 4))
