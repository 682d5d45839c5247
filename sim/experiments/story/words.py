"""What happened, in words. Each function says facts of a course, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sim.experiments.story.grammar import dead, for_many, listed, often, on_days, scaled, sentence
from sim.results.course import Act, Course, Day, Event, Reading, View
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import WARS, Outcome
from sim.schema.signals import Kind

SENT = {
    Kind.QUIET: "silence",
    Kind.VERBAL: "words",
    Kind.MATERIAL: "act",
    Kind.PRIVATE: "private words",
    Kind.ECONOMIC: "measure",
}


def phrase(scenario: Scenario, act: Act) -> str:
    """What the sender of an act does: the signal's phrase, with the names of those it speaks of."""
    signal = scenario.signals[act.signal]
    other = scenario.target if act.actor == scenario.coercer else scenario.coercer
    words = signal.phrase or f'sends "{scenario.label(act.signal)}"'
    words = re.sub(r"\bthe other side\b", lambda _: scenario.label(other), words)
    return re.sub(r"\bthe target\b", lambda _: scenario.label(scenario.target), words)


# What was sent -------------------------------------------------------------------------------


def acts(scenario: Scenario, days: Sequence[Day]) -> list[str]:
    """Sentences: what each principal does, and on which of several days; who is killed by whatever is sent."""
    sent = _sent(days)
    killing = [act for act in sent if scenario.signals[act.signal].deaths > 0]
    died = dead(sum(day.deaths for day in days))
    found = []
    for name in (scenario.coercer, scenario.target):
        clauses = [
            f"{phrase(scenario, act)}{f' {on_days(when)}' if len(days) > 1 else ''}{_scripted(act)}"
            f"{f' ({died})' if killing == [act] else ''}"
            for act, when in sent.items()
            if act.actor == name
        ]
        if clauses:
            found.append(sentence(f"{scenario.label(name)} {listed(clauses)}"))
    if len(killing) > 1 or any(act.actor in scenario.third_parties for act in killing):
        found.append(sentence(f"in all {died}"))
    return found


def chorus(scenario: Scenario, days: Sequence[Day]) -> list[str]:
    """Sentences, up the ladder: which third parties do the same thing, and how often."""
    sent = {act: when for act, when in _sent(days).items() if act.actor in scenario.third_parties}
    together: dict[str, list[str]] = {}
    for act in sorted(
        sent, key=lambda act: (scenario.ladder.index(act.signal), scenario.seats.index(act.actor))
    ):
        name = f"{scenario.label(act.actor)}{often(len(sent[act]))}{_scripted(act)}"
        together.setdefault(phrase(scenario, act), []).append(name)
    return [
        sentence(f"{listed(names)} {words if len(names) == 1 else for_many(words)}")
        for words, names in together.items()
    ]


def _sent(days: Sequence[Day]) -> dict[Act, list[int]]:
    """The days of each act, in the order of the first."""
    sent: dict[Act, list[int]] = {}
    for day in days:
        for act in day.acts:
            sent.setdefault(act, []).append(day.number)
    return sent


def _scripted(act: Act) -> str:
    return " (as scripted)" if act.scripted else ""


# What happened besides, and how it was read ---------------------------------------------------


