"""The seat as a page: each state of a game is an address, and each signal that can be sent is a link to the next one.

Nothing is kept on the server, so a game can be left, mailed and gone on with, and "back" takes a signal back.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from typing import Any
from urllib.parse import parse_qsl, urlencode

from markupsafe import Markup

from sim.app import lines
from sim.app.asked import DEFAULT, picked, scenarios_by_home
from sim.app.fragments import fragment
from sim.errors import StudyError
from sim.experiments.seat import debrief as debriefing
from sim.experiments.seat import words
from sim.experiments.seat.advice import advise
from sim.experiments.seat.game import MOST_LINK, SEAT, Game, game_of
from sim.experiments.seat.playing import Playing
from sim.experiments.seat.view import View
from sim.experiments.story.grammar import scaled, span
from sim.experiments.story.paragraphs import MISREAD
from sim.reports.numbers import difference_words
from sim.reports.numbers import words as share_words
from sim.results.course import Day, Event, Reading
from sim.scenario.files import load_with, parse_override
from sim.scenario.scenario import Scenario
from sim.schema.outcomes import TITLES

OF_THE_PAGE = ("at", "ready", "pending", "leave", "adviser", "luck")
"""Keys of an address that are no part of a game: whose turn, whether it is there, what others chose, and so on."""

LUCKS = 10_000


def page(query: str) -> str:
    """The page of an address: the choice of a seat, a cover, a morning, or the debrief. Raises BrinkError in plain words."""
    pairs = dict(parse_qsl(query[:MOST_LINK], keep_blank_values=True))
    own = {key: pairs.pop(key) for key in OF_THE_PAGE if key in pairs}
    picked(pairs.get("scenario", DEFAULT))  # an address is no way to read other files
    if not any(key.startswith(SEAT) for key in pairs):
        return _choose(pairs)
    table = Playing(game_of(urlencode(pairs)))
    if table.over or ("leave" in own and table.day):
        return _debrief(table)
    turn = _turn(own, table)
    if len(table.game.seats) > 1 and "ready" not in own:
        return _cover(table, own, turn)
    return _morning(table, own, turn)


def game_at(query: str) -> Game:
    """The game of an address. Raises BrinkError if there is none."""
    pairs = [
        pair for pair in parse_qsl(query[:MOST_LINK], keep_blank_values=True) if pair[0] not in OF_THE_PAGE
    ]
    picked(dict(pairs).get("scenario", DEFAULT))
    return Playing(game_of(urlencode(pairs))).game


# Choosing ------------------------------------------------------------------------------------


def _choose(pairs: dict[str, str]) -> str:
    name = pairs.get("scenario", DEFAULT)
    changes = {key: value for key, value in pairs.items() if "." in key}
    scenario = load_with(name, dict(parse_override(f"{key}={value}") for key, value in changes.items()))
    run = pairs.get("run") or str(secrets.randbelow(LUCKS))
    own = {"scenario": name, **changes, **({"seed": pairs["seed"]} if "seed" in pairs else {}), "run": run}

    def link(*seats: str, **over: str) -> str:
        return urlencode([*{**own, **over}.items(), *((f"{SEAT}{seat}", "") for seat in seats)])

    roles = {"coercer": "presses", "target": "is pressed", "third": "looks on, and can take sides"}
    seats = [(scenario.label(seat), roles[scenario.actors[seat].role], link(seat)) for seat in scenario.seats]
    both = (scenario.coercer, scenario.target)
    return fragment(
        "seat_choose",
        title="Play a seat",
        explore=urlencode({"scenario": name, **changes}),
        scenario=scenario,
        scenarios=[
            (home, [(title, urlencode({"scenario": each}), each == name) for each, title in found])
            for home, found in scenarios_by_home()
        ],
        seats=seats,
        teams=(scenario.label(both[0]), scenario.label(both[1]), link(*both)),
        run=run,
        again=urlencode({**own, "run": str(secrets.randbelow(LUCKS))}),
    )


# Playing -------------------------------------------------------------------------------------


def _explore(game: Game) -> str:
    """The address of the scenario as it is played; without its luck, which would give away what is hidden."""
    return urlencode([("scenario", game.named), *(change.partition("=")[::2] for change in game.changes)])


def _turn(own: dict[str, str], table: Playing) -> int:
    text = own.get("at", "0")
    return (
        min(int(text), len(table.game.seats) - 1)
        if text.isascii() and text.isdigit() and len(text) < 3
        else 0
    )


def _cover(table: Playing, own: dict[str, str], turn: int) -> str:
    game = table.game
    who = game.scenario.label(game.seats[turn])
    kept: dict[str, str] = {key: own[key] for key in ("at", "pending", "adviser") if key in own}
    return fragment(
        "seat_cover",
        title=f"Pass the seat to {who}",
        explore=_explore(game),
        who=who,
        day=words.on_date(game.scenario, table.day),
        link=_address(game, {**kept, "ready": "1"}),
    )


def _address(game: Game, own: dict[str, str]) -> str:
    return f"{game.link}&{urlencode(own)}" if own else game.link


def _morning(table: Playing, own: dict[str, str], turn: int) -> str:
    game, seat = table.game, table.game.seats[turn]
    scenario, view = game.scenario, table.view(seat)
    adviser = {"adviser": "1"} if "adviser" in own else {}
    here: dict[str, str] = {key: own[key] for key in ("at", "pending", "ready") if key in own}
    choices = [
        {
            "number": number,
            "label": words.choice(scenario, name, view),
            "does": words.deed(scenario, seat, words.mine(seat, name)),
            "ends": bool(scenario.signals[name].decisive),
            "hostility": scenario.signals[name].hostility,
            "link": _sent(game, own, turn, name, adviser),
        }
        for number, name in enumerate(view.may, 1)
    ]
    return fragment(
        "seat",
        title=f"{scenario.label(seat)}, day {view.day}",
        explore=_explore(game),
        who=scenario.label(seat),
        head=words.on_date(scenario, view.day),
        tension=view.world["tension"],
        tense=words.worded(words.TENSION, view.world["tension"]),
        left=view.horizon - view.day,
        situation=scenario.description if not view.day else "",
        task=words.task(scenario, seat) if not view.day else "",
        believes=words.convictions(scenario, view),
        stands=words.standing(scenario, view),
        choices=choices,
        past=[_gone(scenario, view, place) for place in range(len(view.past) - 1, -1, -1)],
        drawing=Markup(lines.drawn(lines.of_view(scenario, view), view.horizon, scenario.start))
        if len(view.past) > 1
        else "",
        adviser=bool(adviser),
        toggle=_address(game, {**here, **({} if adviser else {"adviser": "1"})}),
        advice=_address(game, {"at": str(turn)}),
        leave=_address(game, {"leave": "1"}) if view.day else "",
    )


def _gone(scenario: Scenario, view: View, place: int) -> tuple[str, list[str]]:
    day = view.past[place]
    when = f"Day {day.number}" + (
        f" ({span(scenario.start, day.number, day.number)})" if scenario.start else ""
    )
    return when, [
        *words.gone_by(scenario, view, day),
        *words.felt(scenario, view, day),
    ]


def _sent(game: Game, own: dict[str, str], turn: int, signal: str, adviser: dict[str, str]) -> str:
    """The address after a signal: the next team's turn, or, after the last, the next day."""
    chosen = {**_pending(own.get("pending", "")), game.seats[turn]: signal}
    if turn + 1 < len(game.seats):
        hidden = urlsafe_b64encode(urlencode(chosen).encode()).decode()
        return _address(game, {"at": str(turn + 1), "pending": hidden, **adviser})
    if set(chosen) != set(game.seats):
        raise StudyError("the other team's choice is not in this address; begin the day again.")
    return _address(game.with_day(chosen), adviser)


