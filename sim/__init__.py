"""Brink: simulated crises, and how much of their risk is misreading.

import sim

scenario = sim.load("standoff")
study = sim.run(scenario.replace({"actors.caracas.resolve": 0.7}), runs=10_000)
study.summary()
study.plot("escalation")
sim.compare({"as is": scenario, "firm": scenario.replace({"actors.caracas.resolve": 0.7})}).table("differences")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.engines.mesa.model import CrisisModel as CrisisModel
    from sim.errors import BrinkError as BrinkError
    from sim.experiments.arms.question import compare as compare
    from sim.experiments.claims.question import examine as examine
    from sim.experiments.diff.question import diff as diff
    from sim.experiments.drawing import plot as plot
    from sim.experiments.growing import growing as growing
    from sim.experiments.levers.question import levers as levers
    from sim.experiments.seat.playing import play as play
    from sim.experiments.sensitivity.question import sensitivity as sensitivity
    from sim.experiments.study.study import Study as Study
    from sim.experiments.study.study import open_study as open_study
    from sim.experiments.study.study import run as run
    from sim.experiments.sweep.question import sweep as sweep
    from sim.experiments.turning_points.closest.question import closest_call as closest_call
    from sim.experiments.turning_points.risk.question import risk as risk
    from sim.experiments.turning_points.what_if.question import what_if as what_if
    from sim.experiments.turning_points.windows.question import windows as windows
    from sim.scenario.files import load as load
    from sim.scenario.scenario import Scenario as Scenario


_HOMES = {
    "load": "sim.scenario.files",
    "run": "sim.experiments.study.study",
    "growing": "sim.experiments.growing",
    "compare": "sim.experiments.arms.question",
    "diff": "sim.experiments.diff.question",
    "sweep": "sim.experiments.sweep.question",
    "levers": "sim.experiments.levers.question",
    "sensitivity": "sim.experiments.sensitivity.question",
    "examine": "sim.experiments.claims.question",
    "risk": "sim.experiments.turning_points.risk.question",
    "closest_call": "sim.experiments.turning_points.closest.question",
    "what_if": "sim.experiments.turning_points.what_if.question",
    "windows": "sim.experiments.turning_points.windows.question",
    "play": "sim.experiments.seat.playing",
    "plot": "sim.experiments.drawing",
    "open_study": "sim.experiments.study.study",
    "Study": "sim.experiments.study.study",
    "Scenario": "sim.scenario.scenario",
    "BrinkError": "sim.errors",
    "CrisisModel": "sim.engines.mesa.model",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``import sim`` itself costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
