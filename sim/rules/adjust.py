"""Adjust: the traits of a principal in this run, and how its resolve moves overnight."""

from __future__ import annotations

from sim.rules import rule
from sim.rules.portable import clamp
from sim.schema.actors import Principal
from sim.schema.coefficients import Adjustment


@rule
def first_resolve(k: Adjustment, me: Principal, z: float) -> float:
    """θ̄, the actor's own type in this run [resolve]: drawn around its average."""
    return clamp(me.resolve + me.resolve_spread * z, k.resolve_low, k.resolve_high)


@rule
def own_appetite(me: Principal, z: float) -> float:
    """η, the actor's appetite for force in this run [utility]: drawn around its average; it never changes."""
    return me.appetite + me.appetite_spread * z


@rule
def adjusted(k: Adjustment, me: Principal, resolve: float, own: float, z: float) -> float:
    """θ of the next day [resolve]: the pull of the actor's own type, and the debate inside the capital."""
    return clamp(resolve + me.recovery * (own - resolve) + me.volatility * z, k.resolve_low, k.resolve_high)
