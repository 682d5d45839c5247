"""The course of one run: what was sent, what happened and how it was read, as plain facts by day."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from sim.engines.mesa.model import CrisisModel
from sim.engines.mesa.principal import PrincipalAgent
from sim.errors import StudyError
from sim.results.reasons import Morning, Reason
from sim.rules import choose
from sim.scenario.memo import remembered
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import Outcome


class Event(StrEnum):
    """What happens on a day besides what is sent, in the order in which it is told."""

    ULTIMATUM_SET = "ultimatum set"
    ULTIMATUM_RENEWED = "ultimatum renewed"
    ULTIMATUM_ANSWERED = "ultimatum answered"
    ULTIMATUM_CALLED = "ultimatum called"
    ULTIMATUM_MADE_GOOD = "ultimatum made good"
    ULTIMATUM_LAPSED = "ultimatum lapsed"
    OFFER_OPENED = "exit offer opened"
    OFFER_RENEWED = "exit offer renewed"
    OFFER_EXPIRED = "exit offer expired"
    INCIDENT = "incident"
    LOSS_OF_CONTROL = "loss of control"
    FADED = "faded"


@dataclass(frozen=True)
class Act:
    """A signal other than hold, whether the scenario's script forced it, and whether a friend of the coercer sent it."""

    actor: str
    signal: str
    scripted: bool
    friend: bool = False


@dataclass(frozen=True)
class View:
    """What one principal believes of the other's resolve, and that resolve."""

    observer: str
    rival: str
    belief: float
    resolve: float

    @property
    def error(self) -> float:
        """Belief minus truth [resolve]."""
        return self.belief - self.resolve


@dataclass(frozen=True)
class Reading:
    """How one principal read a day of the other's.

    ``meant`` is the sender's resolve, ``before`` and ``after`` what the observer believed of it; ``through`` is the share
    of the evidence that got through, ``hostility`` how hostile the day was, and ``felt`` how hostile it was felt to be.
    """

    observer: str
    rival: str
    signal: str
    meant: float
    before: float
    after: float
    through: float
    hostility: float
    felt: float

    @property
    def moved(self) -> float:
        """How far the belief moved [resolve]."""
        return self.after - self.before

    @property
    def misled(self) -> bool:
        """Whether the belief moved away from the truth."""
        return abs(self.after - self.meant) > abs(self.before - self.meant)


@dataclass(frozen=True)
class Side:
    """A principal in the evening: fear that the rival goes to war, fatigue, mood and what it has staked, all in 0..1."""

    actor: str
    fear: float
    fatigue: float
    mood: float
    commitment: float


@dataclass(frozen=True)
class Held:
    """What third parties lend or hold out in the evening, as shares in 0..1."""

    support: float
    access: float
    mediation: float
    guarantee: float
    asylum: float


@dataclass(frozen=True)
class Day:
    """One day. ``deaths`` are those of its acts; level, tension, terms, sides and what is held are those at its end."""

    number: int
    acts: tuple[Act, ...]
    events: tuple[Event, ...]
    readings: tuple[Reading, Reading]
    deaths: float
    level: float
    tension: float
    demand: float  # share of what is at stake that the coercer demands
    tender: float  # and that the target would give
    sides: tuple[Side, Side]  # coercer, target
    held: Held
    reasons: tuple[Reason, ...]
    sincerity: float  # of the coercer's private words, as the target makes it out


@dataclass(frozen=True)
class Course:
    """One run from day 0 to its end, or to the horizon. The last day's acts are chosen on the views in ``chosen``."""

    scenario: Scenario
    run: int
    seed: int
    horizon: int
    first: tuple[View, View]
    sides: tuple[Side, Side]  # before day 0, as ``first``
    days: tuple[Day, ...]
    chosen: tuple[View, View]
    chosen_sincerity: float
    last: tuple[View, View]
    outcome: Outcome
    ended_by: str
    share: float  # of what was at stake that a settlement gives the coercer
    deaths: float
    hardship: float
    peak_level: float

    @property
    def end_day(self) -> int | None:
        """The day on which the crisis ended; None at the horizon."""
        return self.days[-1].number if self.outcome > Outcome.standoff else None

    def to_json(self) -> dict[str, Any]:
        """All but the scenario's own values as plain values; ``course`` has an entry for each day."""
        return {
            "scenario": self.scenario.name,
            "seed": self.seed,
            "run": self.run,
            "days": self.horizon,
            "outcome": self.outcome.name,
            "end_day": self.end_day,
            "ended_by": self.ended_by or None,
            "share": self.share,
            "deaths": self.deaths,
            "hardship": self.hardship,
            "peak_level": self.peak_level,
            "course": [asdict(day) for day in self.days],
        }


def refuse_other_runs(name: str, runs: int, run: int) -> None:
    """Raise StudyError unless ``run`` is one of the ``runs`` of the study or scenario of that name."""
    if not 0 <= run < runs:
        raise StudyError(f"--run is {run}; {name} has the runs 0 to {runs - 1:,}.")


