"""One crisis and a seat as pages: links alone play a game, what is hidden stays hidden, and nothing is taken on trust."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs

import pandas as pd
import pytest

pytest.importorskip("starlette", reason='the page is not installed; pip install "brink[app]"')
pytest.importorskip("jinja2", reason='the page is not installed; pip install "brink[app]"')

from docs import SHIPPED
from sim.app import crisis, fragments, rooms, seat
from sim.errors import BrinkError
from sim.experiments.seat import words
from sim.experiments.seat.game import Game, new_game
from sim.experiments.seat.playing import Playing, play
from sim.experiments.story.picks import picks
from sim.scenario.files import load

START = "scenario=standoff&seed=1&run=7&seat.caracas="
LINK = r'<a [^>]*href="/(seat|crisis)\?([^"]*)"[^>]*>(.*?)</a>'


def links(page: str) -> dict[str, str]:
    """The query of each link of a page, by its text."""
    found = re.findall(LINK, page, re.DOTALL)
    return {" ".join(re.sub(r"<[^>]+>", " ", text).split()): unescape(query) for _, query, text in found}


def link(page: str, text: str) -> str:
    """The query of the one link whose text ends so."""
    [query] = [query for said, query in links(page).items() if said.endswith(text)]
    return query


def sent(query: str) -> dict[str, list[str]]:
    """What each seat has sent, by an address."""
    return {
        key.removeprefix("seat."): [each for each in value[0].split(".") if each]
        for key, value in parse_qs(query, keep_blank_values=True).items()
        if key.startswith("seat.")
    }


def test_whoever_chooses_a_seat_and_follows_links_plays_the_game_of_the_table() -> None:
    query = links(seat.page("scenario=standoff&run=7"))["Caracas"]
    table = play("standoff", "caracas", run=7)
    for name, label in (("call", "call, in private"), ("condemn", "condemnation"), ("hold", "hold")):
        query = link(seat.page(query), label)
        table.send(name)
    assert sent(query) == {"caracas": ["call", "condemn", "hold"]}
    assert seat.game_at(query).crisis.document() == table.game.crisis.document()
    page = seat.page(query)
    assert {f"{n} {text}" for n, text in enumerate(_labels(table), 1)} <= set(links(page))
    assert "You do nothing that is seen." in page


def _labels(table: Playing) -> list[str]:
    view = table.view()
    return [words.choice(table.game.scenario, name, view) for name in view.may]


def test_an_act_that_ends_the_crisis_leads_to_the_debrief_and_its_event_log() -> None:
    page = seat.page(link(seat.page(START), "a settlement that leaves you 0.00"))
    for said in (
        "you accepted the terms",
        "What they really were",
        "With the model in your seat",
        "1,000 times",
    ):
        assert said in page
    found = re.search(r'/seat/events.csv\?([^"]*)', page)
    assert found
    log = pd.read_csv(BytesIO(rooms.events(unescape(found[1]))))
    assert list(log[log["actor"] == "caracas"]["signal"]) == ["accept_terms"]
    again = link(page, "The same luck again")
    assert sent(again) == {"caracas": []} and "run=7" in again


def test_all_pages_have_the_style_of_the_first() -> None:
    def styles(page: str) -> list[str]:
        return re.findall(r'<link rel="stylesheet" href="([^"]*)">', page)

    first, room = styles(fragments.page()), styles(seat.page("scenario=standoff"))
    assert len(first) > 1 and room[: len(first)] == first


def test_no_morning_tells_what_a_debrief_tells() -> None:
    query = f"{START}hold.call.condemn"
    morning, after = seat.page(query), seat.page(f"{query}&leave=1")
    for said in ("true resolve", "read by", "meant", "as it is"):
        assert said in after and said not in morning


def test_two_teams_choose_under_a_cover_and_the_day_is_played_when_both_have() -> None:
    start = new_game("standoff", ("washington", "caracas"), run=3).link
    covered = seat.page(start)
    assert "Pass the seat to Washington" in covered and "What do you send" not in covered
    first = link(seat.page(link(covered, "We are Washington")), "buildup")
    assert "buildup" not in first and sent(first) == {"washington": [], "caracas": []}
    covered = seat.page(first)
    assert "Pass the seat to Caracas" in covered and "buildup" not in covered
    second = link(seat.page(link(covered, "We are Caracas")), "call, in private")
    assert sent(second) == {"washington": ["buildup"], "caracas": ["call"]}
    table = play("standoff", "washington", "caracas", run=3)
    table.send({"washington": "buildup", "caracas": "call"})
    assert seat.game_at(second).sent == table.game.sent


def test_half_a_day_of_two_teams_is_refused() -> None:
    start = new_game("standoff", ("washington", "caracas")).link
    with pytest.raises(BrinkError, match="begin the day again"):
        seat.page(f"{start}&at=1&ready=1")


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("scenario=/etc/passwd&seat.caracas=", "to pick"),
        ("scenario=../scenarios/standoff&seat.caracas=", "to pick"),
        (f"{START}raid", "cannot send"),
        (f"{START}accept_exit", "too low"),
        ("scenario=standoff&seat.rome=", "not in standoff"),
        ("scenario=standoff&run=x&seat.caracas=", "whole number"),
        ("scenario=standoff&world.framework=9&seat.caracas=", "world.framework"),
    ],
)
def test_an_address_that_is_no_game_is_refused_in_words(query: str, wrong: str) -> None:
    with pytest.raises(BrinkError, match=wrong):
        seat.page(query)
    assert "<h1>That does not work</h1>" in rooms.trouble(wrong)


def test_what_a_scenario_is_called_stays_text(tmp_path: Path) -> None:
    Path("scenarios/evil.toml").write_text(
        'extends = "standoff.toml"\ntitle = "<script>alert(1)</script>"\n'
        '[actors.caracas]\ntitle = "<img src=x>"\n[signals.call]\ntitle = "<b>"\nphrase = "sends <i>"\n'
    )
    pages = [
        seat.page("scenario=evil"),
        seat.page("scenario=evil&run=3&seat.caracas=call.call"),
        seat.page("scenario=evil&run=3&seat.caracas=call.call&leave=1"),
        crisis.page("scenario=evil&run=3"),
    ]
    for page in pages:
        assert not re.search(r"<script>|<img|<b>&lt;|sends <i>", page)
        assert "&lt;img src=x&gt;" in page


def test_the_adviser_of_the_page_is_that_of_the_seat() -> None:
    page = seat.advice(f"{START}hold")
    table = play("standoff", "caracas", run=7)
    table.send("hold")
    rows = re.findall(r'<th scope="row">(.*?)</th>', page)
    assert rows == [table.game.scenario.label(name) for name in table.view().may]


def test_next_and_before_go_through_the_runs_of_a_pick() -> None:
    found = picks(load("standoff"))["miscalculated"]
    page = crisis.page(f"scenario=standoff&run={found[3]}&pick=miscalculated")
    for text, run in (
        ("Next \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}", found[4]),
        ("Before", found[2]),
    ):
        assert f"run={run}&" in link(page, text)
    assert "in war" in page
    assert f"miscalculated wars {len(found)}" in links(page)


def test_a_story_has_its_sentences_its_boxes_and_its_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crisis, "TIMES", 20)
    page = crisis.page("scenario=standoff&run=9")
    assert "read by" in page and 'class="chorus"' in page
    asked = re.findall(r'data-whatif="/crisis/whatif\?([^"]*)"', page)
    assert len(asked) == 2 * 59  # a day of each principal, up to the end
    table = crisis.what_if_of(unescape(asked[3]))
    assert "(sent)" in table and "miscalculated war" in table


def test_a_game_is_told_as_a_story_without_saying_that_it_was_scripted() -> None:
    page = crisis.page(f"{START}condemn.threaten.hold")
    assert "your game" in page and "condemns Washington" in page and "as scripted" not in page


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_shipped_scenario_can_be_read_and_played(file: Path) -> None:
    scenario = load(file)
    for who in (scenario.coercer, scenario.target, *scenario.third_parties[:1]):
        game = Game(scenario, (who,), 2, {who: ("hold", "hold")}, file.stem)
        assert "What do you send?" in seat.page(game.link)
    assert "The end" in crisis.page(f"scenario={file.stem}&run=2")
