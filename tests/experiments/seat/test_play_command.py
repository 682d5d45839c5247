"""`brink play`: a whole game typed, piped or replayed on a terminal, what is understood, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

import sim.commands.main
from sim.errors import StudyError
from sim.experiments.seat.command import meant
from sim.experiments.seat.debrief import debrief
from sim.experiments.seat.playing import play, replayed
from sim.schema.outcomes import Outcome
from tests.commands.test_cli import brink, failed


def typed(text: str, *words: str) -> Result:
    return CliRunner().invoke(sim.commands.main.brink, ["play", *words], input=text)


def test_a_game_is_typed_by_number_name_or_beginning_until_it_ends_and_is_told() -> None:
    done = typed("call\ncondem\n\nfoo\nraid\nterms acc\n", "standoff", "--seat", "caracas", "--run", "3")
    assert done.exit_code == 0
    for said in (
        "You are Caracas. Seed 1, run 3",
        "You make a private call.",
        "You condemn Washington.",
        "You do nothing that is seen.",
        "is none of today's signals",
        "a settlement: you accepted the terms",
        "What they really were",
        "The same crisis with the model in your seat",
        "seat.caracas=call.condemn.hold.accept_terms",
    ):
        assert said in done.output
    assert "adviser imagines" not in done.output


def test_a_link_from_a_file_plays_the_game_again_and_writes_its_event_log(tmp_path: Path) -> None:
    first = typed("call\nq\n", "standoff", "--seat", "caracas", "--run", "3")
    link = first.output.split("--link '")[1].split("'")[0]
    (tmp_path / "game.txt").write_text(link)
    done = typed("hold\n", "--link", str(tmp_path / "game.txt"), "--events", "game.csv")
    assert done.exit_code == 0 and "You leave the table on day 2" in done.output
    log = pd.read_csv("game.csv")
    assert list(log[log["actor"] == "caracas"]["signal"]) == ["call", "hold"]


def test_who_stops_with_ctrl_c_is_told_no_secrets_and_how_to_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = iter(["call", "hold"])

    def interrupted(_: str) -> str:
        try:
            return next(lines)
        except StopIteration:
            raise KeyboardInterrupt from None

    monkeypatch.setattr("sim.experiments.seat.command._line", interrupted)
    stopped = typed("", "standoff", "--seat", "caracas", "--run", "3")
    assert stopped.exit_code == 130 and "What they really were" not in stopped.output
    assert "brink play --link 'scenario=standoff&seed=1&run=3&seat.caracas=call.hold'" in stopped.stderr


def test_two_teams_pass_the_keyboard_under_a_cover() -> None:
    done = typed(
        "\nbuildup\n\ncall\n\nq\n", "standoff", "--seat", "washington", "--seat", "caracas", "--run", "3"
    )
    assert done.output.count("Pass the keyboard to Washington") == 2
    assert done.output.count("Pass the keyboard to Caracas") == 1
    assert "seat.washington=buildup&seat.caracas=call" in done.output


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ((), "Name a scenario"),
        (("standoff",), "name who you want to be; there are washington, caracas"),
        (("standoff", "--seat", "carracas"), 'did you mean "caracas"'),
        (("standoff", "--seat", "caracas", "--events", "x.txt"), "must end with .parquet or .csv"),
        (("standoff", "--link", "scenario=standoff"), "--link names the whole game"),
        (("--link", "nothing.txt"), "nothing.txt"),
        (("--link", "scenario=standoff&seat.caracas=accept_exit"), "offer is too low"),
    ],
)
def test_what_is_no_game_is_refused_in_one_message(words: tuple[str, ...], wrong: str) -> None:
    assert wrong in failed(brink("play", *words))


def test_a_word_means_one_signal_or_none() -> None:
    table = play("standoff", "caracas", run=3)
    crisis, view = table.game.scenario, table.view()
    for said, found in (
        ("", "hold"),
        ("1", view.may[0]),
        ("Threat", "threaten"),
        ("offer_meeting", "offer_meeting"),
    ):
        assert meant(crisis, view, said) == found
    for said, wrong in (("con", "none of"), ("999", "none of"), ("accept_exit", "offer is too low")):
        with pytest.raises(StudyError, match=wrong):
            meant(crisis, view, said)


def test_the_debrief_tells_the_types_the_misreadings_and_how_the_model_fares_in_the_seat() -> None:
    table = replayed(
        "scenario=standoff&run=7&seat.brasilia=hold.hold.call.hold.hold.hold.hold.hold.hold.hold"
    )
    found = debrief(table.game, times=200)
    assert [view.observer for view in found.course.first] == ["washington", "caracas"]
    assert sum(share.count for share in found.again.values()) == 200
    assert found.same_luck[0] in Outcome and not found.over
    assert all(each.size >= 0.05 for reads in found.misread.values() for each in reads)
    hidden = found.hidden["brasilia"]
    assert hidden and all(act.actor != "brasilia" for _, act in hidden)
    assert {found.course.scenario.signals[act.signal].class_ for _, act in hidden} == {"private"}
