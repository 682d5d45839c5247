"""A game as a record: the crisis, its luck, and what each player's seat has sent on each day. A link says all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from sim.errors import ScenarioError, StudyError
from sim.scenario.files import AnyScenario, load_with, parse_override
from sim.scenario.scenario import Scenario
from sim.text import shown, suggestion

if TYPE_CHECKING:
    import pyarrow as pa

SEAT = "seat."
"""What a key of a link begins with that says what a seat has sent."""

MOST_LINK = 100_000
"""Characters of a link that are read: 3,650 days of several seats fit."""

Sent = tuple[str, ...]


@dataclass(frozen=True)
class Game:
    """A scenario as it is played, the seats that people play, and what these have sent, a signal a day.

    ``named`` and ``changes`` say where the scenario comes from, for the link: its file or name ("" if no file has it), and
    KEY=VALUE texts. The seed is the scenario's ``study.seed``.
    """

    scenario: Scenario
    seats: tuple[str, ...]
    run: int
    sent: Mapping[str, Sent]
    named: str
    changes: tuple[str, ...] = field(default=())

    @property
    def day(self) -> int:
        """How many days have been played, which is the number of the day to come."""
        return len(self.sent[self.seats[0]])

    def with_day(self, signals: Mapping[str, str]) -> Game:
        """The game one day later, in which each seat has sent that signal."""
        return replace(self, sent={seat: (*self.sent[seat], signals[seat]) for seat in self.seats})

    @cached_property
    def crisis(self) -> Scenario:
        """The scenario in which what was sent is scripted: its run of that number is the game, in either engine."""
        own = [
            entry.model_dump()
            for entry in self.scenario.script
            if entry.actor not in self.seats or entry.day >= self.day
        ]
        acts = [
            {"day": day, "actor": seat, "signal": signal}
            for seat in self.seats
            for day, signal in enumerate(self.sent[seat])
        ]
        return self.scenario.replace({"script": [*own, *acts]})

    @property
    def link(self) -> str:
        """The game as the query of a link; :func:`game_of` reads it. Raises StudyError if no file has the scenario."""
        if not self.named:
            raise StudyError(
                f"{self.scenario.name} was changed in Python, so that no link can name it; name its file, and "
                'say what is different by changes=["KEY=VALUE"].'
            )
        own = self.scenario.study
        changes = [change.partition("=")[::2] for change in self.changes]
        sent = [(f"{SEAT}{seat}", ".".join(self.sent[seat])) for seat in self.seats]
        return urlencode([("scenario", self.named), *changes, ("seed", own.seed), ("run", self.run), *sent])

    def events(self) -> pa.Table:
        """The days played as an event log, a row a day and actor, with the columns of ``brink run --events``."""
        import pyarrow.compute as pc

        from sim.results.events import events_of  # pyarrow and numba: not for a view

        return events_of(self.crisis, self.run, 1).filter(pc.field("day") < self.day)


def new_game(
    scenario: AnyScenario,
    seats: Sequence[str],
    seed: int | None = None,
    run: int = 0,
    changes: Sequence[str] = (),
) -> Game:
    """A game before day 0. ``changes`` are KEY=VALUE texts, as for ``--set``.

    Raises StudyError if nobody of that name is in the scenario, or no seat is named; ScenarioError for changes.
    """
    named = _name_of(scenario) if isinstance(scenario, Scenario) else str(scenario)
    overrides: dict[str, Any] = dict(parse_override(each) for each in changes)
    if isinstance(scenario, Scenario):
        found = scenario.replace(overrides) if overrides else scenario
    else:
        found = load_with(scenario, overrides)
    if seed is not None:
        found = found.replace({"study.seed": seed})
    _refuse_strangers(found, seats)
    if not 0 <= run < 2**32:
        raise StudyError(f"--run is {run}; it must be a whole number between 0 and {2**32 - 1:,}.")
    return Game(found, tuple(seats), run, dict.fromkeys(seats, ()), named, tuple(changes))


def _name_of(scenario: Scenario) -> str:
    """The name by which a scenario can be loaded, seed aside; "" if none gives the same."""
    try:
        found = load_with(scenario.name, {"study.seed": scenario.study.seed})
    except ScenarioError:
        return ""
    return scenario.name if found.document() == scenario.document() else ""


def _refuse_strangers(scenario: Scenario, seats: Sequence[str]) -> None:
    known = ", ".join(scenario.seats)
    if not seats:
        raise StudyError(f"--seat: name who you want to be; there are {known}.")
    for seat in seats:
        if seat not in scenario.actors:
            hint = suggestion(seat, scenario.actors) or f"; there are {known}"
            raise StudyError(f"--seat is {shown(seat)}, who is not in {scenario.name}{hint}")
    if len(set(seats)) < len(seats):
        raise StudyError("--seat names somebody twice.")


def game_of(link: str) -> Game:
    """The game of a link, or of its query alone; only its signals' names are looked at, not whether they were possible.

    Raises StudyError or ScenarioError that says what is wrong with it.
    """
    if len(link) > MOST_LINK:
        raise StudyError(f"the link is longer than {MOST_LINK:,} characters; that is no game.")
    query = urlsplit(link.strip()).query or link.strip()
    told = parse_qsl(query, keep_blank_values=True)
    plain = dict(told)
    if "scenario" not in plain:
        raise StudyError(
            "the link names no scenario; a game's link has scenario=, seed=, run= and seat.NAME=."
        )
    sent = {key[len(SEAT) :]: value for key, value in told if key.startswith(SEAT)}
    changes = [f"{key}={value}" for key, value in told if "." in key and not key.startswith(SEAT)]
    seed = _whole(plain, "seed") if "seed" in plain else None
    game = new_game(plain["scenario"], list(sent), seed, _whole(plain, "run"), changes)
    return _with_sent(game, {seat: tuple(filter(None, text.split("."))) for seat, text in sent.items()})


def _whole(plain: Mapping[str, str], key: str) -> int:
    text = plain.get(key, "0")
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        raise StudyError(f"the link's {key} is {shown(text)}; it must be a whole number.")
    return int(text)


def _with_sent(game: Game, sent: Mapping[str, Sent]) -> Game:
    """The game with these signals. Raises StudyError for names that a seat can never send, and for uneven lists."""
    if len({len(signals) for signals in sent.values()}) > 1:
        raise StudyError("the link has more days for one seat than for another.")
    for seat, signals in sent.items():
        known = game.scenario.repertoire(seat) + game.scenario.repertoire(seat, decisive=True)
        for day, signal in enumerate(signals):
            if signal not in known:
                hint = suggestion(signal, known) or f"; it may send {', '.join(known)}"
                raise StudyError(f"day {day}: {seat} cannot send {shown(signal)}{hint}")
    return replace(game, sent=dict(sent))
