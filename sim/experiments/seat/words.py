"""What a seat sees, in words: the day gone by, what is believed and feared, what is on the table, what can be sent."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from sim.experiments.seat.view import SeenDay, View
from sim.experiments.story.grammar import calendar, dead, for_many, listed, scaled, sentence
from sim.experiments.story.words import phrase
from sim.results.course import Act, Event
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import Outcome
from sim.schema.signals import Kind

# Scales: words from each bound on. The words for chances are about those that Kent (1964) proposed for estimates.
Scale = tuple[tuple[float, str], ...]
CHANCE: Scale = (
    *((0.0, "remote"), (0.07, "unlikely"), (0.2, "possible"), (0.4, "about even"), (0.6, "likely")),
    *((0.85, "almost certain"),),
)
RESOLVE: Scale = ((0.0, "ready to give way"), (0.3, "wavering"), (0.5, "firm"), (0.7, "very firm"))
HOSTILE: Scale = (
    *((-1.0, "friendly"), (-0.2, "mild"), (-0.02, "neutral"), (0.1, "cool"), (0.3, "hostile")),
    *((0.6, "very hostile"),),
)
TENSION: Scale = ((0.0, "calm"), (0.2, "uneasy"), (0.4, "tense"), (0.6, "very tense"))
DOUBT: Scale = ((0.0, "quite sure"), (0.07, "fairly sure"), (0.12, "unsure"))
SHARE: Scale = ((0.0, "none"), (0.05, "little"), (0.25, "some"), (0.5, "much"), (0.8, "nearly all"))


def worded(scale: Scale, value: float) -> str:
    """The word of a scale for a value."""
    return scale[max(0, bisect_right([bound for bound, _ in scale], value) - 1)][1]


def on_date(scenario: Scenario, day: int) -> str:
    """'day 5 (5 December 2025)', or 'day 5'."""
    return f"day {day} ({calendar(scenario.start, day)})" if scenario.start else f"day {day}"


def task(scenario: Scenario, seat: str) -> str:
    """Two sentences: what a seat is in the crisis for."""
    coercer, target = scenario.label(scenario.coercer), scenario.label(scenario.target)
    worth = "against the cost of war, is your resolve, from 0 to 1."
    return {
        "coercer": f"You press {target}: you want it to accept your terms, or its leaders to go. How much that is worth to you, {worth}",
        "target": f"{coercer} presses you: it wants you to accept its terms, or your leaders to go. How much holding out is worth to you, {worth}",
        "third": "You look on. With your voice, your bases, your arms and your good offices you move what the two can do.",
    }[scenario.actors[seat].role]


# The day gone by ------------------------------------------------------------------------------


def deed(scenario: Scenario, seat: str, act: Act) -> str:
    """'Washington strikes a boat', 'you make a private call'."""
    does = phrase(scenario, act)
    if act.actor == seat:
        return "you " + re.sub(r"\btheir\b", "your", for_many(does))
    return f"{scenario.label(act.actor)} {does}"


def mine(seat: str, signal: str) -> Act:
    """A signal as an act of the seat's own."""
    return Act(seat, signal, scripted=False)


def gone_by(scenario: Scenario, view: View, day: SeenDay) -> list[str]:
    """Sentences: what the seat did and saw on a day, the principals' acts first."""
    principals = (view.seat, scenario.coercer, scenario.target)
    first = [act for act in day.acts if act.actor in principals]
    others = [act for act in day.acts if act.actor not in principals]
    said = [sentence(deed(scenario, view.seat, act)) for act in first]
    if not any(act.actor == view.seat for act in day.acts):
        said.insert(0, "You do nothing that is seen.")
    if view.belief and not any(act.actor == view.belief.rival for act in day.acts):
        said.append(f"Nothing is seen of {scenario.label(view.belief.rival)}.")
    if any(scenario.signals[act.signal].deaths > 0 for act in day.acts):
        said.append(sentence(dead(day.deaths)))
    said += [sentence(happened(scenario, event)) for event in day.events]
    together: dict[str, list[str]] = {}
    for act in others:
        together.setdefault(phrase(scenario, act), []).append(scenario.label(act.actor))
    said += [
        sentence(f"{listed(names)} {does if len(names) == 1 else for_many(does)}")
        for does, names in together.items()
    ]
    return said


def happened(scenario: Scenario, event: Event) -> str:
    """A clause: what an event is to those who see it."""
    coercer, target = scenario.label(scenario.coercer), scenario.label(scenario.target)
    return {
        Event.ULTIMATUM_SET: f"{target} has {scenario.clocks.ultimatum} days to concede something",
        Event.ULTIMATUM_RENEWED: f"a new ultimatum gives {target} {scenario.clocks.ultimatum} days",
        Event.ULTIMATUM_ANSWERED: f"{target} has answered {coercer}'s ultimatum",
        Event.ULTIMATUM_CALLED: (
            f"the ultimatum has run out unanswered; {coercer} has {scenario.clocks.called} days to make it good by force"
        ),
        Event.ULTIMATUM_MADE_GOOD: f"{coercer} has made good on its ultimatum",
        Event.ULTIMATUM_LAPSED: f"the ultimatum lapses: {coercer}'s word counts for less",
        Event.OFFER_OPENED: f"the exit offer stands for {scenario.clocks.offer} days",
        Event.OFFER_RENEWED: f"the exit offer is renewed for {scenario.clocks.offer} days",
        Event.OFFER_EXPIRED: "the exit offer expires, not taken up",
        Event.INCIDENT: "an incident between the forces, which nobody chose",
        Event.LOSS_OF_CONTROL: "control is lost: a war that neither side chose",
        Event.FADED: "nothing keeps the crisis going, and it fades",
    }[event]