@remembered
def replay(scenario: Scenario, seed: int, run: int, days: int) -> Course:
    """Play one run again on the Mesa engine, and note what happens in it."""
    model = CrisisModel(scenario, seed=seed, run=run, days=days, observed=False)
    first, sides, noted = _views(model), _sides(model), list[Day]()
    while model.running:
        chosen, sincerity = _views(model), sincerity_read(model)
        noted.append(play_day(model))
    world = model.world
    return Course(
        scenario,
        run,
        seed,
        days,
        first,
        sides,
        tuple(noted),
        chosen,
        sincerity,
        _views(model),
        model.outcome,
        model.ended_by,
        model.share,
        world.deaths - scenario.world.deaths,
        world.hardship - scenario.world.hardship,
        model.peak_level,
    )


def _views(model: CrisisModel) -> tuple[View, View]:
    return _view(model.coercer), _view(model.target)


def _view(observer: PrincipalAgent) -> View:
    return View(observer.name, observer.rival.name, observer.belief, observer.rival.resolve)


def _sides(model: CrisisModel) -> tuple[Side, Side]:
    return _side(model.coercer), _side(model.target)


def _side(me: PrincipalAgent) -> Side:
    return Side(me.name, me.fear, me.fatigue, me.mood, me.commitment)


def play_day(model: CrisisModel, why: bool = True) -> Day:
    """Step a day, and compare what was with what is; without ``why``, its reasons are left out, which take longest."""
    day, before, world, morning = model.day, _views(model), model.world, Morning.of(model)
    friends = {each.name for each in model.actors.values() if getattr(each, "stance", 0.0) > 0.0}
    deaths, ultimatum, called, offer = world.deaths, world.ultimatum, world.called, world.offer
    model.step()
    lost = model.outcome is Outcome.loss_of_control
    by_chance = model.crisis.coefficients.chance.control_deaths if lost else 0.0
    return Day(
        number=day,
        acts=tuple(_acts(model, friends)),
        events=(
            *_ultimatum_events(model, ultimatum, called),
            *_offer_events(model, offer),
            *_chance_events(model),
        ),
        readings=(_reading(model.coercer, before[0]), _reading(model.target, before[1])),
        deaths=world.deaths - deaths - by_chance,
        level=world.level,
        tension=world.tension,
        demand=world.demand,
        tender=world.tender,
        sides=_sides(model),
        held=Held(**{each.name: getattr(world, each.name) for each in fields(Held)}),
        reasons=morning.reasons(model) if why else (),
        sincerity=sincerity_read(model),
    )


def sincerity_read(model: CrisisModel) -> float:
    """How sincere the target takes the coercer's private words to be, in 0..1."""
    setting, opacity, k = (
        model.crisis.world,
        choose.opaque(model.target.fog),
        model.crisis.coefficients.perception,
    )
    known = choose.read_out(k, setting.readout_share, model.world.mediation)
    return choose.sincerity(setting.outreach, model.coercer.credibility, opacity, known)


def _acts(model: CrisisModel, friends: set[str]) -> list[Act]:
    return [
        Act(actor.name, actor.signal, actor.scripted, actor.name in friends)
        for actor in model.actors.values()
        if actor.signal != "hold"
    ]


def _reading(observer: PrincipalAgent, before: View) -> Reading:
    rival = observer.rival
    return Reading(
        observer.name,
        before.rival,
        rival.signal,
        before.resolve,
        before.belief,
        observer.belief,
        observer.through,
        rival.sent.hostility,
        observer.felt,
    )


def _ultimatum_events(model: CrisisModel, ultimatum: float, called: float) -> list[Event]:
    """What became of an ultimatum that had so many days left, or was called for so many more."""
    sent = model.coercer.sent
    if sent.opens == "ultimatum":
        return [Event.ULTIMATUM_RENEWED if ultimatum > 0.0 or called > 0.0 else Event.ULTIMATUM_SET]
    if ultimatum > 0.0 and model.target.conceded > 0.0:
        return [Event.ULTIMATUM_ANSWERED]
    if ultimatum == 1.0:
        return [Event.ULTIMATUM_CALLED]
    if called > 0.0 and sent.force:
        return [Event.ULTIMATUM_MADE_GOOD]
    return [Event.ULTIMATUM_LAPSED] if model.world.bluff else []


def _offer_events(model: CrisisModel, offer: float) -> list[Event]:
    """What became of an exit offer that had so many days left."""
    if model.coercer.sent.opens == "offer":
        return [Event.OFFER_RENEWED if offer > 0.0 else Event.OFFER_OPENED]
    return [Event.OFFER_EXPIRED] if offer == 1.0 and model.outcome is not Outcome.exit else []


def _chance_events(model: CrisisModel) -> list[Event]:
    happened = {
        Event.INCIDENT: model.incident,
        Event.LOSS_OF_CONTROL: model.outcome is Outcome.loss_of_control,
        Event.FADED: model.outcome is Outcome.deescalation,
    }
    return [event for event, true in happened.items() if true]
