"""``brink claims``: what the model says of what people say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.terminal.inputs import loaded, plan_option, settings
from sim.terminal.options import figures_option, json_option, quiet_option

if TYPE_CHECKING:
    from sim.compute.experiment import Experiment, Piece
    from sim.experiments.claims.claims import Carry, Effort, Finding
    from sim.scenario.scenario import Scenario


@click.command()
@click.argument("claims", nargs=-1, metavar="[CLAIM]...")
@plan_option("runs", "How many runs each arm has; by default what the claim's file says.")
@click.option("--quick", is_flag=True, help="Fewer runs and draws, for a first look.")
@settings
@click.option("--out", default="results", show_default=True, metavar="DIR", help="Where to write claims/.")
@figures_option
@json_option
@quiet_option
def command(
    claims: tuple[str, ...],
    runs: int | None,
    quick: bool,
    settings: tuple[str, ...],
    out: str,
    figures: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Put claims to the test: verdicts, paired differences, and whether they survive other assumptions.

    Every CLAIM is a file with [[arms]] and a [claim], or the name of one in scenarios/claims; without any, all
    of that folder. All arms share all luck. After Ctrl-C, the same command goes on.

    \b
    Examples:
      brink claims --quick
      brink claims framework strikes
      brink claims mine.toml --runs 50000
      brink claims --json | jq '.claims[] | {name, verdict}'
    """
    from sim.experiments.claims.claims import FULL, QUICK, claim_of
    from sim.experiments.claims.keep import keep, to_json

    scenarios = loaded([str(path) for path in _files(claims)], settings)
    for scenario in scenarios:
        claim_of(scenario)
    effort = _effort(QUICK if quick else FULL, runs)
    folder = Path(out) / "claims"
    findings = [_examined(scenario, effort, folder, quiet or as_json) for scenario in scenarios]
    if not as_json and not quiet:
        click.echo(verdicts(findings))
    keep(findings, folder, figures=figures)
    _forget(folder)
    if as_json:
        import json

        click.echo(json.dumps(to_json(findings)))
    elif not quiet:
        click.echo(f"\nResults: {folder}/ - first look at report.md")


def _effort(effort: Effort, runs: int | None) -> Effort:
    from dataclasses import replace

    return effort if runs is None else replace(effort, runs=runs)


def _files(claims: Sequence[str]) -> list[Path]:
    """The files of claims by path or by name; BrinkError if there are none."""
    from sim.errors import BrinkError
    from sim.experiments.claims.claims import FOLDER, shipped
    from sim.text import shown, suggestion

    known = {path.stem: path for path in shipped()}
    if not claims:
        if not known:
            raise BrinkError(f"{FOLDER}/: there are no claims here; name their files.")
        return list(known.values())
    found = []
    for claim in claims:
        path = known.get(claim, Path(claim))
        if claim not in known and path.suffix != ".toml":
            near = suggestion(claim, known)
            raise BrinkError(f"there is no claim {shown(claim)} in {FOLDER}/, and it is no file{near}")
        found.append(path)
    return found


def _examined(scenario: Scenario, effort: Effort, folder: Path, quiet: bool) -> Finding:
    from sim.engines.warm_up import ready
    from sim.experiments.claims.claims import examine
    from sim.terminal.progress import live

    with live(scenario.name, 1, quiet) as shown:
        ready(scenario, shown.announce)
    return examine(scenario, effort, _carrier(folder, quiet))


def _carrier(folder: Path, quiet: bool) -> Carry:
    """What carries experiments out with a bar of its own each, and a journal that outlives Ctrl-C."""
    from sim.compute.experiment import fingerprint
    from sim.compute.fingerprints import counts_digest
    from sim.compute.journal import Journal
    from sim.compute.scheduler import carried_out
    from sim.terminal.progress import live

    def carry(experiment: Experiment, what: str) -> Iterator[Piece]:
        identity = f"{fingerprint(experiment)} {counts_digest()}"
        place = "-".join(what.replace(":", "").split())
        with live(what, experiment.units, quiet) as shown:
            yield from carried_out(
                experiment, journal=Journal(_pieces(folder) / place, identity), progress=shown.progress
            )

    return carry


def _pieces(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.pieces")


def _forget(folder: Path) -> None:
    import shutil

    shutil.rmtree(_pieces(folder), ignore_errors=True)


def verdicts(findings: Sequence[Finding]) -> str:
    """The table that is printed, a line a contrast, the one that the claim is judged by first; then where signs flip."""
    from sim.experiments.claims.claims import unit_of
    from sim.experiments.claims.report import survived
    from sim.reports.numbers import difference_words as words
    from sim.reports.tables import columns

    lines: list[tuple[str, ...]] = [("CLAIM", "MARK", "VERDICT", "DIFFERENCE", "N", "DRAWS WITH ITS SIGN")]
    for finding in findings:
        for place, contrast in enumerate(finding.contrasts):
            found = contrast.difference
            lines.append(
                (
                    f"  {contrast.against} to {contrast.arm}" if place else finding.name,
                    "" if place else finding.claim.mark,
                    re.split("; size| from 0 at n", contrast.verdict)[0],
                    f"{words(found, unit_of(finding.claim), brief=True)} {unit_of(finding.claim)}",
                    f"{found.n:,}",
                    survived(contrast),
                )
            )
    flips = [f"{finding.name}: {finding.flip}." for finding in findings if finding.flip]
    return "\n".join([columns(lines, right=(4,)), *(["", *flips] if flips else [])])
