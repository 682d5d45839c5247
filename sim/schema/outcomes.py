"""TODO."""

from __future__ import annotations

from enum import IntEnum

TITLES = {
    "war": "war",
    "limited_force": "limited force",
    "standoff": "standoff",
    "deescalation": "de-escalation",
    "exit": "exit",
    "settlement": "settlement",
    "raid": "raid",
    "invasion": "invasion",
    "attack": "attack",
    "loss_of_control": "loss of control",
}
"""Names of the outcomes in figures and tables."""


WAR_NAMES = ("raid", "invasion", "attack", "loss_of_control")
END_NAMES = ("exit", "settlement", *WAR_NAMES)
"""Outcomes that end a run before the horizon."""


REPORTED = ("war", *WAR_NAMES, "limited_force", "exit", "settlement", "deescalation", "standoff")
"""In the order of tables: wars, with what they are made of, then ends without war."""


class Outcome(IntEnum):
    """Every outcome. The numbers are published and never change."""

    standoff = 0
    deescalation = 1
    exit = 2
    settlement = 3
    raid = 4
    invasion = 5
    attack = 6
    loss_of_control = 7


WARS = frozenset({Outcome.raid, Outcome.invasion, Outcome.attack, Outcome.loss_of_control})
ONGOING = int(Outcome.standoff)
SETTLEMENT = int(Outcome.settlement)
LOSS_OF_CONTROL = int(Outcome.loss_of_control)
FIRST_WAR = int(Outcome.raid)
