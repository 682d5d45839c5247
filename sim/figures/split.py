"""How often a crisis ends in war, exit or settlement, built up of structure, private information and misperception."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.figures.checks import checked, heading, named, once
from sim.figures.interval_axes import (
    ROW,
    between,
    column_room,
    distinguishable,
    numbers,
    places,
    reach,
    rows,
    signed,
)
from sim.figures.lettering import room
from sim.figures.style import COLOURS, FAINT, INK, inches, sheet, styled
from sim.reports.words import plural

COLUMNS = ("end", "part", "n", "value", "low", "high")
ENDS = ("war", "exit", "settlement")
PARTS = {
    "structural": ("structural", COLOURS["structural"]),
    "private": ("+ private information", "#948bb3"),
    "misperception": ("+ misperception", COLOURS["miscalculated"]),
    "fogged": ("= as it is", FAINT),
}
"""The steps of a staircase from the top: what each is called, and its colour."""

ADDED = {"private": "private information", "misperception": "misperception"}
STAIRS = 3.1  # inches across
THICK = 0.62  # of a row


@styled
def split(
    table: pd.DataFrame,
    title: str = "",
    note: str = "",
    about: str = "",
    days: int | None = None,
    seed: int | None = None,
) -> Figure:
    """A staircase for each of war, exit and settlement: structural, what the other two parts add, and their sum.

    Columns: end, part (structural, private, misperception, fogged; others are passed over), n, value, low, high.
    Shares of runs in 0..1, differences of shares in -1..1; each part has its own interval, drawn about the end
    of its bar. The title, unless one is given, says what the parts add to the first end. Raises ValueError if a
    column or a part is missing, or if there is none of the ends.
    """
    table = checked(table, "split", COLUMNS)
    table = table[table["end"].isin(ENDS) & table["part"].isin(PARTS)]
    once(table, "split", ("end", "part"))
    ends = {end: _steps(table, end) for end in ENDS if end in set(table["end"])}
    if not ends:
        raise ValueError(f"the figure of split needs one of the ends {', '.join(ENDS)}")
    shown = pd.concat(ends.values())
    digits = places(shown)
    columns = {end: _columns(steps, digits) for end, steps in ends.items()}
    rooms = [column_room([text for each in columns.values() for text in each[i]]) for i in range(2)]
    labels = [label for label, _ in PARTS.values()]
    left = room(labels, 8.5)
    figure, panels = sheet(
        title or finding(next(iter(ends.values())), digits),
        heading(about, "share of runs, in three sights with the same luck"),
        [each for each in (note, *_notes(int(shown["n"].max()), days, seed)) if each],
        (ROW * (len(PARTS) + 0.4),) * len(ends),
        margins=(left, 0.1 + sum(rooms)),
        gaps=(0.5,),
        over=0.5,
        under=0.6,
    )
    across = reach(pd.concat(_whiskers(steps) for steps in ends.values()))
    for panel, (end, steps) in zip(panels, ends.items(), strict=True):
        _axis(panel, across, last=panel is panels[-1])
        rows(panel, [float(i) for i in range(len(PARTS))], labels, -0.7, len(PARTS) - 0.3)
        _staircase(panel, steps)
        numbers(panel, columns[end], [float(i) for i in range(len(PARTS))], rooms=rooms)
        panel.annotate(
            f"{named(end).capitalize()}: {changes(steps, digits)}",
            xy=(0, 1),
            xycoords="axes fraction",
            xytext=(-72 * (left - 0.1), 5),
            textcoords="offset points",
            weight="bold",
            annotation_clip=False,
        )
    return figure


def finding(steps: pd.DataFrame, digits: int) -> str:
    """The larger of what the two parts add to an end, and the end's share in clear and in the scenario's own sight."""
    end = named(str(steps["end"].iloc[0]))
    value = _values(steps)
    clear, fogged = (_share(value[part], digits) for part in ("structural", "fogged"))
    said = _told(steps, digits)
    lead = f"{said[0]} of {end}" if said else f"What either part changes of {end} cannot be told from 0"
    return f"{lead[0].upper()}{lead[1:]}: {clear} of runs in clear sight, {fogged} as it is"


def changes(steps: pd.DataFrame, digits: int) -> str:
    """What both parts add or take off, the larger first, and which of them cannot be told from 0."""
    said = _told(steps, digits)
    if not said:
        return "neither private information nor misperception can be told from 0"
    here = steps.loc[list(ADDED)]
    unclear = here.index[~distinguishable(here)]
    return "; ".join([*said, *(f"{ADDED[part]} not distinguishable" for part in unclear)])


def _told(steps: pd.DataFrame, digits: int) -> list[str]:
    """What each part adds or takes off, the larger first, as far as it can be told from 0."""
    here = steps.loc[list(ADDED)]
    value = _values(here[distinguishable(here)])
    return [
        f"{ADDED[part]} {'adds' if value[part] > 0 else 'takes off'} "
        f"{signed(abs(value[part]), digits).removeprefix('+')} points"
        for part in sorted(value, key=lambda part: -abs(value[part]))
    ]


def _values(steps: pd.DataFrame) -> dict[str, float]:
    """The value of each part."""
    return dict(zip(steps.index, steps["value"].to_numpy(float).tolist(), strict=True))


def _steps(table: pd.DataFrame, end: str) -> pd.DataFrame:
    """The rows of an end by part, in the order of PARTS."""
    here = table[table["end"] == end].set_index("part", drop=False)
    absent = [part for part in PARTS if part not in here.index]
    if absent:
        raise ValueError(f'the figure of split needs all parts of {named(end)}; missing: "{absent[0]}"')
    return here.loc[list(PARTS)]


def stands_on(n: int, days: int | None, seed: int | None) -> str:
    """The last line of a figure: how many runs, how long and of which seed, and what all of it hangs on."""
    runs = [f"n = {plural(n, 'run')}"]
    runs += [f"horizon {plural(days, 'day')}"] if days else []
    runs += [f"seed {seed}"] if seed is not None else []
    return f"{', '.join(runs)}; conditional on the assumptions in the scenario."


def _notes(n: int, days: int | None, seed: int | None) -> tuple[str, str]:
    return (
        "Structural: share in clear sight. Private information: unfogged less clear sight. Misperception: fogged less "
        "unfogged sight. Lines: 95 % intervals, of paired differences for the two parts; sampling error only. "
        "Pale: not distinguishable from 0.",
        stands_on(n, days, seed),
    )


def _starts(steps: pd.DataFrame) -> dict[str, float]:
    """Where the bar of each part begins: structural and the sum at 0, the others where the one before ends."""
    value = _values(steps)
    clear = value["structural"]
    return {
        "structural": 0.0,
        "private": clear,
        "misperception": clear + value["private"],
        "fogged": 0.0,
    }


def _whiskers(steps: pd.DataFrame) -> pd.DataFrame:
    """Value, low and high of each part as places on the axis of shares."""
    starts = pd.Series(_starts(steps))
    return steps[["value", "low", "high"]].add(starts, axis=0)


def _axis(axes: Axes, ends: tuple[float, float], last: bool) -> None:
    axes.set_xlim(*ends)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=max(2, int(inches(axes)[0] / 0.5)), steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(lambda x, _: f"{100 * x:.3g} %".replace("-", "−"))
    axes.axvline(0, color=INK, linewidth=0.8, zorder=1.5)
    axes.tick_params(labelbottom=last)
    if last:
        axes.set_xlabel("share of runs")


def _staircase(axes: Axes, steps: pd.DataFrame) -> None:
    """A bar each from where the one before ends, with its interval, and a thin line down to the next."""
    starts, value, marks = _starts(steps), _values(steps), _whiskers(steps).to_numpy(float)
    sure = distinguishable(steps)
    for at, (part, (_, colour)) in enumerate(PARTS.items()):
        end, low, high = marks[at]
        axes.barh(
            at,
            value[part],
            THICK,
            left=starts[part],
            color=colour,
            alpha=1 if sure[at] else 0.35,
            linewidth=0,
            zorder=2,
        )
        axes.plot([low, high], [at, at], color=INK, linewidth=1.2, solid_capstyle="butt", zorder=3)
        if at + 1 < len(PARTS):
            axes.plot([end, end], [at - THICK / 2, at + 1 + THICK / 2], color=FAINT, linewidth=0.6, zorder=2)


def _columns(steps: pd.DataFrame, digits: int) -> tuple[list[str], list[str]]:
    """Shares, and signed differences in points, with their intervals, as columns of text."""
    values = steps["value"].to_numpy(float)
    ends = zip(steps["low"].to_numpy(float), steps["high"].to_numpy(float), strict=True)
    return (
        [
            f"{signed(value, digits)} points" if part in ADDED else _share(value, digits)
            for part, value in zip(steps.index, values, strict=True)
        ],
        [between(low, high, digits) for low, high in ends],
    )


def _share(value: float, digits: int) -> str:
    return f"{100 * value:.{digits}f} %"
