"""``brink list``: the scenarios here, all results, and what is unfinished."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill
from typing import Any

import click

from sim.terminal.inputs import results_folder
from sim.terminal.options import json_option

SHORTEST = 20  # letters of a scenario's title that are shown, if it has them


WHOLE = ("", "history")  # folders of scenarios that stand for themselves, unlike claims, which are questions


@click.command()
@click.option(
    "--scenarios", default="scenarios", show_default=True, metavar="DIR", help="Where scenarios lie."
)
@results_folder
@json_option
def command(scenarios: str, results: str, as_json: bool) -> None:
    """List the scenarios here and those that ship, all results, and what was not finished.

    Scenarios and results are listed by the names that other commands take.

    \b
    Examples:
      brink list
      brink list --json | jq -r .results[].folder
    """
    from sim.experiments.kept import unfinished

    found: dict[str, Any] = {
        "scenarios": _scenarios(scenarios),
        "shipped": _shipped(scenarios),
        "results": _results(results),
        "damaged": _damaged(results),
        "unfinished": unfinished(results),
    }
    if as_json:
        import json

        click.echo(json.dumps(found, ensure_ascii=False))
        return
    click.echo(_scenario_table(found["scenarios"], found["shipped"], scenarios))
    click.echo()
    click.echo(_result_table(found["results"], results))
    for folder in found["damaged"]:
        click.echo(f"\n{folder}: its manifest is not as it was written; `brink` reads nothing of it")
    for each in found["unfinished"]:
        click.echo(
            f"\n{each['folder']}: pieces of what was stopped or is at work, {each['bytes'] / 1e6:,.1f} MB"
        )
    if found["unfinished"]:
        click.echo(
            "The command that began it goes on from there; `brink rm FOLDER` takes away what is not wanted any more."
        )


def _scenarios(folder: str) -> list[dict[str, Any]]:
    from sim.scenario.find import scenario_files

    return [_scenario(file) for file in scenario_files(folder)]


def _scenario(file: Path) -> dict[str, Any]:
    from sim.errors import ScenarioError
    from sim.scenario.files import load

    try:
        scenario = load(file)
    except ScenarioError as error:
        return {"file": str(file), "title": None, "actors": None, "problems": len(error.problems)}
    return {"file": str(file), "title": " ".join(scenario.title.split()), "actors": len(scenario.actors)}


def _shipped(folder: str) -> list[str]:
    """Names of the scenarios that ship and that no file here takes the place of."""
    from sim.scenario.find import SHIPPED, scenario_files

    here = {file.name for home in WHOLE for file in scenario_files(Path(folder, home))}
    files = (file for home in WHOLE for file in scenario_files(SHIPPED / home))
    return [file.stem for file in files if file.name not in here]


def _results(results: str) -> list[dict[str, Any]]:
    from sim.results.folder import list_kept

    return [_result(each) for each in list_kept(results)]


def _damaged(results: str) -> list[str]:
    from sim.results.folder import list_damaged

    return [str(folder) for folder in list_damaged(results)]


def _result(manifest: dict[str, Any]) -> dict[str, Any]:
    """What is listed of a result; of a study how many of its runs came to war, else null."""
    own = manifest["document"]["study"]
    several = [name for name, *_ in manifest.get("scenarios", ())]
    return {
        **{key: manifest[key] for key in ("folder", "what", "name", "scenario")},
        "scenarios": several or [manifest["scenario"]],
        **{key: own[key] for key in ("runs", "days", "seed")},
        "wars": manifest.get("counts", {}).get("war"),
        "changed": manifest.get("changes", []),
    }


def _scenario_table(found: list[dict[str, Any]], shipped: list[str], folder: str) -> str:
    from sim.terminal.folding import fitting, terminal_width

    rows = [("SCENARIO", "ACTORS", "TITLE")]
    files = max((len(each["file"]) for each in found), default=0)
    room = max(SHORTEST, terminal_width() - files - len("  ACTORS  "))
    for each in found:
        sound = each["actors"] is not None
        title = each["title"] if sound else "not sound: `brink check` says why"
        short = title if len(title) <= room else f"{title[: room - 1].rstrip()}…"
        rows.append((each["file"], str(each["actors"]) if sound else "", short))
    lines = [fitting(rows, right=(1,))] if found else []
    if shipped:
        told = f"Shipped with Brink: {', '.join(shipped)}; `brink new NAME` writes one of your own."
        lines.append(fill(told, terminal_width(), break_on_hyphens=False))
    elif not found:
        lines.append(f"No scenarios in {folder}/; `brink new NAME` writes one.")
    return "\n".join([*lines, *_further(folder)])


def _further(folder: str) -> list[str]:
    """A line for each folder of more scenarios."""
    from sim.scenario.find import scenario_files

    inside = [(home, len(scenario_files(home))) for home in sorted(Path(folder).glob("*/"))]
    return [f"{home}/: {n} more; see `brink list --scenarios {home}`" for home, n in inside if n]


def _result_table(found: list[dict[str, Any]], results: str) -> str:
    from sim.reports.numbers import words
    from sim.statistics.proportions import proportion
    from sim.terminal.folding import fitting

    if not found:
        return f"No results in {results}/; `brink run SCENARIO` makes some."
    rows = [("RESULT", "KIND", "RUNS", "DAYS", "SEED", "WAR")]
    changed = [", ".join(each["changed"]).removeprefix("Changed from ") for each in found]
    for each in found:
        wars = each["wars"]
        rows.append(
            (
                Path(each["folder"]).name,
                each["what"],
                f"{each['runs']:,}",
                str(each["days"]),
                str(each["seed"]),
                "" if wars is None else words(proportion(wars, each["runs"])),
            )
        )
    return fitting(rows, right=(2, 3, 4), last=("CHANGED FROM", *changed) if any(changed) else ())
