"""Adjust: how a principal's resolve moves overnight."""

from __future__ import annotations

from sim.rules import rule
from sim.rules.portable import clamp
from sim.schema.actors import Principal
from sim.schema.coefficients import Adjustment


@rule
def first_resolve(k: Adjustment, me: Principal, z: float) -> float:
    """(1) θ̄, the actor's own type in this run [resolve]: drawn around its average."""
    own = clamp(me.resolve + me.resolve_spread * z, 0.0, 1.0)
    return clamp(own, k.resolve_low, k.resolve_high)


@rule
def adjusted(
    k: Adjustment, me: Principal, resolve: float, own: float, belief: float, progress: float, z: float
) -> float:
    """(35) θ of the next day [resolve].

    The pull of the actor's own type; the spiral, in which fear of the rival hardens (Richardson 1960);
    the debate inside the capital; talks, which soften.
    """
    moved = (
        resolve
        + me.recovery * (own - resolve)
        + me.reactivity * (belief - k.fear_threshold)
        + me.volatility * z
        - k.talks_softening * progress
    )
    return clamp(moved, k.resolve_low, k.resolve_high)
