"""Numbers that move nothing, by design: facts of the model, each with its reason.

Everything else is a lever that does something in some scenario.
"""

from __future__ import annotations

from sim.scenario.scenario import Scenario
from sim.schema.signals import Signal

FOR_REPORTS = "for reports only"
FOR_GOOD = {
    "signals.goldstein": FOR_REPORTS,
    "actors.coercer.fog.sincerity": "only the target weighs whether an offered exit is meant",
}
"""Dead in any scenario: signals' numbers, and those of actors by role."""

WEIGHED_IN_ORDINARY_CHOICE = ("pressure", "cost")
OF_PRINCIPALS = ("rung", "pressure", "concession", "posture", "commitment")
OF_ASSAULTS = ("prize", "cost_certain", "cost_resisted")
SETTLES_TIES = ("order", "precedence")


def reason(scenario: Scenario, key: str) -> str:
    """Why a number, by its dotted key, can move nothing whatever the rest of the scenario is; "" if it may."""
    first, *rest = key.split(".")
    if first == "signals" and len(rest) > 1:
        return reason_of_signal(scenario.signals[rest[0]], rest[1])
    if first == "actors" and len(rest) > 1:
        return FOR_GOOD.get(".".join(("actors", scenario.actors[rest[0]].role, *rest[1:])), "")
    return ""


def reason_of_signal(signal: Signal, part: str) -> str:
    """The same of a signal's number."""
    if part in SETTLES_TIES:
        return "only breaks ties, or settles a day with two decisive acts"
    if part == "goldstein":
        return FOR_REPORTS
    if part == "reaction" and "third" not in signal.senders:
        return "third parties cannot send it"
    if part in OF_PRINCIPALS and signal.senders == ("third",):
        return "only principals have it"
    if part == "opposition" and signal.senders == ("coercer",):
        return "the coercer does not oppose itself"
    if part in WEIGHED_IN_ORDINARY_CHOICE and signal.decisive:
        return "a decisive act is weighed by what it ends in"
    if part in OF_ASSAULTS and signal.decisive != "assault":
        return "only assaults are weighed so"
    if part == "reluctance" and not signal.decisive:
        return "only decisive acts have a threshold"
    if part == "rung" and signal.decisive == "exit":
        return "after an exit the level reads 0"
    return ""
