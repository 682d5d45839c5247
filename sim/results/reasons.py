"""Why a principal did what it did: what would its act have been worth without this or that, that same morning?

Each cause is taken away by itself, with all else as it was, and the act is weighed again by the model's own rules
against doing nothing, or, if it ends the crisis, against going on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import Any

from sim.engines.mesa.model import HIDDEN, CrisisModel
from sim.engines.mesa.principal import PrincipalAgent


class Cause(StrEnum):
    """What made an act worth more to its sender that morning, and what is put in its place to tell by how much."""

    ANSWER = "what the rival did the day before"  # against nothing
    MOOD = "a worse mood than usual"  # against the usual
    FEAR = "fear that the rival goes to war"  # against none
    ULTIMATUM = "an ultimatum that runs"  # against none
    CALLED = "an ultimatum that was called"  # against none
    FATIGUE = "fatigue"  # against none
    BUILDUP = "forces that the rival brought up"  # against those of day 0
    MEDIATION = "messages that third parties carry"  # these and the next, against those of day 0
    ACCESS = "bases that third parties opened"
    GUARANTEE = "what third parties vouch for"
    ASYLUM = "refuge that third parties offer"


@dataclass(frozen=True)
class Reason:
    """A cause of an act. ``weight`` [temperatures]: 1 means that it multiplied the odds of the act by e.

    Infinity means that the act was not possible without.
    """

    actor: str
    signal: str
    cause: Cause
    weight: float


@dataclass(frozen=True)
class Morning:
    """All that a day's choices are weighed by, of which the day itself leaves no trace."""

    world: Mapping[str, Any]
    hidden: tuple[Mapping[str, float], Mapping[str, float]]

    @classmethod
    def of(cls, model: CrisisModel) -> Morning:
        """This morning."""
        coercer, target = ({name: getattr(each, name) for name in HIDDEN} for each in model.principals)
        return cls(dict(vars(model.world)), (coercer, target))

    def reasons(self, model: CrisisModel) -> tuple[Reason, ...]:
        """What made the acts of the day that followed likelier, coercer's first, in the order of :class:`Cause`."""
        return tuple(
            Reason(me.name, me.signal, cause, weight)
            for me in model.principals
            if me.signal != "hold" and not me.scripted
            for cause, weight in self._weights(me)
            if weight > 0.0
        )

    def _weights(self, me: PrincipalAgent) -> Iterator[tuple[Cause, float]]:
        model = me.model
        sharpness = 1.0 / (model.crisis.decisive.temperature if me.sent.decisive else me.traits.temperature)
        with self._again(model):
            worth = _worth(me)
        for cause in Cause:
            with self._again(model):
                _take_away(cause, me)
                yield cause, (worth - _worth(me)) * sharpness

    @contextmanager
    def _again(self, model: CrisisModel) -> Iterator[None]:
        """The model as it was in the morning, for as long as it is held."""
        evening = Morning.of(model)
        self._put(model)
        try:
            yield
        finally:
            evening._put(model)

    def _put(self, model: CrisisModel) -> None:
        vars(model.world).update(self.world)
        for principal, hidden in zip(model.principals, self.hidden, strict=True):
            for name, value in hidden.items():
                setattr(principal, name, value)


def _worth(me: PrincipalAgent) -> float:
    """Worth of what was sent today, above that of silence or of going on [utility]; -inf if it cannot be sent."""
    if me.unmet(me.signal):
        return -inf
    me.look_out()
    if me.sent.decisive:
        return me.decisive_utilities()[me.signal] - me.waiting
    return me.weigh(me.signal).utility - me.weigh("hold").utility


def _take_away(cause: Cause, me: PrincipalAgent) -> None:
    """Put what is usual in the place of a cause."""
    world, day_0 = me.model.world, me.model.crisis.world
    if cause is Cause.ANSWER:
        me.rival.last_hostility = 0.0
    elif cause is Cause.MOOD:
        me.mood = me.traits.mood
    elif cause is Cause.BUILDUP:
        me.rival.posture = me.rival.traits.posture
    elif cause is Cause.FEAR:
        me.fear = 0.0
    elif cause is Cause.FATIGUE:
        me.fatigue = 0.0
    elif cause in (Cause.ULTIMATUM, Cause.CALLED):
        setattr(world, cause.name.lower(), 0.0)
    else:
        quantity = cause.name.lower()
        setattr(world, quantity, getattr(day_0, quantity))
