"""What the commands that ask many scenarios at once have in common: options, and what they print."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pandas as pd


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
