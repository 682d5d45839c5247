"""Who signals what, and when: a strip for each signal of each principal and of the third parties together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import matplotlib
import numpy as np
from matplotlib.axes import Axes

from sim.figures.lettering import room
from sim.figures.style import FAINT, INK, Sheet, day_axis, entitled, percent, ran, sheet, short, styled
from sim.reports.words import average
from sim.results.study import StudyData, ended
from sim.schema.outcomes import END_NAMES as ENDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.scenario.scenario import Scenario


ROW = 0.165  # height of a strip, in inches
GAP = 0.4  # between the actors' panels, in inches
MOST_BINS = 120  # strips of a longer horizon show several days as one

SCALES = {
    1: "Oranges",
    0: "Greys",
    -1: "Blues",
}  # ColorBrewer's: each darkens evenly, so that grey keeps the order

MEANING = {1: "hostile", 0: "quiet", -1: "conciliatory"}


@dataclass(frozen=True)
class Strips:
    """The signals of one actor or group: names from most hostile, how many a run, and shares by bin of days.

    ``shares``: (signals, bins) float64 in 0..1, NaN where no run is still going.
    """

    title: str
    signals: tuple[str, ...]
    shares: NDArray[np.float64]
    a_run: NDArray[np.float64]


@styled
def signals(study: StudyData, axes: Axes | Sequence[Axes] | None = None) -> Axes:
    """Draw the share of runs still going in which each signal is sent, by day; returns the coercer's axes.

    Into ``axes``: one for the coercer, one more for the target, for the third parties together, and for the
    table of third parties, as many as are given; else into a figure of its own.
    """
    groups = [group for group in _groups(study) if group.signals]
    darkest = _darkest(study, groups)
    third = study.scenario.third_parties
    if axes is None:
        heights = [ROW * len(group.signals) for group in groups] + ([ROW * len(third)] if third else [])
        notes = (
            ran(study),
            "Rows run from most hostile (top) to most conciliatory. Colour: share of runs still going in "
            "which the signal is sent that day; darker is more, rare ones brought out (square root). "
            "Right: times sent in a run, on average over all runs. Third parties together: colour for the "
            "average one of them, number for their sum.",
        )
        shown = [short(study.scenario.label(name), 26) for group in groups for name in group.signals]
        margins = (room([*shown, *(short(study.scenario.label(actor), 26) for actor in third)], 7.5), 0.7)
        gaps = [GAP] * (len(groups) - 1) + [GAP + 0.6]
        figure, axes = sheet(
            loudest(study),
            entitled(study.scenario, study.name),
            notes,
            heights,
            margins=margins,
            gaps=gaps,
            under=1.25 if third else 0.65,
        )
        _scales(figure, axes[0], darkest)
    panels = [axes] if isinstance(axes, Axes) else list(axes)
    for panel, group in zip(panels, groups, strict=False):
        _draw(study, panel, group, darkest)
    for panel in panels[: min(len(panels), len(groups)) - 1]:
        panel.tick_params(labelbottom=False)
        panel.set_xlabel("")
    if third and len(panels) > len(groups):
        _table(study, panels[len(groups)], groups[-1].signals)
    return panels[0]


def loudest(study: StudyData) -> str:
    """The headline: the act, other than holding, that each principal sends most often, and how often in a run."""
    scenario, told = study.scenario, []
    for actor in (scenario.coercer, scenario.target):
        here = study.signals[study.signals["actor"] == actor]
        acts = np.array([_sign(scenario, name) != 0 for name in here["signal"]], dtype=bool)
        sums = here[acts].groupby("signal")["count"].sum()
        if len(sums):
            name = str(sums.idxmax())
            told.append(
                f"{short(scenario.label(actor))}: {scenario.label(name)} {average(float(sums.max()) / study.runs)}"
            )
    return f"What each sends most, times a run. {', '.join(told)}" if told else "Nobody sends anything"


def _darkest(study: StudyData, groups: Sequence[Strips]) -> dict[int, float]:
    """The share with the darkest colour, by sign: one for all but hold, which is far more frequent."""
    most = {1: 0.0, 0: 0.0}
    for group in groups:
        for name, shares in zip(group.signals, group.shares, strict=True):
            loud = abs(_sign(study.scenario, name))
            most[loud] = max(most[loud], float(np.nanmax(shares)))
    return {1: most[1] or 1.0, 0: most[0] or 1.0, -1: most[1] or 1.0}


def acting(study: StudyData) -> NDArray[np.int64]:
    """Runs that play each day: those not ended on an earlier day, so that the act that ends a run counts."""
    gone = ended(study, ENDS)
    return np.asarray(study.runs - np.concatenate([[0], gone[:-1]]), dtype=np.int64)


def _groups(study: StudyData) -> list[Strips]:
    scenario = study.scenario
    third = scenario.third_parties
    return [
        _strips(study, scenario.label(scenario.coercer), (scenario.coercer,)),
        _strips(study, scenario.label(scenario.target), (scenario.target,)),
        _strips(study, f"Third parties together ({len(third)})", third),
    ]


def _strips(study: StudyData, title: str, actors: tuple[str, ...]) -> Strips:
    scenario = study.scenario
    table = study.signals[study.signals["actor"].isin(actors)]
    sent = set(table["signal"])
    for actor in actors:
        sent |= {*scenario.repertoire(actor), *scenario.repertoire(actor, decisive=True)}
    names = tuple(name for name in reversed(scenario.ladder) if name in sent)
    counts = np.zeros((len(names), study.days), dtype=np.int64)
    row = {name: i for i, name in enumerate(names)}
    for signal, day, count in zip(table["signal"], table["day"], table["count"], strict=True):
        counts[row[signal], day] += count
    width = -(-study.days // MOST_BINS)
    starts = np.arange(0, study.days, width)
    chances = np.add.reduceat(acting(study), starts) * max(1, len(actors))
    shares = np.where(chances > 0, np.add.reduceat(counts, starts, axis=1) / np.maximum(1, chances), np.nan)
    return Strips(title, names, shares, counts.sum(axis=1) / study.runs)


def _sign(scenario: Scenario, signal: str) -> int:
    if scenario.signals[signal].class_ == "quiet":
        return 0
    return 1 if scenario.signals[signal].hostility >= 0 else -1


def _shade(sign: int, shares: NDArray[np.float64], darkest: float) -> NDArray[np.float64]:
    """Colours of shares: red, green and blue in a new last axis; NaN is white.

    The square root brings out what is rare.
    """
    scale = matplotlib.colormaps[SCALES[sign]].with_extremes(bad="white")
    return np.asarray(scale(np.ma.masked_invalid(0.9 * np.sqrt(np.minimum(1, shares / darkest)))))[..., :3]


def _draw(study: StudyData, axes: Axes, group: Strips, darkest: dict[int, float]) -> None:
    scenario, rows = study.scenario, len(group.signals)
    signs = [_sign(scenario, name) for name in group.signals]
    colours = [_shade(sign, shares, darkest[sign]) for sign, shares in zip(signs, group.shares, strict=True)]
    axes.imshow(
        np.stack(colours),
        extent=(0, study.days, rows, 0),
        aspect="auto",
        interpolation="nearest",
        origin="upper",
    )
    axes.hlines(range(1, rows), 0, study.days, color="white", linewidth=1)
    middle = np.arange(rows) + 0.5
    axes.set_yticks(middle, [short(scenario.label(name), 26) for name in group.signals])
    axes.tick_params(axis="y", length=0, labelsize=7.5)
    for at, number in zip(middle, group.a_run, strict=True):
        axes.text(
            1.015, at, average(float(number)), transform=axes.get_yaxis_transform(), va="center", fontsize=7.5
        )
    axes.text(1.015, 1.0, "a run", transform=axes.transAxes, va="bottom", fontsize=7, color=FAINT)
    day_axis(axes, study.days, scenario.start)
    axes.spines[:].set_visible(False)
    axes.set_title(short(group.title, 32))


def _table(study: StudyData, axes: Axes, names: Sequence[str]) -> None:
    """How often each third party sends each signal in a run, on average."""
    scenario, third = study.scenario, study.scenario.third_parties
    sums = study.signals.groupby(["actor", "signal"])["count"].sum()
    a_run = np.array([[sums.get((actor, name), 0) / study.runs for name in names] for actor in third])
    loud = [name for name in names if _sign(scenario, name)]
    most = max((a_run[:, names.index(name)].max() for name in loud), default=0) or 1.0
    colours = [
        _shade(_sign(scenario, name), np.minimum(a_run[:, i], most), 3 * most) for i, name in enumerate(names)
    ]
    axes.imshow(
        np.stack(colours, axis=1),
        extent=(0, len(names), len(third), 0),
        aspect="auto",
        interpolation="nearest",
    )
    for (row, column), number in np.ndenumerate(a_run):
        axes.text(
            column + 0.5, row + 0.5, average(float(number)), ha="center", va="center", fontsize=7, color=INK
        )
    axes.set_xticks(np.arange(len(names)) + 0.5, [short(scenario.label(name), 16) for name in names])
    for name in axes.get_xticklabels():
        name.set_rotation(90)
    axes.tick_params(length=0, labelsize=7.5)
    axes.set_yticks(np.arange(len(third)) + 0.5, [short(scenario.label(actor), 26) for actor in third])
    axes.spines[:].set_visible(False)
    axes.set_title("Each third party: times sent in a run")


def _scales(figure: Sheet, axes: Axes, darkest: dict[int, float]) -> None:
    """Three small scales to the right of the first panel's title: what a colour says."""
    wide, tall = figure.get_size_inches()
    right, over = axes.get_position().x1, axes.get_position().y1 + 0.17 / tall
    for place, sign in enumerate((1, -1, 0)):
        scale = figure.add_axes((right - (2.65 - 0.98 * place) / wide, over, 0.6 / wide, 0.09 / tall))
        scale.imshow(_shade(sign, np.linspace(0, 1, 32), 1)[None], aspect="auto", extent=(0, 1, 0, 1))
        scale.set_axis_off()
        scale.set_title(MEANING[sign], fontsize=7, weight="normal", pad=2)
        scale.text(0, -0.4, "0", fontsize=7, va="top", ha="center")
        scale.text(1, -0.4, percent(darkest[sign]), fontsize=7, va="top", ha="center")
