"""After the game: what the others were and wanted, who misread whom, what was hidden, and the same crisis without people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from sim.engines.batch.engine import Program
from sim.engines.branches import Plays
from sim.engines.tally import Batch
from sim.experiments.seat.game import Game
from sim.experiments.seat.view import sees
from sim.experiments.seat.words import signed
from sim.experiments.story.grammar import listed, on_days, scaled, sentence
from sim.experiments.story.words import phrase
from sim.experiments.turning_points.ends import ENDS, ended
from sim.reports.numbers import words as share_words
from sim.reports.words import plural, wrapped
from sim.results.course import Act, Course, Reading, replay
from sim.scenario.outcome_words import outcome_titles
from sim.schema.outcomes import Outcome
from sim.statistics.proportions import Estimate, proportion

TIMES = 1_000
"""How often the same crisis is played again with the model in the players' seats."""

STRONGEST, LEAST = 3, 0.05
"""Misreadings that are told of each principal: the strongest, if they are that large."""


@dataclass(frozen=True)
class Misread:
    """A day on which a principal felt its rival, or took its resolve, far from what it was."""

    day: int
    reading: Reading

    @property
    def size(self) -> float:
        """How far the feeling was off, or how far a belief was led away from the truth, whichever is more."""
        read = self.reading
        led = abs(read.moved) if read.misled else 0.0
        return max(abs(read.felt - read.hostility), led)


@dataclass(frozen=True)
class Debrief:
    """What a game came to.

    misread: by observer, its strongest misreadings; hidden: by player's seat, what others sent that it did not see
    same_luck: how and when the run ends with the model in the players' seats, and the game's own luck
    again: by end, its share of ``times`` plays with the same types and fresh luck, the model in all seats
    """

    game: Game
    course: Course
    misread: Mapping[str, tuple[Misread, ...]]
    hidden: Mapping[str, tuple[tuple[int, Act], ...]]
    same_luck: tuple[Outcome, int | None]
    again: Mapping[str, Estimate]
    times: int

    @property
    def over(self) -> bool:
        """Whether the crisis, or its horizon, had come to its end."""
        return self.course.end_day is not None or self.game.day >= self.game.scenario.study.days


def debrief(game: Game, times: int = TIMES) -> Debrief:
    """The debrief of a game that has been played for a day at least."""
    own = game.scenario.study
    course = replay(game.crisis, own.seed, game.run, game.day)
    program = Program.of(game.scenario)
    same = program.simulate(own.seed, game.run, 1, own.days)
    again = program.play(Plays.continuations(game.run, [0], times), own.seed, own.days)
    return Debrief(
        game,
        course,
        {view.observer: _misread(course, view.observer) for view in course.first},
        {seat: tuple(_hidden(course, seat)) for seat in game.seats},
        _end(same),
        _shares(again, times),
        times,
    )


def _misread(course: Course, observer: str) -> tuple[Misread, ...]:
    found = [
        Misread(day.number, read)
        for day in course.days
        for read in day.readings
        if read.observer == observer and not course.scenario.signals[read.signal].decisive
    ]
    large = [each for each in found if each.size >= LEAST]
    strongest = sorted(large, key=lambda each: (-each.size, each.day))[:STRONGEST]
    return tuple(sorted(strongest, key=lambda each: each.day))


def _hidden(course: Course, seat: str) -> Iterator[tuple[int, Act]]:
    scenario = course.scenario
    for day in course.days:
        for act in day.acts:
            if not sees(scenario, seat, act.actor, scenario.signals[act.signal]):
                yield day.number, act


def _end(batch: Batch) -> tuple[Outcome, int | None]:
    day = int(batch.rows["end_day"][0])
    return Outcome(int(batch.rows["outcome"][0])), None if day < 0 else day


def _shares(batch: Batch, times: int) -> dict[str, Estimate]:
    counts = ended(batch).sum(1)
    shares = {name: proportion(int(count), times) for name, count in zip(ENDS, counts, strict=True)}
    return shares | {"standoff": proportion(times - int(np.sum(counts)), times)}


# In words -------------------------------------------------------------------------------------


def told(found: Debrief) -> str:
    """The debrief for a terminal."""
    parts = (
        ("What they really were", minds(found)),
        ("Where it was misread", [line for seat in found.misread for line in misreadings(found, seat)]),
        ("What you did not see", [line for seat in found.game.seats for line in unseen(found, seat)]),
        ("The same crisis with the model in your seat", without_you(found)),
    )
    blocks = [
        "\n".join([head, *(wrapped(line, "  - ", "    ") for line in lines)])
        for head, lines in parts
        if lines
    ]
    return "\n\n".join(blocks)


def minds(found: Debrief) -> list[str]:
    """Sentences: the resolve and appetite of each principal, and what the other made of its resolve."""
    course, said = found.course, []
    scenario = course.scenario
    for first, last in zip(course.first, course.last, strict=True):
        rival, observer = scenario.label(first.rival), scenario.label(first.observer)
        said.append(
            f"{rival}'s true resolve was {scaled(first.resolve)} on day 0 and {scaled(last.resolve)} at the end. {observer} "
            f"believed {scaled(first.belief)} at first and {scaled(last.belief)} at the end."
        )
    outreach = scenario.world.outreach
    said.append(
        f"{scenario.label(scenario.coercer)}'s private words were {scaled(outreach)} sincere; "
        f"{scenario.label(scenario.target)} at the end took them to be {scaled(course.days[-1].sincerity)}."
    )
    return said


def misreadings(found: Debrief, observer: str) -> list[str]:
    """Sentences: the strongest misreadings of a principal."""
    scenario = found.course.scenario
    said = []
    for each in found.misread[observer]:
        read = each.reading
        me, rival = scenario.label(read.observer), scenario.label(read.rival)
        what = scenario.label(read.signal) if read.signal != "hold" else "silence"
        line = f"day {each.day}: {rival}'s {what} was {signed(read.hostility)} hostile, {me} felt it as {signed(read.felt)}"
        if read.misled and scaled(read.before) != scaled(read.after):
            line += (
                f"; it moved its belief of {rival}'s resolve from {scaled(read.before)} to {scaled(read.after)}, away from "
                f"the truth ({scaled(read.meant)})"
            )
        said.append(sentence(line))
    return said


def unseen(found: Debrief, seat: str) -> list[str]:
    """Sentences: what others sent in private that a player's seat did not see, by sender."""
    scenario = found.course.scenario
    together: dict[tuple[str, str], list[int]] = {}
    for day, act in found.hidden[seat]:
        together.setdefault((scenario.label(act.actor), phrase(scenario, act)), []).append(day)
    return [sentence(f"{who} {does} {on_days(days)}") for (who, does), days in together.items()]


def without_you(found: Debrief) -> list[str]:
    """Sentences: how the crisis goes with the model in the players' seats, on the same luck and on other luck."""
    outcome, day = found.same_luck
    scenario = found.game.scenario
    titles = outcome_titles(scenario)
    when = f" on day {day}" if day is not None else ""
    seats = listed([scenario.label(seat) for seat in found.game.seats])
    shares = [
        f"{titles[name]} {share_words(share)}"
        for name, share in sorted(found.again.items(), key=lambda each: -each[1].count)
    ]
    mine = f"{titles[found.course.outcome.name]}, after" if found.over else "you left the table after"
    return [
        f"With the model as {seats} and the same luck: {titles[outcome.name]}{when}. Your game: {mine} "
        f"{plural(len(found.course.days), 'day')}.",
        f"The same capitals, played by the model {found.times:,} times with other luck: {', '.join(shares)}.",
    ]
