"""What all actors of a crisis do as Mesa agents: decide, send, read."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

import mesa

from sim.errors import StudyError
from sim.rules import choose, draws, perceive
from sim.schema.actors import Principal, ThirdParty
from sim.schema.signals import Signal
from sim.schema.world import Fog

if TYPE_CHECKING:
    from sim.engines.mesa.agents import PrincipalAgent
    from sim.engines.mesa.model import CrisisModel


Utilities = dict[str, float]
NO_FOG = Fog(framework=0.0, rhetoric=0.0, strikes=0.0, opacity=0.0, suspicion=0.0)


class Actor(mesa.Agent):  # type: ignore[misc]  # mesa is not typed
    """An actor: what it believes of one principal, and the signal that it sends each day.

    ``belief`` and ``variance`` are about the resolve of ``rival``: for third parties, the coercer.
    """

    role: ClassVar[str]
    model: CrisisModel
    traits: Principal | ThirdParty
    belief: float
    variance: float

    def __init__(self, model: CrisisModel, name: str) -> None:
        super().__init__(model)
        scenario = model.crisis
        self.name = name
        self.traits = scenario.actors[name]
        self.seat = self.traits.seat
        self.fog = scenario.fog_of(name)
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
        return float(getattr(self.model.world, name))

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

    # Perceive ------------------------------------------------------------------------------

    @property
    def rival(self) -> PrincipalAgent:
        """The principal whose resolve this actor reads."""
        return self.model.coercer

    def first_belief(self) -> None:
        """What is believed on day 0."""
        model = self.model
        _, z = model.luck.normals(0, self.seat, draws.START)
        framework = model.crisis.world.framework
        self.belief = perceive.first_belief(
            self.fog, self.rival.resolve, framework, self.traits.prior_error, z
        )
        self.variance = perceive.first_variance(self.fog, model.crisis.belief.variance)

    def perceive(self) -> None:
        """Read the rival's signal of today and update the belief."""
        model, world, rival = self.model, self.model.world, self.rival
        k, belief = model.crisis.coefficients.perception, model.crisis.belief
        z, own = model.luck.normals(model.day, self.seat, draws.PERCEIVE, rival.seat)
        kind, hostility = self.seen(rival.sent, own)
        share = model.crisis.world.readout_share
        blurred = perceive.blur(k, self.fog, kind, world.framework, share)
        noisy = perceive.noise(k, self.fog, kind, world.framework, share, world.tempo, rival.inconsistency)
        blurred, look = self._disturbed(blurred, perceive.appearance(hostility))
        bias = self.fog.suspicion * self.traits.suspicion
        read = perceive.reading(rival.resolve, look, blurred, noisy, z, bias)
        weight = perceive.trust_in_reading(self.variance, noisy)
        self.belief = perceive.believed(self.fog, self.belief, rival.resolve, weight, read)
        self.variance = perceive.doubt(self.fog, self.variance, weight, belief.drift, belief.variance_cap)
        self.read = read
        self.reflect(own)

    def seen(self, signal: Signal, own: float) -> tuple[float, float]:
        """Class and hostility of a signal as this observer sees them."""
        return signal.kind, signal.hostility

    def reflect(self, own: float) -> None:
        """What else the day's own draw is for: nothing, but for principals."""

    def _disturbed(self, blurred: float, look: float) -> tuple[float, float]:
        """Blur and appearance after a lapsed ultimatum and an incident."""
        k, model = self.model.crisis.coefficients.perception, self.model
        if model.world.bluff and self.rival is model.coercer:
            blurred, look = perceive.added_blur(self.fog.rhetoric * k.bluff_blur, blurred), k.bluff_appearance
        if model.incident and self.role != "third":
            blurred, look = (
                perceive.added_blur(self.fog.strikes * k.incident_blur, blurred),
                k.incident_appearance,
            )
        return blurred, look
