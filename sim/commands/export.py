"""``brink export``: the tables of a result as files for other programs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.terminal.inputs import one_result, results_folder

if TYPE_CHECKING:
    import pandas as pd

FORMATS = ("csv", "xlsx", "parquet")


@click.command()
@one_result
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="csv",
    show_default=True,
    help="A CSV or Parquet file for each table, or one Excel workbook with a sheet for each.",
)
@click.option(
    "--out", metavar="DIR", help="Where to write; by default NAME-csv beside the result's own folder."
)
@results_folder
def command(result: str, form: str, out: str | None, results: str) -> None:
    """Write all tables of a result for other programs: of a study its runs, curves, signals, parts, summary, …

    NAME is that of a study, sweep or any other result (the newest of that name is meant), or its folder. Numbers
    are written in full, so that reading them back gives the same numbers.

    \b
    Examples:
      brink export standoff
      brink export standoff --format xlsx
      brink export standoff-sweep-5e6f7a8b --format parquet --out ~/tables
    """
    from sim.experiments.kept import open_kept

    found = open_kept(result, results)
    assert found.folder is not None
    folder = Path(out) if out else found.folder.with_name(f"{found.folder.name}-{form}")
    folder.mkdir(parents=True, exist_ok=True)
    written = (
        [_workbook(folder / f"{found.folder.name}.xlsx", found.tables)]
        if form == "xlsx"
        else [_table(folder / f"{name}.{form}", table) for name, table in found.tables.items()]
    )
    click.echo(f"{folder}/: {', '.join(written)}")


def _table(path: Path, table: pd.DataFrame) -> str:
    from sim.results.folder import parquet
    from sim.results.store import whole

    if path.suffix == ".parquet":
        return whole(path, lambda part: part.write_bytes(parquet(table))).name
    return whole(path, lambda part: table.to_csv(part, index=False, lineterminator="\n")).name


def _workbook(path: Path, tables: Mapping[str, pd.DataFrame]) -> str:
    from sim.results.spreadsheet import write_workbook
    from sim.results.store import whole

    return whole(path, lambda part: write_workbook(part, tables)).name
