"""``brink export``: a study's tables as files that a spreadsheet opens."""

from __future__ import annotations

from pathlib import Path

import click

from sim.terminal.inputs import one_study, results_folder

TABLES = ("curves", "signals", "samples", "harm")


@click.command()
@one_study
@click.option("--format", "form", type=click.Choice(["csv"]), default="csv", show_default=True)
@click.option(
    "--out", metavar="DIR", help="Where to write; by default STUDY-csv beside the study's own folder."
)
@results_folder
def command(study: str, form: str, out: str | None, results: str) -> None:
    """Write a study's tables for a spreadsheet: runs, curves, signals, samples, harm, those of its parts, the summary.

    Numbers are written in full, so that reading them back gives the same numbers.

    \b
    Examples:
      brink export standoff --format csv
      brink export standoff --format csv --out ~/tables
    """
    from sim.errors import StudyError
    from sim.experiments.study.study import open_study

    found = open_study(study, results)
    if out is None and found.folder is None:
        raise StudyError("--out is missing: this study has no folder.")
    folder = Path(out) if out else found.folder.with_name(f"{found.folder.name}-{form}")  # type: ignore[union-attr]
    folder.mkdir(parents=True, exist_ok=True)
    tables = {"runs": found.rows} if found.has_rows else {}
    tables |= {name: found.table(name) for name in TABLES}
    for asked in found.parts:
        tables |= found.part(asked)
    tables["summary"] = found.summary().reset_index()
    for name, table in tables.items():
        part = folder / f".{name}.{form}.part"
        try:
            table.to_csv(part, index=False, lineterminator="\n")
            part.replace(folder / f"{name}.{form}")
        finally:
            part.unlink(missing_ok=True)
    click.echo(f"{folder}/: {', '.join(f'{name}.{form}' for name in tables)}")
