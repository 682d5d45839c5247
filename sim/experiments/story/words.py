"""What happened, in words. Each function says facts of a course, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import exp, isinf

from sim.experiments.story.grammar import dead, for_many, listed, often, on_days, scaled, sentence
from sim.experiments.story.paragraphs import Turn, misread, swung
from sim.results.course import Act, Course, Day, Event, Reading, View
from sim.results.reasons import Cause, Reason
from sim.scenario.outcome_words import outcome_titles
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


HELD = {
    "support": "support",
    "access": "access to bases",
    "mediation": "mediation",
    "guarantee": "the guarantee",
    "asylum": "asylum",
}
"""What third parties hold, in words."""

WEIGHTY = 0.2  # what an act adds to it, or takes away, to be worth a clause


def phrase(scenario: Scenario, act: Act) -> str:
    """What the sender of an act does: the signal's phrase, with the names of those it speaks of."""
    signal = scenario.signals[act.signal]
    against_target = act.actor == scenario.coercer or (act.friend and signal.sided)
    other = scenario.target if against_target else scenario.coercer
    words = signal.phrase or f'sends "{scenario.label(act.signal)}"'
    words = re.sub(r"\bthe other side\b", lambda _: scenario.label(other), words)
    return re.sub(r"\bthe target\b", lambda _: scenario.label(scenario.target), words)


# What was sent -------------------------------------------------------------------------------


def acts(scenario: Scenario, days: Sequence[Day]) -> list[str]:
    """Sentences: what each principal does, and on which of several days; who is killed by whatever is sent."""
    sent: dict[Act, list[int]] = {}
    scripted: dict[Act, list[int]] = {}
    for act, when in _sent(days).items():
        plain = replace(act, scripted=False)
        sent[plain] = sorted([*sent.get(plain, ()), *when])
        scripted[plain] = [*scripted.get(plain, ()), *(when if act.scripted else ())]
    killing = [act for act in sent if scenario.signals[act.signal].deaths > 0]
    died = dead(sum(day.deaths for day in days))
    found = []
    for name in (scenario.coercer, scenario.target):
        clauses = [
            f"{phrase(scenario, act)}{f' {on_days(when)}' if len(days) > 1 else ''}{_on_script(when, scripted[act])}"
            f"{f' ({died})' if killing == [act] else ''}"
            for act, when in sent.items()
            if act.actor == name
        ]
        if clauses:
            found.append(sentence(f"{scenario.label(name)} {listed(clauses)}"))
    if len(killing) > 1 or any(act.actor in scenario.third_parties for act in killing):
        found.append(sentence(f"in all {died}"))
    return found


def _on_script(days: Sequence[int], scripted: Sequence[int]) -> str:
    """' (as scripted)', or ' (on day 2 as scripted)' if an act was scripted on some of its days only."""
    if not scripted:
        return ""
    return f" ({'' if len(scripted) == len(days) else f'{on_days(scripted)} '}as scripted)"


def chorus(course: Course, days: Sequence[Day]) -> list[str]:
    """Sentences, up the ladder: which third parties do the same thing, how often, and what of weight that leaves.

    Those that only speak out for one side are told together.
    """
    scenario = course.scenario
    sent = {act: when for act, when in _sent(days).items() if act.actor in scenario.third_parties}
    together: dict[tuple[str, ...], list[Act]] = {}
    for act in sorted(
        sent, key=lambda act: (scenario.ladder.index(act.signal), scenario.seats.index(act.actor))
    ):
        together.setdefault(_voice(scenario, act), []).append(act)
    return [
        sentence(f"{_voiced(scenario, acts, sent)}{_left(course, days, acts)}") for acts in together.values()
    ]


def _voice(scenario: Scenario, act: Act) -> tuple[str, ...]:
    """What acts have in common that are told in one sentence: their signal, or the side that they speak for."""
    signal = scenario.signals[act.signal]
    if not signal.speaks or signal.kind is not Kind.VERBAL:
        return act.signal, ""
    return ("for",) if signal.backing > 0.0 or (signal.sided and act.friend) else ("against",)


def _voiced(scenario: Scenario, acts: Sequence[Act], sent: Mapping[Act, list[int]]) -> str:
    """'Bogotá (twice) and Havana condemn Washington or speak out against the pressure'."""
    times: dict[str, int] = {}
    for act in acts:
        name = f"{scenario.label(act.actor)}{_scripted(act)}"
        times[name] = times.get(name, 0) + len(sent[act])
    names = [
        f"{name}{often(n)}" for name, n in sorted(times.items(), key=lambda each: _seat(scenario, each[0]))
    ]
    does = list(dict.fromkeys(phrase(scenario, act) for act in acts))
    return f"{listed(names)} {' or '.join(does if len(names) == 1 else map(for_many, does))}"


