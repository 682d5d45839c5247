"""Risk, what-ifs and windows as plain lists and numbers, for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.experiments.turning_points.closest import ClosestCall
from sim.experiments.turning_points.risk import NO_RETURN, Evening, Risk
from sim.experiments.turning_points.what_if import WhatIf
from sim.experiments.turning_points.windows import Windows
from sim.statistics.differences import Difference
from sim.statistics.proportions import Estimate


def risk_json(risk: Risk) -> dict[str, Any]:
    """Run, how it ended, the point of no return, and each evening's chances, changes and acts."""
    course = risk.course
    return {
        "scenario": course.scenario.name,
        "seed": course.seed,
        "run": course.run,
        "days": course.horizon,
        "times": risk.times,
        "outcome": course.outcome.name,
        "end_day": course.end_day,
        "no_return": {"threshold": NO_RETURN, "day": risk.no_return},
        "highest": {"day": risk.highest.day, **_estimate(risk.highest.chances["war"])},
        "evenings": [_evening(risk, evening) for evening in risk.evenings],
    }


def closest_json(call: ClosestCall) -> dict[str, Any]:
    """The risk of the run, and among how many it was the closest call."""
    return {"looked_at": call.looked_at, "peaceful": call.peaceful, **risk_json(call.risk)}


def whatif_json(found: WhatIf) -> dict[str, Any]:
    """The signal that was sent, and each that could have been with its chances and changes."""
    own = found.scenario.study
    return {
        "scenario": found.scenario.name,
        "seed": own.seed,
        "days": own.days,
        "run": found.run,
        "day": found.day,
        "actor": found.actor,
        "times": found.times,
        "sent": found.sent.signal,
        "signals": [
            {
                "signal": each.signal,
                "chances": _estimates(each.chances),
                "changes": _differences(each.changes),
            }
            for each in found.alternatives
        ],
        "impossible": dict(found.impossible),
    }


def windows_json(found: Windows) -> dict[str, Any]:
    """How it goes without the signal, and what it changes by day."""
    own = found.scenario.study
    return {
        "scenario": found.scenario.name,
        "seed": own.seed,
        "runs": own.runs,
        "days": own.days,
        "actor": found.actor,
        "signal": found.signal,
        "as_it_is": _estimates(found.base),
        "windows": [
            {
                "day": each.day,
                "possible": _estimate(each.possible),
                "overall": _differences(each.overall),
                "among": _differences(each.among),
            }
            for each in found.days
        ],
    }


def _evening(risk: Risk, evening: Evening) -> dict[str, Any]:
    day = risk.day(evening)
    acts = (
        [{"actor": act.actor, "signal": act.signal, "scripted": act.scripted} for act in day.acts]
        if day
        else []
    )
    return {
        "day": evening.day,
        "chances": _estimates(evening.chances),
        "changes": _differences(evening.changes),
        "stands_out": evening.stands_out,
        "acts": acts,
        "events": [event.value for event in day.events] if day else [],
    }


def _estimates(found: Mapping[str, Estimate]) -> dict[str, Any]:
    return {name: _estimate(each) for name, each in found.items()}


def _estimate(each: Estimate) -> dict[str, Any]:
    return {"count": each.count, "n": each.n, "rate": each.rate, "low": each.low, "high": each.high}


def _differences(found: Mapping[str, Difference]) -> dict[str, Any]:
    return {
        name: {"value": each.value, "low": each.low, "high": each.high, "n": each.n}
        for name, each in found.items()
    }
