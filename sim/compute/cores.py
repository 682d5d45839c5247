"""How many cores there are to compute on."""

from __future__ import annotations

import os


def cores() -> int:
    """Cores that this process may use: those that it is held to where the system says so, else all."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