def _seat(scenario: Scenario, name: str) -> int:
    """Place at the table of whom a name in a sentence begins with."""
    return min(place for place, actor in enumerate(scenario.seats) if name.startswith(scenario.label(actor)))


def _left(course: Course, days: Sequence[Day], acts: Sequence[Act]) -> str:
    """'; mediation then stands at 0.20', after acts that add or take away WEIGHTY of what third parties hold."""
    signal = course.scenario.signals[acts[0].signal]
    last = max(day.number for day in days if set(acts) & set(day.acts))
    held = course.days[last].held
    stands = [
        f"{words} then stands at {scaled(getattr(held, quantity))}"
        for quantity, words in HELD.items()
        if abs(getattr(signal, quantity)) >= WEIGHTY
    ]
    return f"; {listed(stands)}" if stands else ""


def _sent(days: Sequence[Day]) -> dict[Act, list[int]]:
    """The days of each act, in the order of the first."""
    sent: dict[Act, list[int]] = {}
    for day in days:
        for act in day.acts:
            sent.setdefault(act, []).append(day.number)
    return sent


def _scripted(act: Act) -> str:
    return " (as scripted)" if act.scripted else ""


# What happened besides ------------------------------------------------------------------------


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
            f"the ultimatum lapses, for no force has followed: {coercer}'s word counts for less, and what it has "
            f"publicly staked is cut to {scaled(day.sides[0].commitment)}"
        ),
        Event.OFFER_OPENED: f"the exit offer stands until {until_exit}; it is {sincere}",
        Event.OFFER_RENEWED: f"the exit offer takes the place of the one before and stands until {until_exit}; it is {sincere}",
        Event.OFFER_EXPIRED: "the exit offer expires, not taken up",
        Event.INCIDENT: f"an incident between the forces, which nobody chose: {_startled(course, day)}",
        Event.LOSS_OF_CONTROL: (
            f"at a tension of {scaled(day.tension)}, control is lost: a war that neither side chose, in which "
            f"{dead(control.control_deaths)}"
        ),
        Event.FADED: f"at a tension of {scaled(day.tension)}, nothing keeps the crisis going, and it fades",
    }
    return sentence(said[happened])


def _startled(course: Course, day: Day) -> str:
    """How each side feels a day with an incident."""
    label = course.scenario.label
    return "; ".join(
        f"{label(read.observer)} feels {label(read.rival)}'s day to be {scaled(read.felt)} hostile, where it was "
        f"{scaled(read.hostility)}"
        for read in day.readings
    )


# Why ------------------------------------------------------------------------------------------


def reason(course: Course, day: Day, found: Reason) -> tuple[str, str]:
    """Two parts of a sentence: what made an act likelier, and by how much."""
    scenario, morning = course.scenario, day.number - 1
    me, other = scenario.label(found.actor), scenario.label(_rival(scenario, found.actor))
    sides = course.days[morning].sides if day.number else course.sides
    side = next(side for side in sides if side.actor == found.actor)
    usual = _usual_mood(scenario, found.actor)
    said = {
        Cause.ANSWER: f"it answers {other}'s {_yesterday(course, day, found.actor)} of the day before",
        Cause.MOOD: f"its mood towards {other} is worse than usual ({scaled(side.mood)}, usually {scaled(usual)})",
        Cause.FEAR: f"it fears that {other} goes to war ({scaled(side.fear)})",
        Cause.ULTIMATUM: f"{other}'s ultimatum runs",
        Cause.CALLED: "its ultimatum has been called, and each day without force is a retreat",
        Cause.FATIGUE: f"its patience has worn (fatigue {scaled(side.fatigue)})",
        Cause.BUILDUP: f"{other} has brought up forces",
        Cause.MEDIATION: f"messages are carried{_after(course, day, 'mediation')}",
        Cause.ACCESS: f"bases are open to it{_after(course, day, 'access')}",
        Cause.GUARANTEE: f"a deal is vouched for{_after(course, day, 'guarantee')}",
        Cause.ASYLUM: f"there is refuge{_after(course, day, 'asylum')}",
    }
    does = phrase(scenario, Act(found.actor, found.signal, scripted=False))
    return f"Why {me} {does}: {said[found.cause]}", odds(found.weight)


