"""Inclinations solved from target rates: ``python -m sim.experiments.calibration.inclinations scenarios/standoff.toml --write``.

The inclination of an actor to a signal is the alternative-specific constant of a logit model. It is found by
the contraction of Berry (1994): simulate, compare the shares of days with the target shares, add
½ · temperature · ln(target / simulated), and again until they agree. That of ``hold`` is 0. Half steps, because
a spiral of moods makes the shares steep in the inclinations.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from sim.errors import BrinkError, StudyError
from sim.scenario.scenario import Scenario

STEP = 0.5
MOST_GAP = 3.0  # a signal that was hardly ever sent says little about how far off it is
Solution = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Rates:
    """Shares of one actor's days, without days of a decisive act, by signal: wanted and simulated."""

    wanted: dict[str, float]
    found: dict[str, float]

    def gap(self, signal: str) -> float:
        """ln(wanted / found); a signal that was never sent counts as one day in 100,000."""
        return math.log(self.wanted[signal] / max(self.found[signal], 1e-5))


def simulated(scenario: Scenario, runs: int) -> dict[str, Rates]:
    """Wanted and simulated rates of every actor that has target rates."""
    from sim.experiments.study.simulation import tally

    sent = tally(scenario.replace({"study.runs": runs})).signals.sum(axis=0)
    rates = {}
    for name, wanted in scenario.rates.items():
        ordinary = [signal for signal in scenario.repertoire(name) if wanted.get(signal, 0.0) > 0.0]
        counts = np.array([sent[scenario.seats.index(name), scenario.ladder.index(s)] for s in ordinary])
        total = sum(wanted[signal] for signal in ordinary)
        rates[name] = Rates(
            {signal: wanted[signal] / total for signal in ordinary},
            dict(zip(ordinary, (counts / counts.sum()).tolist(), strict=True)),
        )
    return rates


def contracted(scenario: Scenario, rates: dict[str, Rates]) -> Solution:
    """Inclinations after one step of the contraction, for the actors that have target rates."""
    solution: Solution = {}
    for name, each in rates.items():
        actor = scenario.actors[name]
        step = STEP * actor.temperature
        solution[name] = {
            signal: actor.inclination.get(signal, 0.0)
            + step * min(max(each.gap(signal) - each.gap("hold"), -MOST_GAP), MOST_GAP)
            for signal in each.wanted
            if signal != "hold"
        }
    return solution


def solve(scenario: Scenario, runs: int, tolerance: float, most_steps: int) -> tuple[Scenario, float, int]:
    """The scenario with solved inclinations, the largest relative error left, and the steps taken."""
    if not scenario.rates:
        raise StudyError(f"{scenario.name}: has no [rates.ACTOR] tables to solve inclinations from")
    for step in range(most_steps + 1):
        rates = simulated(scenario, runs)
        worst = max(abs(math.expm1(-each.gap(signal))) for each in rates.values() for signal in each.wanted)
        if worst <= tolerance or step == most_steps:
            break
        solution = contracted(scenario, rates)
        scenario = scenario.replace(
            {f"actors.{a}.inclination.{s}": v for a, own in solution.items() for s, v in own.items()}
        )
    return scenario, worst, step


def rewritten(text: str, scenario: Scenario) -> str:
    """A scenario file with the numbers of its ``[actors.NAME.inclination]`` tables replaced, three decimals each."""
    for name in scenario.rates:
        inclination = scenario.actors[name].inclination
        table = "".join(f"{s} = {inclination[s]:.3f}\n" for s in scenario.ladder if s in inclination)
        header = re.escape(f"[actors.{name}.inclination]\n")
        text, found = re.subn(rf"({header})(?:[a-z0-9_]+ *=.*\n)*", rf"\g<1>{table}", text)
        if found != 1:
            raise StudyError(f"[actors.{name}.inclination] is not in the file as a table of its own")
    return text


@click.command()
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--runs", default=40_000, show_default=True, help="Runs simulated at each step.")
@click.option(
    "--tolerance", default=0.02, show_default=True, help="Largest relative error of a rate to stop at."
)
@click.option("--most-steps", default=60, show_default=True, help="Steps after which to give up.")
@click.option("--write", is_flag=True, help="Write the result into the file.")
def main(path: Path, runs: int, tolerance: float, most_steps: int, write: bool) -> None:
    """Solve the inclinations of the scenario file PATH from its [rates] tables."""
    from sim.scenario.files import load

    try:
        solved, worst, steps = solve(load(path), runs, tolerance, most_steps)
        text = rewritten(path.read_text(encoding="utf-8"), solved)
    except BrinkError as error:
        raise click.ClickException(str(error)) from None
    rates = simulated(solved, runs)
    for name, each in rates.items():
        for signal, wanted in each.wanted.items():
            own = solved.actors[name].inclination.get(signal, 0.0)
            click.echo(
                f"{name:14s} {signal:15s} {own:8.3f}   wanted {wanted:.4f}  simulated {each.found[signal]:.4f}"
            )
    click.echo(f"largest relative error {worst:.1%} after {steps} steps of {runs:,} runs")
    if write:
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
