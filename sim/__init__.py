"""Brink: simulated crises, and how much of their risk is misreading.

import sim

scenario = sim.load("scenarios/standoff.toml")
study = sim.run(scenario.replace({"actors.caracas.resolve": 0.7}), runs=10_000)
study.summary()
study.plot("escalation")
sim.compare({"as is": scenario, "firm": scenario.replace({"actors.caracas.resolve": 0.7})}).tables["differences"]
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.comparison import compare as compare
    from sim.mesa_engine.model import CrisisModel as CrisisModel
    from sim.scenario import Scenario as Scenario
    from sim.scenario_file import load as load
    from sim.study import Study as Study
    from sim.study import open_study as open_study
    from sim.study import run as run

_HOMES = {
    "compare": "sim.comparison",
    "load": "sim.scenario_file",
    "run": "sim.study",
    "open_study": "sim.study",
    "Study": "sim.study",
    "Scenario": "sim.scenario",
    "CrisisModel": "sim.mesa_engine.model",
}

__all__ = ["CrisisModel", "Scenario", "Study", "compare", "load", "open_study", "run"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``import sim`` itself costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