def odds(weight: float) -> str:
    """'odds ×4.1', 'odds ×12', 'odds over ×1,000', 'not possible otherwise'."""
    if isinf(weight):
        return "not possible otherwise"
    times = exp(weight)
    return "odds over ×1,000" if times > 1000 else f"odds ×{times:.{0 if times >= 9.5 else 1}f}"


def _rival(scenario: Scenario, actor: str) -> str:
    return scenario.target if actor == scenario.coercer else scenario.coercer


def _usual_mood(scenario: Scenario, actor: str) -> float:
    return scenario.principal("coercer" if actor == scenario.coercer else "target").mood


def _yesterday(course: Course, day: Day, actor: str) -> str:
    """What the rival of an actor sent the day before, by its name."""
    rival = _rival(course.scenario, actor)
    sent = (
        [act.signal for act in course.days[day.number - 1].acts if act.actor == rival] if day.number else []
    )
    return course.scenario.label(sent[0] if sent else "hold")


def _after(course: Course, day: Day, quantity: str) -> str:
    """' since Brasília offered to host' and the like: who last added to what third parties hold, before a day."""
    scenario = course.scenario
    for before in reversed(course.days[: day.number]):
        for act in before.acts:
            if act.actor in scenario.third_parties and getattr(scenario.signals[act.signal], quantity) > 0:
                return f", since {scenario.label(act.actor)}'s {scenario.label(act.signal)} of day {before.number}"
    return ""


def turn(scenario: Scenario, found: Turn) -> str:
    """A sentence: a principal's fear or fatigue has passed one half."""
    me, other = scenario.label(found.actor), scenario.label(_rival(scenario, found.actor))
    days = scenario.coefficients.feeling.fear_days
    value = scaled(found.value)
    if found.what == "fear":
        said = (
            f"{me} no longer believes that {other} would stop: it thinks war within {days:g} days likelier than not "
            f"({value})"
            if found.risen
            else f"{me} thinks again that {other} would rather not go to war within {days:g} days ({value})"
        )
    else:
        said = (
            f"{me}'s patience is running out: of its hope that time works for it, less than half is left "
            f"(fatigue {value})"
            if found.risen
            else f"{me} finds patience again (fatigue {value})"
        )
    return sentence(said)


# How it was read ------------------------------------------------------------------------------


def reading(course: Course, day: Day, read: Reading) -> str:
    """A sentence or two: how far a day was felt to be more hostile than it was, and where it left a belief."""
    scenario = course.scenario
    observer, rival = scenario.label(read.observer), scenario.label(read.rival)
    sent = SENT[scenario.signals[read.signal].kind]
    said = []
    if misread(course, day, read):
        more = "more" if read.felt > read.hostility else "less"
        said.append(
            f"{observer} misreads {rival}'s {scenario.label(read.signal)} as {more} hostile than it was: felt "
            f"{scaled(read.felt)}, was {scaled(read.hostility)}"
        )
    if swung(read):
        after, meant = scaled(read.after), scaled(read.meant)
        error = "right" if after == meant else "too high" if read.after > read.meant else "too low"
        said.append(
            f"from {rival}'s {sent} {observer} concludes that {rival}'s resolve is {after}, not {scaled(read.before)}; "
            f"it is {meant}, so that is {error}"
        )
    return " ".join(map(sentence, said))


# The whole -----------------------------------------------------------------------------------


def outcome(course: Course) -> str:
    """A clause: how the run ended, and who did it."""
    scenario, found = course.scenario, course.outcome
    if found is Outcome.standoff:
        return "in a standoff: nothing has ended it by the horizon"
    if found is Outcome.deescalation:
        return "in de-escalation: it fades, and nobody decides anything"
    if found is Outcome.loss_of_control:
        return "in war by loss of control, which neither side chose"
    act = next(act for act in course.days[-1].acts if act.actor == course.ended_by)
    title = outcome_titles(scenario)[found.name]
    peace = {"exit": "in an exit", "settlement": "in a settlement"}.get(title, f"with “{title}”")
    how = f"in war ({title})" if found in WARS else peace
    gives = (
        f", which give {scenario.label(scenario.coercer)} {scaled(course.share)} of what is at stake"
        if found is Outcome.settlement
        else ""
    )
    return f"{how}: {scenario.label(act.actor)} {phrase(scenario, act)}{gives}"


def terms(course: Course, day: Day) -> str:
    """A sentence: what is demanded and what would be given."""
    scenario = course.scenario
    coercer, target = scenario.label(scenario.coercer), scenario.label(scenario.target)
    return (
        f"{coercer} now demands {scaled(day.demand)} of what is at stake; {target} would give "
        f"{scaled(day.tender)}."
    )


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
