"""A game is a run of the model in which some signals are a person's: nothing else differs, and a link says all of it."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from sim.engines.batch.engine import Program
from sim.engines.batch.parameters import actor_order
from sim.engines.branches import Plays
from sim.errors import StudyError
from sim.experiments.seat.game import Game, game_of, new_game
from sim.experiments.seat.playing import Playing, play, replayed
from sim.results.events import events_of
from sim.scenario.files import load
from sim.scenario.scenario import Scenario
from tests.conftest import REPOSITORY

SHIPPED = ("standoff", "tense", "calm", "duel", "cuba1962")
SEEDS = (1, 2, 20_260_101)


@cache
def scenario(name: str, seed: int = 1) -> Scenario:
    return load(REPOSITORY / "scenarios" / f"{name}.toml").replace({"study.seed": seed})


def seats(crisis: Scenario) -> tuple[str, ...]:
    """Both principals, and the first third party if there is one."""
    return (crisis.coercer, crisis.target, *crisis.third_parties[:1])


def as_the_model_does(crisis: Scenario, who: tuple[str, ...], run: int) -> Game:
    """The game in which each of these seats sends what the model sends in that run."""
    own = crisis.study
    record = Program.of(crisis).record(Plays.of(run, 1), own.seed, own.days)
    end = int(record.batch.rows["end_day"][0])
    days = own.days if end < 0 else end + 1
    order = actor_order(crisis)
    sent = {
        seat: tuple(crisis.ladder[place] for place in record.signals[:days, order.index(seat), 0])
        for seat in who
    }
    return Game(crisis, who, run, sent, crisis.name)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", SHIPPED)
def test_who_sends_what_the_model_would_have_sent_plays_the_models_run_bit_for_bit(
    name: str, seed: int
) -> None:
    crisis = scenario(name, seed)
    for seat in seats(crisis):
        game = as_the_model_does(crisis, (seat,), run=seed % 7)
        assert game.events().equals(events_of(crisis, game.run, 1))


@pytest.mark.parametrize("name", SHIPPED)
def test_the_table_is_played_bit_for_bit_as_its_record_is(name: str) -> None:
    crisis = scenario(name)
    game = as_the_model_does(crisis, seats(crisis), run=2)
    table = Playing(game)
    own = crisis.study
    states = Program.of(crisis).history(own.seed, game.run, 1, own.days)
    last = table.day - 1
    state = table._model.state()
    assert all(state[quantity] == states[quantity][last, 0] for quantity in state)
    assert table.over and table.game.sent == game.sent


def test_another_signal_makes_another_run_from_that_day_on_and_not_before() -> None:
    crisis = scenario("standoff")
    game = as_the_model_does(crisis, ("caracas",), run=2)
    other = "condemn" if game.sent["caracas"][5] != "condemn" else "appeal"
    changed = Game(crisis, ("caracas",), 2, {"caracas": (*game.sent["caracas"][:5], other)}, "standoff")
    mine, models = changed.events().to_pandas(), events_of(crisis, 2, 1).to_pandas()
    models = models[models["day"] < 6]
    before = mine["day"] < 5
    assert mine[before].equals(models[before.to_numpy()])
    assert not mine[~before].reset_index(drop=True).equals(models[~before.to_numpy()].reset_index(drop=True))


def test_a_link_plays_the_game_again_with_its_changes() -> None:
    changes = ("actors.caracas.resolve=0.7", "world.framework=0.8")
    table = play("standoff", "caracas", "washington", seed=5, run=11, changes=changes)
    for caracas, washington in (("call", "condemn"), ("hold", "buildup"), ("concede", "hold")):
        table.send({"caracas": caracas, "washington": washington})
    again = replayed(f"http://127.0.0.1:8080/seat?{table.game.link}")
    assert again.game == table.game and again.game.scenario.actors["caracas"].resolve == 0.7  # type: ignore[union-attr]
    assert again.view("washington") == table.view("washington")
    assert again.game.scenario.study.seed == 5 and again.day == 3


def test_a_scenario_that_no_file_has_is_in_no_link() -> None:
    as_it_is = load("standoff").replace({"study.seed": 4})
    assert replayed(play(as_it_is, "caracas").game.link).game.scenario.document() == as_it_is.document()
    changed = play(as_it_is.replace({"actors.caracas.resolve": 0.7}), "caracas")
    with pytest.raises(StudyError, match="changed in Python"):
        _ = changed.game.link


@pytest.mark.parametrize(
    ("link", "wrong"),
    [
        ("seed=1", "names no scenario"),
        ("scenario=standoff&seed=x&seat.caracas=", 'seed is "x"'),
        ("scenario=standoff&run=-1&seat.caracas=", 'run is "-1"'),
        ("scenario=standoff", "name who you want to be"),
        ("scenario=standoff&seat.carracas=hold", 'did you mean "caracas"'),
        ("scenario=standoff&seat.caracas=holdd", 'did you mean "hold"'),
        ("scenario=standoff&seat.caracas=raid", 'cannot send "raid"'),
        ("scenario=standoff&seat.caracas=hold&seat.washington=", "more days for one seat"),
        ("scenario=standoff&world.framewrk=1&seat.caracas=", "framewrk"),
        ("x" * 100_001, "longer than"),
    ],
)
def test_a_link_that_is_no_game_is_refused_in_plain_words(link: str, wrong: str) -> None:
    with pytest.raises(Exception, match=wrong):
        game_of(link)


def test_what_is_not_possible_today_is_refused_and_nothing_is_played() -> None:
    table = play("standoff", "caracas")
    for signal, wrong in (
        ("accept_exit", "offer is too low"),
        ("raid", "cannot send"),
        ("hol", 'did you mean "hold"'),
    ):
        with pytest.raises(StudyError, match=wrong):
            table.send(signal)
    with pytest.raises(StudyError, match="one signal a day"):
        table.send({"washington": "hold"})
    assert table.day == 0 and table.game.sent == {"caracas": ()}


def test_a_decisive_act_ends_the_game_and_nothing_more_can_be_sent() -> None:
    table = play("standoff", "caracas")
    table.send("accept_terms")
    view = table.view()
    assert table.over and view.outcome.name == "settlement" and view.ended_by == "caracas"
    with pytest.raises(StudyError, match="over since day 0"):
        table.send("hold")


def test_a_stranger_takes_no_seat() -> None:
    for who, wrong in ((("rome",), "not in standoff"), ((), "name who"), (("caracas", "caracas"), "twice")):
        with pytest.raises(StudyError, match=wrong):
            new_game("standoff", who)


def test_the_event_log_of_a_game_ends_on_the_day_to_which_it_was_played() -> None:
    table = play("standoff", "brasilia", run=3)
    for _ in range(4):
        table.send("hold")
    log = table.game.events().to_pandas()
    assert sorted(set(log["day"])) == [0, 1, 2, 3] and set(log["run"]) == {3}
    assert np.array_equal(log[log["actor"] == "brasilia"]["signal"], ["hold"] * 4)
