"""History's counts: acts in the classes of the records, replies and pairs as a plain loop counts them, thinning, draws."""

from __future__ import annotations

from collections import Counter
from math import sqrt

import numpy as np
import pytest

from sim.engines.batch.engine import Program
from sim.engines.branches import Plays
from sim.experiments.design_experiment import singles
from sim.experiments.history import classes as of
from sim.experiments.history.counts import MONTH, SOON, Crises, RecordedCrises
from sim.experiments.history.measures import measured, own_base
from sim.experiments.history.series import FRACTION, counted_replies, products, standardised, together
from sim.experiments.history.tables import RESAMPLES, drawn
from sim.scenario.files import load
from sim.scenario.scenario import Scenario

ALL = 100.0  # times any recording share that ships is 1 or more
RUNS, DAYS, SEED = 48, 70, 5
MOST_FALSE_ALARM = 4.9  # standard errors: 1e-6, both sides


@pytest.fixture(scope="module")
def standoff() -> Scenario:
    return load("standoff")


@pytest.fixture(scope="module")
def crises(standoff: Scenario) -> Crises:
    """Runs of which every act is recorded, so that nothing is left to chance."""
    record = Program.of(standoff).record(Plays.of(0, RUNS), SEED, DAYS)
    return Crises(standoff, record.signals, record.batch.rows, ALL, np.random.default_rng(1))


def names(crises: Crises, run: int, actor: int) -> list[str]:
    """What an actor sent in a run, day by day, until it ended."""
    ladder = crises.scenario.ladder
    return [ladder[place] for place in crises.signals[:, actor, run] if place != 255]


def test_every_act_of_the_shipped_vocabulary_but_holding_still_is_an_event(standoff: Scenario) -> None:
    assert [name for name, signal in standoff.signals.items() if not of.event(signal)] == ["hold"]


@pytest.mark.parametrize(
    ("signal", "event", "response", "incident"),
    [
        ("threaten", "threaten", "verbal", "threat"),
        ("boat_strike", "use_force", "indirect_violent", "attack_clash"),
        ("land_strike", "use_force", "violent", "attack_clash"),
        ("clash", "use_force", "violent", "attack_clash"),
        ("blockade", "use_force", "nonviolent_military", "blockade_seizure"),
        ("invade", "use_force", "violent", "war"),
        ("buildup", "show_of_force", "nonviolent_military", "show_of_force"),
        ("sanction", "sanction_reduce", "economic_other", "nothing"),
        ("call", "consult_meet", "political", "nothing"),
        ("hold", "none", "inaction", "nothing"),
    ],
)
def test_an_act_has_its_class_in_each_record(
    standoff: Scenario, signal: str, event: str, response: str, incident: str
) -> None:
    act = standoff.signals[signal]
    assert of.EVENTS[of.event(act)] == event
    assert of.RESPONSES[of.response(act)] == response
    assert of.INCIDENTS[of.incident(act)] == incident


@pytest.mark.parametrize(
    ("record", "of_signal", "most"), [("events", of.broad, SOON), ("incidents", of.incident, MONTH)]
)
def test_replies_are_those_that_a_plain_loop_finds(crises: Crises, record: str, of_signal, most: int) -> None:  # type: ignore[no-untyped-def]
    expected = Counter[tuple[int, int, int]]()
    for run in range(RUNS):
        sides = [
            [of_signal(crises.scenario.signals[name]) for name in names(crises, run, actor)]
            for actor in (0, 1)
        ]
        length = len(sides[0])
        for ours, theirs in (sides, sides[::-1]):
            for day, act in enumerate(ours):
                known = day + 1 < length and (crises.ended[run] or day + most < DAYS)
                if not (known if record == "incidents" else day + most < length):
                    continue
                after = [
                    (reply, lag) for lag, reply in enumerate(theirs[day + 1 : day + most + 1], 1) if reply
                ]
                expected[(act, *(after[0] if after else (0, 0)))] += 1
    found = crises.counts()[f"replies.{record}"]
    assert {tuple(map(int, at)): int(found[tuple(at)]) for at in np.argwhere(found)} == dict(expected)


def test_a_reply_that_always_comes_after_two_days_is_found_there_and_not_in_the_placebo() -> None:
    luck = np.random.default_rng(3)
    ours = (luck.random((200, 400)) < 0.05).astype(np.uint8)
    theirs = np.zeros_like(ours)
    theirs[2:] = ours[:-2]
    counted = np.arange(200)[:, None] + SOON < np.full(400, 200)
    found = counted_replies(ours, theirs, counted, (2, 2), SOON)[1]
    later = found[1, 3:].sum()
    assert found[0].sum() == 0
    assert found[1, 2] + found[1, 1] + later == found.sum()
    assert later == 0  # none waits longer than two days
    placebo = counted_replies(ours, np.roll(theirs, -1, axis=1), counted, (2, 2), SOON)[1]
    share, n = placebo[1].sum() / placebo.sum(), placebo.sum()
    independent = 1 - 0.95**SOON
    assert abs(share - independent) < 2 * MOST_FALSE_ALARM * sqrt(independent * (1 - independent) / n)


