"""Attribution: how much of the risk of war is whose doing among the channels of fog, and among its routes by side.

Every subset of the channels is switched on, the rest off, in runs that share their luck: 32 arms, which make a
game whose players are the channels. Its Shapley values divide, run by run and without remainder, what all fog
together changes. Since suspicion decides which way fog pulls, that is done for more than one suspicion. A second
game has six players, three routes (acts, types, sincerity misread) by two sides: 64 arms, suspicion as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import factorial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.compute.experiment import Piece
from sim.experiments.planned_runs import PlannedRuns
from sim.scenario.counterfactual import CHANNELS, ROUTES, loses_nothing
from sim.scenario.scenario import Scenario
from sim.schema.actors import ThirdParty
from sim.schema.outcomes import WARS, Outcome
from sim.statistics.shapley import interactions, shapley_values

SUSPICIONS = {"low": "low", "zero": "none", "as is": "as in the scenario", "high": "high"}
"""Names of the settings of all actors' suspicion, in the order of tables."""


GAMES = {"war": "war", "made": "war made by fog", "exit": "exit"}
"""Names of what is divided among the channels, in the order of tables."""


TOTAL = "total"  # in place of a channel: what all of them change together
COMPLACENT, HOSTILE = -0.15, 0.3  # suspicion where the scenario's register has no range for it
Overrides = tuple[tuple[str, float], ...]
COALITIONS = range(2 ** len(CHANNELS))
SIDES: tuple[Literal["coercer", "target"], ...] = ("coercer", "target")
PLAYERS = tuple((side, route) for route in ROUTES for side in SIDES)
"""Who misreads what: the players of the game of routes."""
WHOLE_ROUTES = factorial(len(PLAYERS))
WHOLE = factorial(len(CHANNELS))  # denominators of values and of interactions
WHOLE_PAIR = factorial(len(CHANNELS) - 1)
IS_WAR = np.isin(np.arange(len(Outcome)), sorted(WARS))


# What is simulated ----------------------------------------------------------------------------


def on(coalition: int) -> tuple[str, ...]:
    """The channels that are on in a coalition: bit i is channel i."""
    return tuple(name for i, name in enumerate(CHANNELS) if coalition >> i & 1)


def principals(scenario: Scenario) -> tuple[str, str]:
    """Names of coercer and target."""
    return scenario.coercer, scenario.target


def routes(scenario: Scenario, coalition: int) -> dict[str, float]:
    """Overrides that keep fog from the routes, by side, that are not in a coalition of PLAYERS."""
    return {
        f"actors.{getattr(scenario, side)}.fog.{route}": 0.0
        for i, (side, route) in enumerate(PLAYERS)
        if not coalition >> i & 1
    }


def suspicions(scenario: Scenario, setting: str) -> dict[str, float]:
    """The suspicion of each principal in one of the settings; low and high are the ends of the register's range."""
    return {name: _suspicion(scenario, name, setting) for name in principals(scenario)}


def _suspicion(scenario: Scenario, name: str, setting: str) -> float:
    if setting == "zero":
        return 0.0
    if setting == "as is":
        actor = scenario.actors[name]
        return 0.0 if isinstance(actor, ThirdParty) else actor.suspicion
    entry = scenario.assumptions.get(f"actors.{name}.suspicion")
    if setting == "low":
        return entry.low if entry else COMPLACENT
    return entry.high if entry else HOSTILE


def overrides(scenario: Scenario, setting: str, coalition: int) -> Overrides:
    """What an arm says of both principals' fog and suspicion; arms that say the same are the same.

    Suspicion that cannot act (it is 0, its switch is off, or the actor sees truly) is written as off and 0.
    """
    found: dict[str, float] = {}
    said = suspicions(scenario, setting)
    for role in SIDES:
        name = getattr(scenario, role)
        suspicion = said[name]
        switched = {channel: 0.0 for channel in CHANNELS if channel not in on(coalition)}
        fog = scenario.fog_of(role).model_copy(update=switched)
        if loses_nothing(fog) or fog.suspicion * suspicion == 0:
            fog, suspicion = fog.model_copy(update={"suspicion": 0.0}), 0.0
        found |= {f"actors.{name}.fog.{channel}": getattr(fog, channel) for channel in CHANNELS}
        found[f"actors.{name}.suspicion"] = suspicion
    return tuple(found.items())


