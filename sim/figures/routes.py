"""By which route, and through whose eyes, fog brings war: Shapley values of route and side as a dot plot."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from sim.figures.checks import checked, heading, once, only
from sim.figures.interval_axes import (
    ROW,
    column_room,
    distinguishable,
    intervals,
    numbers,
    places,
    points_axis,
    reach,
    rows,
    signed,
    value_columns,
)
from sim.figures.lettering import room
from sim.figures.split import stands_on
from sim.figures.style import FAINT, INK, sheet, short, styled
from sim.scenario.counterfactual import ROUTE_TITLES

COLUMNS = ("game", "side", "route", "n", "value", "low", "high")
GAMES = {"war": "War", "made": "War made by fog", "exit": "Exit"}
SIDES = {"coercer": "the coercer", "target": "the target"}
SIDE_COLOURS = {"coercer": "#0072b2", "target": "#d55e00"}
TOTAL = "total"
BLANK = 0.35  # of a row, between routes


@styled
def routes(
    table: pd.DataFrame,
    names: Mapping[str, str] | None = None,
    title: str = "",
    note: str = "",
    about: str = "",
    days: int | None = None,
    seed: int | None = None,
) -> Figure:
    """A dot with its interval for each route of each side, and for all together; a panel for each game.

    Columns: game (war, made, exit), side (coercer, target), route (acts, types, sincerity; side and route are
    both "total" for all together), n, value, low, high: differences of shares of runs in -1..1. ``names``: what
    the coercer and the target are called. The title, unless one is given, says which route does most to the
    first game. Raises ValueError for a missing column, another game, side or route, or a game without total.
    """
    table = checked(table, "routes", COLUMNS)
    only(table, "routes", "game", GAMES)
    only(table, "routes", "side", (*SIDES, TOTAL))
    only(table, "routes", "route", (*ROUTE_TITLES, TOTAL))
    once(table, "routes", ("game", "side", "route"))
    said = {**SIDES, **(names or {})}
    games = {game: _ordered(table, game) for game in GAMES if game in set(table["game"])}
    shown = pd.concat(games.values(), ignore_index=True)
    digits, ends = places(shown), reach(shown)
    rooms = [column_room(column) for column in value_columns(shown, digits)]
    heights = {game: _heights(here) for game, here in games.items()}
    labels = {game: [_label(*key, said) for key in _keys(here)] for game, here in games.items()}
    figure, panels = sheet(
        title or finding(shown, next(iter(games)), digits),
        heading(about, "change in the share of runs when fog is let in"),
        [each for each in (note, *_notes(int(shown["n"].max()), days, seed)) if each],
        [ROW * (at[-1] + 1.3) for at in heights.values()],
        margins=(room([label for each in labels.values() for label in each], 8.5), 0.1 + sum(rooms)),
        gaps=(0.45,),
        over=0.45,
        under=0.6,
    )
    for panel, (game, here) in zip(panels, games.items(), strict=True):
        points_axis(panel, ends, label=panel is panels[-1])
        panel.tick_params(labelbottom=panel is panels[-1])
        at, sure = heights[game], distinguishable(here)
        rows(panel, at, labels[game], -0.7, at[-1] + 0.6)
        panel.axhline((at[-2] + at[-1]) / 2 if len(at) > 1 else -0.5, color=FAINT, linewidth=0.5)
        for side in (*SIDES, TOTAL):
            mine = (here["side"] == side).to_numpy(bool)
            its = [height for height, own in zip(at, mine, strict=True) if own]
            mark = "D" if side == TOTAL else "o"
            intervals(panel, here[mine], its, sure[mine], SIDE_COLOURS.get(side, INK), mark)
        numbers(panel, value_columns(here, digits), at, rooms=rooms)
        panel.set_title(GAMES[game])
    return figure


def finding(table: pd.DataFrame, game: str, digits: int) -> str:
    """The route that does most to a game, both sides together; of routes that can be told from 0 on either side."""
    here = _ordered(table, game)
    what = GAMES[game].lower()
    each, total = here[here["route"] != TOTAL], here[here["route"] == TOTAL].iloc[0]
    sums = each.groupby("route", sort=False)["value"].sum()
    told = sums[sums.index.isin(set(each.loc[distinguishable(each), "route"]))]
    if told.empty:
        return f"No route of either side changes {what} by what can be told from 0"
    route = str(told.abs().idxmax())
    name, value = _plain(route).capitalize(), float(told[route])
    return (
        f"{name} on both sides: {signed(value, digits)} points of {what}; "
        f"all routes together: {signed(float(total['value']), digits)}"
    )


def _ordered(table: pd.DataFrame, game: str) -> pd.DataFrame:
    """The rows of a game, route by route, and the total last."""
    here = table[table["game"] == game]
    if TOTAL not in set(here["route"]):
        raise ValueError(f'the figure of routes needs the total of {GAMES[game].lower()}; missing: "{TOTAL}"')
    order = [*((side, route) for route in ROUTE_TITLES for side in SIDES), (TOTAL, TOTAL)]
    at = dict(zip(_keys(here), here.index, strict=True))
    return here.loc[[at[key] for key in order if key in at]].reset_index(drop=True)


def _keys(here: pd.DataFrame) -> list[tuple[str, str]]:
    return [(str(side), str(route)) for side, route in here[["side", "route"]].to_numpy()]


def _heights(here: pd.DataFrame) -> list[float]:
    """A row each, with a blank between routes."""
    heights: list[float] = []
    last, at = "", -1.0
    for route in here["route"]:
        at += 1 + (BLANK if heights and route != last else 0)
        heights.append(at)
        last = route
    return heights


def _label(side: str, route: str, said: Mapping[str, str]) -> str:
    return "together" if route == TOTAL else f"{_plain(route)}: {short(said[side], 18)}"


def _plain(route: str) -> str:
    """A route without what stands in brackets."""
    return ROUTE_TITLES[route].partition(" (")[0]


def _notes(n: int, days: int | None, seed: int | None) -> tuple[str, str]:
    return (
        "Dots: Shapley values of letting fog work on one route of one side, averaged over all orders; they add up to the "
        f"diamond, fogged less unfogged sight. Routes: {', '.join(ROUTE_TITLES.values())}. The name is whose misreading it "
        "is. Lines: 95 % intervals, sampling error only. Hollow and grey: not distinguishable from 0.",
        stands_on(n, days, seed),
    )
