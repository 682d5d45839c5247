"""``brink list``: the scenarios here, the studies run so far, and what was asked of many scenarios at once."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from sim.terminal.inputs import results_folder
from sim.terminal.options import json_option


@click.command()
@click.option(
    "--scenarios", default="scenarios", show_default=True, metavar="DIR", help="Where scenarios lie."
)
@results_folder
@json_option
def command(scenarios: str, results: str, as_json: bool) -> None:
    """List the scenarios here, the studies run so far, other results, and what was not finished.

    \b
    Examples:
      brink list
      brink list --json | jq -r .studies[].folder
    """
    found = {
        "scenarios": [_scenario(file) for file in _files(scenarios)],
        "studies": _studies(results),
        "others": _others(results),
        "unfinished": _unfinished(results),
    }
    if as_json:
        import json

        click.echo(json.dumps(found, ensure_ascii=False))
        return
    click.echo(_scenario_table(found["scenarios"], scenarios))
    click.echo()
    click.echo(_study_table(found["studies"], results))
    if found["others"]:
        click.echo(f"\n{_other_table(found['others'])}")
    for each in found["unfinished"]:
        click.echo(
            f"\n{each['folder']}: pieces of what was stopped or is at work, {_megabytes(each['bytes'])}"
        )
    if found["unfinished"]:
        click.echo(
            "The command that began it goes on from there; what is not wanted any more can be deleted."
        )


def _files(folder: str) -> list[Path]:
    return sorted(Path(folder).glob("*.toml"))


def _scenario(file: Path) -> dict[str, Any]:
    from sim.errors import ScenarioError
    from sim.scenario.files import load

    try:
        scenario = load(file)
    except ScenarioError as error:
        return {"file": str(file), "title": None, "actors": None, "problems": len(error.problems)}
    return {"file": str(file), "title": " ".join(scenario.title.split()), "actors": len(scenario.actors)}


def _studies(results: str) -> list[dict[str, Any]]:
    from sim.experiments.study.study import list_studies

    keys = ("folder", "name", "scenario", "runs", "days", "seed")
    return [
        {key: study[key] for key in keys} | {"wars": study["counts"]["war"]}
        for study in list_studies(results)
    ]


def _others(results: str) -> list[dict[str, Any]]:
    from sim.results.folder import list_analyses

    return [{key: each[key] for key in ("folder", "what", "scenario")} for each in list_analyses(results)]


def _unfinished(results: str) -> list[dict[str, Any]]:
    from sim.results.store import PIECES

    folders = sorted(each for each in Path(results).glob(f".*.{PIECES}") if each.is_dir())
    return [{"folder": str(folder), "bytes": _size(folder)} for folder in folders]


def _size(folder: Path) -> int:
    """Bytes of the files in a folder; what is taken away meanwhile counts as nothing."""
    total = 0
    for file in folder.rglob("*"):
        with suppress(OSError):
            total += file.stat().st_size if file.is_file() else 0
    return total


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def _other_table(found: list[dict[str, Any]]) -> str:
    from sim.reports.tables import columns

    return columns([("OTHER", "WHAT", "SCENARIO"), *((e["folder"], e["what"], e["scenario"]) for e in found)])


def _scenario_table(found: list[dict[str, Any]], folder: str) -> str:
    from sim.reports.tables import columns

    if not found:
        return f"No scenarios in {folder}/; `brink new NAME` writes one."
    rows = [("SCENARIO", "ACTORS", "TITLE")]
    for each in found:
        sound = each["actors"] is not None
        title = each["title"] if sound else f"not sound: `brink check {each['file']}` says why"
        rows.append((each["file"], str(each["actors"]) if sound else "", title))
    return "\n".join([columns(rows, right=(1,)), *_further(folder)])


def _further(folder: str) -> list[str]:
    """A line for each folder of more scenarios."""
    inside = [(home, len(_files(str(home)))) for home in sorted(Path(folder).glob("*/"))]
    return [f"{home}/: {n} more; see `brink list --scenarios {home}`" for home, n in inside if n]


def _study_table(found: list[dict[str, Any]], results: str) -> str:
    from sim.reports.numbers import words
    from sim.reports.tables import columns
    from sim.statistics.proportions import proportion

    if not found:
        return f"No studies in {results}/; `brink run SCENARIO` makes one."
    rows = [("STUDY", "RUNS", "DAYS", "SEED", "WAR")]
    for each in found:
        war = words(proportion(each["wars"], each["runs"]))
        rows.append((str(each["folder"]), f"{each['runs']:,}", str(each["days"]), str(each["seed"]), war))
    return columns(rows, right=(1, 2, 3))
