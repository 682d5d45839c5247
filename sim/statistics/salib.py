"""SALib, which only sensitivity analysis needs."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sim.errors import StudyError


def salib(module: str) -> Any:
    """A module of SALib, as "sample.morris". Raises StudyError if SALib is not installed."""
    try:
        return import_module(f"SALib.{module}")
    except ImportError:
        raise StudyError(
            'sensitivity analysis needs SALib, which is not installed; pip install "brink[sensitivity]" installs it'
        ) from None