def felt(scenario: Scenario, view: View, day: SeenDay) -> list[str]:
    """A sentence: how a principal felt its rival's day to be; whether it read it rightly, it cannot know."""
    if view.belief is None or day.felt is None:
        return []
    rival = scenario.label(view.belief.rival)
    return [f"{rival}'s day felt {worded(HOSTILE, day.felt)} ({signed(day.felt)})."]


def signed(x: float) -> str:
    """A number of the scale -1..1, to two places, with a true minus."""
    return f"{round(x, 2) + 0.0:+.2f}".replace("-", "\N{MINUS SIGN}").replace("+0.00", "0.00")


def percent(x: float) -> str:
    """'21 %'; 'under 1 %' rather than 0 %."""
    return "under 1 %" if x < 0.005 else f"{100 * x:.0f} %"


# What is believed and feared ------------------------------------------------------------------


def convictions(scenario: Scenario, view: View) -> list[str]:
    """Sentences: what the seat believes of its rival, and what it fears; none for a third party."""
    held = view.belief
    if held is None:
        return []
    rival, days = scenario.label(held.rival), scenario.coefficients.feeling.fear_days
    before = next((day.belief for day in reversed(view.past[:-1]) if day.belief is not None), None)
    moved = (
        f", {scaled(before)} the evening before"
        if before is not None and scaled(before) != scaled(held.resolve)
        else ""
    )
    said = [
        f"You take {rival} to be {worded(RESOLVE, held.resolve)}: resolve {scaled(held.resolve)}{moved}; you are "
        f"{worded(DOUBT, held.resolve_doubt)} (± {scaled(held.resolve_doubt)}).",
        f"That {rival} goes to war within {days:g} days, you think {worded(CHANCE, held.fear)} ({percent(held.fear)}).",
    ]
    if view.sincerity is not None:
        said.append(
            f"That its private words are sincere, you think {worded(CHANCE, view.sincerity)} ({percent(view.sincerity)})."
        )
    return said


def standing(scenario: Scenario, view: View) -> list[str]:
    """Sentences: what the seat is and has, what it can see of its rival, what is on the table, what runs."""
    own = view.own
    if view.belief is None:
        side = scenario.target if own["stance"] < 0 else scenario.coercer
        return [
            f"You lean to {scenario.label(side)}: {scaled(abs(own['stance']))}, where 1 is wholly on its side."
            if scaled(abs(own["stance"])) != "0.00"
            else "You lean to neither side.",
            *_clocks(scenario, view),
        ]
    rival = scenario.label(view.belief.rival)
    said = [
        f"Your own resolve is {scaled(own['resolve'])} ({worded(RESOLVE, own['resolve'])}); of your patience "
        f"{worded(SHARE, 1 - own['fatigue'])} is left ({percent(1 - own['fatigue'])}).",
        f"Forces in place: you {scaled(own['posture'])}, {rival} {scaled(view.rival['posture'])}. Staked in public: you "
        f"{scaled(own['commitment'])}, {rival} {scaled(view.rival['commitment'])}.",
        _terms(scenario, view),
    ]
    return [*said, *_clocks(scenario, view)]


def _terms(scenario: Scenario, view: View) -> str:
    demand, tender = scaled(view.world["demand"]), scaled(view.world["tender"])
    if view.seat == scenario.coercer:
        return f"On the table: you demand {demand} of what is at stake, {scenario.label(scenario.target)} would give {tender}."
    return f"On the table: {scenario.label(scenario.coercer)} demands {demand} of what is at stake, you would give {tender}."


def _clocks(scenario: Scenario, view: View) -> Iterator[str]:
    coercer = scenario.label(scenario.coercer)
    said = {
        "ultimatum": f"{coercer}'s ultimatum runs",
        "called": f"{coercer}'s ultimatum is unanswered and not made good",
        "offer": "the exit offer stands",
    }
    for name, left in view.clocks.items():
        yield sentence(f"{said[name]}: {left} day{'s' if left > 1 else ''} left")


# What can be sent -----------------------------------------------------------------------------


def choice(scenario: Scenario, name: str, view: View) -> str:
    """'call, in private', 'raid: war', 'terms accepted: you get 0.03'."""
    signal = scenario.signals[name]
    if signal.war:
        return f"{scenario.label(name)}: war"
    if signal.ends == "settlement":
        share = view.world["tender"] if view.seat == scenario.coercer else 1 - view.world["demand"]
        return f"{scenario.label(name)}: a settlement that leaves you {scaled(share)}"
    if signal.ends:
        return f"{scenario.label(name)}: ends the crisis"
    label = scenario.label(name)
    return f"{label}, in private" if signal.kind is Kind.PRIVATE and "private" not in label else label


# The end --------------------------------------------------------------------------------------


def ending(scenario: Scenario, view: View) -> str:
    """A sentence: how it ended, as all can see."""
    last = view.day - 1
    if not view.over:
        return f"You leave the table on {on_date(scenario, view.day)}."
    if view.outcome is Outcome.standoff:
        return f"After {view.horizon} days nothing has ended the crisis: a standoff."
    who = "" if not view.ended_by else "you" if view.ended_by == view.seat else scenario.label(view.ended_by)
    how = {
        Outcome.deescalation: "the crisis fades",
        Outcome.loss_of_control: "war, which neither side chose",
        Outcome.settlement: f"a settlement: {who} accepted the terms, which give {scenario.label(scenario.coercer)} "
        f"{scaled(view.share)} of what was at stake",
        Outcome.exit: f"an exit: {who} accepted the offer",
    }
    said = how.get(view.outcome, f"war: {view.outcome.name.replace('_', ' ')}, begun by {who}")
    return sentence(f"{on_date(scenario, last)}: {said}")
