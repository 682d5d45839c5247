"""Perceive: how much of the day's evidence gets through five channels of fog, and what it does to belief and mood.

Fog is evidence lost, and made up: what is lost is replaced by something as vivid, about nothing; suspicion reads
hostile intent into it (Jervis 1976). That acts are trusted more than words is Katagiri & Min (2018). Sizes are
assumptions.
"""

from __future__ import annotations

import math

from sim.rules import rule
from sim.rules.portable import clamp
from sim.schema.coefficients import Feeling, Perception
from sim.schema.signals import Kind
from sim.schema.world import Fog

QUIET = int(Kind.QUIET)
VERBAL = int(Kind.VERBAL)
MATERIAL = int(Kind.MATERIAL)
PRIVATE = int(Kind.PRIVATE)
ECONOMIC = int(Kind.ECONOMIC)


@rule
def first_belief(fog: Fog, truth: float, prior_error: float, z: float) -> float:
    """(33) Belief on day 0 about a trait [trait]: the truth, and an error."""
    return truth + fog.uncertainty * prior_error * z


@rule
def first_variance(fog: Fog, prior_error: float) -> float:
    """(34) Variance of the first belief [trait²]."""
    return fog.uncertainty * prior_error * prior_error


@rule
def lost(k: Perception, fog: Fog, kind: float, tempo: float, inconsistency: float, known: float) -> float:
    """(32) Share of the evidence in a signal that its own channel loses, in 0..1; nothing of a quiet day."""
    words = k.rhetoric_loss + k.inconsistency_loss * inconsistency
    acts = k.strikes_loss + k.tempo_loss * tempo
    return (
        fog.rhetoric * (words if words < k.most_loss else k.most_loss)
        if kind == VERBAL
        else fog.strikes * (acts if acts < k.most_loss else k.most_loss)
        if kind == MATERIAL
        else fog.opacity * k.opacity_loss * (1.0 - known)
        if kind == PRIVATE
        else fog.framework * k.economic_loss
        if kind == ECONOMIC
        else 0.0
    )


@rule
def evidence(k: Perception, fog: Fog, framework: float, loss: float) -> float:
    """(32) κ, in 0..1: share of the evidence that gets through."""
    return (1.0 - fog.framework * k.framework_loss * (1.0 - framework)) * (1.0 - loss)


@rule
def of_types(fog: Fog, through: float) -> float:
    """(33) κ of beliefs, in 0..1: all evidence about types gets through where fog is kept from working on them."""
    return through + (1.0 - fog.types) * (1.0 - through)


@rule
def believed(
    k: Perception,
    fog: Fog,
    truth: float,
    belief: float,
    variance: float,
    through: float,
    score: float,
    information: float,
    z: float,
    low: float,
    high: float,
) -> float:
    """(33) Belief about resolve after a signal [resolve]; the truth where types are known."""
    made_up = k.made_up * (1.0 - through) * math.sqrt(information) * z
    moved = clamp(belief + variance * (through * score + made_up), low, high)
    return truth if fog.uncertainty == 0.0 else moved


@rule
def intent(k: Perception, fog: Fog, suspicion: float, information: float) -> float:
    """(33) What suspicion makes up about appetite where evidence is lost [1/utility], for each share lost."""
    return information * k.suspicion * fog.suspicion * suspicion


@rule
def appetite_believed(
    k: Perception,
    fog: Fog,
    truth: float,
    belief: float,
    variance: float,
    through: float,
    score: float,
    information: float,
    suspicion: float,
    z: float,
    most: float,
) -> float:
    """(33) Belief about appetite after a signal [utility]: as about resolve, and leaning to suspicion."""
    made_up = intent(k, fog, suspicion, information) + k.made_up * math.sqrt(information) * z
    moved = clamp(belief + variance * (through * score + (1.0 - through) * made_up), -most, most)
    return truth if fog.uncertainty == 0.0 else moved


@rule
def doubt(fog: Fog, variance: float, information: float, through: float, drift: float, cap: float) -> float:
    """(34) Variance after a signal [trait²]: less by what got through, a little more each day, at most the cap."""
    grown = variance / (1.0 + variance * information * through) + drift
    return 0.0 if fog.uncertainty == 0.0 else grown if grown < cap else cap


@rule
def felt(k: Feeling, fog: Fog, hostility: float, through: float, suspicion: float, incident: bool) -> float:
    """(35) ĥ, in -1..1 [hostility]: how hostile the day is felt to be; suspicion reads it into what is lost."""
    read = hostility + fog.acts * (1.0 - through) * k.suspicion * fog.suspicion * suspicion
    startled = incident & (fog.acts * fog.strikes > 0.0) & (read < k.incident)
    return clamp(k.incident if startled else read, -1.0, 1.0)


@rule
def mood(k: Feeling, before: float, hostile: float, felt_force: float, rival_force: float) -> float:
    """(35) m, in 0..1 [hostility]: a mood follows what is felt, forces at the door included, and passes."""
    return clamp(before + k.gain * (hostile + felt_force * rival_force) - k.decay * before, 0.0, 1.0)