@dataclass(frozen=True)
class Attribution(PlannedRuns):
    """An experiment: each run is played in every distinct arm.

    arms:    the distinct arms
    numbers: for each setting of suspicion and each coalition, which arm it is
    """

    arms: tuple[Scenario, ...]
    numbers: tuple[tuple[int, ...], ...]
    by_route: tuple[Scenario, ...]

    @classmethod
    def of(cls, planned: Scenario) -> Attribution:
        """The experiment of a scenario, with the runs, days and seed of its plan."""
        distinct: dict[Overrides, int] = {}
        numbers = tuple(
            tuple(distinct.setdefault(overrides(planned, setting, c), len(distinct)) for c in COALITIONS)
            for setting in SUSPICIONS
        )
        by_route = tuple(planned.replace(routes(planned, c)) for c in range(2 ** len(PLAYERS)))
        return cls(planned, tuple(planned.replace(dict(arm)) for arm in distinct), numbers, by_route)

    @property
    def weight(self) -> float:
        """How many simulated runs a unit takes: one in each distinct arm."""
        return float(len(self.arms) + len(self.by_route))

    def compute(self, first: int, count: int) -> Piece:
        """Counts over runs ``first`` to ``first + count - 1``, with axes (setting, …); sums of numbers scaled by 120.

        war, exit, made: (settings, coalitions) runs; gained, lost: (settings, games) runs in which the
        full coalition has what the empty one has not, and the other way round; values, value_squares:
        (settings, games, channels) sums of 120 φ and of its square; pairs, pair_squares: (settings, games,
        pairs) of 24 I. The same of the game of routes, without settings and pairs, named route_…: values are of
        720 φ, its last coalition is the scenario and its first the same with fog kept from every route.
        """
        from sim.engines.batch.engine import Program

        own = self.planned.study

        def outcomes_of(arms: tuple[Scenario, ...]) -> NDArray[np.int8]:
            played = (Program.of(arm).simulate(own.seed, first, count, own.days) for arm in arms)
            return np.array([batch.rows["outcome"] for batch in played], np.int8)

        outcomes = outcomes_of(self.arms)
        settings = [_counted(_games(outcomes[list(numbers)])) for numbers in self.numbers]
        found = {name: np.array([counts[name] for counts in settings]) for name in settings[0]}
        by_route = _counted(_games(outcomes_of(self.by_route)))
        return found | {f"route_{name}": counts for name, counts in by_route.items() if "pair" not in name}


def _games(outcomes: NDArray[np.int8]) -> dict[str, NDArray[np.bool_]]:
    """What happened in each coalition and run, (32, runs), by game.

    Made by fog is a war that the run does not come to in the empty coalition, which is its unfogged twin.
    """
    war = IS_WAR[outcomes]
    return {"war": war, "made": war & ~war[0], "exit": outcomes == int(Outcome.exit)}


def _counted(games: Mapping[str, NDArray[np.bool_]]) -> Piece:
    """The counts of :meth:`Attribution.compute` for one setting of suspicion."""
    values = np.array([shapley_values(games[game]) for game in GAMES])
    index = np.array([interactions(games[game]) for game in GAMES])
    return {
        **{game: games[game].sum(axis=1) for game in GAMES},
        "gained": np.array([(games[game][-1] & ~games[game][0]).sum() for game in GAMES]),
        "lost": np.array([(games[game][0] & ~games[game][-1]).sum() for game in GAMES]),
        "values": values.sum(axis=2),
        "value_squares": (values**2).sum(axis=2),
        "pairs": index.sum(axis=2),
        "pair_squares": (index**2).sum(axis=2),
    }
