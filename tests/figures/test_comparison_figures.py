"""Figures of comparisons: they show what their tables say, however extreme, and no words run into others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from sim import figures as plots
from sim.experiments.question import plan
from sim.experiments.study import parts
from sim.figures.interval_axes import between, places, signed, tick
from sim.scenario.counterfactual import ROUTE_TITLES
from sim.statistics.differences import paired_proportions
from sim.statistics.histograms import binned_median
from sim.statistics.proportions import proportion
from tests.support import synthetic

NAMES = {
    f"arm{i}": name
    for i, name in enumerate(
        (
            "as it is",
            "working channels",
            "no strikes at sea, and everything else as it is in the base",
            "a full readout",
            "allies oppose loudly",
            "no call at all",
        )
    )
}
RISKS, ACTS = synthetic.risks()
TENTHS: list[Any] = [i / 10 for i in range(11)]
PAGE = 6.5  # inches of text across a page
LONG_NAME = {"coercer": "The United States of America and its partners"}

Draws = Callable[[], Figure]


def split_table(counts: dict[str, tuple[int, int, int]] | None = None, n: int = 10_000) -> pd.DataFrame:
    """Each end's count in clear, unfogged and fogged sight as the table "split"; intervals as wide as luck allows."""
    sights = counts or {"war": (1270, 1250, 2560), "exit": (1190, 860, 670), "settlement": (1570, 2280, 1790)}
    rows: list[dict[str, Any]] = []
    for end, (clear, unfogged, fogged) in sights.items():
        for part, count in (("structural", clear), ("fogged", fogged)):
            found = proportion(count, n)
            rows.append({"end": end, "part": part, "value": found.rate, "low": found.low, "high": found.high})
        for part, gained in (("private", unfogged - clear), ("misperception", fogged - unfogged)):
            found_ = paired_proportions(max(0, gained), max(0, -gained), n)
            ends = {name: getattr(found_, name) for name in ("value", "low", "high")}
            rows.append({"end": end, "part": part} | ends)
    return pd.DataFrame(rows).assign(n=n)


def routes_table(size: float = 0.05, n: int = 10_000) -> pd.DataFrame:
    """What three routes of two sides add to three games, the first most, and their sums."""
    rows: list[dict[str, Any]] = []
    for game in ("war", "made", "exit"):
        values = [size / (1 + i) if i < 4 else 0.0 for i in range(6)]
        players = [(side, route) for route in ROUTE_TITLES for side in ("coercer", "target")]
        for (side, route), value in zip([*players, ("total", "total")], [*values, sum(values)], strict=True):
            rows.append({"game": game, "side": side, "route": route, "value": value})
    table = pd.DataFrame(rows).assign(n=n)
    return table.assign(low=table["value"] - 0.005, high=table["value"] + 0.005)


