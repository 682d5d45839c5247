"""``brink play``: a seat at the table, on a terminal."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.errors import BrinkError, Interrupted, StudyError
from sim.terminal.inputs import WholeNumber, plan_option, settings

if TYPE_CHECKING:
    from sim.experiments.seat.playing import Playing
    from sim.experiments.seat.view import View
    from sim.scenario.scenario import Scenario

LEAVE, ASK = ("q", "quit"), "?"
FORMATS = (".parquet", ".csv")


@click.command()
@click.argument("scenario", metavar="[SCENARIO]", required=False)
@click.option("--seat", "seats", multiple=True, metavar="ACTOR", help="Who you are; give two for two teams.")
@plan_option("seed", "Seed of all luck.  [default: the scenario's]")
@click.option(
    "--run",
    type=WholeNumber(0, 2**32 - 1),
    metavar="N",
    help="Which luck: the types of the others and what chance brings.  [default: any of the first 10,000]",
)
@click.option(
    "--adviser", is_flag=True, help="Each day, say what each signal would do to war, exit and settlement."
)
@click.option("--link", metavar="LINK", help="Go on with a game: its link, or a file that holds it.")
@click.option("--events", metavar="FILE", help="Write the game as an event log to a .parquet or .csv file.")
@settings
def command(
    scenario: str | None,
    seats: tuple[str, ...],
    seed: int | None,
    run: int | None,
    adviser: bool,
    link: str | None,
    events: str | None,
    settings: tuple[str, ...],
) -> None:
    """Play a capital yourself, day by day; the model plays the others.

    Each day you see what that capital can see, and send one signal: its number, or its name. "?" asks the adviser, "q"
    leaves the table. At the end you learn what the others really were. With two seats two teams play on one machine;
    the screen is covered while it is passed on. Signals may also be piped in, one a line.

    \b
    Examples:
      brink play standoff --seat caracas
      brink play standoff --seat washington --run 7 --adviser
      brink play standoff --seat washington --seat caracas
      brink play --link game.txt --events game.csv
    """
    from sim.experiments.seat.game import game_of, new_game
    from sim.experiments.seat.playing import Playing

    if events is not None and Path(events).suffix.lower() not in FORMATS:
        raise BrinkError(f"--events is {events}; it must end with .parquet or .csv.")
    if link is not None:
        if scenario is not None or seats or settings or seed is not None or run is not None:
            raise BrinkError(
                "--link names the whole game; leave scenario, --seat, --seed, --run and --set out."
            )
        game = game_of(_text(link))
    elif scenario is None:
        raise BrinkError("Name a scenario and a --seat, or a game by its --link.")
    else:
        game = new_game(scenario, seats, seed, _any_run() if run is None else run, settings)
    table = Playing(game)
    _greet(table)
    try:
        _play(table, adviser)
    except KeyboardInterrupt:
        raise Interrupted(f"\nStopped. The game goes on with: {_again(table)}") from None
    _close(table, events)


def _text(link: str) -> str:
    """The link itself, or what the file of that name holds."""
    if "=" in link:
        return link
    return Path(link).read_text(encoding="utf-8").strip()


def _any_run() -> int:
    """A run that nobody knows yet: the one number here that no seed decides."""
    import secrets

    return secrets.randbelow(10_000)


# Days -----------------------------------------------------------------------------------------


def _greet(table: Playing) -> None:
    from sim.experiments.seat.words import task
    from sim.experiments.story.grammar import listed
    from sim.reports.words import one_line, wrapped

    game, crisis = table.game, table.game.scenario
    who = listed([crisis.label(seat) for seat in game.seats])
    click.echo(wrapped(one_line(crisis.title or crisis.name)))
    if crisis.description:
        click.echo(f"\n{wrapped(one_line(crisis.description))}\n")
    click.echo(
        wrapped(
            f"You are {who}. Seed {crisis.study.seed}, run {game.run:,}; {crisis.study.days} days at most. "
            'Each day, type the number or the name of a signal; Enter alone does nothing that day; "?" asks the adviser; '
            '"q" leaves the table. Numbers run from 0 to 1, and how hostile a day felt from −1 to 1. What you are told '
            "of the other side is what you believe; it may be wrong."
        )
    )
    for seat in game.seats:
        click.echo(wrapped(f"{crisis.label(seat)}: {task(crisis, seat)}"))


def _play(table: Playing, adviser: bool) -> None:
    """Ask for signals until the crisis is over, a player leaves, or the input ends."""
    crisis, seats = table.game.scenario, table.game.seats
    while not table.over:
        chosen = {}
        for seat in seats:
            if len(seats) > 1:
                _cover(crisis.label(seat))
            view = table.view(seat)
            click.echo(f"\n{morning(crisis, view)}")
            if adviser:
                click.echo(f"\n{_advice(crisis, view)}")
            signal = _asked(crisis, view)
            if signal is None:
                return
            chosen[seat] = signal
        table.send(chosen)


def _cover(who: str) -> None:
    """Hide what the other team has seen, until this one is there."""
    click.clear()
    _line(f"Pass the keyboard to {who}, then press Enter: ")


def _line(prompt: str) -> str | None:
    """A line that is typed or piped in; None at the end of the input."""
    click.echo(prompt, nl=False)
    text = sys.stdin.readline()
    if not text:
        click.echo()
    return text.strip() if text else None


def _asked(crisis: Scenario, view: View) -> str | None:
    """The signal that a player types; None to leave. Asks again until it is one that is possible."""
    while True:
        typed = _line("\nYour signal: ")
        if typed is None or typed.lower() in LEAVE:
            return None
        if typed == ASK:
            click.echo(f"\n{_advice(crisis, view)}")
            continue
        try:
            return meant(crisis, view, typed)
        except StudyError as mistake:
            click.echo(str(mistake))


def meant(crisis: Scenario, view: View, typed: str) -> str:
    """The signal that a number, a name, a title or the beginning of one of these means. Raises StudyError for none."""
    from sim.text import shown

    word = typed.strip().lower()
    if not word and "hold" in view.may:
        return "hold"
    if word.isascii() and word.isdigit() and 1 <= int(word[:9]) <= len(view.may):
        return view.may[int(word) - 1]
    names = {name: (name, name.replace("_", " "), crisis.label(name).lower()) for name in view.may}
    exact = [name for name, said in names.items() if word in said]
    begun = [name for name, said in names.items() if word and any(each.startswith(word) for each in said)]
    for found in (exact, begun):
        if len(found) == 1:
            return found[0]
    lacking = view.lacking.get(word.replace(" ", "_"))
    if lacking is not None:
        raise StudyError(f"{shown(typed)} is not possible today: {lacking} is too low.")
    raise StudyError(
        f"{shown(typed)} is none of today's signals; type a number between 1 and {len(view.may)}."
    )


def morning(crisis: Scenario, view: View) -> str:
    """What a seat sees on a morning, for a terminal."""
    from sim.experiments.seat import words
    from sim.experiments.story.grammar import scaled
    from sim.reports.words import wrapped

    tension = view.world["tension"]
    head = f"{words.on_date(crisis, view.day)}, {crisis.label(view.seat)}: tension {scaled(tension)} ({words.worded(words.TENSION, tension)})"
    yesterday = view.past[-1:]
    said = [
        line
        for day in yesterday
        for line in (*words.gone_by(crisis, view, day), *words.felt(crisis, view, day))
    ]
    parts = [
        ("Yesterday", said),
        ("What you believe", words.convictions(crisis, view)),
        ("Where you stand", words.standing(crisis, view)),
    ]
    blocks = [
        "\n".join([f"{title}:", *(wrapped(line, "  ", "    ") for line in lines)])
        for title, lines in parts
        if lines
    ]
    return "\n".join([f"--- {head[0].upper()}{head[1:]} ---", *blocks, _choices(crisis, view)])


def _choices(crisis: Scenario, view: View) -> str:
    """The numbered signals in columns, those that end the crisis apart."""
    from sim.experiments.seat import words
    from sim.reports.words import wrapped

    ordinary: list[str] = []
    decisive: list[str] = []
    for number, name in enumerate(view.may, 1):
        entry = f"{number:>2} {words.choice(crisis, name, view)}"
        (decisive if crisis.signals[name].decisive else ordinary).append(entry)
    across = 3
    widest = max((len(entry) for entry in ordinary), default=0) + 2
    rows = [
        "  " + "".join(entry.ljust(widest) for entry in ordinary[place : place + across]).rstrip()
        for place in range(0, len(ordinary), across)
    ]
    ends = ["Or end it:", *(wrapped(entry, "  ", "     ") for entry in decisive)] if decisive else []
    return "\n".join(["You may send:", *rows, *ends])


def _advice(crisis: Scenario, view: View) -> str:
    """The adviser's table: the chances with each signal, and the change in war against doing nothing."""
    from sim.engines.warm_up import ready
    from sim.experiments.seat.advice import advise
    from sim.reports.numbers import difference_words, words
    from sim.reports.tables import columns
    from sim.reports.words import wrapped

    ready(crisis, lambda said: click.echo(said, err=True))
    found = advise(crisis, view)
    if not found:
        return "Your adviser cannot imagine how it has come so far."
    rows = [("signal", "war", "change in points", "exit", "settlement")]
    for each in found:
        change = difference_words(each.changes["war"], brief=True) if each.signal != each.baseline else ""
        war, exit_, settled = (words(each.chances[end]) for end in ("war", "exit", "settlement"))
        rows.append((crisis.label(each.signal), war, change, exit_, settled))
    n = found[0].chances["war"].n
    foot = wrapped(
        f"Of {n:,} crises that your adviser imagines for each signal, with what you know and believe; you play on as the "
        f"model would. Changes are against {crisis.label(found[0].baseline)}; an interval that holds 0 says nothing. If you "
        "misread the other side, so does your adviser."
    )
    return f"{columns(rows)}\n{foot}"


