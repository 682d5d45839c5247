"""Perceive: how an observer reads the resolve behind a signal, through five channels of fog.

Fog lets appearance replace intent (blur Λ) and adds noise (ς). What is read updates a normal belief as in
a Kalman (1960) filter. That observers read hostility into what they see after their own expectations is
Jervis (1976); that acts are trusted more than private words, and these more than public ones, is Katagiri &
Min (2018), which the sizes follow only in part (see :class:`sim.schema.coefficients.Perception`). Sizes
are assumptions.
"""

from __future__ import annotations

import math

from sim.rules import rule
from sim.rules.portable import clamp
from sim.schema.coefficients import Perception
from sim.schema.signals import Kind
from sim.schema.world import Fog

QUIET = int(Kind.QUIET)
VERBAL = int(Kind.VERBAL)
MATERIAL = int(Kind.MATERIAL)
PRIVATE = int(Kind.PRIVATE)
ECONOMIC = int(Kind.ECONOMIC)


@rule
def sees_truly(fog: Fog) -> bool:
    """Whether an observer sees resolve itself: all channels off but suspicion, which alone does nothing."""
    return (fog.framework == 0.0) & (fog.rhetoric == 0.0) & (fog.strikes == 0.0) & (fog.opacity == 0.0)


@rule
def first_belief(fog: Fog, rival_resolve: float, framework: float, prior_error: float, z: float) -> float:
    """(2) μ on day 0 [resolve]: the truth, and an error that working channels would have spared."""
    return rival_resolve + fog.framework * (1.0 - framework) * prior_error * z


@rule
def first_variance(fog: Fog, variance: float) -> float:
    """(2) v on day 0 [resolve²]: 0 for an observer that sees truly."""
    return 0.0 if sees_truly(fog) else variance


@rule
def kind_read(kind: float, leaked: bool) -> float:
    """The class a third party sees: a private signal is public words if it leaks, and nothing if not."""
    return (VERBAL if leaked else QUIET) if kind == PRIVATE else kind


@rule
def hostility_read(hostility: float, kind: float, leaked: bool, distortion: float, z: float) -> float:
    """The hostility a third party sees: bent by a leak, 0 where it sees nothing."""
    bent = clamp(hostility + distortion * z, -1.0, 1.0)
    return (bent if leaked else 0.0) if kind == PRIVATE else hostility


@rule
def appearance(hostility: float) -> float:
    """(29) What a signal looks like on the scale of resolve, in 0..1: ½ + ½h."""
    return 0.5 + 0.5 * hostility


@rule
def blur(k: Perception, fog: Fog, kind: float, framework: float, readout_share: float) -> float:
    """(30) Λ of a signal: share of what is read that is appearance rather than intent; 0 on a quiet day."""
    channel = (
        fog.rhetoric * k.rhetoric_blur
        if kind == VERBAL
        else fog.strikes * k.strikes_blur
        if kind == MATERIAL
        else fog.opacity * (1.0 - readout_share) * k.opacity_blur
        if kind == PRIVATE
        else fog.framework * k.economic_blur
    )
    return 0.0 if kind == QUIET else fog.framework * k.framework_blur * (1.0 - framework) + channel


@rule
def noise(
    k: Perception,
    fog: Fog,
    kind: float,
    framework: float,
    readout_share: float,
    tempo: float,
    inconsistency: float,
) -> float:
    """(31) ς [resolve] of a signal: noise of the framework and of its own channel, added as variances."""
    gap = fog.framework * (1.0 - framework)
    economic = fog.framework * k.economic_noise if kind == ECONOMIC else 0.0
    common = gap * k.quiet_noise if kind == QUIET else gap * k.framework_noise + economic
    channel = (
        fog.rhetoric * (k.rhetoric_noise + k.inconsistency_noise * inconsistency)
        if kind == VERBAL
        else fog.strikes * (k.strikes_noise + k.tempo_noise * tempo)
        if kind == MATERIAL
        else fog.opacity * (1.0 - readout_share) * k.opacity_noise
        if kind == PRIVATE
        else 0.0
    )
    return math.sqrt(common * common + channel * channel)


@rule
def added_blur(extra: float, blurred: float) -> float:
    """(30) Λ after an incident or a lapsed ultimatum, at most 1."""
    total = blurred + extra
    return total if total < 1.0 else 1.0


@rule
def reading(resolve: float, look: float, blurred: float, noisy: float, z: float, bias: float) -> float:
    """(32) y = θ + Λ(appearance - θ) + ςz + bias(Λ + ς): the resolve read into a signal."""
    return resolve + blurred * (look - resolve) + noisy * z + bias * (blurred + noisy)


@rule
def trust_in_reading(variance: float, noisy: float) -> float:
    """(33) K = v/(v + ς²), in 0..1 (Kalman 1960): weight of a new reading; 1 if it is free of noise."""
    return variance / (variance + noisy * noisy) if noisy > 0.0 else 1.0


@rule
def believed(fog: Fog, belief: float, resolve: float, weight: float, read: float) -> float:
    """(34) μ after a reading [resolve]: μ + K(y - μ), or the truth for an observer that sees truly."""
    return resolve if sees_truly(fog) else belief + weight * (read - belief)


@rule
def doubt(fog: Fog, variance: float, weight: float, drift: float, cap: float) -> float:
    """(34) v after a reading [resolve²]: (1-K)v, and a little more each day, at most the cap."""
    grown = (1.0 - weight) * variance + drift
    return 0.0 if sees_truly(fog) else grown if grown < cap else cap
