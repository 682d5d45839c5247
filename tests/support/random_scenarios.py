"""Random scenarios: every number of the schema at and inside its limits, casts of 2 to 16 in any seats.

One whole number gives one scenario, on every machine. Most are mild, so that crises last; in some a third
of all numbers lie exactly at a limit, or next to one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from sim.engines.branches import MOST_BRANCHES, Plays
from sim.scenario.contradictions import DEATHS_DRAWN_MOST
from sim.scenario.counterfactual import SWITCHES
from sim.scenario.files import load, rebuilt
from sim.scenario.lookup import SCENARIO, Declared
from sim.scenario.scenario import Scenario
from sim.schema.signals import CLOCKS, NEEDS, OWN, ROLES

SCENARIOS = Path(__file__).parents[2] / "scenarios"
Tree = dict[str, Any]
Key = tuple[str, ...]


@dataclass(frozen=True)
class Draw:
    """A scenario, and which of its runs are to be played for how long."""

    scenario: Scenario
    seed: int
    first: int
    count: int
    days: int
    forks: tuple[tuple[int, int], ...] = ()
    lifted: int | None = None

    @property
    def plays(self) -> Plays:
        """The plays, all going over to the same branches of luck on the same days."""
        plays, every = Plays.of(self.first, self.count), np.arange(self.count)
        for since, branch in self.forks:
            plays = plays.forked(every, np.full(self.count, branch), np.full(self.count, since))
        return plays


def numbers(
    tree: Tree, declared: Declared = SCENARIO, key: Key = ()
) -> Iterator[tuple[Key, Declared, float]]:
    """Every number of a scenario's document: where it is, what the schema says of it, and what it is."""
    for name, value in tree.items():
        inside = declared.inside(name, tree)
        if isinstance(value, dict):
            yield from numbers(value, inside, (*key, name))
        elif inside.is_number and not isinstance(value, bool):
            yield (*key, name), inside, value


def at(tree: Tree, key: Key) -> Tree:
    """The table that holds the last part of a key."""
    for part in key[:-1]:
        tree = tree[part]
    return tree


@cache
def _parts() -> Tree:
    return load(SCENARIOS / "standoff.toml").document()


def _branches(rng: Random) -> list[int]:
    """Branches that the plays of a draw go over to, one after another: none, one or up to three."""
    return [rng.choice([0, 1, rng.randint(2, MOST_BRANCHES)]) for _ in range(rng.choice([0, 1, 1, 2, 3]))]


@lru_cache(150)
def random_draw(number: int) -> Draw:
    """Random scenario number ``number``."""
    rng = Random(number)
    tree = deepcopy(_parts())
    days = rng.choice([1, 2, 3, 5, 8, 8, 13, 13, 20, 30]) if rng.random() < 0.97 else rng.randint(31, 120)
    del tree["rates"], tree["assumptions"]
    for index in range(rng.choice([0, 0, 1, 2, 4])):
        tree["signals"][f"extra_{index}"] = _signal(rng)
    tree["actors"] = _cast(rng, tree)
    _redraw(rng, tree)
    tree["script"] = _script(rng, tree, days)
    scenario = rebuilt(tree, f"random {number}")
    return Draw(
        scenario,
        rng.choice([rng.getrandbits(63), 1, 0]),
        rng.choice([0, 0, rng.randrange(10**12)]),
        rng.randint(1, 3),
        days,
        tuple(zip(sorted(rng.randint(0, days) for _ in range(3)), _branches(rng), strict=False)),
        rng.choice([None, None, rng.randint(0, days)]),
    )


def _signal(rng: Random) -> Tree:
    """A signal of the scenario's own, with what is no number; its numbers are redrawn with all others."""
    decisive = rng.choice(["", "", "", "exit", "terms", "assault", "preempt"])
    principals = rng.choice([["coercer"], ["target"], ["coercer", "target"]])
    sender = {"exit": ["target"], "preempt": ["target"], "assault": ["coercer"], "terms": principals}
    ends = {"": "", "exit": "exit", "terms": "settlement"}
    senders = sender.get(decisive) or rng.sample(ROLES, rng.randint(1, 3))
    needed = [quantity for quantity in NEEDS if quantity not in OWN or "third" not in senders]
    chosen = rng.sample(needed, rng.choice([0, 0, 1, 3]))
    copied = rng.choice(["hold", "boat_strike", "offer_meeting", "threaten", "aid", "raid"])
    own: Tree = deepcopy(_parts()["signals"][copied])
    return own | {
        "senders": senders,
        "class": rng.choice(["quiet", "verbal", "material", "private", "economic"]),
        "needs": {
            quantity: 0 if quantity in CLOCKS else round(rng.uniform(0, 0.5), 2) for quantity in chosen
        },
        "opens": rng.choice(["", "", "offer", "ultimatum"]),
        "force": rng.random() < 0.3,
        "decisive": decisive,
        "speaks": rng.random() < 0.3,
        "sided": rng.random() < 0.3,
        "ends": ends.get(decisive) or (rng.choice(["raid", "invasion", "attack"]) if decisive else ""),
    }


