"""Ready-made changes of a scenario: what is seen, its arms, its sweeps, and the arms of claims about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.app.levers import Lever
from sim.errors import BrinkError
from sim.scenario.assumptions import is_number
from sim.scenario.counterfactual import CHANNELS, SWITCHES
from sim.scenario.find import find
from sim.scenario.lookup import plain
from sim.scenario.scenario import Scenario
from sim.scenario.toml import read_toml
from sim.scenario.values import checked, flat

OF_A_CLAIM = {"extends", "title", "description", "arms", "claim"}
"""What a file has that only claims something of the scenario it extends: its arms are changes of that scenario."""

SIGHTS = {"no fog": CHANNELS, "no fog, nothing private": SWITCHES}


@dataclass(frozen=True)
class Preset:
    """Numbers that are set together, by dotted key, under a title in a group of titles."""

    group: str
    title: str
    numbers: Mapping[str, float]


def presets(
    scenario: Scenario, file: Path, levers: Mapping[str, Lever], others: Iterable[Path]
) -> tuple[Preset, ...]:
    """All ready-made changes of the scenario of a file that set nothing but numbers that can be moved.

    ``others``: the files among which claims about it are looked for.
    """
    found = [
        *_sights(scenario, levers),
        *_arms(scenario),
        *_sweeps(scenario, levers),
        *_claimed(file, others),
    ]
    return tuple(
        each for each in found if each.numbers and all(_moves(each, key, levers) for key in each.numbers)
    )


def _moves(preset: Preset, key: str, levers: Mapping[str, Lever]) -> bool:
    return key in levers and is_number(preset.numbers[key])


def _sights(scenario: Scenario, levers: Mapping[str, Lever]) -> Iterator[Preset]:
    """Channels of fog off: those of all, and those that a principal has of its own."""
    owners = ("", *(f"actors.{name}." for name in (scenario.coercer, scenario.target)))
    for title, channels in SIGHTS.items():
        keys = (f"{owner}fog.{channel}" for owner in owners for channel in channels)
        yield Preset("What both capitals see", title, {key: 0.0 for key in keys if key in levers})


def _arms(scenario: Scenario) -> Iterator[Preset]:
    for arm in scenario.arms:
        yield Preset("Arms", arm.label, dict(flat(arm.set)))


def _sweeps(scenario: Scenario, levers: Mapping[str, Lever]) -> Iterator[Preset]:
    """Each value that the claim's sweep gives to its numbers, and that the scenario's own gives to one."""
    if scenario.claim and (swept := scenario.claim.sweep):
        for value in swept.values:
            yield Preset(f"Sweep: {swept.what}", plain(value), dict.fromkeys(swept.keys, value))
    for key, values in checked(scenario, scenario.sweep.vary, "sweep.vary.").items():
        group = f"Sweep: {levers[key].title}, {levers[key].group}" if key in levers else ""
        for value in values:
            yield Preset(group, plain(value), {key: value})


def _claimed(file: Path, others: Iterable[Path]) -> Iterator[Preset]:
    """Arms of the claims whose files extend this one and change nothing else of it."""
    for other in others:
        base, title, arms = _claim(other, other.stat().st_mtime_ns)
        if base == file.resolve():
            for name, numbers in arms:
                yield Preset(title, name, numbers)


@lru_cache(maxsize=1024)
def _claim(file: Path, _: int) -> tuple[Path | None, str, tuple[tuple[str, dict[str, Any]], ...]]:
    """The file that a claim extends, its title, and title and settings of its arms; nothing of a file that is none."""
    nothing = None, "", ()
    try:
        tree = read_toml(file, str(file))
        if "claim" not in tree or not {*tree} <= OF_A_CLAIM or not isinstance(tree.get("extends"), str):
            return nothing
        base = find(tree["extends"], file.parent).resolve()
        arms = tuple(
            (str(arm.get("title") or arm["name"]), dict(flat(arm.get("set", {})))) for arm in tree["arms"]
        )
    except (BrinkError, AttributeError, KeyError, TypeError):  # whether it is sound is seen when it is picked
        return nothing
    return base, str(tree.get("title", file.stem)), arms
