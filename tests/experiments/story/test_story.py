"""One run told: every sentence is checked against the batch engine's own record of the same run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from sim.engines.batch.engine import Program
from sim.errors import StudyError
from sim.experiments.story.grammar import dead, for_many, listed, on_days, span
from sim.experiments.story.paragraphs import MISLEADING, SWING
from sim.experiments.story.telling import tell
from sim.experiments.study.study import Study, run
from sim.reports.words import WIDTH
from sim.scenario.files import load
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import TITLES
from sim.schema.signals import Kind
from tests.conftest import REPOSITORY

RUNS = 64
SHIPPED = ("standoff", "tense", "calm", "duel", "cuba1962")
DECISIVE = ("exit", "raid", "invasion", "attack")
Told = tuple[int, str, str]  # day, actor, signal


@cache
def scenario(name: str) -> Scenario:
    return load(REPOSITORY / "scenarios" / f"{name}.toml")


@cache
def study(name: str) -> Study:
    return run(scenario(name), runs=RUNS, save=False)


@cache
def history(name: str) -> dict[str, NDArray[np.float64]]:
    played = study(name)
    return Program.of(played.scenario).history(played.seed, 0, RUNS, played.days)


@cache
def runs(name: str) -> tuple[int, ...]:
    """The first run of each outcome that the study has, and run 0."""
    return tuple(sorted({0, *study(name).rows.groupby("outcome")["run"].min()}))


def cases() -> Iterator[tuple[str, int]]:
    for name in SHIPPED:
        yield from ((name, number) for number in runs(name))


def ended(name: str, number: int) -> int | None:
    """The day on which a run ended, if it did not go on to the horizon."""
    end = study(name).rows["end_day"][number]
    return None if pd.isna(end) else int(end)


def last_day(name: str, number: int) -> int:
    end = ended(name, number)
    return study(name).days - 1 if end is None else end


def evenings(name: str, number: int) -> range:
    """The days after which a run goes on, or reaches the horizon: on its last it is too late for some news."""
    end = ended(name, number)
    return range(study(name).days if end is None else end)


@cache
def lines(name: str, number: int) -> str:
    return tell(study(name), number)


def story(name: str, number: int) -> str:
    """The story on one line, so that a sentence is not broken."""
    return re.sub(r"\s+", " ", lines(name, number))


@cache
def paragraphs(name: str, number: int) -> list[tuple[int, int, str]]:
    """First day, last day and text of each paragraph of days."""
    found = []
    text = lines(name, number).split("\n\n")[2]
    for part in re.split(r"\n(?=Days? \d)", text):
        one_line = re.sub(r"\s+", " ", part)
        match = re.match(r"Days? (\d+)(?: (?:to|and) (\d+))?[^:]*: (.*)", one_line)
        assert match, part
        found.append((int(match[1]), int(match[2] or match[1]), match[3]))
    return found


def phrase(name: str, actor: str, signal: str) -> str:
    """What the vocabulary says that an actor does, with names in place of roles."""
    own = scenario(name)
    other = own.target if actor == own.coercer else own.coercer
    text = own.signals[signal].phrase.replace("the other side", own.label(other))
    return re.sub(r"\bthe target\b", own.label(own.target), text)


def numbers(words: str) -> set[int]:
    """{4, 5, 6, 9} of '4 to 6 and 9'."""
    found: set[int] = set()
    for first, last in re.findall(r"(\d+)(?: to (\d+))?", words):
        found |= set(range(int(first), int(last or first) + 1))
    return found


def sent(name: str, number: int, actors: tuple[str, ...]) -> set[Told]:
    """What actors sent on each day, by the batch engine, but for holds."""
    ladder = scenario(name).ladder
    return {
        (day, actor, signal)
        for actor in actors
        for day in range(last_day(name, number) + 1)
        if (signal := ladder[int(history(name)[f"signal.{actor}"][day, number])]) != "hold"
    }


def told_of(name: str, number: int, actor: str) -> set[Told]:
    """What the story says that a principal sent on each day."""
    own, found = scenario(name), set()
    for first, last, text in paragraphs(name, number):
        for said in re.findall(rf"(?:^|\. )({re.escape(own.label(actor))} [^.:]*)\.", text):
            for signal in own.repertoire(actor) + own.repertoire(actor, decisive=True):
                does = re.escape(phrase(name, actor, signal))
                if first == last and re.search(rf"{does}(?: \(|$)", said):
                    found.add((first, actor, signal))
                for when in re.findall(rf"{does} on days? ([\d, toand]+)", said):
                    found |= {(day, actor, signal) for day in numbers(when)}
    return found


# What was sent -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHIPPED)
def test_all_that_principals_send_is_told_on_its_day_and_nothing_else(name: str) -> None:
    own = scenario(name)
    for number in runs(name):
        for actor in (own.coercer, own.target):
            assert told_of(name, number, actor) == sent(name, number, (actor,)), (number, actor)


@pytest.mark.parametrize("name", SHIPPED)
def test_all_that_third_parties_send_is_told_in_its_paragraph(name: str) -> None:
    own = scenario(name)
    for number in runs(name):
        for first, last, text in paragraphs(name, number):
            counts = Counter(
                (actor, signal)
                for day, actor, signal in sent(name, number, own.third_parties)
                if first <= day <= last
            )
            for signal in {signal for _, signal in counts}:
                names = [
                    own.label(actor) + {1: "", 2: " (twice)"}.get(n, f" ({n} times)")
                    for actor in own.third_parties
                    if (n := counts[actor, signal])
                ]
                does = phrase(name, own.third_parties[0], signal)
                expected = f"{listed(names)} {does if len(names) == 1 else for_many(does)}."
                assert expected in text, (number, first, expected)


@pytest.mark.parametrize("name", SHIPPED)
def test_days_of_a_story_follow_one_another_without_a_gap(name: str) -> None:
    for number in runs(name):
        days = [day for first, last, _ in paragraphs(name, number) for day in range(first, last + 1)]
        assert days == list(range(last_day(name, number) + 1))


def test_a_stretch_in_which_nobody_acts_is_one_sentence() -> None:
    silent = scenario("duel")
    forbid = {
        f"actors.{name}.forbid": [
            s for s in (*silent.repertoire(name), *silent.repertoire(name, decisive=True)) if s != "hold"
        ]
        for name in ("north", "south")
    }
    calm = {"world.incident_rate": 0.0, "world.loss_of_control": 0.0, "world.level": 0.0}
    text = tell(run(silent.replace(forbid | calm), runs=1, days=20, save=False), 0)
    assert "\nDays 0 to 19: Nobody sends anything that is seen.\n" in text


def test_deaths_told_add_up_to_those_of_the_run() -> None:
    for name, number in cases():
        own, row = scenario(name), study(name).rows.iloc[number]
        text = " ".join(text for _, _, text in paragraphs(name, number))
        told = sum(int(n.replace(",", "")) for n in re.findall(r"([\d,]+) dies?\b", text))
        assert told == row["deaths"] - own.world.deaths, (name, number)
        assert f"Over the run {dead(told)}" in story(name, number)


def test_scripted_acts_are_marked_and_no_others() -> None:
    own = scenario("cuba1962")
    for number in runs("cuba1962"):
        scripted = [e for e in own.script if e.day <= last_day("cuba1962", number)]
        assert story("cuba1962", number).count("(as scripted)") == len(scripted)


# What happened -------------------------------------------------------------------------------


def days_with(name: str, number: int, words: str) -> set[int]:
    return {first for first, _, text in paragraphs(name, number) if words in text}


@pytest.mark.parametrize("name", SHIPPED)
def test_incidents_leaks_and_lapses_are_told_on_their_days(name: str) -> None:
    past, own = history(name), scenario(name)
    for number in runs(name):
        days = range(last_day(name, number) + 1)
        for words, trace in {
            "An incident between the forces": past["incident"],
            "The ultimatum lapses": past["bluff"],
        }.items():
            assert days_with(name, number, words) == {d for d in days if trace[d, number]}, (number, words)
        private = {
            day
            for day, _, signal in sent(name, number, (own.coercer,))
            if own.signals[signal].kind is Kind.PRIVATE and past["leak"][day, number]
        }
        assert days_with(name, number, "leaks, and is no longer private") == private


@pytest.mark.parametrize("name", SHIPPED)
def test_an_ultimatum_is_told_from_its_deadline_to_its_end(name: str) -> None:
    past, own = history(name), scenario(name)
    for number in runs(name):
        days, last = evenings(name, number), last_day(name, number)
        running, called = past["ultimatum"][:, number], past["called"][:, number]
        begun = {day for day in days if running[day] == own.clocks.ultimatum}
        over = {day for day in days if day and running[day - 1] and not running[day]}
        unanswered = {day for day in over if called[day] == own.clocks.called}
        assert (
            days_with(name, number, " to concede something.")
            | days_with(name, number, "The ultimatum takes the place")
            == begun
        )
        assert days_with(name, number, "runs out unanswered") == unanswered
        assert days_with(name, number, "has answered") - {last} == over - unanswered - {last}
        force = {
            day
            for day, _, signal in sent(name, number, (own.coercer,))
            if own.signals[signal].force and day and called[day - 1]
        }
        assert days_with(name, number, "has made good") == force


@pytest.mark.parametrize("name", SHIPPED)
def test_an_exit_offer_is_told_when_it_opens_and_when_it_expires(name: str) -> None:
    past, own = history(name), scenario(name)
    for number in runs(name):
        days = evenings(name, number)
        live = past["offer"][:, number]
        opened = {day for day in days if live[day] == own.clocks.offer}
        expired = {day for day in days if day and live[day - 1] and not live[day]}
        assert (
            days_with(name, number, "The exit offer stands until")
            | days_with(name, number, "The exit offer takes the place")
            == opened
        )
        assert days_with(name, number, "The exit offer expires") == expired
        for day in opened:
            assert any(
                f"day {day + own.clocks.offer};" in text
                for at, _, text in paragraphs(name, number)
                if at == day
            )


# How it was read -----------------------------------------------------------------------------

READING = re.compile(
    r"(?:Day (\d+): )?(The incident|The empty threat|.+?'s (?:silence|words|act|private words|measure)): "
    r"meant (\S+) → read as (\S+); (.+?) (?:believed (\S+), now|still believes) (\S+), (too high|too low|right)\."
)


def readings(name: str, number: int) -> list[tuple[int, str, float, float, float]]:
    """Day, observer, resolve meant, belief before and after, as the story has them."""
    own, found = scenario(name), []
    observers = {own.label(actor): actor for actor in (own.coercer, own.target)}
    day = 0
    for line in re.sub(r"\n    ", " ", lines(name, number)).split("\n"):
        if match := re.match(r"Days? (\d+)", line):
            day = int(match[1])
        if match := READING.fullmatch(line.strip()):
            at, _, meant, _, observer, before, after, _ = match.groups()
            found.append(
                (int(at or day), observers[observer], float(meant), float(before or after), float(after))
            )
    assert len(found) == story(name, number).count("→") - 1  # one stands in the head, as an example
    return found


@pytest.mark.parametrize("name", SHIPPED)
def test_readings_tell_the_beliefs_and_the_resolve_of_the_record(name: str) -> None:
    past, own = history(name), scenario(name)
    for number in runs(name):
        for day, observer, meant, before, after in readings(name, number):
            role = "target" if observer == own.coercer else "coercer"
            assert after == pytest.approx(past[f"belief.{observer}"][day, number], abs=0.0051)
            if (
                day
            ):  # the record is of evenings: resolve and belief of a day begin with those of the day before
                assert before == pytest.approx(past[f"belief.{observer}"][day - 1, number], abs=0.0051)
                assert meant == pytest.approx(past[f"resolve.{role}"][day - 1, number], abs=0.0051)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_strong_misreading_is_told(name: str) -> None:
    past, own = history(name), scenario(name)
    for number in runs(name):
        told = {(day, observer) for day, observer, *_ in readings(name, number)}
        for observer, role in ((own.coercer, "target"), (own.target, "coercer")):
            for day in evenings(name, number)[1:]:
                truth = past[f"resolve.{role}"][day - 1, number]
                before, after = (past[f"belief.{observer}"][d, number] for d in (day - 1, day))
                misled = abs(after - truth) > abs(before - truth)
                if abs(after - before) >= (MISLEADING if misled else SWING):
                    assert (day, observer) in told, (number, day)


# The end -------------------------------------------------------------------------------------


def test_each_shipped_outcome_is_among_the_stories_told_here() -> None:
    seen = {study(name).rows["outcome"][number] for name, number in cases()}
    assert seen >= {"standoff", "exit", "settlement", "raid", "invasion"}


def test_the_end_told_is_that_of_the_study() -> None:
    for name, number in cases():
        own, row, text = scenario(name), study(name).rows.iloc[number], story(name, number)
        endings = {
            "standoff": "in a standoff",
            "deescalation": "in de-escalation",
            "exit": "in an exit",
            "settlement": "in a settlement",
            "loss_of_control": "in war by loss of control",
        }
        ending = endings.get(row["outcome"], f"in war ({TITLES[row['outcome']]})")
        day = "" if row["outcome"] in ("standoff", "deescalation") else f" on day {row['end_day']}"
        dated = r" \([^)]*\)" if day and own.start else ""
        assert re.search(rf"It ends{day}{dated} {re.escape(ending)}[,:]? ", text), (name, number)
        assert text.count(f"It ends {ending}") == (1 if day else 2)
        if row["outcome"] in DECISIVE:
            assert re.search(rf"{re.escape(ending)}: {own.label(row['ended_by'])} ", text)
        assert f"The level peaks at {row['peak_level']:.1f}" in text


def test_the_last_beliefs_are_those_of_the_study_or_those_that_the_actor_chose_on() -> None:
    for name, number in cases():
        own, row, past = scenario(name), study(name).rows.iloc[number], history(name)
        text, last = story(name, number), last_day(name, number)
        for observer, rival, role in (
            (own.coercer, own.target, "target"),
            (own.target, own.coercer, "coercer"),
        ):
            said = re.search(
                rf"{own.label(observer)} believes {own.label(rival)}'s resolve to be (\S+); it is (\S+),",
                text,
            )
            assert said
            day = last - 1 if row["outcome"] in DECISIVE else last
            if day >= 0:
                assert float(said[1]) == pytest.approx(past[f"belief.{observer}"][day, number], abs=0.0051)
                assert float(said[2]) == pytest.approx(past[f"resolve.{role}"][day, number], abs=0.0051)
            if row["outcome"] not in DECISIVE:
                error = row["error_coercer" if observer == own.coercer else "error_target"]
                assert float(said[1]) - float(said[2]) == pytest.approx(error, abs=0.0101)


# The text ------------------------------------------------------------------------------------


def test_the_same_run_is_told_in_the_same_words() -> None:
    assert tell(study("standoff"), 3) == lines("standoff", 3)


def test_no_line_is_wider_than_a_terminal_and_no_story_longer_than_a_few_screens() -> None:
    for name, number in cases():
        told = lines(name, number).split("\n")
        assert max(map(len, told)) <= WIDTH
        assert len(told) < 150


def test_a_run_that_the_study_does_not_have_is_refused_with_the_range() -> None:
    for number in (-1, RUNS):
        with pytest.raises(StudyError, match=rf"--run is {number}; duel has the runs 0 to 63\."):
            tell(study("duel"), number)


def test_one_day_is_a_story() -> None:
    for name in SHIPPED:
        text = tell(run(scenario(name), runs=1, days=1, save=False), 0)
        assert "\nDay 0" in text
        assert "horizon 1 day" in text


def test_observers_without_fog_are_never_said_to_be_wrong() -> None:
    clear = dict.fromkeys(("fog.framework", "fog.rhetoric", "fog.strikes", "fog.opacity"), 0.0)
    text = tell(run(scenario("duel").replace(clear), runs=1, days=30, save=False), 0)
    assert text.count("so the belief is right") >= 2
    assert "On 0 of 30 days North thinks South more resolved than it is." in re.sub(r"\s+", " ", text)


def test_words_are_put_together_by_rule() -> None:
    assert for_many("speaks out") == "speak out"
    assert for_many("carries its word") == "carry their word"
    assert for_many("presses on") == "press on"
    assert for_many("announces it") == "announce it"
    assert for_many("does nothing") == "do nothing"
    assert on_days([4]) == "on day 4"
    assert on_days([4, 5, 6, 8, 9]) == "on days 4 to 6, 8 and 9"
    assert listed(["a"]) == "a"
    assert (dead(0), dead(1), dead(1234), dead(0.5)) == ("nobody dies", "1 dies", "1,234 die", "0.5 die")


def test_days_have_dates() -> None:
    start = scenario("standoff").start
    assert start
    assert span(start, 0, 0) == "30 Nov"
    assert span(start, 1, 7) == "1 to 7 Dec"
    assert span(start, 29, 32) == "29 Dec to 1 Jan"
