"""How far each principal misjudges the other, by day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.figures.style import BANDS, FAINT, INK, MEDIAN, day_axis, entitled, ran, sheet, short, styled
from sim.reports.words import plural
from sim.results.study import by_day

if TYPE_CHECKING:
    from sim.results.study import StudyData


LEAST_REACH = 0.1  # of the axis on each side of zero, so that a small error looks small


@styled
def beliefs(study: StudyData, axes: Axes | Sequence[Axes] | None = None) -> Axes:
    """Draw belief minus truth by day, the coercer's and the target's; returns the coercer's axes.

    Into ``axes``: one for the coercer alone, or two for both; else into a figure of its own.
    """
    if axes is None:
        notes = (
            ran(study),
            "Belief about the rival's resolve less its true resolve, at the end of the day. Bands: the "
            "middle 30, 60 and 90 of 100 runs still going. Runs that have ended are left out, and they are "
            "not a random part.",
        )
        _, axes = sheet(
            misjudged(study),
            entitled(study.scenario, study.name),
            notes,
            (2.9,),
            columns=2,
            margins=(0.75, 0.2),
            over=0.75,
        )
    panels = [axes] if isinstance(axes, Axes) else list(axes)
    scenario = study.scenario
    pairs = (("coercer", scenario.coercer, scenario.target), ("target", scenario.target, scenario.coercer))
    low, high = _reach(study)
    for panel, (role, own, rival) in zip(panels, pairs, strict=False):
        _error(study, panel, role, scenario.label(own), scenario.label(rival))
        panel.set_ylim(low, high)
    panels[0].set_ylabel("belief minus truth [resolve, 0 to 1]")
    if len(panels) > 1:
        panels[1].tick_params(labelleft=False)
        _legend(panels[1])
    return panels[0]


def misjudged(study: StudyData) -> str:
    """The headline: how far each side's belief is off on the last day, on average."""
    scenario, told = study.scenario, []
    for role, own, rival in (
        ("coercer", scenario.coercer, scenario.target),
        ("target", scenario.target, scenario.coercer),
    ):
        mean = by_day(study, f"belief_error.{role}", "mean")
        known = mean[np.isfinite(mean)]
        if len(known):
            off = f"{abs(known[-1]):.2f} too {'resolved' if known[-1] > 0 else 'weak'}"
            told.append(f"{short(scenario.label(own), 20)} thinks {short(scenario.label(rival), 20)} {off}")
    return "; ".join(told) or "Nobody is left to misjudge"


def _reach(study: StudyData) -> tuple[float, float]:
    """Ends of the vertical axis: all bands of both principals, with room for text above and below."""
    wanted = study.curves["statistic"].isin(["q05", "q95", "mean"])
    errors = study.curves["value"][wanted & study.curves["quantity"].str.startswith("belief_error.")]
    low, high = min([-LEAST_REACH, *errors]), max([LEAST_REACH, *errors])
    room = 0.14 * (high - low)
    return low - room, high + room


def _error(study: StudyData, axes: Axes, role: str, own: str, rival: str) -> None:
    quantity = f"belief_error.{role}"
    elapsed, lines = (
        np.arange(1, study.days + 1),
        {q: by_day(study, quantity, q) for q in ("mean", *_quantiles())},
    )
    if study.days == 1:  # a line needs two ends
        elapsed, lines = np.arange(2), {q: np.repeat(values, 2) for q, values in lines.items()}
    for low, high, colour in BANDS:
        axes.fill_between(elapsed, lines[low], lines[high], color=colour, linewidth=0)
    axes.plot(elapsed, lines["mean"], color=MEDIAN, linewidth=2)
    axes.axhline(0, color=INK, linewidth=1, linestyle=(0, (4, 2)))
    day_axis(axes, study.days, study.scenario.start)
    going = study.curves[(study.curves["quantity"] == quantity) & (study.curves["statistic"] == "mean")]
    left = int(going["n"].iloc[-1]) if len(going) and going["day"].iloc[-1] == study.days - 1 else 0
    axes.set_title(f"{short(own, 20)} about {short(rival, 20)}")
    write: dict[str, Any] = {"transform": axes.transAxes, "ha": "left", "fontsize": 7.5, "color": FAINT}
    axes.text(0.02, 0.98, f"↑ thinks {short(rival)} more resolved than it is", va="top", **write)
    axes.text(
        0.02,
        0.02,
        f"↓ less resolved  ({plural(left, 'run')} still going on the last day)",
        va="bottom",
        **write,
    )


def _quantiles() -> list[str]:
    return [q for low, high, _ in BANDS for q in (low, high)]


def _legend(axes: Axes) -> None:
    axes.legend(
        handles=[
            *(
                Patch(color=c, label=f"{n} %")
                for (_, _, c), n in zip(reversed(BANDS), (30, 60, 90), strict=True)
            ),
            Line2D([], [], color=MEDIAN, linewidth=2, label="mean"),
            Line2D([], [], color=INK, linewidth=1, linestyle=(0, (4, 2)), label="seeing truly"),
        ],
        loc="lower right",
        bbox_to_anchor=(1, 1.08),
        ncols=5,
        handlelength=1.6,
        columnspacing=1.1,
        borderaxespad=0.2,
    )