# The end --------------------------------------------------------------------------------------


def _close(table: Playing, events: str | None) -> None:
    """How it ended, the debrief, the link, and the event log if one was asked for."""
    from sim.experiments.seat import words
    from sim.reports.words import wrapped

    crisis, game = table.game.scenario, table.game
    if not table.day:
        click.echo("\nNo day was played.")
        return
    from sim.engines.warm_up import ready
    from sim.experiments.seat.debrief import debrief, told

    ready(crisis, lambda said: click.echo(said, err=True))
    view = table.view()
    last = [line for day in view.past[-1:] for line in words.gone_by(crisis, view, day)] if table.over else []
    click.echo("\n" + "\n".join(wrapped(line) for line in (*last, words.ending(crisis, view))))
    click.echo(f"\n{told(debrief(game))}")
    click.echo(f"\nThis game again: {_again(table)}")
    if events is not None:
        _write(table, Path(events))
        click.echo(f"Event log: {events}")


def _again(table: Playing) -> str:
    return f"brink play --link '{table.game.link}'"


def _write(table: Playing, file: Path) -> None:
    found = table.game.events()
    if file.suffix.lower() == ".csv":
        from pyarrow import csv

        csv.write_csv(found, file)
    else:
        from pyarrow import parquet

        parquet.write_table(found, file)
