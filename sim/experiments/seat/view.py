"""What one capital sees on a morning: what it did, what all can see, and what was said to it in private.

What others say to each other in private, and what they are, want, fear and believe, is not in it: change these, and the
view stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from sim.engines.mesa.model import CrisisModel
from sim.engines.mesa.principal import PrincipalAgent
from sim.results.course import Act, Day, Event, sincerity_read
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import Outcome
from sim.schema.signals import Kind, Signal

OFFERED = (Event.OFFER_OPENED, Event.OFFER_RENEWED, Event.OFFER_EXPIRED)
"""Events that only the principals know of."""

OF_ONESELF = ("resolve", "appetite", "posture", "commitment", "credibility", "mood", "fatigue")
OF_THE_RIVAL = ("posture", "commitment", "credibility")
"""What a principal knows of itself, and what it can see of its rival."""

OPEN = ("sanctions", "opposition", "backing", "support", "access", "tension", "level", "deaths")
BETWEEN_TWO = ("contact", "framework", "mediation", "guarantee", "demand", "tender")
"""What of the world all can see, and what only the principals know: their lines, who carries messages, the terms."""


@dataclass(frozen=True)
class SeenDay:
    """A day gone by. ``felt``, ``belief`` and ``fear`` are the seat's own, a principal's; the terms are of the principals."""

    number: int
    acts: tuple[Act, ...]
    events: tuple[Event, ...]
    deaths: float
    level: float
    tension: float
    felt: float | None = None  # how hostile the rival's day felt, -1..1
    belief: float | None = None  # what it believed in the evening of the rival's resolve
    fear: float | None = None  # and how likely it thought that the rival goes to war soon
    demand: float | None = None
    tender: float | None = None


@dataclass(frozen=True)
class Belief:
    """What a principal believes of the other: means and standard deviations of resolve and appetite, and its fear."""

    rival: str
    resolve: float
    resolve_doubt: float
    appetite: float
    appetite_doubt: float
    fear: float


@dataclass(frozen=True)
class View:
    """All that a seat knows in the morning of a day; after the end, that of the day after."""

    seat: str
    role: str
    day: int
    horizon: int
    past: tuple[SeenDay, ...]
    own: Mapping[str, float]
    rival: Mapping[str, float]
    belief: Belief | None
    world: Mapping[str, float]
    clocks: Mapping[str, int]  # days left
    sincerity: float | None  # of the coercer's private words as the target makes it out
    may: tuple[str, ...]  # what it may send today, up the ladder, and then what ends the crisis
    lacking: Mapping[str, str]  # what it may not today, and which quantity is too low for it
    over: bool
    outcome: Outcome
    ended_by: str
    share: float  # of what was at stake that a settlement has given the coercer


def look(model: CrisisModel, days: Sequence[Day], seat: str) -> View:
    """What a seat sees of a crisis whose days so far are these."""
    me, scenario, world = model.actors[seat], model.crisis, model.world
    principal = isinstance(me, PrincipalAgent)
    open_ = (*OPEN, *BETWEEN_TWO) if principal else OPEN
    names = scenario.repertoire(seat) + scenario.repertoire(seat, decisive=True)
    lacking = {name: me.unmet(name) for name in names}
    return View(
        seat=seat,
        role=me.role,
        day=model.day,
        horizon=model.days,
        past=tuple(_seen_day(scenario, day, seat) for day in days),
        own={name: getattr(me, name) for name in (OF_ONESELF if principal else ("stance",))},
        rival={name: getattr(me.rival, name) for name in OF_THE_RIVAL}
        if isinstance(me, PrincipalAgent)
        else {},
        belief=_belief(me) if isinstance(me, PrincipalAgent) else None,
        world={
            **{name: getattr(world, name) for name in open_},
            **({"asylum": world.asylum} if me.role == "target" else {}),
        },
        clocks=_clocks(model, principal),
        sincerity=sincerity_read(model) if me.role == "target" else None,
        may=tuple(name for name, unmet in lacking.items() if not unmet),
        lacking={name: unmet[0] for name, unmet in lacking.items() if unmet},
        over=not model.running,
        outcome=model.outcome,
        ended_by=model.ended_by,
        share=model.share,
    )


def sees(scenario: Scenario, seat: str, sender: str, signal: Signal) -> bool:
    """Whether a seat sees a signal of somebody: its own, all that is not private, and what is said to it.

    Private words of a principal are for the other; those of a third party are for both, but refuge is offered to the
    target alone.
    """
    if sender == seat or signal.kind is not Kind.PRIVATE:
        return True
    if scenario.actors[sender].role != "third":
        return scenario.actors[seat].role != "third"
    return scenario.actors[seat].role == "target" or (seat == scenario.coercer and not signal.asylum)


def _seen_day(scenario: Scenario, day: Day, seat: str) -> SeenDay:
    acts = tuple(
        replace(act, scripted=False)
        for act in sorted(day.acts, key=lambda act: act.actor != seat)
        if sees(scenario, seat, act.actor, scenario.signals[act.signal])
    )
    third = scenario.actors[seat].role == "third"
    seen = SeenDay(
        day.number,
        acts,
        tuple(event for event in day.events if not (third and event in OFFERED)),
        day.deaths,
        day.level,
        day.tension,
    )
    if third:
        return seen
    [read] = [each for each in day.readings if each.observer == seat]
    [side] = [each for each in day.sides if each.actor == seat]
    return replace(
        seen, felt=read.felt, belief=read.after, fear=side.fear, demand=day.demand, tender=day.tender
    )


def _belief(me: PrincipalAgent) -> Belief:
    return Belief(
        me.rival.name,
        me.belief,
        sqrt(me.variance),
        me.appetite_belief,
        sqrt(me.appetite_variance),
        me.fear,
    )


def _clocks(model: CrisisModel, principal: bool) -> dict[str, int]:
    """Days left of what runs: an ultimatum, the time in which it is to be made good, and, to a principal, an offer."""
    names = ("ultimatum", "called", *(("offer",) if principal else ()))
    return {name: int(getattr(model.world, name)) for name in names if getattr(model.world, name) > 0.0}