USUAL: dict[str, Draws] = {
    "forest": lambda: plots.forest(synthetic.differences(), "What each arm changes"),
    "arm_curves": lambda: plots.arm_curves(synthetic.arms(2), {"arm0": "one", "arm1": "two"}),
    "twins": lambda: plots.twins(synthetic.twin_tables()),
    "split": lambda: plots.split(split_table(), days=90, seed=1),
    "routes": lambda: plots.routes(routes_table(), {"target": "Caracas"}, days=90, seed=1),
    "regret": lambda: plots.regret(synthetic.regrets({"raid": 980, "attack": 95})),
    "attribution": lambda: plots.attribution(synthetic.attributions(("as is",))),
    "risk": lambda: plots.risk(RISKS, ACTS, no_return=48, end=(59, "invasion")),
    "whatif": lambda: plots.whatif(synthetic.whatifs(3)),
    "windows": lambda: plots.windows(synthetic.windows_table(list(range(60)))),
    "levers": lambda: plots.levers(synthetic.lever_table(6)),
    "sweep_line": lambda: plots.sweep_line(synthetic.swept(TENTHS), "x", "war"),
    "sweep_heat": lambda: plots.sweep_heat(synthetic.swept(TENTHS[:4], TENTHS[:3]), "x", "y", "war"),
    "sensitivity": lambda: plots.sensitivity(synthetic.indices(5), {"war": 0.31}),
    "morris": lambda: plots.morris(synthetic.effects()),
}
HARD: dict[str, Draws] = {
    "forest of 40 with long labels, to ±100": lambda: plots.forest(
        synthetic.differences(40, 1.5, long=True), "A title that goes on, with $5 and $6 in it, " * 4
    ),
    "forest of one zero": lambda: plots.forest(synthetic.differences(1, 0, grouped=False), "Nothing"),
    "six arms that end alike": lambda: plots.arm_curves(synthetic.arms(6, close=True), NAMES),
    "one arm of one day": lambda: plots.arm_curves(synthetic.arms(1, days=1, war=False), {"arm0": "alone"}),
    "twins without war": lambda: plots.twins(synthetic.twin_tables(100, (0, 0, 0), days=1)),
    "twins with miscalculated wars alone": lambda: plots.twins(
        synthetic.twin_tables(300, (300, 0, 0), days=400), LONG_NAME
    ),
    "a split of nothing": lambda: plots.split(split_table({"war": (0, 0, 0)}, 100)),
    "a split from none to all and back": lambda: plots.split(
        split_table({"war": (0, 100, 100), "exit": (100, 100, 0), "settlement": (0, 100, 0)}, 100)
    ),
    "routes of nothing": lambda: plots.routes(routes_table(0)),
    "routes to -100": lambda: plots.routes(routes_table(-0.48), LONG_NAME),
    "regret all at -1": lambda: plots.regret(synthetic.regrets({"raid": 1, "attack": 0}, spike=-1)),
    "attribution to ±100 without totals": lambda: plots.attribution(
        synthetic.attributions(("as is",), ("war", "made", "exit"), 2, total=False)
    ),
    "attribution of nothing": lambda: plots.attribution(synthetic.attributions(("zero",), size=0)),
    "risk that is none": lambda: plots.risk(synthetic.risks(war=False)[0], ACTS.iloc[:0]),
    "risk of one day": lambda: plots.risk(*synthetic.risks(1), no_return=0, end=(0, "raid")),
    "28 what-ifs with long labels": lambda: plots.whatif(synthetic.whatifs(28, 2, long=True)),
    "one what-if": lambda: plots.whatif(synthetic.whatifs(1, 0)),
    "windows with gaps, to ±100": lambda: plots.windows(synthetic.windows_table([0, 1, 5, 30], 1.0)),
    "a window of one day": lambda: plots.windows(synthetic.windows_table([0], 0, possible=False)),
    "40 levers with long labels": lambda: plots.levers(synthetic.lever_table(40, 1.5, dead=14, long=True)),
    "only dead levers": lambda: plots.levers(synthetic.lever_table(3, 0, dead=3)),
    "a sweep over names, to -90": lambda: plots.sweep_line(
        synthetic.swept(["none", "half", "full, and with a long name"], size=-0.9), "x", "war", True
    ),
    "a heat map of differences": lambda: plots.sweep_heat(
        synthetic.swept(TENTHS, ["a", "b and more"], -0.6), "x", "y", "war", True
    ),
    "a heat map of 40 x 30 with cells missing": lambda: plots.sweep_heat(
        synthetic.swept(list(range(40)), list(range(30))).iloc[:900], "x", "y", "war"
    ),
    "a heat map of one zero": lambda: plots.sweep_heat(synthetic.swept([1], [1], 0), "x", "y", "war"),
    "40 parameters": lambda: plots.sensitivity(synthetic.indices(40, ("war", "exit", "miscalculated"))),
    "one parameter without effect": lambda: plots.sensitivity(synthetic.indices(1, ("war",), none=True)),
    "elementary effects of nothing": lambda: plots.morris(synthetic.effects(3, 0)),
}


def written(figure: Figure) -> Iterator[Text]:
    """All text that is drawn, a text at a time."""
    yield from figure.texts
    for axes in figure.findobj(Axes):
        if not axes.axison:
            yield from axes.texts
            continue
        yield from (*axes.texts, cast(Any, axes)._left_title)
        for legend in axes.findobj(Legend):
            yield from legend.get_texts()
        for axis in (axes.xaxis, axes.yaxis):
            yield axis.label
            for mark in cast(Any, axis)._update_ticks():
                yield from (label for label in (mark.label1, mark.label2) if label.get_visible())


def said(figure: Figure) -> str:
    """All text on a figure, as one line."""
    return " ".join(text.get_text() for text in figure.findobj(Text)).replace("\n", " ")