def event(course: Course, day: Day, happened: Event) -> str:
    """A sentence: what happened on a day besides what was sent."""
    scenario, n = course.scenario, day.number
    coercer, target = scenario.label(scenario.coercer), scenario.label(scenario.target)
    clocks, control = scenario.clocks, scenario.coefficients.chance
    until_answer, until_force, until_exit = (
        f"day {n + days}" for days in (clocks.ultimatum, clocks.called, clocks.offer)
    )
    sincere = (
        f"{scaled(scenario.world.outreach)} sincere, and {target} takes it to be {scaled(day.sincerity)}"
    )
    said = {
        Event.ULTIMATUM_SET: f"{target} has until {until_answer} to concede something",
        Event.ULTIMATUM_RENEWED: f"the ultimatum takes the place of the one before and gives {target} until {until_answer}",
        Event.ULTIMATUM_ANSWERED: f"with that, {target} has answered {coercer}'s ultimatum",
        Event.ULTIMATUM_CALLED: (
            f"the ultimatum runs out unanswered: {coercer} has until {until_force} to make it good by force"
        ),
        Event.ULTIMATUM_MADE_GOOD: f"with that, {coercer} has made good on its ultimatum",
        Event.ULTIMATUM_LAPSED: (
            f"the ultimatum lapses, for no force has followed; what {coercer} has publicly staked is cut to "
            f"{scaled(day.staked)}"
        ),
        Event.OFFER_OPENED: f"the exit offer stands until {until_exit}; it is {sincere}",
        Event.OFFER_RENEWED: f"the exit offer takes the place of the one before and stands until {until_exit}; it is {sincere}",
        Event.OFFER_EXPIRED: "the exit offer expires, not taken up",
        Event.LEAK: f"what {coercer} says in private leaks, and is no longer private",
        Event.INCIDENT: "an incident between the forces, which nobody chose: to each side it looks like the other's act",
        Event.SETTLEMENT: f"talks, their progress at {scaled(day.progress)}, settle the crisis",
        Event.LOSS_OF_CONTROL: f"at a level of {day.level:.1f} control is lost: a war that neither side chose, in which {dead(control.control_deaths)}",
    }
    return sentence(said[happened])


def reading(scenario: Scenario, day: Day, read: Reading) -> str:
    """A sentence: what was meant, how it was read, and where that left the belief."""
    observer, rival = scenario.label(read.observer), scenario.label(read.rival)
    if Event.INCIDENT in day.events:
        thing = "the incident"
    elif Event.ULTIMATUM_LAPSED in day.events and read.rival == scenario.coercer:
        thing = "the empty threat"
    else:
        thing = f"{rival}'s {SENT[scenario.signals[read.signal].kind]}"
    before, after, meant = scaled(read.before), scaled(read.after), scaled(read.meant)
    now = f"still believes {after}" if before == after else f"believed {before}, now {after}"
    error = "right" if after == meant else "too high" if read.after > read.meant else "too low"
    thing = f"{thing[0].upper()}{thing[1:]}"
    return f"{thing}: meant {meant} → read as {scaled(read.read)}; {observer} {now}, {error}."


# The whole -----------------------------------------------------------------------------------


def outcome(course: Course) -> str:
    """A clause: how the run ended, and who did it."""
    scenario, found = course.scenario, course.outcome
    least = scenario.coefficients.ending.deescalation_level
    level = f"the level at {course.days[-1].level:.1f}"
    if found is Outcome.standoff:
        return f"in a standoff: nothing has ended it by the horizon, with {level}, not below {least:g}"
    if found is Outcome.deescalation:
        return f"in de-escalation: nothing has ended it by the horizon, with {level}, below {least:g}"
    if found is Outcome.settlement:
        return "in a settlement: talks settle it"
    if found is Outcome.loss_of_control:
        return "in war by loss of control, which neither side chose"
    act = next(act for act in course.days[-1].acts if act.actor == course.ended_by)
    how = f"in war ({found.name})" if found in WARS else "in an exit"
    return f"{how}: {scenario.label(act.actor)} {phrase(scenario, act)}"


def view(scenario: Scenario, held: View) -> str:
    """A clause: what one side believes of the other, and how far that is off."""
    observer, rival = scenario.label(held.observer), scenario.label(held.rival)
    return f"{observer} believes {rival}'s resolve to be {scaled(held.belief)}; it is {scaled(held.resolve)}, {off(held)}"


def off(held: View) -> str:
    """'so 0.13 too high' and the like, of the numbers as they are shown."""
    error = round(held.belief, 2) - round(held.resolve, 2)
    if scaled(error) == "0.00":
        return "so the belief is right"
    return f"so the belief is {scaled(abs(error))} too {'high' if error > 0 else 'low'}"
