"""What the commands that ask many scenarios at once have in common: options, a bar, and what they print."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.runner import Means
    from sim.scenario.scenario import Scenario


one_scenario = click.argument("scenario", metavar="SCENARIO")

out_option = click.option(
    "--out", default="results", show_default=True, metavar="DIR", help="Where to write the results."
)

name_option = click.option("--name", metavar="NAME", help="Name of the folder of results.")
figures_option = click.option("--figures/--no-figures", default=True, help="Draw the figures, or do without.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")

executor_option = click.option(
    "--executor",
    default="threads",
    show_default=True,
    metavar="WHO",
    help="Who computes: threads[:N], processes[:N], dask[:N] or dask:tcp://HOST:PORT. Results are the same.",
)

quiet_option = click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")


def kept_options(function: Callable[..., None]) -> Callable[..., None]:
    """What every such command takes: --figures, --out, --name, --executor, --json and --quiet."""
    for option in (quiet_option, json_option, executor_option, name_option, out_option, figures_option):
        function = option(function)
    return function


@contextmanager
def watched(
    title: str, scenario: Scenario, runs: int, days: int | None, out: str, executor: str, quiet: bool
) -> Iterator[Means]:
    """Who computes ``runs`` plain runs in all, and a bar that says how far they are.

    Raises StudyError if that would take over a week, or for an executor that there is not.
    """
    from sim.compute.executors import checked
    from sim.experiments.runner import Means
    from sim.terminal.cost import cost, refuse_the_impossible
    from sim.terminal.progress import live

    checked(executor)
    length = scenario.study.days if days is None else days
    refuse_the_impossible(title, runs, length, cost(scenario, runs, length, "batch", rows=False), Path(out))
    with live(title, runs, quiet) as shown:
        yield Means(executor, shown.progress, shown.announce)


def say(
    text: str, folder: Path | None, tables: Mapping[str, pd.DataFrame], as_json: bool, quiet: bool
) -> None:
    """Print the findings: as text, or as one JSON object with a list of rows for each table."""
    if as_json:
        import json

        rows: dict[str, Any] = {
            name: json.loads(table.to_json(orient="records")) for name, table in tables.items()
        }
        click.echo(json.dumps({"folder": str(folder) if folder else None, **rows}, ensure_ascii=False))
    elif not quiet:
        click.echo(text.rstrip("\n"))
        if folder is not None:
            click.echo(f"\nResults: {folder}/")
