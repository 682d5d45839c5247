"""The vocabulary: what an actor can send on a day, as data.

``signals.toml`` holds the signals that ship; a scenario may change their numbers or add its own.
"""

import tomllib
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from sim.schema.fields import Table, number, optional, table, text, whole

Role = Literal["coercer", "target", "third"]
ROLES: tuple[Role, ...] = ("coercer", "target", "third")


class Kind(IntEnum):
    """How a signal is sent, which decides the fog that it passes through."""

    QUIET = 0
    VERBAL = 1
    MATERIAL = 2
    PRIVATE = 3
    ECONOMIC = 4


# Shares of the world that signals move and that return to rest, those of RESTING to day 0's value, contact to 0.
FADING = (
    "contact",
    "framework",
    "sanctions",
    "opposition",
    "backing",
    "support",
    "access",
    "mediation",
    "guarantee",
    "asylum",
)
RESTING = FADING[1:]
# All that a signal can add to the world; deaths have a rule of their own.
WORLD_EFFECTS = (*FADING, "hardship", "tempo")
CLOCKS = ("offer", "ultimatum", "called")
OWN = ("posture", "commitment")
NEEDS = (*OWN, *CLOCKS, *WORLD_EFFECTS, "tension", "level", "deaths")


class Reaction(Table):
    """What makes a signal worth more to a third party: events, blood, and each other.

    A is the day's tension, a the stance, all measured against an ordinary day.
    """

    aligned: float = number(0, -5, 5, "utility", "more for a friend of the coercer: times a")
    grievance: float = number(
        0, -5, 5, "utility/hostility", "more, for what the side that it is against did yesterday"
    )
    chorus: float = number(0, -5, 5, "utility", "more, where others spoke out yesterday")
    tension: float = number(0, -5, 5, "utility", "more in tension")
    neutral_tension: float = number(0, -5, 5, "utility", "the same, for a neutral: times 1-|a|")
    alarm: float = number(0, -5, 5, "utility", "more, the more the target fears war")
    alarm_friend: float = number(0, -5, 5, "utility", "the same, for a friend of the target: times (-a)⁺")


class Signal(Table):
    """One signal of the vocabulary."""

    title: str = text("", "name in figures and tables")
    phrase: str = text("", "what its sender does, as told in a story")
    order: int = whole(0, 0, 999, "rank", "breaks ties of the ladder between equal hostility")
    senders: tuple[Role, ...] = Field(min_length=1, strict=False, description="the roles that may send it")
    class_: Literal["quiet", "verbal", "material", "private", "economic"] = Field(
        alias="class", description="how it is sent, which decides the fog that it passes through"
    )
    hostility: float = number(0, -1, 1, "hostility", "from most conciliatory to most hostile")
    rung: int = whole(0, 0, 10, "rung", "rung of the escalation ladder that sending it reaches")
    pressure: float = number(0, -1, 1, "leverage", "pressure that it adds on its day")
    concession: float = number(0, 0, 1, "resolve", "what it gives to the other side on its day")
    cost: float = number(0, 0, 5, "utility", "what sending it costs its sender")
    posture: float = number(0, -1, 1, "posture", "added to the sender's posture")
    commitment: float = number(0, -1, 1, "commitment", "added to what the sender has publicly staked")
    contact: float = number(0, 0, 1, "share", "added to contact")
    framework: float = number(0, -1, 1, "share", "added to working channels")
    sanctions: float = number(0, -1, 1, "share", "added to sanctions")
    opposition: float = number(0, -1, 1, "share", "added to opposition to the coercer; not by the coercer")
    backing: float = number(0, -1, 1, "share", "added to backing of the coercer")
    support: float = number(0, -1, 1, "share", "added to support for the target")
    access: float = number(0, -1, 1, "share", "added to access of the coercer's forces")
    mediation: float = number(0, -1, 1, "share", "added to mediation")
    guarantee: float = number(0, -1, 1, "share", "added to what third parties vouch for")
    asylum: float = number(0, -1, 1, "share", "added to the refuge that third parties offer")
    hardship: float = number(0, 0, 100, "index", "added to the hardship of civilians")
    deaths: float = number(
        0, 0, 1e6, "deaths", "mean killed (drawn, 50 at most); killed for certain if decisive"
    )
    tempo: float = number(0, 0, 2, "strikes/day", "strikes that it counts for")
    force: bool = Field(
        False, description="force on the target's soil: makes good on an ultimatum, counts as limited force"
    )
    speaks: bool = Field(False, description="third parties that send it count as having spoken out")
    sided: bool = Field(
        False,
        description="from a friend of the coercer, what it adds to opposition is added to backing instead",
    )
    needs: dict[str, float] = Field(
        default_factory=dict, description="quantity = number that the quantity must be above"
    )
    opens: Literal["", "offer", "ultimatum"] = Field("", description="the clock that it starts")
    decisive: Literal["", "exit", "terms", "assault", "preempt"] = Field(
        "", description="how the sender weighs it, if it ends the crisis"
    )
    ends: Literal["", "exit", "settlement", "raid", "invasion", "attack"] = Field(
        "", description="the outcome, if it ends the crisis"
    )
    precedence: int = whole(0, 0, 99, "rank", "which of two decisive acts of one day stands: the lower")
    prize: float = number(0, 0, 5, "stake", "share of the stake that success brings (assault)")
    cost_certain: float = number(0, 0, 5, "war cost", "share of the cost of war borne in any case (assault)")
    cost_resisted: float = number(
        0, 0, 5, "war cost", "the same, times the rival's resolve as believed (assault)"
    )
    reluctance: float = number(0, -5, 5, "utility", "threshold before a capital takes a decisive act")
    reaction: Reaction = table()
    cameo: str = text("", "CAMEO event code, for reports only")
    goldstein: float | None = optional(
        -10, 10, "Goldstein", "cooperation to conflict, for reports only", "Goldstein 1992"
    )

    @property
    def kind(self) -> Kind:
        """The class as a number."""
        return Kind[self.class_.upper()]

    @property
    def war(self) -> bool:
        """Whether sending it is war."""
        return self.ends not in ("", "exit", "settlement")


@cache
def shipped_vocabulary() -> dict[str, dict[str, Any]]:
    """The signals that ship, as plain tables; not to be changed in place."""
    return tomllib.loads(Path(__file__).with_name("signals.toml").read_text(encoding="utf-8"))


def ladder(signals: dict[str, Signal]) -> tuple[str, ...]:
    """Names in ladder order: by hostility, ties by ``order``, then by name."""
    return tuple(sorted(signals, key=lambda name: (signals[name].hostility, signals[name].order, name)))
