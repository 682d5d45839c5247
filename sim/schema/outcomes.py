"""Every outcome of a run, one row each: name, code, title, colour, definition; whatever lists outcomes derives from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from sim.schema.fields import Table, text


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


class OutcomeWords(Table):
    """What a scenario calls an outcome: the table ``[outcomes.NAME]`` of its file."""

    title: str = text("", "name in figures and tables")
    definition: str = text("", "what it is, in a report; {coercer} and {target} stand for the actors' titles")


@dataclass(frozen=True)
class Kind:
    """An outcome, or a group of outcomes, for people.

    definition: with {coercer} and {target}, what the actors are called
    colour:     in figures; none if no figure draws it. Wars are warm, ends without war cool, darker the graver;
                neighbours in a stack differ in lightness. After Okabe & Ito (2008) where a colour is theirs.
    is_war:     whether it is one of the outcomes that war is made of
    counted:    how a sentence tells the runs that came to it: "7 ended by exit"
    """

    name: str
    title: str
    definition: str
    colour: str = ""
    is_war: bool = False
    counted: str = ""

    @property
    def code(self) -> Outcome | None:
        """The outcome of a run; None of a group."""
        return Outcome.__members__.get(self.name)


KINDS = (
    Kind("war", "war", "raid, invasion, attack or loss of control before the horizon", "#a63603"),
    Kind("raid", "raid", "{coercer} raids the leadership of {target}", "#e69f00", is_war=True),
    Kind("invasion", "invasion", "{coercer} invades", "#d55e00", is_war=True),
    Kind("attack", "attack", "{target} strikes first", "#7a2504", is_war=True),
    Kind(
        "loss_of_control",
        "loss of control",
        "war that neither capital chose, a daily chance that grows with tension and both sides' forces",
        "#1a1a1a",
        is_war=True,
    ),
    Kind(
        "limited_force",
        "limited force",
        "at least one strike on {target}'s soil short of war, whatever the end",
    ),
    Kind("exit", "exit", "the leadership of {target} accepts a live offer to leave", "#0072b2"),
    Kind(
        "settlement",
        "settlement",
        "one of the two accepts the terms that the other has on the table",
        "#56b4e9",
    ),
    Kind(
        "deescalation",
        "faded",
        "the crisis ends by itself, a daily chance where tension is low",
        "#00b383",
        counted="faded away",
    ),
    Kind("standoff", "standoff", "still going at the horizon"),
)
"""In the order of tables: war and what it is made of, limited force, ends without war, no end before the horizon."""


REPORTED = tuple(kind.name for kind in KINDS)
TITLES = {kind.name: kind.title for kind in KINDS}
TOLD = {kind.name: kind.counted for kind in KINDS if kind.counted}
COLOURS = {kind.name: kind.colour for kind in KINDS if kind.colour}

COUNTED = (*(kind.name for kind in KINDS if kind.code is None), *(outcome.name for outcome in Outcome))
"""What a study counts its runs by, in the order of its files."""


WARS = frozenset(kind.code for kind in KINDS if kind.is_war and kind.code is not None)
WAR_NAMES = tuple(kind.name for kind in KINDS if kind.is_war)
ENDS = tuple(outcome for outcome in Outcome if outcome > Outcome.standoff)
"""Outcomes that end a run before the horizon, by code."""


END_NAMES = tuple(outcome.name for outcome in ENDS)
PEACE_NAMES = tuple(outcome.name for outcome in ENDS if outcome not in WARS)
"""Ends before the horizon without war."""


HORIZON_NAMES = tuple(kind.name for kind in KINDS if kind.code is not None and kind.code not in ENDS)
"""Outcomes of runs that are still going at the horizon."""


HEADLINES = ("war", *PEACE_NAMES)
"""What summaries tell: war of any kind, and the other ends before the horizon."""


ONGOING = int(Outcome.standoff)
FADED = int(Outcome.deescalation)
SETTLEMENT = int(Outcome.settlement)
LOSS_OF_CONTROL = int(Outcome.loss_of_control)
FIRST_WAR = int(Outcome.raid)