def collisions(figure: Figure) -> list[tuple[str, str]]:
    """Pairs of texts of which one lies on the other by more than a pixel."""
    boxes = [
        (text.get_text(), Text.get_window_extent(text)) for text in written(figure) if text.get_text().strip()
    ]
    return [
        (one, other)
        for (one, a), (other, b) in combinations(boxes, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 1.5
    ]


@cache
def drawn(case: str) -> Figure:
    """A figure with all in its place; made once, since that takes longest."""
    figure = {**USUAL, **HARD}[case]()
    figure.draw_without_rendering()
    return figure


@pytest.mark.parametrize("case", [*USUAL, *HARD])
def test_no_words_run_into_others(case: str) -> None:
    assert not collisions(drawn(case))


def test_words_that_run_into_others_are_seen() -> None:
    figure = USUAL["forest"]()
    figure.text(0.5, 0.5, "one")
    figure.text(0.501, 0.501, "other")
    figure.draw_without_rendering()
    assert ("one", "other") in collisions(figure)


QUICK = ("forest", "risk", "sweep_heat")  # drawn twice each time; the others in the long form


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.deep) for name in USUAL]
)
def test_the_same_table_gives_the_same_bytes(name: str) -> None:
    assert plots.encoded(USUAL[name](), "svg") == plots.encoded(drawn(name), "svg")