def _pending(hidden: str) -> dict[str, str]:
    """What other teams chose: written so that it is not read at a glance; no secret."""
    try:
        return dict(parse_qsl(urlsafe_b64decode(hidden.encode()).decode()))
    except (NotBase64, UnicodeError):
        return {}


def advice(query: str) -> str:
    """The adviser's table for the seat whose turn it is. Raises BrinkError in plain words."""
    own = dict(parse_qsl(query[:MOST_LINK]))
    table = Playing(game_at(query))
    scenario, view = table.game.scenario, table.view(table.game.seats[_turn(own, table)])
    found = advise(scenario, view)
    rows = [
        (
            scenario.label(each.signal),
            share_words(each.chances["war"]),
            "" if each.signal == each.baseline else _minus(difference_words(each.changes["war"], brief=True)),
            share_words(each.chances["exit"]),
            share_words(each.chances["settlement"]),
            each.changes["war"].distinguishable and each.signal != each.baseline,
        )
        for each in found
    ]
    n = found[0].chances["war"].n if found else 0
    return fragment("advice", rows=rows, n=n, baseline=scenario.label(found[0].baseline) if found else "")


def _minus(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}")


# After the end -------------------------------------------------------------------------------


def _debrief(table: Playing) -> str:
    game, view = table.game, table.view()
    scenario = game.scenario
    found = debriefing.debrief(game)
    fresh = Game(scenario, game.seats, game.run, dict.fromkeys(game.seats, ()), game.named, game.changes)
    other = Game(scenario, game.seats, secrets.randbelow(LUCKS), fresh.sent, game.named, game.changes)
    shares = sorted(found.again.items(), key=lambda each: -each[1].count)
    return fragment(
        "debrief",
        title="Debrief",
        explore=_explore(game),
        who=" and ".join(scenario.label(seat) for seat in game.seats),
        ending=words.ending(scenario, view) if len(game.seats) == 1 else _ending(scenario, view),
        last=words.gone_by(scenario, view, view.past[-1]) if table.over else [],
        minds=debriefing.minds(found),
        misread=[
            box(scenario, found.course.days[each.day], each.reading)
            for reads in found.misread.values()
            for each in reads
        ],
        unseen=[(scenario.label(seat), debriefing.unseen(found, seat)) for seat in game.seats],
        without=debriefing.without_you(found),
        shares=[(name, TITLES[name], 100 * share.rate, share_words(share)) for name, share in shares],
        times=found.times,
        drawing=Markup(lines.drawn(lines.of_course(found.course), scenario.study.days, scenario.start)),
        story=game.link,
        again=fresh.link,
        other=other.link,
        back="" if table.over else game.link,
    )


def _ending(scenario: Scenario, view: View) -> str:
    """How it ended, said to two teams at once."""
    return (
        words.ending(scenario, view)
        .replace("by you", f"by {scenario.label(view.seat)}")
        .replace("you accepted", f"{scenario.label(view.seat)} accepted")
    )


def box(scenario: Scenario, day: Day, read: Reading) -> dict[str, Any]:
    """What a day meant and how it was read, as the template of boxes takes it."""
    what = scenario.label(read.signal) if read.signal != "hold" else "silence"
    incident = ", with an incident" if Event.INCIDENT in day.events else ""
    return {
        "head": f"day {day.number}: {scenario.label(read.rival)}'s {what}{incident}",
        "observer": scenario.label(read.observer),
        "rival": scenario.label(read.rival),
        "meant": words.signed(read.hostility),
        "felt": words.signed(read.felt),
        "misfelt": abs(read.felt - read.hostility) >= MISREAD,
        "before": scaled(read.before),
        "after": scaled(read.after),
        "truth": scaled(read.meant),
        "misled": read.misled,
    }
