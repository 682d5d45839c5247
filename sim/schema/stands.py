"""Where a crisis that is still going can stand: bands of the level of escalation, a row each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stand:
    """A band of the level, named after the acts that lift a crisis into it.

    most:   the highest level that is in it [rung]; the next band begins above
    rungs:  of the acts that it is named after
    colour: in figures, darker the graver
    """

    name: str
    title: str
    most: float
    rungs: tuple[int, ...]
    colour: str


STANDS = (
    Stand("quiet", "quiet, talks", 0.5, (0,), "#f2f3f6"),
    Stand("words", "words", 2.0, (1, 2), "#d6d4e2"),
    Stand("threats", "threats, sanctions", 3.0, (3,), "#bab6cd"),
    Stand("forces", "forces moved", 4.0, (4,), "#9b95b7"),
    Stand("sea", "strikes at sea, ultimatum", 6.0, (5, 6), "#7a7399"),
    Stand("land", "strikes on land", 10.0, (7, 8, 9, 10), "#575078"),
)
"""From the lowest to the highest.

An act lifts the level to its rung, from where it fades: a strike at sea (5) is left behind after four days without one, a
threat (3) after six, where 7 % a day fade.
"""


STAND_NAMES = tuple(stand.name for stand in STANDS)
STAND_TITLES = {stand.name: stand.title for stand in STANDS}
STAND_COLOURS = {stand.name: stand.colour for stand in STANDS}
