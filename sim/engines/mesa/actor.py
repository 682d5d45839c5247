"""What all actors of a crisis do as Mesa agents: decide, and send."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

import mesa

from sim.errors import StudyError
from sim.rules import choose
from sim.schema.actors import Principal, ThirdParty
from sim.schema.signals import Signal

if TYPE_CHECKING:
    from sim.engines.mesa.model import CrisisModel

Utilities = dict[str, float]


class Actor(mesa.Agent):  # type: ignore[misc]  # mesa is not typed
    """An actor, and the signal that it sends each day."""

    role: ClassVar[str]
    model: CrisisModel
    traits: Principal | ThirdParty

    def __init__(self, model: CrisisModel, name: str) -> None:
        super().__init__(model)
        scenario = model.crisis
        self.name = name
        self.traits = scenario.actors[name]
        self.seat = self.traits.seat
        self.repertoire = scenario.repertoire(name)
        self.decisive_repertoire = scenario.repertoire(name, decisive=True)
        self.signal = "hold"
        self.scripted = False

    # What was sent -------------------------------------------------------------------------

    @property
    def sent(self) -> Signal:
        """Today's signal."""
        return self.model.crisis.signals[self.signal]

    @property
    def conceded(self) -> float:
        """What today's signal concedes [resolve]."""
        return self.concession_of(self.sent)

    def concession_of(self, signal: Signal) -> float:
        """What a signal concedes if this actor sends it [resolve]."""
        return signal.concession

    def pressure_of(self, signal: Signal) -> float:
        """How much a signal presses if this actor sends it [leverage]."""
        return signal.pressure

    def effect(self, quantity: str) -> float:
        """What today's signal adds to a quantity of the world."""
        return float(getattr(self.sent, quantity))

    # Choose --------------------------------------------------------------------------------

    def decide(self) -> None:
        """Settle today's signal: the script's, else what :meth:`choose` says.

        Raises ScenarioError if the script's cannot be sent today, StudyError if a choice is not allowed.
        """
        model = self.model
        scripted = model.script.get((model.day, self.name))
        if scripted and scripted.if_possible and self.unmet(scripted.signal):
            scripted = None
        self.scripted = scripted is not None
        self.signal = scripted.signal if scripted else self.choose()
        if scripted is None and self.signal not in (*self.repertoire, *self.decisive_repertoire):
            allowed = ", ".join((*self.repertoire, *self.decisive_repertoire))
            raise StudyError(
                f'{self.name} chose "{self.signal}", which it cannot send; it may send {allowed}'
            )
        for quantity in self.unmet(self.signal):
            raise model.crisis.cannot_send(
                model.day, self.name, self.signal, quantity, self.quantity(quantity), model.luck.run
            )

    @abstractmethod
    def choose(self) -> str:
        """The name of the signal to send today. Override it to play this actor in plain Python."""

    def unmet(self, name: str) -> list[str]:
        """The quantities that are too low for a signal to be sent."""
        needs = self.model.crisis.signals[name].needs
        return [quantity for quantity, least in needs.items() if not self.quantity(quantity) > least]

    def quantity(self, name: str) -> float:
        """A quantity that a signal may need."""
        return self.model.world.quantity(name)

    def possible(self, names: tuple[str, ...]) -> dict[str, Signal]:
        """The signals whose needs are met, in the order given."""
        signals = self.model.crisis.signals
        return {name: signals[name] for name in names if not self.unmet(name)}

    def logit(self, utilities: Utilities, draw: float) -> str:
        """The signal that one uniform draw picks by logit choice, walking up the ladder."""
        best = max(utilities.values())
        sharpness = 1.0 / self.traits.temperature
        weights = {
            name: choose.choice_weight(utility, best, sharpness) for name, utility in utilities.items()
        }
        total = 0.0
        for weight in weights.values():
            total += weight
        chosen, before = 0, 0.0
        names = list(weights)
        for candidate, name in enumerate(names):
            chosen = int(choose.walk(chosen, candidate, weights[name], before, draw * total))
            before += weights[name]
        return names[chosen]
