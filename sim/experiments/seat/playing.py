"""A game at the table: the crisis as it stands, what each seat sees, and the next day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.engines.mesa.model import CrisisModel
from sim.errors import StudyError
from sim.experiments.seat.game import Game, game_of, new_game
from sim.experiments.seat.view import View, look
from sim.results.course import Day, play_day
from sim.scenario.files import AnyScenario
from sim.schema.plans import Scripted
from sim.text import shown, suggestion


class Playing:
    """A game that is being played. ``game`` is its record; it can be saved as a link on any day and opened again.

    ``table.view("caracas")`` is what that seat sees; ``table.send("call")`` plays a day (with several seats,
    ``table.send({"caracas": "call", "washington": "hold"})``), until ``table.over``.
    """

    def __init__(self, game: Game) -> None:
        """The table at the day to which the game has been played. Raises StudyError if a signal was not possible."""
        self.game = Game(
            game.scenario, game.seats, game.run, dict.fromkeys(game.seats, ()), game.named, game.changes
        )
        own = game.scenario.study
        self._model = CrisisModel(game.scenario, own.seed, game.run, own.days, observed=False)
        self._days: list[Day] = []
        for signals in zip(*(game.sent[seat] for seat in game.seats), strict=True):
            self.send(dict(zip(game.seats, signals, strict=True)))

    @property
    def day(self) -> int:
        """The number of the day to come."""
        return self._model.day

    @property
    def over(self) -> bool:
        """Whether the crisis or the horizon has ended."""
        return not self._model.running

    def view(self, seat: str | None = None) -> View:
        """What a seat sees this morning; the first of the players' if none is named."""
        return look(self._model, self._days, self.game.seats[0] if seat is None else seat)

    def send(self, signals: str | Mapping[str, str]) -> None:
        """Play a day: each player's seat sends its signal, the model plays the others.

        Raises StudyError, and plays nothing, if a signal is not possible today or the game is over.
        """
        chosen = {self.game.seats[0]: signals} if isinstance(signals, str) else dict(signals)
        self._refuse(chosen)
        model = self._model
        for seat, signal in chosen.items():
            model.script[model.day, seat] = Scripted(day=model.day, actor=seat, signal=signal)
        self._days.append(play_day(model, why=False))
        self.game = self.game.with_day(chosen)

    def _refuse(self, chosen: Mapping[str, str]) -> None:
        if self.over:
            raise StudyError(f"the crisis is over since day {self.day - 1} ({self._model.outcome.name}).")
        if set(chosen) != set(self.game.seats):
            raise StudyError(f"each of {', '.join(self.game.seats)} sends one signal a day.")
        for seat, signal in chosen.items():
            view = self.view(seat)
            if signal in view.lacking:
                raise StudyError(
                    f"day {self.day}: {seat} cannot send {signal} today: {view.lacking[signal]} is too low."
                )
            if signal not in view.may:
                hint = suggestion(signal, view.may) or f"; it may send {', '.join(view.may)}"
                raise StudyError(f"day {self.day}: {seat} cannot send {shown(signal)}{hint}")


def play(
    scenario: AnyScenario, *seats: str, seed: int | None = None, run: int = 0, changes: Sequence[str] = ()
) -> Playing:
    """A new game: people play ``seats``, the model all others, with the luck of that run of that seed.

    ``changes`` are KEY=VALUE texts, as for ``--set``. Raises StudyError if there is no such seat.
    """
    return Playing(new_game(scenario, seats, seed, run, changes))


def replayed(link: str) -> Playing:
    """The game of a link, at the day to which it was played. Raises StudyError if it is none."""
    return Playing(game_of(link))
