"""Habits by role: the inclination of an actor to each signal for which its scenario gives none."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from sim.schema.signals import Role

Habits = Mapping[str, float]


@cache
def habits_of(role: Role) -> Habits:
    """Inclinations [utility] by signal, of ``habits.toml``; a signal that is not in it has 0."""
    tables = tomllib.loads(Path(__file__).with_name("habits.toml").read_text(encoding="utf-8"))
    found: Habits = tables[role]
    return found