def test_pairs_that_know_nothing_of_each_other_come_as_often_as_expected() -> None:
    luck = np.random.default_rng(4)
    ours, theirs = ((luck.random((64, 3_000)) < 0.3).astype(np.uint8) for _ in (0, 1))
    observed, expected = together(ours, theirs, 2)
    n = expected[1, 1] / FRACTION
    assert abs(observed[1, 1] - n) < MOST_FALSE_ALARM * 2 * sqrt(n)
    answered = ours.copy()
    planted, _ = together(ours, answered, 2)
    assert planted[1, 1] - n > MOST_FALSE_ALARM * 2 * sqrt(n)


def test_a_series_goes_fully_with_itself_and_with_its_copy_of_the_day_before() -> None:
    luck = np.random.default_rng(6)
    ours = luck.normal(size=(64, 50))
    alive = np.ones_like(ours, dtype=bool)
    mine, theirs = standardised(ours, alive), standardised(np.roll(ours, 1, axis=0), alive)
    [[same, n]] = products(mine, mine, alive, [0])
    [[echo, m]] = products(mine, theirs, alive, [1])
    assert same / FRACTION / n == pytest.approx(1.0, abs=1e-4)
    assert echo / FRACTION / m == pytest.approx(1.0, abs=0.05)


def test_runs_end_as_their_rows_say(crises: Crises) -> None:
    counts = crises.counts()
    assert counts["runs"].sum() == RUNS
    assert counts["lasted.violence"][:, -1].sum() == np.count_nonzero(~crises.ended)
    wars = np.isin(crises.rows["outcome"], [4, 5])
    assert counts["runs"][:, 6].sum() == np.count_nonzero(wars)
    lasted = Counter(len(names(crises, run, 0)) for run in range(RUNS) if crises.ended[run])
    assert {day: n for day, n in enumerate(counts["lasted.violence"][:, :-1].sum(axis=0)) if n} == lasted


def test_recorded_acts_are_the_recording_share_of_all(standoff: Scenario) -> None:
    record = Program.of(standoff).record(Plays.of(0, 400), SEED, DAYS)
    every, few = (
        Crises(standoff, record.signals, record.batch.rows, share, np.random.default_rng(7))
        for share in (ALL, 1.0)
    )
    decisive = {5} | {
        of.incident(signal) for signal in standoff.signals.values() if signal.ends in ("raid", "attack")
    }
    for actor in (0, 1):
        for kind in {1, 2, 3, 4, 5} - decisive:
            n, kept = (np.count_nonzero(each.incidents[actor] == kind) for each in (every, few))
            share = of.recording()["incidents"]["material"]
            assert abs(kept - share * n) <= MOST_FALSE_ALARM * sqrt(n * share * (1 - share)) + 1
        assert np.count_nonzero(every.incidents[actor] == 5) == np.count_nonzero(few.incidents[actor] == 5)


def test_a_group_counts_the_same_whatever_is_computed_with_it(standoff: Scenario) -> None:
    crises = RecordedCrises(
        {"standoff": standoff},
        singles((), [()] * 4),
        (),
        8,
        DAYS,
        SEED,
        fresh=True,
        share=1.0,
        plain_days=DAYS,
    )
    whole, part = crises.compute(0, 4), crises.compute(2, 2)
    assert {name: array[2:].tobytes() for name, array in whole.items()} == {
        name: array.tobytes() for name, array in part.items()
    }


def test_draws_begin_with_the_whole_and_a_share_is_that_of_its_counts() -> None:
    counts = np.zeros((10, 5, 5, 8), np.int64)
    counts[:, 3, 3, 1], counts[:, 3, 1, 2] = 3, 1  # the placebo has them the other way round
    draws = drawn({"row.replies.events": counts, "row.placebo.events": counts[:, :, ::-1]})
    values, n = measured(draws, "reply events conf_verbal conf_verbal")
    assert len(values) == 1 + RESAMPLES
    assert values[0] == 0.75 and n == 40
    assert set(values) == {0.75}  # every group is alike
    assert measured(draws, "lag events conf_verbal 50")[0][0] == 1
    assert measured(draws, "lag events conf_verbal 90")[0][0] == 2
    assert own_base(draws, "reply events conf_verbal conf_verbal") == 0.25
    assert own_base(draws, "lift threaten threaten") == 1 and own_base(draws, "negative") is None