def _cast(rng: Random, tree: Tree) -> Tree:
    """2 to 16 actors, in any order and any seats."""
    models = _parts()["actors"]
    allies = rng.choice([0, 0, 0, 1, 1, 2, 3, 5]) if rng.random() < 0.97 else rng.randint(6, 14)
    cast = {"coercer": deepcopy(models["washington"]), "target": deepcopy(models["caracas"])}
    cast |= {f"ally_{index}": deepcopy(models["bogota"]) for index in range(allies)}
    names = rng.sample(list(cast), len(cast))
    seats = rng.sample([0, 1, 254, 255, *rng.sample(range(2, 254), 14)], len(cast))
    for name, seat in zip(names, seats, strict=True):
        actor = cast[name]
        ordinary = [
            s for s, signal in tree["signals"].items() if actor["role"] in signal["senders"] and s != "hold"
        ]
        actor["seat"] = seat
        actor["sends"] = [s for s in ordinary if rng.random() < 0.7] if rng.random() < 0.2 else []
        actor["forbid"] = (
            [s for s in ordinary if rng.random() < rng.choice([0, 0.1, 0.1, 1])] if rng.random() < 0.5 else []
        )
        actor["inclination"] = {
            s: round(rng.gauss(0, 0.3), 3)
            for s in ordinary
            if not tree["signals"][s]["decisive"] and rng.random() < 0.3
        }
        if actor["role"] != "third":
            actor["fog"] = {
                s: rng.choice([0.0, 1.0, rng.random()])
                for s in SWITCHES
                if rng.random() < rng.choice([0, 0, 0.5, 1])
            }
    return {name: cast[name] for name in names}


def _redraw(rng: Random, tree: Tree) -> None:
    """Draw every number anew, in place."""
    wildness = rng.choice([0.0, 0.1, 0.4])
    rarity = rng.choice([0.0, 0.02, 0.3])
    for key, declared, value in list(numbers(tree)):
        if key[0] == "study" or key[-1] in ("seat", "order", "goldstein") or key[-2] == "needs":
            continue
        low, high = declared.low, declared.high
        assert low is not None
        assert high is not None
        if key[0] == "signals" and key[-1] == "deaths" and not tree["signals"][key[1]]["decisive"]:
            high = DEATHS_DRAWN_MOST
        at(tree, key)[key[-1]] = _number(rng, value, low, high, declared.kind is int, wildness, rarity)


def _number(
    rng: Random, value: float, low: float, high: float, whole: bool, wildness: float, rarity: float
) -> float:
    if rng.random() < rarity:
        drawn = rng.choice([low, high, math.nextafter(low, high), math.nextafter(high, low)])
    elif rng.random() < wildness:
        drawn = rng.uniform(low, high)
    else:
        drawn = min(max(value * rng.uniform(0.6, 1.4), low), high)
    return round(drawn) if whole else float(drawn)


def _script(rng: Random, tree: Tree, days: int) -> list[Tree]:
    """Forced acts that are always possible, or forced where they are; also such as are forbidden, or end the crisis."""
    entries: dict[tuple[int, str], Tree] = {}
    for _ in range(rng.choice([0, 0, 1, 3])):
        actor, if_possible = rng.choice(list(tree["actors"])), rng.random() < 0.5
        role = tree["actors"][actor]["role"]
        free = [
            s
            for s, signal in tree["signals"].items()
            if role in signal["senders"] and (if_possible or not signal["needs"])
        ]
        day = rng.randrange(days + 2)
        act = {"day": day, "actor": actor, "signal": rng.choice(free), "if_possible": if_possible}
        entries[day, actor] = act
    return list(entries.values())
