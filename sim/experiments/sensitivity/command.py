"""``brink sensitivity``: which assumptions the results of a scenario rest on."""

from __future__ import annotations

import click

from sim.terminal.inputs import plan_option, settings
from sim.terminal.options import kept_options, one_scenario, say, watched


@click.command()
@one_scenario
@click.option("--over", multiple=True, metavar="KEY", help="Move this number only; may be repeated.")
@click.option("--quick", is_flag=True, help="A first look, in a fraction of the time.")
@click.option(
    "--keep", type=int, metavar="N", help="How many numbers get an index of their own; 15 by default."
)
@click.option("--rows", type=int, metavar="N", help="Rows of the design, a power of two; 1024 by default.")
@click.option("--runs", type=int, metavar="N", help="Runs at each point of it; 64 by default.")
@click.option(
    "--discover",
    default="miscalculated",
    show_default=True,
    metavar="WHAT",
    help="Find where this is high: war, miscalculated, exit, peak_level, or none.",
)
@plan_option("days", "How long to follow each run.")
@plan_option("seed", "The seed of the design and of all luck.")
@settings
@kept_options
def command(
    scenario: str,
    over: tuple[str, ...],
    quick: bool,
    keep: int | None,
    rows: int | None,
    runs: int | None,
    discover: str,
    days: int | None,
    seed: int | None,
    settings: tuple[str, ...],
    figures: bool,
    out: str,
    name: str | None,
    executor: str,
    as_json: bool,
    quiet: bool,
) -> None:
    """Say which assumptions the results of a scenario rest on, every one moved over its declared range.

    Screening of all registered numbers (Morris), then Sobol' indices of those that do most, chance taken out;
    and the box of numbers in which miscalculated war is high. Needs SALib: pip install "brink[sensitivity]".

    \b
    Examples:
      brink sensitivity scenarios/standoff.toml
      brink sensitivity scenarios/standoff.toml --quick
      brink sensitivity scenarios/standoff.toml --over world.framework --over actors.caracas.suspicion
    """
    from dataclasses import replace

    from sim.experiments.design import factors
    from sim.experiments.sensitivity.sensitivity import QUICK, THOROUGH, quantity_named, sensitivity
    from sim.terminal.inputs import loaded

    [played] = loaded([scenario], settings)
    given = {
        key: value for key, value in (("keep", keep), ("rows", rows), ("runs", runs)) if value is not None
    }
    effort = replace(QUICK if quick else THOROUGH, **given)
    wanted = quantity_named(discover)
    total = effort.plain_runs(len(factors(played, over)), wanted is not None)
    with watched(f"{played.name}, sensitivity", played, total, days, out, executor, quiet) as means:
        found = sensitivity(
            played,
            over=over,
            effort=effort,
            discover=wanted,
            days=days,
            seed=seed,
            out=out,
            name=name,
            figures=figures,
            means=means,
        )
    shown = {name: table for name, table in found.tables.items() if name != "points"}
    say(found.text, found.folder, shown, as_json, quiet)
