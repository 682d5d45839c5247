"""The scenario that a plain Mesa run plays, named by values small enough to send to a worker process."""

from __future__ import annotations

from functools import lru_cache

from sim.scenario.files import load_with
from sim.scenario.scenario import Scenario

Overrides = tuple[tuple[str, float], ...]


@lru_cache(maxsize=32)
def setting(file: str, overrides: Overrides = ()) -> Scenario:
    """The scenario of a file with values replaced; read once in each process."""
    return load_with(file, dict(overrides))
