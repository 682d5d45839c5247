"""Acts in the classes of the records, by rule: a signal's CAMEO code decides, so that a scenario's own signals have one.

Class 0 is no act that the record knows, and the place of a run that has ended. CAMEO: Schrodt 2012. That a strike on
people who are no state's forces is "indirect" violence is our reading of ICB's trigger code 8.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.scenario.scenario import Scenario
from sim.schema.signals import Signal

Bytes = NDArray[np.uint8]

EVENTS = (
    "none", "consult_meet", "statement_appeal", "coop_verbal", "coop_material", "demand_reject", "condemn_accuse",
    "threaten", "sanction_reduce", "show_of_force", "use_force",
)  # fmt: skip
"""Classes of events, by groups of CAMEO's roots."""

BROAD = ("none", "coop", "neutral", "conf_verbal", "conf_material")
"""The same events in four."""

RESPONSES = (
    "inaction", "verbal", "political", "economic_other", "nonviolent_military", "indirect_violent", "violent",
)  # fmt: skip
"""Triggers and major responses of ICB."""

INCIDENTS = ("nothing", "threat", "show_of_force", "blockade_seizure", "attack_clash", "war")
"""Incidents of MIDIP, in the order of their level."""

ANSWERS = ("neither", "concedes", "carries_out")
"""What follows a threat: what its target, and what its sender can do."""

OFFICES = ("neither", "offered", "mediated")
"""Good offices of third parties."""

_ROOTS = {
    "01": 2, "02": 2, "03": 3, "04": 1, "05": 3, "06": 4, "07": 4, "08": 4, "09": 5, "10": 5, "11": 6, "12": 5,
    "13": 7, "14": 9, "15": 9, "16": 8, "17": 8, "18": 10, "19": 10, "20": 10,
}  # fmt: skip
_BROAD = (0, 1, 2, 1, 1, 3, 3, 3, 4, 4, 4)
_BLOCKADE = "191"
_OPEN = 256  # places of a table by signal; the last is that of a run that has ended


def event(signal: Signal) -> int:
    """The place of a signal among EVENTS."""
    return _ROOTS.get(signal.cameo[:2], 0)


def broad(signal: Signal) -> int:
    """The place of a signal among BROAD."""
    return _BROAD[event(signal)]


def response(signal: Signal) -> int:
    """The place of a signal among RESPONSES."""
    root = signal.cameo[:2]
    if not root:
        return 0
    if root in ("15", "14") or signal.cameo == _BLOCKADE:
        return 4
    if root in ("17", "18", "19", "20"):
        return 5 if "coercer" in signal.senders and not (signal.force or signal.war or root == "17") else 6
    if root == "16" or signal.class_ == "economic":
        return 3
    return 1 if root in ("09", "10", "11", "12", "13") else 2


def incident(signal: Signal) -> int:
    """The place of a signal among INCIDENTS. An invasion is war; a raid is an attack, as deaths decide there."""
    root = signal.cameo[:2]
    if signal.ends == "invasion":
        return 5
    if root == "17" or signal.cameo == _BLOCKADE:
        return 3
    return {"13": 1, "14": 2, "15": 2, "18": 4, "19": 4, "20": 4}.get(root, 0)


def answer(signal: Signal) -> int:
    """The place of a signal among ANSWERS, when its sender can give that answer."""
    if signal.cameo[:2] in ("03", "05", "08") and signal.class_ == "verbal":
        return 1
    hard = signal.hostility > 0 and (signal.cameo == _BLOCKADE or response(signal) in (3, 6))
    return 2 if hard and "coercer" in signal.senders else 0


def office(signal: Signal) -> int:
    """The place of a signal among OFFICES."""
    return {"039": 1, "045": 2}.get(signal.cameo, 0)


def hostile(signal: Signal) -> int:
    """1 if a signal is hostile, else 0."""
    return int(signal.hostility > 0)


def threat(signal: Signal) -> int:
    """1 if a signal threatens, else 0."""
    return int(signal.cameo[:2] == "13")


def strike(signal: Signal) -> int:
    """2 if a signal is force on the target's soil, 1 if it is other violence, else 0."""
    return 2 if signal.force else int(signal.cameo[:2] in ("18", "19", "20") and signal.cameo != _BLOCKADE)


def by_place(scenario: Scenario, of: Callable[[Signal], int]) -> Bytes:
    """(256,) What ``of`` says of each signal, by its place on the ladder."""
    found = np.zeros(_OPEN, np.uint8)
    found[: len(scenario.ladder)] = [of(scenario.signals[name]) for name in scenario.ladder]
    return found


def goldstein(scenario: Scenario) -> NDArray[np.float64]:
    """(256,) Goldstein's (1992) scale of each signal, by its place on the ladder; 0 where it has none."""
    found = np.zeros(_OPEN)
    found[: len(scenario.ladder)] = [scenario.signals[name].goldstein or 0.0 for name in scenario.ladder]
    return found


@cache
def recording() -> dict[str, dict[str, float]]:
    """The recording shares that ship: by kind of record, then by class of signal."""
    return tomllib.loads(Path(__file__).with_name("recording.toml").read_text(encoding="utf-8"))


def shares(scenario: Scenario, record: str, factor: float) -> NDArray[np.float64]:
    """(256,) The chance that a signal is an entry of a record, times ``factor`` and at most 1; acts that end it as they are."""
    own, found = recording()[record], np.zeros(_OPEN)
    for place, name in enumerate(scenario.ladder):
        signal = scenario.signals[name]
        found[place] = own["decisive"] if signal.ends else min(1.0, factor * own[signal.class_])
    return found