TABLES: dict[str, tuple[Callable[[pd.DataFrame], Figure], pd.DataFrame]] = {
    "forest": (lambda table: plots.forest(table, ""), synthetic.differences(2)),
    "arm_curves": (lambda table: plots.arm_curves(table, {"arm0": ""}), synthetic.arms(1, 2)),
    "twins": (
        lambda table: plots.twins({**synthetic.twin_tables(), "twins": table}),
        synthetic.twin_tables()["twins"],
    ),
    "partings": (
        lambda table: plots.twins({**synthetic.twin_tables(), "parting": table}),
        synthetic.twin_tables()["parting"],
    ),
    "split": (plots.split, split_table()),
    "routes": (plots.routes, routes_table()),
    "regret": (plots.regret, synthetic.regrets({"raid": 1})),
    "attribution": (plots.attribution, synthetic.attributions()),
    "risk": (lambda table: plots.risk(table, ACTS), RISKS),
    "acts": (lambda table: plots.risk(RISKS, table), ACTS),
    "whatif": (plots.whatif, synthetic.whatifs(2)),
    "windows": (plots.windows, synthetic.windows_table([0], possible=False)),
    "levers": (plots.levers, synthetic.lever_table(3).drop(columns="n")),
    "sweep_line": (lambda table: plots.sweep_line(table, "x", "war"), synthetic.swept([1]).drop(columns="y")),
    "sweep_heat": (
        lambda table: plots.sweep_heat(table, "x", "y", "war"),
        synthetic.swept([1], [1]).drop(columns=["low", "high"]),
    ),
    "sensitivity": (plots.sensitivity, synthetic.indices(2)),
    "morris": (plots.morris, synthetic.effects(2)),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_missing_column_is_named(name: str) -> None:
    draws, table = TABLES[name]
    for column in table.columns:
        with pytest.raises(ValueError, match=rf"missing: {column}$"):
            draws(table.drop(columns=column))


@pytest.mark.parametrize("name", [name for name in TABLES if name != "acts"])
def test_a_table_without_rows_is_refused(name: str) -> None:
    draws, table = TABLES[name]
    with pytest.raises(ValueError, match="at least one row"):
        draws(table.iloc[:0])


@pytest.mark.parametrize(
    ("draws", "problem"),
    [
        (lambda: plots.arm_curves(synthetic.arms(7), {f"arm{i}": "" for i in range(7)}), "1 to 6 arms"),
        (lambda: plots.arm_curves(synthetic.arms(1), {"arm9": ""}), 'for the arm "arm9"'),
        (lambda: plots.arm_curves(pd.concat([synthetic.arms(1)] * 2), {"arm0": ""}), "two have arm arm0"),
        (lambda: plots.twins({}), 'missing: "twins"'),
        (
            lambda: plots.twins(
                {**synthetic.twin_tables(), "twins": synthetic.twin_tables()["twins"].iloc[1:]}
            ),
            'all four cells; missing: "miscalculated"',
        ),
        (
            lambda: plots.attribution(synthetic.attributions(("odd",))),
            'no suspicion "odd"; allowed: low, zero',
        ),
        (lambda: plots.split(split_table().assign(end="standoff")), "one of the ends war, exit, settlement"),
        (lambda: plots.split(split_table().iloc[1:]), 'all parts of war; missing: "structural"'),
        (lambda: plots.split(pd.concat([split_table()] * 2)), "two have end war, part structural"),
        (lambda: plots.routes(routes_table().assign(route="luck")), 'no route "luck"; allowed: acts'),
        (
            lambda: plots.routes(routes_table().query("route != 'total'")),
            'the total of war; missing: "total"',
        ),
        (lambda: plots.levers(synthetic.lever_table(2).assign(quantity="peace")), 'no quantity "peace"'),
        (lambda: plots.whatif(synthetic.whatifs(3).assign(sent=False)), "one signal that was sent"),
        (lambda: plots.whatif(synthetic.whatifs(3).assign(value=0.1)), "changes nothing"),
        (lambda: plots.sweep_line(synthetic.swept([1]), "x", "exit"), 'no quantity "exit"'),
        (lambda: plots.sweep_line(synthetic.swept([1, 1]), "x", "war"), "two have x 1"),
        (lambda: plots.morris(synthetic.effects(2), "exit"), 'no quantity "exit"'),
        (lambda: plots.morris(synthetic.effects(2).assign(sigma=-1.0)), "cannot be negative"),
        (lambda: plots.regret(synthetic.regrets({"raid": 1}).assign(low_edge=2)), "high_edge above low_edge"),
        (
            lambda: plots.regret(synthetic.regrets({"raid": 1}).assign(low_edge=-9.0)),
            "between -1 and 1",
        ),
    ],
)
def test_a_table_that_cannot_be_drawn_is_refused_in_plain_words(draws: Draws, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        draws()


def test_differences_are_written_in_points_with_as_many_decimals_as_their_intervals_bear() -> None:
    table = pd.DataFrame({"low": [0.027, -0.2], "high": [0.035, 0.2], "value": [0.031, 0]})
    # 0.8 points wide bears one decimal, 40 points none; the finer of the two gets one.
    assert places(table.iloc[:1]) == 1
    assert places(table.iloc[1:]) == 0
    assert places(table) == 1
    assert signed(0.031, 1) == "+3.1"
    assert between(0.027, 0.035, 1) == "(2.7 to 3.5)"
    assert signed(-0.031, 0) == "−3"
    assert signed(-0.0001, 1) == "0.0"
    assert [tick(share) for share in (-0.005, 0, 0.1)] == ["−0.5", "0", "+10"]


def test_a_forest_says_each_difference_and_shows_hollow_what_cannot_be_told_from_0() -> None:
    table = pd.DataFrame(
        {
            "label": ["opaque talks", "no call"],
            "group": "",
            "value": [0.031, 0.001],
            "low": [0.027, -0.003],
            "high": [0.035, 0.005],
            "n": 10_000,
            "distinguishable": [True, False],
        }
    )
    figure = plots.forest(table, "What each arm changes", about="The standoff")
    for words in ("opaque talks", "+3.1", "(2.7 to 3.5)", "(−0.3 to 0.5)", "n = 10,000 runs", "The standoff"):
        assert words in said(figure)
    faces = [line.get_markerfacecolor() for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert faces[0] != "white"
    assert faces[1] == "white"


def test_areas_of_the_four_cells_are_their_shares() -> None:
    # 9.8, 10.7 and 3.6 of 100 pairs; the whole square of a quarter would be all of them.
    figure = plots.twins(synthetic.twin_tables(), {"coercer": "Washington"})
    squares = [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle)]
    areas = sorted(square.get_width() * square.get_height() for square in squares)
    assert areas == pytest.approx([0.036, 0.098, 0.107, 0.759])
    for words in ("9.8 % (9.2 to 10.4)", "Washington alone", "between 6.2 and 20.5 %", "never: 9 % of pairs"):
        assert words in said(figure)


def stairs(axes: Axes) -> list[tuple[float, float]]:
    """Where each bar of a staircase begins and ends, from the top."""
    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    return [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in bars]


def test_each_step_begins_where_the_one_before_ends_and_the_last_is_their_sum() -> None:
    figure = plots.split(split_table())
    war, exits, settlements = (stairs(axes) for axes in figure.axes)
    assert np.array(war) == pytest.approx(np.array([(0, 0.127), (0.127, 0.125), (0.125, 0.256), (0, 0.256)]))
    assert np.array(exits) == pytest.approx(
        np.array([(0, 0.119), (0.119, 0.086), (0.086, 0.067), (0, 0.067)])
    )
    assert settlements[2] == pytest.approx((0.228, 0.179))


def test_the_interval_of_a_step_is_that_of_its_paired_difference() -> None:
    table = split_table()
    whiskers = [line for line in plots.split(table).axes[0].lines if line.get_linewidth() == 1.2]
    row = table[(table["end"] == "war") & (table["part"] == "misperception")].iloc[0]
    assert len(whiskers) == 4
    assert list(cast(Any, whiskers[2].get_xdata())) == pytest.approx(
        [0.125 + row["low"], 0.125 + row["high"]]
    )


def test_the_title_of_a_split_says_what_its_table_says() -> None:
    text = said(plots.split(split_table(), about="The standoff", days=90, seed=7))
    for words in (
        "Misperception adds 13.1 points of war: 12.7 % of runs in clear sight, 25.6 % as it is",
        "Exit: private information takes off 3.3 points; misperception takes off 1.9 points",
        "Settlement: private information adds 7.1 points; misperception takes off 4.9 points",
        "n = 10,000 runs, horizon 90 days, seed 7; conditional on the assumptions in the scenario.",
        "The standoff",
    ):
        assert words in text
    turned = said(plots.split(split_table({"war": (2560, 1250, 1270)})))
    assert "Private information takes off 13.1 points of war: 25.6 % of runs in clear sight, 12.7 %" in turned
    nothing = said(plots.split(split_table({"war": (10, 10, 10)}, 100)))
    assert "What either part changes of war cannot be told from 0: 10 % of runs in clear sight" in nothing


def test_a_part_that_cannot_be_told_from_0_is_pale_and_said_to_be() -> None:
    table = split_table()
    unclear = (table["end"] == "war") & (table["part"] == "private")
    figure = plots.split(
        table.assign(low=table["low"].mask(unclear, -0.01), high=table["high"].mask(unclear, 0.01))
    )
    alphas = [patch.get_alpha() for patch in figure.axes[0].patches]
    assert alphas == [1, 0.35, 1, 1]
    assert "War: misperception adds 13.1 points; private information not distinguishable" in said(figure)


def test_dots_of_routes_stand_at_their_values_and_the_title_sums_both_sides() -> None:
    table = routes_table()
    figure = plots.routes(table, {"coercer": "Washington", "target": "Caracas"}, days=90, seed=7)
    marks = [line for line in figure.axes[0].lines if line.get_marker() in ("o", "D")]
    at = {cast(Any, mark.get_ydata())[0]: cast(Any, mark.get_xdata())[0] for mark in marks}
    assert [at[height] for height in sorted(at)] == pytest.approx(
        table.loc[table["game"] == "war", "value"].tolist()
    )
    by_height = sorted(marks, key=lambda mark: cast(Any, mark.get_ydata())[0])
    assert [mark.get_marker() for mark in by_height] == ["o"] * 6 + ["D"]
    colours = [mark.get_color() for mark in by_height[:4]]
    assert colours[0] == colours[2] != colours[1] == colours[3], "a colour for each side"
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()][:2] == [
        "misread acts: Washington",
        "misread acts: Caracas",
    ]
    assert "Misread acts on both sides: +7.5 points of war; all routes together: +10.4" in said(figure)
    assert "n = 10,000 runs, horizon 90 days, seed 7; conditional on" in said(figure)
    assert "No route of either side changes war" in said(plots.routes(routes_table(0)))


@pytest.mark.parametrize("name", ["split", "routes"])
def test_all_text_can_be_read_on_a_page(name: str) -> None:
    figure = drawn(name)
    shrunk = min(1, PAGE / figure.get_figwidth())
    assert (
        min(cast(Any, text).get_fontsize() for text in written(figure) if text.get_text().strip()) * shrunk
        >= 7
    )


def test_bars_of_channels_add_up_to_the_mark_of_their_total() -> None:
    table = synthetic.attributions(("as is",), ("war",), total=False)
    figure = plots.attribution(table)
    (diamond,) = (line for line in figure.axes[0].lines if line.get_marker() == "D")
    bars = [patch.get_width() for patch in figure.axes[0].patches if isinstance(patch, Rectangle)]
    assert (
        cast(Any, diamond.get_xdata())[0] == pytest.approx(sum(bars)) == pytest.approx(table["value"].sum())
    )
    assert bars == sorted(bars, reverse=True)
    assert "opaque talks" in said(figure)


def test_the_signal_that_was_sent_is_marked_and_others_come_by_what_they_do_to_war() -> None:
    table = synthetic.whatifs(5)
    figure = plots.whatif(table)
    war = table[table["quantity"] == "war"].sort_values("value", ascending=False, kind="stable")
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert labels == [
        f"{label} (sent)" if sent else label for label, sent in zip(war["label"], war["sent"], strict=True)
    ]


def test_a_tornado_shows_the_25_largest_and_names_the_dead() -> None:
    table = synthetic.lever_table(40, dead=3)
    figure = plots.levers(table)
    size = table[table["quantity"] == "war"].assign(size=lambda t: t["value"].abs())
    largest = size.groupby("label")["size"].max().sort_values(ascending=False).index[:25]
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == list(largest)
    dead = list(dict.fromkeys(table["label"]))[-3:]
    assert f"Dead, not a single run changes: {', '.join(dead)}." in said(figure)
    assert "25 largest of 37" in said(figure)


def test_the_median_of_bins_is_found_within_its_bin() -> None:
    # 1 below 0 and 3 above, spread evenly: the second of four lies a third of the way into [0, 1).
    found = binned_median(np.array([-1.0, 0.0]), np.array([0.0, 1.0]), np.array([1.0, 3.0]))
    assert found == pytest.approx(1 / 3)


def test_what_moved_the_risk_most_is_named_at_its_day_with_turning_points() -> None:
    acts = pd.DataFrame(
        {"day": range(10), "label": [f"act {i}" for i in range(10)], "jump": np.arange(10) / -100}
    )
    text = said(plots.risk(RISKS, acts, no_return=48, end=(59, "invasion")))
    assert "day 9: act 9 −9.0 points" in text
    assert "act 1 " not in text, "the eight largest alone"
    assert "day 48: point of no return" in text
    assert "day 59: end: invasion" in text


def test_days_without_a_window_leave_a_gap() -> None:
    figure = plots.windows(synthetic.windows_table([0, 3, 12]))  # every third day, and two are missing
    line = figure.axes[0].lines[0]
    assert list(np.isfinite(cast(Any, line.get_ydata()))) == [True, True, False, True]


def test_a_heat_map_prints_its_values_up_to_12_by_12() -> None:
    few = plots.sweep_heat(synthetic.swept([1, 2], [1, 2], -0.6), "x", "y", "war", True)
    many = plots.sweep_heat(synthetic.swept(list(range(13)), [1]), "x", "y", "war")
    assert {text.get_text() for text in few.axes[0].texts} == {"−60", "−59", "−55", "−50"}
    assert not many.axes[0].texts


def test_sensitivity_says_how_much_was_luck_and_puts_the_largest_total_first() -> None:
    table = synthetic.indices(6)
    figure = plots.sensitivity(table, {"war": 0.31})
    assert "31 % for war of the variance" in said(figure)
    war = table[table["quantity"] == "war"].sort_values("total", ascending=False)
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == list(war["label"])


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("twins", "twins"),
        ("twins", "split"),
        ("twins", "regret"),
        ("attribution", "attribution"),
        ("attribution", "routes"),
        ("arms", "arms"),
        ("arms", "differences"),
    ],
)
def test_figures_of_parts_are_drawn_by_name_and_say_what_was_run(part: str, name: str) -> None:
    tables = {
        **synthetic.twin_tables(),
        "split": split_table(),
        "routes": routes_table(),
        "regret": synthetic.regrets({"raid": 30}),
        "attribution": synthetic.attributions(("as is",)),
        "arm_curves": synthetic.arms(7),
        "differences": synthetic.differences(2).assign(share=[True, False]),
    }
    question = parts.part(part, plan(synthetic.standoff(), 20, 90, None))
    figure = question.figures(tables)[name]()
    assert f"{synthetic.standoff().title} · 20 runs of 90 days" in said(figure)
    assert ("The first 6 of 7 arms" in said(figure)) == (name == "arms")
    assert "a full readout" not in said(figure), "that row is no share of runs"
