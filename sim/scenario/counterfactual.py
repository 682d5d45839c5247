"""Who sees clearly: scenarios that differ in fog alone, to be laid beside each other run by run."""

from __future__ import annotations

from collections.abc import Collection

from sim.scenario.memo import remembered
from sim.scenario.scenario import Scenario
from sim.schema.world import Fog

CHANNEL_TITLES = {
    "framework": "no working channels",
    "rhetoric": "bellicose rhetoric",
    "strikes": "strikes read for intent",
    "opacity": "opaque talks",
    "suspicion": "suspicion",
}
"""Names of the channels of fog in figures and tables."""


ROUTE_TITLES = {
    "acts": "misread acts (mood)",
    "types": "misread types (beliefs)",
    "sincerity": "misread sincerity (of an exit offer)",
}
"""Names of the routes by which fog acts, in figures and tables."""


ROUTES = tuple(ROUTE_TITLES)
"""What fog works on: what acts are felt to mean, beliefs about types, whether an offer is held to be meant."""
SWITCHES = tuple(name for name in Fog.model_fields if name not in ROUTES)
"""All that may be unclear: the five channels of fog, and uncertainty about types."""
CHANNELS = tuple(name for name in SWITCHES if name != "uncertainty")
"""The five channels of fog: framework, rhetoric, strikes, opacity, suspicion."""


def clear_sighted(scenario: Scenario, seers: Collection[str] | None = None) -> Scenario:
    """The scenario in which these actors (by default both principals) know each other; all else, luck too, is the same.

    With all of them it is the complete-information counterfactual of a crisis: each sees the resolve and the
    sincerity of the others as they are; neither their luck nor the future. Run n of it is the clear-sighted
    twin of run n.
    """
    return _clear(scenario, None if seers is None else tuple(seers))


@remembered
def _clear(scenario: Scenario, seers: tuple[str, ...] | None) -> Scenario:
    return without(scenario, SWITCHES, seers)


def unfogged(scenario: Scenario, seers: Collection[str] | None = None) -> Scenario:
    """The scenario in which these actors (by default both principals) see through no fog, but still have to infer types."""
    return without(scenario, CHANNELS, seers)


def without(scenario: Scenario, channels: Collection[str], seers: Collection[str] | None = None) -> Scenario:
    """The scenario with some channels of fog off for some principals (by default for both)."""
    both = (scenario.coercer, scenario.target)
    names = [name for name in both if seers is None or name in seers]
    return scenario.replace({f"actors.{name}.fog.{channel}": 0.0 for name in names for channel in channels})


def loses_nothing(fog: Fog) -> bool:
    """Whether all evidence gets through to an observer: suspicion, which alone does nothing, has nothing to work on."""
    return fog.framework == fog.rhetoric == fog.strikes == fog.opacity == 0.0
