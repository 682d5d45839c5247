"""Inclinations solved from target rates; what ``brink habits FILE --write`` does.

The inclination of an actor to a signal is the alternative-specific constant of a logit model. It is found by
the contraction of Berry (1994): simulate, compare the shares of days with the target shares, add
½ · temperature · ln(target / simulated), and again until they agree. That of ``hold`` is 0. Half steps, because
a spiral of moods makes the shares steep in the inclinations.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from sim.errors import StudyError
from sim.experiments.study.simulation import tally
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


def shares_of_days(scenario: Scenario, runs: int) -> dict[str, dict[str, float]]:
    """By actor and ordinary signal, the share of days on which it is sent; days of a decisive act are left out."""
    sent = tally(scenario.replace({"study.runs": runs})).signals.sum(axis=0)
    found = {}
    for seat, name in enumerate(scenario.seats):
        counts = {
            signal: int(sent[seat, scenario.ladder.index(signal)]) for signal in scenario.repertoire(name)
        }
        found[name] = _as_shares(counts)
    return found


def simulated(scenario: Scenario, runs: int) -> dict[str, Rates]:
    """Wanted and simulated rates of every actor that has target rates, among the signals that have one."""
    found = shares_of_days(scenario, runs)
    rates = {}
    for name, wanted in scenario.rates.items():
        ordinary = [signal for signal in scenario.repertoire(name) if wanted.get(signal, 0.0) > 0.0]
        rates[name] = Rates(*(_as_shares({s: each[s] for s in ordinary}) for each in (wanted, found[name])))
    return rates


def _as_shares(sizes: Mapping[str, float]) -> dict[str, float]:
    total = sum(sizes.values())
    return {name: size / total for name, size in sizes.items()}


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
    """A scenario file with its ``[actors.NAME.inclination]`` tables replaced, three decimals each; added if it has none.

    Raises StudyError if the file says them in another way than as tables of their own.
    """
    for name in scenario.rates:
        inclination = scenario.actors[name].inclination
        table = "".join(f"{s} = {inclination[s]:.3f}\n" for s in scenario.ladder if s in inclination)
        header = f"[actors.{name}.inclination]\n"
        text, found = re.subn(rf"({re.escape(header)})(?:[a-z0-9_]+ *=.*\n)*", rf"\g<1>{table}", text)
        if not found:
            text = f"{text.rstrip()}\n\n{header}{table}"
        if found > 1 or not _says(text, name, table):
            raise StudyError(f"[actors.{name}.inclination] must be in the file once, as a table of its own")
    return text


def _says(text: str, actor: str, table: str) -> bool:
    """Whether a file is sound TOML that gives an actor this table of inclinations."""
    try:
        inclination = tomllib.loads(text)["actors"][actor]["inclination"]
    except (tomllib.TOMLDecodeError, KeyError, TypeError):
        return False
    return bool(inclination == tomllib.loads(table))
